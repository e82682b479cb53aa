"""The registry of commands: no clash, an action behind every key, and docs/keys.md."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from screens.app import FieldkitApp
from screens.kit.commands import keys_page, registry
from screens.kit.frame.lines import KeyLine
from screens.kit.page import Page
from screens.pages import PAGES
from screens.vault.begin.first_run import FirstRunPage
from screens.vault.unlock import UnlockPage
from storage.vault.vault import Vault
from tests.screens.driving import opened, settled

KINDS: dict[str, type[Page]] = {"unlock": UnlockPage, "first_run": FirstRunPage}


def kind(page: str) -> type[Page]:
    if page in KINDS:
        return KINDS[page]
    module, _, name = PAGES[page].partition(":")
    found: type[Page] = getattr(importlib.import_module(module), name)
    assert issubclass(found, Page)
    return found


@pytest.mark.parametrize("page", [one for one in registry() if one != "global"])
def test_every_key_of_a_page_does_something(page: str) -> None:
    keys: list[str] = []
    for one in registry()[page].commands:
        action = one.action.partition("(")[0]
        assert hasattr(kind(page), f"action_{action}"), f"{page}: {one.action}"
        assert action != "go" or one.action[4:-2] in PAGES, f"{page}: {one.action}"
        keys.extend(one.key.split(","))
        assert one.help.endswith((".", "…")), one.help
    assert len(keys) == len(set(keys)), f"{page} binds a key twice"
    shadowed = {one.key for one in registry()["global"].commands if one.field} & set(keys)
    assert not shadowed, f"{page} binds {shadowed}, which work everywhere"
    assert sum(one.line for one in registry()[page].commands) <= 4


async def test_without_a_row_no_key_that_needs_one_is_offered(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        for name in ("cases", "fieldwork", "points", "debrief", "referrals", "queries", "copies"):
            await app.go(name)
            await settled(pilot)
            line = app.screen.query_one(KeyLine)
            assert line.offered and not any(one.row for one in line.offered), name
            await app.pop_screen()


def test_every_key_that_works_everywhere_does_something() -> None:
    for one in registry()["global"].commands:
        assert hasattr(FieldkitApp, f"action_{one.action}"), one.action


def test_the_pages_of_the_app_are_those_of_the_registry() -> None:
    assert set(PAGES) | set(KINDS) == set(registry()) - {"global"}


def test_docs_keys_is_what_the_registry_says() -> None:
    written = Path(__file__).parents[3] / "docs" / "keys.md"
    assert written.read_text("utf-8") == keys_page(), "run: make keys"
