"""The areas judged on the force: digits, reasons, rationale."""

from __future__ import annotations

import pytest

from fieldkit.inspections import inspections
from screens.casework.assessments import AssessmentsPage
from screens.kit.dialogs import AskText
from storage.records.judgment import assessments
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, locked, opened, page, settled, told, waiting_texts
from tests.screens.hostile import ALL, at, came, harmless, paste


@pytest.fixture
def of_2024(vault: Vault) -> str:
    """An inspection by the criteria of 2024, where five areas are judged on the force."""
    made = vault.write_now(
        lambda s: inspections.create(s, force="Westshire Constabulary", methodology="2024")
    )
    return made.id


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_digits_grade_and_go_on(vault: Vault, of_2024: str, size: tuple[int, int]) -> None:
    async with opened(vault, of_2024, size) as (app, pilot):
        await pilot.press("a")
        await settled(pilot)
        assert at(pilot, AssessmentsPage)
        assert "0 of 5" in page(app)
        await pilot.press("1", "5", "9", "3")
        await settled(pilot)
        found = await app.vault.read(assessments, of_2024)
        assert {key: one.grade for key, one in found.items()} == {
            "leadership": "outstanding",
            "partnership": "inadequate",
            "initial_response": "adequate",
        }
        assert "3 of 5" in page(app)
        await pilot.press("up", "delete")
        await settled(pilot)
        assert (await app.vault.read(assessments, of_2024))["initial_response"].grade == ""


async def test_unable_needs_a_reason(vault: Vault, of_2024: str) -> None:
    async with opened(vault, of_2024) as (app, pilot):
        await app.go("assessments")
        await settled(pilot)
        await pilot.press("u")
        await came(pilot, AskText)
        await paste(pilot, "Nobody was available.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        one = (await app.vault.read(assessments, of_2024))["leadership"]
        assert (one.state, one.state_reason) == ("unable to judge", "Nobody was available.")
        assert "Nobody was available." in told(app)
        assert waiting_texts(vault) == []


async def test_the_rationale_is_committed_on_moving_on(vault: Vault, of_2024: str) -> None:
    async with opened(vault, of_2024) as (app, pilot):
        await app.go("assessments")
        await settled(pilot)
        await pilot.press("down", "enter")
        await paste(pilot, "Partners share early.")
        await pilot.press("escape")
        await settled(pilot)
        one = (await app.vault.read(assessments, of_2024))["partnership"]
        assert (one.rationale, one.state) == ("Partners share early.", "not judged")
        assert waiting_texts(vault) == []
        await pilot.press("enter")
        await paste(pilot, " Mostly.")
        await locked(pilot)
        await settled(pilot)
        assert not app.unlocked


async def test_markup_is_text(vault: Vault, of_2024: str) -> None:
    async with opened(vault, of_2024, LARGE) as (app, pilot):
        await app.go("assessments")
        await settled(pilot)
        await pilot.press("enter")
        await paste(pilot, ALL)
        await pilot.press("escape", "u")
        await came(pilot, AskText)
        await paste(pilot, ALL)
        await pilot.press("ctrl+s")
        await settled(pilot)
        harmless(page(app))
        await pilot.press("h")
        await settled(pilot)
        harmless(page(app))
