"""What the pages after the site look like; look at each picture before it is committed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.app import FieldkitApp
from storage.vault.unlock import create_vault, open_vault
from tests.conftest import CHEAP, PASSPHRASE, PERSON
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import LARGE, SMALL, settled
from tests.screens.followup.followed import followed, with_plan

Compare = Callable[..., bool]
PAGES: dict[str, tuple[str, ...]] = {
    "recommendations": ("f", "down", "down"),
    "context": ("f", "end", "c"),
    "outcomes": ("f5", "5"),
    "force": ("f5", "6"),
    "calendar": ("f5", "1"),
    "action_plan": ("f5", "2", "down"),
}
"""Each page and the keys that lead to it from home."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder of a locked vault whose inspection is followed, and the inspection."""
    folder = tmp_path_factory.mktemp("followed") / "vault"
    with pytest.MonkeyPatch.context() as patch:
        wall_on(patch, "2040-11-12")
        vault, _ = create_vault(folder, PASSPHRASE, PERSON, params=CHEAP)
        inspection, ids = followed(vault)
        with_plan(vault, inspection, ids)
        vault.lock()
    yield folder, inspection


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
@pytest.mark.parametrize("page", PAGES)
def test_page(
    snap_compare: Compare,
    made: tuple[Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    size: tuple[int, int],
) -> None:
    wall_on(monkeypatch, "2040-11-12")
    shutil.copytree(made[0], tmp_path / "vault")
    with open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        app = FieldkitApp(vault.folder, inspection=made[1], vault=vault)

        async def go(pilot: Pilot[None]) -> None:
            await pilot.pause()
            for key in PAGES[page]:
                await pilot.press(key)
            await settled(pilot)
            await pilot.pause()

        assert snap_compare(app, terminal_size=size, run_before=go)
