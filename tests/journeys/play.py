"""Following a list of keys, by a Pilot or in a real terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.app import FieldkitApp
from tests.journeys.keys import Step
from tests.journeys.terminal import Terminal
from tests.screens.driving import PATIENCE, SMALL, page, settled, until


class SaysForLong(FieldkitApp):
    """Says what was done for as long as a slow machine may take to see it."""

    def notify(self, message: str, **how: Any) -> None:
        super().notify(message, **how | {"timeout": PATIENCE})


async def play_by_pilot(
    vault: Path, steps: Sequence[Step], size: tuple[int, int] = SMALL, *, says: bool = False
) -> None:
    """Open the app on a locked vault, follow the list and leave.

    With ``says`` the list can see the sentences in which the app says what was done.
    """
    app = SaysForLong(vault) if says else FieldkitApp(vault)
    async with app.run_test(size=size, notifications=says) as pilot:
        await settled(pilot)
        await play(app, pilot, steps)
        await pilot.press("ctrl+q")


def play_by_tmux(folder: Path, vault: Path, steps: Sequence[Step]) -> None:
    """Do the same in a real terminal, whose files lie in a folder."""
    with Terminal(folder, ["--vault", str(vault)], SMALL) as terminal:
        play_in_terminal(terminal, steps)
        terminal.press("C-q")
        terminal.wait_for_end()


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
