"""The report while it is put together: its sections, and whose words stand in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlmodel import Session

from fieldkit.comparison.compare import Comparison
from fieldkit.feedback.document.blocks import Block, Heading, Paragraph
from fieldkit.feedback.handover.draft import Draft
from fieldkit.feedback.handover.evidence import EvidenceRows
from fieldkit.feedback.handover.findings import Finding, Told
from fieldkit.followup.report.basis import numbers_words, with_basis
from fieldkit.followup.report.chapters import Chapter, Chapters
from fieldkit.methodology import Methodology
from storage.ops.text import many
from storage.records import Assessment, Inspection, Recommendation, Referral

CHAPTER_LEVEL, WITHIN = 2, 3
"""The levels of the headings of a chapter and of what stands within one; a part has level 1."""


@dataclass(slots=True)
class Section:
    """Holds one part of the document that is written, kept or renewed as a whole.

    Attributes:
        key: a chapter's key, or "front", "summary" or "annex".
        title: as it is printed; empty for what stands before the first heading.
        blocks: all that stands in it, its headings among them, each sentence with its basis.
    """

    key: str
    title: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sources:
    """Holds all that the report is made of, read once.

    Attributes:
        inspection, methodology: which inspection, and by which criteria.
        told: the findings.
        compared: the cases and their grades.
        raised: the cases handed back.
        judged: what is judged of the force itself, by criterion.
        recommended: the recommendations of the inspection that stand.
        evidence: kind and source of each piece of evidence, by the id of the point.
        contents: the chapters.
    """

    s: Session
    inspection: Inspection
    methodology: Methodology
    told: Told
    compared: Comparison
    raised: tuple[Referral, ...]
    judged: dict[str, Assessment]
    recommended: tuple[Recommendation, ...]
    evidence: dict[str, list[tuple[str, str]]]
    contents: Chapters

    def finding(self, point_id: str) -> Finding | None:
        """Return the finding that a point is; None where it was not told or does not stand."""
        return next((one for one in self.told.findings if one.point_id == point_id), None)

    def basis_of(self, finding: Finding) -> str:
        """Return what a finding rests on: its number, and how many pieces of evidence by kind."""
        kinds: dict[str, int] = {}
        for kind, _ in self.evidence.get(finding.point_id, ()):
            kinds[kind.lower()] = kinds.get(kind.lower(), 0) + 1
        counted = ", ".join(many(number, kind) for kind, number in kinds.items())
        name = numbers_words("finding", [finding.number])
        return f"{name}: {counted}" if counted else name


class ReportDraft(Draft):
    """Puts the sections of the report together; whoever writes says what each sentence rests on."""

    __slots__ = ("sections",)

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[Section] = []

    def begin(self, key: str, title: str, headings: Iterable[Heading] = ()) -> None:
        """Begin a section; what is added from now on stands in it."""
        self.sections.append(Section(key, title, list(headings)))

    def add(self, *blocks: Block) -> None:
        """Put blocks at the end of the section."""
        self.sections[-1].blocks += blocks

    def tell(self, text: str, basis: str, *, lead: str = "", inset: bool = False) -> None:
        """Write a paragraph each of whose sentences rests on the same; nothing for no text."""
        if text.strip():
            self.add(with_basis(Paragraph(text, lead, inset), basis))

    def add_based(self, blocks: Iterable[Block], basis: str) -> None:
        """Put blocks at the end, each sentence in them with what it rests on."""
        self.add(*(with_basis(one, basis) for one in blocks))

    @property
    def begun(self) -> int:
        """Return how many blocks the section has."""
        return len(self.sections[-1].blocks)


def chapter_headings(chapter: Chapter, title: str) -> list[Heading]:
    """Return the headings with which a chapter begins, that of its part before it."""
    part = [Heading(chapter.part, 1, new_page=True)] if chapter.part else []
    return [*part, Heading(title, CHAPTER_LEVEL)]


def evidence_of(told: Told, rows: EvidenceRows) -> dict[str, list[tuple[str, str]]]:
    """Return kind and source of each piece of evidence of each finding, by its point's id."""
    return {one.point_id: rows.of(one) for one in told.findings}
