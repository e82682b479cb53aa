"""Tracing: what a point rests on, how independent that is, and whether it has changed since."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from fieldkit.evidence import (
    METHODS,
    OWN_REMARK,
    Evidence,
    basis,
    evidence,
    fetched,
    source_label,
    text_of,
)
from fieldkit.methodology import Methodology
from fieldkit.naming import person_name
from fieldkit.wordings import local, many
from fieldkit.writing import criterion_label, desk, existing, methodology_of
from storage.history import Change, history, revisions
from storage.op import DELETED
from storage.people import people
from storage.records import KINDS, Point, Support
from storage.records.point import points, supports_of

SUPPORTS, CONTRADICTS, CONTEXT = "supports", "contradicts", "context"
UNSUPPORTED, RESTS_ON_NOTHING = "Nothing supports it yet", "rests on nothing yet"
_DELETED = "deleted"
_APART = frozenset(("finalised", "by", "at", "language", DELETED))
"""Fields whose change leaves what a piece of evidence says as it was."""


@cache
def levels() -> Mapping[str, Mapping[str, int]]:
    """What makes support adequate or strong, from ``triangulation.toml``."""
    return tomllib.loads((files("fieldkit") / "triangulation.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Stand:
    """One support of a point with its evidence as it now stands.

    Attributes:
        support: the link.
        evidence: the evidence; nothing where it has been deleted.
        changed: what it says has changed since it was linked.
    """

    support: Support
    evidence: Evidence | None
    changed: bool


@dataclass(frozen=True, slots=True)
class Link(Stand):
    """The same with what was linked.

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
class Meter:
    """How many independent things support a point.

    Attributes:
        supports: supporting pieces of evidence.
        methods: distinct methods.
        sources: distinct source groups.
        inspectors: how many inspectors entered it.
        contradictions: contradicting pieces of evidence.
        answered: of them, those with a word on how they were weighed.
    """

    supports: int
    methods: tuple[str, ...]
    sources: tuple[str, ...]
    inspectors: int
    contradictions: int
    answered: int

    @property
    def strength(self) -> str:
        """One of "none", "thin", "adequate" and "strong"; a prompt, never a score."""
        if not self.supports:
            return "none"
        if self._reaches("strong") and self.answered == self.contradictions:
            return "strong"
        return "adequate" if self._reaches("adequate") else "thin"

    @property
    def words(self) -> str:
        """The meter as a sentence without a full stop."""
        said = UNSUPPORTED
        if self.supports:
            counts = [
                many(len(self.methods), "method"),
                many(len(self.sources), "source group"),
                many(self.inspectors, "inspector"),
            ]
            said = f"{self.strength.capitalize()}: {', '.join(counts)}"
        waiting = self.contradictions - self.answered
        if self.answered:
            said += f"; {many(self.answered, 'contradiction')} answered"
        if waiting:
            said += f"; {many(waiting, 'contradiction')} open"
        return said

    def _reaches(self, level: str) -> bool:
        wanted = levels()[level]
        return (
            len(self.methods) >= wanted["methods"]
            and len(self.sources) >= wanted["sources"]
            and self.inspectors >= wanted["inspectors"]
        )


@dataclass(frozen=True, slots=True)
class TraceSource:
    """The evidence of one source group."""

    source: str
    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class TraceMethod:
    """The evidence gathered by one method, by source group."""

    method: str
    sources: tuple[TraceSource, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A point walked back to what it rests on.

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
    def links(self) -> tuple[Link, ...]:
        """Every link, in the order shown."""
        return tuple(
            link for one in self.methods for source in one.sources for link in source.links
        )


def trace(s: Session, point_id: str) -> Trace:
    """A point with its evidence by method and source group; that it was opened is put on record.

    Raises `NotThereError`.
    """
    point = existing(s, Point, point_id)
    methodology = methodology_of(s, point.inspection_id)
    found = [_link(s, methodology, one) for one in supports_of(s, point_id)]
    desk(s).consult(Point.KIND, point_id)
    return Trace(
        point_id=point.id,
        number=number_of(s, point),
        sort=point.sort,
        wording=point.wording,
        criterion=criterion_label(methodology, point.criterion),
        state=point.state,
        meter=meter(found),
        basis=basis_sentence(methodology, found),
        methods=_grouped(methodology, found),
        stale=sum(stale(one) for one in found),
        names=people(s.connection()),
    )


def number_of(s: Session, point: Point) -> int:
    """The number of a point in its inspection, from 1, in the order they were made."""
    return [one.id for one in points(s, point.inspection_id)].index(point.id) + 1


def stands_of(s: Session, methodology: Methodology, found: Sequence[Support]) -> list[Stand]:
    """How each support stands; quick, as only evidence written since is looked at closely."""
    present = revisions(s, (one.evidence_id for one in found))
    held = fetched(s, ((one.evidence_kind, one.evidence_id) for one in found))
    made = [
        Stand(
            one,
            evidence(s, methodology, one.evidence_kind, one.evidence_id),
            present.get(one.evidence_id) != one.revision and _changed(s, one),
        )
        for one in found
    ]
    held.clear()
    return made


def stale(link: Stand) -> bool:
    """Whether the evidence is no longer what was linked."""
    return link.changed or link.evidence is None


def meter(found: Sequence[Stand]) -> Meter:
    """How independent the supporting evidence is; what was deleted and own remarks count not."""
    supporting = [one for one in found if one.support.relation == SUPPORTS and one.evidence]
    against = [one for one in found if one.support.relation == CONTRADICTS]
    sourced = [one.evidence for one in supporting if one.evidence]
    gathered = [one for one in sourced if one.method != OWN_REMARK]
    return Meter(
        supports=len(supporting),
        methods=tuple(sorted({one.method for one in gathered}, key=METHODS.index)),
        sources=tuple(sorted({one.source for one in gathered})),
        inspectors=len({one.by for one in gathered if one.by}),
        contradictions=len(against),
        answered=sum(bool(one.support.why.strip()) for one in against),
    )


def basis_sentence(methodology: Methodology, found: Sequence[Stand]) -> str:
    """What a point rests on in counts, without references or roles; fit for the force's ears."""
    scale = methodology.scale_for("case").labels

    def these(relation: str) -> str:
        return basis(
            (one.evidence for one in found if one.evidence and one.support.relation == relation),
            scale,
        )

    resting, against = these(SUPPORTS), these(CONTRADICTS)
    said = f"rests on {resting}" if resting else RESTS_ON_NOTHING
    return f"{said}; contradicted by {against}" if against else said


def basis_words(strength: str, rests: str, *, rests_first: bool = False) -> str:
    """Strength and basis of a point in sentences, "nothing" said only once.

    Args:
        strength: :attr:`Meter.words`.
        rests: :func:`basis_sentence`.
        rests_first: the basis comes before the strength.
    """
    said = [f"{strength}.", f"It {rests}."]
    if strength.startswith(UNSUPPORTED) and rests.startswith(RESTS_ON_NOTHING):
        against = rests.removeprefix(RESTS_ON_NOTHING).removeprefix("; ")
        return f"{strength}." + (f" It is {against}." if against else "")
    return " ".join(reversed(said) if rests_first else said)


def trace_text(found: Trace) -> str:
    """A trace as plain text, its evidence numbered."""
    lines = [
        f"Point {found.number} ({found.sort}): {found.wording}",
        f"Criterion: {found.criterion or 'none'}. State: {found.state}.",
        basis_words(found.meter.words, found.basis),
    ]
    if found.stale:
        lines.append(
            f"{many(found.stale, 'source')} changed since linked; look again before relying "
            "on this."
        )
    number = 0
    for method in found.methods:
        for source in method.sources:
            lines += ["", f"{method.method.capitalize()}, {source.label}"]
            for link in source.links:
                number += 1
                lines += _link_lines(number, link, found.names)
    return "\n".join(lines) + "\n"


def _link_lines(number: int, link: Link, names: Mapping[str, str]) -> list[str]:
    support = link.support
    label = link.evidence.label if link.evidence else f"{support.evidence_kind}, deleted since"
    who = person_name(names, link.who)
    lines = [f"  {number}. [{support.relation}] {label}"]
    lines += [f"     {line}" for line in link.text.splitlines() if line.strip()]
    when = local(link.when) if link.when else "when not known"
    lines.append(f"     {who}, {when}, revision {support.revision or 'not known'}")
    if support.why:
        lines.append(f"     Why: {support.why}")
    if link.changed and link.evidence:
        lines.append("     Changed since linked. It now says:")
        lines += [f"     {line}" for line in link.evidence.text.splitlines() if line.strip()]
    return lines


def _link(s: Session, methodology: Methodology, support: Support) -> Link:
    """A support told whole, from the history of its evidence."""
    changes = history(s, support.evidence_kind, support.evidence_id)
    linked = history(s, Support.KIND, support.id)
    place = _place(changes, support)
    then = changes[place] if changes else None
    before = _values(support.evidence_kind, changes[: place + 1])
    return Link(
        support=support,
        evidence=evidence(s, methodology, support.evidence_kind, support.evidence_id),
        text=text_of(support.evidence_kind, before) if before else "",
        who=then.who if then else "",
        when=then.wall if then else "",
        linked_at=linked[-1].wall if linked else "",
        changed=before != _values(support.evidence_kind, changes),
    )


def _place(changes: Sequence[Change], support: Support) -> int:
    """Which change is the revision that was linked; the last where it is not known here."""
    last = len(changes) - 1
    return next((at for at, one in enumerate(changes) if str(one.op) == support.revision), last)


def _changed(s: Session, support: Support) -> bool:
    changes = history(s, support.evidence_kind, support.evidence_id)
    before = _values(support.evidence_kind, changes[: _place(changes, support) + 1])
    return before != _values(support.evidence_kind, changes)


def _values(kind: str, changes: Sequence[Change]) -> dict[str, Any]:
    """What a record's fields said after some changes, those apart that say nothing of evidence."""
    known = KINDS.get(kind)
    if known is None:
        return {}
    values = {name: known.default(name) for name in known.field_names() if name not in _APART}
    for one in changes:
        values.update({name: to for name, (_, to) in one.fields.items() if name in values})
    return values


def _grouped(methodology: Methodology, found: Sequence[Link]) -> tuple[TraceMethod, ...]:
    groups: dict[str, dict[str, list[Link]]] = {}
    order = {SUPPORTS: 0, CONTRADICTS: 1, CONTEXT: 2}
    for link in sorted(found, key=lambda one: (order[one.support.relation], one.when)):
        one = link.evidence
        method, source = (one.method, one.source) if one else (_DELETED, "deleted since")
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
