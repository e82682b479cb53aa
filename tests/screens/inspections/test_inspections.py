"""The list of inspections: adding one, opening one, and what is refused."""

from __future__ import annotations

import pytest
from sqlmodel import Session
from textual.widgets import OptionList

from fieldkit.casework.cases import add_case
from fieldkit.inspections import inspections, join
from screens.inspections.home import HomePage
from screens.inspections.inspections import InspectionsPage
from screens.kit.dialogs import Confirm, Pick
from screens.kit.form import Form
from storage.records import Inspection
from storage.trust.roster import PlannedInspection
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, locked, opened, page, settled, told, until


async def test_the_first_inspection_opens_home(vault: Vault) -> None:
    async with opened(vault) as (app, pilot):
        await pilot.press("escape")  # there is no inspection to go back to
        await settled(pilot)
        assert isinstance(app.screen, InspectionsPage)
        await pilot.press("a")
        await pilot.pause()
        assert "2024" in page(app)
        assert "3/3" in page(app)
        await pilot.press(*"Westshire Constabulary", "tab", "left", "tab")
        await pilot.press(*"22/11/2026", "tab", *"2026-12-04", "ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, HomePage)
        assert "Westshire › Today" in page(app)
        await pilot.press("i")
        await settled(pilot)
        assert isinstance(app.screen, InspectionsPage)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        made = (await app.vault.read(inspections.listing))[0]
        assert (made.methodology, made.starts, made.ends) == ("2018", "2026-11-22", "2026-12-04")


async def test_a_refused_form_comes_back_with_what_was_typed(vault: Vault) -> None:
    async with opened(vault) as (app, pilot):
        await pilot.press("a")
        await pilot.press(*"Westshire", "tab", "tab", *"some time", "ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, Form)
        assert "some time" in page(app)
        assert "“First day” needs a date such as" in page(app)
        await pilot.press("x")
        assert "Westshire" in page(app)
        await pilot.press("escape")


async def test_opening_another_inspection_leaves_the_keys_alive(
    vault: Vault, inspection: str
) -> None:
    vault.write_now(
        inspections.create,
        force="Northshire Police",
        methodology="2018",
        starts="2026-11-02",
        ends="2026-11-13",
    )
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("i")
        await pilot.pause()
        assert isinstance(app.screen, InspectionsPage)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, HomePage)
        assert "Northshire" in page(app)
        await pilot.press("c")
        await pilot.pause()
        assert "Cases" in page(app)
        await locked(pilot)
        assert not app.unlocked


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_two_of_the_same_dates_are_told_apart(
    vault: Vault, inspection: str, size: tuple[int, int]
) -> None:
    vault.write_now(
        inspections.create,
        force="Westshire Constabulary",
        methodology="2018",
        starts="2026-07-06",
        joining=True,
    )
    async with opened(vault, inspection, size=size) as (app, pilot):
        await pilot.press("i")
        await settled(pilot)
        shown = page(app)
        assert shown.count("0 of 0 cases") == 2
        assert "Two for the same dates" in shown
        assert "nothing is lost, but nothing moves" in told(app)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_deleted_one_with_records_is_brought_back(
    vault: Vault, inspection: str, size: tuple[int, int]
) -> None:
    def lose(s: Session) -> None:
        add_case(s, inspection, reference="WST-001")
        s.delete(s.get(Inspection, inspection))

    vault.write_now(lose)
    async with opened(vault, size=size) as (app, pilot):
        assert isinstance(app.screen, InspectionsPage)
        assert "deleted" in page(app) and "enter brings it back" in page(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "deleted by" in page(app)
        await pilot.press("y")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert vault.read_now(lambda s: s.get(Inspection, inspection)) is not None


async def test_adding_begins_on_the_teams(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = PlannedInspection("99999999-2222-4333-8444-555555555555", "Eastshire", "", "")
    monkeypatch.setattr(join, "offers", lambda _: [join.Offer(planned)])
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("i", "a")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        assert app.screen.query_one(OptionList).highlighted == 0
        assert "• 1 join your team's: Eastshire" in page(app)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, Form))
        await pilot.press("escape")


async def test_a_second_inspection_of_a_force_is_begun_after_a_question(
    vault: Vault, inspection: str
) -> None:
    here = vault.read_now(inspections.listing)[0]
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("i")
        await settled(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Form))
        await pilot.press(*here.force, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert "Begin a second one beside it?" in told(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Form))
        assert "There is an inspection of" in told(app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, HomePage))
        assert len(await app.vault.read(inspections.listing)) == 2
