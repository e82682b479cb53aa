"""How long a key waits to be durable while something long goes on beside the typing.

No ratio but the promised figures: no job holds the clerk over 200 ms while someone may be
typing, and some are done in so many seconds. A draft is saved every few hundredths of a second, and
the longest wait is told.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from benchmarks.copies import copied
from benchmarks.invented import Inventor
from benchmarks.row import Bench
from benchmarks.vaults import Made
from fieldkit.casework.import_list import read_list, take_list
from fieldkit.selfassessment.import_workbook import read_force_workbook, take_reading
from fieldkit.vault.garbage import Garbage
from storage.exchange.export import export
from storage.exchange.merge import merge
from storage.feed import drafts
from storage.vault.backup.make import back_up
from storage.vault.check import check_vault
from storage.vault.vault import Vault

LIMIT = 0.2
"""Seconds that a key may wait."""
BEAT = 0.03
"""Seconds between two keys of a quick typist."""
COLLEAGUE_OPS, SHEET_ROWS = 5000, 5000
SMALLER = 20
"""How much smaller everything is in a trial run."""
_COLUMNS = "".join(f" {one:>10}" for one in ("takes", "at most", "median key", "worst key"))
HEAD = f"{'while typing':<37}{_COLUMNS}  within?"


@dataclass
class Waits:
    """Holds what a typist met: the seconds of each key, and how long the job beside took."""

    keys: list[float]
    took: float = 0.0


@contextmanager
def typing(vault: Vault) -> Iterator[Waits]:
    """Type until the end of the block."""
    waits, done = Waits([]), threading.Event()

    def type_on() -> None:
        text = ""
        while not done.is_set():
            text = (text + "a")[-2000:]
            began = time.perf_counter()
            vault.write_now(drafts.save, "new-note/latency", "text", "a remark", text)
            waits.keys.append(time.perf_counter() - began)
            done.wait(BEAT)

    typist = threading.Thread(target=type_on)
    typist.start()
    began = time.perf_counter()
    try:
        yield waits
    finally:
        waits.took = time.perf_counter() - began
        done.set()
        typist.join()


@dataclass(frozen=True)
class JobMeasured:
    """Holds what came of a job: its name, the seconds it may take, and the waits beside it."""

    name: str
    most: float | None
    waits: Waits

    @property
    def worst(self) -> float:
        """Return the longest wait of a key, in seconds."""
        return max(self.waits.keys)

    @property
    def is_within(self) -> bool:
        """Say whether no key waited too long, and the job did not take too long."""
        return self.worst <= LIMIT and (self.most is None or self.waits.took <= self.most)


class Laptop:
    """Holds a copy of the large vault of a team's laptop, and what is to come into it."""

    def __init__(self, bench: Bench) -> None:
        self.place = bench.place("latency")
        self.made: Made = copied(bench.made, self.place)
        self.vault = self.made.open()
        self.small = SMALLER if bench.quick else 1
        self._invent = Inventor(8)
        self.bundle = bench.team.bundle(0, COLLEAGUE_OPS // self.small, self.vault)
        self.sheet = self._sheet()
        self.list = self._list()

    def close(self) -> None:
        """Lock it."""
        self.vault.lock()

    def _sheet(self) -> Path:
        """Make a force's workbook."""
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Cases")
        sheet.append(["Reference", "Type", "Date", "Grade", "Rationale"])
        for _ in range(SHEET_ROWS // self.small):
            grade = self._invent.one("Good", "Requires improvement", "Inadequate")
            row = [self._invent.reference(), "Missing", "2026-02-03", grade]
            sheet.append([*row, self._invent.sentence()])
        path = self.place / "force.xlsx"
        book.save(path)
        return path

    def _list(self) -> Path:
        """Make a list of new cases of ours."""
        lines = ["Case,Type,Date of incident,Force ref"]
        lines += [
            f"NEW-{number:05},Missing,2026-02-03,{self._invent.reference()}"
            for number in range(SHEET_ROWS // self.small)
        ]
        path = self.place / "cases.csv"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    # --- the jobs

    def export(self) -> None:
        """Write tonight's bundle, everything in it."""
        stick = self.place / "out"
        stick.mkdir()
        export(self.vault, stick, full=True)

    def backup(self) -> None:
        """Make a verified backup."""
        back_up(self.vault, self.place / "backups")

    def check(self) -> None:
        """Do the whole check."""
        found = check_vault(self.vault)
        assert found.sound, found

    def merge(self) -> None:
        """Merge a colleague's bundle."""
        merge(self.vault, self.bundle)

    def sheet_in(self) -> None:
        """Read and commit the force's workbook."""
        reading = read_force_workbook(self.sheet, "2018")
        take_reading(self.vault, self.made.inspection, reading, accept_exact=True)

    def list_in(self) -> None:
        """Read and commit our own list of cases."""
        reading = read_list(self.list, "2018")
        take_list(self.vault, self.made.inspection, reading)


JOBS: tuple[tuple[str, float | None, Callable[[Laptop], None]], ...] = (
    ("export of everything", None, Laptop.export),
    ("backup", None, Laptop.backup),
    ("check of the whole vault", 5.0, Laptop.check),
    ("merge of 5,000 ops of a colleague", 1.2, Laptop.merge),
    ("import of a workbook of 5,000 rows", 2.0, Laptop.sheet_in),
    ("import of a list of 5,000 cases", 3.0, Laptop.list_in),
)


def measure_jobs(bench: Bench) -> list[JobMeasured]:
    """Measure each job beside the typing, and print it."""
    laptop = Laptop(bench)
    measured = []
    print(HEAD)
    garbage = Garbage()
    garbage.put_off()  # as in the app, in which keys are typed
    try:
        for name, most, job in JOBS:
            with typing(laptop.vault) as waits:
                job(laptop)
            measured.append(JobMeasured(name, most, waits))
            print(job_line(measured[-1]), flush=True)
    finally:
        garbage.as_usual()
        laptop.close()
    return measured


def job_line(job: JobMeasured) -> str:
    """Return what came of a job as it is printed."""
    most = "" if job.most is None else f"{job.most:g} s"
    return (
        f"{job.name:<37} {job.waits.took:>8.1f} s {most:>10} "
        f"{statistics.median(job.waits.keys) * 1000:>7.1f} ms {job.worst * 1000:>7.0f} ms  "
        f"{'yes' if job.is_within else 'NO'}"
    )
