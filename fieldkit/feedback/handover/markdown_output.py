"""The hand-over as Markdown: read as it stands, and turned into anything else by other programs."""

from __future__ import annotations

import re

from fieldkit.comparison.numbers import plain
from fieldkit.comparison.output.layout import Table
from fieldkit.feedback.handover.blocks import Block, Handover, Heading, Items, Words

_SIGNS = re.compile(r"([\\`*_\[\]<>|#~])")
"""What Markdown would take for its own: a person's words stay words."""
_BEGINS = re.compile(r"^(\d+)([.)])|^([-+=])")


def to_markdown(made: Handover) -> str:
    """The whole page as text, the marking above and below."""
    marking = f"**{_words(made.marking)}**"
    parts = [marking, *(_block(one) for one in made.blocks), marking]
    return "\n\n".join(parts) + "\n"


def _block(one: Block) -> str:
    if isinstance(one, Heading):
        return f"{'#' * one.level} {_words(one.text)}"
    if isinstance(one, Words):
        lines = [_words(each) for each in one.text.splitlines() if each.strip()]
        said = "  \n".join(lines)
        return f"**{said}**" if one.strong and len(lines) == 1 else said
    if isinstance(one, Items):
        return "\n".join(f"- {_words(each)}" for each in one.texts)
    return _table(one)


def _table(one: Table) -> str:
    headings, *rows = ("| " + " | ".join(map(_words, row)) + " |" for row in one.texts)
    rule = "|".join(["", "---", *(["---:"] * len(one.columns)), ""])
    return "\n".join([headings, rule, *rows])


def _words(text: str) -> str:
    """A person's words on one line, none of them markup."""
    said = _SIGNS.sub(r"\\\1", plain(text))
    return _BEGINS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", said)
