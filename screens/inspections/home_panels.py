"""What stands in the panels of home, drawn from what was read; each to the columns of its panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.today import Today
from fieldkit.inspections.home import Overview
from fieldkit.inspections.work import Share
from fieldkit.service import today as this_day
from fieldkit.wording.dates import short_day, short_moment
from screens.kit.commands import registry
from screens.kit.drawing.bars import progress
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.chips import late as late_chip
from screens.kit.drawing.keys import key, key_and_label
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign

if TYPE_CHECKING:
    from fieldkit.followup.dates.milestones import Late

NOTHING_WAITS = "Nothing waits for you."
OWED = ("raised", "told", "not satisfied", "escalated")
"""States of a referral in which the force still owes the next step."""
MOST_WARNINGS = 2
"""How many warnings are told; the exchange page has all."""
BAR = 18
"""Columns of a bar with its figures."""


@dataclass(frozen=True, slots=True)
class Row:
    """Holds one thing that waits: its sign, how many, what, and the key of its page."""

    sign: str
    count: str
    what: str
    key: str


def next_step(seen: Overview, width: int) -> Content:
    """Return the next step in one line, with the key that goes there."""
    first, colon, rest = seen.next.partition(": ")
    words = Content.assemble(strong(first + colon), rest and f"{rest}") if colon else strong(first)
    owed = any(one.state in OWED for one in seen.referrals)
    lead = Content.assemble(sign("soon"), " ") if owed else Content("")
    way = _way(seen.next_page)
    return between(Content.assemble(lead, words), way, width)


def _way(page: str) -> Content:
    """Return the key of home that opens a page, and what the page is called."""
    for command in registry()["home"].commands:
        if command.action == f"go('{page}')":
            return key_and_label(command.key_word, command.label)
    return Content("")


def cases(seen: Overview, width: int, *, inspectors: bool) -> Content:
    """Return the criteria as bars, the overall grades as shares, and where asked the inspectors."""
    if not seen.cases:
        return lines(
            strong("No case yet."), "", key_and_label("c", "then a adds one, i imports the list")
        )
    work = seen.work
    rows = [_bar(one, width) for one in work.criteria]
    rows.append(_bar(work.overall, width, colour="$success", bold=True))
    rows += [Content(""), Grades(seen.scale).shares(work.grades, width)]
    if inspectors:
        rows += [Content(""), muted("  By inspector"), *_inspectors(work.inspectors, width)]
    return lines(rows)


def inspectors(seen: Overview, width: int) -> Content:
    """Return what each inspector has done of what is allocated to them."""
    rows = _inspectors(seen.work.inspectors, width)
    return lines(rows) if rows else muted("No case is allocated yet.")


def _inspectors(shares: Sequence[Share], width: int) -> list[Content]:
    return [_bar(one, width) for one in shares]


def _bar(share: Share, width: int, *, colour: str = "", bold: bool = False) -> Content:
    number = f"{share.number} " if share.number else "  "
    wide = min(max(BAR, width // 2), 30)
    label = strong(share.label) if bold else share.label
    left = Content.assemble((number, "$text-muted"), cut(label, max(width - wide - 3, 4)))
    return between(left, progress(share.done, share.total, wide, colour), width)


def referrals(seen: Overview, width: int) -> Content:
    """Return the referrals that run, what the force owes first, each with its clock."""
    rows: list[Content] = []
    for one in seen.referrals:
        owed = one.state in OWED
        lead = sign("soon") if owed else muted(" ")
        clock, _, waiting = one.clock.partition(", ")
        line = Content.assemble(lead, " ", strong(one.reference), " ", clock)
        rows.append(cut(line, width))
        rows.append(muted(cut(f"  {waiting}", width)))
    return lines(rows) if rows else muted("No referral is running.")


def late_after_publication(late: Sequence[Late]) -> list[Row]:
    """Return in a row how much of the follow-up is late; none where nothing is."""
    return [Row("late", f"{len(late)}", "late in follow-up", "1")] if late else []


def waiting(seen: Overview) -> list[Row]:
    """Return what waits for the acting person, the most pressing first."""
    rows = [
        Row("two answers", f"{seen.conflicts}", "to decide", "k") if seen.conflicts else None,
        Row("query", f"{seen.queries.for_me}", "to answer", "q") if seen.queries.for_me else None,
        Row("query", f"{seen.queries.to_settle}", "answered, to settle", "q")
        if seen.queries.to_settle
        else None,
        Row("typing", f"{seen.drafts}", "unsaved " + ("text" if seen.drafts == 1 else "texts"), "u")
        if seen.drafts
        else None,
        Row("soon", f"{seen.look_again}", "worth a second look", "z") if seen.look_again else None,
        Row("two answers", "", f"elsewhere: {seen.conflicts_elsewhere}", "i")
        if seen.conflicts_elsewhere
        else None,
        Row("no", "", f"Deleted: {seen.deleted}", "l") if seen.deleted else None,
        Row("exported", "", f"Open copies: {seen.copies}", "o") if seen.copies else None,
    ]
    return [one for one in rows if one is not None]


def rows_of(rows: Sequence[Row], width: int, nothing: str, most: int = 0) -> Content:
    """Return rows of what waits, each with its key at the right.

    Where there are more than ``most`` lines (0: any number), the last one names the keys of those
    that have no room.
    """
    if not rows:
        return muted(nothing)
    shown = list(rows[:most] if most else rows)
    drawn = [between(_row_words(one), key(one.key), width) for one in shown]
    more = dict.fromkeys(one.key for one in rows[len(shown) :])
    if unseen := [name for name in more if name not in {one.key for one in shown}]:
        last = Content.assemble(_row_words(shown[-1]), " ", key(shown[-1].key))
        also = Content(" ").join([muted("also"), *map(key, unseen)])
        drawn[-1] = between(last, also, width)
    return lines(drawn)


def _row_words(row: Row) -> Content:
    count = strong(row.count), " " * bool(row.count)
    return Content.assemble(sign(row.sign), " ", *count, row.what)


def laptop(seen: Overview, width: int, wide: bool) -> Content:
    """Return whether what is here is safe and goes on: backup, what is to send, warnings."""
    backup = (
        Content.assemble(sign("done"), f" backup {short_moment(seen.backed_up)}")
        if seen.backed_up and not seen.backup
        else Content.assemble(sign("soon"), " ", (seen.backup and "no backup today") or "no backup")
    )
    to_send = (
        Content.assemble(sign("exported", f"{seen.unsent:,}"), " to send")
        if seen.unsent
        else Content.assemble(sign("done"), " all sent")
    )
    rows = [backup, to_send] if wide else [cut(Content("  ").join([backup, to_send]), width)]
    # The exchange page says the rest of each.
    told = [one.partition(". ")[0] for one in seen.warnings[:MOST_WARNINGS]]
    warned = [cut(Content.assemble(sign("soon"), " ", one), width) for one in told]
    if more := len(seen.warnings) - len(told):
        rows.append(between(muted(f"{more} more on clocks and the roster"), key("x"), width))
    return lines([*warned, *rows])


def today(day: Today, width: int) -> Content:
    """Return the interviews, observations and documents of today; those with notes first."""
    rows = []
    for one in day.meetings:
        lead = sign("done") if one.noted else muted(" ")
        words = f"{one.kind}: {one.what}"
        rows.append(cut(Content.assemble(lead, " ", muted(words) if one.noted else words), width))
    if not rows:
        return lines(
            [muted(one) for one in wrapped("No interview or visit is noted today.", width)]
        )
    return lines(rows)


def late(promises: Sequence[ActionLine]) -> int:
    """Return how many promises are past their day."""
    return sum(bool(one.due) and one.due < this_day() for one in promises)


def promised(day: Today, width: int) -> Content:
    """Return what the force promised and has not been seen done, the earliest due first."""
    rows: list[Content] = []
    for one in day.promises:
        when = f"due {short_day(one.due)}" if one.due else "no day"
        if one.due and one.due < this_day():
            lead = late_chip(when)
        elif one.due == this_day():
            lead = sign("soon", when)
        else:
            lead = muted(when)
        rows.append(cut(Content.assemble(lead, " ", strong(one.owner or "the force")), width))
        rows.append(muted(cut(f"   {one.action}", width)))
    if not rows:
        return muted("No promise is open.")
    return lines(rows)


def news(day: Today, width: int) -> Content:
    """Return what is new since the last debrief, and how well the points stand."""
    new = day.news
    notes = new.new.get("note", 0)
    counts = Content.assemble(
        *(strong(f"{notes}"), " notes  " if notes != 1 else " note  "),
        *(strong(f"{new.grades}"), " judgments  " if new.grades != 1 else " judgment  "),
        *(strong(f"{len(new.new_points)}"), " points" if len(new.new_points) != 1 else " point"),
    )
    strengths = Content("  ").join(
        [
            sign(name, f"{day.strengths[name]} {name}")
            for name in ("thin", "adequate", "strong")
            if day.strengths.get(name)
        ]
    )
    since = f"since {short_moment(new.since)}" if new.since else "since the inspection began"
    rows = [cut(counts, width), cut(strengths, width), muted(since)]
    return lines([one for one in rows if one.plain])
