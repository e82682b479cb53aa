"""The sheet of a debrief as plain text, and every text of a person's that stands on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fieldkit.feedback.debriefs.actions import ActionLine, action_words
from fieldkit.feedback.debriefs.sheet import EMERGING, DebriefSheet, SheetPoint
from fieldkit.feedback.debriefs.telling import STATUS_OF
from fieldkit.feedback.guard.leaving_text import LeavingText, LeavingTexts
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import set_in
from storage.ops.text import many
from storage.records import Debrief, DebriefPoint, Referral

WIDTH = 80
"""Columns of the printed sheet."""

_KIND = DebriefPoint.KIND


def sheet_text(sheet: DebriefSheet) -> str:
    """Return what of a debrief is read out, printed and handed over, as plain text.

    The marking stands above and below. Points whose wording was neither told nor agreed are left
    out: :attr:`DebriefSheet.left_out` names them to us.
    """
    return "\n".join(map(set_in, sheet_lines(sheet))) + "\n"


def sheet_lines(sheet: DebriefSheet) -> list[str]:
    """Return the lines of :func:`sheet_text`, each text of a person's whole in its line."""
    return _lines(sheet, LeavingTexts())


def sheet_texts(sheet: DebriefSheet) -> list[LeavingText]:
    """Return every text that a person typed and that stands on the printed sheet."""
    leaving = LeavingTexts()
    _lines(sheet, leaving)
    return leaving.texts


def data_texts(sheet: DebriefSheet) -> list[LeavingText]:
    """Return every text that a person typed and that the sheet as data holds.

    In it are also the points that are not read out, and what is known of the referrals.
    """
    leaving = LeavingTexts()
    leaving.carry(Debrief.KIND, sheet.id, "present", sheet.present)
    for point in sheet.points:
        leaving.carry(*point.wording_of, point.wording)
        leaving.carry(_KIND, point.answered_in, "response", point.earlier_response)
        for name in ("response", "correction", "action", "action_owner"):
            leaving.carry(_KIND, point.id, name, getattr(point, name))
        for change in point.later:
            leaving.carry(_KIND, point.id, change.field, change.typed)
    for line in sheet.actions:
        _promise(leaving, line)
        leaving.carry(_KIND, line.debrief_point_id, "agreed_wording", line.wording)
    for referral in sheet.referrals:
        texts = (("known", referral.known), ("asked_for", referral.asked_for))
        for name, text in (*texts, *(("reasons", reason) for reason in referral.reasons)):
            leaving.carry(Referral.KIND, referral.id, name, text)
    return leaving.texts


def response_of(sheet_point: SheetPoint) -> tuple[str, str]:
    """Return the answer that is read out of a point, and the point as told that holds it."""
    if sheet_point.response:
        return sheet_point.response, sheet_point.id
    return sheet_point.earlier_response, sheet_point.answered_in


def _lines(sheet: DebriefSheet, leaving: LeavingTexts) -> list[str]:
    points = [one for one in sheet.points if one.goes_out]
    sort = "Daily debrief" if sheet.sort == "daily" else "Hot debrief"
    counts = Counter(one.sort for one in points)
    balance = ", ".join(_counted(count, name) for name, count in counts.items())
    present = leaving.carry(Debrief.KIND, sheet.id, "present", sheet.present)
    lines = [
        sheet.marking.center(WIDTH).rstrip(),
        "",
        f"{sort}: {sheet.force}, {day_words(sheet.held_on)}",
        f"Present: {present}" if present else "Not held yet.",
        EMERGING,
    ]
    if any(one.later for one in points):
        lines.append("As it stood at the end of that day; what came later is named apart.")
    if sheet.actions:
        lines += ["", "Promised before"]
        lines += [f"  - {_promise(leaving, one)}" for one in sheet.actions]
    lines += ["", f"Points: {balance}" if balance else "No points."]
    for number, point in enumerate(points, start=1):
        lines += ["", *_point_lines(leaving, number, point)]
    if sheet.referrals:
        lines += ["", f"Cases referred back and not closed: {len(sheet.referrals)}"]
        lines += [f"  - {one.reference}: {one.dated}" for one in sheet.referrals]
    lines += ["", sheet.marking.center(WIDTH).rstrip()]
    return lines


def _counted(count: int, sort: str) -> str:
    return many(count, sort) if sort in ("strength", "concern") else f"{count} {sort}"


def _promise(leaving: LeavingTexts, line: ActionLine) -> str:
    action = leaving.carry(_KIND, line.debrief_point_id, "action", line.action)
    owner = leaving.carry(_KIND, line.owner_told, "action_owner", line.owner)
    return action_words(action, owner, line.due, line.done, line.held_on)


def _point_lines(leaving: LeavingTexts, number: int, point: SheetPoint) -> Iterator[str]:
    about = f", {point.criterion}" if point.criterion else ""
    marks = (point.mark, "withdrawn since" if point.withdrawn else "")
    marked = "".join(f" ({mark})" for mark in marks if mark)
    yield f"{number}. {point.sort.capitalize()}{about}{marked}"
    yield f"   {leaving.carry(*point.wording_of, point.wording).strip()}"
    on = f" on {day_words(point.answered_on)}" if point.answered_on else ""
    response, answered_in = response_of(point)
    if response:
        yield f"   The force's response{on}: " + leaving.carry(
            _KIND, answered_in, "response", response
        )
    if point.correction:
        yield f"   Put right: {leaving.carry(_KIND, point.id, 'correction', point.correction)}"
    if outcome := point.outcome or point.earlier_outcome:
        yield f"   Outcome{on}: {STATUS_OF.get(outcome, outcome)}"
    if point.action:
        action = leaving.carry(_KIND, point.id, "action", point.action)
        owner = leaving.carry(_KIND, point.id, "action_owner", point.action_owner)
        known = action_words(action, owner, point.action_due, point.action_done)
        yield f"   Immediate action: {known}"
    for change in point.later:
        leaving.carry(_KIND, point.id, change.field, change.typed)
        yield f"   Since then: {change.words}"
