"""The places: any page is two keys away from any other; the palette finds commands and records."""

from __future__ import annotations

import pytest

from fieldkit.casework.cases import add_case
from screens.app import FieldkitApp
from screens.casework.case import CasePage
from screens.history.palette import fitting, offers
from screens.kit.dialogs import Dialog
from screens.kit.page import Page
from screens.kit.places import Places, places
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled, until


def named(app: FieldkitApp) -> str:
    """The name of the page on top."""
    return app.screen.PAGE if isinstance(app.screen, Page) else ""


def test_every_place_has_a_letter_of_its_own() -> None:
    every = places(inside=True)
    assert len({one.letter for one in every}) == len(every)
    assert {one.page for one in places(inside=False)} == {
        "audit",
        "inspections",
        "settings",
        "vault",
    }


async def test_two_keys_go_from_any_page_to_any_other(vault: Vault, inspection: str) -> None:
    every = places(inside=True)
    async with opened(vault, inspection) as (app, pilot):
        for place in [*every[1:], *every[:4]]:
            await pilot.press("f5", place.letter)
            await pilot.pause()
            if isinstance(app.screen, Dialog):
                # A page that asks for a file at once.
                await pilot.press("escape")
            await settled(pilot)
            assert named(app) == place.page
            # Home, and the one page above it.
            assert len(app.screen_stack) <= 3
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, Places))
        shown = page(app)
        assert "you are here" in shown
        # Two columns, so that every letter is in sight; the arrows go from one to the other.
        assert all(f"{place.letter}  {place.label}" in shown for place in every)
        await pilot.press("down", "right", "down", "left", "right", "enter")
        await settled(pilot)
        assert named(app) == every[(len(every) + 1) // 2 + 3 + 2].page
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, Places))
        await pilot.press("escape")
        await settled(pilot)


async def test_home_and_what_lies_between_read_nothing_on_the_way(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    load = Page._load

    async def noted(self: Page) -> None:
        read.append(self.PAGE)
        await load(self)

    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("c")
        await settled(pilot)
        await pilot.press("f1")
        await settled(pilot)
        monkeypatch.setattr(Page, "_load", noted)
        await pilot.press("f5", "p")
        await settled(pilot)
        assert [named(app), read] == ["points", ["points"]]
        # Home itself is read, whether it is gone to or gone back to.
        await pilot.press("f5", "h")
        await settled(pilot)
        assert [named(app), read] == ["home", ["points", "home"]]
        await pilot.press("f5", "p")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert [named(app), read[2:]] == ["home", ["points", "home"]]


def test_the_palette_offers_the_page_first() -> None:
    first = fitting(offers("home"), "referrals")[0]
    assert (first.group, first.label, first.key) == ("Here", "Referrals", "r")
    assert [one.group for one in fitting(offers("case"), "audit trail")] == ["Places"]
    assert fitting(offers("case"), "no such thing") == []
    assert fitting(offers("case"), "clear scr")[0].label == "Lock"


async def test_a_record_is_found_by_name(vault: Vault, inspection: str) -> None:
    vault.write_now(lambda s: add_case(s, inspection, "WST-067"))
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("ctrl+p", *"wst-067")
        await until(pilot, lambda: "Records" in page(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CasePage))
        await pilot.press("ctrl+p", *"audit trail", "enter")
        await until(pilot, lambda: named(app) == "audit")
