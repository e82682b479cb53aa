"""The lines that a page leaves free for a refusal, so that it covers nothing that is read or typed.

A refusal stands above the line of keys, where Textual draws what an app says, until it is settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.widget import Widget

from screens.kit.text import plain

if TYPE_CHECKING:
    from textual.app import App

BESIDE = 3
"""Columns of a refusal that its bar and the blanks beside its words take."""
FRAME = 2
"""Lines of the frame below it."""
MOST = 6
"""Lines that the page gives up at most: the rest of it stays in sight."""


class RefusalRoom(Widget):
    """Takes the lines above the frame while a refusal stands there; draws nothing."""

    DEFAULT_CSS: ClassVar[str] = """
    RefusalRoom { dock: bottom; display: none; visibility: hidden; }
    """

    def leave(self, refusal: str) -> None:
        """Leave as many lines free as a refusal has; none where it is empty."""
        self.display = bool(refusal)
        if refusal:
            width = max(self.app.size.width - BESIDE, 1)
            self.styles.height = min(len(plain(refusal).wrap(width)), MOST) + FRAME


def leave_room(app: App[Any], refusal: str) -> None:
    """Leave room on every open page for the refusal that stands; none where it is empty."""
    for screen in app.screen_stack:
        for room in screen.query(RefusalRoom):
            room.leave(refusal)
