"""Unlocking, locking, and what happens to text meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from screens.app import FieldkitApp
from screens.home import HomePage
from screens.unlock import PassphraseInput, UnlockPage
from storage.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import opened, page, settled


@pytest.fixture
def locked(vault: Vault, inspection: str) -> Path:
    """The folder of a locked vault with one inspection."""
    vault.lock()
    return vault.folder


async def test_the_passphrase_opens_home(locked: Path) -> None:
    app = FieldkitApp(locked)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*PASSPHRASE, "enter")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert "Westshire Constabulary" in page(app)


async def test_a_wrong_passphrase_says_so_and_changes_nothing(locked: Path) -> None:
    before = {one.name: one.read_bytes() for one in locked.iterdir()}
    app = FieldkitApp(locked)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"wrong one", "enter")
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        assert "does not open the vault" in page(app)
        assert app.screen.query_one(PassphraseInput).value == ""
    assert {one.name: one.read_bytes() for one in locked.iterdir()} == before


async def test_idle_and_sleep_lock(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        app._touched -= app._idle + 1
        await app._watch()
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        assert vault.locked
        assert "Westshire" not in page(app)


async def test_a_jump_of_the_clock_locks(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        steady, wall = app._clocks
        app._clocks = (steady, wall - 3600)
        await app._watch()
        await settled(pilot)
        assert vault.locked
        assert isinstance(app.screen, UnlockPage)


async def test_idle_is_never_longer_than_a_quarter_of_an_hour(tmp_path: Path) -> None:
    assert FieldkitApp(tmp_path, idle=10_000)._idle == 900


def test_the_first_page_imports_no_store() -> None:
    code = (
        "import sys, screens.app, screens.unlock; "
        "print([one for one in ('sqlalchemy', 'sqlmodel', 'sqlcipher3', 'storage.vault', "
        "'openpyxl', 'cryptography') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
