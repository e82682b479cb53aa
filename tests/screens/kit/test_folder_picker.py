"""Where the pages of passing on begin: the stick used last, one plugged in, or a question."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from fieldkit.casework.cases import add_case
from fieldkit.wording.dates import here
from screens.exchange import exchange, export
from screens.kit import folder_picker
from screens.kit.dialogs import Pick
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, page, settled, until, words
from tests.screens.exchange.test_export import central, left, unbroken

__all__ = ["central"]


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick that is plugged in, with a disk of its own."""
    stick = tmp_path / "sticks" / "NEW"
    stick.mkdir(parents=True)
    own = folder_picker.on_own_disk
    monkeypatch.setattr(folder_picker, "sticks", lambda: [stick] if stick.exists() else [])
    monkeypatch.setattr(
        folder_picker, "on_own_disk", lambda one: "sticks" not in one.parts and own(one)
    )
    return stick


async def begin(vault: Vault) -> folder_picker.Begin:
    return await folder_picker.to_begin_with(vault, "export")


async def test_the_stick_used_last_comes_first(vault: Vault, plugged: Path) -> None:
    other = plugged.parent / "OLD"
    other.mkdir()
    await folder_picker.remember(vault, "export", other)
    assert await begin(vault) == folder_picker.Begin(other)
    shutil.rmtree(other)
    found = await begin(vault)
    assert found.folder == plugged
    assert str(other) in found.said and "is not there" in found.said


@pytest.mark.parametrize("used", ["exchange", "join"])
async def test_the_first_export_goes_where_the_team_exchanged(
    vault: Vault, plugged: Path, used: str
) -> None:
    other = plugged.parent / "OLD"
    other.mkdir()
    await folder_picker.remember(vault, used, other)
    await folder_picker.remember(vault, "handover", plugged.parent)
    assert await begin(vault) == folder_picker.Begin(other)
    other.rmdir()
    assert (await begin(vault)).folder == plugged
    plugged.rmdir()
    gone = await begin(vault)
    assert gone.folder is None and "Put the stick in" in gone.said
    await folder_picker.remember(vault, "export", plugged.parent)
    assert await begin(vault) == folder_picker.Begin(plugged.parent)


async def test_a_folder_of_the_own_disk_gives_way_to_a_stick(
    vault: Vault, plugged: Path, tmp_path: Path
) -> None:
    await folder_picker.remember(vault, "export", tmp_path)
    assert await begin(vault) == folder_picker.Begin(plugged)
    plugged.rmdir()
    assert await begin(vault) == folder_picker.Begin(tmp_path)
    await folder_picker.remember(vault, "export", plugged)
    found = await begin(vault)
    assert found.folder is None
    assert "press f" in found.said


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(("key", "purpose"), [("x", exchange.PURPOSE), ("e", export.PURPOSE)])
async def test_without_the_stick_used_last_the_folder_is_asked_for(
    vault: Vault,
    inspection: str,
    central: Path,
    tmp_path: Path,
    key: str,
    purpose: str,
    size: tuple[int, int],
) -> None:
    vault.write_now(add_case, inspection, "WST-001")
    await folder_picker.remember(vault, purpose, tmp_path / "gone")
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press(key)
        await settled(pilot)
        shown = page(app)
        assert "no folder yet: f chooses one" in shown
        main = "#exchange" if key == "x" else "#leaves"
        assert "is not there. Put the stick in" in words(app, main)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press("enter")
        await settled(pilot)
        assert "Downloads" in unbroken(page(app))
        assert "on this computer's own disk" in page(app)
        assert "is not there" not in words(app, main)
        assert left(vault) == []


def test_a_workbook_is_listed_with_its_day_as_days_are_said(tmp_path: Path) -> None:
    file = tmp_path / "force.xlsx"
    file.write_bytes(b"")
    today = here().replace(hour=14, minute=5, tzinfo=None)
    for when, told in ((today, "14:05"), (today - timedelta(days=1), "yesterday 14:05")):
        os.utime(file, (when.timestamp(), when.timestamp()))
        assert [one.when for one in folder_picker.workbooks(tmp_path)] == [told]
