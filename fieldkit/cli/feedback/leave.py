"""What the commands share that write a document for the force: options, and the way out."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.guard.stops import refuse_unsettled
from fieldkit.feedback.handover.give import give, give_prepared, leaving
from fieldkit.feedback.handover.handover import Handover, Prepared

RECIPIENT_HELP = "for whom it is, by role; may be repeated"


def add_options(parser: CommandParser, *, needed: bool = True) -> None:
    """Add where to, for whom, from whom and in which looks a document is written."""
    parser.text(
        "--recipient",
        RECIPIENT_HELP,
        metavar="ROLE",
        action="append",
        required=needed,
        default=None if needed else [],
    )
    add_written(parser)


def add_written(parser: CommandParser) -> None:
    """Add where to, from whom and in which looks a document is written."""
    parser.add_argument("--to", metavar="FILE", type=Path, help="a new .docx or .md")
    parser.text("--sender", "from whom; default: the inspection team", metavar="NAME", default="")
    parser.add_argument(
        "--template",
        metavar="FILE",
        type=Path,
        help="a .docx or .dotx whose looks the .docx takes; the words stay the same",
    )


def give_or_show(args: argparse.Namespace, context: Context, gathered: Handover | Prepared) -> None:
    """Write the document where a file is named, and say so; else show it and write nothing."""
    handover = gathered.handover if isinstance(gathered, Prepared) else gathered
    if args.to is None:
        context.read(lambda s, _: refuse_unsettled(s, handover.inspection_id, leaving(s, handover)))
        # The document prints its marking itself.
        context.show(handover, to_markdown(handover.document))
        context.terminal.say(
            "Nothing was written. --to FILE.docx writes it, and records who is handed it."
        )
        return
    template = args.template.expanduser().absolute() if args.template else None
    path = args.to.expanduser().absolute()
    vault = context.open_vault()
    given = (
        give_prepared(vault, path, gathered, template)
        if isinstance(gathered, Prepared)
        else give(vault, path, gathered, template)
    )
    context.show(given, str(given.path))
    context.terminal.say(
        f"Written for {given.recipient}, not encrypted; the disclosure is on record."
    )
    for line in (*given.left_out, *given.remarks):
        context.terminal.say(line)
