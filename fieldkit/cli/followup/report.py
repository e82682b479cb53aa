"""``fieldkit report``: the report in nine chapters, and made again over what writers changed."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.feedback.leave import add_options
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.guard.stops import refuse_unsettled
from fieldkit.feedback.handover.give import leaving
from fieldkit.followup.report.gather import prepare_report
from fieldkit.followup.report.give import give_report


def define_report(report: CommandParser) -> None:
    """Say what “report” takes."""
    report.handle(
        _report,
        "Write the report of the inspection: an executive summary that leads with strengths, and "
        "nine chapters in three parts. Where a report of this inspection lies there already, it is "
        "made again: what writers changed stays, and it says which chapters those are. It is not "
        "encrypted: it is an export you ask for, recorded as a disclosure. Without --to it is only "
        "shown.",
    )
    add_options(report, needed=False)
    report.flag("--no-basis", "without the brackets that say what each sentence rests on")
    report.add_argument(
        "--from",
        dest="earlier",
        metavar="FILE",
        type=Path,
        help="a report that writers changed and sent back; what they changed is taken into the new "
        "file",
    )
    report.add_argument(
        "--chapters",
        metavar="FILE",
        type=Path,
        help="a TOML file with other titles or another order of the chapters",
    )


def _report(args: argparse.Namespace, context: Context) -> None:
    chapters = _absolute(args.chapters)
    if args.to is None:
        if args.earlier is not None:
            args.refuse("--from needs --to, the file that is written")
        report = context.read(
            prepare_report,
            args.recipient,
            sender=args.sender,
            with_basis=not args.no_basis,
            chapters_file=chapters,
        )
        handover = report.handover
        context.read(lambda s, _: refuse_unsettled(s, handover.inspection_id, leaving(s, handover)))
        # The document prints its marking itself.
        context.show(handover, to_markdown(handover.document))
        context.terminal.say("Nothing was written. --to FILE.docx or FILE.md writes it.")
        return
    inspection_id = context.read(lambda s, inspection_id: inspection_id)
    given = give_report(
        context.open_vault(),
        inspection_id,
        args.to.expanduser().absolute(),
        args.recipient,
        earlier=_absolute(args.earlier),
        template=_absolute(args.template),
        sender=args.sender,
        with_basis=not args.no_basis,
        chapters_file=chapters,
    )
    context.show(given, str(given.path))
    context.terminal.say(
        f"Written for the {given.recipient}, not encrypted; the disclosure is on record."
    )
    for line in (*given.told, *given.left_out, *given.remarks):
        context.terminal.say(line)


def _absolute(path: Path | None) -> Path | None:
    return path.expanduser().absolute() if path is not None else None
