"""The passphrase is asked for again before what cannot be called back, and the setting is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.vault.after_lock import AfterLock
from fieldkit.vault.folders import data_folder
from screens.app import FieldkitApp
from screens.exchange.export import ExportPage
from screens.feedback.handover import HandoverPage
from screens.kit.dialogs import Confirm
from screens.vault.ask_passphrase import AskPassphrase
from storage.records.log import disclosures
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import SMALL, opened, page, settled, typed, until
from tests.screens.hostile import at
from tests.storage.travelling import INSPECTION, make_received

WRITE = ("w", "enter", "ctrl+s", "y")
"""The keys from home to a hand-over that is written."""


def written(home: Path) -> list[Path]:
    return list((home / "Downloads").iterdir())


async def test_a_hand_over_is_written_only_by_who_knows_the_passphrase(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "Downloads").mkdir()
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press(*WRITE)
        assert at(pilot, AskPassphrase) and "Nothing has left" in page(app)
        await typed(pilot, "lantern gravel otter window")
        await until(pilot, lambda: "not the present passphrase" in page(app))
        assert [app.unlock_delay.count_wrong() for _ in "23"] == [0, 1], "it was the first"
        app.unlock_delay.reset()
        await pilot.press("escape")
        assert at(pilot, HandoverPage) and written(tmp_path) == []
        assert await app.vault.read(disclosures) == []
        await pilot.press(*WRITE[1:])
        await typed(pilot, PASSPHRASE)
        await settled(pilot)
        assert len(written(tmp_path)) == 1


async def test_wrong_ones_are_slowed_down_as_at_unlocking(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "Downloads").mkdir()
    async with opened(vault, inspection) as (app, pilot):
        for _ in range(12):
            app.unlock_delay.count_wrong()
        await pilot.press(*WRITE)
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: "there is a wait" in page(app))
        assert at(pilot, AskPassphrase) and written(tmp_path) == []
        await pilot.press("escape")


@pytest.mark.parametrize("setting", ["[]", '["erase"]'])
async def test_the_setting_says_before_which_steps(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path, setting: str
) -> None:
    (tmp_path / "Downloads").mkdir()
    data_folder().mkdir(parents=True, exist_ok=True)
    (data_folder() / "settings.toml").write_text(f"ask_passphrase = {setting}", "utf-8")
    async with opened(vault, inspection) as (_, pilot):
        await pilot.press(*WRITE)
        await settled(pilot)
        assert at(pilot, HandoverPage) and len(written(tmp_path)) == 1


async def test_the_practice_inspection_never_asks(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "Downloads").mkdir()
    after = AfterLock(practice=str(tmp_path))
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault, after=after)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await pilot.press(*WRITE)
        await settled(pilot)
        assert at(pilot, HandoverPage) and len(written(tmp_path)) == 1


async def test_an_export_with_the_key_is_asked_for_and_one_without_is_not(tmp_path: Path) -> None:
    (tmp_path / "Downloads").mkdir()
    team = make_received(tmp_path / "team")
    with team.laptop("ada") as vault:
        async with opened(vault, INSPECTION) as (app, pilot):
            before = len(await app.vault.read(disclosures))
            await pilot.press("e", "k")
            assert at(pilot, Confirm)
            await pilot.press("y", "enter")
            assert at(pilot, AskPassphrase)
            await pilot.press("escape")
            assert at(pilot, ExportPage)
            assert len(await app.vault.read(disclosures)) == before
            await pilot.press("k", "enter")
            await settled(pilot)
            assert at(pilot, ExportPage)
            assert len(await app.vault.read(disclosures)) == before + 1
