"""Evidence: what a point may rest on, how a person calls it, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.entries import entry_label
from fieldkit.methodology import Methodology
from fieldkit.methodology.audit_lines import audit_words
from fieldkit.service import criterion_label
from fieldkit.wording.dates import moment_words
from storage.history.history import last_writer
from storage.ops.text import many
from storage.ops.walk import climb, levels
from storage.records import (
    Assessment,
    Case,
    CaseAudit,
    Document,
    Interview,
    Judgment,
    Note,
    Observation,
    Record,
)
from storage.records.judgment import GRADED
from storage.records.lookup import records_by_id
from storage.records.registry import KINDS, may_hold_notes

KINDS_OF_EVIDENCE = (
    *("note", "judgment", "case_audit", "assessment"),
    *("interview", "observation", "document"),
)
"""The kinds of record a point may rest on."""

CASE_AUDIT = "case audit"
OBSERVATION = "observation"
DOCUMENT_REVIEW = "document review"
OWN_REMARK = "own remark"
"""A remark of ours that rests on no source of its own; it counts as no method."""

METHODS = (CASE_AUDIT, "interview", "focus group", OBSERVATION, DOCUMENT_REVIEW, OWN_REMARK)
"""The methods in the order in which a sentence names them."""

_OWN_SOURCES = {
    CASE_AUDIT: "case files",
    OBSERVATION: "seen on site",
    DOCUMENT_REVIEW: "documents",
    OWN_REMARK: "the inspection team",
}
_METHOD_OF = {
    **dict.fromkeys((Case.KIND, Judgment.KIND, CaseAudit.KIND), CASE_AUDIT),
    Observation.KIND: OBSERVATION,
    Document.KIND: DOCUMENT_REVIEW,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Holds one piece of evidence as it now stands.

    Attributes:
        kind: the kind of record.
        id: which one.
        label: how a person calls it.
        text: what it says.
        criteria: the keys of the criteria it bears on.
        polarity: which way it points, where it was marked.
        method: how it was gathered ("case audit", "focus group").
        source: the source group: of interviews its key or the role, else where it was found.
        root: the case, interview, observation or document it comes from.
        grade: the grade, for a judgment with one.
        by: who entered it.
    """

    kind: str
    id: str
    label: str
    text: str
    criteria: tuple[str, ...]
    polarity: str
    method: str
    source: str
    root: tuple[str, str]
    grade: str
    by: str


def evidence_of(
    s: Session, methodology: Methodology, record: Record, *, writer: bool = True
) -> Evidence:
    """Return what a record says as evidence; raises ``KeyError`` for a kind that is none.

    Args:
        s: a session.
        methodology: of its inspection.
        record: it.
        writer: say who wrote it last also where only its history tells; nobody otherwise.
    """
    root = root_of(s, record)
    method, source = method_and_source(
        root.KIND,
        *((root.meeting, root.source_group or root.role) if isinstance(root, Interview) else ()),
    )
    criteria: tuple[str, ...] = ()
    if isinstance(record, Note):
        criteria = tuple(record.criteria)
    elif isinstance(record, Judgment | Assessment):
        criteria = (record.criterion,)
    values = {name: getattr(record, name) for name in record.field_names()}
    by = values.get("by", "")
    if writer and "by" not in values:
        # A case audit is filled in by several persons and names none.
        by = last_writer(s, record.KIND, record.id)
    return Evidence(
        kind=record.KIND,
        id=record.id,
        label=_label(methodology, record, root),
        text=text_of(record.KIND, values, methodology),
        criteria=criteria,
        polarity=record.polarity if isinstance(record, Note) else "",
        method=method,
        source=source,
        root=(root.KIND, root.id),
        grade=record.graded if isinstance(record, Judgment | Assessment) else "",
        by=by,
    )


def evidence(s: Session, methodology: Methodology, kind: str, record_id: str) -> Evidence | None:
    """Return the evidence of that kind and id; nothing where it has been deleted."""
    record = s.get(KINDS[kind], record_id) if kind in KINDS_OF_EVIDENCE else None
    return evidence_of(s, methodology, record) if record is not None else None


def fetch_evidence(s: Session, wanted: Iterable[tuple[str, str]]) -> list[Record]:
    """Return records of evidence, by kind and id, with what they come from, in few statements.

    A session only knows records that somebody holds; while this list is held, they are found
    without asking the store again.
    """
    records: list[Record] = []

    def fetch(places: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        by_kind: dict[str, set[str]] = {}
        for kind, record in places:
            by_kind.setdefault(kind, set()).add(record)
        for kind in by_kind.keys() & KINDS.keys():
            latest = records_by_id(s, KINDS[kind], by_kind[kind])
            records.extend(latest)
            yield from filter(None, map(_source_of, latest))

    for _ in levels(wanted, fetch):
        pass
    return records


def text_of(kind: str, values: Mapping[str, Any], methodology: Methodology) -> str:
    """Return what a record of evidence says, from its fields as they stand or once stood.

    A colleague's link may name a kind that is no evidence, which says nothing here.
    """
    if kind not in KINDS_OF_EVIDENCE:
        return ""
    if kind == "note":
        return str(values["text"])
    if kind == "case_audit":
        return "\n".join(audit_words(methodology, values, moment_words))
    if kind in ("judgment", "assessment"):
        graded = values["state"] == GRADED
        answer = (graded and values["grade"]) or values["state"]
        lines = [f"{answer}: {values['rationale']}" if values["rationale"] else str(answer)]
        lines += [
            f"{heading}: {values[name]}"
            for name, heading in (
                ("state_reason", "Why"),
                ("went_well", "Went well"),
                ("concern", "Concern"),
            )
            if values.get(name) and not (graded and name == "state_reason")
        ]
        return "\n".join(lines)
    if kind == "interview":
        missing = values["unavailable"]
        return f"{values['role']}, {values['mode']}" + f"; not available: {missing}" * bool(missing)
    if kind == "observation":
        return str(values["what"] or values["place"])
    return str(values["title"]) + f" ({values['sort']})" * bool(values["sort"])


def root_of(s: Session, record: Record) -> Record:
    """Return the case, interview, observation or document that a record comes from, or itself."""
    places = climb((record.KIND, record.id), lambda place: _source_of(_get(s, record, place)))
    records = (_get(s, record, place) for place in places)
    # What is not kept here, or comes back to where it began, is no source; the last before it is.
    return [one for one in records if one is not None][-1]


def _get(s: Session, record: Record, place: tuple[str, str]) -> Record | None:
    kind, identity = place
    if place == (record.KIND, record.id):
        return record
    return s.get(KINDS[kind], identity) if kind in KINDS else None


def _source_of(record: Record | None) -> tuple[str, str] | None:
    """Return the kind and id of the record that one comes from; None where it comes from none."""
    if isinstance(record, Note):
        held = may_hold_notes(record.parent_kind)
        return (record.parent_kind, record.parent_id) if held else None
    return (Case.KIND, record.case_id) if isinstance(record, Judgment | CaseAudit) else None


def source_label(methodology: Methodology, source: str) -> str:
    """Name a source group: of the methodology's groups their label without placeholders."""
    known = {one.key: one for one in methodology.source_groups}
    group = known.get(source)
    return group.label if group is not None and "{" not in group.label else source


def basis(pieces: Iterable[Evidence], scale: tuple[str, ...]) -> str:
    """Count what evidence is made of, without any reference: “2 case audits (1 inadequate)”.

    Counted are the cases, interviews, observations and documents it comes from, not remarks.
    ``scale`` is the case scale from best to worst.
    """
    roots: dict[str, set[tuple[str, str]]] = {}
    worst: dict[tuple[str, str], int] = {}
    for piece in pieces:
        roots.setdefault(piece.method, set()).add(piece.root)
        if piece.method == CASE_AUDIT and piece.grade in scale:
            place = scale.index(piece.grade)
            worst[piece.root] = max(place, worst.get(piece.root, 0))
    parts = []
    for method in sorted(roots, key=METHODS.index):
        graded = [sum(place == at for place in worst.values()) for at in range(len(scale))]
        grades = ", ".join(
            f"{count} {grade}"
            for count, grade in reversed(list(zip(graded, scale, strict=True)))
            if count
        )
        inside = f" ({grades})" if method == CASE_AUDIT and grades else ""
        parts.append(f"{many(len(roots[method]), method)}{inside}")
    return ", ".join(parts)


def method_and_source(kind: str, meeting: str = "", group: str = "") -> tuple[str, str]:
    """Return how evidence was gathered and its source group, by the kind of record it comes from.

    Args:
        kind: of that record.
        meeting: of an interview, whether it was one or a focus group.
        group: of an interview, the source group, or the role where there is none.
    """
    if kind == Interview.KIND:
        return meeting, group
    method = _METHOD_OF.get(kind, OWN_REMARK)
    return method, _OWN_SOURCES[method]


def _label(methodology: Methodology, record: Record, root: Record) -> str:
    where = ""
    if isinstance(root, Case):
        where = root.reference
    elif isinstance(root, Interview | Observation | Document):
        where = entry_label(root)
    if isinstance(record, Judgment):
        criterion = criterion_label(methodology, record.criterion)
        return f"{where}, {criterion}" if where else criterion
    if isinstance(record, CaseAudit):
        return f"{where}, {CASE_AUDIT}" if where else CASE_AUDIT
    if isinstance(record, Assessment):
        return f"The force, {criterion_label(methodology, record.criterion)}"
    if isinstance(record, Note):
        return f"{where}, note" if where else "Remark"
    return where
