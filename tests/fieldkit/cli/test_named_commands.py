"""A command that a message, a page or a table of rules names is there, and takes those options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.cli.kit.command_parser import CommandParser
from tests.fieldkit.cli.parsers import commands, runs

ROOT = Path(__file__).parents[3]
_QUOTED = re.compile(r"“(fieldkit [a-z][^”{\"]*)[”{]")
_OF_RULE = re.compile(r'^command = "(fieldkit [^"]+)"', re.MULTILINE)
"""What a row of leaving, of the pre-flight and of the lints names."""


def named() -> Iterator[tuple[str, str]]:
    """Yield every command named in the packages, with the file that names it."""
    for package in ("fieldkit", "screens", "storage"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix not in (".py", ".toml"):
                continue
            text = path.read_text("utf-8")
            # A sentence is written over several lines, and a string is closed and opened there.
            joined = re.sub(r'"\s*\n\s*f?"', "", text)
            for match in (*_QUOTED.finditer(joined), *_OF_RULE.finditer(text)):
                yield path.relative_to(ROOT).as_posix(), " ".join(match[1].split())


def unknown(command: str) -> str:
    """Say what of a command is not there; nothing where all is."""
    known = dict(commands())
    words = command.split()[1:]
    name = ""
    while words and f"{name} {words[0]}".strip() in known:
        name = f"{name} {words.pop(0)}".strip()
    parser = known[name]
    if not name:
        return f"no command “{words[0]}”"
    options = {one for action in parser._actions for one in action.option_strings}
    lacking = [word for word in words if word.startswith("--") and word not in options]
    if lacking:
        return f"“{name}” takes no {lacking[0]}"
    further = [word for word in words if re.fullmatch("[a-z][a-z-]+", word)]
    if further and further[0] == words[0] and not _takes_words(parser):
        return f"“{name}” has no “{further[0]}”"
    # “help” is what a person types before a command, and answers without one.
    return "" if words or runs(parser) or name == "help" else f"“{name}” does nothing by itself"


def _takes_words(parser: CommandParser) -> bool:
    positional = [one for one in parser._actions if not one.option_strings]
    return any(not isinstance(one, argparse._SubParsersAction) for one in positional)


def test_every_command_that_is_named_is_there() -> None:
    wrong = sorted({f"{where}: {command}: {why}" for where, command in named()
                    if (why := unknown(command))})  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(
    "command",
    ["fieldkit conflicts list", "fieldkit debrief show", "fieldkit nothing",
     "fieldkit point keep-thin 1 --because X", "fieldkit vault"],
)  # fmt: skip
def test_one_that_is_not_there_is_noticed(command: str) -> None:
    assert unknown(command)
