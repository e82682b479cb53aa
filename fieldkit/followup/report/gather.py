"""The report, gathered from what was told, judged, compared and recommended.

In it: the words of findings as the hand-over has them. Not in it: what was never told in a debrief,
notes, what was said to us, names, the force's references, and our doubts about our evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from fieldkit.comparison import assemble
from fieldkit.feedback.document.blocks import Block, Heading, Written, grid
from fieldkit.feedback.handover.draft import words
from fieldkit.feedback.handover.evidence import EvidenceRows
from fieldkit.feedback.handover.findings import judged_of_force, told
from fieldkit.feedback.handover.frame import Addressed, inspection_words
from fieldkit.feedback.handover.gather import remarks_of, waiting_of
from fieldkit.feedback.handover.handover import Handover, Waiting, named_recipients
from fieldkit.followup.report.background import force_blocks, inspection_blocks
from fieldkit.followup.report.basis import printed
from fieldkit.followup.report.casework import cases_blocks
from fieldkit.followup.report.chapters import (
    ANNEX,
    FRONT,
    SUMMARY,
    Chapter,
    Chapters,
    chapters,
    left_out,
    standing_words,
)
from fieldkit.followup.report.draft import (
    ReportDraft,
    Section,
    Sources,
    chapter_headings,
    evidence_of,
)
from fieldkit.followup.report.findings import findings_blocks, practice_blocks
from fieldkit.followup.report.future import next_blocks, recommendations_blocks
from fieldkit.followup.report.summary import front_blocks, summary_blocks
from fieldkit.methodology import load
from fieldkit.service import existing, today
from storage.ops.text import many
from storage.records import Basis, Inspection, Recommendation, Referral
from storage.records.log import disclosures
from storage.records.lookup import records_in, records_under

REPORT = "report"
"""What a disclosure says was given; the name of the file follows."""
ABOUT = "how this report is made"
"""What a sentence rests on that tells of the report itself."""

Writer = Callable[[ReportDraft, Sources], None]

_WRITERS: dict[str, Writer] = {
    "inspection": inspection_blocks,
    "force": force_blocks,
    "cases": cases_blocks,
    "practice": practice_blocks,
    "recommendations": recommendations_blocks,
    "next": next_blocks,
}
"""What writes each chapter; all others have the findings under their criteria."""


@dataclass(frozen=True, slots=True)
class Report:
    """Holds the report as it would be given now.

    Attributes:
        handover: what leaves, in words, with its texts, recipients and marking.
        waiting: what else is looked over before it leaves.
        sections: its sections with all that each sentence rests on, whether that is printed or not.
        with_basis: that is printed.
    """

    handover: Handover
    waiting: Waiting
    sections: tuple[Section, ...]
    with_basis: bool

    def printed(self, section: Section) -> tuple[Block, ...]:
        """Return the blocks of a section as they are printed."""
        return tuple(printed(one, shown=self.with_basis) for one in section.blocks)


def prepare_report(
    s: Session,
    inspection_id: str,
    recipients: str | Sequence[str] = "",
    *,
    sender: str = "",
    with_basis: bool = True,
    chapters_file: Path | None = None,
) -> Report:
    """Return the report as it would be given now; nothing is written.

    Args:
        s: a session.
        inspection_id: of which inspection.
        recipients: for whom, by role; those who write the report where none is given.
        sender: from whom; the inspection team where it is not given.
        with_basis: print in brackets what each sentence rests on, and the annex of evidence.
        chapters_file: a TOML file with other titles or another order of the chapters.

    Raises:
        RefusedError: the recipients name nobody, or the file of chapters is not as it must be.
        NotThereError: there is no such inspection.
    """
    contents = chapters(chapters_file)
    sources = _sources(s, inspection_id, contents)
    inspection = sources.inspection
    say = standing_words()["document"]
    whom = named_recipients(recipients or say["recipients"])
    addressed = Addressed(
        sender=sender.strip() or words()["document"]["sender"],
        recipients=whom,
        reference=inspection.document_reference,
        version=given_before(s, inspection_id) + 1,
        day=today(),
    )
    draft = _written(sources, addressed, with_basis=with_basis)
    blocks = [printed(one, shown=with_basis) for each in draft.sections for one in each.blocks]
    handover = Handover(
        inspection_id=inspection_id,
        what=REPORT,
        force=inspection.force,
        marking=inspection.marking,
        recipients=whom,
        reference=addressed.reference,
        version=addressed.version,
        findings=sources.told.findings,
        document=Written(
            title=say["title"],
            subtitle=inspection_words(inspection, sources.methodology),
            marking=inspection.marking,
            foot=addressed.known_by,
            blocks=tuple(blocks),
        ),
        texts=tuple(draft.texts),
        counts={
            "case": sources.compared.all_cases.cases,
            "point": len(sources.told.findings),
            "recommendation": len(sources.recommended),
            "referral": len(sources.raised),
        },
        left_out=(*remarks_of(sources.told, sources.compared), *_remarks(sources)),
    )
    waiting = waiting_of(sources.told, sources.compared)
    return Report(handover, waiting, tuple(draft.sections), with_basis)


def given_before(s: Session, inspection_id: str) -> int:
    """Say how many versions were given before, by anybody whose record has come here."""
    return sum(
        one.inspection_id == inspection_id and one.what.startswith(f"{REPORT} ")
        for one in disclosures(s)
    )


def _sources(s: Session, inspection_id: str, contents: Chapters) -> Sources:
    inspection = existing(s, Inspection, inspection_id)
    methodology = load(inspection.judged_by)
    findings = told(s, inspection_id, methodology)
    standing = [one for one in records_in(s, Recommendation, inspection_id) if not one.ended]
    return Sources(
        s=s,
        inspection=inspection,
        methodology=methodology,
        told=findings,
        compared=assemble.comparison(s, inspection_id),
        raised=tuple(records_in(s, Referral, inspection_id)),
        judged=judged_of_force(s, inspection_id),
        recommended=tuple(sorted(standing, key=lambda one: (one.number, one.id))),
        evidence=evidence_of(findings, EvidenceRows(s, inspection_id, methodology)),
        contents=contents,
    )


def _written(sources: Sources, addressed: Addressed, *, with_basis: bool) -> ReportDraft:
    draft = ReportDraft()
    draft.begin(FRONT, "")
    front_blocks(draft, sources, addressed)
    if with_basis:
        draft.tell(standing_words()["document"]["basis"], ABOUT)
    title = sources.contents.summary
    draft.begin(SUMMARY, title, [Heading(title, 1)])
    summary_blocks(draft, sources)
    for chapter in sources.contents.chapters:
        _chapter(draft, sources, chapter)
    if with_basis:
        _annex(draft, sources)
    return draft


def _chapter(draft: ReportDraft, sources: Sources, chapter: Chapter) -> None:
    """Write a chapter, or the sentence that says why it holds nothing."""
    title = chapter.title.replace("{force}", sources.inspection.force)
    draft.begin(chapter.key, title, chapter_headings(chapter, title))
    before = draft.begun
    writer = _WRITERS.get(chapter.key)
    if writer is not None:
        writer(draft, sources)
    else:
        findings_blocks(draft, sources, chapter)
    if draft.begun == before:
        findings = writer is None
        draft.tell(chapter.empty, f"record of the {'debriefs' if findings else 'inspection'}")


def _annex(draft: ReportDraft, sources: Sources) -> None:
    say = standing_words()["annex"]
    draft.begin(ANNEX, say["title"], [Heading(say["title"], 1, new_page=True)])
    rows = [
        (str(one.number), kind, source)
        for one in sources.told.findings
        for kind, source in sources.evidence.get(one.point_id, ())
    ]
    draft.tell(say["lead"] if rows else say["none"], ABOUT)
    if rows:
        draft.add(grid(("Finding", "Kind", "Source"), rows, (10, 25, 65), (0,)))


def _remarks(sources: Sources) -> tuple[str, ...]:
    """Say what is to be kept in mind, for the inspector alone."""
    missing = left_out(sources.contents)
    bare = [
        one
        for one in sources.recommended
        if not any(
            sources.finding(basis.point_id) for basis in records_under(sources.s, Basis, one.id)
        )
    ]
    known = f"In it: {many(len(bare), 'recommendation')} that no told finding is behind."
    return tuple(
        [f"The file of chapters leaves out: {'; '.join(missing)}."] * bool(missing)
        + [known] * bool(bare)
    )
