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
from fieldkit.history.search import answer
from fieldkit.service import RefusedError
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import label


def define_search(parser: CommandParser) -> None:
    """Say what “search” takes."""
    parser.handle(
        _search,
        "Find words in everything noted. Filters may stand among them: kind:note, by:me or "
        "by:NAME, since:monday, until:8/6, on:today, is:concern, #4 or #investigation; and +, - "
        "or = before or after the words. Two of one sort widen the search, two sorts narrow it; "
        "without words the latest are listed.",
    )
    parser.text(
        "words", "what is looked for: all of these words, and filters", nargs="+", metavar="WORD"
    )


def define_history(parser: CommandParser) -> None:
    """Say what “history” takes."""
    parser.handle(_history)
    parser.add_argument("record", metavar="RECORD", help=RECORD_HELP)


def _search(args: argparse.Namespace, context: Context) -> None:
    found = context.read(answer, " ".join(args.words))
    if found.filters.refused:
        raise RefusedError(
            f"{' '.join(found.filters.refused)} Nothing was searched; mend the filter, or put the "
            "words in quotation marks."
        )
    hits = found.hits
    near = f" Near: {', '.join(found.near)}." if found.near else ""
    text = table(("id", "where", "what"), [(hit.id[:8], hit.label, hit.excerpt) for hit in hits])
    context.show(hits, text, marked=True, none=f"Nothing holds these words.{near}")


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
