"""``fieldkit self-assessment``: the force's workbook read, imported, and matched with our cases."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.casework.find_case import find_case
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.workbook_choices import add_choices, overrides_of, split_pair
from fieldkit.cli.selfassessment import import_workbook
from fieldkit.cli.selfassessment.import_workbook import EXACT
from fieldkit.cli.selfassessment.read_workbook import reading_data, reading_text
from fieldkit.methodology import USUAL
from fieldkit.selfassessment.decide import (
    accept_exact,
    find_row,
    link_row,
    queue_lines,
    reopen_row,
    row_lines,
    set_no_case,
)
from fieldkit.selfassessment.import_workbook import read_force_workbook
from fieldkit.selfassessment.rows import OPEN, QueueLine, RowLine
from fieldkit.wording.format import line
from fieldkit.workbook.readings import FIELDS
from storage.ops.text import many

PAIR = "ROW=CASE"


def define_self_assessment(noun: CommandParser) -> None:
    """Say what “self-assessment” takes."""
    read = noun.command("read", _read, "show what would be read; needs no vault and writes nothing")
    read.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls, .ods or .csv")
    read.add_argument("--methodology", default=USUAL, metavar="VERSION", help=f"default {USUAL}")
    add_choices(read, FIELDS)

    import_workbook.define_commands(noun)

    match = noun.command(
        "match",
        _match,
        "the queue of rows a person decides on, and the decisions",
        "Without a decision: the queue. Decisions are made together or not at all.",
    )
    match.add_argument(
        "--link",
        action="append",
        default=[],
        metavar=PAIR,
        type=_pair,
        help="the row of the force is this case; may be repeated",
    )
    match.add_argument("--none", action="append", default=[], metavar="ROW", help="no case of ours")
    match.add_argument("--unlink", action="append", default=[], metavar="ROW", help="open again")
    match.add_argument("--accept", choices=(EXACT,), help="confirm the exact group as it stands")
    match.add_argument("--all", action="store_true", help="every row with its decision")


def _pair(text: str) -> tuple[str, str]:
    return split_pair(text, PAIR, "17=WST-014")


def _read(args: argparse.Namespace, context: Context) -> int:

    reading = read_force_workbook(args.file, args.methodology, overrides_of(args))
    context.show(reading_data(reading), reading_text(reading))
    return 0


def _match(args: argparse.Namespace, context: Context) -> int:

    def decide(s: Session) -> int:
        inspection_id = context.inspection(s).id

        def row_id(text: str) -> str:
            return find_row(s, inspection_id, text).id

        for row in args.unlink:
            reopen_row(s, row_id(row))
        for row, case in args.link:
            link_row(s, row_id(row), find_case(s, inspection_id, case).id)
        for row in args.none:
            set_no_case(s, row_id(row))
        accepted = accept_exact(s, inspection_id) if args.accept else 0
        return accepted + len(args.link) + len(args.none) + len(args.unlink)

    vault = context.open_vault()
    if args.link or args.none or args.unlink or args.accept:
        count = vault.write_now(decide)
        context.terminal.say(f"{many(count, 'row')} decided.")
    return _show_match(context, whole=args.all)


def _show_match(context: Context, *, whole: bool) -> int:

    def read(s: Session) -> tuple[list[QueueLine], list[RowLine]]:
        inspection_id = context.inspection(s).id
        return queue_lines(s, inspection_id), row_lines(s, inspection_id)

    queue, rows = context.open_vault().read_now(read)
    exact = [one for one in rows if one.decision == OPEN and one.expected]
    data: dict[str, Any] = {
        "queue": [asdict(one) for one in queue],
        "exact": [asdict(one) for one in exact],
        "rows": [asdict(one) for one in rows],
    }
    lines = _row_lines(rows) if whole else _queue_lines(queue, exact)
    context.show(data, "\n".join(lines), marked=True)
    return 0


def _queue_lines(queue: list[QueueLine], exact: list[RowLine]) -> list[str]:

    lines = []
    if exact:
        lines.append(
            f"{many(len(exact), 'row has', 'rows have')} a reference that is equal and unique on "
            "both sides; “--accept exact” confirms this."
        )
    for row in queue:
        reference = line(row.reference) or "no reference"
        about = ", ".join(filter(None, (reference, line(row.case_type), row.dated)))
        lines.append(f"Row {row.number}: {about}. {row.note}".rstrip())
        lines += [
            f"    {case.reference} ({case.force_ref}): {'; '.join(case.reasons)}"
            + (" (tied)" if case.tied else "")
            for case in row.candidates
        ]
    return lines or ["No row waits for a decision."]


def _row_lines(rows: list[RowLine]) -> list[str]:

    return [
        f"Row {row.number}: {line(row.reference) or 'no reference'}: "
        + (f"{row.case_reference} ({row.decision})" if row.case_reference else row.decision)
        for row in rows
    ] or ["No workbook was taken in yet."]
