"""The sheet of a debrief as a document: what is read out, and nothing of what we know of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.printed_sheet import response_of
from fieldkit.feedback.debriefs.sheet import EMERGING, DebriefSheet, Later, SheetPoint, sheet_of
from fieldkit.feedback.debriefs.telling import STATUS_OF
from fieldkit.feedback.document.blocks import Bullets, Facts, Heading, Paragraph, grid
from fieldkit.feedback.handover.draft import Draft, words
from fieldkit.feedback.handover.handover import Handover
from fieldkit.feedback.handover.sheets import Sheet
from fieldkit.service import RefusedError, existing
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import without_stop
from storage.records import Debrief, DebriefPoint

DEBRIEF_SHEET = "sheet of a debrief"
"""What a disclosure says was given; the name of the file follows."""
_KIND = DebriefPoint.KIND


def debrief_sheet(
    s: Session, debrief_id: str, recipients: str | Sequence[str], *, sender: str = ""
) -> Handover:
    """Return the sheet of a debrief; of one that is closed as it stood at the end of its day.

    Raises:
        RefusedError: no point of it may be read out yet, or nobody is named for whom it is.
        NotThereError: there is no such debrief.
    """
    debrief = existing(s, Debrief, debrief_id)
    held = sheet_of(s, debrief_id, then=True)
    points = [one for one in held.points if one.goes_out]
    if not points and not held.held_at:
        raise RefusedError(
            "No point of this debrief is agreed yet, so there is no sheet of it for the force. "
            "Nothing was written; agree the wording of a point first."
        )
    say = words()["debrief"]
    sheet = Sheet(s, debrief.inspection_id, recipients, sender)
    draft = sheet.draft
    present = without_stop(draft.quote(Debrief.KIND, debrief.id, "present", held.present))
    draft.add(
        Facts((("Held on", day_words(held.held_on)), ("Present", present or "not held yet"))),
        Paragraph(EMERGING),
    )
    if any(one.later for one in points):
        draft.add(Paragraph(say["then"]))
    _promised(draft, held.actions)
    draft.add(Heading(say["points"]))
    if not points:
        draft.add(Paragraph(say["no_points"]))
    for number, point in enumerate(points, 1):
        _point(draft, number, point)
    if held.referrals:
        waiting = tuple(f"{one.reference}: {one.dated}" for one in held.referrals)
        draft.add(Heading(say["referrals"]), Bullets(waiting))
    return sheet.made(DEBRIEF_SHEET, _title(held), {"point": len(points)}, left_out=held.left_out)


def _title(held: DebriefSheet) -> str:
    return f"{words()['debrief'][held.sort]}, {day_words(held.held_on)}"


def _promised(draft: Draft, actions: Sequence[ActionLine]) -> None:
    if not actions:
        return
    rows = [
        (
            draft.quote(_KIND, one.debrief_point_id, "action", one.action),
            without_stop(draft.quote(_KIND, one.owner_told, "action_owner", one.owner))
            or "nobody named",
            day_words(one.held_on),
            day_words(one.due) or "no day named",
            f"done {day_words(one.done)}" if one.done else "open",
        )
        for one in actions
    ]
    headings = ("What is done", "By whom", "Promised", "Due", "State")
    draft.add(Heading(words()["debrief"]["before"]), grid(headings, rows, (34, 20, 15, 15, 16)))


def _point(draft: Draft, number: int, point: SheetPoint) -> None:
    say = words()["findings"]
    about = f", {point.criterion}" if point.criterion else ""
    marks = (point.mark, "withdrawn since" if point.withdrawn else "")
    marked = "".join(f" ({mark})" for mark in marks if mark)
    draft.add(
        Paragraph(
            draft.quote(*point.wording_of, point.wording),
            f"{number}. {point.sort.capitalize()}{about}{marked}.",
        )
    )
    on = f" ({day_words(point.answered_on)})" if point.answered_on else ""
    response, answered_in = response_of(point)
    outcome = point.outcome or point.earlier_outcome
    action = _action(draft, point)
    said = draft.quote(_KIND, answered_in, "response", response)
    lines = (
        (say["response"], said + on * bool(response)),
        (say["corrected"], draft.quote(_KIND, point.id, "correction", point.correction)),
        ("Outcome:", STATUS_OF.get(outcome, outcome) + on * bool(outcome)),
        ("At once:", action),
        *((words()["debrief"]["since"], _later(draft, point, one)) for one in point.later),
    )
    draft.add(*(Paragraph(text, lead, inset=True) for lead, text in lines if text))


def _action(draft: Draft, point: SheetPoint) -> str:
    if not point.action:
        return ""
    facts = (
        without_stop(draft.quote(_KIND, point.id, "action_owner", point.action_owner)),
        f"due {day_words(point.action_due)}" if point.action_due else "",
        f"done {day_words(point.action_done)}" if point.action_done else "",
    )
    known = ", ".join(filter(None, facts))
    action = draft.quote(_KIND, point.id, "action", point.action)
    return f"{without_stop(action)} ({known})." if known else action


def _later(draft: Draft, point: SheetPoint, change: Later) -> str:
    """Return what was written since."""
    typed = draft.quote(_KIND, point.id, change.field, change.typed)
    return f"{change.lead} {typed}" if typed else change.words
