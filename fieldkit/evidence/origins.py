"""Where evidence comes from, of thousands of pieces at once, without what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from fieldkit.evidence.evidence import KINDS_OF_EVIDENCE, method_and_source
from storage.database.remembered import recall
from storage.history.changed import Revision, changed_revisions
from storage.history.history import last_writer
from storage.ops.op import DELETED
from storage.ops.walk import climb, levels
from storage.records import Case, CaseAudit, Judgment, Note, Support
from storage.records.lookup import fields_of
from storage.records.point import SupportRow, support_rows
from storage.records.registry import KINDS, may_hold_notes

Place = tuple[str, str]
_FIELDS = (
    *("parent_kind", "parent_id", "polarity", "case_id"),
    *("meeting", "source_group", "role", "by"),
)
"""What says where a record of evidence comes from and who entered it; no text among it."""


APART = frozenset(("finalised", "by", "at", "language", "works_well", DELETED))
"""Fields whose change leaves what a piece of evidence says as it was."""


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


class Resting(NamedTuple):
    """Holds a support of a point with where its evidence comes from.

    Attributes:
        support: the link.
        evidence: the evidence, without what it says; nothing where it was deleted.
        changed: what it says has changed since it was linked.
    """

    support: SupportRow
    evidence: Origin | None
    changed: bool


def resting(s: Session, inspection_id: str, *, changes: bool = True) -> dict[str, list[Resting]]:
    """Return what each point of an inspection rests on, by its id; quick, for thousands.

    Without ``changes`` nobody looks whether evidence changed since it was linked; the answer is
    then kept, and nobody may change it. It is the same object until a link or what it names is
    written.
    """
    s.flush()
    links = support_rows(s, inspection_id)
    if changes:
        return _resting(s, links, changed_revisions(s, map(revision_of, links), APART))
    known = recall(s.connection(), f"resting in {inspection_id}", _names)
    if not known or known[""].links is not links:
        by_point = _resting(s, links, set())
        found = _remembered(s)
        places = ((one.evidence_kind, one.evidence_id) for one in links)
        ids = (found[place][1] for place in places if place in found)
        known[""] = _Kept(links, by_point, frozenset[str]().union(*ids))
    return known[""].by_point


class _Kept(NamedTuple):
    """Holds what points rest on, of these links, and the ids of all that it was read from."""

    links: list[SupportRow]
    by_point: dict[str, list[Resting]]
    read_from: frozenset[str]


def _names(_: str, answer: _Kept) -> frozenset[str]:
    return answer.read_from


def _resting(
    s: Session, links: Sequence[SupportRow], changed: Collection[Revision]
) -> dict[str, list[Resting]]:
    known = origins(s, ((one.evidence_kind, one.evidence_id) for one in links))
    by_point: dict[str, list[Resting]] = {}
    for link in links:
        origin = known.get((link.evidence_kind, link.evidence_id))
        by_point.setdefault(link.point_id, []).append(
            Resting(link, origin, bool(changed) and revision_of(link) in changed)
        )
    return by_point


def revision_of(link: Support | SupportRow) -> Revision:
    """Return the piece of evidence that was linked, as it stood then."""
    return link.evidence_kind, link.evidence_id, link.revision


def origins(s: Session, places: Iterable[Place]) -> dict[Place, Origin]:
    """Return where each piece of evidence comes from; without those that have been deleted.

    What was read of a piece is remembered until something is written in it or in what it comes
    from (:mod:`storage.database.remembered`).
    """
    wanted = {place for place in places if place[0] in KINDS_OF_EVIDENCE}
    known = _remembered(s)
    asked = wanted - known.keys()
    if asked:
        found = dict(_read(s, asked))
        known |= {place: found.get(place, (None, (place[1],))) for place in asked}
    return {place: origin for place in wanted if (origin := known[place][0]) is not None}


Found = tuple[Origin | None, tuple[str, ...]]
"""Where a piece comes from, nothing where it was deleted, and the ids that this was read from."""


def _remembered(s: Session) -> dict[Place, Found]:
    return recall(s.connection(), "origins", _rests_on)


def _rests_on(place: Place, answer: Found) -> tuple[str, ...]:
    return answer[1]


def _read(s: Session, wanted: set[Place]) -> Iterator[tuple[Place, Found]]:
    """Yield the origin of each piece that is there, with the ids of all that it was read from."""
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
    for place in wanted & rows.keys():
        climbed = list(climb(place, lambda each: _above(each, rows)))
        root = [one for one in climbed if one in rows][-1]
        row, at = rows[place], rows[root]
        method, source = method_and_source(
            root[0], at.get("meeting", ""), at.get("source_group", "") or at.get("role", "")
        )
        origin = Origin(
            *place,
            polarity=row["polarity"] if place[0] == Note.KIND else "",
            method=method,
            source=source,
            root=root,
            # A case audit is filled in by several persons and names none.
            by=row["by"] if "by" in row else last_writer(s, *place),
            inside=(row["parent_kind"], row["parent_id"]) if place[0] == Note.KIND else None,
        )
        yield place, (origin, tuple(record for _, record in climbed))


def _above(place: Place, rows: dict[Place, dict[str, str]]) -> Place | None:
    """Return the kind and id of the record that one comes from; None where it comes from none."""
    kind, row = place[0], rows.get(place)
    if row is None:
        return None
    if kind == Note.KIND:
        parent = row["parent_kind"]
        return (parent, row["parent_id"]) if may_hold_notes(parent) else None
    return (Case.KIND, row["case_id"]) if kind in (Judgment.KIND, CaseAudit.KIND) else None
