"""``fieldkit recommendations`` without a further command: their register."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.feedback.guard.stops import refuse_unsettled
from fieldkit.followup.collected.register_csv import leaving, to_csv
from fieldkit.followup.dates.calendar import calendar
from fieldkit.followup.dates.icalendar import to_ics
from fieldkit.followup.days import read_day_of
from fieldkit.followup.force import force_named
from fieldkit.followup.register import ORDERS, RegisterLine, Wanted, register
from fieldkit.service import now
from fieldkit.wording.dates import day_words
from fieldkit.wording.format import set_in


def define_register(noun: CommandParser) -> None:
    """Say what the register takes, which is shown where no further command is named."""
    noun.handle(
        _register,
        "Without a further command: the register of all recommendations of the force, from every "
        "inspection of it kept here, by the day they are due.",
    )
    which = noun.add_mutually_exclusive_group()
    which.add_argument("--of", metavar="FORCE", help="of this force (default: the inspection's)")
    which.add_argument("--all", action="store_true", help="of all forces")
    noun.add_argument(
        "--criterion", default="", metavar="CRITERION", help="only those on this criterion"
    )
    noun.add_argument(
        "--status",
        default="",
        metavar="STATUS",
        help="of this status; “open” for all that is neither complete nor ended",
    )
    noun.add_argument("--due-until", default="", metavar="DAY", help="due by this day")
    noun.add_argument("--then", default="", metavar="DAY", help="with the status they had that day")
    noun.add_argument(
        "--order", default=ORDERS[0], choices=ORDERS, help=f"sorted by (default: {ORDERS[0]})"
    )
    noun.flag("--published", "only what is published")
    form = noun.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="as comma-separated values")
    form.add_argument(
        "--ics", action="store_true", help="the days they are due, as an iCalendar file (RFC 5545)"
    )


def _register(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    lines = vault.read_now(lambda s: _lines(s, args, context))
    if args.csv:
        for inspection_id, texts in leaving(lines).items():
            vault.read_now(refuse_unsettled, inspection_id, texts)
        context.terminal.put(to_csv(lines, context.marking))
    elif args.ics:
        ids = {one.id for one in lines}
        events = vault.read_now(lambda s: calendar(s, holidays=False)).events
        wanted = [one for one in events if one.record_id in ids and one.sort == "recommendation"]
        context.terminal.put_file(to_ics(wanted, "Recommendations", context.marking, now()))
    else:
        text = "\n".join(map(set_in, map(_text, lines)))
        none = "There is no recommendation yet. Make one with “fieldkit recommendations add”."
        context.show(lines, text, marked=True, none=none)


def _lines(s: Session, args: argparse.Namespace, context: Context) -> list[RegisterLine]:
    force = ""
    if args.of:
        force = force_named(s, args.of)
        context.mark(s)
    elif args.all:
        context.mark(s)
    else:
        force = context.inspection(s).force
    wanted = Wanted(
        force=force,
        criterion=args.criterion,
        status=args.status,
        due_until=read_day_of(args.due_until, "--due-until") if args.due_until else "",
        then=read_day_of(args.then, "--then") if args.then else "",
        order=args.order,
        drafts=not args.published,
    )
    return register(s, wanted)


def _text(one: RegisterLine) -> str:
    then = f", then {one.then}" if one.then else ""
    since = f" since {day_words(one.status_on)}" if one.status_on else ""
    head = f"{one.force} {one.called}. {one.wording}"
    about = [f"{one.due_words}; {one.status}{since}{then}", one.criterion_label, one.owner]
    rows = [head, "   " + "; ".join(filter(None, about))]
    rows += [f"   {text}" for text in (one.progress, one.last_comment) if text]
    return "\n".join(rows)
