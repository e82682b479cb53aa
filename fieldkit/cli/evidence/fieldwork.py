"""``fieldkit fieldwork``: interviews, focus groups, observations and documents."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context

TODAY = "default: today"


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``fieldwork`` and its commands."""
    noun = subparsers.add_parser(
        "fieldwork", help="interviews, focus groups, observations and documents"
    )
    commands = noun.add_subparsers(title="commands", metavar="COMMAND", required=True)
    commands.add_parser("list", help="all of them, the latest first").set_defaults(run=_list)

    show = commands.add_parser("show", help="one of them with its notes")
    show.add_argument("entry", metavar="ENTRY", help="its id, or a part of what it is called")
    show.set_defaults(run=_show)

    for name, meeting in (("interview", "interview"), ("focus-group", "focus group")):
        one = commands.add_parser(name, help=f"enter {'an' if name[0] == 'i' else 'a'} {meeting}")
        one.add_argument("--role", required=True, help="the role of who was met, never a name")
        one.add_argument("--source-group", default="", metavar="GROUP")
        one.add_argument("--mode", default="face to face", help="telephone, video, …")
        one.add_argument("--held-on", metavar="DATE", help=TODAY)
        one.add_argument("--unavailable", default="", help="who was not available, by role")
        one.add_argument("--agreed", default="", choices=("", "agreed", "not agreed"))
        one.add_argument("--language", metavar="TAG")
        one.set_defaults(run=_interview, meeting=meeting)

    seen = commands.add_parser("observation", help="enter something seen on site")
    seen.add_argument("--place", required=True)
    seen.add_argument("--what", default="")
    seen.add_argument("--held-on", metavar="DATE", help=TODAY)
    seen.set_defaults(run=_observation)

    document = commands.add_parser("document", help="enter a document, or one that is awaited")
    document.add_argument("--title", required=True)
    document.add_argument("--sort", default="", help="policy, minutes, …")
    document.add_argument("--asked-on", metavar="DATE")
    document.add_argument("--received-on", metavar="DATE")
    document.add_argument("--dated", metavar="DATE")
    document.set_defaults(run=_document)


def _list(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.layout import table
    from fieldkit.evidence.entries import entry_lines

    lines = context.open_vault().read_now(lambda s: entry_lines(s, context.inspection(s).id))
    if not lines and not context.json:
        context.say("There is none yet. Enter one with «fieldkit fieldwork interview».")
        return 0
    headings = ("id", "day", "notes", "state", "what")
    rows = [(one.id[:8], one.day, str(one.notes), one.state, one.label) for one in lines]
    context.answer([asdict(one) for one in lines], table(headings, rows), marking=True)
    return 0


def _show(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.evidence.notes import notes_text
    from fieldkit.cli.kit.pick import pick
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.evidence.entries import EntryFile, entry_lines, open_entry

    def opened(s: Any) -> EntryFile:
        lines = entry_lines(s, context.inspection(s).id)
        found = pick(args.entry, [(one.id, one.label) for one in lines], "entry")
        kind = next(one.kind for one in lines if one.id == found)
        return open_entry(s, kind, found)

    file = context.open_vault().read_now(opened)
    data = record_data(file.entry) | {
        "kind": file.kind,
        "label": file.label,
        "notes": [record_data(one) for one in file.notes],
    }
    context.answer(data, f"{file.label}\n\n{notes_text(file.notes, context.width)}", marking=True)
    return 0


def _added(context: Context, job: Any, fields: dict[str, Any]) -> int:
    from fieldkit.cli.kit.terminal import record_data

    given = {name: value for name, value in fields.items() if value is not None}
    made = context.open_vault().write_now(lambda s: job(s, context.inspection(s).id, **given))
    context.answer(record_data(made), made.id)
    return 0


def _interview(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.evidence.entries import add_interview

    names = ("meeting", "role", "source_group", "mode", "held_on", "unavailable", "agreed")
    fields = {name: getattr(args, name) for name in (*names, "language")}
    return _added(context, add_interview, fields)


def _observation(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.evidence.entries import add_observation

    fields = {name: getattr(args, name) for name in ("place", "what", "held_on")}
    return _added(context, add_observation, fields)


def _document(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.evidence.entries import add_document

    names = ("title", "sort", "asked_on", "received_on", "dated")
    return _added(context, add_document, {name: getattr(args, name) for name in names})
