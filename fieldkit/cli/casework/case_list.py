"""``fieldkit cases read`` and ``import``: the inspectors' own list of cases."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fieldkit.casework.import_list import read_list, take_list
from fieldkit.casework.list_changes import ALL, OURS, THEIRS, ListAnswers, ListChange
from fieldkit.casework.list_plan import ListPlan, plan_import
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.kept_files import add_keep, define_file, keep
from fieldkit.cli.kit.workbook_choices import (
    WIDEST,
    add_choices,
    columns_table,
    overrides_of,
    problem_line,
    reading_head,
    words_table,
)
from fieldkit.methodology import USUAL, load
from fieldkit.selfassessment.masking import shown_list_samples
from fieldkit.vault import attachments
from fieldkit.wording.format import line
from fieldkit.workbook.case_list import CASE_FIELDS, CaseListReading
from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.table.columns import IGNORE
from storage.ops.text import many

FIELDS = (*CASE_FIELDS, IGNORE)
FILE_HELP = ".csv, .xlsx, .xls or .ods"


def define_commands(noun: CommandParser) -> None:
    """Say what “cases read” and “import” take."""
    read = noun.command("read", _read, "show what would be read; needs no vault and writes nothing")
    read.add_argument("file", type=Path, metavar="FILE", help=FILE_HELP)
    read.add_argument("--methodology", default=USUAL, metavar="VERSION", help=f"default {USUAL}")
    add_choices(read, FIELDS)
    taken = noun.command(
        "import",
        _import,
        "take the inspectors' own list of cases, all of it or nothing",
        f"Take the inspectors' own list: {', '.join(CASE_FIELDS)} under any near heading. Grades "
        "in it are committed as the inspectors', with the auditor whom the list names. Of a case "
        "that is here, what is empty is filled in; what differs stays until you answer.",
    )
    taken.add_argument("file", type=Path, metavar="FILE", help=FILE_HELP)
    taken.add_argument("--look", action="store_true", help="show what would change; writes nothing")
    for side, words in ((THEIRS, "take the list's"), (OURS, "keep ours")):
        taken.add_argument(
            f"--{side}",
            action="append",
            default=[],
            metavar="CELL",
            help=f"where a case here differs, {words}: a cell, a case (every field), or “{ALL}”",
        )
    taken.text("--because", "why cases are audited that a visit or review would not", default="")
    add_keep(taken)
    add_choices(taken, FIELDS)
    define_file(noun, attachments.CASE_LIST)


def _answers(args: argparse.Namespace) -> ListAnswers:
    """Return what a person said of the fields that differ; a cell's answer beats “all”."""
    by_cell = {name: side for side in (THEIRS, OURS) for name in getattr(args, side)}
    everything = by_cell.pop(ALL, "")
    return ListAnswers(by_cell, everything)


def _read(args: argparse.Namespace, context: Context) -> None:
    reading = read_list(args.file, args.methodology, overrides_of(args))
    context.show(_data(reading), _text(reading))


def _data(reading: CaseListReading) -> dict[str, Any]:
    columns = [
        one.to_json() | {"samples": list(shown_list_samples(one))} for one in reading.columns
    ]
    return reading.to_json() | {"columns": columns}


def _text(reading: CaseListReading) -> str:
    skipped = f", {len(reading.skipped)} skipped" if reading.skipped else ""
    lines = [
        f"{reading_head(reading)}, {many(len(reading.rows), 'row')}{skipped}",
        "",
        columns_table(
            reading.columns, lambda one: line("; ".join(shown_list_samples(one)), WIDEST)
        ),
    ]
    if words := words_table(reading.grades):
        lines += ["", words]
    lines += ["", *reading.account_lines()]
    lines += ["", f"To look at: {len(reading.problems) or 'nothing'}"]
    lines += [f"  {problem_line(one)}" for one in reading.problems]
    return "\n".join(lines)


def _import(args: argparse.Namespace, context: Context) -> None:
    vault = context.open_vault()
    inspection = vault.read_now(context.inspection)
    reading = read_list(args.file, load(inspection.judged_by), overrides_of(args))
    answers = _answers(args)
    if args.look:
        plan = vault.read_now(plan_import, inspection.id, reading, answers)
        context.show(_plan_data(plan), f"{reading_head(reading)}: {_plan_text(plan)}")
        return
    imported = take_list(vault, inspection.id, reading, answers, args.because)
    data = {
        "new": imported.new,
        "changed": imported.changed,
        "same": imported.same,
        "graded": imported.graded,
        "left_out": imported.left_out,
        "skipped": imported.skipped,
        "changes": [change.to_json() for change in imported.changes],
        "problems": [problem.to_json() for problem in imported.problems],
        "accounts": [account.to_json() for account in reading.accounts],
    }
    summary = f"{reading_head(reading)}: {imported.text}"
    context.show(data, "\n".join((summary, *reading.account_lines())))
    _say(context, imported.problems, imported.changes)
    keep(args, context, attachments.CASE_LIST, reading.sha256)


def _plan_data(plan: ListPlan) -> dict[str, Any]:
    return {
        "new": plan.new,
        "left_out": plan.left_out,
        "skipped": plan.skipped,
        "open": plan.open,
        "changes": [change.to_json() for change in plan.changes],
        "problems": [problem.to_json() for problem in plan.problems],
    }


def _plan_text(plan: ListPlan) -> str:
    lines = [plan.words()]
    lines += [f"  {change.cell}  {change.words()}" for change in plan.changes]
    others = (problem for problem in plan.problems if problem.code is not Code.CASE_KEPT)
    lines += [f"  {problem_line(problem)}" for problem in others]
    return "\n".join([*lines, "Nothing was written."])


def _say(context: Context, problems: Iterable[Problem], changes: Iterable[ListChange]) -> None:
    for problem in problems:
        context.terminal.say(problem_line(problem))
    if any(change.asked and not change.answer for change in changes):
        context.terminal.say(
            "Where a case here differs, ours was kept. “--theirs CELL” takes the list's, "
            "“--theirs all” everywhere; import the same file again with it."
        )
