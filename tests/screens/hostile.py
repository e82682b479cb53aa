"""Text that would be more than text, were it not shown as such; and typing it quickly."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from tests.screens.driving import until

HOSTILE = (
    "[/",
    "[@click=app.quit]x[/]",
    "[bold red]loud[/bold red]",
    "\u202edesrever\u202c and \u2066apart\u2069",
    "\x1b[31mred\x1b[0m \x1b]52;c;aGk=\x07",
    "日本語 ŵŷ £ 👶",
)
ALL = " ".join(HOSTILE)


async def paste(pilot: Pilot[Any], text: str) -> None:
    """Put a text into the field that has the focus, as a terminal's paste does."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


def harmless(shown: str) -> None:
    """What is on the screen holds the brackets as typed and no control or direction marks."""
    assert "[/" in shown
    assert not any(sign in shown for sign in "\x1b\x07\u202e\u202c\u2066\u2069")


async def came(pilot: Pilot[Any], kind: type[Screen[Any]], before: object = None) -> None:
    """Wait until a dialog stands there, another than ``before``.

    Its worker goes on behind it, so waiting for the workers would never end.
    """
    await until(
        pilot,
        lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen is not before,
    )
    for _ in range(3):
        await pilot.pause()


def at(pilot: Pilot[Any], kind: type[Screen[Any]]) -> bool:
    """Whether a page of that kind is in front now."""
    return isinstance(pilot.app.screen, kind)
