"""``fieldkit handover``: what the force is handed in writing when the team leaves."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.feedback.handover.gather import gather
from fieldkit.feedback.handover.give import hand_over
from fieldkit.feedback.handover.markdown_output import to_markdown


def define_handover(handover: CommandParser) -> None:
    """Say what “handover” takes."""
    handover.handle(
        _handover,
        "Write what was told, audited and compared as a page for the force. It is not "
        "encrypted: it is an export you ask for, recorded as a disclosure with its recipient. A "
        "file is never written over. Without --to the page is only shown.",
    )
    handover.add_argument("--to", metavar="FILE", type=Path, help="a new .docx or .md")
    handover.add_argument(
        "--recipient", metavar="ROLE", required=True, help="for whom it is, by role"
    )
    handover.flag("--with-rationale", "with our own reasons beside each difference of a grade")


def _handover(args: argparse.Namespace, context: Context) -> None:
    if args.to is None:
        shown = context.read(gather, args.recipient, with_rationale=args.with_rationale)
        # The page prints its marking itself.
        context.show(shown, to_markdown(shown))
        context.terminal.say(
            "Nothing was written. --to FILE.docx writes it, and records who is handed it."
        )
        return
    handed = hand_over(
        context.open_vault(),
        context.inspection_id(),
        args.to.expanduser().absolute(),
        args.recipient,
        with_rationale=args.with_rationale,
    )
    context.show(handed, str(handed.path))
    context.terminal.say(
        f"Written for {handed.recipient}, not encrypted; the disclosure is on record."
    )
    for line in handed.left_out:
        context.terminal.say(line if line.startswith("Never") else f"Not in it: {line}")
