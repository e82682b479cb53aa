"""``fieldkit note``: remarks inside a case, an interview, an observation or a document."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from sqlmodel import Session

from fieldkit.casework.find_case import same_cases
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import paragraphs
from fieldkit.cli.kit.options import LANGUAGE, NOTE, OUTCOME
from fieldkit.cli.kit.pick import pick
from fieldkit.evidence.entries import entry_lines
from fieldkit.evidence.move_note import move_note
from fieldkit.evidence.notes import (
    add_note,
    amend_note,
    delete_note,
    edit_note,
    finalise_note,
    notes_of,
)
from fieldkit.service import criterion_key, existing, methodology_of
from fieldkit.wording.dates import short_moment
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import label
from storage.records import Case, Inspection, Judgment, Note
from storage.records.judgment import judgment_id
from storage.records.lookup import records_in
from storage.records.note import latest_notes

ALL_NOTES = 100_000
"""Notes looked through for the one that is meant: more than an inspection has."""
LATEST_NOTES = 30
"""Notes listed where no place is named."""
PLACE_HELP = (
    "a case; a case and criterion, as in WST-014/investigation; an entry of the fieldwork; or "
    "“inspection”, for remarks that belong to none"
)


def define_note(noun: CommandParser) -> None:
    """Say what “note” takes."""
    add = noun.command("add", _add, "write a remark")
    add.add_argument("place", metavar="PLACE", help=PLACE_HELP)
    add.text("text", "the remark, kept word for word: options give criterion and sign")
    _add_marks(add)
    listed = noun.command("list", _list, "the remarks in one place, or the latest")
    listed.add_argument(
        "place", nargs="?", metavar="PLACE", help=f"{PLACE_HELP}; default: the latest of them all"
    )
    edit = noun.command("edit", _edit, "change a remark that is not finalised")
    edit.add_argument("note", metavar="NOTE", help=NOTE)
    edit.text("--text", "the remark in other words")
    _add_marks(edit)
    amend = noun.command("amend", _amend, "change the text of a remark, with the reason")
    amend.add_argument("note", metavar="NOTE", help=NOTE)
    amend.text("text", "what it says from now on")
    amend.text("--reason", "why it is amended", required=True)
    final = noun.command("finalise", _finalise, "close a remark; then only “amend” changes it")
    final.add_argument("note", metavar="NOTE", help=NOTE)
    move = noun.command("move", _move, "move a remark to the place that it belongs to")
    move.add_argument("note", metavar="NOTE", help=NOTE)
    move.add_argument("place", metavar="PLACE", help=PLACE_HELP)
    move.text("--reason", "why it belongs there", default="")
    delete = noun.command("delete", _delete, "take a remark away; its history stays")
    delete.add_argument("note", metavar="NOTE", help=NOTE)


def _add_marks(parser: CommandParser) -> None:
    parser.add_argument(
        "--criterion",
        action="append",
        metavar="CRITERION",
        help="a criterion that it bears on; may be repeated, empty for none",
    )
    parser.add_argument(
        "--outcome",
        action="append",
        metavar="OUTCOME",
        help=f"{OUTCOME}; may be repeated, empty for none",
    )
    parser.add_argument(
        "--sign",
        "--polarity",
        dest="polarity",
        metavar="WORD",
        help="strength, concern or context; empty for none",
    )
    parser.add_argument("--language", metavar="TAG", help=LANGUAGE)


def place_of(s: Session, inspection_id: str, wanted: str) -> tuple[str, str]:
    """Return the kind and id of what is meant: a case, a judgment, an entry, or the inspection.

    A case by its whole reference comes first. Raises `FieldkitError` where none is meant.
    """
    cases = records_in(s, Case, inspection_id)
    as_written = [case for case in cases if wanted.strip() in (case.reference, case.id)]
    for case in as_written or same_cases(cases, wanted):
        return case.KIND, case.id
    if wanted.strip().casefold() == Inspection.KIND:
        return Inspection.KIND, inspection_id
    reference, slash, criterion = wanted.rpartition("/")
    for case in same_cases(cases, reference) if slash else ():
        key = criterion_key(methodology_of(s, inspection_id), criterion)
        judgment = existing(s, Judgment, judgment_id(case.id, key))
        return judgment.KIND, judgment.id
    entry = pick(wanted, entry_lines(s, inspection_id), lambda entry: entry.label, "case or entry")
    return entry.kind, entry.id


def _add(args: argparse.Namespace, context: Context) -> None:
    def add(s: Session, inspection_id: str) -> Note:
        return add_note(
            s,
            *place_of(s, inspection_id, args.place),
            args.text,
            criteria=args.criterion or (),
            outcomes=args.outcome or (),
            polarity=args.polarity or "",
            language=args.language,
        )

    note = context.write(add)
    context.show(note, note.id)


def _edit(args: argparse.Namespace, context: Context) -> None:
    options = context.options("text", "polarity", "language")
    options |= {"criteria": args.criterion, "outcomes": args.outcome}
    fields = {name: value for name, value in options.items() if value is not None}
    if not fields:
        args.refuse("edit needs something to change, such as --text")
    _change(context, partial(edit_note, **fields), args.note)
    context.terminal.say("The note is changed.")


def _move(args: argparse.Namespace, context: Context) -> None:
    def move(s: Session, inspection_id: str) -> tuple[Note, str]:
        note = _meant(s, inspection_id, args.note)
        kind, record = place_of(s, inspection_id, args.place)
        return move_note(s, note.id, kind, record, args.reason), label(s, kind, record)

    note, place = context.write(move)
    context.show(note, note.id)
    context.terminal.say(f"The note stands in {place} now.")


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
        marks = ", ".join(filter(None, (note.polarity, *note.criteria, *note.outcomes)))
        final = "  finalised" if note.finalised else ""
        head = f"{note.id[:8]}  {short_moment(note.at)}" + (f"  ({marks})" if marks else "") + final
        lines += [head, set_in("  " + "\n".join(paragraphs(note.text, width - 6))), ""]
    return "\n".join(lines).rstrip()


def _change(context: Context, service: Callable[..., Note | None], wanted: str, *more: str) -> None:
    def change(s: Session, inspection_id: str) -> Note | None:
        return service(s, _meant(s, inspection_id, wanted).id, *more)

    note = context.write(change)
    if note is not None:
        context.show(note)


def _meant(s: Session, inspection_id: str, wanted: str) -> Note:
    notes = latest_notes(s, inspection_id, ALL_NOTES)
    return pick(wanted, notes, lambda note: note.text, "note")


def _amend(args: argparse.Namespace, context: Context) -> None:
    _change(context, amend_note, args.note, args.text, args.reason)
    context.terminal.say("The note was amended.")


def _finalise(args: argparse.Namespace, context: Context) -> None:
    _change(context, finalise_note, args.note)
    context.terminal.say("The note is final.")


def _delete(args: argparse.Namespace, context: Context) -> None:
    _change(context, delete_note, args.note)
    context.terminal.say("The note was taken away.")
