"""``fieldkit inspection``: begin one, list them, show one, leave the site."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.context import Context

PHASES = ("inspection", "visit", "review", "re-inspection")


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``inspection`` and its commands."""
    noun = subparsers.add_parser("inspection", help="inspections: begin, list, show, leave")
    commands = noun.add_subparsers(title="commands", metavar="COMMAND", required=True)

    new = commands.add_parser(
        "new", help="begin an inspection of your own; a team's comes with its roster"
    )
    new.add_argument("--force", required=True, metavar="NAME", help="the force's name")
    new.add_argument(
        "--methodology", required=True, metavar="VERSION", help="2014, 2018 or 2024; pinned"
    )
    new.add_argument("--starts", default="", metavar="DATE", help="first day, as in 2026-06-08")
    new.add_argument("--ends", default="", metavar="DATE", help="last day")
    new.add_argument("--phase", default="inspection", choices=PHASES)
    new.add_argument("--marking", help="what stands at the top and bottom of every output")
    new.add_argument("--language", default="en", metavar="TAG", help="language of the notes")
    new.add_argument(
        "--joining",
        action="store_true",
        help="make it although there is one of the same force and dates",
    )
    new.set_defaults(run=_new)

    commands.add_parser("list", help="every inspection kept here").set_defaults(run=_list)

    show = commands.add_parser("show", help="how far one has come, and what is next")
    show.add_argument("which", nargs="?", metavar="ID", help="default: the one that is open")
    show.set_defaults(run=_show)

    leave = commands.add_parser("leave", help="record that the fieldwork is over")
    leave.add_argument("which", nargs="?", metavar="ID", help="default: the one that is open")
    leave.set_defaults(run=_leave)


def _new(args: argparse.Namespace, context: Context) -> int:
    from fieldkit import inspections
    from fieldkit.cli.context import record_data

    made = context.open_vault().write_now(
        inspections.create,
        force=args.force,
        methodology=args.methodology,
        starts=args.starts,
        ends=args.ends,
        phase=args.phase,
        marking=args.marking,
        language=args.language,
        joining=args.joining,
    )
    context.answer(record_data(made), made.id)
    context.say(f"The inspection of {made.force} is open, by the {made.methodology} methodology.")
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit import inspections
    from fieldkit.cli.layout import table

    lines = context.open_vault().read_now(inspections.listing)
    if not lines and not context.json:
        context.say("There is no inspection yet. Begin one with «fieldkit inspection new».")
        return 0
    rows = [
        (one.short, one.force, one.phase, one.state, one.methodology, str(one.cases), one.dates)
        for one in lines
    ]
    headings = ("id", "force", "phase", "state", "method", "cases", "dates")
    context.answer([asdict(one) for one in lines], table(headings, rows))
    return 0


def _which(args: argparse.Namespace, context: Context) -> str:
    context.wanted = args.which or context.wanted
    return context.inspection_id()


def _show(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit import overview
    from fieldkit.cli.context import record_data

    vault = context.open_vault()
    inspection_id = _which(args, context)
    home = vault.read_now(overview.home, inspection_id)
    inspection = record_data(vault.read_now(context.inspection))
    context.answer(
        {"inspection": inspection, "overview": asdict(home)},
        overview_text(asdict(home), inspection, context.width),
        marking=True,
    )
    return 0


def overview_text(home: dict[str, object], inspection: dict[str, object], width: int) -> str:
    """What there is and what is next, a line for each."""
    from fieldkit.cli.layout import pairs

    told = ("force", "phase", "state", "starts", "ends", "methodology")
    rows = [(name, str(inspection[name])) for name in told]
    rows += [
        (name.replace("_", " "), str(value))
        for name, value in home.items()
        if isinstance(value, str | int) and name not in ("marking", "force")
    ]
    return pairs(rows, width)


def _leave(args: argparse.Namespace, context: Context) -> int:
    from fieldkit import inspections
    from fieldkit.cli.context import record_data

    vault = context.open_vault()
    left = vault.write_now(inspections.leave, _which(args, context))
    if context.json:
        context.put(record_data(left))
    context.say(f"The team has left {left.force}. What was noted stays, and can still be changed.")
    return 0
