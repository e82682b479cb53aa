"""``fieldkit refer`` and ``referrals``: high-risk cases given back to the force."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.casework.referrals import ReferralLine
    from fieldkit.cli.kit.context import Context
    from storage.records import Referral

STATES = ("told", "acknowledged", "acted", "satisfied", "not satisfied", "escalated", "closed")


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``refer`` and ``referrals``."""
    refer = subparsers.add_parser(
        "refer",
        help="refer a case back to the force as high risk",
        description="Refer a case back to the force. The record does not stand in for the "
        "telephone call.",
    )
    refer.add_argument("case", metavar="CASE")
    refer.add_argument(
        "--reason",
        action="append",
        required=True,
        help="a reason of the methodology, or your own words; may be repeated",
    )
    refer.add_argument("--known", default="", help="what is known and not known")
    refer.add_argument("--asked-for", default="", help="what the force is asked to do")
    refer.set_defaults(run=_refer)

    noun = subparsers.add_parser("referrals", help="the referrals with their clocks")
    noun.set_defaults(run=_list)
    commands = noun.add_subparsers(title="commands", metavar="COMMAND")
    step = commands.add_parser("step", help="record the next step of a referral")
    step.add_argument("referral", metavar="CASE", help="its case, or the referral's id")
    step.add_argument("state", choices=STATES)
    step.add_argument("--whom", default="", help="who was told or acknowledged, by role")
    step.add_argument("--how", default="", help="in person, by telephone, …")
    step.add_argument("--action", default="", help="what the force did")
    step.add_argument("--outcome", default="")
    step.add_argument("--reason", default="")
    step.set_defaults(run=_step)


def _refer(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import referrals
    from fieldkit.casework.cases import find_case
    from fieldkit.cli.kit.terminal import record_data

    def done(s: Session) -> Referral:
        case = find_case(s, context.inspection(s).id, args.case)
        return referrals.refer(s, case.id, args.reason, args.known, args.asked_for)

    made = context.open_vault().write_now(done)
    context.answer(record_data(made), made.id)
    context.say("Raised. Tell the force now, and record whom you told with «referrals step».")
    return 0


def _lines(context: Context) -> list[ReferralLine]:
    from fieldkit.casework import referrals
    from fieldkit.service import now

    return context.open_vault().read_now(
        lambda s: referrals.lines(s, context.inspection(s).id, now())
    )


def _list(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.layout import table

    found = _lines(context)
    if not found and not context.json:
        context.say("No case was referred back.")
        return 0
    headings = ("id", "case", "state", "clock", "reasons")
    rows = [
        (one.id[:8], one.reference, one.state, one.clock, "; ".join(one.reasons)) for one in found
    ]
    context.answer([asdict(one) for one in found], table(headings, rows), marking=True)
    return 0


def _step(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework import referrals
    from fieldkit.cli.kit.pick import pick
    from fieldkit.cli.kit.terminal import record_data

    lines = _lines(context)
    # A case may have been referred more than once; the one that still runs is meant.
    running = [one for one in lines if one.running] or lines
    meant = pick(args.referral, [(one.id, one.reference) for one in running], "referral")
    made = context.open_vault().write_now(
        referrals.step,
        meant,
        args.state,
        whom=args.whom,
        how=args.how,
        action=args.action,
        outcome=args.outcome,
        reason=args.reason,
    )
    if context.json:
        context.put(record_data(made))
    context.say(f"The referral is «{made.state}».")
    return 0
