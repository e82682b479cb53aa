"""What stands before the chapters: the title block, and the summary, which leads with strengths."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.feedback.document.blocks import Bullets
from fieldkit.feedback.handover.findings import CLARIFY, CONCERN, PRACTICE, STRENGTH, Finding
from fieldkit.feedback.handover.frame import Addressed, counts_words, title_block
from fieldkit.followup.report.background import AUDITS, RECORD
from fieldkit.followup.report.basis import numbers_words, rests_on
from fieldkit.followup.report.chapters import standing_words
from fieldkit.followup.report.draft import ReportDraft, Sources
from fieldkit.followup.report.findings import JUDGMENT
from fieldkit.followup.report.future import counted, numbered
from fieldkit.wording.dates import day_words, span_words
from fieldkit.wording.format import without_stop

TOLD = "record of the debriefs"


def front_blocks(draft: ReportDraft, sources: Sources, addressed: Addressed) -> None:
    """Write from whom and for whom it is, and whether it is a draft."""
    say, published = standing_words()["document"], sources.inspection.published
    title_block(draft, addressed, sources.inspection)
    draft.tell(
        say["published"].format(day=day_words(published)) if published else say["draft"], RECORD
    )


def summary_blocks(draft: ReportDraft, sources: Sources) -> None:
    """Write the executive summary: strengths and practice first, then concerns and the rest."""
    say, inspection = standing_words()["summary"], sources.inspection
    days = span_words(inspection.starts, inspection.ends)
    about = say["about"].format(force=inspection.force, days=f" ({days})" if days else "")
    draft.tell(about, RECORD)
    of_sort = {
        sort: [one for one in sources.told.findings if one.sort == sort]
        for sort in (STRENGTH, PRACTICE, CONCERN, CLARIFY)
    }
    good, open_ = of_sort[STRENGTH] + of_sort[PRACTICE], of_sort[CONCERN] + of_sort[CLARIFY]
    _findings(draft, sources, good, say["strengths"], say["no_strengths"])
    _findings(draft, sources, open_, say["also"] if good else say["strengths"], say["no_concerns"])
    compared = sources.compared.all_cases
    if compared.cases > compared.not_judged:
        draft.tell(f"We {sources.compared.sentence}.", AUDITS)
    judged = [
        f"{one.label}: {sources.judged[one.key].said}"
        for one in (*sources.methodology.areas, sources.methodology.overall)
        if one.key in sources.judged
    ]
    if judged:
        draft.tell(say["judged"], JUDGMENT)
        draft.add(Bullets(tuple(rests_on(f"{one}.", JUDGMENT) for one in judged)))
    if sources.recommended:
        draft.tell(counted(sources), numbered(sources))
    else:
        draft.tell(say["not_recommended"], RECORD)


def _findings(
    draft: ReportDraft, sources: Sources, findings: Sequence[Finding], lead: str, none: str
) -> None:
    """Write how many findings of some sorts there are, and each in its words."""
    if not findings:
        draft.tell(none, TOLD)
        return
    numbers = numbers_words("finding", [one.number for one in findings])
    draft.tell(lead.format(counts=counts_words(findings)), numbers)
    draft.add(
        Bullets(
            tuple(
                rests_on(f"{without_stop(one.wording)}.", sources.basis_of(one)) for one in findings
            )
        )
    )
    disputed = numbers_words("finding", [one.number for one in findings if not one.agreed])
    if disputed:
        say = standing_words()["summary"]["not_agreed"]
        draft.tell(say.format(findings=disputed), disputed)
