"""The help page: every key of this page, and those that work everywhere."""

from __future__ import annotations

import textwrap

from textual.content import Content

from screens.commands import DIGITS, registry

INDENT = 13
"""Columns before what a key does."""
BESIDE = 18
"""Columns that the dialog's sides, its border and a scroll bar take, at 80 columns and at 120."""
SIGNS = (
    ("12/97", "cases judged overall, of all that were not withdrawn"),
    ("! told 3 h", "a case is referred back to the force; how long it has known"),
    ("↑14", "records that have not left this laptop yet"),
    ("≠2", "grades, texts and others with two answers, for a person to decide"),
)


def help_text(page: str, columns: int = 80) -> Content:
    """The keys of a page as text, for a terminal that wide."""
    width = max(columns - BESIDE, 2 * INDENT)
    parts: list[tuple[str, str] | str] = []
    for name in (page, "global"):
        table = registry()[name]
        parts.append((f"{table.title}\n", "bold"))
        if name in DIGITS:
            parts.append(_row("1 … 9", DIGITS[name], width))
        parts += [_row(one.key_word, one.help, width) for one in table.commands]
        parts.append("\n")
    parts.append(("The first line\n", "bold"))
    parts += [_row(sign, words, width) for sign, words in SIGNS]
    return Content.assemble(*parts)


def _row(key: str, words: str, width: int) -> str:
    """A key and what it does; where that takes several lines they stand under each other."""
    first = f"  {key:<10} "
    wrapped = textwrap.wrap(
        words, width, initial_indent=first, subsequent_indent=" " * INDENT, break_long_words=False
    )
    return "\n".join(wrapped) + "\n"
