"""The page of settings: what is changed there counts at once, and what is refused says why."""

from __future__ import annotations

import gc
from datetime import datetime

from fieldkit.vault.change_settings import change_setting
from fieldkit.vault.garbage import LONGEST
from fieldkit.vault.settings import read_settings
from screens.kit.commands import registry
from screens.kit.dialogs import Pick
from screens.vault.settings import AskSetting, SettingsPage
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled, until


async def test_what_is_changed_counts_at_once(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("j")
        await settled(pilot)
        assert isinstance(app.screen, SettingsPage)
        await pilot.press("enter")
        await settled(pilot)
        assert app.theme == "fieldkit-light" and read_settings().theme == "light"
        await pilot.press("down", "enter")
        await settled(pilot)
        assert app.glyphs == "plain"
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, AskSetting))
        await pilot.press("4", "0", "enter")
        await until(pilot, lambda: "from 1 to 15" in page(app))
        assert app.stillness.idle == 300
        await pilot.press("backspace", "backspace", *"12", "enter")
        await settled(pilot)
        assert app.stillness.idle == 12 * 60 and "12 min" in page(app)
        await pilot.press("delete")
        await settled(pilot)
        assert app.stillness.idle == 300


async def test_a_key_of_ones_own_acts_and_is_shown_everywhere(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("j")
        await settled(pilot)
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press(*"home: points", "enter")
        await until(pilot, lambda: isinstance(app.screen, AskSetting))
        await pilot.press("backspace", "J", "enter")
        await settled(pilot)
        assert "1 of your own" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert {one.label: one.key for one in registry()["home"].commands}["Points"] == "J"
        await pilot.press("p")
        await settled(pilot)
        assert app.page_name == "home", "the key before does nothing any more"
        for _ in range(2):
            await pilot.press("J")
            await settled(pilot)
            assert app.page_name == "points"
            await pilot.press("escape")
            await settled(pilot)
    assert registry().as_it_comes("home").commands[2].key == "p"
    registry().take_keys({})


async def test_the_debrief_is_reminded_of_once_a_day(vault: Vault, inspection: str) -> None:

    change_setting("debrief_at", "17:00")
    async with opened(vault, inspection) as (app, _):
        said: list[str] = []
        app.notify = lambda message, **_: said.append(message)  # type: ignore[method-assign]
        for minute in (29, 45, 50):
            app.remind(datetime(2026, 11, 30, 16, minute).astimezone())
        app.remind(datetime(2026, 12, 1, 16, 40).astimezone())
        assert said == [f"The debrief is at 17:00, in {left} min." for left in (15, 20)]


async def test_no_key_waits_for_garbage_while_a_vault_is_open(
    vault: Vault, inspection: str
) -> None:
    usual = gc.get_threshold()
    async with opened(vault, inspection) as (app, pilot):
        assert gc.get_threshold() == (*usual[:2], LONGEST)
        await pilot.press("j")
        assert not app.garbage.look(0)
    assert gc.get_threshold() == usual
