"""``fieldkit coverage``: how often each criterion was looked at, and where nothing was."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.evidence.gaps.coverage import (
    CONCERN,
    STRENGTH,
    Coverage,
    Row,
    coverage,
    gap_words,
    methods,
)
from fieldkit.evidence.gaps.criterion_evidence import Piece, evidence_on, row_of
from fieldkit.wording.dates import short_day, short_moment
from fieldkit.wording.format import set_in
from storage.ops.text import many

_SIGNS = {
    "strength": "+",
    "notable practice": "*",
    "concern": "-",
    "context": "=",
    "to clarify": "?",
}
_NO_METHOD = "–"


def define_coverage(parser: CommandParser) -> None:
    """Say what “coverage” takes."""
    parser.handle(
        _coverage,
        "How many cases, interviews, focus groups, observations and documents bear on each "
        "criterion, who was heard, and where nothing was looked at, with the command that fills "
        "it. With a criterion, its evidence.",
    )
    parser.add_argument(
        "criterion",
        metavar="CRITERION",
        nargs="?",
        help="the key, label or number of a criterion, whose evidence is shown",
    )
    parser.add_argument(
        "--method",
        choices=(*methods(), CONCERN),
        default="",
        help="only what was found so; strength and concern show what is marked so",
    )


def _coverage(args: argparse.Namespace, context: Context) -> None:
    if args.criterion is None:
        if args.method:
            args.refuse("--method needs the criterion whose evidence is shown")
        seen = context.read(coverage)
        data = {
            "criteria": seen.rows,
            "gaps": seen.gaps,
            "heard": seen.heard,
            "days_left": seen.days_left,
            "free_days": seen.free,
        }
        context.show(data, _text(seen), marked=True)
        return

    def read(s: Session, inspection_id: str) -> tuple[Row, list[Piece]]:
        row = row_of(s, inspection_id, args.criterion)
        return row, evidence_on(s, inspection_id, row, args.method)

    row, pieces = context.read(read)
    data = {"criterion": row, "evidence": pieces}
    context.show(data, "\n".join(_evidence(row, pieces)), marked=True)


def _text(seen: Coverage) -> str:
    names = [one for one in methods().values() if one.name != STRENGTH]
    headings = ("", "criterion", *(one.kind for one in names), "strengths", "concerns")
    rows = [
        (
            str(row.number),
            row.label,
            *(str(one.count) if one.applies else _NO_METHOD for one in row.cells),
            str(row.strengths),
            str(row.concerns),
        )
        for row in seen.rows
    ]
    lines = ["How much bears on each criterion:", table(headings, rows), "", *_gaps(seen), ""]
    lines += ["Who was heard, in interviews and focus groups:"]
    lines += [f"  {one.label}: {one.meetings}" for one in seen.heard]
    return "\n".join(lines)


def _gaps(seen: Coverage) -> Iterator[str]:
    if not seen.gaps:
        yield "Every criterion was looked at in every way."
        return
    yield f"Where nothing was looked at: {many(seen.gaps, 'gap')}."
    for row in seen.lacking:
        yield f"  {row.number} {row.label}: {gap_words(row)}"
        for name in row.missing:
            yield f"     {methods()[name].command.format(criterion=row.criterion)}"
    if seen.days_left is not None:
        free = ", ".join(map(short_day, seen.free))
        left = many(seen.days_left, "working day")
        yield f"{left} left after today" + (f"; nothing is entered on {free}." if free else ".")


def _evidence(row: Row, pieces: list[Piece]) -> Iterator[str]:
    yield f"{row.number} {row.label}"
    for cell in row.cells:
        if cell.count:
            heard = f": {'; '.join(cell.heard)}" if cell.heard else ""
            yield f"  {many(cell.count, methods()[cell.method].kind)}{heard}"
    if row.missing:
        yield f"  {gap_words(row)}"
    if row.meetings:
        yield f"  “What works well here?” was asked in {row.asked} of {row.meetings}."
    for one in pieces:
        sign = _SIGNS.get(one.sign, one.grade and f"{one.grade}:")
        when = f", {short_moment(one.when)}" if one.when else ""
        yield set_in(f"{sign} {one.text or 'no text'} ({one.where}{when})".strip())
