"""What a page shows of a debrief, read and drawn: what is new, earlier actions, points as told."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session
from textual.content import Content

from fieldkit.evidence.triangulation import basis_words
from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.news import SinceLast, counts_in_words, since_last
from fieldkit.feedback.debriefs.sheet import DebriefSheet, SheetPoint, sheet_of
from fieldkit.wording.format import line, local
from screens.kit.text import plain
from storage.ops.text import many
from storage.records import Debrief
from storage.records.debrief import debriefs as all_debriefs


@dataclass(frozen=True)
class Told:
    """What the page shows: a debrief, which may not be begun, and what came since the last."""

    sheet: DebriefSheet | None
    actions: tuple[ActionLine, ...]
    since: SinceLast


def read(s: Session, inspection_id: str, debrief: str) -> Told:
    """A debrief, which may not be begun, with what is to be told beside it."""
    since = since_last(s, inspection_id)
    if s.get(Debrief, debrief) is None:
        return Told(None, since.actions, since)
    sheet = sheet_of(s, debrief)
    return Told(sheet, sheet.actions, since)


def key(row: ActionLine | SheetPoint | None) -> str:
    """What a row is known by when the list is drawn again; empty for none."""
    if isinstance(row, SheetPoint):
        return row.id
    return f"action {row.debrief_point_id}" if row is not None else ""


def present_last(s: Session, inspection_id: str) -> str:
    """Who was there the last time; mostly the same people come again."""
    return next((one.present for one in all_debriefs(s, inspection_id) if one.present), "")


def since(found: SinceLast, width: int) -> Content:
    """What came since the last debrief, in a few lines; whatever is nothing is left out."""
    when = f"Since {local(found.since)}" if found.since else "Since the inspection began"
    new, changed = counts_in_words(found.new), counts_in_words(found.changed)
    first = [new and f"new: {new}", changed and f"changed: {changed}"]
    if found.grades:
        overall = f" ({found.overall} overall)" if found.overall else ""
        first.append(f"{many(found.grades, 'grade')}{overall}")
    if found.new_points:
        first.append(many(len(found.new_points), "new point"))
    if found.changed_points:
        first.append(many(len(found.changed_points), "changed point"))
    rows = [f"{when}: {'; '.join(filter(None, first)) or 'nothing'}"]
    if found.awaited:
        rows.append(f"Awaited: {', '.join(found.awaited)}")
    rows += [f"! {one.reference}: {one.clock}" for one in found.referrals[:3]]
    if len(found.referrals) > 3:
        rows.append(f"! {many(len(found.referrals) - 3, 'more referral')} not closed")
    return Content("\n").join(
        [each for row in rows[:1] for each in plain(row).wrap(width)]
        + [plain(line(row, width)) for row in rows[1:]]
    )


def action(one: ActionLine, width: int, heading: str) -> Content:
    """An action promised earlier."""
    facts = " · ".join(
        filter(None, (one.owner, one.due and f"due {one.due}", f"promised {one.held_on}"))
    )
    return _rows(heading, f"→ {one.action}", [facts, f"on: {one.wording}"], width)


def point(one: SheetPoint, width: int, heading: str) -> Content:
    """A point as it is, or was, told."""
    state = "withdrawn since" if one.withdrawn else "agreed" if one.frozen else "not agreed yet"
    head = " · ".join(filter(None, (one.sort, one.criterion, state)))
    said = one.response and f"The force: {one.response}"
    done = " · ".join(
        filter(
            None,
            (
                one.outcome and f"Outcome: {one.outcome}",
                one.action and f"Action: {one.action}",
                one.action_owner,
                one.action_due and f"by {one.action_due}",
                one.action_done and f"done {one.action_done}",
            ),
        )
    )
    basis = basis_words(one.strength, one.basis)
    body = [*plain(one.wording).wrap(max(width - 4, 20))][:5]
    rows = [heading] if heading else []
    parts = [plain(row, "bold") for row in rows]
    parts.append(plain(f"{one.number:>2}  {line(head, width - 4)}", "bold"))
    parts += [Content.assemble("    ", each) for each in body]
    for text, style in ((basis, "dim"), (said, ""), (done, "")):
        wrapped = plain(text, style).wrap(max(width - 4, 20)) if text else []
        parts += [Content.assemble("    ", each) for each in wrapped[:3]]
    return Content("\n").join(parts)


def _rows(heading: str, first: str, more: list[str], width: int) -> Content:
    parts = [plain(heading, "bold")] if heading else []
    parts.append(plain(line(first, width)))
    parts += [plain(f"    {line(each, width - 4)}", "dim") for each in more if each]
    return Content("\n").join(parts)
