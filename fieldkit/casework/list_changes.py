"""What a list of cases would change of the cases that are there, field by field.

What stands nowhere here is filled in. What stands here otherwise is asked about: without an answer
ours stays, and nothing of a person's is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fieldkit.wording.format import line

OURS, THEIRS = "ours", "theirs"
ALL = "all"
"""Names every field of every case in an answer."""
FIELD_LABELS = {
    "type": "case type",
    "date_of_incident": "date of incident",
    "origin": "origin",
    "auditor": "auditor",
    "force_ref": "force's reference",
    "overall_grade": "overall grade",
    "rationale": "rationale",
}
"""The fields of a list that a case may have otherwise, and what a person calls each."""
_CUT = 60


@dataclass(frozen=True, slots=True)
class ListChange:
    """Holds one field of a case as it is here and as a list has it.

    Attributes:
        row: of the list.
        cell: where it stands there.
        case_id: the case.
        reference: its reference.
        field: a field of :data:`FIELD_LABELS`.
        ours: what stands here, in words; empty where nothing does.
        theirs: what the list has, in words.
        value: the same as it is kept.
        kept: why ours stays whatever is answered, as a clause; else empty.
        answer: :data:`OURS`, :data:`THEIRS`, or empty before an answer.
    """

    row: int
    cell: str
    case_id: str
    reference: str
    field: str
    ours: str
    theirs: str
    value: Any
    kept: str = ""
    answer: str = ""

    @property
    def label(self) -> str:
        """Return what a person calls the field."""
        return FIELD_LABELS[self.field]

    @property
    def asked(self) -> bool:
        """Say whether a person is asked: something else stands here, and could be replaced."""
        return bool(self.ours) and not self.kept

    @property
    def taken(self) -> bool:
        """Say whether the list's is taken: nothing stands here, or a person said so."""
        return not self.kept and (not self.ours or self.answer == THEIRS)

    @property
    def clause(self) -> str:
        """Return the field, both sides and what becomes of them, as a clause."""
        theirs = f"“{line(self.theirs, _CUT)}”"
        if not self.ours and not self.kept:
            return f"{self.label} {theirs} is filled in"
        ours = f"is “{line(self.ours, _CUT)}” here and " if self.ours else "is "
        return f"{self.label} {ours}{theirs} in the list; {self.outcome}"

    def words(self) -> str:
        """Return it as a line that names the case."""
        return f"{self.reference}: {self.clause}"

    @property
    def outcome(self) -> str:
        """Return what becomes of both sides, as a clause."""
        if self.kept:
            return f"ours stays: {self.kept}"
        if self.taken:
            return "the list's is taken"
        return "ours was kept" if self.answer == OURS else "ours is kept until somebody says"

    def to_json(self) -> dict[str, Any]:
        """Return what is printed of it."""
        names = ("row", "cell", "reference", "field", "ours", "theirs", "kept", "answer", "taken")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class ListAnswers:
    """Holds what a person said of the fields that differ.

    Attributes:
        by_cell: address of a cell, or of a case's reference every field of it, to the answer.
        all: the answer for every field that has none of its own.
    """

    by_cell: Mapping[str, str] = field(default_factory=dict)
    all: str = ""

    def of(self, change: ListChange) -> str:
        """Return the answer that holds for a change: its cell's, else its case's, else all's."""
        for name in (change.cell, change.reference):
            if name in self.by_cell:
                return self.by_cell[name]
        return self.all

    def unknown(self, changes: tuple[ListChange, ...]) -> str:
        """Return the first name that no field which differs has; empty where all are known."""
        known = {name for one in changes for name in (one.cell, one.reference) if one.ours}
        return next((name for name in self.by_cell if name not in known), "")


def answered(changes: tuple[ListChange, ...], answers: ListAnswers) -> tuple[ListChange, ...]:
    """Return the changes with a person's answers."""
    return tuple(replace(one, answer=answers.of(one)) if one.asked else one for one in changes)
