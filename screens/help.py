"""The help page: every key of this page, and those that work everywhere."""

from __future__ import annotations

from textual.content import Content

from screens.commands import DIGITS, registry


def help_text(page: str) -> Content:
    """The keys of a page as text."""
    parts: list[tuple[str, str] | str] = []
    for name in (page, "global"):
        table = registry()[name]
        parts.append((f"{table.title}\n", "bold"))
        if name in DIGITS:
            parts.append(f"  1 … 9      {DIGITS[name]}\n")
        for one in table.commands:
            parts.append(f"  {one.key_word:<10} {one.help}\n")
        parts.append("\n")
    parts.append(("The first line\n", "bold"))
    parts.append("  12/97      cases judged overall, of all that were not withdrawn\n")
    parts.append("  ! told 3 h a case is referred back to the force; how long it has known\n")
    parts.append("  ↑14        records that have not left this laptop yet\n")
    parts.append("  ≠2         records with two answers, which a person has to settle\n")
    return Content.assemble(*parts)
