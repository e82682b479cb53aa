"""Outcomes by keys: marked on a recommendation, a point and a note, and counted on their page."""

from __future__ import annotations

import pytest

from fieldkit.followup.outcomes.table import bearings
from screens.comparison.force import ForcePage
from screens.evidence.gaps.outcomes import OutcomesPage
from screens.evidence.points import PointsPage
from screens.followup.recommendations import RecommendationsPage
from screens.kit.dialogs import Pick
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import LARGE, opened, page, settled, told
from tests.screens.followup.followed import followed
from tests.screens.hostile import at, came, paste


async def test_marks_are_set_taken_away_and_counted(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall_on(monkeypatch, "2040-11-12")
    inspection, _ = followed(vault)

    def marked() -> tuple[int, int]:
        training = vault.read_now(bearings, inspection)["training"]
        return training.points + training.practice, training.recommended

    async with opened(vault, inspection, LARGE) as (app, pilot):
        for keys, shown in ((("f",), RecommendationsPage), (("escape", "p"), PointsPage)):
            await pilot.press(*keys)
            await came(pilot, shown)
            await settled(pilot)
            await pilot.press("l")
            await came(pilot, Pick)
            await paste(pilot, "better training")
            await pilot.press("enter")
            if shown is RecommendationsPage:
                await came(pilot, shown)
                await settled(pilot)
                assert marked() == (0, 1)
                assert "Marked: Staff get more and better training." in told(app)
        # A point is evidence: after the team has left, a change of it says why.
        await pilot.pause()
        await pilot.press("escape", "escape")
        await settled(pilot)
        await pilot.press("f5", "5")
        await came(pilot, OutcomesPage)
        await settled(pilot)
        assert "1 recommendation, 1 open" in page(app)
        await pilot.press("f")
        await came(pilot, ForcePage)
        await settled(pilot)
        assert at(pilot, ForcePage) and "Health joins daily." in page(app)
