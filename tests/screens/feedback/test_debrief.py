"""The debrief by keys alone: choosing, agreeing, answering, closing, and the next day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.widgets import Static

from fieldkit.evidence import points, trace
from fieldkit.evidence.entries import add_document
from fieldkit.feedback.debriefs import chain
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.service import today
from screens.evidence.points import PointsPage
from screens.evidence.trace import PickEvidence
from screens.feedback.agree import AgreeWords
from screens.feedback.debrief import DebriefPage
from screens.feedback.debrief_reading import prepared
from screens.feedback.pick_points import PickPoints
from screens.feedback.room import RoomPage
from screens.kit.dialogs import AskText, Confirm, Pick, Tell
from screens.kit.form import Form
from storage.records import DebriefPoint, LetPass
from storage.records.debrief import debriefs as all_debriefs
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, opened, page, settled, until, waiting_texts
from tests.screens.hostile import ALL, at, came, harmless, paste


@pytest.fixture
def point(vault: Vault, inspection: str) -> str:
    """A concern about investigation."""
    return vault.write_now(
        points.add_point, inspection, "Devices wait too long.", "concern", "investigation"
    ).id


async def test_another_day_is_chosen_and_the_page_opens_again(
    vault: Vault, inspection: str, point: str
) -> None:
    earlier = vault.write_now(open_debrief, inspection, "daily", "2026-07-06").id
    async with opened(vault, inspection) as (app, pilot):
        for _ in range(2):
            # What is chosen has no part in the id that Textual knows a page by.
            await pilot.press("d")
            await settled(pilot)
            assert at(pilot, DebriefPage) and app.screen.id is None
            await pilot.press("o")
            await came(pilot, Pick)
            await pilot.press("enter")
            await came(pilot, DebriefPage)
            await settled(pilot)
            assert isinstance(app.screen, DebriefPage) and app.screen.id is None
            assert app.screen.subject == ("debrief", earlier, "the daily debrief")
            await pilot.press("escape")
            await settled(pilot)


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
        await came(pilot, PickPoints)
        await pilot.press("1", "enter")
        await settled(pilot)
        assert "0 agreed" in page(app)
        await pilot.press("enter")
        await came(pilot, AgreeWords)
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
        await pilot.press("s")
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
        assert "✓ done" in page(app) and "Review the oldest" in page(app)


async def test_an_earlier_action_was_done_on_a_day_of_its_own(
    vault: Vault, inspection: str, point: str
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
        await paste(pilot, "9 July 2026")
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
        await came(pilot, PickPoints)
        await pilot.press("enter")
        await settled(pilot)
        assert len(await app.vault.read(records_in, DebriefPoint, inspection)) == 1
        await pilot.press("x")
        await settled(pilot)
        assert await app.vault.read(records_in, DebriefPoint, inspection) == []
        await pilot.press("o")
        await came(pilot, Pick)
        assert "8 July 2026" in page(app)
        await pilot.press("2")
        await settled(pilot)
        assert "Daily debrief · Wed 8 Jul" in page(app)
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
        await came(pilot, PickPoints)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("enter")
        await came(pilot, AskText)
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("ctrl+z")
        await settled(pilot)
        one = (await app.vault.read(records_in, DebriefPoint, inspection))[0]
        assert one.agreed_wording == "Devices wait too long."
        assert "✓ agreed" in page(app)


async def test_markup_in_every_text_is_text(vault: Vault, inspection: str) -> None:
    vault.write_now(points.add_point, inspection, ALL, "concern")
    vault.write_now(lambda s: add_document(s, inspection, title=ALL, asked_on="2026-07-06"))
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        harmless(page(app))
        await pilot.press("a")
        await came(pilot, PickPoints)
        harmless(page(app))
        await pilot.press("1", "enter")
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
        await pilot.press("s")
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
        await came(pilot, PickPoints)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("k")
        await came(pilot, AskText)
        await pilot.press("escape")
        await settled(pilot)
        assert await app.vault.read(all_debriefs, inspection) == []
        await pilot.press("a")
        await came(pilot, PickPoints)
        await pilot.press("enter")
        await settled(pilot)
        assert [one.sort for one in await app.vault.read(all_debriefs, inspection)] == ["hot"]
        assert page(app).count("▲ no support") == 1


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


async def test_three_points_are_taken_by_their_digits(vault: Vault, inspection: str) -> None:
    for wording in ("One.", "Two.", "Three.", "Four."):
        vault.write_now(points.add_point, inspection, wording, "concern")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("a")
        await came(pilot, PickPoints)
        await pilot.press("1", "2", "4", "2", "down", "down", "space", "enter")
        await settled(pilot)
        told = await app.vault.read(records_in, DebriefPoint, inspection)
        numbers = await app.vault.read(points.point_lines, inspection)
        chosen = {one.wording for one in numbers if one.id in {each.point_id for each in told}}
        assert chosen == {"One.", "Three.", "Four."}


async def test_long_words_are_asked_about_once_and_kept_as_typed(
    vault: Vault, inspection: str, point: str
) -> None:
    vault.write_now(lambda s: include_point(s, open_debrief(s, inspection, "daily").id, point))
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("enter")
        await came(pilot, AgreeWords)
        await paste(pilot, " They wait for a year. Nobody knows why.")
        assert "3 of 2 sentences" in page(app)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert at(pilot, AgreeWords) and "3 sentences" in page(app)
        # Left for now, what was typed stands on the page as what it is, and comes back.
        await pilot.press("escape")
        await settled(pilot)
        assert "typed, not agreed yet" in page(app) and "Nobody knows why." in page(app)
        await pilot.press("enter")
        await came(pilot, AgreeWords)
        await pilot.press("ctrl+s", "ctrl+s")
        await settled(pilot)
        (told,) = await app.vault.read(records_in, DebriefPoint, inspection)
        assert told.agreed_wording.endswith("Nobody knows why.")
        assert waiting_texts(vault) == []


async def test_what_we_know_stands_apart_from_what_is_read_out(
    vault: Vault, inspection: str, point: str
) -> None:
    vault.write_now(lambda s: include_point(s, open_debrief(s, inspection, "daily").id, point))
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        shown = {
            name: str(app.screen.query_one(f"#{name}", Static).render())
            for name in ("words", "known")
        }
        assert shown["words"] == "Devices wait too long."
        assert shown["known"] == "▲ Point 1 rests on nothing.\nagainst: nothing"


async def test_a_misunderstanding_is_put_right_with_its_evidence_after_the_closing(
    vault: Vault, inspection: str, point: str
) -> None:
    document = vault.write_now(
        lambda s: add_document(s, inspection, title="Device log", received_on="2026-07-08")
    ).id
    debrief = vault.write_now(open_debrief, inspection, "daily", "2026-07-08").id
    told = vault.write_now(include_point, debrief, point).id
    vault.write_now(freeze_wording, told)
    vault.write_now(close_debrief, debrief, "deputy")
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("debrief", debrief=debrief)
        await settled(pilot)
        await pilot.press("c")
        await came(pilot, AskText)
        await paste(pilot, "The wait is a month, not a year.")
        await pilot.press("ctrl+s")
        await came(pilot, PickEvidence)
        await paste(pilot, "Device")
        await until(pilot, lambda: "Device log" in page(app))
        await pilot.press("enter")
        await settled(pilot)
        listed = (await app.vault.read(records_in, DebriefPoint, inspection))[0]
        assert (listed.correction, listed.evidence_id) == (
            "The wait is a month, not a year.",
            document,
        )
        assert "Corrected: The wait is a month" in page(app) and "shown by Document" in page(app)
        assert "✓ corrected" in page(app)


async def test_the_hot_debrief_gathers_what_was_agreed_and_can_be_shown_at_once(
    vault: Vault, inspection: str, point: str
) -> None:
    debrief = vault.write_now(open_debrief, inspection, "daily", "2026-07-08").id
    told = vault.write_now(include_point, debrief, point).id
    vault.write_now(freeze_wording, told, "Devices wait for a year.")
    vault.write_now(close_debrief, debrief, "deputy")
    vault.write_now(points.add_point, inspection, "Never told.", "concern")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("debrief")
        await settled(pilot)
        await pilot.press("t", "g")
        await settled(pilot)
        assert "1 point " in page(app) and "✓ before" in page(app)
        await pilot.press("v")
        await settled(pilot)
        assert at(pilot, RoomPage)
        assert "Devices wait for a year." in page(app) and "Never told." not in page(app)


def test_the_page_reads_each_thing_once(
    vault: Vault, inspection: str, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many points there are, the chains and what they rest on are read once."""
    debrief = vault.write_now(open_debrief, inspection, "daily", "2026-07-06").id
    vault.write_now(include_point, debrief, point)
    read: list[str] = []
    for module, name in ((chain, "_chains"), (trace, "support_statuses")):
        monkeypatch.setattr(module, name, _counted(getattr(module, name), name, read))
    vault.read_now(prepared, inspection, "daily", debrief)
    assert sorted(read) == ["_chains", "support_statuses"]


def _counted(read: Callable[..., Any], name: str, calls: list[str]) -> Callable[..., Any]:
    def counted(*args: Any) -> Any:
        calls.append(name)
        return read(*args)

    return counted


async def test_words_by_which_somebody_could_be_known_are_settled_before_they_freeze(
    vault: Vault, inspection: str, point: str
) -> None:
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("d", "a")
        await came(pilot, PickPoints)
        await pilot.press("1", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await came(pilot, AgreeWords)
        await paste(pilot, " Born on 3 April 2011, rang 0161 496 0123.")
        await pilot.press("ctrl+s")
        await came(pilot, Pick)
        assert "2 to settle. A date of birth" in page(app)
        await pilot.press("1")
        await until(pilot, lambda: "1 to settle. A phone number" in page(app))
        await pilot.press("3")
        await came(pilot, AskText)
        await paste(pilot, "The number of the duty desk.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        (one,) = await app.vault.read(records_in, DebriefPoint, inspection)
        assert one.agreed_wording.endswith("Born on [date of birth], rang 0161 496 0123.")
        (passed,) = await app.vault.read(records_in, LetPass, inspection)
        assert passed.reason == "The number of the duty desk."
