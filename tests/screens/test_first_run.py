"""The first run: from nothing to an open vault."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.app import FieldkitApp
from screens.first_run import CODE, FirstRunPage
from screens.inspections import InspectionsPage
from storage import vault as vaults
from storage.keyslots import Argon2Params
from storage.vault import Vault
from tests.screens.driving import page, settled


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The derivation at its floor; the real cost is measured elsewhere."""
    whole = Vault.create.__func__  # type: ignore[attr-defined]

    def create(cls: type[Vault], folder: Path, passphrase: str, person: str) -> object:
        return whole(cls, folder, passphrase, person, params=Argon2Params(64 * 1024, 1, 1))

    monkeypatch.setattr(vaults.Vault, "create", classmethod(create))


async def test_four_steps_make_a_vault(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "vault"
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        first = app.screen
        assert isinstance(first, FirstRunPage)
        await pilot.press(*"Ann Smith", "enter")
        await settled(pilot)
        offered = first._offered
        assert len(offered.split()) == 4
        assert offered in page(app)
        await pilot.press("ctrl+n")
        assert first._offered != offered
        words = first._offered
        await pilot.press(*words, "enter")
        await settled(pilot)
        await pilot.press(*"something else", "enter")
        await settled(pilot)
        assert "not the same" in page(app)
        assert not folder.exists()
        await pilot.press(*words, "enter")
        await settled(pilot)
        await pilot.press(*words, "enter")
        await settled(pilot)
        assert first._step == CODE
        groups = first._code.split("-")
        assert first._code in page(app)
        await pilot.press(*"WRONG", "enter")
        await settled(pilot)
        assert isinstance(app.screen, FirstRunPage)
        await pilot.press(*groups[first._group].lower(), "enter")
        await settled(pilot)
        assert isinstance(app.screen, InspectionsPage)
        await pilot.press("ctrl+l")
        await settled(pilot)
    with Vault.open(folder, words) as made:
        assert made.person.name == "Ann Smith"


async def test_a_weak_passphrase_is_named(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"Ann", "enter")
        await settled(pilot)
        await pilot.press(*"short", "enter")
        await settled(pilot)
        assert isinstance(app.screen, FirstRunPage)
        assert app.screen._passphrase == ""
        assert not (tmp_path / "vault").exists()
