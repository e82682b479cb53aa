"""Central's register and report of the whole country, in its folder and on PostgreSQL.

Processor time of this process; what the server takes is beside it in the time that somebody waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from benchmarks.cluster import NoPostgresError, cluster
from benchmarks.national import National, fill_database, fill_vault
from benchmarks.row import Bench
from benchmarks.vaults import PASSPHRASE
from fieldkit.cli.central.wordings import across_lines, worded_lines
from fieldkit.followup.collected.wordings import wordings
from fieldkit.followup.register import Wanted, register
from storage.central.postgres.database import Database
from storage.central.postgres.standing import keep_up, standing_copy
from storage.central.store import ReadableStore
from storage.vault.unlock import create_vault

WHOLE = National()
SMALL = National(forces=3, years=2, recommendations=2, practices=3, ops=300)
MOST = 2.0
"""Seconds that somebody waits for the register and the report of the whole country."""


@dataclass(frozen=True)
class Reported:
    """Holds what one step took of the processor, in seconds, and how many ops central held."""

    what: str
    ops: int
    taken: float

    @property
    def is_within(self) -> bool:
        """Say whether nobody waits too long."""
        return self.taken <= MOST


def measure_reports(bench: Bench) -> list[Reported]:
    """Measure the register and the report with a tenth of the ops and with all of them."""
    whole = SMALL if bench.quick else WHOLE
    sizes = (replace(whole, ops=whole.ops // 10 if not bench.quick else 200), whole)
    return [one for size in sizes for one in (*_in_folder(bench, size), *_on_postgres(size))]


def _in_folder(bench: Bench, size: National) -> Iterator[Reported]:
    folder = bench.place(f"country/{size.ops}") / "vault"
    vault, _ = create_vault(folder, PASSPHRASE, "central", params=bench.params)
    with vault:
        fill_vault(vault, size)

        @contextmanager
        def opened() -> Iterator[ReadableStore]:
            yield vault

        yield from _steps("in a folder", size, opened)
        then = partial(vault.read_now, register, Wanted(then="2022-01-01"))
        yield _timed("register with an earlier day's status, in a folder", size, then)


def _on_postgres(size: National) -> Iterator[Reported]:
    try:
        with cluster() as server:
            database = Database(server.url())
            database.make("country")
            fill_database(database, size)
            # As the end of an ingest does; what follows finds it kept.
            database.write_now(keep_up)
            yield from _steps("on PostgreSQL", size, partial(standing_copy, database))
    except NoPostgresError:
        return


def _steps(
    where: str, size: National, opened: Callable[[], AbstractContextManager[ReadableStore]]
) -> Iterator[Reported]:
    def listed() -> None:
        with opened() as store:
            store.read_now(register)

    def reported() -> None:
        with opened() as store:
            every = store.read_now(wordings)
        "\n".join((*(line for one in every for line in worded_lines(one)), *across_lines(every)))

    for what, job in (("register", listed), ("wordings of the report", reported)):
        yield _timed(f"{what}, {where}", size, job)


def _timed(what: str, size: National, job: Callable[[], object]) -> Reported:
    job()
    began = time.process_time()
    job()
    return Reported(what, size.ops, time.process_time() - began)
