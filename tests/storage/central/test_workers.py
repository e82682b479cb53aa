"""Several processes at one folder, killed at any moment: every op is there once, receipts right.

``FIELDKIT_TORTURE=1``: forty laptops, a million ops, four workers. ``FIELDKIT_OPS`` is another
number of ops for each laptop.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.cluster import Cluster
from storage.central import Central
from storage.central.postgres.database import Database
from storage.trust.receipt import read_receipt
from tests.storage.central.crowd import Laptop, crowd, evenings
from tests.storage.travelling import PASSPHRASE, Team

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
LAPTOPS, WORKERS, KILLS = (40, 4, 12) if TORTURE else (2, 2, 1)
OPS = int(os.environ.get("FIELDKIT_OPS", "25000")) if TORTURE else 120
EVENINGS = 10 if TORTURE else 4
PATIENCE = 3600 if TORTURE else 480


class Ingesting:
    """``fieldkit central ingest`` as a process group of its own."""

    def __init__(self, url: str, keys: Path, stick: Path, workers: int) -> None:
        secret = keys.parent / "passphrase"
        secret.write_text(PASSPHRASE)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "fieldkit", "--passphrase-file", str(secret)),
                *("central", "--store", url, "--keys", str(keys)),
                *("ingest", str(stick), "--workers", str(workers)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill it and its workers at once; one that has just ended is fine too."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.end()

    def end(self) -> tuple[int, str]:
        said, _ = self._process.communicate(timeout=PATIENCE)
        return self._process.returncode, said.decode()


def seen(database: Database) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM bundle_seen")).scalar_one())


def every_op_once(database: Database, laptops: list[Laptop]) -> None:
    query = (
        "SELECT device, count(*), min(seq), max(seq), "
        "count(*) FILTER (WHERE sha256(bytes) <> digest) FROM op GROUP BY device"
    )
    with database.engine.connect() as connection:
        found = {row[0]: tuple(row[1:]) for row in connection.execute(text(query))}
        heads = {
            row[0]: bytes(row[1])
            for row in connection.execute(text("SELECT device, head FROM feed"))
        }
        waiting = connection.execute(text("SELECT count(*) FROM held_op")).scalar_one()
    assert found == {one.author.device: (one.ops, 1, one.ops, 0) for one in laptops}
    assert heads == {one.author.device: one.head for one in laptops}
    assert waiting == 0


@pytest.mark.skipif(sys.platform == "win32", reason="kills are POSIX signals")
def test_every_op_once_however_often_it_is_killed(
    team: Team, postgres: Cluster, tmp_path: Path
) -> None:
    url, keys, stick = postgres.url(), team.folder / "central", tmp_path / "stick"
    stick.mkdir()
    database = Database(url)
    Central.upgrade(keys, PASSPHRASE, url)
    with Central.open(keys, PASSPHRASE, url=url) as central:
        laptops = crowd(central, team.folder / "root", LAPTOPS, tmp_path)
        roster = central.roster()[1]
    inspections = [f"{number:08}-0000-4000-8000-000000000000" for number in range(4)]
    several = {"evenings": EVENINGS, "ops": OPS // EVENINGS, "inspections": inspections}
    evenings(laptops, roster, stick, **several)  # type: ignore[arg-type]
    total = LAPTOPS * EVENINGS
    for number in range(KILLS):
        # Two processes at once, each with workers, as two computers would be.
        both = [Ingesting(url, keys, stick, WORKERS if n else 1) for n in range(2)]
        goal = seen(database) + max(1, total // (KILLS + 2)) - number % 2
        while seen(database) < goal and any(one.running() for one in both):
            time.sleep(0.02)
        for one in both:
            one.kill()
        receipts_are_right(url, keys, laptops)
    began = time.monotonic()
    left = total - seen(database)
    code, said = Ingesting(url, keys, stick, WORKERS).end()
    assert code == 0, said[-2000:]
    every_op_once(database, laptops)
    receipts_are_right(url, keys, laptops)
    if TORTURE:
        ops = left * (OPS // EVENINGS)
        sys.stderr.write(f"\n{ops:,} ops by {WORKERS} workers in {time.monotonic() - began:.0f} s")
    code, said = Ingesting(url, keys, stick, 1).end()
    assert (code, said.count("known already")) == (0, total)
    every_op_once(database, laptops)


def receipts_are_right(url: str, keys: Path, laptops: list[Laptop]) -> None:
    """What is confirmed is where a laptop's own bundle ended, and its head there."""
    with Central.open(keys, PASSPHRASE, url=url) as central:
        roster = central.roster()[1]
        said = read_receipt(central.receipt(laptops[0].author.device), roster.central.sign_pk)
        stands = central.report().holdings.feeds
    for one in laptops:
        confirmed = said.covers.get(one.feed)
        assert confirmed is None or confirmed in one.ended
        assert stands.get(one.feed, 0) == (confirmed[0] if confirmed else 0)
    assert said.rejected == ()
