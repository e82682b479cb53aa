"""Hostile text in every field of every page, typed and imported, is never more than text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input, TextArea

from screens.app import FieldkitApp
from screens.kit.commands import registry
from screens.kit.page import Page
from screens.pages import PAGES
from screens.selfassessment.steps.choose_file import ChooseWorkbook
from storage.errors import FieldkitError
from storage.feed.replay import differences
from storage.records.registry import KINDS
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, page, settled, until
from tests.screens.hostile import paste
from tests.screens.hostile_day import HOSTILE, HostileDay, unharmed

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
GOING = ("back", "leave", "lock", "leave_site", "export", "whole_pick", "done")
"""Actions that leave the page or the site, or ask for folders outside."""
DAILY = ("points",)
"""The page whose every key is pressed in the daily run; the torture run does all pages."""


@pytest.fixture
def day(vault: Vault, tmp_path: Path) -> HostileDay:
    """A day with hostile text in every field that takes any."""
    made = HostileDay(vault, tmp_path / "imported")
    made.live()
    return made


def _arguments(name: str, day: HostileDay) -> dict[str, Any]:
    if name == "case":
        return {"case_id": day.cases["one"]}
    if name == "entry":
        return {"kind": "case", "record": day.cases["one"]}
    if name == "history":
        return {"kind": "note", "record": day.cases["note"], "title": HOSTILE}
    return {}


async def _shown(pilot: Pilot[Any]) -> None:
    for _ in range(4):
        await pilot.pause()


async def _visit(app: FieldkitApp, pilot: Pilot[Any], name: str, day: HostileDay) -> None:
    await app.go(name, **_arguments(name, day))
    if name == "case_list":  # it begins with the choice of a file
        await until(pilot, lambda: isinstance(app.screen, ChooseWorkbook))
        unharmed(app, f"{name}: choice of a file")
        await pilot.press("escape")
    await settled(pilot)


@pytest.mark.parametrize("size", [SMALL, LARGE] if TORTURE else [SMALL])
async def test_every_page_shows_it_as_text(day: HostileDay, size: tuple[int, int]) -> None:
    async with opened(day.vault, day.inspection, size) as (app, pilot):
        unharmed(app, "home")
        for name in PAGES:
            await _visit(app, pilot, name, day)
            unharmed(app, name)
            await pilot.press("down")
            unharmed(app, name)
            if TORTURE:
                await pilot.press("ctrl+p")
                await _shown(pilot)
                unharmed(app, f"{name}: palette")
                await pilot.press("escape")
            await app.pop_screen()
        for kind in KINDS:
            for record in await app.vault.read(_of_kind, kind):
                await app.go("history", kind=kind, record=record, title=HOSTILE)
                await settled(pilot)
                unharmed(app, f"history of {kind}")
                assert "Traceback" not in page(app)
                await app.pop_screen()


def _of_kind(session: Any, kind: str) -> list[str]:
    rows = session.connection().exec_driver_sql(
        "SELECT DISTINCT record FROM op WHERE record_kind = ? ORDER BY record LIMIT 1", (kind,)
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize("name", [one for one in PAGES if TORTURE or one in DAILY])
async def test_every_key_of_a_page_takes_it(day: HostileDay, name: str) -> None:
    async with opened(day.vault, day.inspection) as (app, pilot):
        for command in registry()[name].commands:
            if command.action.partition("(")[0] in GOING:
                continue
            await _visit(app, pilot, name, day)
            here = app.screen
            await pilot.press(command.key.split(",")[0])
            await _shown(pilot)
            await _fill(app, pilot, f"{name}: {command.label}")
            while len(app.screen_stack) > 2:
                await app.pop_screen()
                await _shown(pilot)
            assert here not in app.screen_stack
            assert app.unlocked
        try:
            assert await app.vault.read(lambda s: differences(s.connection())) == []
        except FieldkitError:
            pytest.fail(f"{name}: the vault was locked")


async def _fill(app: FieldkitApp, pilot: Pilot[Any], where: str) -> None:
    """Put hostile text into whatever asks for some, and take it, dialog after dialog."""
    unharmed(app, where)
    for _ in range(4):
        before = app.screen
        fields = [*before.query(Input), *before.query(TextArea)]
        if isinstance(before, Page) and not (before.typing_in or fields):
            return
        for field in fields:
            if field.focusable:
                field.focus()
                await paste(pilot, HOSTILE)
        unharmed(app, f"{where}: {type(before).__name__}")
        for key in ("ctrl+s", "enter", "y"):
            if app.screen is before and isinstance(before, ModalScreen):
                await pilot.press(key)
                await _shown(pilot)
        unharmed(app, f"{where}: after {type(before).__name__}")
        if app.screen is before:
            return
