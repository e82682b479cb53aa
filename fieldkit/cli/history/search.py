"""``fieldkit search``, ``history`` and ``drafts``: where a word stands, and what was done."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.history.record_history import HistoryLine
    from storage.feed.drafts import Draft


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``search``, ``history`` and ``drafts``."""
    search = subparsers.add_parser("search", help="find words in everything noted")
    search.add_argument("words", nargs="+", metavar="WORD")
    search.set_defaults(run=_search)

    history = subparsers.add_parser("history", help="who changed what of a record, and why")
    history.add_argument(
        "record",
        metavar="RECORD",
        help="a case; a case and criterion, as in WST-014/investigation; or the beginning of the "
        "id of any record",
    )
    history.set_defaults(run=_history)

    drafts = subparsers.add_parser("drafts", help="text that was typed and never committed")
    drafts.set_defaults(run=_drafts)
    drafts.add_argument("--discarded", action="store_true", help="those that were discarded")
    commands = drafts.add_subparsers(title="commands", metavar="COMMAND")
    show = commands.add_parser("show", help="the whole text of one")
    show.add_argument("draft", metavar="DRAFT")
    show.set_defaults(run=_show_draft)
    discard = commands.add_parser("discard", help="put one aside until the next export")
    discard.add_argument("draft", metavar="DRAFT")
    discard.set_defaults(run=_discard)


def _search(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.layout import table
    from fieldkit.history.search import search

    words = " ".join(args.words)
    found = context.open_vault().read_now(lambda s: search(s, context.inspection(s).id, words))
    if not found and not context.json:
        context.say("Nothing holds these words.")
        return 0
    rows = [(one.id[:8], one.label, one.excerpt) for one in found]
    text = table(("id", "where", "what"), rows)
    context.answer([asdict(one) for one in found], text, marking=True)
    return 0


def _history(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.pick import meant
    from fieldkit.history.record_history import inspection_of, record_history
    from fieldkit.wording.labels import label

    def read(s: Session) -> tuple[str, str, str, list[HistoryLine]]:
        kind, record = meant(s, context, args.record)
        context.mark(s, inspection_of(s, kind, record))
        return kind, record, label(s, kind, record), record_history(s, kind, record)

    kind, record, called, lines = context.open_vault().read_now(read)
    data = {
        "kind": kind,
        "record": record,
        "label": called,
        "history": [asdict(one) | {"parallel": one.parallel} for one in lines],
    }
    context.answer(data, "\n".join([called, *(one.text for one in lines)]), marking=True)
    return 0


def _drafts(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.layout import shorter, table
    from fieldkit.wording.format import local
    from storage.feed.drafts import listed

    def read(s: Session) -> list[Draft]:
        context.mark(s)
        return listed(s, discarded=args.discarded)

    found = context.open_vault().read_now(read)
    if not found and not context.json:
        context.say("No text waits." if not args.discarded else "No text was discarded.")
        return 0
    rows = [(one.id[:8], local(one.saved), one.label, shorter(one.first_line, 60)) for one in found]
    headings = ("id", "saved", "where", "first line")
    context.answer([asdict(one) for one in found], table(headings, rows), marking=True)
    return 0


def _draft(s: Session, wanted: str) -> Draft:
    from fieldkit.cli.kit.pick import pick
    from storage.feed.drafts import listed

    found = [*listed(s), *listed(s, discarded=True)]
    meant = pick(wanted, [(one.id, one.label) for one in found], "draft")
    return next(one for one in found if one.id == meant)


def _show_draft(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    found = context.open_vault().read_now(_draft, args.draft)
    context.answer(asdict(found), found.text)
    return 0


def _discard(args: argparse.Namespace, context: Context) -> int:
    from storage.feed.drafts import discard

    context.open_vault().write_now(lambda s: discard(s, _draft(s, args.draft).id))
    context.say("Put aside; it stays listed with «drafts --discarded» until the next export.")
    return 0
