"""``fieldkit note``: remarks inside a case, an interview, an observation or a document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from storage.records import Note


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``note`` and its commands."""
    noun = subparsers.add_parser("note", help="one remark inside a case, an interview, …")
    commands = noun.add_subparsers(title="commands", metavar="COMMAND", required=True)

    add = commands.add_parser("add", help="write a remark")
    add.add_argument("place", metavar="PLACE", help="a case, or an entry of the fieldwork")
    add.add_argument("text", metavar="TEXT", help="the remark; - reads it from stdin")
    add.add_argument("--criterion", action="append", default=[], help="may be repeated")
    add.add_argument("--polarity", default="", help="strength, concern or context")
    add.add_argument("--language", metavar="TAG")
    add.set_defaults(run=_add)

    listed = commands.add_parser("list", help="the remarks in one place, or the latest")
    listed.add_argument("place", nargs="?", metavar="PLACE")
    listed.set_defaults(run=_list)

    amend = commands.add_parser("amend", help="change the text of a remark, with the reason")
    amend.add_argument("note", metavar="NOTE", help="its id or the beginning of it")
    amend.add_argument("text", metavar="TEXT")
    amend.add_argument("--reason", required=True)
    amend.set_defaults(run=_amend)

    final = commands.add_parser("finalise", help="close a remark; then only “amend” changes it")
    final.add_argument("note", metavar="NOTE")
    final.set_defaults(run=_finalise)

    delete = commands.add_parser("delete", help="take a remark away")
    delete.add_argument("note", metavar="NOTE")
    delete.set_defaults(run=_delete)


def place_of(s: Session, inspection_id: str, wanted: str) -> tuple[str, str]:
    """The kind and id of the case or the entry of the fieldwork that is meant.

    A case by its whole reference comes first. Raises `FieldkitError` where none is meant.
    """
    from fieldkit.cli.kit.pick import pick
    from fieldkit.evidence.entries import entry_lines
    from storage.records.case import cases

    for case in cases(s, inspection_id):
        if wanted.strip().casefold() in (case.reference.casefold(), case.id):
            return case.KIND, case.id
    lines = entry_lines(s, inspection_id)
    found = pick(wanted, [(one.id, one.label) for one in lines], "case or entry")
    return next((one.kind, one.id) for one in lines if one.id == found)


def _note_id(s: Session, inspection_id: str, wanted: str) -> str:
    from fieldkit.cli.kit.pick import pick
    from storage.records.note import latest_notes

    return pick(
        wanted, [(one.id, one.text) for one in latest_notes(s, inspection_id, MOST)], "note"
    )


MOST = 100_000
"""Notes looked through for the one that is meant: more than an inspection has."""
LATEST = 30
"""Notes listed where no place is named."""


def _add(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.evidence.notes import add_note

    text = sys.stdin.read() if args.text == "-" else args.text
    made = context.open_vault().write_now(
        lambda s: add_note(
            s,
            *place_of(s, context.inspection(s).id, args.place),
            text,
            criteria=args.criterion,
            polarity=args.polarity,
            language=args.language,
        )
    )
    context.answer(record_data(made), made.id)
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.evidence.notes import notes_of
    from storage.records.note import latest_notes

    def read(s: Session) -> list[Note]:
        inspection_id = context.inspection(s).id
        if args.place is None:
            return latest_notes(s, inspection_id, LATEST)
        return notes_of(s, place_of(s, inspection_id, args.place)[1])

    found = context.open_vault().read_now(read)
    if not found and not context.json:
        context.say("There is no remark here yet.")
        return 0
    data = [record_data(one) for one in found]
    context.answer(data, notes_text(found, context.width), marking=True)
    return 0


def notes_text(notes: Sequence[Note], width: int) -> str:
    """Notes with who made them when, and what they bear on."""
    from fieldkit.cli.kit.layout import paragraphs
    from fieldkit.wording.format import local

    lines: list[str] = []
    for one in notes:
        marks = ", ".join(filter(None, (one.polarity, *one.criteria)))
        final = "  finalised" if one.finalised else ""
        head = f"{one.id[:8]}  {local(one.at)}" + (f"  ({marks})" if marks else "") + final
        lines += [head, *(f"  {line}" for line in paragraphs(one.text, width - 2)), ""]
    return "\n".join(lines).rstrip()


def _changed(context: Context, job: Any, note: str, *more: Any, said: str) -> int:
    from fieldkit.cli.kit.terminal import record_data

    made = context.open_vault().write_now(
        lambda s: job(s, _note_id(s, context.inspection(s).id, note), *more)
    )
    if context.json and made is not None:
        context.put(record_data(made))
    context.say(said)
    return 0


def _amend(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.evidence.notes import amend_note

    return _changed(
        context, amend_note, args.note, args.text, args.reason, said="The note was amended."
    )


def _finalise(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.evidence.notes import finalise_note

    return _changed(context, finalise_note, args.note, said="The note is final.")


def _delete(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.evidence.notes import delete_note

    return _changed(context, delete_note, args.note, said="The note was taken away.")
