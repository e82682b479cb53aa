"""Unlocking, locking, and what happens to text meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.vault import echo
from fieldkit.vault.unlock_delay import FREE_TRIES, UnlockDelay
from screens.app import FieldkitApp
from screens.inspections.home import HomePage
from screens.kit.dialogs import Confirm
from screens.vault.lock import Stillness
from screens.vault.passphrase_input import PassphraseInput
from screens.vault.unlock import UnlockPage
from storage.errors import FieldkitError
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens import driving
from tests.screens.driving import opened, page, settled, waiting_texts


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
        assert "Westshire › Today" in page(app)


@pytest.mark.parametrize("size", [(40, 10), (73, 20), (80, 24), (120, 36)])
async def test_the_question_before_the_page_stands_where_the_page_asks(
    locked: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(echo, "_before", [1])
    monkeypatch.setattr(echo, "_write", written.append)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size(size))
    echo.ask()
    places = re.findall(r"\x1b\[(\d+);(\d+)H(?:\x1b\[[\d;]+m)?([ \w]*)", written[0])
    assert [words.split() for _, _, words in places] == [["fieldkit"], ["Passphrase"], []]
    app = FieldkitApp(locked)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        lines = page(app).splitlines()
        for line, column, words in places:
            assert lines[int(line) - 1][int(column) - 1 :].startswith(words)
        field = app.screen.query_one(PassphraseInput).content_region
        assert (field.y, field.x) == (int(places[2][0]) - 1, int(places[2][1]) - 1)
    echo.withdraw()
    echo.withdraw()
    assert written[1:] == [echo.NORMAL_SCREEN]


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


async def test_repeated_wrong_passphrases_slow_down_and_cost_no_typing(locked: Path) -> None:
    now = [100.0]
    app = FieldkitApp(locked)
    app.unlock_delay = UnlockDelay(lambda: now[0])
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for _ in range(FREE_TRIES + 3):
            await pilot.press(*"wrong", "enter")
            await settled(pilot)
            now[0] += 3
        now[0] -= 3
        assert "4 seconds more" in page(app).replace("\n", " ")
        field = app.screen.query_one(PassphraseInput)
        await pilot.press(*PASSPHRASE, "enter")
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        assert field.value == PASSPHRASE
        shown = " ".join(page(app).split())
        assert "Not tried yet" in shown and "tried in 4 seconds" in shown
        assert "does not open the vault" not in shown
        now[0] += 4
        app.screen.count_down()
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert app.unlock_delay.seconds_left == 0


async def test_a_slip_in_the_recovery_code_is_mended_not_typed_anew(locked: Path) -> None:
    app = FieldkitApp(locked)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r", *"ABCDE-12345", "enter")
        await settled(pilot)
        assert "35 characters" in page(app)
        assert app.screen.query_one(PassphraseInput).value == "ABCDE-12345"
        assert app.unlock_delay.seconds_left == 0


async def test_a_vault_open_elsewhere_is_told_and_the_words_stay(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = FieldkitApp(vault.folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*PASSPHRASE, "enter")
        await settled(pilot)
        assert "already open" in page(app)
        vault.lock()
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)


async def test_what_could_not_be_saved_at_the_lock_is_saved_after_it(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        app.typing.keep("inspection/x", "text", "A remark", "umbrella", "")
        with monkeypatch.context() as patched:

            async def full(*_: object) -> None:
                raise FieldkitError("The disk is full.")

            patched.setattr(vault, "write", full)
            await pilot.press("ctrl+q")
            await settled(pilot)
            assert app.unlocked
            assert any("To leave without it" in one.message for one in app._notifications)
            await driving.locked(pilot)
        assert vault.locked
        await pilot.press(*PASSPHRASE, "enter")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert waiting_texts(app.vault) == ["umbrella"]


async def test_a_dialog_costs_no_text(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        app.typing.keep("inspection/x", "text", "A remark", "umbrella", "")
        app.run_worker(app.push_screen_wait(Confirm("Sure?")))
        await pilot.pause()
        assert waiting_texts(vault) == ["umbrella"]
        await pilot.press("escape")


def test_asleep_idle_or_orphaned_it_is_time() -> None:
    steady, wall, parent = [0.0], [1000.0], [42]
    seen = Stillness(60, steady=lambda: steady[0], wall=lambda: wall[0], parent=lambda: parent[0])

    def passes(seconds: float, on_the_wall: float | None = None) -> bool:
        steady[0] += seconds
        wall[0] += seconds if on_the_wall is None else on_the_wall
        return seen.due()

    assert not passes(5)
    assert not passes(5, on_the_wall=30)
    assert passes(5, on_the_wall=60)
    assert "as the laptop had slept" in seen.locked_words
    assert not passes(5)
    parent[0] = 1
    assert passes(5)
    assert "was closed" in seen.locked_words
    assert not passes(5)
    assert passes(60)
    assert seen.locked_words.endswith("after 1 minute without a key.")
    seen.touch()
    assert not passes(5)
    assert seen.locked_words.startswith("You locked it on ")


async def test_idle_and_sleep_lock(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        app.stillness._touched -= app.stillness.idle + 1
        await app.look_at_clocks()
        await settled(pilot)
        assert isinstance(app.screen, UnlockPage)
        assert vault.locked
        assert "Westshire" not in page(app)
        assert "after 5 minutes without a key." in " ".join(page(app).split())


async def test_a_jump_of_the_clock_locks(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        steady, wall = app.stillness._seen
        app.stillness._seen = (steady, wall - 3600)
        await app.look_at_clocks()
        await settled(pilot)
        assert vault.locked
        assert isinstance(app.screen, UnlockPage)


async def test_idle_is_never_longer_than_a_quarter_of_an_hour(tmp_path: Path) -> None:
    assert FieldkitApp(tmp_path, idle=10_000).stillness.idle == 900


def test_the_first_page_imports_no_store() -> None:
    code = (
        "import sys, screens.app, screens.vault.unlock; "
        "print([one for one in ('sqlalchemy', 'sqlmodel', 'sqlcipher3', 'storage.vault.vault', "
        "'openpyxl', 'cryptography') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_folder_of_somebody_else_is_said_and_the_app_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, **_: object) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)
    app = FieldkitApp(tmp_path)
    async with app.run_test() as pilot:
        await pilot.pause()
    assert app.return_code == 1
    assert "may not be looked into" in " ".join(capsys.readouterr().err.split())


async def test_a_folder_that_is_gone_at_the_lock_is_asked_for_and_not_made_anew(
    vault: Vault, inspection: str
) -> None:
    folder = vault.folder
    away = folder.with_name("moved away")
    async with opened(vault, inspection) as (app, pilot):
        app.typing.keep("inspection/x", "text", "A remark", "umbrella", "")
        folder.rename(away)
        await driving.locked(pilot)
        assert isinstance(app.screen, UnlockPage)
        shown = " ".join(page(app).split())
        assert "not in" in shown and "no new vault is made" in shown
        await pilot.press(*PASSPHRASE, "enter")
        await settled(pilot)
        assert "Connect it or move it back" in " ".join(page(app).split())
        assert not folder.exists()
        away.rename(folder)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, HomePage)
        assert waiting_texts(app.vault) == ["umbrella"]
