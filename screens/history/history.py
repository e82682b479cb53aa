"""The history of any record: who, when, on which laptop, from what to what, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from textual import work
from textual.content import Content
from textual.widget import Widget

from fieldkit.history import record_history
from fieldkit.history.record_history import HistoryLine
from fieldkit.wording.format import clean
from fieldkit.wording.labels import label
from screens.history.redact import redact
from screens.kit.drawing.chips import lit
from screens.kit.drawing.rows import between, cut, fit, lines, muted, strong, wrapped
from screens.kit.drawing.scroll_panel import ScrollPanel
from screens.kit.drawing.signs import sign
from screens.kit.page import Page
from screens.kit.text import plain
from storage.ops.text import many

HEAD = 34
"""Columns of who and when, where what was written stands beside it."""
WIDE = 90
"""Columns from which it stands beside it."""


class HistoryPage(Page):
    """Shows every step of one record, the latest first."""

    PAGE = "history"
    DEFAULT_CSS = "HistoryPage #steps { height: 1fr; }"

    def __init__(self, kind: str, record: str, title: str) -> None:
        super().__init__()
        self._kind, self._record, self._called = kind, record, title
        self._steps: list[HistoryLine] = []

    def body(self) -> Iterable[Widget]:
        """Yield the steps, which scroll."""
        yield ScrollPanel(plain(self._title), id="steps")

    @property
    def _title(self) -> str:
        return f"History of {self._called}"

    async def load(self) -> None:
        """Read the steps."""
        self._steps = await self.vault.read(record_history.record_history, self._kind, self._record)
        self.query_one(ScrollPanel).focus()
        self._draw()

    def _draw(self) -> None:
        self.query_one(ScrollPanel).show(
            self._drawn,
            title=plain(self._title),
            figure=muted(f"{many(len(self._steps), 'step')}, the latest first"),
        )

    def _drawn(self, width: int) -> Content:
        if not self._steps:
            return strong("Nothing was entered here yet.")
        blank = [Content("")]
        shown: list[Content] = []
        for step in reversed(self._steps):
            shown += [*(blank if shown else []), *_step(step, width)]
        return lines(shown)

    @work
    async def action_redact(self) -> None:
        """Take words out of the record for good."""
        if await redact(self.fieldkit, self._kind, self._record):
            # What it was called may hold the words that are gone now.
            self._called = await self.vault.read(label, self._kind, self._record)
            await self.tried(self.load())


def _step(step: HistoryLine, width: int) -> list[Content]:
    """Return a step in lines: who and when, and beside or below it what was written, and why."""
    head = [strong(plain(f"{step.who} {step.did}")), muted(f"{step.at}, {step.laptop}")]
    if width < WIDE:
        above = between(head[0], cut(head[1], width // 2), width)
        return [above, *_words(step, width, indent=4)]
    left = [each for one in head for each in wrapped(one, HEAD - 2)]
    right = _words(step, width - HEAD) or [Content("")]
    left += [Content("")] * (len(right) - len(left))
    right += [Content("")] * (len(left) - len(right))
    return [Content.assemble(fit(one, HEAD), two) for one, two in zip(left, right, strict=True)]


def _words(step: HistoryLine, width: int, indent: int = 0) -> list[Content]:
    """Return what was written in a step, each field from what to what, and what stood beside it."""
    shown: list[Content] = []
    arrow = Content.assemble(" ", sign("arrow"), " ")
    for change in step.changes:
        before, after = _lit(clean(change.before), clean(change.after))
        first = Content.assemble(before, arrow) if before.plain else ""
        words = Content.assemble(
            muted(plain(f"{change.field}: ")), first, after if after.plain else muted("(empty)")
        )
        shown += wrapped(words, width, indent=indent)
    about = [f"because: {step.reason}"] if step.reason else []
    about += [f"in parallel with {'; '.join(step.beside)}"] if step.beside else []
    about += [f"merged with {'; '.join(step.merged)}"] if step.merged else []
    return shown + [
        each for one in about for each in wrapped(muted(plain(one)), width, indent=indent)
    ]


def _lit(before: str, after: str) -> tuple[Content, Content]:
    """Return what was written before and after; of what is alike in part, what differs is lit."""
    old, new = re.split(r"(\s+)", before), re.split(r"(\s+)", after)
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    if not first and not last:
        return muted(plain(before)), strong(plain(after)) if before else plain(after)
    return _middle(old, first, last, "differs"), _middle(new, first, last, "match")


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words at the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _middle(words: Sequence[str], first: int, last: int, style: str) -> Content:
    """Return a text with all of it lit but so many words at its beginning and its end."""
    start = len("".join(words[:first]))
    end = len("".join(words[: len(words) - last]))
    return lit("".join(words), [(start, end)] if start < end else [], style)
