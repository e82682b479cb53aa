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
from fieldkit.feedback.handover.blocks import Block, Handover, Heading, Items, Words
from fieldkit.feedback.handover.comparison import comparison_blocks, not_revealed
from fieldkit.service import existing, filled, methodology_of, today
from fieldkit.wording.format import local
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
    """The hand-over as it would be given now; nothing is written.

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
    told, untold, gone = _told(s, inspection_id)
    raised = records_in(s, Referral, inspection_id)
    compared = assemble.comparison(s, inspection_id)
    blocks: list[Block] = [
        Heading(f"Hand-over: {inspection.force}", 1),
        Words(f"{inspection.phase.capitalize()}, {_dates(inspection)}. For: {whom}. {today()}."),
        Words(EMERGING, strong=True),
        Heading("How this was gathered"),
        Items(_methods(s, inspection_id, compared.all_cases)),
        *_points(told),
        *_actions(s, inspection_id),
        *_referrals(s, inspection_id, raised),
        *comparison_blocks(compared, with_rationale=with_rationale),
    ]
    left_out = [
        *([f"{many(untold, 'point')} not told in any debrief yet."] if untold else []),
        *([f"{many(gone, 'point')} withdrawn since it was told."] if gone else []),
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
            "point": len(told),
            "referral": len(raised),
        },
        left_out=tuple(left_out),
    )


def _dates(one: Inspection) -> str:
    return f"{one.starts} to {one.ends}" if one.starts and one.ends else "dates not recorded"


def _methods(s: Session, inspection_id: str, cases: GradeTable) -> tuple[str, ...]:
    """How many of each; with the reason why it is done, which forces asked for."""
    audited = cases.cases - cases.not_judged
    held = Counter(
        one.meeting
        for one in records_in(s, Interview, inspection_id)
        if not one.unavailable.strip()
    )
    read = sum(bool(one.received_on) for one in records_in(s, Document, inspection_id))
    observed = len(records_in(s, Observation, inspection_id))
    return (
        f"{many(audited, 'case audit')}: what was done for single children, from the records.",
        f"{many(held['interview'], 'interview')} and {many(held['focus group'], 'focus group')}: "
        "how officers, staff and partners work and what helps or hinders them.",
        f"{many(observed, 'observation')}: work as it is done.",
        f"{many(read, 'document')} received: policy, plans and figures.",
    )


def _told(s: Session, inspection_id: str) -> tuple[list[SheetPoint], int, int]:
    """Each point as it was last told, how many never were, how many were withdrawn since."""
    last: dict[str, SheetPoint] = {}
    for held in reversed(debriefs_of(s, inspection_id)):
        for one in sheet_of(s, held.id).points:
            if one.frozen:
                last[one.point_id] = one
    standing = [one for one in last.values() if not one.withdrawn]
    untold = sum(
        one.id not in last and one.state != WITHDRAWN for one in records_in(s, Point, inspection_id)
    )
    order = [one.label for one in methodology_of(s, inspection_id).areas]
    standing.sort(
        key=lambda one: (
            order.index(one.criterion) if one.criterion in order else len(order),
            one.number,
        )
    )
    return standing, untold, len(last) - len(standing)


def _points(told: list[SheetPoint]) -> list[Block]:
    blocks: list[Block] = []
    for sort, heading in SORTS:
        found = [one for one in told if one.sort == sort]
        if not found and sort in ("notable practice", "to clarify"):
            continue
        blocks.append(Heading(heading))
        if not found:
            blocks.append(Words("None was told in a debrief."))
        for number, one in enumerate(found, 1):
            about = f" ({one.criterion})" if one.criterion else ""
            blocks.append(Words(f"{number}. {one.wording}{about}", strong=True))
            said = [basis_words(one.strength, one.basis, rests_first=True)]
            said.append(f"The force's response: {one.response}" if one.response else "")
            said.append(f"Outcome: {one.outcome}" if one.outcome else "")
            blocks.append(Items(tuple(filter(None, said))))
    return blocks


def _actions(s: Session, inspection_id: str) -> list[Block]:
    waiting = actions(s, inspection_id, None)
    if not waiting:
        return []
    return [
        Heading("Immediate actions the force has promised"),
        Items(
            tuple(
                f"{one.action}"
                + (f", {one.owner}" if one.owner else "")
                + (f", by {one.due}" if one.due else "")
                for one in waiting
            )
        ),
    ]


def _referrals(s: Session, inspection_id: str, raised: list[Referral]) -> list[Block]:
    blocks: list[Block] = [Heading("Cases referred back to the force")]
    if not raised:
        return [*blocks, Words("None.")]
    labels = {one.key: one.label for one in methodology_of(s, inspection_id).referral_reasons}
    cases = {
        one.id: one.reference for one in records_by_id(s, Case, {one.case_id for one in raised})
    }
    lines = []
    for one in raised:
        reasons = "; ".join(labels.get(each, each) for each in one.reasons)
        steps = [
            f"raised {local(one.raised_at)}",
            _step("told", one.told_at, one.told_whom),
            _step("acknowledged", one.acknowledged_at, one.acknowledged_by),
            _step("action reported", one.acted_at, one.action),
            _step("closed", one.closed_at, one.closed_reason),
        ]
        known = cases.get(one.case_id, "a case not kept here")
        lines.append(f"{known} ({one.state}): {reasons}. " + ", ".join(filter(None, steps)) + ".")
    return [*blocks, Items(tuple(lines))]


def _step(what: str, when: str, words: str) -> str:
    if not when:
        return ""
    return f"{what} {local(when)}" + (f" ({words})" if words else "")
