"""A walk over every page and dialog: the frame holds at every size, in every theme.

In ``make test`` each page is seen once, at sizes and in looks that change from page to page, and
one of the keys in its line is pressed; ``make torture`` sees each at every size and in every look,
presses every key that a page offers, and looks at what it opens.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot

from screens.app import FieldkitApp
from screens.kit.commands import Command, registry
from screens.kit.frame.lines import FrameLine, KeyLine, marked_line
from screens.kit.page import Page
from screens.pages import PAGES
from screens.selfassessment.steps.choose_file import ChooseWorkbook
from storage.vault.vault import Vault
from tests.journeys.canary_day import Day
from tests.screens.driving import lines, opened, settled, until
from tests.screens.kit.frame_walk import LOOKS, SIZES, faults

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
GOING = ("back", "leave", "lock", "go", "cover", "export", "exchange")
"""Actions that leave the page, or ask for folders outside."""
PAUSES = 200
"""Pauses of a hundredth of a second in which a key must have done something."""


class WordyDay(Day):
    """A day in which every field that takes text holds words as people write them."""

    def word(self, *name: str) -> str:
        """The field's own name in words."""
        if name[0] == "list":  # it is sought by the word of its place
            return super().word(*name)
        if name == ("case", "reference"):
            return "WST-094"
        if name == ("inspection", "marking"):
            return "official-sensitive"
        return " ".join(name).replace("_", " ")

    def says(self, *name: str) -> str:
        """A sentence that is longer than a line."""
        return (
            f"{self.word(*name).capitalize()}: the sergeant reads the daily list every morning, "
            "but nobody looks at it again at the handover on a Friday evening, so that a child "
            "who was missing since noon was first asked after on the Monday."
        )


@pytest.fixture
def day(vault: Vault, tmp_path: Path) -> WordyDay:
    """An inspection in which nothing is empty."""
    made = WordyDay(vault, tmp_path / "imported")
    made.live()
    return made


def _arguments(name: str, cases: dict[str, str]) -> dict[str, Any]:
    case = cases["one"]
    return {
        "case": {"case_id": case},
        "entry": {"kind": "case", "record": case},
        "history": {"kind": "case", "record": case, "title": "WST-094"},
    }.get(name, {})


async def _visit(
    app: FieldkitApp, pilot: Pilot[Any], name: str, cases: dict[str, str]
) -> list[str]:
    await app.go(name, **_arguments(name, cases))
    found: list[str] = []
    if name == "case_list":  # it begins with the choice of a file
        await until(pilot, lambda: isinstance(app.screen, ChooseWorkbook))
        found += faults(app)
        await pilot.press("escape")
    await settled(pilot)
    return [*found, *faults(app)]


def pressable(app: FieldkitApp) -> list[Command]:
    """The commands that the line of keys offers, those that only leave the page apart."""
    shown = app.screen.query(KeyLine)
    known = shown.first(KeyLine).offered if shown and isinstance(app.screen, Page) else []
    return [one for one in known if one.action.partition("(")[0] not in GOING]


async def dead(app: FieldkitApp, pilot: Pilot[Any], command: Command) -> list[str]:
    """Press a key of the line; say so where no page, text, notice or focus came of it."""
    before = _seen(app)
    await pilot.press(command.key.split(",")[0])
    for _ in range(PAUSES):
        if _seen(app) != before:
            return []
        await pilot.pause(0.01)
    return [f"{command.key_word} {command.label} stands in the line and does nothing"]


def _seen(app: FieldkitApp) -> object:
    """What a person could see change: the page, its texts but the clock, notices, the focus."""
    said = [str(one.message) for one in app._notifications]
    return [*map(id, app.screen_stack)], lines(app)[:-1], said, id(app.screen.focused)


def _rounds() -> list[tuple[int, int, Sequence[str]]]:
    """Size, look, and the pages that are seen so."""
    if TORTURE:
        return [(size, look, list(PAGES)) for size, look in product(range(4), range(4))]
    names = list(PAGES)
    return [(at, at, names[at::4]) for at in range(4)]


@pytest.mark.parametrize(("size", "look", "names"), _rounds())
async def test_every_page_keeps_the_frame(
    day: WordyDay,
    size: int,
    look: int,
    names: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theme, glyphs, no_colour = LOOKS[look]
    if no_colour:
        monkeypatch.setenv("NO_COLOR", no_colour)
    found: dict[str, list[str]] = {}
    async with opened(day.vault, day.inspection, SIZES[size]) as (app, pilot):
        app.choose_look(theme, "plain" if glyphs == "plain" else "full")
        await settled(pilot)
        for key in ("f1", "f2", "f5", "ctrl+p"):
            await pilot.press(key)
            await until(pilot, lambda: len(app.screen_stack) > 2)
            await pilot.pause()
            found[key] = list(faults(app))
            await pilot.press("escape")
            await until(pilot, lambda: len(app.screen_stack) == 2)
        for number, name in enumerate(names):
            found[name] = await _visit(app, pilot, name, day.cases)
            if not TORTURE and (offered := pressable(app)):
                found[name] += await dead(app, pilot, offered[(number + size) % len(offered)])
            while len(app.screen_stack) > 2:
                await app.pop_screen()
        app.choose_look("dark", "full")
    told = [f"{name}: {one}" for name, several in found.items() for one in several]
    assert not told, "\n".join(told)


@pytest.mark.skipif(not TORTURE, reason="opens what each of 200 keys opens")
@pytest.mark.parametrize("size", range(4))
@pytest.mark.parametrize("name", PAGES)
async def test_every_key_opens_what_keeps_the_frame(day: WordyDay, name: str, size: int) -> None:
    found: dict[str, list[str]] = {}
    async with opened(day.vault, day.inspection, SIZES[size]) as (app, pilot):
        for command in registry()[name].commands:
            if not command.key or command.action.partition("(")[0] in GOING:
                continue
            await _visit(app, pilot, name, day.cases)
            offered = [one for one in pressable(app) if one.key == command.key]
            if offered:
                found[command.label] = await dead(app, pilot, offered[0])
            else:
                await pilot.press(command.key.split(",")[0])
            for _ in range(4):
                await pilot.pause()
            found.setdefault(command.label, []).extend(faults(app))
            while len(app.screen_stack) > 2:
                await app.pop_screen()
                await pilot.pause()
    told = [f"{name}, {key}: {one}" for key, several in found.items() for one in several]
    assert not told, "\n".join(told)


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
