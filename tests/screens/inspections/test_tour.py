"""The panel of a practice inspection: the letters that it names go there."""

from __future__ import annotations

from screens.app import FieldkitApp
from screens.inspections.tour import Tour
from storage.vault.vault import Vault
from tests.screens.driving import page, settled, until


async def test_a_letter_of_the_tour_closes_it_and_goes_there(vault: Vault, inspection: str) -> None:
    tour = "c  cases\ne  export"
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault, tour=tour)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, Tour))
        await pilot.press("tab")
        assert isinstance(app.screen, Tour), "it is no letter of a page"
        await pilot.press("c")
        await until(pilot, lambda: getattr(app.screen, "PAGE", "") == "cases")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert getattr(app.screen, "PAGE", "") == "home" and "export" not in page(app)
