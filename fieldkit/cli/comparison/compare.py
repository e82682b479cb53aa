"""``fieldkit compare``: the force's grades beside ours."""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from fieldkit.comparison import earlier
from fieldkit.comparison.assemble import comparison
from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.output.csv_output import to_csv
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.feedback.guard.leaving_text import LeavingText
from fieldkit.feedback.guard.printed import with_printed
from fieldkit.feedback.guard.stops import refuse_unsettled
from storage.records import Judgment
from storage.records.judgment import OVERALL, judgment_id


def define_compare(parser: CommandParser) -> None:
    """Say what “compare” takes."""
    parser.handle(
        _compare,
        "Compare the force's grades with ours. Every form of the answer shows the force's grades "
        "of the cases that were revealed, and counts the others; “reveal” shows those.",
    )
    parser.flag("--csv", "the tables as comma-separated values")
    parser.add_argument(
        "--previous",
        metavar="WHICH",
        default="",
        help="another inspection kept here, to set its distribution beside this one's: the "
        "beginning of its id, or its force's name; “none” for none; default: the latest earlier "
        "one of the same force",
    )


def _compare(args: argparse.Namespace, context: Context) -> None:
    def compare(s: Session, inspection_id: str) -> Comparison:
        previous = _previous(s, inspection_id, args.previous)
        return comparison(s, inspection_id, previous=previous)

    compared = context.read(compare)
    if context.json or args.csv:
        cells = [cell for row in csv.reader(to_csv(_ours(compared)).splitlines()) for cell in row]
        context.read(
            lambda s, of: refuse_unsettled(s, of, with_printed(s, of, _our_words(compared), cells))
        )
    if context.json:
        context.show(to_json(compared), marked=True)
    elif args.csv:
        context.terminal.put(to_csv(compared, context.marking))
    else:
        context.terminal.put(to_text(compared, context.terminal.width), context.marking)


def _ours(compared: Comparison) -> Comparison:
    """Return a comparison without the force's own words, which are not looked through."""
    return replace(
        compared,
        disparities=tuple(replace(one, their_rationale="") for one in compared.disparities),
        criterion_disparities=tuple(
            replace(one, their_rationale="") for one in compared.criterion_disparities
        ),
    )


def _our_words(compared: Comparison) -> list[LeavingText]:
    """Return our own reasons beside each difference; the force's are its own words."""
    return [
        LeavingText(
            Judgment.KIND, judgment_id(one.case_id, OVERALL), "rationale", one.our_rationale
        )
        for one in compared.disparities
        if one.our_rationale
    ]


def _previous(s: Session, inspection_id: str, wanted: str) -> str:
    if wanted in ("", earlier.NONE):
        return wanted
    others = earlier.others(s, inspection_id)
    return pick(wanted, others, lambda one: f"{one.force}, {earlier.called(one)}", "inspection").id
