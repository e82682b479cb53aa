"""Central on PostgreSQL: bundles taken in, against a COPY of every row that is written."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.cluster import Cluster, NoPostgresError, cluster
from benchmarks.copies import copied
from benchmarks.row import Bench, Measured, NotMeasuredError, Row
from benchmarks.vaults import PASSPHRASE
from storage.bundle.manifest import Segment
from storage.bundle.stream import Line
from storage.bundle.verify import Checked, Each, Trust, verify
from storage.central import Central
from storage.central.postgres import apply
from storage.central.postgres.database import Database
from storage.exchange.export import export
from storage.ops.op import Op
from storage.progress import Progress, silent

TABLES = ("op", "feed", "signed_head", "bundle_seen")
"""The tables that an ingest writes, in full."""


def measure(bench: Bench) -> Measured:
    """Take a whole vault in, and copy the same rows into the same tables in one transaction."""
    place = bench.place("ingest")
    stick = bench.place("ingest/stick")
    with copied(bench.made, place / "ours").open() as vault:
        path = export(vault, stick, full=True).path
    shutil.copytree(bench.team.central, place / "central")
    try:
        with cluster(durable=True) as server:
            return _measured(server, place, path, bench.turns(3))
    except NoPostgresError as error:
        raise NotMeasuredError(str(error)) from None


def _measured(server: Cluster, place: Path, path: Path, turns: int) -> Measured:
    ours: list[float] = []
    against: list[float] = []
    verifying: list[float] = []
    for turn in range(turns + 1):
        urls = server.url(), server.url()
        for url in urls:
            Central.upgrade(place / "central", PASSPHRASE, url)
        with Central.open(place / "central", PASSPHRASE, url=urls[0]) as central:
            watch = _Watch()
            began = time.perf_counter()
            with patch.object(apply, "verify", watch.verify):
                (one,) = central.ingest([path]).files
            taken = time.perf_counter() - began
        assert one.outcome == "taken", one.reason
        rows = {table: list(_rows(Database(urls[0]), table)) for table in TABLES}
        copied_in = _copy(Database(urls[1]), rows)
        if turn:
            verifying.append(watch.verifying)
            ours.append(taken - watch.verifying)
            against.append(copied_in)
    middle = sorted(verifying)[len(verifying) // 2]
    note = f"verification apart: {middle:.2f} s for {one.ops:,} ops"
    return Measured(ours, against, note=note)


class _Watch:
    """Measures verifying alone, which goes on in one walk with laying aside."""

    def __init__(self) -> None:
        self.verifying = 0.0

    def verify(
        self, path: Path, trust: Trust, progress: Progress = silent, each: Each | None = None
    ) -> Checked:
        laying = 0.0

        def timed(segment: Segment, line: Line, op: Op | None) -> None:
            nonlocal laying
            began = time.perf_counter()
            if each is not None:
                each(segment, line, op)
            laying += time.perf_counter() - began

        began = time.perf_counter()
        checked = verify(path, trust, progress, timed)
        self.verifying += time.perf_counter() - began - laying
        return checked


def _rows(database: Database, table: str) -> Iterator[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        yield from map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{table}"'))


def _copy(database: Database, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Return the seconds of a COPY of everything, durable at the end."""
    with database.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        began = time.perf_counter()
        with raw.cursor() as cursor:
            for table, several in rows.items():
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    for row in several:
                        copy.write_row(row)
        raw.commit()
        return time.perf_counter() - began


ROW = Row("ingest", "ingest of 50,000 ops into PostgreSQL", "COPY of every row", 1.25, measure)
