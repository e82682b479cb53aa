"""The parser of the command line; each noun adds its own commands.

Only parsers are imported here, and none of the nouns' where no command is named. A command's
handler imports the services it needs, so that ``--help`` imports neither Textual nor SQLAlchemy.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from fieldkit.cli.kit.app import open_app
from fieldkit.cli.kit.exit import MISUSED, VERSION

NOUNS = (
    "vault",
    "inspection",
    "casework.cases",
    "casework.judging",
    "evidence.fieldwork",
    "evidence.notes",
    "evidence.points",
    "feedback.debrief",
    "casework.referrals",
    "casework.queries",
    "selfassessment.self_assessment",
    "comparison",
    "feedback.handover",
    "history.search",
    "history.redact",
    "history.erase",
    "history.audit",
    "exchange.export",
    "exchange.exchange",
    "history.conflicts",
    "central",
    "demo",
)
"""The modules of ``fieldkit.cli`` that each add the commands of one noun, in the order of help."""


class _Parser(argparse.ArgumentParser):
    """A parser that takes no abbreviations, so that a new option never changes an old script."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs["allow_abbrev"] = False
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # argparse's own signature

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and end with 2."""
        from fieldkit.cli.kit.terminal import flat

        self.print_usage(sys.stderr)
        self.exit(MISUSED, f"{self.prog}: {flat(message)}. Nothing was done.\n")


def build_parser(nouns: Sequence[str] = NOUNS) -> argparse.ArgumentParser:
    """The parser of every command, or of those of some nouns."""
    parser = _Parser(
        prog="fieldkit",
        description="An offline notebook for inspectors of police forces' child protection work. "
        "Without a command it opens in the terminal.",
        epilog="Data goes to stdout, talk to stderr. Ends with 0: done; 1: refused, with the "
        "reason; 2: the command was not understood.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("--vault", type=Path, metavar="DIR", help="the vault's folder")
    parser.add_argument(
        "--passphrase-file",
        metavar="F",
        help="read the passphrase from the first line of this file (- is stdin) and ask nothing",
    )
    parser.add_argument(
        "--inspection",
        metavar="ID",
        help="which inspection: its id or the beginning of it, or its force's name; default: the "
        "only one in fieldwork",
    )
    parser.set_defaults(run=open_app, json=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for noun in nouns:
        importlib.import_module(f"fieldkit.cli.{noun}").add_parsers(commands)
    for one in _below(parser):
        _finish(one)
    return parser


_OPTIONS = ("--vault", "--passphrase-file", "--inspection")
"""The options before the command, each with a value."""


def names_command(argv: Sequence[str]) -> bool:
    """Whether a command line has anything in it that is not one of the options before the command.

    Making the parsers of all commands takes longer than Python takes to start, and the app needs
    none.
    """
    rest = iter(argv)
    for word in rest:
        if word in _OPTIONS:
            if next(rest, "--").startswith("-"):
                return True
        elif word.partition("=")[0] not in _OPTIONS:
            return True
    return False


def _below(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in dict.fromkeys(action.choices.values()):
                yield one
                yield from _below(one)


def _finish(parser: argparse.ArgumentParser) -> None:
    """Give a command ``--json``, and its help as its description."""
    runs = "run" in parser._defaults
    if runs and "--json" not in parser._option_string_actions:
        parser.add_argument(
            "--json", action="store_true", default=argparse.SUPPRESS, help="print data as JSON"
        )
