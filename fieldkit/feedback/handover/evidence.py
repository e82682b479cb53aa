"""The annex of evidence: what each finding was made from, by kind and source, nobody named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from fieldkit.evidence.evidence import CASE_AUDIT, METHODS, OWN_REMARK, Evidence
from fieldkit.evidence.trace import support_statuses
from fieldkit.evidence.triangulation import SUPPORTS
from fieldkit.feedback.document.blocks import Paragraph, grid
from fieldkit.feedback.handover.draft import Draft, words
from fieldkit.feedback.handover.findings import Finding
from fieldkit.methodology import Methodology, find
from fieldkit.wording.dates import day_words
from storage.records import Case, Document, Interview, Observation, Referral, Support
from storage.records.lookup import records_in, records_under
from storage.records.registry import KINDS

Root = tuple[str, str]
_PARTNERS = "partner agency"


class EvidenceRows:
    """Says of each finding what it was made from, as far as the force may be told.

    Attributes:
        held: the cases whose reference the force holds: it graded them, or was told of them.
    """

    def __init__(self, s: Session, inspection_id: str, methodology: Methodology) -> None:
        self._s, self._methodology = s, methodology
        told = {one.case_id for one in records_in(s, Referral, inspection_id) if one.told_at}
        self.held = {
            one.id
            for one in records_in(s, Case, inspection_id)
            if one.origin == "self-assessed" or one.id in told
        }

    def of(self, finding: Finding) -> list[tuple[str, str]]:
        """Return kind and source of each source of a finding, each source once."""
        links = [
            one
            for one in records_under(self._s, Support, finding.point_id)
            if one.relation == SUPPORTS
        ]
        pieces: dict[Root, Evidence] = {}
        for status in support_statuses(self._s, self._methodology, links):
            piece = status.evidence
            if piece is not None and not (piece.root in pieces and not piece.grade):
                pieces[piece.root] = piece
        ordered = sorted(pieces.values(), key=lambda one: METHODS.index(one.method))
        return [self._row(one) for one in ordered]

    def _row(self, piece: Evidence) -> tuple[str, str]:
        kind, identity = piece.root
        record = self._s.get(KINDS[kind], identity) if kind in KINDS else None
        if isinstance(record, Case):
            parts = [", ".join(self._methodology.type_labels(record.types)), piece.grade]
            if record.id in self.held:
                parts.append(f"case {record.reference}")
            return CASE_AUDIT.capitalize(), ", ".join(filter(None, parts)) or "case file"
        if isinstance(record, Interview):
            return piece.method.capitalize(), self._group(record.source_group)
        if isinstance(record, Observation):
            seen = f", {day_words(record.held_on)}" if record.held_on else ""
            return piece.method.capitalize(), f"seen on site{seen}"
        if isinstance(record, Document):
            dated = f", dated {day_words(record.dated)}" if record.dated else ""
            return "Document", f"received from the force{dated}"
        if piece.method == OWN_REMARK:
            return "Remark", "the inspection team"
        return piece.method.capitalize(), "case file"

    def _group(self, source: str) -> str:
        groups = {one.key: one for one in self._methodology.source_groups}
        term = find(self._methodology.source_groups, source) if source else None
        if term is not None and "{" in term.label:
            # One person holds that office, who would be named by it.
            term = groups.get(_PARTNERS)
        # What else stands there is a person's own word, which may point to a person.
        return term.label if term is not None else "group not recorded"


def evidence_blocks(draft: Draft, table: Sequence[tuple[str, ...]]) -> None:
    """Write the annex of evidence, numbered through all findings; nothing where none is recorded.

    That there is none would be our own doubt, which is not the force's to read.
    """
    if table:
        say = words()["annex"]
        draft.begin_annex(say["evidence"])
        headings = ("Finding", "No.", "Kind", "Source")
        draft.add(
            Paragraph(say["evidence_lead"]),
            grid(headings, table, (10, 8, 22, 60), (1,)),
        )


def evidence_rows(findings: Iterable[Finding], rows: EvidenceRows) -> Sequence[tuple[str, ...]]:
    """Return a row for each source of each finding, numbered through all of them."""
    table: list[tuple[str, ...]] = []
    for one in findings:
        for kind, source in rows.of(one):
            table.append((str(one.number), str(len(table) + 1), kind, source))
    return table
