"""``fieldkit names``: the list of names that no text may hold that leaves."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.evidence.names import add_names, listed_names, remove_name
from storage.errors import FieldkitError


def define_names(noun: CommandParser) -> None:
    """Say what “names” takes."""
    add = noun.command("add", _add, "put names on the list; it lies in the key feed")
    add.add_argument("names", nargs="*", metavar="NAME", help="the whole name")
    add.add_argument(
        "--from",
        dest="file",
        metavar="FILE",
        help="a text file with a name a line, “= child 1” behind it where that is to stand in its "
        "place; - reads stdin, so that no name stands in the shell's history",
    )
    add.add_argument(
        "--as", dest="label", default="", metavar="WORDS", help="what stands in its place"
    )
    noun.command("list", _list, "the names on the list")
    remove = noun.command("remove", _remove, "take a name off the list")
    remove.add_argument("name", metavar="NAME", help="the name, or the beginning of its id")


def _lines(file: str) -> list[str]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).expanduser().read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8 text" if isinstance(error, ValueError) else error.strerror
        raise FieldkitError(
            f"“{file}” cannot be read: {why}. No name was added. Save it as UTF-8 text."
        ) from None
    return text.splitlines()


def _add(args: argparse.Namespace, context: Context) -> None:
    lines = [*args.names, *(_lines(args.file) if args.file else ())]
    added = context.write(add_names, lines, args.label)
    context.show({"added": added}, "")
    known = len(lines) - len(added)
    context.terminal.say(
        f"{len(added)} added to the list of names."
        + (f" {known} passed over: known already, or empty." if known else "")
    )


def _list(args: argparse.Namespace, context: Context) -> None:
    names = context.read(listed_names)
    rows = [(one.id[:8], one.name, one.label) for one in names]
    none = "No name is on the list. “fieldkit names add” puts one there."
    context.show(names, table(("id", "name", "in its place"), rows), marked=True, none=none)


def _remove(args: argparse.Namespace, context: Context) -> None:
    context.write(remove_name, args.name)
    context.terminal.say("The name is off the list; it stays in the history.")
