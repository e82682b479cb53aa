"""The first part of the report: how the inspection was done, and the force's circumstances."""

from __future__ import annotations

from collections import Counter

from fieldkit.comparison.numbers import series
from fieldkit.feedback.document.blocks import Bullets, Paragraph
from fieldkit.feedback.handover.casework import audit_remarks
from fieldkit.feedback.handover.frame import inspection_words, methods_grid, number_word
from fieldkit.followup.force import inspections_of_force
from fieldkit.followup.report.basis import rests_on
from fieldkit.followup.report.chapters import standing_words
from fieldkit.followup.report.draft import ReportDraft, Sources
from fieldkit.followup.status import status_of
from fieldkit.methodology import load_known
from fieldkit.wording.dates import span_words
from storage.records import Inspection, Recommendation
from storage.records.lookup import records_in

AIMS, RECORD, AUDITS = "aims of the programme", "record of the inspection", "case audits"
"""What standing sentences rest on."""


def inspection_blocks(draft: ReportDraft, sources: Sources) -> None:
    """Write why and how the inspection was done: aims, criteria, days, and what was done."""
    say, methodology = standing_words()["aims"], sources.methodology
    criteria = f"criteria of {methodology.version}"
    title = methodology.title[:1].lower() + methodology.title[1:]
    *areas, last = (one.label[:1].lower() + one.label[1:] for one in methodology.areas)
    draft.tell(say["text"].format(force=sources.inspection.force), AIMS)
    draft.tell(say["criteria"].format(title=title), criteria)
    draft.tell(say["areas"].format(areas=f"{'; '.join(areas)}; and {last}"), criteria)
    days = span_words(sources.inspection.starts, sources.inspection.ends)
    if days:
        between = "from " if " to " in days else "on "
        known = days if days[0].isalpha() else f"{between}{days}"
        draft.tell(say["when"].format(days=known), RECORD)
    table = methods_grid(sources.s, sources.inspection.id, sources.compared)
    if table is not None:
        draft.tell(say["methods"], RECORD)
        draft.add(table)
    if sources.told.findings:
        draft.tell(say["reached"], "record of the debriefs")


def force_blocks(draft: ReportDraft, sources: Sources) -> None:
    """Write the force's circumstances as they were noted, and what was recommended to it before."""
    say, s, inspection = standing_words()["force"], sources.s, sources.inspection
    remarks = audit_remarks(draft, s, inspection.id, sources.methodology, "context")
    if remarks:
        draft.tell(say["context"], AUDITS)
        draft.add(Bullets(tuple(rests_on(one, AUDITS) for one in remarks)))
    else:
        draft.tell(say["no_context"], AUDITS)
    before = [
        one
        for one in inspections_of_force(s, inspection.force)
        if one.id != inspection.id and one.starts < inspection.starts
    ]
    for one in before:
        _earlier(draft, sources, one)
    if not before:
        draft.tell(say["first"], RECORD)


def _earlier(draft: ReportDraft, sources: Sources, inspection: Inspection) -> None:
    """Write of an earlier inspection when it was, and how far its recommendations have come."""
    say, methodology = standing_words()["force"], load_known(inspection.judged_by)
    days = span_words(inspection.starts, inspection.ends)
    name = inspection_words(inspection, methodology or sources.methodology)
    basis = f"record of the earlier inspection, {inspection.document_reference}"
    about = f" ({', '.join(filter(None, (name[:1].lower() + name[1:], days)))})"
    draft.tell(say["earlier"].format(days=about), basis)
    made = records_in(sources.s, Recommendation, inspection.id)
    if not made:
        draft.tell(say["earlier_none"], basis)
        return
    states = Counter(map(status_of, made))
    parts = [
        f"{number_word(count)} {'is' if count == 1 else 'are'} {state}"
        for state, count in states.items()
    ]
    count = f"{number_word(len(made))} recommendation{'s' * (len(made) > 1)}"
    draft.add(
        Paragraph(
            rests_on(
                say["earlier_made"].format(recommendations=count, states=series(parts)),
                f"register of recommendations, {inspection.document_reference}",
            )
        )
    )
