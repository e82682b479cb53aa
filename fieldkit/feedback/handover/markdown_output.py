"""The hand-over as Markdown: read as it stands, and turned into anything else by other programs."""

from __future__ import annotations

import re

from fieldkit.comparison.numbers import plain
from fieldkit.comparison.output.layout import Table
from fieldkit.feedback.handover.blocks import Block, Bullets, Handover, Heading, Paragraph

_SIGNS = re.compile(r"([\\`*_\[\]<>|#~])")
"""What Markdown would take for its own: a person's words stay words."""
_BEGINS = re.compile(r"^(\d+)([.)])|^([-+=])")


def to_markdown(handover: Handover) -> str:
    """Return the whole page as text, the marking above and below."""
    marking = f"**{_words(handover.marking)}**"
    parts = [marking, *(_block(one) for one in handover.blocks), marking]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_words(block.text)}"
    if isinstance(block, Paragraph):
        lines = [_words(each) for each in block.text.splitlines() if each.strip()]
        paragraph = "  \n".join(lines)
        return f"**{paragraph}**" if block.strong and len(lines) == 1 else paragraph
    if isinstance(block, Bullets):
        return "\n".join(f"- {_words(each)}" for each in block.texts)
    return _table(block)


def _table(table: Table) -> str:
    headings, *rows = ("| " + " | ".join(map(_words, row)) + " |" for row in table.texts)
    rule = "|".join(["", "---", *(["---:"] * len(table.columns)), ""])
    return "\n".join([headings, rule, *rows])


def _words(text: str) -> str:
    """Return a person's words on one line, none of them markup."""
    escaped = _SIGNS.sub(r"\\\1", plain(text))
    return _BEGINS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
