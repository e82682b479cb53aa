"""``fieldkit copies``: the readable files that left this vault, and saying where they went."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.history.open_copies import (
    find_copy,
    lies_there,
    open_copies,
    readable_copies,
    say_deleted,
    say_given,
)


def define_copies(parser: CommandParser) -> None:
    """Say what “copies” takes."""
    parser.handle(
        _list,
        "The files that anybody can read and that this laptop wrote, such as hand-overs, of which "
        "nobody has said yet where they went. Say it with “copies went ID”.",
    )
    parser.flag("--all", "also those of which it was said")
    went = parser.command("went", _went, "say where a file went; it is recorded")
    went.add_argument("copy", metavar="ID", help="its id or the beginning of it, from the list")
    which = went.add_mutually_exclusive_group(required=True)
    went.text("--given-to", "to whom it was given, by role", metavar="ROLE", within=which)
    which.add_argument("--deleted", action="store_true", help="it was deleted from this laptop")


def _list(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    copies = vault.read_now(readable_copies if args.all else open_copies)
    there = {copy.id: lies_there(copy) for copy in copies}
    rows = [
        (
            copy.id[:8],
            copy.at,
            copy.what,
            copy.recipient,
            copy.path or "not known",
            copy.whereabouts or ("lies there" if there[copy.id] else "not there as written"),
        )
        for copy in copies
    ]
    headings = ("id", "written", "what", "for", "where", "now")
    context.show(
        [asdict(copy) | {"lies_there": there[copy.id]} for copy in copies],
        table(headings, rows),
        none="There is no open copy." if not args.all else "No readable file was written.",
    )


def _went(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    copy = vault.read_now(find_copy, args.copy)
    if args.deleted:
        sentence = say_deleted(vault, copy)
    else:
        sentence = vault.write_now(say_given, copy.id, args.given_to)
    context.show({"copy": copy.id, "said": sentence}, sentence)
