"""``fieldkit search`` and ``history``: where a word stands, and who changed what of a record."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.pick import RECORD_HELP, pick_record
from fieldkit.history.record_history import HistoryLine, record_history
from fieldkit.history.search import search
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import label


def define_search(parser: CommandParser) -> None:
    """Say what “search” takes."""
    parser.handle(_search)
    parser.text("words", "what is looked for: all of these words", nargs="+", metavar="WORD")


def define_history(parser: CommandParser) -> None:
    """Say what “history” takes."""
    parser.handle(_history)
    parser.add_argument("record", metavar="RECORD", help=RECORD_HELP)


def _search(args: argparse.Namespace, context: Context) -> None:
    hits = context.read(search, " ".join(args.words))
    text = table(("id", "where", "what"), [(hit.id[:8], hit.label, hit.excerpt) for hit in hits])
    context.show(hits, text, marked=True, none="Nothing holds these words.")


def _history(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session) -> tuple[str, str, str, list[HistoryLine]]:
        kind, record = pick_record(s, context, args.record)
        return kind, record, label(s, kind, record), record_history(s, kind, record)

    kind, record, title, lines = context.open_vault().read_now(read)
    data = {
        "kind": kind,
        "record": record,
        "label": title,
        "history": [asdict(line) | {"parallel": line.parallel} for line in lines],
    }
    context.show(data, "\n".join([title, *(set_in(line.text) for line in lines)]), marked=True)
