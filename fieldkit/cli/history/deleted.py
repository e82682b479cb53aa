"""``fieldkit deleted``: what is deleted, by whom and of whose; and bringing it back."""

from __future__ import annotations

import argparse

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.history import deleted


def define_deleted(parser: CommandParser) -> None:
    """Say what “deleted” takes."""
    parser.handle(
        _list,
        "What is deleted of the inspection, the latest first. “history ID” shows what one said and "
        "everything that was done to it; “deleted bring-back ID” brings it back as it was.",
    )
    back = parser.command("bring-back", _bring_back, "bring one back as it was, for everybody")
    back.add_argument("record", metavar="ID", help="its id or the beginning of it, from the list")
    back.text("--reason", "why it comes back", default="")


def _list(args: argparse.Namespace, context: Context) -> None:
    lines = context.read(deleted.listing)
    rows = [
        (one.id[:8], one.at, one.who, one.whose, one.label, one.text, one.reason) for one in lines
    ]
    headings = ("id", "deleted", "by", "whose", "what", "it said", "why")
    context.show(lines, table(headings, rows), marked=True, none="Nothing is deleted.")
    context.open_vault().write_now(deleted.looked_at)


def _bring_back(args: argparse.Namespace, context: Context) -> None:
    sentence = context.write(deleted.bring_back, args.record, args.reason)
    context.show({"record": args.record, "said": sentence}, sentence)
