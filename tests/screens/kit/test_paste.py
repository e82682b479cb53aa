"""What is pasted keeps its words: no line is lost, and no two run together."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from screens.kit.draft_fields import DraftArea
from storage.vault.vault import Vault
from tests.screens.driving import opened, settled
from tests.screens.hostile import paste


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("seen alone\ntold the lead", "seen alone told the lead"),
        ("seen alone\r\n\r\ntold the lead\r\n", "seen alone told the lead"),
        ("seen alone\x0btold the lead", "seen alone told the lead"),
        ("seen alone\u2028 told the lead", "seen alone told the lead"),
        ("\n  seen alone\n", "seen alone"),
        ("seen alone", "seen alone"),
    ],
)
async def test_lines_pasted_into_a_field_of_one_line_are_joined(
    vault: Vault, inspection: str, pasted: str, kept: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f3")
        await settled(pilot)
        await paste(pilot, pasted)
        await settled(pilot)
        assert app.screen.query_one("#words", Input).value == kept
        notices = [notice.message for notice in app._notifications]
        joined = "2 lines were pasted into a field of one line. They are joined with spaces."
        assert (joined in notices) == (kept != pasted.strip())


async def test_lines_pasted_into_a_text_stay_lines(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("entry", kind="inspection", record=inspection)
        await settled(pilot)
        await pilot.press("f2")
        await settled(pilot)
        area = app.focused
        assert isinstance(area, DraftArea)
        await paste(pilot, "one\x0btwo\u2029three\r\nfour")
        await settled(pilot)
        assert area.text == "one\ntwo\nthree\nfour"
