"""The page of the vault itself; what is told after an unlocking; the reminder on home."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from screens.app import FieldkitApp
from storage.vault.backup.generations import backups_in, default_place
from storage.vault.backup.make import back_up
from storage.vault.backup.restore import restore
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import opened, page, settled, until
from tests.storage.travelling import work


async def test_back_up_and_check_from_the_page(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        assert "no backup" in page(app)
        await pilot.press("v")
        await settled(pilot)
        assert "none yet: press b" in page(app) and str(vault.folder.name) in page(app)
        assert vault.identity.fingerprint in " ".join(page(app).replace("│", " ").split())
        assert "Back up" in page(app).splitlines()[-2]
        await pilot.press("b")
        await settled(pilot)
        assert "read back" in page(app)
        assert len(backups_in(default_place(vault.folder))) == 1
        await pilot.press("escape")
        await settled(pilot)
        assert "read back whole" in page(app) and "1 backup there" in page(app)
        await pilot.press("c")
        await settled(pilot)
        assert "chain of the entries: sound" in page(app)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert "none yet" not in page(app)


async def test_a_refusal_is_a_sentence(vault: Vault, inspection: str) -> None:
    default_place(vault.folder).write_text("a file where the folder should be")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("v", "b")
        await settled(pilot)
        said = [one.message for one in app._notifications]
        assert any("could not be written" in one for one in said)


async def told(vault: Vault, *words: str) -> None:
    """Wait until a dialog of the app says all of the words; close it."""
    app = FieldkitApp(vault.folder, vault=vault)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: all(one in page(app) for one in words))
        await pilot.press("escape")
        await settled(pilot)
        assert not any(one in page(app) for one in words)


async def test_a_restored_vault_is_told_when_it_is_opened(vault: Vault, tmp_path: Path) -> None:
    backup = back_up(vault).backup.path
    restore(backup, tmp_path / "new", lambda keys: keys.unlock(PASSPHRASE))
    with open_vault(tmp_path / "new", PASSPHRASE) as new:
        await told(new, "Restored from a backup")


async def test_an_end_of_the_chain_that_does_not_hold_is_told(vault: Vault) -> None:
    vault.write_now(work)

    def doctor(session: Session) -> None:
        session.connection().exec_driver_sql("UPDATE op SET digest = zeroblob(32)")

    vault.write_now(doctor)
    await told(vault, "The vault is not sound", "press c on its page")


@pytest.mark.parametrize("key", ["p", "n"])
async def test_the_keys_of_the_vault_are_changed_from_here(
    vault: Vault, inspection: str, key: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("v", key)
        await pilot.pause()
        assert "passphrase, to make sure that it is you" in " ".join(page(app).split())
        await pilot.press("escape")
        await settled(pilot)
