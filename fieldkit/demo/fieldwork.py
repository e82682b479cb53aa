"""The practice day up to the afternoon: cases, judgments, fieldwork, points, the referral.

Each function does one step through the services that screens and commands call, and says in a
sentence what is now in the vault, counted there and not in the practice data.
"""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session

from fieldkit.casework import judging, referrals
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import allocate_case, edit_case, set_audit
from fieldkit.casework.import_list import import_cases, read_list
from fieldkit.demo.model import PracticeCase, PracticeNote
from fieldkit.demo.stage import Desk, counted, insist
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, add_observation, entry_lines
from fieldkit.evidence.notes import add_note
from fieldkit.feedback.debriefs.debrief import (
    FrozenError,
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.sheet import sheet_of
from fieldkit.history.search import search
from fieldkit.inspections import inspections
from fieldkit.methodology import OVERALL, load
from fieldkit.service import existing, now
from fieldkit.wording.format import many
from storage.records import Inspection

GRADED = "graded"


def begin(desk: Desk) -> str:
    """Begin the inspection."""
    made = desk.vault.write_now(
        inspections.create,
        force=desk.practice.force,
        methodology=desk.practice.methodology,
        starts=desk.practice.starts,
        ends=desk.practice.ends,
    )
    desk.inspection = made.id
    return f"{made.force}, {made.starts} to {made.ends}, criteria of {made.methodology}"


def take_cases(desk: Desk) -> str:
    """Take the list of cases in and allocate every case."""
    reading = read_list(desk.case_list(), load(desk.practice.methodology))
    done = desk.vault.write_now(import_cases, desk.inspection, reading)
    insist(len(done.new) == len(desk.practice.cases), f"{len(done.new)} cases came of the list")
    lines = desk.vault.read_now(case_lines, desk.inspection)
    desk.ids.update({one.reference: one.id for one in lines})
    desk.vault.write_now(_describe, desk)
    lines = desk.vault.read_now(case_lines, desk.inspection)
    both = sum(one.origin == "self-assessed" for one in lines)
    people = {one.allocated_to for one in lines if one.allocated_to}
    return (
        f"{len(lines)} cases taken in, {both} of them also graded by the force; allocated to "
        f"{many(len(people), 'inspector')}"
    )


def _describe(s: Session, desk: Desk) -> None:
    for one in desk.practice.cases:
        case = desk.ids[one.reference]
        edit_case(s, case, child_label=one.child_label, child_age=one.child_age, unit=one.unit)
        allocate_case(s, case, desk.person_of(one.auditor))


def judge(desk: Desk, *, leave: int = 0) -> str:
    """Judge the cases: every criterion, the file audit, and last the overall.

    ``leave`` is how many of the inspector's own cases are left for later.
    """
    mine = [one for one in desk.practice.cases if desk.person_of(one.auditor) != one.auditor]
    spared = {one.reference for one in mine[len(mine) - leave :]} if leave else set()
    for one in desk.practice.cases:
        if one.reference not in spared:
            desk.vault.write_now(_judge, desk, one)
    lines = desk.vault.read_now(case_lines, desk.inspection)
    grades = Counter(one.overall_grade for one in lines if one.overall_grade)
    scale = load(desk.practice.methodology).scale_for("case").labels
    return (
        f"{sum(one.done for one in lines)} cases judged on {sum(one.graded for one in lines)} "
        f"criteria and overall ({counted({grade: grades[grade] for grade in scale})})"
    )


def _judge(s: Session, desk: Desk, one: PracticeCase) -> None:
    # Held, so that the session reads the case and its inspection once and not for each grade.
    held = open_case(s, desk.ids[one.reference]), existing(s, Inspection, desk.inspection)
    case_id = held[0].case.id
    set_audit(s, case_id, **one.audit)
    for criterion, judged in one.judgments.items():
        if judged.state == GRADED:
            judging.grade(s, case_id, criterion, judged.grade, rationale=judged.rationale)
        else:
            judging.set_state(s, case_id, criterion, judged.state, judged.reason)
    judging.grade(s, case_id, OVERALL, one.overall, rationale=one.rationale)


def visit(desk: Desk) -> str:
    """Enter interviews, the focus group, observations and documents with their notes."""
    desk.vault.write_now(_visit, desk)
    lines = desk.vault.read_now(entry_lines, desk.inspection)
    sorts = Counter(one.sort for one in lines)
    said = ", ".join(many(count, sort) for sort, count in sorts.items())
    return f"{said}; {many(sum(one.notes for one in lines), 'note')}"


def _visit(s: Session, desk: Desk) -> None:
    for one in desk.practice.interviews:
        made = add_interview(
            s,
            desk.inspection,
            meeting=one.meeting,
            role=one.role,
            source_group=one.source_group,
            mode=one.mode,
            held_on=one.held_on,
            unavailable=one.unavailable,
            agreed=one.agreed,
        )
        _note(s, desk, made.KIND, made.id, one.notes)
    for seen in desk.practice.observations:
        place = add_observation(
            s, desk.inspection, place=seen.place, what=seen.what, held_on=seen.held_on
        )
        _note(s, desk, place.KIND, place.id, seen.notes)
    for paper in desk.practice.documents:
        document = add_document(
            s,
            desk.inspection,
            title=paper.title,
            sort=paper.sort,
            asked_on=paper.asked_on,
            received_on=paper.received_on,
            dated=paper.dated,
        )
        _note(s, desk, document.KIND, document.id, paper.notes)


def _note(s: Session, desk: Desk, kind: str, place: str, notes: tuple[PracticeNote, ...]) -> None:
    for one in notes:
        made = add_note(s, kind, place, one.text, criteria=one.criteria, polarity=one.polarity)
        desk.ids[one.key] = made.id


def conclude(desk: Desk) -> str:
    """Make the points and rest each on its evidence."""
    desk.vault.write_now(_conclude, desk)
    lines = desk.vault.read_now(points.point_lines, desk.inspection)
    linked = sum(one.supports + one.contradicts + one.context for one in lines)
    against = sum(one.contradicts for one in lines)
    strengths = Counter(one.strength for one in lines)
    return (
        f"{many(len(lines), 'point')} resting on {linked} pieces of evidence, {against} of them "
        f"contradicting; support {counted(strengths)}"
    )


def _conclude(s: Session, desk: Desk) -> None:
    for one in desk.practice.points:
        point = points.add_point(s, desk.inspection, one.wording, one.sort, one.criterion)
        desk.ids[one.key] = point.id
        for piece in one.support:
            if piece.evidence.startswith("note:"):
                kind, evidence = "note", desk.ids[piece.evidence]
            else:
                file = open_case(s, desk.ids[piece.evidence])
                kind, evidence = "judgment", file.judgments[OVERALL].id
            points.support(s, point.id, kind, evidence, piece.relation, piece.why)


def refer(desk: Desk, *, acknowledged: bool = True) -> str:
    """Refer the high-risk case back to the force, step by step."""
    one = desk.practice.referral
    raised = desk.vault.write_now(
        referrals.refer, desk.ids[one.case], one.reasons, one.known, one.asked_for
    )
    desk.vault.write_now(referrals.step, raised.id, "told", whom=one.told_whom, how=one.told_how)
    if acknowledged:
        desk.vault.write_now(referrals.step, raised.id, "acknowledged", whom=one.acknowledged_by)
    (line,) = desk.vault.read_now(referrals.lines, desk.inspection, now())
    return f"{line.reference} given back to the force: {line.clock}"


def debrief(desk: Desk) -> str:
    """Hold the daily debrief: agreed wording frozen, the force's answer, what it does at once."""
    day = desk.practice.today
    opened = desk.vault.write_now(open_debrief, desk.inspection, "daily", day)
    told = [one for one in desk.practice.points if one.agreed_wording]
    first = ""
    for one in told:
        place = desk.vault.write_now(include_point, opened.id, desk.ids[one.key])
        desk.vault.write_now(freeze_wording, place.id, one.agreed_wording)
        desk.vault.write_now(
            record_response,
            place.id,
            response=one.response,
            outcome=one.outcome,
            action=one.action,
            action_owner=one.action_owner,
            action_due=one.action_due,
        )
        first = first or place.id
    present = desk.practice.present_at_debrief
    desk.vault.write_now(close_debrief, opened.id, present)
    try:
        desk.vault.write_now(freeze_wording, first, "Other words.")
        insist(False, "an agreed wording could be changed")
    except FrozenError:
        pass
    sheet = desk.vault.read_now(sheet_of, opened.id)
    outcomes = Counter(one.outcome for one in sheet.points)
    actions = sum(bool(one.action) for one in sheet.points)
    frozen = sum(one.frozen for one in sheet.points)
    return (
        f"{frozen} of {many(len(sheet.points), 'point')} told in words agreed and frozen "
        f"({counted(outcomes)}); {many(actions, 'immediate action')}; changing a frozen wording "
        "was refused"
    )


def find(desk: Desk) -> str:
    """Search for what was typed today."""
    found = {
        words: len(desk.vault.read_now(search, desk.inspection, words))
        for words in desk.practice.search_words
    }
    insist(all(found.values()), f"a word that was typed is not found ({found})")
    return "; ".join(f"«{words}» found {many(count, 'time')}" for words, count in found.items())
