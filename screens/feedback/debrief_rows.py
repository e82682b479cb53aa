"""How the debrief's page draws what it shows: what is new, promises, points, and what they are."""

from __future__ import annotations

from collections import Counter

from textual.content import Content

from fieldkit.evidence.triangulation import CONTRADICTS, SUPPORTS
from fieldkit.feedback.debriefs.actions import ActionLine
from fieldkit.feedback.debriefs.chain import Chain
from fieldkit.feedback.debriefs.news import SinceLast, counts_in_words
from fieldkit.service import today
from fieldkit.wording.dates import day_words, short_moment
from fieldkit.wording.format import line
from screens.feedback.debrief_reading import PointRow, Preparation
from screens.feedback.signs import colour, sign
from screens.kit.text import plain
from storage.ops.text import many

GREY = "$text-muted"
STATUS_COLUMNS = 14
"""Columns at the right of a point for how far it has come."""
MOST_REFERRALS = 3


def since(news: SinceLast, width: int, *, most: int = 9) -> Content:
    """Return what came since the last debrief, in a sentence; whatever is nothing is left out.

    New points come first: they are what there is to tell. ``most`` is how many lines it takes.
    """
    when = f"Since {short_moment(news.since)}" if news.since else "Since the inspection began"
    new, changed = counts_in_words(news.new), counts_in_words(news.changed)
    parts = [many(len(news.new_points), "new point") if news.new_points else ""]
    if news.changed_points:
        parts.append(many(len(news.changed_points), "changed point"))
    if news.grades:
        overall = f" ({news.overall} overall)" if news.overall else ""
        parts.append(f"{many(news.grades, 'grade')}{overall}")
    parts += [new and f"new: {new}", changed and f"changed: {changed}"]
    words = f"{when}: {'; '.join(filter(None, parts)) or 'nothing'}"
    return Content("\n").join(cut(plain(words), width, most))


def cut(text: Content, width: int, most: int) -> list[Content]:
    """Return a text in so many lines at most, the last one cut with an ellipsis."""
    lines = text.wrap(width) or [Content("")]
    if len(lines) > most:
        last = lines[most - 1].plain.rstrip()
        lines[most - 1 :] = [plain(f"{last[: width - 1]}…")]
    return lines


def waiting(news: SinceLast, width: int) -> Content:
    """Return what is awaited: documents, and referrals with their clocks."""
    rows = [f"▲ {one.reference}: {one.clock}" for one in news.referrals[:MOST_REFERRALS]]
    more = len(news.referrals) - MOST_REFERRALS
    rows += [f"▲ {many(more, 'more referral')} not closed"] if more > 0 else []
    rows += [f"· {title}" for title in news.awaited]
    return Content("\n").join(plain(line(row, width)) for row in rows or ["Nothing."])


def choices(preparation: Preparation, width: int) -> Content:
    """Return the points that may be told, ticked where they are on the list."""
    rows = [("[✓]", one.chain.point.sort, one.telling.wording) for one in preparation.points]
    rows += [("[ ]", one.sort, one.words) for one in preparation.choices]
    lines: list[Content] = []
    for tick, sort, words in rows:
        first, *more = cut(plain(words), width - 6, 2)
        lines.append(Content.assemble(f"{tick} ", (sign(sort), colour(sort)), " ", first))
        lines += [Content.assemble(" " * 6, each) for each in more]
    return Content("\n").join(lines)


def balance(preparation: Preparation, width: int) -> Content:
    """Return a bar of strengths and concerns on the list, each with its sign and count."""
    counts = Counter(one.chain.point.sort for one in preparation.points)
    good, bad = counts["strength"] + counts["notable practice"], counts["concern"]
    if not good + bad:
        return plain("No strength and no concern yet.", GREY)
    left = min(max(round(width * good / (good + bad)), 6 if good else 0), width - (6 if bad else 0))
    return Content.assemble(
        (f" + {good}".ljust(left)[:left], "bold $background on $success"),
        (f" − {bad}".ljust(width - left)[: width - left], "bold $background on $warning"),
    )


def promise(entry: ActionLine, width: int, *, wide: bool) -> Content:
    """Return an action promised earlier: how it stands, who does it, and what."""
    if entry.done:
        state, style = f"✓ done {day_words(entry.done)}", "$success"
    elif not entry.due:
        state, style = "· no day named", GREY
    elif entry.due < today():
        state, style = f"! due {day_words(entry.due)}", "bold $error"
    else:
        state, style = f"· by {day_words(entry.due)}", "$warning" if entry.due == today() else GREY
    state = f"{state:<22} "
    owner = line(entry.owner or "nobody named", max(width - len(state), 10))
    if wide:
        action = line(entry.action, width - 2)
        return Content.assemble((state, style), plain(owner, "bold"), "\n  ", plain(action, GREY))
    rest = max(width - len(state) - len(owner) - 2, 0)
    return Content.assemble(
        (state, style), plain(f"{owner}: ", "bold"), plain(line(entry.action, rest))
    )


def point(row: PointRow, width: int, heading: str, *, most: int) -> Content:
    """Return a point in the list: its words, of so many lines at most, and how far it has come."""
    sort = row.chain.point.sort
    head = Content.assemble((f"{sign(sort)} ", f"bold {colour(sort)}"), (f"{row.number:>2} ", ""))
    room = max(width - len(head) - STATUS_COLUMNS, 20)
    lines = cut(plain(row.typed or row.telling.wording), room, most)
    status, style = _status(row)
    parts = [plain(heading, GREY)] if heading else []
    first = lines[0].plain.ljust(room)
    parts.append(Content.assemble(head, plain(first, "bold"), (f" {status}", style)))
    parts += [Content.assemble(" " * len(head), each.stylize("bold")) for each in lines[1:]]
    return Content("\n").join(parts)


def _status(row: PointRow) -> tuple[str, str]:
    telling = row.telling
    if row.chain.withdrawn:
        return "withdrawn", GREY
    if telling.unsettled:
        return "≠ two answers", "bold $warning"
    if telling.frozen and telling.agreed:
        return f"✓ {telling.outcome or 'agreed'}", "bold $success"
    if telling.frozen:
        return (f"▲ {telling.outcome}", "bold $warning") if telling.outcome else ("said only", GREY)
    if row.typed:
        return "… typed", GREY
    if row.shown:
        return "✓ before", "$success"
    if row.strength in ("none", "thin"):
        return f"▲ {'no support' if row.strength == 'none' else row.strength}", "bold $warning"
    return "○ ready", GREY


def answer(chain: Chain, width: int) -> list[Content]:
    """Return what the force says and does, and how the point came here, in lines."""
    rows = [chain.response and f"The force: {chain.response}"]
    if chain.correction is not None:
        shown = chain.correction.evidence
        by = f" (shown by {shown.label})" if shown is not None else ""
        rows.append(f"Corrected: {chain.correction.text}{by}")
    rows += [f"→ {one.words}" for one in chain.actions]
    lines = [each for row in rows if row for each in plain(row).wrap(width)]
    if len(chain.steps) > 1:
        way = " → ".join(f"{one.status} {day_words(one.day)}".strip() for one in chain.steps)
        lines += [each.stylize(GREY) for each in plain(way).wrap(width)]
    return lines


def known(row: PointRow, width: int) -> Content:
    """Return what we alone know of a point: how well it stands, and by what evidence."""
    lines = [plain(f"{row.meter}.", "bold")]
    lines += [plain(line(f"▲ {words}", width), "$warning") for words in row.lints]
    signs = {SUPPORTS: "+", CONTRADICTS: "✗"}
    for status in row.behind:
        evidence, bears = status.evidence, signs.get(status.support.relation, "=")
        said = f"{evidence.label}: {evidence.text}" if evidence is not None else "deleted since"
        lines.append(plain(line(f"{bears} {said}", width)))
    return Content("\n").join(lines)
