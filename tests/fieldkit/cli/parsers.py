"""Walks through every command of the program, complete with its options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import cache

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.parser import build_parser


@cache
def commands() -> tuple[tuple[str, CommandParser], ...]:
    """Return every command as it is typed, with its parser; the program itself comes first."""
    return tuple(_below("", build_parser()))


def _below(name: str, parser: CommandParser) -> Iterator[tuple[str, CommandParser]]:
    parser.complete()
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                yield from _below(f"{name} {word}".strip(), below)


def runs(parser: CommandParser) -> bool:
    """Say whether the command does something by itself."""
    return "run" in parser._defaults and parser._defaults["run"] is not None
