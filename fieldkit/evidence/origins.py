"""Where evidence comes from, of thousands of pieces at once, without what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.evidence import KINDS_OF_EVIDENCE, method_and_source
from storage.history.history import last_writer
from storage.ops.walk import climb, levels
from storage.records import Case, CaseAudit, Judgment, Note
from storage.records.lookup import fields_of
from storage.records.registry import KINDS, may_hold_notes

Place = tuple[str, str]
_FIELDS = (
    *("parent_kind", "parent_id", "polarity", "case_id"),
    *("meeting", "source_group", "role", "by"),
)
"""What says where a record of evidence comes from and who entered it; no text among it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Holds where a piece of evidence comes from; its fields are those of `Evidence`.

    Attributes:
        inside: the kind and id of the record that a note stands in; nothing of anything else.
    """

    kind: str
    id: str
    polarity: str
    method: str
    source: str
    root: Place
    by: str
    inside: Place | None


def origins(s: Session, places: Iterable[Place]) -> dict[Place, Origin]:
    """Return where each piece of evidence comes from; without those that have been deleted."""
    wanted = {place for place in places if place[0] in KINDS_OF_EVIDENCE}
    rows: dict[Place, dict[str, str]] = {}

    def fetch(asked: set[Place]) -> Iterator[Place]:
        by_kind: dict[str, set[str]] = {}
        for kind, record in asked:
            by_kind.setdefault(kind, set()).add(record)
        for kind in by_kind.keys() & KINDS.keys():
            for record, values in fields_of(s, KINDS[kind], _FIELDS, by_kind[kind]).items():
                rows[kind, record] = {name: str(value) for name, value in values.items()}
                if above := _above((kind, record), rows):
                    yield above

    for _ in levels(wanted, fetch):
        pass
    found = {}
    for place in wanted & rows.keys():
        root = [one for one in climb(place, lambda each: _above(each, rows)) if one in rows][-1]
        row, at = rows[place], rows[root]
        method, source = method_and_source(
            root[0], at.get("meeting", ""), at.get("source_group", "") or at.get("role", "")
        )
        found[place] = Origin(
            *place,
            polarity=row["polarity"] if place[0] == Note.KIND else "",
            method=method,
            source=source,
            root=root,
            # A case audit is filled in by several persons and names none.
            by=row["by"] if "by" in row else last_writer(s, *place),
            inside=(row["parent_kind"], row["parent_id"]) if place[0] == Note.KIND else None,
        )
    return found


def _above(place: Place, rows: dict[Place, dict[str, str]]) -> Place | None:
    """Return the kind and id of the record that one comes from; None where it comes from none."""
    kind, row = place[0], rows.get(place)
    if row is None:
        return None
    if kind == Note.KIND:
        parent = row["parent_kind"]
        return (parent, row["parent_id"]) if may_hold_notes(parent) else None
    return (Case.KIND, row["case_id"]) if kind in (Judgment.KIND, CaseAudit.KIND) else None
