"""What stands beside the register: a recommendation, what is said of it, what shows progress."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.evidence.triangulation import CONTEXT, CONTRADICTS, SUPPORTS
from fieldkit.followup.links import AS_PRACTICE, IN_CONTEXT, OF_PROGRESS, Linked
from fieldkit.followup.lints import Look
from fieldkit.followup.register import RegisterLine
from fieldkit.followup.show import Shown
from fieldkit.wording.dates import short_day
from fieldkit.wording.format import line
from screens.followup.register_rows import progress, standing
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.rows import between, cut, drawn, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign
from storage.ops.text import many

SIGN_OF = {SUPPORTS: "strength", CONTRADICTS: "contradicts", CONTEXT: "context"}
"""The sign of what evidence says of progress."""
NAMED = "Recommendation "
"""How what is worth a look begins where it names the recommendation."""
SHORT = 4
"""Lines that a narrow page has for a recommendation."""
DAY = 13
"""Columns of a day before what was said on it."""


def late_words(entry: RegisterLine) -> Content:
    """Return how late a recommendation is, or nothing."""
    return drawn(f"{many(entry.late, 'day')} late", "bold $error") if entry.late else Content("")


def title(entry: RegisterLine) -> str:
    """Return what a recommendation is called as a title."""
    called = entry.called
    return f"Recommendation {called}" if not called.startswith("draft") else called.capitalize()


def behind(entry: RegisterLine, shown: Shown | None) -> str:
    """Return on which points it rests, and its criterion: “points 2, 9 · 6 Trusted adult”."""
    numbers = [str(one.number) for one in shown.points] if shown is not None else []
    points = f"point{'s' * (len(numbers) != 1)} {', '.join(numbers)}" if numbers else "no point"
    return " · ".join(filter(None, (points, entry.criterion_label)))


def facts(
    entry: RegisterLine, shown: Shown | None, looks: Sequence[Look], present: str, width: int
) -> Content:
    """Return its words, deadline, criterion, points and status, and what is worth a look."""
    rows = [strong(one) for one in wrapped(entry.wording, width)]
    rows.append(Content(""))
    due = short_day(entry.due) or entry.due_words
    asked = [one for one in shown.context if one.ask] if shown is not None else []
    open_ones = sum(not one.answer for one in asked)
    weighed = sign("done", "yes") if not open_ones else sign("thin", f"{open_ones} not asked")
    points = behind(entry, shown).partition(" · ")[0]
    for label, told in (
        ("Deadline", drawn(due)),
        ("Criterion", drawn(entry.criterion_label or "none")),
        ("Rests on", drawn(points)),
        ("Context considered", weighed),
        ("Answers for it", drawn(entry.owner or "nobody named")),
        ("Status", Content.assemble(progress(entry), " ", standing(entry, present))),
    ):
        room = max(width - len(label) - 2, 8)
        rows.append(between(muted(label), cut(told, room), width))
    if entry.status_reason:
        rows += [muted(one) for one in wrapped(f"Why: {entry.status_reason}", width, most=2)]
    for look in looks:
        rows += _look(look, width)
    return lines(rows)


def _look(look: Look, width: int, most: int = 0) -> list[Content]:
    """Return what is worth a look; the panel's title has said of which recommendation."""
    before, colon, words = look.words.partition(": ")
    told = words[:1].upper() + words[1:] if colon and before.startswith(NAMED) else look.words
    first, *more = wrapped(told, width - 2, most=most)
    head = Content.assemble(sign("thin"), " ", first)
    return [head, *(one.pad_left(2) for one in more)]


def short(entry: RegisterLine, shown: Shown | None, looks: Sequence[Look], width: int) -> Content:
    """Return the same for a narrow page: its words, what is to look at, and what was said last."""
    rows = [strong(one) for one in wrapped(entry.wording, width, most=2)]
    rows += [row for one in looks[:1] for row in _look(one, width, most=2)]
    if shown is not None:
        room = max(SHORT - len(rows), 1)
        rows += [
            cut(Content.assemble(muted(f"{day:<{DAY}}"), strong(who), " ", muted(text)), width)
            for day, who, text in said(shown)[-room:]
        ]
    return lines(rows)


def said(shown: Shown) -> list[tuple[str, str, str]]:
    """Return what was recorded and said of it by day: the day, who or what, and the words."""
    rows = [(one.on, one.status, one.reason) for one in shown.statuses if one.on]
    rows += [
        (one.said_on, "the force" if one.whose == "force" else "inspectors", line(one.text, 400))
        for one in shown.comments
    ]
    return [(short_day(day, padded=True), who, text) for day, who, text in sorted(rows, key=_day)]


def _day(row: tuple[str, str, str]) -> str:
    return row[0]


def said_rows(shown: Shown, width: int) -> Content:
    """Return what was said of it, the earliest first."""
    every = said(shown)
    if not every:
        return lines(
            muted("Nothing was said of it yet."),
            cut(key_and_label("m", "what the force or we say"), width),
        )
    rows = []
    for day, who, text in every:
        rows.append(cut(Content.assemble(muted(f"{day:<{DAY}}"), drawn(who)), width))
        rows += [muted(one) for one in wrapped(text, width, most=3, indent=DAY) if text]
    return lines(rows)


def progress_figure(shown: Shown) -> Content:
    """Return how many pieces of evidence there are for and against progress, by their signs."""
    relations = [one.relation for one in shown.links if one.role == OF_PROGRESS]
    if not relations:
        return Content("")
    return Content("  ").join(
        sign(SIGN_OF[name]) + f"{relations.count(name)}" for name in (SUPPORTS, CONTRADICTS)
    )


def tied(shown: Shown, width: int) -> Content:
    """Return the evidence of its progress, then practice that shows how, then its context."""
    rows: list[Content] = []
    for role in (OF_PROGRESS, AS_PRACTICE, IN_CONTEXT):
        rows += [row for one in shown.links if one.role == role for row in _link(one, width)]
    if not any(one.role == OF_PROGRESS for one in shown.links):
        rows.insert(0, cut(key_and_label("e", "add evidence of progress"), width))
    return lines(rows)


def _link(link: Linked, width: int) -> list[Content]:
    name = {OF_PROGRESS: SIGN_OF.get(link.relation, "context"), AS_PRACTICE: "notable practice"}
    head = Content.assemble(sign(name.get(link.role, "context")), " ")
    force = f"{link.force}: " if link.role == AS_PRACTICE and link.force else ""
    text = Content.assemble(drawn(f"{force}{link.label}"), muted(f" {line(link.text, 300)}"))
    first, *more = wrapped(text, width - 2, most=2)
    rows = [head + first, *(one.pad_left(2) for one in more)]
    if link.why:
        rows += [muted(one) for one in wrapped(link.why, width, most=2, indent=2)]
    if link.changed:
        rows.append(strong("! changed since it was linked").pad_left(2))
    return rows
