"""The rows of an inspection's self-assessments: what is decided, and what matching proposes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlmodel import Session

from fieldkit.selfassessment.known_rows import KnownRows
from fieldkit.selfassessment.masking import shown_reference, shown_text
from fieldkit.selfassessment.matching.match_plan import (
    Candidate,
    MatchPlan,
    OurCase,
    QueueItem,
    RowToMatch,
    match,
    own_form,
)
from fieldkit.selfassessment.matching.references import canonical
from fieldkit.service import now, person
from fieldkit.workbook.values.grades import tells_grade
from storage.records import ForceRow, SelfAssessment
from storage.records.self_assessment import LINKED

OPEN, EXACT, CHOSEN, NONE, SKIPPED = "open", "exact", "chosen", "none", "skipped"

_DIGIT = re.compile("[0-9]")

ROWS_PER_IMPORT = 1_000_000
"""Rows of a second import count from here in a plan, so that no two have one number."""


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """Holds a case that a row may be, with the reasons in words; ``tied`` with its neighbour."""

    case_id: str
    reference: str
    force_ref: str
    types: tuple[str, ...]
    incident_on: str
    reasons: tuple[str, ...]
    tied: bool


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Holds a row that a person must decide on, without what the force graded.

    ``row_id`` names the row to the services; ``number`` names it to a person. ``note`` says
    why the row is not in the exact group, or what is tied.
    """

    row_id: str
    number: str
    row: int
    sheet: str
    reference: str
    case_type: str
    dated: str
    note: str
    candidates: tuple[CandidateLine, ...]


@dataclass(frozen=True, slots=True)
class RowLine:
    """Holds a row of the force and what was decided about it, without what the force graded.

    ``case_reference`` is ours, empty without a case; ``expected`` is that of the case the row
    would be by the exact group, where it is open and pre-ticked.
    """

    row_id: str
    number: str
    row: int
    sheet: str
    reference: str
    case_type: str
    dated: str
    decision: str
    case_id: str
    case_reference: str
    expected: str
    decided_by: str
    decided_at: str
    self_assessment_id: str


class ForceRows:
    """Holds the rows of an inspection with their keys and our cases, as matching wants them.

    Args:
        known: what was read.
        more: an import that is not written yet, with its rows.
        without: an import that is left out.
    """

    def __init__(
        self,
        known: KnownRows,
        more: tuple[SelfAssessment, Sequence[tuple[Any, Any]]] | None = None,
        without: str = "",
    ) -> None:
        self._methodology = known.methodology
        self._keys: dict[str, Any] = dict(known.keys)
        imports: list[Any] = [one for one in known.imports if one.id != without]
        rows: list[Any] = [one for one in known.rows if one.self_assessment_id != without]
        if more is not None:
            imports.append(more[0])
            rows += [row for row, _ in more[1]]
            self._keys |= {row.id: key for row, key in more[1]}
        self._sheets = {record.id: record.sheet for record in imports}
        places = {record.id: place for place, record in enumerate(imports)}
        numbered = {
            record.row
            + places.get(record.self_assessment_id, len(places)) * ROWS_PER_IMPORT: record
            for record in rows
        }
        self.rows = dict(sorted(numbered.items()))
        self._cases: dict[str, Any] = {record.id: record for record in known.cases}
        self._types_written: dict[str, tuple[str, ...]] = {}
        self._refs = known.refs

    def plan(self) -> MatchPlan:
        """Return what is still to be decided."""
        decided: dict[int, str | None] = {}
        taken: set[str] = set()
        for number, row in self.rows.items():
            if row.decision == OPEN:
                continue
            # Two of a team may have given one case to two rows; it is out of the plan once.
            free = row.decision in LINKED and row.case_id in self._cases
            decided[number] = row.case_id if free and row.case_id not in taken else None
            taken.add(row.case_id)
        ours = [
            self._ours(case)
            for case in self._cases.values()
            if not case.withdrawn or case.id in taken
        ]
        theirs = [self._theirs(number) for number in self.rows]
        return match(theirs, ours, decided=decided)

    def exact(self) -> list[tuple[Any, str]]:
        """Return the rows of the exact group, each with the id of its case."""
        return [(self.rows[pair.row], pair.case_id) for pair in self.plan().exact]

    def queue_line(self, item: QueueItem) -> QueueLine:
        """Return one row of the queue."""
        row = self.rows[item.row]
        key = self._keys.get(row.id)
        return QueueLine(
            row_id=row.id,
            number=self._number(item.row),
            row=row.row,
            sheet=self._sheets.get(row.self_assessment_id, ""),
            reference=shown_reference(item.ref),
            case_type=shown_text(key.case_type) if key else "",
            dated=key.dated if key else "",
            note=" ".join(filter(None, (self._taken.get(canonical(item.ref)), item.note))),
            candidates=tuple(self._candidate(one) for one in item.candidates),
        )

    @cached_property
    def _taken(self) -> Mapping[str, str]:
        """Return what is said of a reference that is that of a case with a row already."""
        return {
            text: f"{case.reference} has this reference, but row {self._number(number)} is matched "
            "to it: take that back, or leave this row out."
            for number, row in self.rows.items()
            if row.decision in LINKED
            and (case := self._cases.get(row.case_id)) is not None
            and (text := canonical(self._refs.get(case.id, "")))
        }

    def row_line(self, number: int, expected: str) -> RowLine:
        """Return one row with its decision."""
        row = self.rows[number]
        key = self._keys.get(row.id)
        case, likely = self._cases.get(row.case_id), self._cases.get(expected)
        return RowLine(
            row_id=row.id,
            number=self._number(number),
            row=row.row,
            sheet=self._sheets.get(row.self_assessment_id, ""),
            reference=shown_reference(key.reference) if key else "",
            case_type=shown_text(key.case_type) if key else "",
            dated=key.dated if key else "",
            decision=row.decision,
            case_id=row.case_id,
            case_reference=case.reference if case else "",
            expected=likely.reference if likely else "",
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            self_assessment_id=row.self_assessment_id,
        )

    def unmatched(self, expected: Iterable[str] = ()) -> list[str]:
        """Return references of our self-assessed cases that no row is, nor is expected to be."""
        linked = {case.case_id for case in self.rows.values() if case.decision in LINKED}
        linked |= set(expected)
        return [
            case.reference
            for case in self._cases.values()
            if case.origin == "self-assessed" and not case.withdrawn and case.id not in linked
        ]

    def _candidate(self, candidate: Candidate) -> CandidateLine:
        case = self._cases[candidate.case_id]
        return CandidateLine(
            case_id=case.id,
            reference=case.reference,
            force_ref=self._refs.get(case.id, ""),
            types=self._types(case.types),
            incident_on=case.incident_on,
            reasons=candidate.reasons,
            tied=candidate.tied,
        )

    def _number(self, number: int) -> str:
        place, row = divmod(number, ROWS_PER_IMPORT)
        return f"{place + 1}:{row}" if place else str(row)

    def _ours(self, case: Any) -> OurCase:
        return OurCase(
            id=case.id,
            ref=self._refs.get(case.id, ""),
            types=self._types(case.types),
            date=case.incident_on or None,
            origin=case.origin,
            own=case.reference,
        )

    def _theirs(self, number: int) -> RowToMatch:
        key = self._keys.get(self.rows[number].id)
        if key is None:
            return RowToMatch(number, "")
        types = self._written_types(key.case_type)
        return RowToMatch(number, self._reference(key), types, key.dated or None)

    def _reference(self, key: Any) -> str:
        """Return what a row is matched by: the force's reference, or ours where only that is known.

        A force that fills in the list we gave it has our references in a column of their own.
        """
        theirs = str(key.reference)
        if canonical(theirs) in self._known_refs:
            return theirs
        cells = (text.partition("\t")[2] for text in key.cells)
        ours = {
            form
            for text in cells
            # Most texts have no digit, and all of our references have one.
            if not (self._own_have_digits and text.isascii() and not _DIGIT.search(text))
            and (form := own_form(text)) in self._own_refs
        }
        return self._own_refs[ours.pop()] if len(ours) == 1 else theirs

    @cached_property
    def _known_refs(self) -> frozenset[str]:
        """Return the force's references of our cases, comparable."""
        return frozenset(map(canonical, self._refs.values())) - {""}

    @cached_property
    def _own_have_digits(self) -> bool:
        return all(map(_DIGIT.search, self._own_refs))

    @cached_property
    def _own_refs(self) -> Mapping[str, str]:
        """Return our own references by the form in which a workbook may have them."""
        refs = ((own_form(case.reference), case.reference) for case in self._cases.values())
        return {form: reference for form, reference in refs if form}

    def _written_types(self, text: str) -> tuple[str, ...]:
        """Return the types that the force wrote in a row; thousands of rows have the same few."""
        if text not in self._types_written:
            # What stands in the type's column may be a grade; no reason shall quote it.
            written = (one for one in text.split("; ") if one and not tells_grade(one))
            self._types_written[text] = self._types(written)
        return self._types_written[text]

    def _types(self, written: Iterable[str]) -> tuple[str, ...]:
        """Case types by the methodology's label, so that both sides can be compared."""
        terms = ((one, self._methodology.case_type(one)) for one in written)
        return tuple(term.label if term else one for one, term in terms)


def decided(decision: str, case_id: str, by: str) -> dict[str, str]:
    """Return the values of a row that put a decision of a person on record, with the time."""
    return {"decision": decision, "case_id": case_id, "decided_at": now(), "decided_by": by}


def decide(s: Session, row: ForceRow, decision: str, case_id: str) -> None:
    """Put a decision on record with who and when; the caller flushes."""
    row.change(**decided(decision, case_id, person(s)))
