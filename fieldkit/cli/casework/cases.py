"""``fieldkit cases``: import, list, show, add, allocate, withdraw and reinstate."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.casework.case_file import CaseFile
    from fieldkit.casework.case_lines import CaseLine
    from fieldkit.casework.queries import QueryLine
    from fieldkit.cli.kit.context import Context
    from fieldkit.methodology import Methodology

NOBODY = "nobody"


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``cases`` and its commands."""
    noun = subparsers.add_parser("cases", help="the cases that are audited")
    commands = noun.add_subparsers(title="commands", metavar="COMMAND", required=True)

    taken = commands.add_parser(
        "import",
        help="take the inspectors' own list of cases",
        description="Take the inspectors' own list: case, force_ref, type, date_of_incident, "
        "origin, overall_grade and rationale under any near heading. Grades in it are ours and "
        "are committed.",
    )
    taken.add_argument("file", type=Path, metavar="FILE", help=".csv, .xlsx, .xls or .ods")
    taken.set_defaults(run=_import)

    listed = commands.add_parser("list", help="every case, a line each")
    listed.add_argument("--open", action="store_true", help="only those without an overall grade")
    listed.add_argument("--mine", action="store_true", help="only those allocated to you")
    listed.set_defaults(run=_list)

    show = commands.add_parser("show", help="one case and what is judged of it")
    show.add_argument("case", metavar="CASE")
    show.set_defaults(run=_show)

    add = commands.add_parser("add", help="add a case")
    add.add_argument("case", metavar="REFERENCE", help="the inspection's own reference")
    add.add_argument("--type", action="append", default=[], metavar="TYPE", help="may be repeated")
    add.add_argument("--origin", default="inspectors", help="inspectors or self-assessed")
    add.add_argument("--incident-on", default="", metavar="DATE")
    add.add_argument("--force-ref", default="", metavar="REF", help="kept apart, out of exports")
    add.add_argument("--child-label", default="", metavar="WORD", help="such as “child 1”")
    add.add_argument("--child-age", default="", metavar="YEARS", help="years or a band")
    add.add_argument("--unit", default="", help="the team that dealt with it")
    add.set_defaults(run=_add)

    allocate = commands.add_parser("allocate", help="give a case to a person")
    allocate.add_argument("case", metavar="CASE")
    allocate.add_argument("--to", metavar="PERSON", help=f"default: you; “{NOBODY}” takes it back")
    allocate.set_defaults(run=_allocate)

    withdraw = commands.add_parser("withdraw", help="take a case off the list, with the reason")
    withdraw.add_argument("case", metavar="CASE")
    withdraw.add_argument("--reason", required=True)
    withdraw.add_argument("--replaced-by", default="", metavar="CASE")
    withdraw.set_defaults(run=_withdraw)

    reinstate = commands.add_parser("reinstate", help="put a withdrawn case back on the list")
    reinstate.add_argument("case", metavar="CASE")
    reinstate.add_argument("--reason", required=True)
    reinstate.set_defaults(run=_reinstate)


def _import(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework.import_list import import_cases, read_list
    from fieldkit.methodology import load

    vault = context.open_vault()
    inspection = vault.read_now(context.inspection)
    reading = read_list(args.file, load(inspection.methodology))
    done = vault.write_now(import_cases, inspection.id, reading)
    context.answer(
        {
            "new": list(done.new),
            "changed": list(done.changed),
            "same": list(done.same),
            "graded": done.graded,
            "problems": [one.to_json() for one in done.problems],
        },
        done.text,
    )
    for one in done.problems:
        context.say(f"{one.sheet}, {one.cell}: {one.reason}")
    return 0


def _list(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.casework.case_lines import case_lines

    vault = context.open_vault()
    lines = vault.read_now(lambda s: case_lines(s, context.inspection(s).id))
    me = {vault.person.id, vault.person.name.casefold()}
    wanted = [
        one
        for one in lines
        if not (args.open and (one.done or one.withdrawn))
        and not (args.mine and one.allocated_to.casefold() not in me)
    ]
    if not wanted and not context.json:
        context.say("There is no such case.")
        return 0
    names = {vault.person.id: vault.person.name}
    context.answer([asdict(one) for one in wanted], _table(wanted, names), marking=True)
    return 0


def _table(lines: list[CaseLine], names: dict[str, str]) -> str:
    from fieldkit.cli.kit.layout import table

    headings = ("case", "type", "origin", "criteria", "overall", "allocated to", "sent", "remarks")
    rows = [
        (
            one.reference,
            ", ".join(one.type_labels),
            one.origin,
            f"{one.graded} of {one.total}",
            one.overall,
            names.get(one.allocated_to, one.allocated_to),
            one.sent,
            ", ".join(_remarks(one)),
        )
        for one in lines
    ]
    return table(headings, rows)


def _remarks(one: CaseLine) -> list[str]:
    return [
        *(["withdrawn"] if one.withdrawn else []),
        *(["≠ two answers for the overall grade"] if one.two_answers else []),
        *([f"referral {one.referral}"] if one.referral else []),
        *(["unfinished text"] if one.drafts else []),
    ]


def _show(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.casework import queries
    from fieldkit.casework.case_file import open_case
    from fieldkit.casework.cases import find_case
    from fieldkit.methodology import load

    def opened(s: Session) -> tuple[CaseFile, Methodology, list[QueryLine]]:
        inspection = context.inspection(s)
        case = find_case(s, inspection.id, args.case)
        file = open_case(s, case.id)
        return file, load(inspection.methodology), queries.lines_of(s, case.id)

    file, methodology, asked = context.open_vault().read_now(opened)
    data = _data(file) | {"queries": [asdict(one) for one in asked]}
    text = "\n".join([_text(file, methodology, context.width), *map(_asked, asked)])
    context.answer(data, text, marking=True)
    return 0


def _asked(one: QueryLine) -> str:
    said = f"\nQuery on {one.label} ({one.state}), {one.asked_by} to {one.asked_of}: {one.question}"
    return said + (f"\n  {one.answered_by}: {one.answer}" if one.answer else "")


def _data(file: CaseFile) -> dict[str, Any]:
    from dataclasses import asdict

    from fieldkit.cli.kit.terminal import record_data

    return {
        "case": record_data(file.case),
        "key": record_data(file.key) if file.key else None,
        "audit": record_data(file.audit) if file.audit else None,
        "judgments": {name: record_data(one) for name, one in file.judgments.items()},
        "two_answers": sorted(file.two_answers),
        "notes": [record_data(one) for one in file.notes],
        "referral": record_data(file.referral) if file.referral else None,
        "force": asdict(file.force) if file.force else None,
    }


def _text(file: CaseFile, methodology: Methodology, width: int) -> str:
    from fieldkit.cli.kit.layout import pairs, paragraphs

    case = file.case
    labels = {one.key: one.label for one in methodology.case_types}
    withdrawn = f"{case.withdrawn_reason}" if case.withdrawn else ""
    rows = [
        ("case", case.reference),
        ("withdrawn", withdrawn),
        ("type", ", ".join(labels.get(one, one) for one in case.types)),
        ("origin", case.origin),
        ("incident", case.incident_on),
        ("child", " ".join(filter(None, (case.child_label, case.child_age)))),
        ("unit", case.unit),
        ("force's reference", file.key.force_ref if file.key else ""),
    ]
    lines = [pairs(rows, width)]
    for area in methodology.criteria_on("case", overall=True):
        judged = file.judgments.get(area.key)
        state = judged.said if judged else "not judged"
        twice = " (≠ two answers: «fieldkit conflicts»)" if area.key in file.two_answers else ""
        lines.append(f"\n{area.label}: {state}{twice}")
        if judged:
            texts = (judged.why, judged.rationale, judged.went_well, judged.concern)
            for text in filter(None, texts):
                lines += [f"  {line}" for line in paragraphs(text, width - 2)]
    if file.force is not None:
        lines.append(f"\nThe force's grade: {file.force.said}")
        since = file.force.since.words(case.reference) if file.force.since else ""
        for text in filter(None, (file.force.rationale, since)):
            lines += [f"  {line}" for line in paragraphs(text, width - 2)]
    for note in file.notes:
        lines.append(f"\nNote ({note.polarity or 'not marked'}):")
        lines += [f"  {line}" for line in paragraphs(note.text, width - 2)]
    if file.referral is not None:
        lines.append(f"\nReferred back to the force: {file.referral.state}")
    return "\n".join(lines)


def _changed(context: Context, wanted: str, job: Any, *more: Any, said: str) -> int:
    """Do one thing to the case that is meant, and say so."""
    from fieldkit.casework.cases import find_case
    from fieldkit.cli.kit.terminal import record_data

    def change(s: Session) -> Any:
        case = find_case(s, context.inspection(s).id, wanted)
        return job(s, case.id, *more)

    case = context.open_vault().write_now(change)
    if context.json:
        context.put(record_data(case))
    # Names and reasons stand in it too, which may have braces of their own.
    context.say(said.replace("{case}", case.reference))
    return 0


def _add(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework.cases import add_case
    from fieldkit.cli.kit.terminal import record_data

    made = context.open_vault().write_now(
        lambda s: add_case(
            s,
            context.inspection(s).id,
            args.case,
            types=args.type,
            origin=args.origin,
            incident_on=args.incident_on,
            force_ref=args.force_ref,
            child_label=args.child_label,
            child_age=args.child_age,
            unit=args.unit,
        )
    )
    context.answer(record_data(made), made.reference)
    return 0


def _allocate(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework.cases import allocate_case

    person = args.to or context.open_vault().person.id
    if person.casefold() == NOBODY:
        return _changed(
            context, args.case, allocate_case, "", said="{case} is allocated to nobody."
        )
    name = args.to or context.open_vault().person.name
    return _changed(
        context, args.case, allocate_case, person, said=f"{{case}} is allocated to {name}."
    )


def _withdraw(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework.cases import withdraw_case

    return _changed(
        context,
        args.case,
        withdraw_case,
        args.reason,
        args.replaced_by,
        said="{case} is withdrawn; all that was entered of it is kept.",
    )


def _reinstate(args: argparse.Namespace, context: Context) -> int:
    from fieldkit.casework.cases import reinstate_case

    return _changed(
        context, args.case, reinstate_case, args.reason, said="{case} is on the list again."
    )
