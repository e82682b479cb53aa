"""The exchange by one key, and the conflicts it brings: seen, decided, gone from home."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

import storage.exchange.exchange
from fieldkit.exchange import exchange as exchanging
from fieldkit.exchange.exchange import exchange
from fieldkit.history import conflicts
from screens.exchange.exchange import PURPOSE, ExchangePage
from screens.history.conflicts import ConflictsPage
from screens.kit import folder_picker
from screens.kit.dialogs import AskText
from screens.vault.passphrase_input import PassphraseInput
from storage.records import Judgment
from storage.vault.vault import Vault
from tests.screens.driving import (
    LARGE,
    SMALL,
    locked,
    opened,
    page,
    settled,
    typed,
    until,
    words,
)
from tests.storage.team.laptops import watch_keys
from tests.storage.travelling import INSPECTION, PASSPHRASE, Team, make_team, work

SHOW = os.environ.get("FIELDKIT_SHOW", "")


@pytest.fixture(scope="module")
def two_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with pytest.MonkeyPatch.context() as patch:
        watch_keys(patch, threads=True)
        yield make_team(tmp_path_factory.mktemp("two") / "team", laptops=("ada", "ben"), pq=False)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def two(two_made: Team, tmp_path: Path, stick: Path) -> Iterator[tuple[Vault, Vault]]:
    """Ada's and Ben's laptops, who have judged the same case in different words."""
    team = two_made.copy(tmp_path / "team")
    ada, ben = team.laptop("ada"), team.laptop("ben")
    ada.write_now(work, words="Nobody saw the child alone")
    for one in (ada, ben, ada, ben):
        exchange(one, stick)
    ada.write_now(_changed, "inadequate", "The strategy discussion came nine days late.")
    ben.write_now(_changed, "requires improvement", "Late, but the child was safe by then.")
    exchange(ben, stick)
    yield ada, ben
    ben.lock()
    ada.lock()


def _changed(session: Session, grade: str, rationale: str) -> None:
    from sqlmodel import select

    found = session.exec(select(Judgment)).one()
    found.change(grade=grade, rationale=rationale)


async def prepare(vault: Vault, stick: Path) -> None:
    await folder_picker.remember(vault, PURPOSE, stick)


def show(app: object, name: str) -> None:
    if SHOW:
        Path(SHOW, f"{name}.svg").write_text(app.export_screenshot())  # type: ignore[attr-defined]  # an App


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_one_key_takes_in_and_writes(
    two: tuple[Vault, Vault], stick: Path, size: tuple[int, int]
) -> None:
    ada, ben = two
    await prepare(ada, stick)
    async with opened(ada, INSPECTION, size=size) as (app, pilot):
        await pilot.press("x")
        await settled(pilot)
        assert isinstance(app.screen, ExchangePage)
        assert "Every new bundle" in page(app) and "Who has what" in page(app)
        assert "goes with  e" in page(app)
        show(app, f"exchange-before-{size[0]}")
        await pilot.press("enter")
        await settled(pilot)
        shown = page(app)
        assert "from Ben" in shown and "for Ben" in shown
        assert re.search(r"Taken in: [0-9]+ entries of Ben", shown)
        assert "WST-001, Overall assessment" in shown
        assert "came now" in shown and re.search(r"Ben +✓ all to [0-9:]+ +\+[0-9]", shown)
        show(app, f"exchange-{size[0]}")
        await pilot.press("k")
        await settled(pilot)
        assert isinstance(app.screen, ConflictsPage)
    exchange(ben, stick)
    assert len(ben.read_now(conflicts.listing)) == 2


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_conflicts_are_decided_by_keys(
    two: tuple[Vault, Vault], stick: Path, size: tuple[int, int]
) -> None:
    ada, ben = two
    exchange(ada, stick)
    async with opened(ada, INSPECTION, size=size) as (app, pilot):
        assert "≠ 2" in page(app)
        show(app, f"home-{size[0]}")
        await pilot.press("k")
        await settled(pilot)
        shown = page(app)
        assert "2 conflicts ─" in shown
        assert "─ 1 Ada ─" in shown or "─ 2 Ada ─" in shown
        assert "this laptop, " in shown and "Ben, " not in shown
        await pilot.press("down")
        await settled(pilot)
        both = (words(app, "#answer-1"), words(app, "#answer-2"))
        assert any("Late, but the child was safe by then." in one for one in both)
        await pilot.press("up")
        show(app, f"conflicts-{size[0]}")
        # The first is the grade: Ada's own answer, wherever it stands.
        found = ada.read_now(conflicts.listing)
        mine = next(n for n, side in enumerate(found[0].sides, 1) if side.who == "Ada")
        await pilot.press(str(mine))
        await settled(pilot)
        assert "1 conflict ─" in page(app)
        await pilot.press("w")
        # A worker waits for the dialog's answer, so not until it is done.
        while not isinstance(app.screen, AskText):
            await pilot.pause()
        show(app, f"writing-{size[0]}")
        await pilot.press("f7", "B", "o", "t", "h", "ctrl+s")
        await settled(pilot)
        assert "There are no conflicts" in page(app)
        show(app, f"conflicts-none-{size[0]}")
        await pilot.press("escape")
        await settled(pilot)
        assert "≠" not in page(app)
        for one in (ada, ben, ada, ben):
            await asyncio.to_thread(exchange, one, stick)
    assert ben.read_now(conflicts.listing) == []
    assert ben.read_now(_judged) == ("inadequate", "Both")


def _judged(session: Session) -> tuple[str, str]:
    from sqlmodel import select

    found = session.exec(select(Judgment)).one()
    return found.grade, found.rationale


async def test_locking_in_the_middle_is_told_after_unlocking(
    two: tuple[Vault, Vault], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, _ = two
    begun, go_on = threading.Event(), threading.Event()

    def slow(*args: Any, **kwargs: Any) -> Any:
        begun.set()
        assert go_on.wait(300)
        return storage.exchange.exchange.write_bundles(*args, **kwargs)

    monkeypatch.setattr(exchanging, "write_bundles", slow)
    async with opened(ada, INSPECTION) as (app, pilot):
        await pilot.press("x")
        await settled(pilot)
        assert isinstance(app.screen, ExchangePage)
        app.screen._folder.path = stick
        await pilot.press("enter")
        await until(pilot, begun.is_set)
        await locked(pilot)
        go_on.set()
        await until(pilot, lambda: bool(app.screen.query(PassphraseInput)))
        await typed(pilot, PASSPHRASE)
        await until(pilot, lambda: app.unlocked)
        await settled(pilot)
        said = " ".join(one.message for one in app._notifications)
        assert "was cut short" in said
        await pilot.press("x")
        await settled(pilot)
        assert "was cut short" in words(app, "#exchange")
        assert str(await folder_picker.remembered(app.vault, PURPOSE)) == str(stick)
