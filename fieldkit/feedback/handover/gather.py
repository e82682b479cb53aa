"""What the force is given when the team leaves, gathered from what was agreed and committed.

In it: points that were told, in the words agreed; what was audited; the comparison; the referrals.
Not in it: names of inspectors and colleagues, notes, what was said to us, the force's references,
the key to child labels, and what was never told in a debrief.
"""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session

from fieldkit.comparison import assemble
from fieldkit.comparison.figures.three_tables import GradeTable
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.evidence.triangulation import basis_words
from fieldkit.feedback.debriefs.actions import actions
from fieldkit.feedback.debriefs.sheet import EMERGING, SheetPoint, sheet_of
from fieldkit.feedback.handover.blocks import Block, Bullets, Handover, Heading, Paragraph
from fieldkit.feedback.handover.comparison import comparison_blocks, not_revealed
from fieldkit.service import existing, filled, methodology_of, today
from fieldkit.wording.format import local, with_facts, without_stop
from storage.ops.text import many
from storage.records import Case, Document, Inspection, Interview, Observation, Point, Referral
from storage.records.debrief import debriefs as debriefs_of
from storage.records.lookup import records_by_id, records_in

SORTS = (
    ("strength", "Strengths"),
    ("notable practice", "Notable practice"),
    ("concern", "Concerns"),
    ("to clarify", "To be clarified"),
)


def gather(
    s: Session, inspection_id: str, recipient: str, *, with_rationale: bool = False
) -> Handover:
    """Return the hand-over as it would be given now; nothing is written.

    Args:
        s: a session.
        inspection_id: of which inspection.
        recipient: for whom, by role.
        with_rationale: our own reasons beside each difference.

    Raises:
        RefusedError: nobody is named for whom it is.
        NotThereError: there is no such inspection.
    """
    inspection = existing(s, Inspection, inspection_id)
    whom = filled(recipient, "For whom it is, by role,")
    agreed, untold, withdrawn = _told(s, inspection_id)
    raised = records_in(s, Referral, inspection_id)
    compared = assemble.comparison(s, inspection_id)
    blocks: list[Block] = [
        Heading(f"Hand-over: {inspection.force}", 1),
        Paragraph(
            f"{inspection.phase.capitalize()}, {_dates(inspection)}. For: {whom}. {today()}."
        ),
        Paragraph(EMERGING, strong=True),
        Heading("How this was gathered"),
        Bullets(_methods(s, inspection_id, compared.all_cases)),
        *_points(agreed),
        *_actions(s, inspection_id),
        *_referrals(s, inspection_id, raised),
        *comparison_blocks(compared, with_rationale=with_rationale),
    ]
    left_out = [
        *([f"{many(untold, 'point')} not told in any debrief yet."] if untold else []),
        *([f"{many(withdrawn, 'point')} withdrawn since it was told."] if withdrawn else []),
        *compared.checks,
        *not_revealed(compared),
        "Never in it: names, notes, what interviewees said, the force's own references, raw cells "
        "of its workbook" + ("." if with_rationale else ", our reasons for single grades."),
    ]
    return Handover(
        inspection_id=inspection_id,
        force=inspection.force,
        marking=inspection.marking,
        recipient=whom,
        blocks=tuple(blocks),
        counts={
            "case": compared.all_cases.cases,
            "difference": len(compared.disparities),
            "point": len(agreed),
            "referral": len(raised),
        },
        left_out=tuple(left_out),
    )


def _dates(inspection: Inspection) -> str:
    """Say when the fieldwork was, as far as that is recorded."""
    starts, ends = inspection.starts, inspection.ends
    if starts and ends:
        return starts if starts == ends else f"{starts} to {ends}"
    if starts:
        return f"from {starts}, last day not recorded"
    return f"until {ends}, first day not recorded" if ends else "dates not recorded"


def _methods(s: Session, inspection_id: str, cases: GradeTable) -> tuple[str, ...]:
    """Say how many of each; with the reason why it is done, which forces asked for."""
    audited = cases.cases - cases.not_judged
    # Of whom “not available” speaks somebody else was met; a meeting not held is not entered.
    meetings = Counter(one.meeting for one in records_in(s, Interview, inspection_id))
    read = sum(bool(one.received_on) for one in records_in(s, Document, inspection_id))
    observed = len(records_in(s, Observation, inspection_id))
    return (
        f"{many(audited, 'case audit')}: what was done for single children, from the records.",
        f"{many(meetings['interview'], 'interview')} and "
        f"{many(meetings['focus group'], 'focus group')}: how officers, staff and partners work "
        "and what helps or hinders them.",
        f"{many(observed, 'observation')}: work as it is done.",
        f"{many(read, 'document')} received: policy, plans and figures.",
    )


def _told(s: Session, inspection_id: str) -> tuple[list[SheetPoint], int, int]:
    """Each point as it was last told, how many never were, how many were withdrawn since."""
    last: dict[str, SheetPoint] = {}
    for debrief in reversed(debriefs_of(s, inspection_id)):
        for point in sheet_of(s, debrief.id).points:
            if point.frozen:
                last[point.point_id] = point
    agreed = [one for one in last.values() if not one.withdrawn]
    untold = sum(
        one.id not in last and one.state != WITHDRAWN for one in records_in(s, Point, inspection_id)
    )
    order = [one.label for one in methodology_of(s, inspection_id).areas]
    agreed.sort(
        key=lambda point: (
            order.index(point.criterion) if point.criterion in order else len(order),
            point.number,
        )
    )
    return agreed, untold, len(last) - len(agreed)


def _points(agreed: list[SheetPoint]) -> list[Block]:
    blocks: list[Block] = []
    for sort, heading in SORTS:
        of_sort = [one for one in agreed if one.sort == sort]
        if not of_sort and sort in ("notable practice", "to clarify"):
            continue
        blocks.append(Heading(heading))
        if not of_sort:
            blocks.append(Paragraph("None was told in a debrief."))
        for number, point in enumerate(of_sort, 1):
            about = f" ({point.criterion})" if point.criterion else ""
            blocks.append(Paragraph(f"{number}. {point.wording}{about}", strong=True))
            items = [basis_words(point.strength, point.basis, rests_first=True)]
            items.append(f"The force's response: {point.response}" if point.response else "")
            items.append(f"Outcome: {point.outcome}" if point.outcome else "")
            blocks.append(Bullets(tuple(filter(None, items))))
    return blocks


def _actions(s: Session, inspection_id: str) -> list[Block]:
    promised = actions(s, inspection_id, None, done=True)
    if not promised:
        return []
    return [
        Heading("Immediate actions the force has promised"),
        Bullets(tuple(action.words for action in promised)),
    ]


def _referrals(s: Session, inspection_id: str, raised: list[Referral]) -> list[Block]:
    blocks: list[Block] = [Heading("Cases referred back to the force")]
    if not raised:
        return [*blocks, Paragraph("None.")]
    labels = {one.key: one.label for one in methodology_of(s, inspection_id).referral_reasons}
    cases = {
        one.id: one.reference for one in records_by_id(s, Case, {one.case_id for one in raised})
    }
    lines = []
    for referral in raised:
        reasons = "; ".join(without_stop(labels.get(each, each)) for each in referral.reasons)
        steps = [
            f"raised {local(referral.raised_at)}",
            _step("told", referral.told_at, referral.told_whom),
            _step("acknowledged", referral.acknowledged_at, referral.acknowledged_by),
            _step("action reported", referral.acted_at, referral.action),
            _step("closed", referral.closed_at, referral.closed_reason),
        ]
        known = cases.get(referral.case_id, "a case not kept here")
        lines.append(
            f"{known} ({referral.state}): {reasons}. " + ", ".join(filter(None, steps)) + "."
        )
    return [*blocks, Bullets(tuple(lines))]


def _step(verb: str, when: str, words: str) -> str:
    if not when:
        return ""
    return with_facts(f"{verb} {local(when)}", words)
