"""The calendar by keys: done, planned, open again, entries by hand, the year, the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.followup.dates.milestones import DueLine, due_lines
from fieldkit.history.open_copies import open_copies
from screens.followup.calendar import CalendarPage
from screens.followup.recommendations import RecommendationsPage
from screens.inspections.inspections import InspectionsPage
from screens.kit.dialogs import Confirm, Pick, Tell
from screens.kit.form import Form
from storage.records import CalendarEntry, Inspection
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import LARGE, opened, page, settled, told, words
from tests.screens.followup.followed import followed
from tests.screens.hostile import at, came, paste


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    wall_on(monkeypatch, "2040-11-12")


def due(vault: Vault, inspection: str) -> dict[str, DueLine]:
    return {one.key: one for one in vault.read_now(due_lines, inspection)}


async def test_dates_are_entered_planned_and_taken_back(vault: Vault, tmp_path: Path) -> None:
    inspection, _ = followed(vault)
    async with opened(vault, inspection, LARGE) as (app, pilot):
        assert "3 late in follow-up" in told(app)
        await pilot.press("f5", "1")
        await settled(pilot)
        assert at(pilot, CalendarPage) and "November 2040" not in page(app)
        assert "Nothing clashes." in page(app) and "3 late" in page(app)
        await pilot.press("d")
        await came(pilot, Pick)
        await pilot.press("1")
        await came(pilot, Form)
        await paste(pilot, "5/8/2040")
        await pilot.press("ctrl+s")
        await came(pilot, CalendarPage)
        await settled(pilot)
        assert due(vault, inspection)["update"].done_on == "2040-08-05"
        await pilot.press("r")
        await came(pilot, Pick)
        await pilot.press("1")
        await came(pilot, Confirm)
        await pilot.press("y")
        await came(pilot, CalendarPage)
        await settled(pilot)
        assert due(vault, inspection)["update"].done_on == ""
        # The visit is planned for a day on which somebody else's programme is entered.
        await pilot.press("l")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, Form)
        await pilot.press("ctrl+u")
        await paste(pilot, "7/1/2041")
        await pilot.press("ctrl+s")
        await came(pilot, CalendarPage)
        await settled(pilot)
        assert due(vault, inspection)["revisit"].planned_on == "2041-01-07"
        await pilot.press("a")
        await came(pilot, Form)
        await paste(pilot, "JTAI")
        await pilot.press("tab", "tab")
        await paste(pilot, "7/1/2041")
        await pilot.press("ctrl+s")
        await came(pilot, CalendarPage)
        await settled(pilot)
        assert "fall together" in words(app, "#clashes")
        entered = vault.read_now(records_in, CalendarEntry, inspection)[0]
        assert (entered.title, entered.starts) == ("JTAI", "2041-01-07")
        await pilot.press("w")
        await came(pilot, Form)
        app.screen.query_one("#field-file").value = str(tmp_path / "c.ics")  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await came(pilot, CalendarPage)
        await settled(pilot)
        assert "SUMMARY:Westshire Constabulary: JTAI" in (tmp_path / "c.ics").read_text("utf-8")
        assert [one.what for one in vault.read_now(open_copies)] == ["calendar c.ics"]
        await pilot.press("b", "y")
        await settled(pilot)
        assert "2040 · " in page(app) and "Westshire Constabulary: recomm" in page(app)
        assert "bank holiday" not in page(app)
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "JTAI" in page(app)
        await pilot.press("home")
        while "JTAI" not in words(app, "#event"):
            await pilot.press("down")
            await settled(pilot)
        await pilot.press("x")
        await came(pilot, Confirm)
        await pilot.press("y")
        await came(pilot, CalendarPage)
        await settled(pilot)
        assert vault.read_now(records_in, CalendarEntry, inspection) == []
        await pilot.press("end", "up", "enter")
        await came(pilot, RecommendationsPage)


async def test_a_publication_is_asked_for_with_the_numbers_it_gives(vault: Vault) -> None:
    inspection, _ = followed(vault, published="")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("i", "p")
        await came(pilot, Form)
        assert "5 recommendations get the numbers 1 to 5." in told(app)
        await paste(pilot, "12/1/2041")
        await pilot.press("ctrl+s")
        await came(pilot, Form)
        assert "is still to come" in told(app)
        await pilot.press("ctrl+u")
        await paste(pilot, "30/7/2040")
        await pilot.press("tab", "ctrl+u", "4", "ctrl+s")
        await came(pilot, Tell)
        assert "5 recommendations numbered: 4, 5, 6, 7, 8." in told(app)
        await pilot.press("escape")
        await came(pilot, InspectionsPage)
        await settled(pilot)
        assert vault.read_now(lambda s: s.get_one(Inspection, inspection).published) == "2040-07-30"
        # Once more corrects the day, with a reason.
        await pilot.press("p")
        await came(pilot, Form)
        assert "No recommendation is without a number." in told(app)
        await pilot.press("ctrl+u")
        await paste(pilot, "31/7/2040")
        await pilot.press("ctrl+s")
        await came(pilot, Form)
        assert "is missing" in told(app)
        await paste(pilot, "Misread.")
        await pilot.press("ctrl+s")
        await came(pilot, Tell)
        await pilot.press("escape")
        await came(pilot, InspectionsPage)
        await settled(pilot)
