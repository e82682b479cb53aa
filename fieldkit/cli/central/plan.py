"""``fieldkit central plan``: the inspections of the team, on the next roster."""

from __future__ import annotations

import argparse
import uuid
from dataclasses import replace

from fieldkit.cli.central.open_central import open_central, sign_if_here
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from storage.central import Central
from storage.ops.dates import read_day
from storage.trust.roster import PlannedInspection


def define_plan(plan: CommandParser) -> None:
    """Say what “plan” takes."""
    plan.handle(
        _plan,
        "Puts an inspection on the next roster, changes one that is there (--id), or "
        "takes one off it (--withdraw).",
    )
    plan.text("--force", "whose inspection it is", metavar="NAME")
    plan.add_argument("--starts", metavar="DAY", help="first day, such as 6 July 2026")
    plan.add_argument("--ends", metavar="DAY", help="last day")
    plan.flag("--second", "also where one of that force and those dates is planned already")
    which = plan.add_mutually_exclusive_group()
    which.add_argument(
        "--id", default="", help="change one that is planned: its id, the beginning, or its force"
    )
    which.add_argument(
        "--withdraw",
        metavar="ID",
        default="",
        help="take one off the next roster, named as by --id",
    )


def _plan(args: argparse.Namespace, context: Context) -> None:
    if args.withdraw and _fields(context):
        args.refuse("--withdraw takes one off the roster; it needs no force and no dates")
    if not (args.withdraw or args.id) and args.force is None:
        args.refuse("plan needs --force NAME, or --id or --withdraw for one that is planned")
    central, passphrase = open_central(context)
    with central:
        if args.withdraw:
            planned = central.withdraw(_pick(central, args.withdraw).id)
            sign_if_here(context, central, passphrase)
            text = f"{planned.force}: inspection {planned.id} is off the next roster. Laptops that "
            context.show(planned.value(), f"{text}take part in it already keep it.")
            return
        before = _pick(central, args.id) if args.id else PlannedInspection(str(uuid.uuid4()), "")
        # Of one that is changed, what was not given stays.
        planned = replace(before, **_fields(context))
        central.plan(planned, second=args.second)
        sign_if_here(context, central, passphrase)
    context.show(planned.value(), f"{planned.force}: inspection {planned.id}")


def _fields(context: Context) -> dict[str, str]:
    """Return what was given of an inspection."""
    fields = context.options("force", "starts", "ends")
    given = {name: value for name, value in fields.items() if value is not None}
    # What is no day is refused with the rest of the plan.
    days = {name: read_day(given[name])[0] for name in ("starts", "ends") if given.get(name)}
    return given | {name: day for name, day in days.items() if day is not None}


def _pick(central: Central, wanted: str) -> PlannedInspection:
    planned = central.planned()
    return pick(wanted, planned, lambda one: one.force, "inspection", where="on the next roster")
