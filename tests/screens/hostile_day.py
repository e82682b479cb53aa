"""A day in which every field that takes text holds what would be more than text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.color import Color

from screens.app import FieldkitApp
from storage.vault.vault import Vault
from tests.journeys.canary_day import Day

MARKED = "[/ [@click=app.quit]x[/] [rgb(1,2,3)]loud[/] [link=http://x.y]l[/link] {x} $y %z"
"""Markup as Textual and Rich read it: an unclosed tag, an action, a colour, a link."""
UNSEEN = "\u202eback\u202c \u2066apart\u2069 \u061cz\u200bw\u200dj\ufeff \U000e0041"
"""What turns the direction of writing, and what has no width."""
ACTING = "\x1b[31mred\x1b[0m \x1b]52;c;aGk=\x07 \x1b]8;;http://x.y\x1b\\l \x9b2J \x00 \x7f \ud800"
"""Terminal sequences: colours, the clipboard, a link, clearing, and what ends a C string."""
HOSTILE = f"{MARKED} {UNSEEN} {ACTING}"

FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that may stand in no line drawn and in nothing printed."""
LOUD = Color.from_rgb(1, 2, 3).triplet


class HostileDay(Day):
    """The canaries' day; beside each canary stands hostile text, where the file allows it."""

    def __init__(self, vault: Vault, folder: Path) -> None:
        super().__init__(vault, folder)
        self.plain = False

    def word(self, *name: str) -> str:
        """The canary and, in what is not a part of a reference or of a file's own name, more."""
        word = super().word(*name)
        if self.plain or name[0] in ("case_key", "list") or name == ("case", "allocated_to"):
            return word
        return f"{HOSTILE} {word}"

    def _workbook(self) -> Path:
        # A workbook is XML, which has no control characters; names of sheets and files have rules.
        self.plain = True
        try:
            return super()._workbook()
        finally:
            self.plain = False


def unharmed(app: FieldkitApp, where: object) -> None:
    """Nothing on the screen acts, is coloured by text, or is a sign that a terminal obeys."""
    assert app.unlocked, where
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            assert FORBIDDEN.search(segment.text) is None, (where, segment.text)
            style = segment.style
            if style is None:
                continue
            assert style.link is None, where
            assert style.color is None or style.color.triplet != LOUD, (where, segment.text)
            assert "app.quit" not in str(_clicks(style.meta)), where


def _clicks(meta: dict[str, Any]) -> Iterable[Any]:
    return [value for name, value in meta.items() if name.startswith("@")]


def harmless_output(*texts: str) -> None:
    """What a command printed holds no sign that a terminal obeys."""
    for text in texts:
        found = FORBIDDEN.search(text)
        assert found is None, text[max(0, found.start() - 60) : found.end() + 20]
