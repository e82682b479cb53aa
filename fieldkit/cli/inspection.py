"""``fieldkit inspection``: begin one, list them, show one, leave the site, bring one back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldkit.cli.kit.context import Context
    from fieldkit.inspections.home import Overview
    from storage.records import Inspection

PHASES = ("inspection", "visit", "review", "re-inspection")


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``inspection`` and its commands."""
    noun = subparsers.add_parser(
        "inspection", help="inspections: begin, list, show, leave, bring back"
    )
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

    back = commands.add_parser(
        "bring-back", help="open one again that was deleted while records of it are here"
    )
    back.add_argument("which", metavar="ID", help="its id or the beginning of it, from «list»")
    back.set_defaults(run=_bring_back)


def _new(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.inspections import inspections

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

    from fieldkit.cli.kit.layout import table
    from fieldkit.inspections import inspections
    from fieldkit.inspections.join import doubles

    vault = context.open_vault()
    lines = vault.read_now(inspections.listing)
    if not lines and not context.json:
        context.say("There is no inspection yet. Begin one with «fieldkit inspection new».")
        return 0
    rows = [
        (
            *(one.short, one.force, one.phase, "deleted" if one.deleted else one.state),
            *(one.methodology, str(one.cases), one.dates, one.by, one.sent),
        )
        for one in lines
    ]
    headings = ("id", "force", "phase", "state", "method", "cases", "dates", "whose", "sent")
    context.answer([asdict(one) for one in lines], table(headings, rows))
    for said in [*(one.lost for one in lines if one.deleted), *vault.read_now(doubles)]:
        context.say(said)
    return 0


def _bring_back(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.inspections import inspections

    made = context.open_vault().write_now(inspections.bring_back, args.which)
    context.answer(record_data(made), made.id)
    context.say(f"The inspection of {made.force} is open again, here and wherever it is exchanged.")
    return 0


def _which(args: argparse.Namespace, context: Context) -> str:
    context.wanted = args.which or context.wanted
    return context.inspection_id()


def _show(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.inspections import home as overview

    vault = context.open_vault()
    inspection_id = _which(args, context)
    home = vault.read_now(overview.home, inspection_id)
    inspection = vault.read_now(context.inspection)
    data = {"inspection": record_data(inspection), "overview": asdict(home)}
    context.answer(data, _text(home, inspection, context.width), marking=True)
    return 0


def _text(home: Overview, inspection: Inspection, width: int) -> str:
    from fieldkit.cli.kit.layout import pairs
    from fieldkit.wording.labels import kinds, of_kind

    dates = f"{home.starts or '…'} to {home.ends or '…'}" if home.starts or home.ends else ""
    unsent = kinds(home.unsent_of)
    rows = [
        ("inspection", f"{home.force}, {home.phase}, {home.state}"),
        ("id", home.inspection_id),
        ("dates", dates),
        ("methodology", inspection.methodology),
        (
            "cases",
            f"{home.done} done ({home.part} of them with criteria open), {home.open} open, of them "
            f"{home.mine} yours",
        ),
        ("withdrawn", str(home.withdrawn or "")),
        ("changed today", f"{home.changed_today} cases"),
        ("not sent yet", of_kind(home.unsent, "record") + (f" ({unsent})" if unsent else "")),
        ("unfinished text", str(home.drafts or "")),
        ("conflicts", _conflicts(home)),
        *(("referral", f"{one.reference}: {one.clock}") for one in home.referrals),
        ("queries", _queries(home)),
        ("backup", home.backup),
        ("next", home.next),
    ]
    return pairs(rows, width)


def _conflicts(home: Overview) -> str:
    if not home.conflicts:
        return home.conflicts_elsewhere
    return "; ".join(filter(None, (str(home.conflicts), home.conflicts_elsewhere)))


def _queries(home: Overview) -> str:
    waiting = home.queries
    if not waiting.for_me and not waiting.to_settle:
        return ""
    return f"{waiting.for_me} for you to answer, {waiting.to_settle} answered for you to settle"


def _leave(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.cli.kit.terminal import record_data
    from fieldkit.inspections import inspections

    vault = context.open_vault()
    left = vault.write_now(inspections.leave, _which(args, context))
    if context.json:
        context.put(record_data(left))
    context.say(f"The team has left {left.force}. What was noted stays, and can still be changed.")
    return 0
