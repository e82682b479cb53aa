"""``fieldkit fieldwork``: interviews, focus groups, observations and documents."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from sqlmodel import Session

from fieldkit.cli.evidence import fieldwork_edit
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
from fieldkit.cli.evidence.notes import notes_text
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.json_text import record_data
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.pick import pick
from fieldkit.evidence.entries import (
    SORTS,
    Entry,
    EntryFile,
    add_document,
    add_interview,
    add_observation,
    edit_entry,
    entry_lines,
    open_entry,
)
from storage.records import Interview


def define_fieldwork(noun: CommandParser) -> None:
    """Say what “fieldwork” takes."""
    listed = noun.command("list", _list, "all of them, the latest first")
    listed.add_argument("--sort", choices=SORTS, help="only those of one sort")
    show = noun.command("show", _show, "one of them with its notes")
    show.add_argument("entry", metavar="ENTRY", help=ENTRY)
    for name, meeting in (("interview", "interview"), ("focus-group", "focus group")):
        article = "an" if name[0] == "i" else "a"
        one = noun.command(name, _interview, f"enter {article} {meeting}")
        one.set_defaults(meeting=meeting)
        add_interview_fields(one, new=True)
        add_held_on(one, new=True)
    works = noun.command(
        "works-well", _works_well, "say whether “what works well here?” was asked at a meeting"
    )
    works.add_argument("entry", metavar="ENTRY", help=ENTRY)
    works.add_argument("answer", choices=("asked", "not asked"), help="whether it was asked")
    seen = noun.command("observation", _observation, "enter something seen on site")
    add_observation_fields(seen, new=True)
    add_held_on(seen, new=True)
    document = noun.command("document", _document, "enter a document, or one that is awaited")
    add_document_fields(document, new=True)
    fieldwork_edit.define_edit(noun)


def _list(args: argparse.Namespace, context: Context) -> None:
    lines = [one for one in context.read(entry_lines) if args.sort in (None, one.sort)]
    headings = ("id", "day", "notes", "state", "what")
    rows = [(line.id[:8], line.day, str(line.notes), line.state, line.label) for line in lines]
    none = "There is none yet. Enter one with “fieldkit fieldwork interview”."
    context.show(lines, table(headings, rows), marked=True, none=none)


def _show(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> EntryFile:
        entry = pick(args.entry, entry_lines(s, inspection_id), lambda entry: entry.label, "entry")
        return open_entry(s, entry.kind, entry.id)

    file = context.read(read)
    data = record_data(file.entry) | {"kind": file.kind, "label": file.label, "notes": file.notes}
    text = f"{file.label}\n\n{notes_text(file.notes, context.terminal.width)}"
    context.show(data, text, marked=True)


def _add(context: Context, service: Callable[..., Entry], *names: str) -> None:
    options = context.options(*names)
    entry = context.write(service, **{k: v for k, v in options.items() if v is not None})
    context.show(entry, entry.id)


def _interview(args: argparse.Namespace, context: Context) -> None:
    _add(context, add_interview, "meeting", *INTERVIEW)


def _works_well(args: argparse.Namespace, context: Context) -> None:
    def write(s: Session, inspection_id: str) -> Entry:
        known = [one for one in entry_lines(s, inspection_id) if one.kind == Interview.KIND]
        entry = pick(args.entry, known, lambda entry: entry.label, "interview or focus group")
        return edit_entry(s, entry.kind, entry.id, works_well=args.answer)

    context.show(context.write(write))
    context.terminal.say(f"“What works well here?”: {args.answer}.")


def _observation(args: argparse.Namespace, context: Context) -> None:
    _add(context, add_observation, *OBSERVATION)


def _document(args: argparse.Namespace, context: Context) -> None:
    _add(context, add_document, *DOCUMENT)
