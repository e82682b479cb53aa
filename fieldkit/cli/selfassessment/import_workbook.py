"""``fieldkit self-assessment import`` and ``changes``: a workbook taken in, and what it changed."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.selfassessment.read_workbook import add_choices, chosen, head, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.selfassessment.corrections import Change
    from fieldkit.selfassessment.import_workbook import ImportPreview, Overrides
    from fieldkit.selfassessment.past_mappings import FittingMapping
    from fieldkit.workbook.readings import WorkbookReading
    from storage.records import SelfAssessment
    from storage.vault.vault import Vault

EXACT = "exact"


def define_commands(noun: CommandParser) -> None:
    """Say what “self-assessment import” and “changes” take."""
    taken = noun.command(
        "import",
        _import,
        "take a workbook in, all of it or nothing",
        "A workbook that looks like a correction of the last one takes its place: what changed is "
        "listed, and decisions that still hold are kept.",
    )
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument(
        "--accept",
        choices=(EXACT,),
        help="exact: confirm the rows whose reference is equal and unique on both sides",
    )
    taken.add_argument(
        "--look", action="store_true", help="show what it would come to; writes nothing"
    )
    taken.add_argument(
        "--as-last-time",
        action="store_true",
        help="take sheet, columns and grade words as in the force's last workbook like it",
    )
    taken.add_argument(
        "--beside",
        action="store_true",
        help="keep the workbook before it too, even if this one looks like its correction",
    )
    taken.add_argument(
        "--afresh",
        action="store_true",
        help="carry over no answers to cells, or skipped rows, of the workbook it corrects",
    )
    add_choices(taken)
    noun.command("changes", _changes, "what the last workbook changed of the one before")


def _import(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.selfassessment.corrections import corrected_import
    from fieldkit.selfassessment.import_workbook import import_reading, preview_import

    vault = context.open_vault()
    inspection_id = vault.read_now(context.inspection).id
    reading, wishes = _read(args, context, vault, inspection_id)
    if not (args.beside or args.afresh):
        reading = _carried(args, context, vault, inspection_id, reading, wishes)
    before = None if args.beside else vault.read_now(corrected_import, inspection_id, reading)
    foreseen = vault.read_now(preview_import, inspection_id, reading, before)
    if args.look:
        context.show(_foreseen_data(foreseen), "\n".join(_foreseen_lines(reading, foreseen)))
        return 0
    made = vault.write_now(
        import_reading,
        inspection_id,
        reading,
        accept_exact=args.accept == EXACT,
        corrects=before,
    )
    _tell(context, vault, made, reading, foreseen)
    return 0


def _read(
    args: argparse.Namespace, context: Context, vault: Vault, inspection_id: str
) -> tuple[WorkbookReading, Overrides]:
    from fieldkit.selfassessment.import_workbook import Overrides, read_force_workbook
    from fieldkit.selfassessment.past_mappings import fitting_mapping, past_mappings
    from fieldkit.service import RefusedError, methodology_of

    methodology = vault.read_now(methodology_of, inspection_id)
    own = chosen(args)
    reading = read_force_workbook(args.file, methodology, own)
    known = vault.read_now(past_mappings, inspection_id)
    proposed = reading if own == Overrides() else None
    if args.as_last_time and proposed is None:
        proposed = read_force_workbook(args.file, methodology)
    found = (
        fitting_mapping(args.file, methodology, proposed, known) if proposed is not None else None
    )
    if not args.as_last_time:
        if found is not None and found.changes:
            context.terminal.say(f"{found.said()} «--as-last-time» reads it so.")
        return reading, own
    if found is None:
        raise RefusedError(
            "No workbook of this force with these headings was taken in before. Nothing was "
            "changed; import it without --as-last-time."
        )
    context.terminal.say(found.said())
    both = _both(found, own)
    return read_force_workbook(args.file, methodology, both), both


def _carried(
    args: argparse.Namespace,
    context: Context,
    vault: Vault,
    inspection_id: str,
    reading: WorkbookReading,
    wishes: Overrides,
) -> WorkbookReading:
    """The workbook with the answers given to the one it corrects, where they hold."""
    from fieldkit.selfassessment.carry_over import answers_to_carry_over, read_with_answers
    from fieldkit.selfassessment.import_workbook import read_force_workbook
    from fieldkit.service import methodology_of

    methodology = vault.read_now(methodology_of, inspection_id)
    bare = reading
    if wishes.fixes or wishes.skips:
        bare = read_force_workbook(args.file, methodology, replace(wishes, fixes={}, skips={}))
    found = vault.read_now(answers_to_carry_over, inspection_id, bare)
    again, held = read_with_answers(args.file, methodology, wishes, found)
    if held.count:
        context.terminal.say(f"{held.words()} «--afresh» carries none over.")
    return again


def _both(found: FittingMapping, own: Overrides) -> Overrides:
    """As last time, but for what is said now."""
    last = found.overrides
    if own.sheet is not None or own.header_row is not None:
        last = replace(last, sheet=own.sheet, header_row=own.header_row)
    return replace(
        last,
        columns={**last.columns, **own.columns},
        grades={**last.grades, **own.grades},
        fixes=own.fixes,
        skips=own.skips,
    )


def _tell(
    context: Context,
    vault: Vault,
    made: SelfAssessment,
    reading: WorkbookReading,
    foreseen: ImportPreview,
) -> None:
    from fieldkit.cli.kit.json_text import record_data
    from fieldkit.selfassessment.decide import row_lines
    from fieldkit.selfassessment.problems import columns_of, grade_words_of, problems_of
    from fieldkit.selfassessment.rows import OPEN
    from fieldkit.wording.format import many
    from storage.records.self_assessment import LINKED

    rows = [
        one
        for one in vault.read_now(row_lines, made.inspection_id)
        if one.self_assessment_id == made.id
    ]
    problems = vault.read_now(problems_of, made)
    words = vault.read_now(grade_words_of, made)
    columns = vault.read_now(columns_of, made)
    linked = sum(one.decision in LINKED for one in rows)
    waiting = sum(one.decision == OPEN for one in rows)
    data = record_data(made) | {
        "rows": len(reading.rows),
        "linked": linked,
        "open": waiting,
        "grades": {"words": words},
        "columns": columns,
        "problems": [one.to_json() for one in problems],
        **_correction_data(foreseen),
    }
    text = (
        f"{head(reading)}: {many(len(reading.rows), 'row')}; {linked} linked, {waiting} to decide, "
        f"{many(len(problems), 'thing')} to look at."
    )
    context.show(data, text)
    for line in _correction_lines(foreseen):
        context.terminal.say(line)
    for one in problems:
        context.terminal.say(told(one))
    if waiting:
        context.terminal.say("The queue is shown by «fieldkit self-assessment match».")


def _foreseen_data(foreseen: ImportPreview) -> dict[str, Any]:
    return {
        "matched": len(foreseen.exact) + foreseen.kept,
        "exact": [asdict(one) for one in foreseen.exact],
        "queue": [asdict(one) for one in foreseen.queue],
        "unmatched": {"rows": len(foreseen.queue), "cases": foreseen.ours},
        **_correction_data(foreseen),
    }


def _correction_data(foreseen: ImportPreview) -> dict[str, Any]:
    found = foreseen.correction
    return {
        "skipped": foreseen.skipped,
        "corrects": found.before.file_name if found else None,
        "new": found.new if found else foreseen.rows,
        "gone": found.gone if found else 0,
        "kept": foreseen.kept,
        "again": found.again if found else 0,
        "changes": [asdict(one) for one in foreseen.changes],
    }


def _foreseen_lines(reading: WorkbookReading, foreseen: ImportPreview) -> list[str]:
    return [
        f"{reading.file_name}: {foreseen.words()}",
        *_correction_lines(foreseen),
        "Nothing was written.",
    ]


def _correction_lines(foreseen: ImportPreview) -> list[str]:
    found = foreseen.correction
    if found is None:
        return []
    return [f"{found.words()} «--beside» keeps both.", *_change_lines(foreseen.changes)]


def _change_lines(changes: Sequence[Change]) -> list[str]:
    return [f"  {one.words()}" for one in changes]


def _changes(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.selfassessment.corrections import changes_of
    from storage.records import SelfAssessment
    from storage.records.lookup import records_in

    def read(s: Session) -> tuple[str, list[Change]]:
        made = records_in(s, SelfAssessment, context.inspection(s).id)
        return (made[-1].file_name, changes_of(s, made[-1])) if made else ("", [])

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
