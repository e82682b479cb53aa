"""A document as Markdown: read as it stands, and turned into anything else by other programs."""

from __future__ import annotations

import re

from fieldkit.comparison.numbers import plain
from fieldkit.feedback.document.blocks import (
    Block,
    Bullets,
    Facts,
    Grid,
    Heading,
    Paragraph,
    Written,
)

_SIGNS = re.compile(r"([\\`*_\[\]<>|#~])")
"""What Markdown would take for its own: a person's words stay words."""
_BEGINS = re.compile(r"^(\d+)([.)])|^([-+=])")


def to_markdown(document: Written) -> str:
    """Return the whole document as text, the marking above and below."""
    marking = f"**{words_text(document.marking)}**"
    head = [
        f"# {words_text(document.title)}",
        *([words_text(document.subtitle)] * bool(document.subtitle)),
    ]
    parts = [marking, *head, *map(block_text, document.blocks)]
    return (
        "\n\n".join([*parts, *([words_text(document.foot)] * bool(document.foot)), marking]) + "\n"
    )


def block_text(block: Block) -> str:
    """Return a block as text, without an empty line round it."""
    if isinstance(block, Heading):
        rule = "---\n\n" * block.new_page
        return f"{rule}{'#' * (block.level + 1)} {words_text(block.text)}"
    if isinstance(block, Paragraph):
        lines = [words_text(each) for each in block.text.splitlines() if each.strip()]
        if block.lead:
            lines[:1] = [f"**{words_text(block.lead)}** {(lines or [''])[0]}".rstrip()]
        return "  \n".join(lines)
    if isinstance(block, Bullets):
        return "\n".join(f"- {words_text(each)}" for each in block.texts)
    if isinstance(block, Facts):
        return "  \n".join(
            f"**{words_text(label)}:** {words_text(value)}" for label, value in block.rows
        )
    return _table(block)


def _table(table: Grid) -> str:
    rule = "|".join(
        ["", *("---:" if at in table.figures else "---" for at in range(len(table.headings))), ""]
    )
    headings, *rows = (
        "| " + " | ".join(map(words_text, row)) + " |" for row in (table.headings, *table.rows)
    )
    return "\n".join([headings, rule, *rows])


def words_text(text: str) -> str:
    """Return a person's words on one line, none of them markup."""
    escaped = _SIGNS.sub(r"\\\1", plain(text))
    return _BEGINS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", escaped)
