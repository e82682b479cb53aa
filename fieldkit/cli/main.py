"""The ``fieldkit`` command: its parser, and how every command ends.

Only the parsers are imported to begin with. A command's handler imports the services it needs, so
that ``--version`` and ``--help`` import neither Textual nor SQLAlchemy.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from fieldkit import __version__
from fieldkit.cli.context import Context
from storage.errors import FieldkitError

NOUNS = (
    "vault",
    "inspection",
    "cases",
    "judging",
    "fieldwork",
    "notes",
    "points",
    "debrief",
    "referrals",
    "self_assessment",
    "comparing",
    "searching",
    "passing",
    "central",
    "demo",
)
"""The modules of ``fieldkit.cli`` that each add the commands of one noun, in the order of help."""

DONE, REFUSED, MISUSED = 0, 1, 2
INTERRUPTED = (
    "Interrupted. What was committed before is safe; the step under way was finished or not made "
    "at all."
)


class _Parser(argparse.ArgumentParser):
    """A parser that takes no abbreviations, so that a new option never changes an old script."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs["allow_abbrev"] = False
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # argparse's own signature

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and end with 2."""
        self.print_usage(sys.stderr)
        self.exit(MISUSED, f"{self.prog}: {message}. Nothing was done.\n")


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    parser = _Parser(
        prog="fieldkit",
        description="An offline notebook for inspectors of police forces' child protection work. "
        "Without a command it opens in the terminal.",
        epilog="Data goes to stdout, talk to stderr. Ends with 0: done; 1: refused, with the "
        "reason; 2: the command was not understood.",
    )
    parser.add_argument("--version", action="version", version=f"fieldkit {__version__}")
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
    parser.set_defaults(run=_open_app, json=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for noun in NOUNS:
        importlib.import_module(f"fieldkit.cli.{noun}").add_parsers(commands)
    for one in _below(parser):
        _finish(one)
    return parser


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


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused with a reason, 2 misuse."""
    _make_printable()
    try:
        args = build_parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else MISUSED
    context = Context(args)
    try:
        with context:
            code: int = args.run(args, context)
            sys.stdout.flush()
            return code
    except FieldkitError as refusal:
        context.say(str(refusal))
    except KeyboardInterrupt:
        context.say(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read stdout has had enough; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        context.say(_system_refused(error))
    except Exception as error:  # whatever it is, its values may be evidence and are not printed
        context.say(_unexpected(error))
    return REFUSED


def _make_printable() -> None:
    """Let nothing that is printed fail on a terminal or a file of a narrower encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream.isatty() else "backslashreplace")


def _system_refused(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return (
        f"The system did not let fieldkit use{where or ' a file'} ({error.strerror or 'no reason'}"
        "). What was committed before is safe. Check the disk and the folder, and try again."
    )


def _unexpected(error: Exception) -> str:
    trace = traceback.extract_tb(error.__traceback__)
    where = f"{Path(trace[-1].filename).name}:{trace[-1].lineno} in {trace[-1].name}"
    return (
        "fieldkit met an error of its own and stopped. What was committed before is safe; the "
        f"step under way was not made. For whoever mends it: {type(error).__name__} at {where}."
    )


def _open_app(args: argparse.Namespace, context: Context) -> int:
    """Open the app on the vault; the first run makes one."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise FieldkitError(
            "There is no terminal to open in. Nothing was done. Start fieldkit in a terminal, or "
            "name a command; «fieldkit --help» lists them."
        )
    from screens.app import FieldkitApp

    FieldkitApp(context.folder, inspection=context.wanted or "").run()
    return DONE
