"""What stands in a panel without contents: how to fill it, what went wrong, how far a job is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from textual.content import Content

from fieldkit.wording.dates import span
from screens.kit.drawing.bars import bar
from screens.kit.drawing.chips import late
from screens.kit.drawing.keys import key, key_and_label
from screens.kit.drawing.rows import between, cut, lines, muted, strong, wrapped
from screens.kit.drawing.signs import sign

Keys = Iterable[tuple[str, str]]
"""Keys, and what each does in a few words."""


def empty(sentence: str, keys: Keys, fact: str, width: int, height: int = 0) -> Content:
    """Return what an empty panel says: a bold sentence in its middle, keys that fill it, a fact.

    Args:
        sentence: says what is not there yet.
        keys: two or three that fill it.
        fact: one grey line; none where it is empty.
        width: columns inside the panel.
        height: lines inside; 0 puts the sentence at the top.
    """
    rows = list(keys)
    wide = max((len(name) for name, _ in rows), default=0) + 2
    block = [strong(one) for one in wrapped(sentence, width)]
    if rows:
        block.append(Content(""))
        block += [
            Content.assemble(
                key(name).pad_right(wide - len(name) - 2), "  ", cut(does, width - wide - 2)
            )
            for name, does in rows
        ]
    if fact:
        block += [Content(""), *(muted(one) for one in wrapped(fact, width))]
    left = max((width - max(one.cell_length for one in block)) // 2, 0)
    above = [Content("")] * max((height - len(block)) // 2, 0)
    return lines(above, [one.pad_left(left) for one in block])


def trouble(happened: str, not_lost: str, keys: Keys, width: int) -> Content:
    """Return an error as it stands in a page until it is settled: no codes, no paths of ours.

    Args:
        happened: a sentence.
        not_lost: what is safe, and what is not done.
        keys: the ways out.
        width: columns there are.
    """
    head = late("")
    indent = head.cell_length + 1
    first, *more = wrapped(happened, width - indent)
    block = [
        Content.assemble(head, " ", strong(first)),
        *(strong(one).pad_left(indent) for one in more),
    ]
    block += wrapped(not_lost, width, indent=indent)
    ways = [key_and_label(name, does) for name, does in keys]
    if ways:
        block.append(cut(Content("   ").join(ways), width - indent).pad_left(indent))
    return lines(block)


@dataclass(frozen=True, slots=True)
class Step:
    """Holds one step of a long job.

    Attributes:
        text: what is done in it.
        state: ``done``, ``now`` or ``to come``.
        share: how far the present one is, 0 to 1; None where that is not known.
        seconds: how long it took, or has taken so far; None where that does not matter.
    """

    text: str
    state: Literal["done", "now", "to come"]
    share: float | None = None
    seconds: float | None = None


def steps(listed: Sequence[Step], width: int) -> Content:
    """Return a job as the list of its steps; the present one has its bar and its seconds."""
    rows = []
    for step in listed:
        tail = Content("")
        if step.seconds is not None:
            tail = muted(span(step.seconds) if step.seconds >= 1 else "under 1 s")
        if step.state == "now" and step.share is not None and width >= 50:
            done = round(step.share * 100)
            tail = Content.assemble(bar(done, 100, 20), f" {done:>3} %  ", tail)
        words = strong(step.text) if step.state == "now" else muted(step.text)
        if step.state == "done":
            words = cut(step.text, width)
        rows.append(between(Content.assemble(sign(step.state), " ", words), tail, width))
    return lines(rows)
