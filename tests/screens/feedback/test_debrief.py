"""The debrief by keys alone: choosing, agreeing, answering, closing, and the next day."""

from __future__ import annotations

import pytest

from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.service import today
from screens.evidence.points import PointsPage
from screens.feedback.debrief import DebriefPage
from screens.kit.dialogs import AskText, Confirm, Pick, Tell
from screens.kit.form import Form
from storage.records import DebriefPoint
from storage.records.debrief import debriefs as all_debriefs
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, opened, page, settled, waiting_texts
from tests.screens.hostile import ALL, at, came, harmless, paste


@pytest.fixture
def point(vault: Vault, inspection: str) -> str:
    """A concern about investigation."""
    return vault.write_now(
        points.add_point, inspection, "Devices wait too long.", "concern", "investigation"
    ).id


async def test_a_daily_debrief_from_choosing_to_closing(
    vault: Vault, inspection: str, point: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("d")
        await settled(pilot)
        assert at(pilot, DebriefPage)
        assert "not begun" in page(app) and "1 new point" in page(app)
        assert await app.vault.read(all_debriefs, inspection) == []
        await pilot.press("a")
        await came(pilot, Pick)
        await pilot.press("1")
        await settled(pilot)
        assert "not agreed yet" in page(app)
        await pilot.press("enter")
        await came(pilot, AskText)
        await paste(pilot, " The backlog is known.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        one = (await app.vault.read(records_in, DebriefPoint, inspection))[0]
        assert one.agreed_wording == "Devices wait too long. The backlog is known."
        await pilot.press("enter")
        await came(pilot, Form)
        await paste(pilot, "Accepted.")
        await pilot.press("tab", "2", "tab")
        await paste(pilot, "Review the ten oldest")
        await pilot.press("tab")
        await paste(pilot, "superintendent")
        await pilot.press("tab")
        await paste(pilot, "2026-07-20")
        await pilot.press("ctrl+s")
        await settled(pilot)
        one = (await app.vault.read(records_in, DebriefPoint, inspection))[0]
        assert (one.response, one.outcome, one.action, one.action_owner, one.action_due) == (
            "Accepted.",
            "agreed",
            "Review the ten oldest",
            "superintendent",
            "2026-07-20",
        )
        await pilot.press("v")
        await came(pilot, Tell)
        assert "The force's response: Accepted." in page(app)
        await pilot.press("escape", "k")
        await came(pilot, AskText)
        await paste(pilot, "chief superintendent")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "closed" in page(app) and "chief superintendent" in page(app)
        await pilot.press("a")
        await settled(pilot)
        assert at(pilot, DebriefPage)
        assert any("is closed" in one.message for one in app._notifications)
        assert waiting_texts(vault) == []


async def test_earlier_actions_come_first_and_are_marked_done(
    vault: Vault, inspection: str, point: str
) -> None:
    before = vault.write_now(open_debrief, inspection, "daily", "2026-07-08").id
    inside = vault.write_now(include_point, before, point).id
    vault.write_now(
        lambda s: record_response(s, inside, action="Review the oldest", action_owner="DCI")
    )
    vault.write_now(close_debrief, before, "deputy")
    vault.write_now(points.add_point, inspection, "Partners meet.", "strength")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        shown = page(app)
        assert "Promised before" in shown and "Review the oldest" in shown
        await pilot.press("enter")
        await came(pilot, Pick)
        await pilot.press("1")
        await settled(pilot)
        assert (await app.vault.read(records_in, DebriefPoint, inspection))[
            0
        ].action_done == today()
        assert "Review the oldest" not in page(app)


@pytest.mark.parametrize("done", ["2026-07-09", "9 July 2026", "9 Jul 2026"])
async def test_an_earlier_action_was_done_on_a_day_of_its_own(
    vault: Vault, inspection: str, point: str, done: str
) -> None:
    before = vault.write_now(open_debrief, inspection, "daily", "2026-07-08").id
    inside = vault.write_now(include_point, before, point).id
    vault.write_now(record_response, inside, action="Review the oldest")
    vault.write_now(close_debrief, before, "deputy")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("r")
        await came(pilot, Pick)
        await pilot.press("3")
        await came(pilot, Form)
        await paste(pilot, done)
        await pilot.press("ctrl+s")
        await settled(pilot)
        listed = (await app.vault.read(records_in, DebriefPoint, inspection))[0]
        assert (listed.action_done, listed.agreed_wording) == (
            "2026-07-09",
            "Devices wait too long.",
        )
        # The closed debrief itself takes an answer as well.
        await app.go("debrief", debrief=before)
        await settled(pilot)
        await pilot.press("r")
        await came(pilot, Form)
        await paste(pilot, "Thank you.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        listed = (await app.vault.read(records_in, DebriefPoint, inspection))[0]
        assert (listed.response, listed.action_done) == ("Thank you.", "2026-07-09")


async def test_daily_and_hot_other_days_leave_out_and_points(
    vault: Vault, inspection: str, point: str
) -> None:
    before = vault.write_now(open_debrief, inspection, "daily", "2026-07-08").id
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        assert "Hot debrief" in page(app)
        await pilot.press("a")
        await came(pilot, Pick)
        await pilot.press("enter")
        await settled(pilot)
        assert len(await app.vault.read(records_in, DebriefPoint, inspection)) == 1
        await pilot.press("x")
        await settled(pilot)
        assert await app.vault.read(records_in, DebriefPoint, inspection) == []
        await pilot.press("o")
        await came(pilot, Pick)
        assert "2026-07-08" in page(app)
        await pilot.press("2")
        await settled(pilot)
        assert "Daily debrief · 2026-07-08" in page(app)
        subject = app.screen.subject if isinstance(app.screen, DebriefPage) else None
        assert subject is not None and subject[:2] == ("debrief", before)
        await pilot.press("p")
        await settled(pilot)
        assert at(pilot, PointsPage)


async def test_frozen_wording_survives_undo(vault: Vault, inspection: str, point: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("a")
        await came(pilot, Pick)
        await pilot.press("1")
        await settled(pilot)
        await pilot.press("enter")
        await came(pilot, AskText)
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("ctrl+z")
        await settled(pilot)
        one = (await app.vault.read(records_in, DebriefPoint, inspection))[0]
        assert one.agreed_wording == "Devices wait too long."
        assert " · agreed" in page(app)


async def test_markup_in_every_text_is_text(vault: Vault, inspection: str) -> None:
    vault.write_now(points.add_point, inspection, ALL, "concern")
    vault.write_now(lambda s: add_document(s, inspection, title=ALL, asked_on="2026-07-06"))
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        harmless(page(app))
        await pilot.press("a")
        await came(pilot, Pick)
        harmless(page(app))
        await pilot.press("1")
        await settled(pilot)
        await pilot.press("enter")
        await came(pilot, AskText)
        await paste(pilot, ALL)
        harmless(page(app))
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("r")
        await came(pilot, Form)
        await paste(pilot, ALL)
        for _ in range(2):
            await pilot.press("tab", "tab") if _ == 0 else await pilot.press("tab")
            await paste(pilot, ALL)
        await pilot.press("ctrl+s")
        await settled(pilot)
        harmless(page(app))
        await pilot.press("k")
        await came(pilot, AskText)
        await paste(pilot, ALL)
        await pilot.press("ctrl+s")
        await settled(pilot)
        harmless(page(app))
        await pilot.press("v")
        await came(pilot, Tell)
        harmless(page(app))
        await pilot.press("escape")


async def test_a_debrief_begins_with_its_first_point(
    vault: Vault, inspection: str, point: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("t", "r")
        await settled(pilot)
        assert any("No point is on the sheet" in one.message for one in app._notifications)
        await pilot.press("a")
        await came(pilot, Pick)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("k")
        await came(pilot, AskText)
        await pilot.press("escape")
        await settled(pilot)
        assert await app.vault.read(all_debriefs, inspection) == []
        await pilot.press("a")
        await came(pilot, Pick)
        await pilot.press("1")
        await settled(pilot)
        assert [one.sort for one in await app.vault.read(all_debriefs, inspection)] == ["hot"]
        assert page(app).count("Nothing supports it yet") == 1
        assert "rests on nothing" not in page(app)


async def test_closing_warns_of_an_answer_that_is_not_kept(
    vault: Vault, inspection: str, point: str
) -> None:
    vault.write_now(lambda s: include_point(s, open_debrief(s, inspection, "daily").id, point))
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("r")
        await came(pilot, Form)
        await paste(pilot, "The force disputes it")
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("k")
        await came(pilot, Confirm)
        assert "not kept yet" in page(app)
        await pilot.press("enter")
        await settled(pilot)
        assert not (await app.vault.read(all_debriefs, inspection))[0].held_at
        await pilot.press("k")
        await came(pilot, Confirm)
        await pilot.press("y")
        await came(pilot, AskText)
        await pilot.press("escape")
        await settled(pilot)
        assert waiting_texts(vault) == ["The force disputes it"]
