"""What is deleted can be looked at and brought back; whose it was is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from fieldkit.service import NotThereError, RefusedError, author, existing
from fieldkit.visibility import visible
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import line
from fieldkit.wording.labels import LookedUp, Names, label, of_kind
from storage.feed.reasons import reason_in
from storage.history import removals
from storage.history.deleted import (
    DeletedRecord,
    bring_back_record,
    deleted_record,
    deleted_records,
)
from storage.history.removals import REDACTED_WORD, Removal
from storage.ops.text import many
from storage.records import Inspection, SelfAssessment
from storage.records.lookup import records_in
from storage.records.registry import KINDS

NAMED = 5
"""Records that a sentence names; of the others it says how many they are."""
SHORTEST_PREFIX = 4
"""Characters of an id from which it may stand for the whole."""
BROUGHT_BACK = "brought back from the list of what is deleted"


class AsLast:
    """Finds records as they are, and deleted ones as they last were, to be called by name.

    Args:
        s: a session.
        looked: holds those that were looked up at once.
    """

    def __init__(self, s: Session, looked: LookedUp | None = None) -> None:
        self._s, self._now = s, looked or s
        self._rows: dict[tuple[str, str], Any] = {}

    def get(self, entity: Any, ident: Any, /) -> Any:
        """Return the record, or nothing."""
        record = self._now.get(entity, ident)
        if record is not None:
            return record
        place = (entity.KIND, ident)
        if place not in self._rows:
            deleted = deleted_record(self._s, *place)
            self._rows[place] = SimpleNamespace(**deleted.row) if deleted else None
        return self._rows[place]


@dataclass(frozen=True, slots=True)
class DeletedLine:
    """Holds a deleted record as a list shows it.

    Attributes:
        kind, id: which one.
        label: what a person calls it.
        text: what it said, on one line; empty where it may not be shown, or had no text.
        who: the name of the person who deleted it.
        whose: "yours", "their own", or the name of the person whose it was.
        at: when, in this laptop's local time.
        wall: the same by the deleting laptop's clock, ISO 8601 in UTC.
        reason: why, or empty.
        rows: how many rows went with an import of a workbook.
    """

    kind: str
    id: str
    label: str
    text: str
    who: str
    whose: str
    at: str
    wall: str
    reason: str
    rows: int

    @property
    def did(self) -> str:
        """Return who deleted it, of whose, when and why."""
        rows = f" with {many(self.rows, 'row')}" if self.rows else ""
        why = f" (because {self.reason})" if self.reason else ""
        return f"{self.who} deleted it{rows}, {self.whose}, {self.at}{why}"


def listing(s: Session, inspection_id: str) -> list[DeletedLine]:
    """Return what is deleted of an inspection, the latest first; raises `NotThereError`."""
    existing(s, Inspection, inspection_id)
    names, finder = Names(s), AsLast(s)
    return [_line(s, names, finder, one) for one in deleted_records(s, inspection_id)]


def _line(s: Session, names: Names, finder: AsLast, one: DeletedRecord) -> DeletedLine:
    shown = visible(s, one.kind, one.record)
    return DeletedLine(
        kind=one.kind,
        id=one.record,
        label=label(finder, one.kind, one.record),
        text=line(KINDS[one.kind].worded(one.row), 200) if shown else "",
        who=names.person(one.who),
        whose=_whose(s, names, one.who, one.whose),
        at=short_moment(one.wall),
        wall=one.wall,
        reason=one.reason,
        rows=len([kind for kind, _ in one.rows if kind == "force_row"]),
    )


def bring_back(s: Session, inspection_id: str, wanted: str, reason: str = "") -> str:
    """Bring a deleted record back as it was, named by its id or the beginning of it; says what.

    Raises:
        NotThereError: no single deleted record of the inspection is meant.
        RefusedError: it is an import of a workbook, and another one has taken its place.
    """
    text = wanted.strip().lower()
    known = deleted_records(s, inspection_id)
    named = [one for one in known if len(text) >= SHORTEST_PREFIX and one.record.startswith(text)]
    if len(named) != 1:
        raise NotThereError(
            f"No single deleted record of this inspection is called “{wanted}”. Nothing was "
            "changed. “fieldkit deleted” lists them with their ids."
        )
    (chosen,) = named
    called = label(AsLast(s), chosen.kind, chosen.record)
    if chosen.kind == SelfAssessment.KIND and records_in(s, SelfAssessment, inspection_id):
        raise RefusedError(
            f"Another workbook has taken the place of “{called}”, and a case would be matched "
            "twice. Nothing was changed. Remove that one first, or import the file again."
        )
    why = reason_in(s, inspection_id, reason.strip())
    bring_back_record(s, chosen, why or BROUGHT_BACK)
    return f"Brought back: {called}. It is as it was, here and wherever it is exchanged."


def deleted_of_yours(s: Session) -> str:
    """Say what colleagues deleted of this person's and nobody has looked at; empty for nothing."""
    return "; ".join(sentences(s, removals.untold(s)))


def looked_at(s: Session) -> None:
    """Note that the person has seen the list of what is deleted."""
    removals.told(s)


def sentences(s: Session, taken_away: Iterable[Removal]) -> list[str]:
    """Say what colleagues deleted, withdrew, closed, cleared or redacted, and of whose."""
    names, finder = Names(s), AsLast(s)
    groups: dict[tuple[str, str, str, str], dict[str, Removal]] = {}
    for one in taken_away:
        group = groups.setdefault((one.who, one.did, one.whose, one.kind), {})
        group.setdefault(one.record, one)
    said = []
    for (who, did, whose, kind), of_group in groups.items():
        several = list(of_group.values())
        labels = [label(finder, kind, one.record) for one in several[:NAMED]]
        more = [f"and {len(several) - NAMED} more"] if len(several) > NAMED else []
        words = f"words in {of_kind(len(several), kind)}"
        what = words if did == REDACTED_WORD else of_kind(len(several), kind)
        owner = _whose(s, names, who, whose)
        reasons = {one.reason for one in several}
        why = f" (because {line(reasons.pop(), 80)})" if len(reasons) == 1 and any(reasons) else ""
        named = "; ".join([*(line(one, 60) for one in labels), *more])
        said.append(f"{names.person(who)} {did} {what}, {owner}: {named}{why}")
    return said


def _whose(s: Session, names: Names, who: str, whose: str) -> str:
    if whose == author(s).person:
        return "yours"
    return "their own" if whose in ("", who) else f"{names.person(whose)}'s"
