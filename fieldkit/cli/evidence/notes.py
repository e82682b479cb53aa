"""``fieldkit note``: remarks inside a case, an interview, an observation or a document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from sqlmodel import Session

from fieldkit.casework.find_case import same_cases
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import paragraphs
from fieldkit.cli.kit.pick import pick
from fieldkit.evidence.entries import entry_lines
from fieldkit.evidence.notes import add_note, amend_note, delete_note, finalise_note, notes_of
from fieldkit.wording.format import local, set_in
from storage.errors import FieldkitError
from storage.records import Case, Note
from storage.records.lookup import records_in
from storage.records.note import latest_notes

ALL_NOTES = 100_000
"""Notes looked through for the one that is meant: more than an inspection has."""
LATEST_NOTES = 30
"""Notes listed where no place is named."""


def define_note(noun: CommandParser) -> None:
    """Say what “note” takes."""
    add = noun.command("add", _add, "write a remark")
    add.add_argument("place", metavar="PLACE", help="a case, or an entry of the fieldwork")
    add.add_argument("text", metavar="TEXT", help="the remark; - reads it from stdin")
    add.add_argument("--criterion", action="append", default=[], help="may be repeated")
    add.add_argument("--polarity", default="", help="strength, concern or context")
    add.add_argument("--language", metavar="TAG")
    listed = noun.command("list", _list, "the remarks in one place, or the latest")
    listed.add_argument("place", nargs="?", metavar="PLACE")
    amend = noun.command("amend", _amend, "change the text of a remark, with the reason")
    amend.add_argument("note", metavar="NOTE", help="its id or the beginning of it")
    amend.add_argument("text", metavar="TEXT")
    amend.add_argument("--reason", required=True)
    final = noun.command("finalise", _finalise, "close a remark; then only “amend” changes it")
    final.add_argument("note", metavar="NOTE")
    delete = noun.command("delete", _delete, "take a remark away")
    delete.add_argument("note", metavar="NOTE")


def place_of(s: Session, inspection_id: str, wanted: str) -> tuple[str, str]:
    """Return the kind and id of the case or the entry of the fieldwork that is meant.

    A case by its whole reference comes first. Raises `FieldkitError` where none is meant.
    """
    cases = records_in(s, Case, inspection_id)
    as_written = [case for case in cases if wanted.strip() in (case.reference, case.id)]
    for case in as_written or same_cases(cases, wanted):
        return case.KIND, case.id
    entry = pick(wanted, entry_lines(s, inspection_id), lambda entry: entry.label, "case or entry")
    return entry.kind, entry.id


def _text_from_stdin() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise FieldkitError(
            "What came by stdin is not UTF-8 text. Nothing was done. Save it as UTF-8."
        ) from None


def _add(args: argparse.Namespace, context: Context) -> None:
    text = _text_from_stdin() if args.text == "-" else args.text

    def add(s: Session, inspection_id: str) -> Note:
        return add_note(
            s,
            *place_of(s, inspection_id, args.place),
            text,
            criteria=args.criterion,
            polarity=args.polarity,
            language=args.language,
        )

    note = context.write(add)
    context.show(note, note.id)


def _list(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> list[Note]:
        if args.place is None:
            return latest_notes(s, inspection_id, LATEST_NOTES)
        return notes_of(s, place_of(s, inspection_id, args.place)[1])

    notes = context.read(read)
    text = notes_text(notes, context.terminal.width)
    context.show(notes, text, marked=True, none="There is no remark here yet.")


def notes_text(notes: Sequence[Note], width: int) -> str:
    """Return notes with who made them when, and what they bear on."""
    lines: list[str] = []
    for note in notes:
        marks = ", ".join(filter(None, (note.polarity, *note.criteria)))
        final = "  finalised" if note.finalised else ""
        head = f"{note.id[:8]}  {local(note.at)}" + (f"  ({marks})" if marks else "") + final
        lines += [head, set_in("  " + "\n".join(paragraphs(note.text, width - 6))), ""]
    return "\n".join(lines).rstrip()


def _change(context: Context, service: Callable[..., Note | None], wanted: str, *more: str) -> None:
    def change(s: Session, inspection_id: str) -> Note | None:
        notes = latest_notes(s, inspection_id, ALL_NOTES)
        return service(s, pick(wanted, notes, lambda note: note.text, "note").id, *more)

    note = context.write(change)
    if note is not None:
        context.show(note)


def _amend(args: argparse.Namespace, context: Context) -> None:
    _change(context, amend_note, args.note, args.text, args.reason)
    context.terminal.say("The note was amended.")


def _finalise(args: argparse.Namespace, context: Context) -> None:
    _change(context, finalise_note, args.note)
    context.terminal.say("The note is final.")


def _delete(args: argparse.Namespace, context: Context) -> None:
    _change(context, delete_note, args.note)
    context.terminal.say("The note was taken away.")
