"""``fieldkit fieldwork edit``: correct who, where, what or when."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.cli.evidence.fieldwork_options import (
    DOCUMENT,
    ENTRY,
    INTERVIEW,
    OBSERVATION,
    add_document_fields,
    add_held_on,
    add_interview_fields,
    add_observation_fields,
)
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from fieldkit.evidence.entries import Entry, edit_entry, entry_label, entry_lines


def define_edit(noun: CommandParser) -> None:
    """Say what “fieldwork edit” takes: the fields of every kind of entry."""
    edit = noun.command(
        "edit",
        _edit,
        "correct who, where, what or when; what is not named stays as it is",
        "Correct an interview, a focus group, an observation or a document. Each has its own of "
        "these options; what is not named stays as it is.",
    )
    edit.add_argument("entry", metavar="ENTRY", help=ENTRY)
    edit.add_argument(
        "--meeting", metavar="SORT", help="interview or focus group, where it is the other"
    )
    add_interview_fields(edit, new=False)
    add_observation_fields(edit, new=False)
    add_document_fields(edit, new=False)
    add_held_on(edit, new=False)


def _edit(args: argparse.Namespace, context: Context) -> None:
    options = context.options(*dict.fromkeys(("meeting", *INTERVIEW, *OBSERVATION, *DOCUMENT)))
    fields = {name: value for name, value in options.items() if value is not None}
    if not fields:
        args.refuse("edit needs something to change, such as --held-on")

    def edit(s: Session, inspection_id: str) -> Entry:
        entry = pick(args.entry, entry_lines(s, inspection_id), lambda one: one.label, "entry")
        return edit_entry(s, entry.kind, entry.id, **fields)

    entry = context.write(edit)
    context.show(entry)
    context.terminal.say(f"{entry_label(entry)}: changed.")
