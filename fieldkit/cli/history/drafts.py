"""``fieldkit drafts``: text that was typed and never committed."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.pick import pick
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import line
from storage.feed import drafts
from storage.feed.drafts import Draft, discard, listed

DRAFT = "its id or the beginning of it, or a part of where it was typed"


def define_drafts(parser: CommandParser) -> None:
    """Say what “drafts” takes."""
    parser.handle(_list)
    parser.flag("--discarded", "those that were discarded")
    show = parser.command("show", _show, "the whole text of one")
    show.add_argument("draft", metavar="DRAFT", help=DRAFT)
    discard = parser.command("discard", _discard, "put one aside until the next export")
    discard.add_argument("draft", metavar="DRAFT", help=DRAFT)
    back = parser.command("take-back", _take_back, "take back one that was discarded")
    back.add_argument("draft", metavar="DRAFT", help=DRAFT)


def _list(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session) -> list[Draft]:
        context.mark(s)
        return listed(s, discarded=args.discarded)

    drafts = context.open_vault().read_now(read)
    headings = ("id", "saved", "where", "first line")
    rows = [
        (one.id[:8], short_moment(one.saved), one.label, line(one.first_line)) for one in drafts
    ]
    none = "No text was discarded." if args.discarded else "No text waits."
    context.show(drafts, table(headings, rows), marked=True, none=none)


def _draft(s: Session, wanted: str) -> Draft:
    drafts = [*listed(s), *listed(s, discarded=True)]
    return pick(wanted, drafts, lambda draft: draft.label, "draft")


def _show(args: argparse.Namespace, context: Context) -> None:
    draft = context.open_vault().read_now(_draft, args.draft)
    context.show(draft, draft.text)


def _discard(args: argparse.Namespace, context: Context) -> None:
    context.open_vault().write_now(lambda s: discard(s, _draft(s, args.draft).id))
    context.terminal.say(
        "Put aside; it stays listed with “drafts --discarded” until the next export."
    )


def _take_back(args: argparse.Namespace, context: Context) -> None:
    def take_back(s: Session) -> bool:
        discarded = listed(s, discarded=True)
        return drafts.take_back(s, pick(args.draft, discarded, lambda one: one.label, "draft").id)

    replaced = context.open_vault().write_now(take_back)
    context.terminal.say(
        "Taken back." + " What waited in the same field is put aside instead." * replaced
    )
