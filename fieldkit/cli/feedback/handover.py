"""``fieldkit handover``: what the force is given in writing when the team leaves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.feedback.handover.pages import Handover


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``handover``."""
    handover = subparsers.add_parser(
        "handover",
        help="what the force is given when the team leaves",
        description="Write what was told, audited and compared as a page for the force. It is not "
        "encrypted: it is an export you ask for, recorded as a disclosure with its recipient. A "
        "file is never written over. Without --to the page is only shown.",
    )
    handover.add_argument("--to", metavar="FILE", type=Path, help="a new .docx or .md")
    handover.add_argument(
        "--recipient", metavar="ROLE", required=True, help="for whom it is, by role"
    )
    handover.add_argument(
        "--with-rationale",
        action="store_true",
        help="with our own reasons beside each difference of a grade",
    )
    handover.set_defaults(run=_handover)


def _handover(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.feedback.handover.gather import gather
    from fieldkit.feedback.handover.give import hand_over
    from fieldkit.feedback.handover.markdown_output import to_markdown

    def read(s: Session) -> Handover:
        this = context.inspection(s).id
        return gather(s, this, args.recipient, with_rationale=args.with_rationale)

    vault = context.open_vault()
    if args.to is None:
        shown = vault.read_now(read)
        # The page prints its marking itself.
        context.answer(asdict(shown), to_markdown(shown))
        context.say("Nothing was written. --to FILE.docx writes it, and records who is given it.")
        return 0
    given = hand_over(
        vault,
        context.inspection_id(),
        args.to.expanduser().absolute(),
        args.recipient,
        with_rationale=args.with_rationale,
    )
    context.answer(asdict(given) | {"path": str(given.path)}, str(given.path))
    context.say(f"Written for {given.recipient}, not encrypted; the disclosure is on record.")
    for one in given.left_out:
        context.say(f"Not in it: {one}" if not one.startswith("Never") else one)
    return 0
