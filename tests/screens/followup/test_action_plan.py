"""The action plan by keys: received, what it intends, reviewed; it proposes and decides nothing."""

from __future__ import annotations

import pytest

from fieldkit.followup.action_plans import latest_plan, show_plan
from screens.followup.action_plan import ActionPlanPage
from screens.followup.recommendations import RecommendationsPage
from screens.kit.dialogs import AskText, Pick
from screens.kit.form import Form
from storage.records import Inspection
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import LARGE, opened, page, settled, told, words
from tests.screens.followup.followed import followed, with_plan
from tests.screens.hostile import at, came, paste


async def test_a_plan_is_received_written_and_reviewed(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall_on(monkeypatch, "2040-11-12")
    inspection, _ = followed(vault)
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f", "y")
        await settled(pilot)
        assert at(pilot, ActionPlanPage) and "No action plan has been received" in told(app)
        await pilot.press("r")
        await settled(pilot)
        assert "a records that one has" in told(app)
        await pilot.press("a")
        await came(pilot, Form)
        await paste(pilot, "3/9/2040")
        await pilot.press("ctrl+s")
        await came(pilot, ActionPlanPage)
        await settled(pilot)
        # Complete ones are left out: nothing is to be done about them.
        assert "▲ 3 left out" in page(app) and "Supervisors leave" not in page(app)
        await pilot.press("down", "enter")
        await came(pilot, Form)
        await paste(pilot, "A new form on tablets.")
        await pilot.press("tab")
        await paste(pilot, "1/12/2040")
        await pilot.press("ctrl+s")
        await came(pilot, ActionPlanPage)
        await settled(pilot)
        assert "after its deadline" in told(app) and "▲ Sat 1 Dec" in page(app)
        await pilot.press("r")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, AskText)
        await paste(pilot, "Nothing is said of supervision.")
        await pilot.press("ctrl+s")
        await came(pilot, ActionPlanPage)
        await settled(pilot)
        shown = vault.read_now(lambda s: show_plan(s, latest_plan(s, inspection).id))
        assert (shown.view, shown.view_words) == (
            "some concerns",
            "Nothing is said of supervision.",
        )
        assert "proposes a post-inspection review" in words(app, "#review")
        assert vault.read_now(lambda s: s.get_one(Inspection, inspection).phase) == "inspection"
        await pilot.press("g")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        assert "3  behind it" in page(app)


async def test_another_plan_is_shown_and_corrected(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall_on(monkeypatch, "2040-11-12")
    inspection, ids = followed(vault)
    first = with_plan(vault, inspection, ids)
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("action_plan")
        await settled(pilot)
        assert "Two posts are advertised." in page(app)
        await pilot.press("a")
        await came(pilot, Form)
        await pilot.press("ctrl+s")
        await came(pilot, ActionPlanPage)
        await settled(pilot)
        assert "Two posts are advertised." not in page(app)
        await pilot.press("o")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, ActionPlanPage)
        await settled(pilot)
        assert "Two posts are advertised." in page(app)
        await pilot.press("e")
        await came(pilot, Form)
        await pilot.press("ctrl+u")
        await paste(pilot, "4/9/2040")
        await pilot.press("ctrl+s")
        await came(pilot, ActionPlanPage)
        await settled(pilot)
        assert vault.read_now(show_plan, first).received_on == "2040-09-04"
