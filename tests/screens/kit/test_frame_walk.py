"""A walk over every page and dialog: the frame holds at every size, in every theme.

In ``make test`` each page is seen once, at sizes and in looks that change from page to page;
``make torture`` sees each at every size and in every look, and opens what every key opens.
"""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot

from screens.app import FieldkitApp
from screens.kit.commands import registry
from screens.kit.frame.lines import FrameLine, marked_line
from screens.pages import PAGES
from screens.selfassessment.steps.choose_file import ChooseWorkbook
from storage.vault.vault import Vault
from tests.screens.driving import lines, opened, settled, until
from tests.screens.kit.frame_walk import LOOKS, SIZES, looked_at

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
GOING = ("back", "leave", "lock", "go", "cover", "export", "exchange")
"""Actions that leave the page, or ask for folders outside."""


def _arguments(name: str, cases: dict[str, str]) -> dict[str, Any]:
    case = cases["WST-001"]
    return {
        "case": {"case_id": case},
        "entry": {"kind": "case", "record": case},
        "history": {"kind": "case", "record": case, "title": "WST-001"},
    }.get(name, {})


async def _visit(
    app: FieldkitApp, pilot: Pilot[Any], name: str, cases: dict[str, str], where: object
) -> None:
    await app.go(name, **_arguments(name, cases))
    if name in ("case_list", "self_assessment"):  # they begin with the choice of a file
        await until(pilot, lambda: isinstance(app.screen, ChooseWorkbook))
        looked_at(app, where)
        await pilot.press("escape")
    await settled(pilot)
    looked_at(app, where)


def _rounds() -> list[tuple[str, tuple[int, int], tuple[str, str]]]:
    if TORTURE:
        return [(name, size, look) for size, look, name in product(SIZES, LOOKS, PAGES)]
    # Pages at one size and in one look after each other, so that the app changes them four times.
    listed = [(number % 4, name) for number, name in enumerate(PAGES)]
    return [(name, SIZES[at], LOOKS[at]) for at, name in sorted(listed)]


async def test_every_page_keeps_the_frame(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        now: object = None
        for name, size, (theme, glyphs) in _rounds():
            if (size, theme, glyphs) != now:
                now = (size, theme, glyphs)
                await pilot.resize_terminal(*size)
                app.choose_look(theme, "plain" if glyphs == "plain" else "full")
                await settled(pilot)
                looked_at(app, ("home", *now))
                for key in ("f1", "f2", "f5"):
                    await pilot.press(key)
                    await until(pilot, lambda: len(app.screen_stack) > 2)
                    await pilot.pause()
                    looked_at(app, (key, *now))
                    await pilot.press("escape")
                    await until(pilot, lambda: len(app.screen_stack) == 2)
            await _visit(app, pilot, name, cases, (name, size, theme, glyphs))
            await app.pop_screen()
        app.choose_look("dark", "full")


@pytest.mark.skipif(not TORTURE, reason="opens what each of 200 keys opens")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
async def test_every_key_opens_what_keeps_the_frame(
    vault: Vault, inspection: str, cases: dict[str, str], name: str, size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        for command in registry()[name].commands:
            if not command.key or command.action.partition("(")[0] in GOING:
                continue
            await _visit(app, pilot, name, cases, name)
            await pilot.press(command.key.split(",")[0])
            for _ in range(4):
                await pilot.pause()
            looked_at(app, (name, command.label))
            while len(app.screen_stack) > 2:
                await app.pop_screen()
                await pilot.pause()


async def test_a_marking_wider_than_the_screen_takes_a_second_line(
    vault: Vault, inspection: str
) -> None:
    long = (
        "OFFICIAL-SENSITIVE with a descriptor that is far longer than any line of a narrow screen"
    )
    async with opened(vault, inspection) as (app, pilot):
        facts = app.facts = replace(app.facts, marking=long)
        for line in app.screen.query(FrameLine):
            line.show_facts(facts)
        await pilot.pause()
        shown = lines(app)
        assert " ".join(" ".join(shown[:2]).split()) == long.upper()
        assert " ".join(" ".join(shown[-2:]).split()) == long.upper()
    sides = Content("a place that is long"), Content("12:00")
    for width in range(1, 60):
        for row in marked_line(sides[0], "OFFICIAL", sides[1], width).plain.split("\n"):
            assert len(row) <= width
