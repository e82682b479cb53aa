"""Guards a page whose digits grade against text that is typed into it by mistake."""

from __future__ import annotations

MOST_NOTHINGS = 1
"""Digits beyond the scale that are taken for slips; with the next one, text is being typed."""
ENDS = frozenset({"enter", "escape", "up", "down", "home", "end", "pageup", "pagedown"})
"""The keys that show that somebody knows where they are."""


class TypingGuard:
    """Says whether keys look like text being typed where digits grade.

    A date such as “28/2/2026” typed into the list would give a grade a digit. From the first sign
    that stands for nothing on the page, or the second digit beyond the scale, nothing is graded
    until a key of the list is pressed.
    """

    def __init__(self) -> None:
        self._nothings = 0
        self._typed = False

    @property
    def holds(self) -> bool:
        """Say whether digits wait."""
        return self._typed or self._nothings > MOST_NOTHINGS

    def key(self, key: str, *, typed: bool) -> None:
        """Take note of a key.

        Args:
            key: by Textual's name.
            typed: it writes a sign, and stands for nothing on the page.
        """
        if key in ENDS:
            self._nothings, self._typed = 0, False
        elif typed:
            self._typed = True

    def nothing(self) -> None:
        """Take note of a digit that is none of the scale."""
        self._nothings += 1
