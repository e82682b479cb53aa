"""``fieldkit self-assessment import`` and ``changes``: a workbook imported, and what it changed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.json_text import record_data
from fieldkit.cli.kit.kept_files import add_keep, define_file, keep
from fieldkit.cli.kit.workbook_choices import (
    add_choices,
    overrides_of,
    problem_line,
    reading_head,
)
from fieldkit.selfassessment.carry_over import answers_to_carry_over, read_with_answers
from fieldkit.selfassessment.corrections import Change, changes_of, corrected_import
from fieldkit.selfassessment.decide import row_lines
from fieldkit.selfassessment.import_workbook import (
    ImportPreview,
    preview_import,
    read_force_workbook,
    take_reading,
)
from fieldkit.selfassessment.past_mappings import FittingMapping, fitting_mapping, past_mappings
from fieldkit.selfassessment.problems import columns_of, grade_words_of, problems_of
from fieldkit.selfassessment.rows import OPEN
from fieldkit.service import RefusedError, methodology_of
from fieldkit.vault.attachments import WORKBOOK
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.readings import FIELDS, WorkbookReading
from storage.ops.text import many
from storage.records import SelfAssessment
from storage.records.lookup import records_in
from storage.records.self_assessment import LINKED
from storage.vault.vault import Vault

EXACT = "exact"


def define_commands(noun: CommandParser) -> None:
    """Say what “self-assessment import” and “changes” take."""
    command = noun.command(
        "import",
        _import,
        "take a workbook in, all of it or nothing",
        "A workbook that looks like a correction of the last one takes its place: what changed is "
        "listed, and decisions that still hold are kept.",
    )
    command.add_argument(
        "file", type=Path, metavar="FILE", help="the force's workbook: .xlsx, .xls, .ods or .csv"
    )
    command.add_argument(
        "--accept",
        choices=(EXACT,),
        help="exact: confirm the rows whose reference is equal and unique on both sides",
    )
    command.add_argument(
        "--look", action="store_true", help="show what would change; writes nothing"
    )
    command.add_argument(
        "--as-last-time",
        action="store_true",
        help="take sheet, columns and grade words as in the force's last workbook like it",
    )
    command.add_argument(
        "--beside",
        action="store_true",
        help="keep the workbook before it too, even if this one looks like its correction",
    )
    command.add_argument(
        "--afresh",
        action="store_true",
        help="carry over no answers to cells, or skipped rows, of the workbook it corrects",
    )
    add_keep(command)
    add_choices(command, FIELDS)
    define_file(noun, WORKBOOK)
    noun.command("changes", _changes, "what the last workbook changed of the one before")


def _import(args: argparse.Namespace, context: Context) -> int:

    vault = context.open_vault()
    inspection_id = vault.read_now(context.inspection).id
    reading, overrides = _read(args, context, vault, inspection_id)
    if not (args.beside or args.afresh):
        reading = _carried(args, context, vault, inspection_id, reading, overrides)
    before = None if args.beside else vault.read_now(corrected_import, inspection_id, reading)
    preview = vault.read_now(preview_import, inspection_id, reading, before)
    if args.look:
        lines = (f"{reading.file_name}: {preview.words()}", *_correction_lines(preview))
        context.show(_preview_data(preview), "\n".join((*lines, "Nothing was written.")))
        return 0
    imported = take_reading(
        vault,
        inspection_id,
        reading,
        accept_exact=args.accept == EXACT,
        corrects=before,
    )
    _show_import(context, vault, imported, reading, preview)
    keep(args, context, WORKBOOK, reading.sha256)
    return 0


def _read(
    args: argparse.Namespace, context: Context, vault: Vault, inspection_id: str
) -> tuple[WorkbookReading, Overrides]:

    methodology = vault.read_now(methodology_of, inspection_id)
    own = overrides_of(args)
    reading = read_force_workbook(args.file, methodology, own)
    known = vault.read_now(past_mappings, inspection_id)
    proposed = reading if own == Overrides() else None
    if args.as_last_time and proposed is None:
        proposed = read_force_workbook(args.file, methodology)
    mapping = None
    if proposed is not None:
        mapping = fitting_mapping(args.file, methodology, proposed, known)
    if not args.as_last_time:
        if mapping is not None and mapping.changes:
            context.terminal.say(f"{mapping.words()} “--as-last-time” reads it so.")
        return reading, own
    if mapping is None:
        raise RefusedError(
            "No workbook of this force with these headings was taken in before. Nothing was "
            "changed; import it without --as-last-time."
        )
    context.terminal.say(mapping.words())
    both = _as_last_time(mapping, own)
    return read_force_workbook(args.file, methodology, both), both


def _carried(
    args: argparse.Namespace,
    context: Context,
    vault: Vault,
    inspection_id: str,
    reading: WorkbookReading,
    overrides: Overrides,
) -> WorkbookReading:
    """Return the workbook with the answers given to the one it corrects, where they hold."""
    methodology = vault.read_now(methodology_of, inspection_id)
    bare = reading
    if overrides.fixes or overrides.skips:
        bare = read_force_workbook(args.file, methodology, replace(overrides, fixes={}, skips={}))
    answers = vault.read_now(answers_to_carry_over, inspection_id, bare)
    again, carried = read_with_answers(args.file, methodology, overrides, answers)
    if carried.count:
        context.terminal.say(f"{carried.words()} “--afresh” carries none over.")
    return again


def _as_last_time(mapping: FittingMapping, own: Overrides) -> Overrides:
    """Return what was chosen last time, but for what is chosen now."""
    last = mapping.overrides
    if own.sheet is not None or own.header_row is not None:
        last = replace(last, sheet=own.sheet, header_row=own.header_row)
    return replace(
        last,
        columns={**last.columns, **own.columns},
        grades={**last.grades, **own.grades},
        fixes=own.fixes,
        skips=own.skips,
    )


def _show_import(
    context: Context,
    vault: Vault,
    imported: SelfAssessment,
    reading: WorkbookReading,
    preview: ImportPreview,
) -> None:

    rows = [
        problem
        for problem in vault.read_now(row_lines, imported.inspection_id)
        if problem.self_assessment_id == imported.id
    ]
    problems = vault.read_now(problems_of, imported)
    words = vault.read_now(grade_words_of, imported)
    columns = vault.read_now(columns_of, imported)
    linked = sum(problem.decision in LINKED for problem in rows)
    waiting = sum(problem.decision == OPEN for problem in rows)
    data = record_data(imported) | {
        "rows": len(reading.rows),
        "linked": linked,
        "open": waiting,
        "grades": {"words": words},
        "columns": columns,
        "problems": [problem.to_json() for problem in problems],
        "accounts": [account.to_json() for account in reading.accounts],
        **_correction_data(preview),
    }
    text = (
        f"{reading_head(reading)}: {many(len(reading.rows), 'row')}; {linked} linked, {waiting} to "
        f"decide, {many(len(problems), 'problem')}."
    )
    context.show(data, "\n".join((text, *reading.account_lines())))
    for line in _correction_lines(preview):
        context.terminal.say(line)
    for problem in problems:
        context.terminal.say(problem_line(problem))
    if waiting:
        context.terminal.say("The queue is shown by “fieldkit self-assessment match”.")


def _preview_data(preview: ImportPreview) -> dict[str, Any]:
    return {
        "matched": len(preview.exact) + preview.kept,
        "exact": [asdict(one) for one in preview.exact],
        "queue": [asdict(one) for one in preview.queue],
        "unmatched": {"rows": len(preview.queue), "cases": preview.ours},
        **_correction_data(preview),
    }


def _correction_data(preview: ImportPreview) -> dict[str, Any]:
    correction = preview.correction
    return {
        "skipped": preview.skipped,
        "corrects": correction.before.file_name if correction else None,
        "new": preview.new,
        "gone": correction.gone if correction else 0,
        "kept": preview.kept,
        "again": correction.again if correction else 0,
        "changes": [asdict(one) for one in preview.changes],
    }


def _correction_lines(preview: ImportPreview) -> list[str]:
    if preview.correction is None:
        return []
    return [f"{preview.correction.words()} “--beside” keeps both.", *_change_lines(preview.changes)]


def _change_lines(changes: Sequence[Change]) -> list[str]:
    return [f"  {one.words()}" for one in changes]


def _changes(args: argparse.Namespace, context: Context) -> int:

    def read(s: Session) -> tuple[str, list[Change]]:
        imports = records_in(s, SelfAssessment, context.inspection(s).id)
        return (imports[-1].file_name, changes_of(s, imports[-1])) if imports else ("", [])

    name, changes = context.open_vault().read_now(read)
    data = {"file": name, "changes": [asdict(one) for one in changes]}
    if not name:
        text = "No workbook was taken in yet."
    elif not changes:
        text = f"{name} changed nothing of a workbook before it."
    else:
        text = "\n".join([f"{name} changed of the workbook before it:", *_change_lines(changes)])
    context.show(data, text, marked=True)
    return 0
