"""How long a key waits to be durable while something long goes on beside the typing.

No ratio but the promised figure: no job holds the clerk over 200 ms while someone may be
typing. A draft is saved every few hundredths of a second, and the longest wait is told.
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
from sqlmodel import Session

from benchmarks.copies import copied
from benchmarks.invented import Inventor
from benchmarks.row import Bench
from benchmarks.vaults import PASSPHRASE, Made
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from storage.central import Central, Root
from storage.crypto.keyslots.kdf import FLOOR
from storage.exchange.enrol import enrol_request, signed_roster, take_roster
from storage.exchange.export import export, export_to
from storage.exchange.merge import merge
from storage.exchange.plan import Receiver, plan
from storage.feed import drafts
from storage.records import Inspection, Note
from storage.vault.backup.make import back_up
from storage.vault.check import check_vault
from storage.vault.unlock import create_vault
from storage.vault.vault import Vault

LIMIT = 0.2
"""Seconds that a key may wait."""
BEAT = 0.03
"""Seconds between two keys of a quick typist."""
COLLEAGUE_OPS, SHEET_ROWS = 5000, 5000
SMALLER = 20
"""How much smaller everything is in a trial run."""
HEAD = f"{'while typing':<37} {'takes':>10} {'median key':>10} {'worst key':>10}  within 200 ms?"


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


class EnrolledCopy:
    """Holds an enrolled copy of the large vault, and what is to come into it."""

    def __init__(self, bench: Bench) -> None:
        self.place = bench.place("latency")
        self.made: Made = copied(bench.made, self.place)
        self.vault = self.made.open()
        self.small = SMALLER if bench.quick else 1
        self.colleague, _ = create_vault(
            self.place / "colleague", PASSPHRASE, "B. Colleague", params=FLOOR
        )
        self._enrol()
        self.bundle = self._bundle()
        self.sheet = self._sheet()

    def close(self) -> None:
        """Lock both."""
        self.vault.lock()
        self.colleague.lock()

    def _enrol(self) -> None:
        root, _ = Root.create(self.place / "root", PASSPHRASE, params=FLOOR)
        central, _ = Central.create(
            self.place / "central", PASSPHRASE, org="Inspectorate", params=FLOOR
        )
        both = {"own": self.vault, "colleague": self.colleague}
        with root, central:
            assert central.proposal is not None
            central.take_roster(root.sign(central.proposal))
            for name, vault in both.items():
                enrol_request(vault, self.place / f"{name}.request")
                central.enrol(self.place / f"{name}.request")
            assert central.proposal is not None
            signed = root.sign(central.proposal)
            central.take_roster(signed)
        (self.place / "roster").write_bytes(signed.encode())
        for vault in both.values():
            take_roster(vault, self.place / "roster", fingerprint_confirmed=True)

    def _bundle(self) -> Path:
        """Make a colleague's two days of notes, for this laptop."""
        invent = Inventor(7)

        def work(s: Session) -> None:
            s.add(Inspection.make(id=self.made.inspection, force="Westshire", methodology="2018"))
            for _ in range(COLLEAGUE_OPS // self.small):
                s.add(
                    Note.make(
                        inspection_id=self.made.inspection,
                        parent_kind="case",
                        parent_id=self.made.case,
                        text=invent.sentence(),
                        by=self.colleague.person.id,
                    )
                )

        self.colleague.write_now(work)
        _, roster = signed_roster(self.colleague)
        device = roster.device(self.vault.identity.device)
        assert device is not None
        receiver = Receiver((device.id,), (device.recipients["pq"],), "own", False, {})
        stick = self.place / "stick"
        stick.mkdir()
        planned = self.colleague.read_now(plan, {}, False)
        return export_to(self.colleague, stick, receiver, planned).path

    def _sheet(self) -> Path:
        """Make a force's workbook."""
        invent, book = Inventor(8), Workbook(write_only=True)
        sheet = book.create_sheet("Cases")
        sheet.append(["Reference", "Type", "Date", "Grade", "Rationale"])
        for _ in range(SHEET_ROWS // self.small):
            grade = invent.one("Good", "Requires improvement", "Inadequate")
            row = [invent.reference(), "Missing", "2026-02-03", grade, invent.sentence()]
            sheet.append(row)
        path = self.place / "force.xlsx"
        book.save(path)
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
        self.vault.write_now(import_reading, self.made.inspection, reading, accept_exact=True)


JOBS: tuple[tuple[str, Callable[[EnrolledCopy], None]], ...] = (
    ("export of everything", EnrolledCopy.export),
    ("backup", EnrolledCopy.backup),
    ("check of the whole vault", EnrolledCopy.check),
    ("merge of 5,000 ops of a colleague", EnrolledCopy.merge),
    ("import of a workbook of 5,000 rows", EnrolledCopy.sheet_in),
)


def measure_jobs(bench: Bench) -> bool:
    """Measure and print each job; say whether no key waited too long in any."""
    enrolled = EnrolledCopy(bench)
    within = True
    print(HEAD)
    try:
        for name, job in JOBS:
            with typing(enrolled.vault) as waits:
                job(enrolled)
            worst = max(waits.keys)
            within = within and worst <= LIMIT
            print(
                f"{name:<37} {waits.took:>8.1f} s {statistics.median(waits.keys) * 1000:>7.1f} ms "
                f"{worst * 1000:>7.0f} ms  {'yes' if worst <= LIMIT else 'NO'}",
                flush=True,
            )
    finally:
        enrolled.close()
    return within
