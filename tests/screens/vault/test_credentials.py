"""Changing the passphrase and making a new recovery code, from inside the app."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from fieldkit.vault.unlock_delay import FREE_TRIES
from screens.app import FieldkitApp
from screens.inspections.home import HomePage
from screens.kit.dialogs import Confirm
from screens.vault.credentials import ChangePassphrase, RenewCode
from screens.vault.passphrase_input import PassphraseInput
from storage.vault import credentials
from storage.vault.unlock import open_vault, open_with_recovery
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import locked, opened, page, settled, typed, until


async def shown(pilot: Pilot[None], dialog: RenewCode) -> str:
    """Give the passphrase; the new code, once it is on the screen."""
    await typed(pilot, PASSPHRASE)
    await until(pilot, lambda: bool(dialog._code) and dialog._code in page_of(pilot))
    return dialog._code


def page_of(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app, FieldkitApp)
    return page(pilot.app)


def said(app: FieldkitApp) -> str:
    return " ".join(page(app).split())


async def test_the_passphrase_is_changed_from_the_palette(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("ctrl+p", *"change pass")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        dialog = app.screen
        assert isinstance(dialog, ChangePassphrase)
        field = dialog.query_one(PassphraseInput)
        for wrong in ("not it", *["nor this"] * FREE_TRIES):
            await typed(pilot, wrong)
            await until(pilot, lambda: not field.value)
        assert "not the present passphrase" in page(app)
        assert app.unlock_delay.seconds_left
        app.unlock_delay.reset()
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: dialog._step == 1 and dialog._offered in said(app))
        offered = dialog._offered
        assert offered in said(app) and field.password
        await pilot.press("ctrl+n")
        words = dialog._offered
        assert words != offered
        await typed(pilot, "short")
        await until(pilot, lambda: "shorter than 12" in said(app))
        await typed(pilot, words)
        await until(pilot, lambda: dialog._step == 2)
        await typed(pilot, "something else")
        await until(pilot, lambda: "not the same" in page(app))
        await typed(pilot, words)
        await until(pilot, lambda: dialog._step == 2)
        await typed(pilot, words)
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert "opens nothing any more" in said(app)
    vault.lock()
    with pytest.raises(Exception, match="does not open"):
        open_vault(vault.folder, PASSPHRASE)
    open_vault(vault.folder, words).lock()


async def test_leaving_changes_nothing(vault: Vault, inspection: str) -> None:
    before = vault.keys.path.read_bytes()
    async with opened(vault, inspection) as (app, pilot):
        app.run_worker(app.run_action("change_passphrase"))
        await pilot.pause()
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: "drawn by chance" in said(app))
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
    assert vault.keys.path.read_bytes() == before


async def test_an_unconfirmed_code_is_told_at_unlocking_and_made_anew(
    vault: Vault, inspection: str
) -> None:
    old = credentials.renew_code(vault)
    vault.lock()
    app = FieldkitApp(vault.folder, inspection=inspection)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until(pilot, lambda: "never typed back" in said(app))
        await pilot.press("y")
        await pilot.pause()
        dialog = app.screen
        assert isinstance(dialog, RenewCode)
        code = await shown(pilot, dialog)
        assert code != old
        await typed(pilot, "no")
        await until(pilot, lambda: "not the group" in page(app))
        await typed(pilot, code.split("-")[dialog._group])
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert not credentials.code_unconfirmed(app.vault)
        await locked(pilot)
        await settled(pilot)
    open_with_recovery(vault.folder, code).lock()


async def test_a_lock_in_the_middle_takes_the_code_off_the_screen(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        app.run_worker(app.run_action("renew_code"))
        await pilot.pause()
        await pilot.pause()
        dialog = app.screen
        assert isinstance(dialog, RenewCode)
        code = await shown(pilot, dialog)
        await locked(pilot)
        await settled(pilot)
        assert code not in page(app)
        assert vault.locked
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert credentials.code_unconfirmed(again)
