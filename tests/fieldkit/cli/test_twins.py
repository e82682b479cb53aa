"""Whatever a page does has a command: each command of each page names its twin, which is there."""

from __future__ import annotations

import shlex
import tomllib
from functools import cache
from pathlib import Path

import pytest

from screens.kit.commands import DIGITS, registry
from tests.fieldkit.cli.parsers import commands

SCREEN = "screen: "
BESIDE = {"case": {"digits", "answers"}, "entry": {"amend"}, "debrief": {"done"}}
"""What a page does by a key that is another command's too, such as the key of an edit."""


@cache
def twins() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("twins.toml").read_text("utf-8"))


def on(page: str) -> set[str]:
    """What may be asked for on a page."""
    digits = {"digits"} if page in DIGITS else set()
    return {one.action for one in registry()[page].commands} | digits


def test_every_command_of_a_page_names_its_twin() -> None:
    everywhere = twins()["everywhere"]
    missing = [
        f"{page}: {action}"
        for page in registry()
        for action in sorted(on(page))
        if action not in twins().get(page, {}) and action not in everywhere
    ]
    assert missing == [], "name the command that does the same in twins.toml, and make it"


def test_no_twin_is_named_of_what_no_page_does() -> None:
    pages = {page: named for page, named in twins().items() if page != "everywhere"}
    stale = [
        f"{page}: {action}"
        for page, named in pages.items()
        for action in named
        if page not in registry() or action not in on(page) | BESIDE.get(page, set())
    ]
    assert stale == []


@pytest.mark.parametrize(
    "twin", sorted({one for named in twins().values() for one in named.values()})
)
def test_each_twin_is_a_command_that_is_understood(twin: str) -> None:
    if twin.startswith(SCREEN):
        assert len(twin) > len(SCREEN) + 10
        return
    (_, parser), *_ = commands()
    args = parser.parse_args(shlex.split(twin))
    assert callable(args.run)
