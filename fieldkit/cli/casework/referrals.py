"""``fieldkit refer`` and ``referrals``: high-risk cases given back to the force."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.casework import referrals
from fieldkit.casework.find_case import find_case
from fieldkit.cli.feedback.leave import add_options, give_or_show
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.options import CASE
from fieldkit.cli.kit.pick import pick
from fieldkit.feedback.handover.sheets import referral_slip
from fieldkit.service import now
from storage.records import Referral

STATES = ("told", "acknowledged", "acted", "satisfied", "not satisfied", "escalated", "closed")
AT = "as in 14:20 or “6 July 2026 14:20”; default: now"


def define_refer(refer: CommandParser) -> None:
    """Say what “refer” takes."""
    refer.handle(
        _refer,
        "Refer a case back to the force. Recording it does not replace the telephone call.",
    )
    refer.add_argument("case", metavar="CASE", help=CASE)
    refer.text(
        "--reason",
        "a reason of the methodology, or your own words; may be repeated",
        action="append",
        required=True,
    )
    refer.text("--known", "what is known and not known", default="")
    refer.text("--asked-for", "what the force is asked to do", default="")
    refer.add_argument("--at", default="", metavar="TIME", help=f"when it was raised; {AT}")


def define_referrals(noun: CommandParser) -> None:
    """Say what “referrals” takes."""
    noun.handle(_list)
    step = noun.command("step", _step, "record the next step of a referral")
    step.add_argument("referral", metavar="CASE", help="its case, or the referral's id")
    step.add_argument("state", choices=STATES, help="what has been reached")
    step.text("--whom", "who was told or acknowledged, by role", default="")
    step.text("--how", "in person, by telephone, …", default="")
    step.text("--action", "what the force did", default="")
    step.text("--outcome", "what came of it", default="")
    step.text("--reason", "why; needed to close it", default="")
    step.add_argument("--at", default="", metavar="TIME", help=f"when it happened; {AT}")

    slip = noun.command("slip", _slip, "the slip of a referral on a page, for the force")
    slip.add_argument("referral", metavar="CASE", help="its case, or the referral's id")
    add_options(slip)
    slip.flag(
        "--with-force-reference",
        "with the force's own reference beside ours, which is recorded in the disclosure",
    )


def _refer(args: argparse.Namespace, context: Context) -> None:
    def refer(s: Session, inspection_id: str) -> Referral:
        case = find_case(s, inspection_id, args.case)
        return referrals.refer(s, case.id, args.reason, args.known, args.asked_for, at=args.at)

    referral = context.write(refer)
    context.show(referral, referral.id)
    context.terminal.say(
        "Raised. Tell the force now, and record whom you told with “referrals step”."
    )


def _list(args: argparse.Namespace, context: Context) -> None:
    lines = context.read(referrals.lines, now())
    headings = ("id", "case", "state", "clock", "reasons")
    rows = [
        (line.id[:8], line.reference, line.state, line.clock, "; ".join(line.reasons))
        for line in lines
    ]
    context.show(lines, table(headings, rows), marked=True, none="No case was referred back.")


def _slip(args: argparse.Namespace, context: Context) -> None:
    slip = context.open_vault().read_now(
        referral_slip,
        _meant(args, context),
        args.recipient,
        sender=args.sender,
        with_reference=args.with_force_reference,
    )
    give_or_show(args, context, slip)


def _meant(args: argparse.Namespace, context: Context) -> str:
    """Return the id of the referral that is named by its case, or by its id."""
    lines = context.read(referrals.lines, now())
    # A case may have been referred more than once; the one that still runs is meant.
    running = [line for line in lines if line.running] or lines
    return pick(args.referral, running, lambda line: line.reference, "referral").id


def _step(args: argparse.Namespace, context: Context) -> None:
    referral = context.open_vault().write_now(
        referrals.step,
        _meant(args, context),
        args.state,
        **context.options("whom", "how", "action", "outcome", "reason", "at"),
    )
    context.show(referral)
    context.terminal.say(f"The referral is “{referral.state}”.")
