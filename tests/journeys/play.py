"""Following a list of keys, by a Pilot or in a real terminal."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.pilot import Pilot

from screens.app import FieldkitApp
from tests.journeys.keys import Step
from tests.journeys.terminal import Terminal
from tests.screens.driving import page, until


async def play(app: FieldkitApp, pilot: Pilot[None], steps: Sequence[Step]) -> None:
    """Press and type, and look until each text stands on the screen."""
    for number, step in enumerate(steps):
        if step.does == "type":
            await pilot.press(*step.text)
        elif step.does == "press":
            await pilot.press(*step.keys)
        else:
            await _seen(app, pilot, number, step.text)


async def _seen(app: FieldkitApp, pilot: Pilot[None], number: int, text: str) -> None:
    try:
        await until(pilot, lambda: text in page(app))
    except AssertionError as error:
        pytest.fail(f"step {number}: “{text}” is not there; {error}")


def play_in_terminal(terminal: Terminal, steps: Sequence[Step]) -> None:
    """Do the same in a real terminal."""
    for step in steps:
        if step.does == "type":
            terminal.type(step.text)
        elif step.does == "press":
            terminal.press(*step.terminal_keys)
        else:
            terminal.wait_for(step.text)
