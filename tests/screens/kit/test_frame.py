"""The frame is drawn where it is seen, and says what is true as soon as its page is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.screen import Screen

from screens.kit.dialogs import Tell
from screens.kit.frame.lines import FrameFacts, FrameLine, LastLine
from storage.vault.vault import Vault
from tests.screens.driving import opened, settled


async def test_only_the_lines_that_are_seen_are_drawn(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: set[Screen[object]] = set()
    usual = FrameLine.show_facts

    def show(line: FrameLine, facts: FrameFacts) -> None:
        drawn.add(line.screen)
        usual(line, facts)

    async with opened(vault, inspection) as (app, pilot):
        home = app.screen
        await app.go("cases")
        await settled(pilot)
        cases = app.screen
        monkeypatch.setattr(FrameLine, "show_facts", show)
        app.facts = replace(app.facts, unsent=4321)
        app.draw_frame()
        assert drawn == {cases}
        dialog = Tell("Something", "was done")
        await app.push_screen(dialog)
        await pilot.pause()
        drawn.clear()
        app.draw_frame()
        # Around a dialog the page is still seen.
        assert drawn == {dialog, cases}
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is cases
        app.pop_screen()
        await settled(pilot)
        assert app.screen is home
        assert home.query_one(LastLine).facts == app.facts
