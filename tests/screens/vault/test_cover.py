"""The cover over the screen (f9), and the short code that opens it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from fieldkit.service import RefusedError
from fieldkit.vault.settings import read_settings
from fieldkit.vault.short_code import LONGEST, TRIES, set_short_code, short_code
from screens.app import FieldkitApp
from screens.kit.commands import registry
from screens.kit.dialogs import AskText, Confirm, Tell
from screens.kit.frame.lines import now_words
from screens.kit.shell import COVER_KEY
from screens.vault.cover import Cover, ShortCode
from screens.vault.unlock import UnlockPage
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import PATIENCE, lines, opened, page, settled, typed, until
from tests.screens.hostile import came
from tests.screens.kit.frame_walk import looked_at

CODE = "2468"


def covered(app: FieldkitApp) -> bool:
    return isinstance(app.screen, Cover)


def shows_nothing(app: FieldkitApp) -> bool:
    """Say whether the marking, the time and the way back are all that is shown."""
    looked_at(app, "cover")
    first, *between, last = lines(app)
    return (
        first.split() == [app.facts.marking]
        and last.split() == [app.facts.marking, *now_words().split()]
        and " ".join(between).split() == [COVER_KEY, "go", "on"]
    )


async def tried(pilot: Pilot[None], code: str) -> None:
    pilot.app.screen.query_one(Input).value = code
    await pilot.press("enter")


async def shut(app: FieldkitApp) -> None:
    """Wait until the vault is locked; Pilot would wait for widgets that locking takes away."""
    async with asyncio.timeout(PATIENCE):
        while app.unlocked or not isinstance(app.screen_stack[-1], UnlockPage):
            await asyncio.sleep(0.01)


async def test_one_key_covers_everything_and_shows_it_again(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("cases")
        await settled(pilot)
        before = page(app)
        assert "WST-001" in before and "OFFICIAL" in before
        app.say("WST-001 was refused.")
        await pilot.press(COVER_KEY)
        await settled(pilot)
        assert covered(app)
        assert shows_nothing(app)
        await pilot.press("a", "escape", "enter", "ctrl+p")
        assert covered(app) and shows_nothing(app)
        await pilot.press(COVER_KEY)
        await settled(pilot)
        assert not covered(app) and page(app) == before


async def test_it_covers_a_dialog_and_keeps_what_is_typed(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f2")
        await came(pilot, AskText)
        await pilot.press(*"wifi")
        await pilot.press(COVER_KEY)
        await pilot.pause()
        assert covered(app) and "wifi" not in page(app)
        await pilot.press(COVER_KEY)
        assert isinstance(app.screen, AskText) and "wifi" in page(app)
        await pilot.press("escape")
        await settled(pilot)


async def test_a_code_opens_it_and_three_wrong_ones_lock(vault: Vault, inspection: str) -> None:
    set_short_code(vault, CODE)
    async with opened(vault, inspection) as (app, pilot):
        assert app.short_code == CODE
        await pilot.press(COVER_KEY)
        await pilot.press(COVER_KEY)
        assert covered(app), "the key alone opens nothing where a code is set"
        await tried(pilot, CODE)
        assert not covered(app)
        await pilot.press(COVER_KEY)
        for _ in range(TRIES - 1):
            await tried(pilot, "1111")
        assert app.unlocked and covered(app)
        app.screen.query_one(Input).value = "1111"
        app.post_message(events.Key("enter", None))
        await shut(app)
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)


async def test_after_five_minutes_it_locks(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_short_code(vault, CODE)
    assert LONGEST == 300
    monkeypatch.setattr("screens.vault.cover.LONGEST", 0.05)
    async with opened(vault, inspection) as (app, pilot):
        app.post_message(events.Key(COVER_KEY, None))
        await shut(app)
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)


async def test_the_code_is_set_from_the_palette(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("ctrl+p", *"short code")
        await pilot.press("enter")
        await came(pilot, ShortCode)
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: "4 to 12 digits" in page(app))
        await typed(pilot, "12")
        await until(pilot, lambda: "Nothing was kept" in page(app))
        await typed(pilot, CODE)
        await until(pilot, lambda: app.short_code == CODE)
        await settled(pilot)
    with_code = short_code(vault) if not vault.locked else CODE
    assert with_code == CODE


def test_an_administrator_allows_none(vault: Vault, tmp_path: Path) -> None:
    set_short_code(vault, CODE)
    assert short_code(vault) == CODE
    site = tmp_path / "home" / "site"
    site.mkdir(parents=True)
    (site / "settings.toml").write_text("short_code = false\n", "utf-8")
    (tmp_path / "home" / "settings.toml").write_text("short_code = true\n", "utf-8")
    assert short_code(vault) == ""
    with pytest.raises(RefusedError, match="allow no short code"):
        set_short_code(vault, CODE)
    set_short_code(vault, "")


@pytest.mark.parametrize("written", ["short_code = 3", "short_code = ", "ask_passphrase = ['x']"])
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, written: str) -> None:
    plain = read_settings()
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "settings.toml").write_text(written, "utf-8")
    assert read_settings() == plain and len(read_settings().notices) == 1


async def test_what_cannot_be_used_of_the_settings_is_told_at_unlocking(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "settings.toml").write_text('short_code = "no"', "utf-8")
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault)
    async with app.run_test() as pilot:
        await came(pilot, Tell)
        assert "Settings that cannot be used" in page(app) and "short_code" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(app.screen, Tell)


def test_the_key_is_the_one_of_the_list_of_keys() -> None:
    assert COVER_KEY in {command.key for command in registry()["global"].commands}


async def test_work_that_ends_shows_nothing_before_the_cover_is_gone(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """A dialog, a page, a question with its answer, and a page that closes itself."""
    async with opened(vault, inspection) as (app, pilot):
        await app.go("cases")
        await pilot.press(COVER_KEY)
        await settled(pilot)
        below = app.screen_stack[-2]
        answers: list[object] = []

        async def work() -> None:
            below.dismiss(None)
            await app.push_screen(Tell("Erased", "WST-001 is gone."))
            answers.append(await app.push_screen_wait(Confirm("Erase WST-002?", "yes", "no")))
            await app.go("search")

        app.run_worker(work())
        await pilot.pause()
        await pilot.pause()
        assert covered(app) and shows_nothing(app)
        await pilot.press(COVER_KEY)
        await came(pilot, Confirm)
        assert not covered(app) and below not in app.screen_stack
        assert any(isinstance(one, Tell) for one in app.screen_stack)
        await pilot.press("y")
        async with asyncio.timeout(PATIENCE):
            while getattr(app.screen, "PAGE", "") != "search":
                await pilot.pause()
        assert answers == [True]


async def test_what_waits_behind_the_cover_is_dropped_at_a_lock(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press(COVER_KEY)
        await app.push_screen(Tell("Erased", "WST-001 is gone."))
        await app.action_lock()
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        app.uncovered()
        assert isinstance(app.screen, UnlockPage)
