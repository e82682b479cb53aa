"""``fieldkit cases show``: all that is kept of one case, with labels."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from fieldkit.casework import queries
from fieldkit.casework.case_file import CaseFile, open_case
from fieldkit.casework.citations import Citation, citations_of
from fieldkit.casework.find_case import find_case
from fieldkit.casework.queries import QueryLine
from fieldkit.casework.referrals import clock
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs, paragraphs
from fieldkit.cli.kit.options import CASE
from fieldkit.methodology import Methodology
from fieldkit.methodology.audit_lines import AuditLine, audit_lines
from fieldkit.service import criterion_label, methodology_of, now
from fieldkit.visibility import is_revealed
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import person_name
from storage.records import Case, Note, Referral
from storage.records.judgment import Judgment
from storage.records.lookup import records_under
from storage.trust.current import people

_MARGIN = 6
"""Columns that the margin of a text below its heading takes."""


@dataclass(frozen=True, slots=True)
class WholeCase:
    """Holds all that is shown of a case."""

    file: CaseFile
    methodology: Methodology
    queries: list[QueryLine]
    referrals: list[Referral]
    citations: list[Citation]
    revealed: bool
    replaced_by: str
    names: Mapping[str, str]


def define_show(noun: CommandParser) -> None:
    """Say what “cases show” takes."""
    show = noun.command(
        "show",
        _show,
        "all of one case: what is known, judged, answered, noted, referred and asked of it",
        "All that is kept of one case. The force's own grade and reasons are shown once they are "
        "revealed, and not before.",
    )
    show.add_argument("case", metavar="CASE", help=CASE)


def _show(args: argparse.Namespace, context: Context) -> None:
    whole = context.read(_read, args.case)
    file = whole.file
    data = {
        "case": file.case,
        "key": file.key,
        "audit": file.audit,
        "judgments": file.judgments,
        "two_answers": sorted(file.two_answers),
        "notes": file.notes,
        "referral": file.referral,
        "referrals": whole.referrals,
        "revealed": whole.revealed,
        "force": file.force,
        "queries": whole.queries,
        "points": [
            {
                "number": one.point.number,
                "id": one.point.id,
                "sort": one.point.sort,
                "state": one.point.state,
                "wording": one.point.wording,
                "links": one.links,
            }
            for one in whole.citations
        ],
    }
    context.show(data, _text(whole, context.terminal.width), marked=True)


def _read(s: Session, inspection_id: str, wanted: str) -> WholeCase:
    case = find_case(s, inspection_id, wanted)
    instead = s.get(Case, case.replaced_by) if case.replaced_by else None
    return WholeCase(
        file=open_case(s, case.id),
        methodology=methodology_of(s, inspection_id),
        queries=queries.lines_of(s, case.id),
        referrals=records_under(s, Referral, case.id),
        citations=citations_of(s, case.id),
        revealed=is_revealed(s, case.id),
        replaced_by=instead.reference if instead else case.replaced_by,
        names=people(s.connection()),
    )


def _text(whole: WholeCase, width: int) -> str:
    lines = [pairs(_facts(whole), width)]
    for heading, texts in _sections(whole):
        lines.append(f"\n{heading}")
        for text in filter(None, texts):
            lines.append(set_in("  " + "\n".join(paragraphs(text, width - _MARGIN))))
    return "\n".join(lines)


def _facts(whole: WholeCase) -> list[tuple[str, str]]:
    case, key = whole.file.case, whole.file.key
    return [
        ("case", case.reference),
        ("withdrawn", case.withdrawn_reason if case.withdrawn else ""),
        ("replaced by", whole.replaced_by),
        ("type", ", ".join(whole.methodology.type_labels(case.types))),
        ("audited for", ", ".join(criterion_label(whole.methodology, area) for area in case.areas)),
        ("why audited", case.audited_because),
        ("origin", case.origin),
        ("incident", case.incident_on),
        ("child", " ".join(filter(None, (case.child_label, case.child_age)))),
        ("unit", case.unit),
        ("force's reference", key.force_ref if key else ""),
        ("key to the child", key.child if key else ""),
        ("audited by", _name(whole, case.allocated_to)),
        ("second reader", _name(whole, case.second_reader)),
        ("id", case.id),
    ]


def _name(whole: WholeCase, person: str) -> str:
    return person_name(whole.names, person) if person else ""


Section = tuple[str, tuple[str, ...]]
"""A heading, and the texts below it."""


def _sections(whole: WholeCase) -> Iterator[Section]:
    file, methodology = whole.file, whole.methodology
    for area in methodology.criteria_on("case", overall=True):
        yield _judged(whole, area.key, area.label)
    yield from _answers(whole)
    if file.force is not None:
        since = file.force.since.words(file.case.reference) if file.force.since else ""
        yield f"The force's grade: {file.force.said}", (file.force.rationale, since)
    else:
        said = "no row is matched" if whole.revealed else "not revealed"
        yield f"The force's grade: {said}", ()
    for referral in whole.referrals:
        yield _referred(whole, referral)
    for query in whole.queries:
        yield _queried(query)
    for note in file.notes:
        yield _noted(whole, note)
    for citation in whole.citations:
        point = citation.point
        links = (
            f"{link.relation}: {_evidence(whole, link.evidence_kind, link.evidence_id)}"
            + (f" ({link.why})" if link.why else "")
            for link in citation.links
        )
        yield f"Point {point.number}, {point.sort} ({point.state}):", (point.wording, *links)
    reference = file.case.reference
    yield (
        "History:",
        (
            f"“fieldkit history {reference}” says who changed what of the case, and “fieldkit "
            f"history {reference}/investigation” of one line.",
        ),
    )


def _judged(whole: WholeCase, key: str, label: str) -> Section:
    judgment: Judgment | None = whole.file.judgments.get(key)
    twice = " (≠ two answers: “fieldkit conflicts”)" if key in whole.file.two_answers else ""
    if judgment is None:
        return f"{label}: not judged{twice}", ()
    by = f" – {person_name(whole.names, judgment.by)}" if judgment.by else ""
    texts = (
        f"Why: {judgment.why}" if judgment.why else "",
        f"Rationale: {judgment.rationale}" if judgment.rationale else "",
        f"What went well: {judgment.went_well}" if judgment.went_well else "",
        f"Concern: {judgment.concern}" if judgment.concern else "",
    )
    return f"{label}: {judgment.said}{twice}{by}", texts


def _answers(whole: WholeCase) -> Iterator[Section]:
    """Yield the sections of the audit that have anything in them."""
    audit = whole.file.audit

    def said(line: AuditLine) -> str:
        text = short_moment(str(getattr(audit, line.field, "")))
        return f"{line.label}{'' if line.label.endswith('?') else ':'} {text}" if text else ""

    for heading, lines in groupby(audit_lines(whole.methodology), lambda one: one.heading):
        texts = tuple(filter(None, map(said, lines)))
        if texts:
            yield heading, texts


def _referred(whole: WholeCase, referral: Referral) -> Section:
    steps = (
        ("raised", referral.raised_at, _name(whole, referral.by)),
        (
            "told",
            referral.told_at,
            ", ".join(filter(None, (referral.told_whom, referral.told_how))),
        ),
        ("acknowledged", referral.acknowledged_at, referral.acknowledged_by),
        ("acted", referral.acted_at, referral.action),
        ("closed", referral.closed_at, referral.closed_reason),
    )
    reasons = {one.key: one.label for one in whole.methodology.referral_reasons}
    texts = (
        "; ".join(reasons.get(one, one) for one in referral.reasons),
        f"Known: {referral.known}" if referral.known else "",
        f"Asked for: {referral.asked_for}" if referral.asked_for else "",
        *(f"{step} {short_moment(at)}: {more}".rstrip(": ") for step, at, more in steps if at),
        f"Outcome: {referral.outcome}" if referral.outcome else "",
    )
    return f"Referred back to the force: {referral.state} ({clock(referral, now())})", texts


def _queried(query: QueryLine) -> Section:
    answer = ""
    if query.answer:
        answer = f"{query.answered_by}, {short_moment(query.answered_at)}: {query.answer}"
    return (
        f"Query on {query.label} ({query.state}), {query.asked_by} to {query.asked_of}, "
        f"{short_moment(query.asked_at)}:",
        (query.question, answer),
    )


def _noted(whole: WholeCase, note: Note) -> Section:
    criteria = (criterion_label(whole.methodology, key) for key in note.criteria)
    marks = ", ".join(filter(None, (note.polarity or "not marked", *criteria)))
    where = _evidence(whole, note.parent_kind, note.parent_id)
    place = f" on {where}" if note.parent_kind != Case.KIND else ""
    final = ", finalised" if note.finalised else ""
    head = f"Note{place} ({marks}{final}), {_name(whole, note.by)}, {short_moment(note.at)}:"
    return head, (note.text,)


def _evidence(whole: WholeCase, kind: str, record: str) -> str:
    """Say which part of the case a record is."""
    for key, judgment in whole.file.judgments.items():
        if judgment.id == record:
            return criterion_label(whole.methodology, key)
    for note in whole.file.notes:
        if note.id == record:
            return f"note of {short_moment(note.at)}"
    return kind.replace("_", " ")
