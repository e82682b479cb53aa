"""Vaults as large as a laptop's after a long inspection, made by the real write path.

The work is spread over two weeks by the clock that ops are stamped with; what was written before
the last day has been exported, as a laptop's would be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlmodel import Session

from benchmarks.invented import Inventor
from fieldkit.casework.reveals import reveal
from fieldkit.methodology import load
from storage.crypto.keyslots.kdf import Argon2Params
from storage.history.history import revisions
from storage.ops.clock import Clock, wall_ms, wall_text
from storage.ops.op import KEY
from storage.records import (
    Case,
    CaseAudit,
    CaseKey,
    Disclosure,
    Document,
    ForceRow,
    ForceRowKey,
    Inspection,
    Interview,
    Judgment,
    Note,
    Observation,
    Point,
    Record,
    Referral,
    Support,
)
from storage.records.case import case_audit_id, case_id, case_key_id
from storage.records.judgment import OVERALL, judgment_id
from storage.records.point import support_id
from storage.records.self_assessment import force_row_id, force_row_key_id
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault

PASSPHRASE = "gravel otter tundra window"
PERSON = "A. Inspector"
DAY_MS = 24 * 3600 * 1000
STEP = 400
"""Records written in one transaction while a vault is made."""
MOST_NOTES = 20_000
"""Notes up to which people met, points and what these rest on grow with them: an inspection ends,
and what is written goes on."""


@dataclass(frozen=True)
class Size:
    """Says how much a vault holds: ops in all, notes and cases, and the days they took.

    Attributes:
        others: inspections before this one, each with as many cases; notes are spread over all.
        entries: people met, places seen and documents of each; where it is 0, as many as go with
            the notes.
        points: points of this one; where it is 0, as many as go with the notes.
    """

    ops: int
    notes: int
    cases: int
    days: int = 12
    others: int = 0
    entries: int = 0
    points: int = 0


FULL = Size(ops=50_000, notes=20_000, cases=400)
SMALL = Size(ops=2_500, notes=1_000, cases=25)


@dataclass(frozen=True)
class Made:
    """Names a vault that was made and locked.

    Attributes:
        folder: where it is.
        inspection: its inspection.
        case: an open case; its overall is not entered.
        entry: an interview with notes.
    """

    folder: Path
    inspection: str
    case: str
    entry: str

    def open(self) -> Vault:
        """Unlock it."""
        return open_vault(self.folder, PASSPHRASE)


def make(folder: Path, size: Size, params: Argon2Params) -> Made:
    """Make a vault of that size; ``params`` is the cost of its passphrase."""
    vault, _ = create_vault(folder, PASSPHRASE, PERSON, params=params)
    with vault:
        return _Work(vault, size).done()


class _Work:
    """Does two weeks of work, written in the order in which it is done."""

    def __init__(self, vault: Vault, size: Size) -> None:
        self.vault, self.size = vault, size
        self.invent = Inventor(20260706)
        self.methodology = load("2018")
        self.inspection = Inspection.make(force="Westshire Constabulary", methodology="2018")
        self.id = self.inspection.id
        self.by = vault.person.id
        self.written = 0
        # The clock of the feed is moved, never the computer's; the last twelfth is today's.
        self._now = wall_ms() - size.days * DAY_MS
        self._pace = size.days * DAY_MS // size.ops
        vault.author.clock = Clock(vault.author.clock.last, wall=self._tick)

    def _tick(self) -> int:
        self._now = min(self._now + self._pace, wall_ms())
        return self._now

    def done(self) -> Made:
        """Do it all."""
        grown = min(self.size.notes, MOST_NOTES)
        entries = self.size.entries or max(grown // 60, 6)
        parents: list[tuple[str, str, str]] = []
        for number in range(self.size.others):
            force = f"Force {number} Constabulary"
            parents += self._begun(Inspection.make(force=force, methodology="2018"), entries)[3]
        cases, held, judged, own = self._begun(self.inspection, entries)
        places = cycle([*own, *parents])
        notes = [self._note(*next(places)) for _ in range(self.size.notes)]
        here = [one for one in notes if one.inspection_id == self.id]
        half = len(notes) // 2
        self._add(notes[:half])
        self._add([one for row in range(self.size.cases) for one in self._row(row, cases[row])])
        revealed = [case for number, case in enumerate(cases) if number % 5 and number % 2]
        self._write(len(revealed), lambda s: [reveal(s, one) for one in revealed])
        points = [self._point() for _ in range(self.size.points or max(grown // 100, 4))]
        self._add(points)
        self._add(notes[half:])
        links = self.size.points * 6 or grown // 16
        # Every third note, then each one after it: none is linked twice to a point.
        rest = [here[(n * 3 + n * 3 // len(here)) % len(here)] for n in range(links)]
        self._link([(points[n % len(points)], note) for n, note in enumerate(rest)])
        self._add([self._referral(case) for case in cases[:: max(len(cases) // 12, 1)]])
        self._edit(Judgment, [judgment_id(*one) for one in judged], "rationale")
        last_day = self.size.ops * (self.size.days - 1) // self.size.days
        ids = [one.id for one in notes]
        self._edit(Note, ids, "text", until=last_day)
        self._export()
        self._edit(Note, ids, "text", until=self.size.ops)
        self.vault.author.clock.wall = wall_ms
        return Made(self.vault.folder, self.id, cases[0], held[0].id)

    def _begun(
        self, inspection: Inspection, entries: int
    ) -> tuple[list[str], list[Record], list[tuple[str, str]], list[tuple[str, str, str]]]:
        """Begin an inspection; return its cases, entries, judgments, and what may hold notes."""
        at = inspection.id
        self._add([inspection])
        cases = [case_id(at, f"WST-{n:03}") for n in range(1, self.size.cases + 1)]
        self._add([one for n, case in enumerate(cases, 1) for one in self._case(at, n, case)])
        held = [self._entry(at, number) for number in range(entries)]
        self._add(held)
        # One case in five is still open; it has every criterion and no overall yet.
        judged = [
            (case, key)
            for number, case in enumerate(cases)
            for key in self._keys()
            if key != OVERALL or number % 5
        ]
        self._add([self._judgment(at, case, key) for case, key in judged])
        places = [(at, Case.KIND, one) for one in cases] + [(at, one.KIND, one.id) for one in held]
        return cases, held, judged, places

    def _keys(self) -> list[str]:
        return [one.key for one in self.methodology.criteria_on("case", overall=True)]

    # --- writing ---

    def _write(self, ops: int, job: Callable[[Session], Any]) -> None:
        self.vault.write_now(job)
        self.written += ops
        self.vault.author.undoable.clear()

    def _add(self, several: Sequence[Record]) -> None:
        for first in range(0, len(several), STEP):
            chunk = several[first : first + STEP]
            self._write(len(chunk), partial(_added, several=chunk))

    def _link(self, pairs: Sequence[tuple[Point, Note]]) -> None:
        """Rest each point on a note as it stands, as a person does."""

        def job(s: Session, chunk: Sequence[tuple[Point, Note]]) -> None:
            now = revisions(s, (note.id for _, note in chunk))
            s.add_all([self._support(point, note, now[note.id]) for point, note in chunk])

        for first in range(0, len(pairs), STEP):
            chunk = pairs[first : first + STEP]
            self._write(len(chunk), partial(job, chunk=chunk))

    def _edit(self, kind: type[Record], ids: Sequence[str], field: str, until: int = 0) -> None:
        """Write a field of each of the records anew; where ``until`` is given, till so many ops."""

        def job(s: Session, chunk: Sequence[str]) -> None:
            for one in chunk:
                found = s.get(kind, one)
                assert found is not None
                found.change(**{field: self.invent.sentence()})

        at = 0
        while self.written < until if until else at < len(ids):
            first = at % len(ids)
            chunk = ids[first : first + (min(STEP, until - self.written) if until else STEP)]
            self._write(len(chunk), partial(job, chunk=chunk))
            at = first + len(chunk)

    def _export(self) -> None:
        """Export everything so far, force references and keys apart."""

        def job(s: Session) -> None:
            rows = s.connection().exec_driver_sql("SELECT device, epoch, kind, seq FROM feed")
            covers = {f"{row[0]}/{row[1]}/{row[2]}": row[3] for row in rows if row[2] != KEY}
            s.add(
                Disclosure.make(
                    inspection_id=self.id,
                    what="bundle benchmark.fkb.age",
                    recipient="central of the Inspectorate",
                    at=wall_text(self._now),
                    covers=covers,
                )
            )

        self._write(1, job)

    # --- what is written ---

    def _case(self, inspection: str, number: int, case: str) -> list[Record]:
        types = self.methodology.case_types
        return [
            Case.make(
                id=case,
                inspection_id=inspection,
                reference=f"WST-{number:03}",
                types=[types[number % len(types)].key],
                origin=self.invent.one("self-assessed", "inspectors"),
                incident_on=f"2026-0{self.invent.number(1, 6)}-{self.invent.number(10, 28)}",
                child_label="child 1",
                child_age=str(self.invent.number(1, 17)),
                unit=self.invent.one("Northtown", "Southtown", "Eastport"),
                allocated_to=self.by if number % 3 else "B. Colleague",
            ),
            CaseKey.make(
                id=case_key_id(case),
                inspection_id=inspection,
                case_id=case,
                force_ref=self.invent.reference(),
            ),
            CaseAudit.make(
                id=case_audit_id(case),
                inspection_id=inspection,
                case_id=case,
                voice_seen="yes",
                risk_graded="yes",
                context=self.invent.sentence(),
            ),
        ]

    def _entry(self, inspection: str, number: int) -> Record:
        known = {"inspection_id": inspection, "by": self.by}
        if number % 3 == 0:
            return Interview.make(
                role=f"detective inspector {number}", held_on="2026-07-06", **known
            )
        if number % 3 == 1:
            return Observation.make(place=f"control room {number}", held_on="2026-07-07", **known)
        return Document.make(title=f"procedure {number}", asked_on="2026-07-06", **known)

    def _judgment(self, inspection: str, case: str, key: str) -> Judgment:
        return Judgment.make(
            id=judgment_id(case, key),
            inspection_id=inspection,
            case_id=case,
            criterion=key,
            state="graded",
            grade=self.invent.one("good", "requires improvement", "inadequate"),
            rationale=self.invent.sentence(),
            by=self.by,
        )

    def _note(self, inspection: str, kind: str, parent: str) -> Note:
        return Note.make(
            inspection_id=inspection,
            parent_kind=kind,
            parent_id=parent,
            text=self.invent.sentence(),
            criteria=[self.invent.one(*self._keys())],
            polarity=self.invent.one("", "strength", "concern", "context"),
            at=wall_text(self._now),
            by=self.by,
        )

    def _row(self, number: int, case: str) -> list[Record]:
        row = force_row_id("f" * 64, "Sheet1", number + 2)
        known = {"inspection_id": self.id, "row": number + 2}
        return [
            ForceRow.make(
                id=row,
                self_assessment_id="benchmark",
                grade=self.invent.one("good", "requires improvement", "inadequate"),
                case_id=case,
                decision="exact",
                **known,
            ),
            ForceRowKey.make(
                id=force_row_key_id(row),
                force_row_id=row,
                sheet="Sheet1",
                reference=self.invent.reference(),
                rationale=self.invent.sentence(),
                **known,
            ),
        ]

    def _point(self) -> Point:
        sort = self.invent.one("strength", "concern", "notable practice", "to clarify")
        return Point.make(
            inspection_id=self.id,
            sort=sort,
            wording=self.invent.sentence(),
            criterion=self.invent.one(*self._keys()),
            made_at=wall_text(self._now),
            by=self.by,
        )

    def _support(self, point: Point, note: Note, revision: str) -> Support:
        return Support.make(
            id=support_id(note.id, point.id),
            inspection_id=self.id,
            point_id=point.id,
            evidence_kind=Note.KIND,
            evidence_id=note.id,
            revision=revision,
            by=self.by,
        )

    def _referral(self, case: str) -> Referral:
        return Referral.make(
            inspection_id=self.id,
            case_id=case,
            reasons=["risk not assessed"],
            known=self.invent.sentence(),
            raised_at=wall_text(self._now),
            by=self.by,
        )


def _added(session: Session, several: Sequence[Record]) -> None:
    session.add_all(several)
