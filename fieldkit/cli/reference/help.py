"""``fieldkit help``: what a command takes, as ``--help`` after it says."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from fieldkit.cli.kit.command_parser import CommandParser


class _HelpOf(argparse.Action):
    """Prints the help of the command whose words follow, and ends as ``--help`` does."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        above = parser
        while isinstance(above, CommandParser) and above.above is not None:
            above = above.above
        above.parse_args([*(values or ()), "--help"])


def define_help(parser: CommandParser) -> None:
    """Say what “help” takes."""
    parser.add_argument(
        "words",
        nargs="*",
        action=_HelpOf,
        metavar="COMMAND",
        help="the words of the command, such as vault create; of the program without any",
    )
