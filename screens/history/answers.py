"""The answers of a conflict as they are drawn: beside each other, and each whole in a dialog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.history.answers import Side
from fieldkit.wording.format import clean, line
from screens.kit.dialogs import Dialog
from screens.kit.drawing import rows
from screens.kit.drawing.rows import MUTED, muted, wrapped
from screens.kit.drawing.signs import glyph
from screens.kit.text import plain

INDENT = "     "
BEFORE = 30
"""Letters shown before the place where two answers begin to differ."""


def beside(sides: Sequence[Side], number: int, width: int, height: int) -> Content:
    """Return one of the answers in so many lines: so much of it that it differs from the others.

    Args:
        sides: all of the answers.
        number: which of them, from 0.
        width: columns there are.
        height: lines there are; where and when it was written stands in the last.
    """
    side = sides[number]
    laptop = side.laptop.removeprefix(f"{side.who}, ")  # the panel's title names the person
    where = wrapped(muted(plain(f"{laptop}, {side.at}")), width, most=2)
    reason = wrapped(muted(plain(f"because: {side.reason}")), width, most=2) if side.reason else []
    room = max(height - len(where) - len(reason), 1)
    told = _told([one.text for one in sides], width, room)[number]
    return rows.lines(told, reason, where)


def _head(number: int, side: Side, width: int) -> Content:
    shown = " · shown now" if side.shown and number == 1 else ""
    when = f", {side.at}{shown}"
    person = _writer(side, width - len(INDENT) - len(when))
    return plain(f"  {number}  {person}{when}", MUTED)


def _writer(side: Side, width: int) -> str:
    """Return who wrote it and where; a long name gives way, so that the laptop stays to be read."""
    if side.writer == side.laptop or len(side.writer) <= width:
        return line(side.writer, width)
    laptop = line(side.laptop, max(width // 2, width - len(side.who) - 2))
    return f"{line(side.who, width - len(laptop) - 2)}, {laptop}"


def _reason(side: Side, width: int) -> list[Content]:
    if not side.reason:
        return []
    return [plain(INDENT + line(f"because: {side.reason}", width - len(INDENT)), MUTED)]


def _told(texts: Sequence[str], width: int, most: int) -> list[list[Content]]:
    """Return the first lines of each; of those that begin alike, where they differ."""
    heads = [wrapped(plain(text), width, most=most) for text in texts]
    said = ["\n".join(each.plain for each in lines) for lines in heads]
    flat = [" ".join(clean(text).split()) for text in texts]
    told = []
    for place, text in enumerate(flat):
        alike = [
            _same(text, other)
            for at, other in enumerate(flat)
            if at != place and said[at] == said[place] and other != text
        ]
        if not alike:
            told.append(heads[place])
            continue
        start = text.rfind(" ", 0, max(max(alike) - BEFORE, 0)) + 1
        told.append(wrapped(plain(f"{glyph('cut')} {text[start:]}"), width, most=most))
    return told


def _same(one: str, other: str) -> int:
    """Return how many letters two texts have in common before they differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


class Answers(Dialog[int | None]):
    """Shows every answer whole; its digit keeps it."""

    DEFAULT_CSS = """
    Answers #box { width: 96%; }
    Answers VerticalScroll { height: auto; max-height: 70vh; }
    """

    def __init__(self, title: str, sides: Sequence[Side]) -> None:
        digits = " ".join(str(number) for number, _ in enumerate(sides, 1))
        super().__init__(title, f"{digits}  keep that answer     esc  later")
        self._sides = tuple(sides)

    def body(self) -> Iterable[Widget]:
        """Return the answers, and how one is kept."""
        width = self.app.size.width - 10
        parts: list[Content] = []
        for number, side in enumerate(self._sides, 1):
            parts.append(_head(number, side, width))
            whole = plain(side.text).wrap(width - len(INDENT))
            parts += [Content.assemble(INDENT, each) for each in whole]
            parts += [*_reason(side, width), Content("")]
        with VerticalScroll():
            yield Static(Content("\n").join(parts[:-1]))

    def on_mount(self) -> None:
        """Take the keys, so that it can be scrolled."""
        self.query_one(VerticalScroll).focus()

    def on_key(self, event: events.Key) -> None:
        """Return a digit keeps its answer."""
        if event.key.isdigit() and 1 <= int(event.key) <= len(self._sides):
            event.stop()
            self.dismiss(int(event.key))
