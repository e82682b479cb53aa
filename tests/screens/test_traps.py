"""Textual's traps, each with a test: markup, crash screen, screenshots, clipboard, exit."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets import Input

from fieldkit.wording.format import clean, line
from screens.app import FieldkitApp
from screens.history.palette import Palette
from screens.kit.dialogs import Confirm, Tell
from screens.kit.text import plain
from screens.vault.passphrase_input import PassphraseInput
from screens.vault.unlock import UnlockPage
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled, until

NASTY = "[/ [/x] [@click=app.quit]x[/] [bold]b \x1b[31mred \u202eevil\u2066 [true, false] {x} \x9b"
SENTINEL = "correct horse battery staple"


def test_user_text_is_never_markup() -> None:
    shown = plain(NASTY)
    assert "[@click=app.quit]x[/]" in shown.plain
    assert shown.spans == []
    for forbidden in "\x1b\x9b\u202e\u2066":
        assert forbidden not in clean(NASTY)
    assert len(line("a  b\n" * 50, 20)) == 20


async def test_nasty_text_in_dialogs_and_notices(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        app.say(NASTY, error=True)
        app.push_screen(Tell(NASTY, NASTY))
        await settled(pilot)
        assert "[@click=app.quit]x[/]" in page(app)
        await pilot.press("escape")
        app.push_screen(Confirm(NASTY, yes=NASTY))
        await settled(pilot)
        assert "[bold]b" in page(app)


class Crashing(FieldkitApp):
    """Fails with a secret in a local variable, in a handler."""

    def action_crash(self) -> None:
        """Fail."""
        passphrase = SENTINEL
        raise RuntimeError(passphrase)


async def test_a_crash_tells_nothing(
    vault: Vault, inspection: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = Crashing(vault.folder, inspection=inspection, vault=vault)
    with pytest.raises(RuntimeError):
        async with app.run_test() as pilot:
            await settled(pilot)
            app.call_later(app.action_crash)
            await pilot.pause()
    said = capsys.readouterr()
    assert "Everything committed is safe" in said.err + said.out
    assert SENTINEL not in said.err + said.out
    assert not app.unlocked


async def test_no_screenshot_and_no_theme_file_in_the_palette(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        assert "Cases" in page(app)
        await pilot.press(*"screens")
        assert "No command or record has that" in page(app)
        await pilot.press("escape")


async def test_nothing_is_copied_out(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.lock()
    app = FieldkitApp(vault.folder, inspection=inspection)
    async with app.run_test() as pilot:
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        field = app.screen.query_one(PassphraseInput)
        field.value = SENTINEL
        field.action_select_all()
        field.action_copy()
        field.action_cut()
        assert app.clipboard == ""
        written: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", written.append)
        app.copy_to_clipboard("evidence")
        assert not any("\x1b]52" in one for one in written)


async def test_leaving_in_the_middle_of_a_search_locks_the_vault(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (_, pilot):
        await pilot.press("f3", *"word")
        await pilot.press("ctrl+q")
    assert vault.locked


async def test_pilot_waits_for_no_app_that_has_ended() -> None:
    ending: App[None] = App()
    async with ending.run_test() as pilot:
        ending._close_messages_no_wait()
        await pilot.press("x")
    assert not ending.is_running


async def test_search_takes_any_text(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f3")
        await settled(pilot)
        app.screen.query_one("#words", Input).value = NASTY + '" OR * NEAR('
        await settled(pilot)
        assert "Nothing holds these words" in page(app)
