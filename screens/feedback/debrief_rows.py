"""What a page shows of a debrief, read and drawn: what is new, earlier actions, points as told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session
from textual.content import Content

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.news import SinceLast, counts_in_words, since_last
from fieldkit.feedback.debriefs.prepare import Behind, behind
from fieldkit.feedback.debriefs.sheet import DebriefSheet, SheetPoint, sheet_of
from fieldkit.wording.format import line, local
from screens.kit.text import indented, plain
from storage.ops.text import many
from storage.records import Debrief
from storage.records.debrief import debriefs as all_debriefs


@dataclass(frozen=True)
class Told:
    """Holds what the page shows: a debrief, maybe not begun, and what came since the last."""

    sheet: DebriefSheet | None
    actions: tuple[ActionLine, ...]
    since: SinceLast
    behind: Mapping[str, Behind]


def read(s: Session, inspection_id: str, debrief: str) -> Told:
    """Return a debrief, which may not be begun, with what is to be told beside it."""
    since = since_last(s, inspection_id)
    if s.get(Debrief, debrief) is None:
        return Told(None, since.actions, since, {})
    sheet = sheet_of(s, debrief)
    rests = behind(s, inspection_id, [one.point_id for one in sheet.points])
    return Told(sheet, tuple(one for one in sheet.actions if not one.done), since, rests)


def key(row: ActionLine | SheetPoint | None) -> str:
    """Return what a row is known by when the list is drawn again; empty for none."""
    if isinstance(row, SheetPoint):
        return row.id
    return f"action {row.debrief_point_id}" if row is not None else ""


def present_last(s: Session, inspection_id: str) -> str:
    """Return who was there the last time; mostly the same people come again."""
    return next((one.present for one in all_debriefs(s, inspection_id) if one.present), "")


def since(news: SinceLast, width: int) -> Content:
    """Return what came since the last debrief, in a few lines; whatever is nothing is left out."""
    when = f"Since {local(news.since)}" if news.since else "Since the inspection began"
    new, changed = counts_in_words(news.new), counts_in_words(news.changed)
    first = [new and f"new: {new}", changed and f"changed: {changed}"]
    if news.grades:
        overall = f" ({news.overall} overall)" if news.overall else ""
        first.append(f"{many(news.grades, 'grade')}{overall}")
    if news.new_points:
        first.append(many(len(news.new_points), "new point"))
    if news.changed_points:
        first.append(many(len(news.changed_points), "changed point"))
    rows = [f"{when}: {'; '.join(filter(None, first)) or 'nothing'}"]
    if news.awaited:
        rows.append(f"Awaited: {', '.join(news.awaited)}")
    rows += [f"! {one.reference}: {one.clock}" for one in news.referrals[:3]]
    if len(news.referrals) > 3:
        rows.append(f"! {many(len(news.referrals) - 3, 'more referral')} not closed")
    return Content("\n").join(
        [each for row in rows[:1] for each in plain(row).wrap(width)]
        + [plain(line(row, width)) for row in rows[1:]]
    )


def action(entry: ActionLine, width: int, heading: str) -> Content:
    """Return an action promised earlier."""
    facts = " · ".join(
        filter(None, (entry.owner, entry.due and f"due {entry.due}", f"promised {entry.held_on}"))
    )
    return _rows(heading, f"→ {entry.action}", [facts, f"on: {entry.wording}"], width)


def point(entry: SheetPoint, behind: Behind, width: int, heading: str) -> Content:
    """Return a point as it is, or was, told."""
    state = "withdrawn since" if entry.withdrawn else "agreed" if entry.frozen else "not agreed yet"
    head = " · ".join(filter(None, (entry.sort, entry.criterion, state)))
    answer = entry.response and f"The force: {entry.response}"
    done = " · ".join(
        filter(
            None,
            (
                entry.outcome and f"Outcome: {entry.outcome}",
                entry.action and f"Action: {entry.action}",
                entry.action_owner,
                entry.action_due and f"by {entry.action_due}",
                entry.action_done and f"done {entry.action_done}",
            ),
        )
    )
    parts = [plain(heading, "bold")] if heading else []
    parts.append(plain(f"{entry.number:>2}  {line(head, width - 4)}", "bold"))
    parts += indented([entry.wording], width, lines=5)
    parts += indented([behind.words], width, lines=3, style="dim")
    parts += indented(filter(None, [answer, done]), width, lines=3)
    return Content("\n").join(parts)


def _rows(heading: str, first: str, more: list[str], width: int) -> Content:
    parts = [plain(heading, "bold")] if heading else []
    parts.append(plain(line(first, width)))
    parts += [plain(f"    {line(each, width - 4)}", "dim") for each in more if each]
    return Content("\n").join(parts)
