"""Words that are struck out in a cell: what still counts, and all of it with a mark on the rest."""

from __future__ import annotations

from collections.abc import Iterable

Run = tuple[str, bool]
"""Part of a cell's text, and whether it is struck out."""


def mark(text: str) -> str:
    """Return struck-out words with their mark; blanks around them stay outside of it."""
    words = text.strip()
    if not words:
        return text
    before, after = text[: text.index(words)], text[text.index(words) + len(words) :]
    return f"{before}[struck out: {words}]{after}"


def split_runs(runs: Iterable[Run]) -> tuple[str, str]:
    """Return the text that is not struck out, and the whole text with the struck words marked.

    Both are the whole text where nothing is struck out but blanks. Neighbouring runs that are
    struck out are marked together.
    """
    joined: list[Run] = []
    for text, is_struck in runs:
        if joined and joined[-1][1] == is_struck:
            joined[-1] = (joined[-1][0] + text, is_struck)
        elif text:
            joined.append((text, is_struck))
    whole = "".join(text for text, _ in joined)
    if not any(is_struck and text.strip() for text, is_struck in joined):
        return whole, whole
    live = "".join(text for text, is_struck in joined if not is_struck)
    marked = "".join(mark(text) if is_struck else text for text, is_struck in joined)
    return (live, marked) if live.strip() else (whole, mark(whole))
