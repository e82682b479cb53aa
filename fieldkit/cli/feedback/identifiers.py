"""``fieldkit identifiers``: what somebody could be known by in texts, and what becomes of it."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import RECORD_HELP, pick_record
from fieldkit.evidence.identifiers import take_out_all
from fieldkit.feedback.guard.settle import HISTORY, ask_again, let_pass, take_out
from fieldkit.feedback.guard.stops import Stop, all_texts, stops
from fieldkit.feedback.handover.gather import leaving_texts
from fieldkit.service import RefusedError
from fieldkit.wording.dates import at_words
from fieldkit.wording.labels import label
from storage.ops.text import many
from storage.records import LetPass
from storage.records.lookup import records_in

KEY_HELP = "the key that the list or a refusal names"


def define_identifiers(noun: CommandParser) -> None:
    """Say what “identifiers” takes."""
    listed = noun.command(
        "list", _list, "list what keeps a text from leaving, and what was let pass"
    )
    listed.flag("--everywhere", "in all that was written, whether it is to leave or not")
    out = noun.command("take-out", _take_out, "write other words in its place")
    out.add_argument(
        "key", metavar="KEY", help=f"{KEY_HELP}; or a record, to take all out of it: {RECORD_HELP}"
    )
    out.text(
        "--instead", "the words that take its place; default: “child 1”, “[phone]” and the like"
    )
    passing = noun.command("let-pass", _let_pass, "let it stand in this text, with a reason")
    passing.add_argument("key", metavar="KEY", help=KEY_HELP)
    passing.text("--reason", "why; it goes to central, so name nobody", required=True)
    again = noun.command("ask-again", _ask_again, "take back that something was let pass")
    again.add_argument("id", metavar="ID", help="the beginning of its id, as the list shows it")


def _list(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> tuple[list[Stop], list[tuple[LetPass, str]]]:
        texts = all_texts if args.everywhere else leaving_texts
        passed = records_in(s, LetPass, inspection_id)
        labelled = [(one, label(s, one.of_kind, one.of_id)) for one in passed]
        return stops(s, inspection_id, texts(s, inspection_id)), labelled

    unsettled, passed = context.read(read)
    lines = [f"{one.key}  {one.words}\n          would become “{one.instead}”" for one in unsettled]
    lines += [
        f"{one.id[:8]}  let pass {at_words(one.at)} in {where}: {one.reason}"
        for one, where in passed
    ]
    data = {
        "stops": [
            {"key": one.key, "record": one.record_id, "record_kind": one.kind, "field": one.field}
            | {"looks_like": one.identifier.kind, "text": one.identifier.text}
            | {"instead": one.instead, "where": one.where}
            for one in unsettled
        ],
        "let_pass": [one for one, _ in passed],
    }
    context.show(data, "\n".join(lines) or "Nothing stops at a door.", marked=True)


def _meant(s: Session, inspection_id: str, key: str) -> Stop | None:
    found = stops(s, inspection_id, all_texts(s, inspection_id)) if len(key) > 3 else []
    return next((one for one in found if one.key.startswith(key.lower())), None)


def _take_out(args: argparse.Namespace, context: Context) -> None:
    def write(s: Session, inspection_id: str) -> int:
        stop = _meant(s, inspection_id, args.key)
        if stop is not None:
            take_out(s, stop, args.instead)
            return 1
        return take_out_all(s, *pick_record(s, context, args.key))

    count = context.write(write)
    context.show({"taken_out": count})
    context.terminal.say(
        f"{many(count, 'place')} written anew. {HISTORY}"
        if count
        else "Nothing there looks like an identifier."
    )


def _let_pass(args: argparse.Namespace, context: Context) -> None:
    def write(s: Session, inspection_id: str) -> LetPass:
        stop = _meant(s, inspection_id, args.key)
        if stop is None:
            raise RefusedError(
                f"Nothing that stops has the key “{args.key}”; the text may have been changed "
                "since. Nothing was done; “fieldkit identifiers list” shows what stops."
            )
        return let_pass(s, stop, args.reason)

    passed = context.write(write)
    context.show(passed)
    context.terminal.say("It passes in this text. Whoever changes the text is asked again.")


def _ask_again(args: argparse.Namespace, context: Context) -> None:
    def write(s: Session, inspection_id: str) -> None:
        passed = [
            one
            for one in records_in(s, LetPass, inspection_id)
            if len(args.id) > 3 and one.id.startswith(args.id)
        ]
        if len(passed) != 1:
            raise RefusedError(
                f"“{args.id}” is the beginning of no single one. Nothing was done; “fieldkit "
                "identifiers list” shows what was let pass."
            )
        ask_again(s, passed[0].id)

    context.write(write)
    context.terminal.say("It stops again at the doors.")
