"""``fieldkit central plan``: the inspections of the team, on the next roster."""

from __future__ import annotations

import argparse
import uuid
from dataclasses import replace
from typing import Any

from fieldkit.cli.central.open_central import open_central, sign_if_here
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from fieldkit.inspections.followed import SHORTEST_PREFIX, is_id
from fieldkit.methodology import versions
from storage.central import Central
from storage.ops.dates import read_day
from storage.ops.text import comparable, many
from storage.records.inspection import PHASES
from storage.trust.roster import PlannedInspection, RosterError


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
    plan.add_argument("--phase", choices=PHASES, help="what it is (default: inspection)")
    plan.add_argument(
        "--follows",
        metavar="ID",
        help="the inspection that a visit, a review or a re-inspection follows: its id, the "
        "beginning of it, or its force",
    )
    plan.text("--marking", "what stands at the top and bottom of every output")
    plan.add_argument(
        "--methodology",
        choices=versions(),
        help="by which criteria it is judged (default: those of the team)",
    )
    plan.text("--reason", "why one that is planned is changed", default="")
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
        args.refuse("--withdraw takes one off the roster; nothing else is said with it")
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
        planned = replace(before, reason=args.reason.strip(), **_fields(context))
        planned = _settled(args, central, planned)
        if args.id:
            _refuse_wordless(args, central, before, planned)
        central.plan(planned, second=args.second)
        sign_if_here(context, central, passphrase)
    context.show(planned.value(), f"{planned.force}: inspection {planned.id}")


def _fields(context: Context) -> dict[str, Any]:
    """Return what was given of an inspection."""
    names = ("force", "starts", "ends", "phase", "follows", "marking", "methodology")
    fields = context.options(*names)
    given = {name: value for name, value in fields.items() if value is not None}
    # What is no day is refused with the rest of the plan.
    days = {name: read_day(given[name])[0] for name in ("starts", "ends") if given.get(name)}
    return given | {name: day for name, day in days.items() if day is not None}


def _settled(
    args: argparse.Namespace, central: Central, planned: PlannedInspection
) -> PlannedInspection:
    """Return a plan with the whole id of the inspection that it follows, where it follows one."""
    if args.phase == PHASES[0] and args.follows is None:
        return replace(planned, follows="")
    if args.follows is None or is_id(args.follows):
        return planned
    held = {one.id: one.force for one in central.report().inspections}
    known = held | {one.id: one.force for one in central.planned()}
    others = [one for one in known.items() if one[0] != planned.id]
    found = _pick_pair(args.follows, others, planned.force)
    return replace(planned, follows=found)


def _refuse_wordless(
    args: argparse.Namespace,
    central: Central,
    before: PlannedInspection,
    planned: PlannedInspection,
) -> None:
    """Refuse a correction of what laptops may have begun, without a reason or against grades."""
    graver = ("phase", "follows", "marking", "methodology")
    changed = [name for name in graver if getattr(before, name) != getattr(planned, name)]
    if changed and not planned.reason:
        raise RosterError(
            f"The {' and the '.join(changed)} of an inspection on the roster cannot be changed "
            "without a reason: every laptop of the team takes it over. Nothing was changed; say "
            "why with --reason."
        )
    held = {one.id: one.counts for one in central.report().inspections} if changed else {}
    judged = sum(held.get(planned.id, {}).get(kind, 0) for kind in ("judgment", "assessment"))
    if "methodology" in changed and judged:
        raise RosterError(
            f"Central holds {many(judged, 'judgment')} of this inspection, on the scale of its "
            "methodology, so that stays. Nothing was changed. Plan another inspection where it "
            "really is the wrong one."
        )


def _pick_pair(wanted: str, known: list[tuple[str, str]], force: str) -> str:
    """Return the id that is meant among ids with their forces; raises :class:`RosterError`."""
    text = wanted.strip()
    named = [key for key, _ in known if len(text) >= SHORTEST_PREFIX and key.startswith(text)]
    named = named or [key for key, whose in known if comparable(whose) == comparable(text)]
    if len(named) != 1:
        choices = ", ".join(f"{key[:8]} ({whose})" for key, whose in known) or "none"
        raise RosterError(
            f"No single inspection is called “{wanted}”: {choices}. Nothing was changed. Name the "
            f"one that this of {force} follows by its id."
        )
    return named[0]


def _pick(central: Central, wanted: str) -> PlannedInspection:
    planned = central.planned()
    return pick(wanted, planned, lambda one: one.force, "inspection", where="on the next roster")
