"""Tracing: what a point rests on, walked back to who wrote it and when, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.evidence import METHODS, evidence, fetch_evidence, source_label, text_of
from fieldkit.evidence.origins import APART, revision_of
from fieldkit.evidence.triangulation import (
    CONTEXT,
    CONTRADICTS,
    SUPPORTS,
    Meter,
    SupportStatus,
    basis_sentence,
    basis_words,
    is_stale,
    meter,
)
from fieldkit.methodology import Methodology
from fieldkit.service import author, criterion_label, existing, methodology_of
from fieldkit.wording.dates import moment_words
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import person_name
from storage.history.changed import changed_revisions, changed_since
from storage.history.history import Change, history
from storage.ops.text import many
from storage.records import Point, Support
from storage.records.lookup import records_naming, records_under, rows_kept
from storage.records.registry import KINDS
from storage.trust.current import people

_DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class TracedSupport(SupportStatus):
    """Holds the same with what was linked.

    Attributes:
        text: what the evidence said when it was linked.
        who: who wrote that.
        when: when that was written, ISO 8601 in UTC.
        linked_at: when it was linked to the point.
    """

    text: str
    who: str
    when: str
    linked_at: str


@dataclass(frozen=True, slots=True)
class TraceSource:
    """Holds the evidence of one source group."""

    source: str
    label: str
    links: tuple[TracedSupport, ...]


@dataclass(frozen=True, slots=True)
class TraceMethod:
    """Holds the evidence gathered by one method, by source group."""

    method: str
    sources: tuple[TraceSource, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """Holds a point walked back to what it rests on.

    Attributes:
        point_id: which point.
        number: its number in the inspection, from 1.
        sort: "strength", "concern", "notable practice" or "to clarify".
        wording: the finding as it now reads.
        criterion: the label of its criterion.
        state: how far it has come.
        meter: how independent its support is.
        basis: what it rests on, in counts without references.
        methods: the evidence by method, then source group; what was deleted stands last.
        stale: how many pieces of evidence have changed or gone since they were linked.
        names: the names of the persons known here, by id.
    """

    point_id: str
    number: int
    sort: str
    wording: str
    criterion: str
    state: str
    meter: Meter
    basis: str
    methods: tuple[TraceMethod, ...]
    stale: int
    names: Mapping[str, str]

    @property
    def links(self) -> tuple[TracedSupport, ...]:
        """Return every link, in the order shown."""
        return tuple(
            link for one in self.methods for source in one.sources for link in source.links
        )


def trace_point(s: Session, point_id: str) -> Trace:
    """Walk a point back to its evidence; that it was opened is put on record.

    Raises `NotThereError`.
    """
    point = existing(s, Point, point_id)
    methodology = methodology_of(s, point.inspection_id)
    links = [_link(s, methodology, one) for one in records_under(s, Support, point_id)]
    author(s).consult(Point.KIND, point_id)
    return Trace(
        point_id=point.id,
        number=number_of(s, point),
        sort=point.sort,
        wording=point.wording,
        criterion=criterion_label(methodology, point.criterion),
        state=point.state,
        meter=meter(links),
        basis=basis_sentence(methodology, links),
        methods=_grouped(methodology, links),
        stale=sum(is_stale(one) for one in links),
        names=people(s.connection()),
    )


def number_of(s: Session, point: Point) -> int:
    """Return the number of a point in its inspection, from 1, in the order they were made."""
    s.flush()
    return [one.id for one in rows_kept(s, Point, point.inspection_id)].index(point.id) + 1


def statuses_by_point(
    s: Session, inspection_id: str, points: Iterable[str]
) -> dict[str, list[SupportStatus]]:
    """Say how the support of each of some points stands, as :func:`support_statuses` does."""
    statuses: dict[str, list[SupportStatus]] = {point: [] for point in points}
    links = [
        one
        for one in records_naming(s, Support, "point_id", statuses)
        if one.inspection_id == inspection_id
    ]
    links.sort(key=lambda one: one.id)
    for status in support_statuses(s, methodology_of(s, inspection_id), links):
        statuses[status.support.point_id].append(status)
    return statuses


def support_statuses(
    s: Session, methodology: Methodology, links: Sequence[Support]
) -> list[SupportStatus]:
    """Say how each support stands; quick, as only evidence written since is looked at closely."""
    records = fetch_evidence(s, ((one.evidence_kind, one.evidence_id) for one in links))
    # Several points may rest on the same piece.
    pieces = {
        place: evidence(s, methodology, *place)
        for place in {(one.evidence_kind, one.evidence_id) for one in links}
    }
    changed = changed_revisions(s, map(revision_of, links), APART)
    statuses = [
        SupportStatus(
            link, pieces[link.evidence_kind, link.evidence_id], revision_of(link) in changed
        )
        for link in links
    ]
    records.clear()
    return statuses


def trace_text(traced: Trace) -> str:
    """Return a trace as plain text, its evidence numbered."""
    lines = [
        f"Point {traced.number} ({traced.sort}): {traced.wording}",
        f"Criterion: {traced.criterion or 'none'}. State: {traced.state}.",
        basis_words(traced.meter.words, traced.basis),
    ]
    if traced.stale:
        lines.append(
            f"{many(traced.stale, 'source')} changed since linked; look again before relying "
            "on this."
        )
    number = 0
    for method in traced.methods:
        for source in method.sources:
            lines += ["", f"{method.method.capitalize()}, {source.label}"]
            for link in source.links:
                number += 1
                lines += _link_lines(number, link, traced.names)
    return "\n".join(map(set_in, lines)) + "\n"


def _link_lines(number: int, link: TracedSupport, names: Mapping[str, str]) -> list[str]:
    support = link.support
    label = link.evidence.label if link.evidence else f"{support.evidence_kind}, deleted since"
    writer = person_name(names, link.who)
    lines = [f"  {number}. [{support.relation}] {label}"]
    lines.append(f"     {link.text.strip()}")
    when = moment_words(link.when) if link.when else "when not known"
    lines.append(f"     {writer}, {when}")
    if support.why:
        lines.append(f"     Why: {support.why}")
    if link.changed and link.evidence:
        lines.append("     Changed since linked. It now says:")
        lines.append(f"     {link.evidence.text.strip()}")
    return lines


def _link(s: Session, methodology: Methodology, support: Support) -> TracedSupport:
    """Return a support told whole, from the history of its evidence."""
    changes = history(s, support.evidence_kind, support.evidence_id)
    linked = history(s, Support.KIND, support.id)
    place = _place(changes, support.revision)
    then = changes[place] if changes else None
    before = _values(support.evidence_kind, changes[: place + 1])
    return TracedSupport(
        support=support,
        evidence=evidence(s, methodology, support.evidence_kind, support.evidence_id),
        text=text_of(support.evidence_kind, before, methodology) if before else "",
        who=then.who if then else "",
        when=then.wall if then else "",
        linked_at=linked[-1].wall if linked else "",
        changed=before != _values(support.evidence_kind, changes),
    )


def _place(changes: Sequence[Change], revision: str) -> int:
    """Say which change is the revision that was linked; the last where it is not known here."""
    last = len(changes) - 1
    return next((at for at, one in enumerate(changes) if str(one.op) == revision), last)


def has_changed(s: Session, kind: str, record_id: str, revision: str) -> bool:
    """Say whether a piece of evidence says something else than at the revision that was linked."""
    return bool(changed_since(s, [(kind, record_id, revision)], APART))


def _values(kind: str, changes: Sequence[Change]) -> dict[str, Any]:
    """What a record's fields said after some changes, those apart that say nothing of evidence."""
    known = KINDS.get(kind)
    if known is None:
        return {}
    values = {name: known.default(name) for name in known.field_names() if name not in APART}
    for change in changes:
        values.update({name: to for name, (_, to) in change.fields.items() if name in values})
    return values


def _grouped(methodology: Methodology, traced: Sequence[TracedSupport]) -> tuple[TraceMethod, ...]:
    groups: dict[str, dict[str, list[TracedSupport]]] = {}
    order = {SUPPORTS: 0, CONTRADICTS: 1, CONTEXT: 2}
    for link in sorted(traced, key=lambda one: (order[one.support.relation], one.when)):
        evidence = link.evidence
        method, source = (
            (evidence.method, evidence.source) if evidence else (_DELETED, "deleted since")
        )
        groups.setdefault(method, {}).setdefault(source, []).append(link)
    ranked = sorted(groups.items(), key=lambda pair: (*METHODS, _DELETED).index(pair[0]))
    return tuple(
        TraceMethod(
            method,
            tuple(
                TraceSource(source, source_label(methodology, source), tuple(links))
                for source, links in sources.items()
            ),
        )
        for method, sources in ranked
    )
