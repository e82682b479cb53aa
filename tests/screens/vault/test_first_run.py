"""The first run: from nothing to an open vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.app import FieldkitApp
from screens.history.palette import Palette
from screens.inspections.home import HomePage
from screens.inspections.inspections import InspectionsPage
from screens.kit.dialogs import Tell
from screens.vault.begin.first_run import CODE, NAME, WORDS, FirstRunPage
from screens.vault.unlock import UnlockPage
from storage.vault import credentials, unlock
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE
from tests.screens.driving import locked, page, settled, typed, until


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The derivation at its floor; the real cost is measured elsewhere."""
    monkeypatch.setattr(unlock, "calibrate", lambda: CHEAP)


async def to_the_code(pilot: Pilot[None]) -> tuple[FirstRunPage, str]:
    """Make a vault as far as the page of the recovery code; the page, and the passphrase."""
    await settled(pilot)
    await typed(pilot, "Ann")
    await settled(pilot)
    first = pilot.app.screen
    assert isinstance(first, FirstRunPage)
    words = first._offered
    for _ in range(2):
        await typed(pilot, words)
        await settled(pilot)
    return first, words


async def test_four_steps_make_a_vault(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "vault"
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        first = app.screen
        assert isinstance(first, FirstRunPage)
        await typed(pilot, "Ann Smith")
        await settled(pilot)
        offered = first._offered
        assert len(offered.split()) == 4
        assert offered in page(app)
        await pilot.press("ctrl+n")
        assert first._offered != offered
        words = first._offered
        await typed(pilot, words)
        await settled(pilot)
        await typed(pilot, "something else")
        await settled(pilot)
        assert "not the same" in page(app)
        assert not folder.exists()
        await typed(pilot, words)
        await settled(pilot)
        await typed(pilot, words)
        await settled(pilot)
        assert first._step == CODE
        groups = first._code.split("-")
        assert first._code in page(app)
        assert words not in vars(first).values()
        await typed(pilot, "WRONG")
        await settled(pilot)
        assert isinstance(app.screen, FirstRunPage)
        await typed(pilot, groups[first._group].lower())
        await settled(pilot)
        assert isinstance(app.screen, InspectionsPage)
        await locked(pilot)
    with open_vault(folder, words) as made:
        assert made.person.name == "Ann Smith"


async def test_a_weak_passphrase_is_named(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await typed(pilot, "Ann")
        await settled(pilot)
        await typed(pilot, "short")
        await settled(pilot)
        assert isinstance(app.screen, FirstRunPage)
        assert app.screen._passphrase == ""
        assert not (tmp_path / "vault").exists()


async def test_leaving_before_the_code_is_typed_back_is_told_at_the_next_unlocking(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "vault"
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        first, words = await to_the_code(pilot)
        assert first._code in page(app)
        await pilot.press("ctrl+q")
    with open_vault(folder, words) as made:
        assert credentials.code_unconfirmed(made)


async def test_the_page_of_the_code_locks_as_any_other(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    app = FieldkitApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        first, _ = await to_the_code(pilot)
        vault, code = app.vault, first._code
        app.stillness._touched -= app.stillness.idle + 1
        await app.look_at_clocks()
        await settled(pilot)
        assert vault.locked
        assert isinstance(app.screen, UnlockPage)
        assert code not in page(app)


async def test_a_bad_folder_is_told_before_anything_is_made(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "Dropbox" / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "that Dropbox synchronises" in " ".join(page(app).split())
    assert not (tmp_path / "Dropbox").exists()


async def test_a_bad_folder_is_told_at_the_first_unlocking(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.lock()
    folder = tmp_path / "OneDrive" / "vault"
    folder.parent.mkdir()
    vault.folder.rename(folder)
    app = FieldkitApp(folder, inspection=inspection)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await typed(pilot, PASSPHRASE)
        while not (isinstance(app.screen, Tell) and "OneDrive" in page(app)):
            await pilot.pause(0.01)
        await pilot.press("escape")
        await locked(pilot)
        await typed(pilot, PASSPHRASE)
        await settled(pilot)
        assert isinstance(app.screen, HomePage)


async def test_the_passphrase_is_hidden_until_a_key_shows_it(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "f6" not in page(app).splitlines()[-2], "a name is not hidden"
        await typed(pilot, "Ann")
        await settled(pilot)
        await pilot.press(*"heron")
        assert "heron" not in page(app)
        await pilot.press("f6")
        await pilot.pause()
        assert "heron" in page(app)


async def test_the_palette_offers_only_what_can_be_done(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        assert isinstance(app.screen, Palette)
        names = {one.label for one in app.screen._known}
        assert names == {"Next", "Restore", "Practice", "Help", "Quit"}
        await until(
            pilot, lambda: "Go on to the next step." in page(app)
        )  # cut no sooner than told
        await pilot.press("escape")


async def test_practice_is_one_key_and_makes_nothing(tmp_path: Path) -> None:
    app = FieldkitApp(tmp_path / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+t")
    assert app.wants_practice and not (tmp_path / "vault").exists()


async def test_a_vault_that_cannot_be_made_asks_for_both_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unlock, "create_vault", full)
    app = FieldkitApp(tmp_path / "vault")
    async with app.run_test(size=(80, 24)) as pilot:
        first, words = await to_the_code(pilot)
        assert first._step == WORDS and "No space left" in page(app)
        assert first._passphrase == "" and not app.holds_secrets
        assert first._offered == words and words in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert first._step == NAME and words not in vars(first).values()
