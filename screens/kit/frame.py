"""The frame of every page: the first line and the last line; nothing else is fixed."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from fieldkit.wording.format import line
from screens.kit.commands import registry
from screens.kit.text import plain

MARKING = "OFFICIAL-SENSITIVE"
"""Shown where no inspection says otherwise (Government Security Classifications)."""


@dataclass(frozen=True)
class FrameFacts:
    """Holds what the first line says.

    Attributes:
        marking: the protective marking, in capitals.
        counts: what is done, unsent, in conflict or running, in few words; at the left.
        force: whose inspection it is; at the right.
    """

    marking: str = MARKING
    counts: str = ""
    force: str = ""


def three(left: str, middle: str, right: str, width: int) -> str:
    """Return one line with its middle in the middle; the sides give way where it is narrow."""
    middle = line(middle, width)
    side = max((width - len(middle)) // 2 - 2, 0)
    before = line(left, side).ljust(side)
    right_side = width - len(middle) - side - 4
    after = line(right, max(right_side, 0)).rjust(max(right_side, 0))
    return f" {before} {middle} {after} "[:width].ljust(width)


class TopLine(Widget):
    """Draws the first line: counts, marking, force."""

    DEFAULT_CSS = """
    TopLine { dock: top; height: 1; background: $primary-background; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._facts = FrameFacts()

    def show_facts(self, facts: FrameFacts) -> None:
        """Put other facts in the line."""
        self._facts = facts
        self.refresh()

    def render(self) -> Content:
        """Draw the line."""
        facts = self._facts
        return plain(three(facts.counts, facts.marking.upper(), facts.force, self.size.width))


class LastLine(Widget):
    """Draws the last line: two keys, the marking, two keys."""

    DEFAULT_CSS = """
    LastLine { dock: bottom; height: 1; background: $primary-background; text-style: bold; }
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self._marking = MARKING
        self._page = page
        self.leave_out()

    def leave_out(self, *actions: str, also: str = "") -> None:
        """Offer the page's keys but those that have nothing to do at present.

        ``also`` names those that are offered only now, with spaces between.
        """
        known = registry()[self._page].commands
        offered = [one for one in known if one.line or one.action in also.split()]
        self._keys = [one for one in offered if one.action not in actions][:4]
        if len(self._keys) < 4:
            self._keys.append(registry()["global"].commands[0])
        self.refresh()

    def show_facts(self, facts: FrameFacts) -> None:
        """Take the marking from the facts."""
        self._marking = facts.marking
        self.refresh()

    def render(self) -> Content:
        """Draw the line."""
        words = [f"{one.key_word} {one.label}" for one in self._keys]
        half = (len(words) + 1) // 2
        left, right = " · ".join(words[:half]), " · ".join(words[half:])
        return plain(three(left, self._marking.upper(), right, self.size.width))
