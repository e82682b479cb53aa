"""The room by keys: one agreed point a page, answers that appear at once, and a trace that asks."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from fieldkit.casework import referrals
from fieldkit.evidence import points
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.room import room
from screens.app import FieldkitApp
from screens.feedback.debrief import DebriefPage
from screens.feedback.room import RoomPage
from screens.kit.dialogs import AskText, Confirm, Pick, Tell
from screens.kit.form import Form
from storage.records import LetPass
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.screens.driving import SMALL, lines, opened, page, settled
from tests.screens.hostile import ALL, at, came, harmless, paste


@pytest.fixture
def debrief(vault: Vault, inspection: str, cases: dict[str, str]) -> str:
    """Today's debrief: two points agreed, a third not; and a referral whose clock runs."""
    vault.write_now(referrals.refer, cases["WST-001"], ["unsafe"], "Missing again.", "See her.")
    held = vault.write_now(open_debrief, inspection, "daily").id
    for wording in ("Devices wait too long.", "Schools hear of it.", "Not agreed."):
        made = vault.write_now(points.add_point, inspection, wording, "concern", "investigation")
        told = vault.write_now(include_point, held, made.id).id
        if wording != "Not agreed.":
            vault.write_now(freeze_wording, told, wording)
    return held


async def _in_the_room(app: FieldkitApp, pilot: Pilot[None]) -> None:
    await app.go("debrief")
    await settled(pilot)
    await pilot.press("v")
    await settled(pilot)


async def test_only_force_day_and_time_stand_beside_the_marking(
    vault: Vault, inspection: str, debrief: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.feedback.room.today", lambda: "2026-07-09")
    monkeypatch.setattr("screens.feedback.room.now", lambda: "2026-07-09T17:12")
    async with opened(vault, inspection, SMALL) as (app, pilot):
        await _in_the_room(app, pilot)
        assert at(pilot, RoomPage)
        first, *_, last = lines(app)
        assert first.split() == "Daily debrief OFFICIAL-SENSITIVE 9 July 2026".split()
        assert last.split() == ["Westshire", "OFFICIAL-SENSITIVE", "17:12"]
        assert abs(first.index("OFFICIAL") - last.index("OFFICIAL")) == 0
        assert "WST-" not in page(app) and "Nothing supports" not in page(app)


async def test_points_are_turned_by_keys_and_the_last_page_is_what_was_promised(
    vault: Vault, inspection: str, debrief: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await _in_the_room(app, pilot)
        assert "1  of 2" in page(app) and "Devices wait too long." in page(app)
        await pilot.press("a")
        await came(pilot, Form)
        await paste(pilot, ALL)
        await pilot.press("tab")
        await paste(pilot, "superintendent")
        await pilot.press("ctrl+s")
        await settled(pilot)
        harmless(page(app))
        assert "superintendent" in page(app)
        await pilot.press("space")
        assert "2  of 2" in page(app) and "Schools hear of it." in page(app)
        await pilot.press("r")
        await came(pilot, Form)
        await paste(pilot, "That is right.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "2  of 2" in page(app) and "That is right." in page(app)
        await pilot.press("space", "space", "space")
        assert "What was promised" in page(app) and "superintendent" in page(app)
        assert "Not agreed." not in page(app)
        await pilot.press("b", "left", "left")
        assert "1  of 2" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert at(pilot, DebriefPage)


async def test_the_trace_asks_first(vault: Vault, inspection: str, debrief: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await _in_the_room(app, pilot)
        await pilot.press("t")
        await came(pilot, Confirm)
        assert "not for the force's eyes" in page(app)
        await pilot.press("enter")
        await settled(pilot)
        assert at(pilot, RoomPage)
        await pilot.press("t")
        await came(pilot, Confirm)
        await pilot.press("y")
        await came(pilot, Tell)
        assert "Nothing supports it yet" in page(app)


async def test_there_is_no_room_without_an_agreed_point(vault: Vault, inspection: str) -> None:
    point = vault.write_now(points.add_point, inspection, "A draft of ours.", "concern").id
    vault.write_now(lambda s: include_point(s, open_debrief(s, inspection, "daily").id, point))
    async with opened(vault, inspection) as (app, pilot):
        await _in_the_room(app, pilot)
        assert at(pilot, DebriefPage)
        assert any("Nothing is agreed yet" in one.message for one in app._notifications)
        await app.go("room")
        await settled(pilot)
        assert "No words of this debrief" in page(app) and "A draft of ours" not in page(app)


async def test_the_room_is_shown_once_what_tells_of_somebody_is_settled_with_a_reason(
    vault: Vault, inspection: str, debrief: str
) -> None:
    told = vault.read_now(room, debrief).points[0].id
    vault.write_now(lambda s: record_response(s, told, response="They rang SW1A 2AA."))
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        for key in ("escape", "end"):
            await pilot.press("v")
            await came(pilot, Pick)
            assert "SW1A 2AA" in page(app)
            await pilot.press(key)
            if key == "end":
                await pilot.press("enter")
                await came(pilot, AskText)
                await pilot.press("escape")
            await settled(pilot)
            assert at(pilot, DebriefPage), "without a reason the room is not shown"
        await pilot.press("v")
        await came(pilot, Pick)
        await pilot.press("end", "enter")
        await came(pilot, AskText)
        await paste(pilot, "It is the force's own address.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert at(pilot, RoomPage)
        (passed,) = vault.read_now(lambda s: list(records_in(s, LetPass, inspection)))
        assert passed.reason == "It is the force's own address."
