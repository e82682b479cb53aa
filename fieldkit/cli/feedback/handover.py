"""``fieldkit handover``: what the force is handed in writing when the team leaves."""

from __future__ import annotations

import argparse

from fieldkit.cli.feedback.leave import add_options, give_or_show
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.feedback.handover.gather import gather


def define_handover(handover: CommandParser) -> None:
    """Say what “handover” takes."""
    handover.handle(
        _handover,
        "Write what was told, audited and compared as a document for the force. It is not "
        "encrypted: it is an export you ask for, recorded as a disclosure with its recipients. A "
        "file is never written over. Without --to the document is only shown.",
    )
    add_options(handover)
    handover.flag("--with-rationale", "with our own reasons beside each difference of a grade")
    handover.flag("--with-statistics", "with an annex of statistics on how far the grades agree")
    handover.flag(
        "--internal", "the whole trace, for the inspection team alone; never for the force"
    )


def _handover(args: argparse.Namespace, context: Context) -> None:
    handover = context.read(
        gather,
        args.recipient,
        sender=args.sender,
        with_rationale=args.with_rationale,
        with_statistics=args.with_statistics,
        internal=args.internal,
    )
    give_or_show(args, context, handover)
