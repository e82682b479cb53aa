"""The help: keys by task, short enough for its columns, found by words; also over a dialog."""

from __future__ import annotations

import pytest

from screens.inspections import help_panels
from screens.inspections.help import HelpPage
from screens.kit.commands import registry
from screens.kit.dialogs import AskText
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, opened, page, settled, until, words

MOST = 28
"""Columns of what a key does, in short."""


@pytest.mark.parametrize("columns", [30, 36, 58])
def test_what_a_key_does_stands_under_itself(columns: int) -> None:
    for name in registry():
        rows = help_panels.keys_of(name, columns).plain.splitlines()
        assert all(len(row) <= columns for row in rows), name
    indented = " " * help_panels.KEY
    assert any(
        row.startswith(indented) for row in help_panels.keys_of("audit", 30).plain.split("\n")
    )


def test_every_key_has_its_task_and_is_told_in_short() -> None:
    for name, commands in registry().items():
        for one in commands.commands:
            assert one.group and len(one.words) <= MOST, (name, one)


@pytest.mark.parametrize("width", [30, 36, 56])
def test_no_panel_runs_over(width: int) -> None:
    for drawing in (
        help_panels.everywhere,
        help_panels.frame,
        help_panels.first_day,
        help_panels.all_signs,
        lambda columns: help_panels.found("case", columns),
    ):
        assert all(len(row) <= width for row in drawing(width).plain.splitlines())


async def test_help_stands_over_a_dialog_and_loses_nothing(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press(*"heron")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpPage))
        await pilot.pause()
        assert "In this box" in words(app, "#keys") and "save" in words(app, "#keys")
        assert "requires improvement" in page(app) and "outstanding" in page(app)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        assert "heron" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("f1", "slash", *"allocate")
        await settled(pilot)
        assert "Say who audits the case" in words(app, "#keys")
        await pilot.press("escape", "right")
        await settled(pilot)
        assert "another page" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert app.page_name == "home"
