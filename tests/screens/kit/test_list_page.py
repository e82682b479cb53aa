"""Pages that are one list look the same whichever pages were open before."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens.kit.drawing.panel_list import PanelList
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import LARGE, SMALL, opened, settled
from tests.screens.followup.followed import followed, with_plan

LETTERS = "12it"
"""Of the places: calendar, action plan, inspections and audit trail."""
Sizes = dict[str, tuple[tuple[int, int], tuple[int, int]]]


async def sizes(pilot: Pilot[None]) -> Sizes:
    """Go to each page, and return how large its list is and what stands beside it."""
    seen: Sizes = {}
    for letter in LETTERS:
        await pilot.press("f5", letter)
        await settled(pilot)
        shown = pilot.app.screen
        listed, side = shown.query_one(PanelList).outer_size, shown.query_one("#side").outer_size
        seen[letter] = (listed.width, listed.height), (side.width, side.height)
    return seen


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
async def test_a_page_keeps_its_layout_whatever_was_open_before(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    wall_on(monkeypatch, "2040-11-12")
    inspection, ids = followed(vault)
    with_plan(vault, inspection, ids)
    async with opened(vault, inspection, size) as (_, pilot):
        first = await sizes(pilot)
        assert await sizes(pilot) == first
        if size == LARGE:
            assert {key: listed[0] for key, (listed, _) in first.items()} == {
                "1": 80, "2": 72, "i": 70, "t": 73
            }  # fmt: skip
