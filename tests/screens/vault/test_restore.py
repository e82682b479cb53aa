"""Restoring inside the app: into an empty place, and beside a vault that is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fieldkit.vault.after_lock import AfterLock
from screens.app import FieldkitApp
from screens.inspections.home import HomePage
from screens.kit.dialogs import Pick, Tell
from screens.vault.begin.first_run import FirstRunPage
from screens.vault.begin.restore import FindBackup, RestoreBackup
from screens.vault.unlock import UnlockPage
from storage.vault.backup.make import back_up
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import page, settled, typed, until
from tests.screens.hostile import paste


@pytest.fixture
def backup(vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path) -> Path:
    """A backup of a vault with an inspection, on a stick; the vault is locked."""
    made = back_up(vault, tmp_path / "stick" / "backups").backup.path
    vault.lock()
    return made


async def find(app: FieldkitApp, pilot: Pilot[None], folder: Path) -> None:
    """Choose the backup of a folder that is not offered by itself."""
    await pilot.press("ctrl+o")
    await until(pilot, lambda: isinstance(app.screen, Pick))
    assert "Which backup?" in page(app)
    await pilot.press("end", "enter")
    await until(pilot, lambda: isinstance(app.screen, FindBackup))
    await paste(pilot, str(folder.parent.parent / "nowhere"))
    await pilot.press("enter")
    await until(pilot, lambda: "There is no backup in" in page(app))
    await pilot.press("ctrl+u")
    await paste(pilot, str(folder))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, RestoreBackup))


async def test_a_first_run_restores_a_backup_and_goes_home(backup: Path, tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "new" / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, FirstRunPage)
        await find(app, pilot, backup.parent)
        await typed(pilot, "wrong passphrase")
        await until(pilot, lambda: "does not open the backup" in page(app))
        assert not (tmp_path / "new").exists() and not app.holds_secrets
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: any(isinstance(one, HomePage) for one in app.screen_stack))
        await until(pilot, lambda: isinstance(app.screen, Tell))
        assert "Restored from a backup" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert app.vault.folder == tmp_path / "new" / "vault"


async def test_a_vault_that_is_there_is_set_aside_as_it_was(
    vault: Vault, backup: Path, tmp_path: Path
) -> None:
    before = {one.name: one.read_bytes() for one in vault.folder.iterdir()}
    app = FieldkitApp(vault.folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        await find(app, pilot, backup)
        assert "set aside beside it" in " ".join(page(app).replace("│", " ").split())
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: app.unlocked)
        await until(pilot, lambda: isinstance(app.screen, Tell))
        for _ in range(2):  # what was restored, and where the one before is
            await pilot.press("escape")
            await pilot.pause()
        await pilot.press("ctrl+q")
    (aside,) = vault.folder.parent.glob(f"{vault.folder.name}-before-*")
    assert {one.name: one.read_bytes() for one in aside.iterdir()} == before
    assert not list(vault.folder.parent.glob(f"{vault.folder.name}-restored-*"))
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert again.person.name == vault.person.name


async def test_a_backup_that_is_not_whole_changes_nothing(
    vault: Vault, backup: Path, tmp_path: Path
) -> None:
    database = backup / "vault.db"
    data = bytearray(database.read_bytes())
    data[len(data) // 2] ^= 1
    database.write_bytes(bytes(data))
    before = {one.name: one.read_bytes() for one in vault.folder.iterdir()}
    beside = sorted(one.name for one in vault.folder.parent.iterdir())
    app = FieldkitApp(vault.folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await find(app, pilot, backup)
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: "not whole" in page(app))
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
    assert {one.name: one.read_bytes() for one in vault.folder.iterdir()} == before
    assert sorted(one.name for one in vault.folder.parent.iterdir()) == beside


async def test_what_a_power_cut_left_is_told_before_a_new_vault_is_made(
    vault: Vault, backup: Path
) -> None:
    vault.folder.rename(vault.folder.with_name(f"{vault.folder.name}-before-2026-11-30-120000"))
    app = FieldkitApp(vault.folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "There was a vault here" in " ".join(page(app).split())
    shutil.rmtree(vault.folder.with_name(f"{vault.folder.name}-before-2026-11-30-120000"))


@pytest.mark.parametrize("moved", [False, True])
async def test_a_lock_while_the_first_vault_is_restored_asks_for_nothing_that_never_was(
    tmp_path: Path, moved: bool
) -> None:
    app = FieldkitApp(tmp_path / "vault")
    app.opening = True
    after = app._known()
    assert (after.had_vault, after.opening) == (False, True)
    if moved:
        aside = tmp_path / "vault-before-2026-11-30-120000"
        aside.mkdir()
        (aside / "vault.keys").write_bytes(b"")
    app = FieldkitApp(tmp_path / "vault", after=after)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, FirstRunPage)
        said = " ".join(page(app).split())
        assert "was broken off. Nothing is lost" in said
        assert ("There was a vault here" in said) == moved


async def test_a_lock_between_the_moves_of_a_restore_names_what_was_set_aside(
    tmp_path: Path,
) -> None:
    aside = tmp_path / "vault-before-2026-11-30-120000"
    aside.mkdir()
    (aside / "vault.keys").write_bytes(b"")
    app = FieldkitApp(tmp_path / "vault", after=AfterLock(opening=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        said = " ".join(page(app).split())
        assert "There was a vault here" in said and "disk is not connected" not in said
