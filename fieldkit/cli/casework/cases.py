"""``fieldkit cases``: import, list, show, add, allocate, withdraw and reinstate."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from fieldkit.casework import queries
from fieldkit.casework.case_file import CaseFile, open_case
from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.cases import (
    add_case,
    allocate_case,
    edit_case,
    reinstate_case,
    withdraw_case,
)
from fieldkit.casework.find_case import MIN_ID, NearReferenceError, find_case
from fieldkit.casework.queries import QueryLine
from fieldkit.cli.casework import case_list
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs, paragraphs, table
from fieldkit.methodology import Methodology
from fieldkit.service import RefusedError, methodology_of
from fieldkit.wording.format import set_in
from fieldkit.wording.labels import person_name
from storage.records import Case
from storage.records.judgment import imported_auditor
from storage.trust.current import people

NOBODY = "nobody"
_FACTS = ("origin", "incident_on", "force_ref", "child_label", "child_age", "unit")


def define_cases(noun: CommandParser) -> None:
    """Say what “cases” takes."""
    case_list.define_commands(noun)
    listed = noun.command("list", _list, "every case, a line each")
    listed.flag("--open", "only those without an overall grade")
    listed.flag("--mine", "only those allocated to you")
    show = noun.command("show", _show, "one case and what is judged of it")
    show.add_argument("case", metavar="CASE")
    add = noun.command("add", _add, "add a case")
    add.add_argument("case", metavar="REFERENCE", help="the inspection's own reference")
    _add_facts(add)
    add.flag("--another", "it is another case than the one that its reference looks like")
    edit = noun.command(
        "edit", _edit, "change what is known of a case; what is not named stays as it is"
    )
    edit.add_argument("case", metavar="CASE")
    _add_facts(edit)
    allocate = noun.command("allocate", _allocate, "give a case to a person")
    allocate.add_argument("case", metavar="CASE")
    allocate.add_argument("--to", metavar="PERSON", help=f"default: you; “{NOBODY}” takes it back")
    withdraw = noun.command("withdraw", _withdraw, "take a case off the list, with the reason")
    withdraw.add_argument("case", metavar="CASE")
    withdraw.add_argument("--reason", required=True)
    withdraw.add_argument("--replaced-by", default="", metavar="CASE")
    reinstate = noun.command("reinstate", _reinstate, "put a withdrawn case back on the list")
    reinstate.add_argument("case", metavar="CASE")
    reinstate.add_argument("--reason", required=True)


def _add_facts(parser: argparse.ArgumentParser) -> None:
    """Add what may be known of a case; nothing is said of what is not given."""
    parser.add_argument("--type", action="append", metavar="TYPE", help="may be repeated")
    parser.add_argument("--origin", help="inspectors or self-assessed")
    parser.add_argument("--incident-on", metavar="DATE", help="such as 12 March 2026")
    parser.add_argument("--force-ref", metavar="REF", help="kept apart, out of exports")
    parser.add_argument("--child-label", metavar="WORD", help="such as “child 1”")
    parser.add_argument("--child-age", metavar="YEARS", help="years or a band")
    parser.add_argument("--unit", help="the team that dealt with it")


def _facts(context: Context) -> dict[str, Any]:
    """Return what was given of a case, by the names of its fields."""
    given = context.options("type", *_FACTS)
    return {
        "types" if name == "type" else name: value
        for name, value in given.items()
        if value is not None
    }


def _list(args: argparse.Namespace, context: Context) -> None:
    person = context.open_vault().person
    lines = [
        line
        for line in context.read(case_lines)
        if not (args.open and (line.done or line.withdrawn))
        and not (
            args.mine and line.allocated_to.casefold() not in (person.id, person.name.casefold())
        )
    ]
    headings = ("case", "type", "origin", "criteria", "overall", "allocated to", "sent", "remarks")
    rows = [
        (
            line.reference,
            ", ".join(line.type_labels),
            line.origin,
            f"{line.graded} of {line.total}",
            line.overall,
            person.name if line.allocated_to == person.id else line.allocated_to,
            line.sent,
            ", ".join(_remarks(line)),
        )
        for line in lines
    ]
    context.show(lines, table(headings, rows), marked=True, none="There is no such case.")


def _remarks(line: CaseLine) -> list[str]:
    return [
        *(["withdrawn"] if line.withdrawn else []),
        *(["≠ two answers for the overall grade"] if line.two_answers else []),
        *(
            [f"looks the same as another: this is {line.id[:MIN_ID]}; withdraw one"]
            if line.same_as
            else []
        ),
        *([f"referral {line.referral}"] if line.referral else []),
        *(["unfinished text"] if line.drafts else []),
    ]


def _show(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session, inspection_id: str) -> tuple[CaseFile, Methodology, list[QueryLine]]:
        case = find_case(s, inspection_id, args.case)
        file = open_case(s, case.id)
        return file, methodology_of(s, inspection_id), queries.lines_of(s, case.id)

    file, methodology, asked = context.read(read)
    data = {
        "case": file.case,
        "key": file.key,
        "audit": file.audit,
        "judgments": file.judgments,
        "two_answers": sorted(file.two_answers),
        "notes": file.notes,
        "referral": file.referral,
        "force": file.force,
        "queries": asked,
    }
    names = context.open_vault().read_now(lambda s: people(s.connection()))
    text = _text(file, methodology, names, context.terminal.width)
    text = "\n\n".join([text, *map(_query, asked)])
    context.show(data, text, marked=True)


def _query(line: QueryLine) -> str:
    text = f"Query on {line.label} ({line.state}), {line.asked_by} to {line.asked_of}: "
    text += line.question
    answer = [set_in(f"  {line.answered_by}: {line.answer}")] if line.answer else []
    return "\n".join([set_in(text), *answer])


def _text(file: CaseFile, methodology: Methodology, names: Mapping[str, str], width: int) -> str:
    case = file.case
    rows = [
        ("case", case.reference),
        ("withdrawn", case.withdrawn_reason if case.withdrawn else ""),
        ("type", ", ".join(methodology.type_labels(case.types))),
        ("origin", case.origin),
        ("incident", case.incident_on),
        ("child", " ".join(filter(None, (case.child_label, case.child_age)))),
        ("unit", case.unit),
        ("force's reference", file.key.force_ref if file.key else ""),
    ]
    lines = [pairs(rows, width)]

    def add(heading: str, *texts: str) -> None:
        lines.append(f"\n{heading}")
        for text in filter(None, texts):
            lines.append(set_in("  " + "\n".join(paragraphs(text, width - 6))))

    for area in methodology.criteria_on("case", overall=True):
        judgment = file.judgments.get(area.key)
        grade = judgment.said if judgment else "not judged"
        if judgment is not None and imported_auditor(judgment.by) is not None:
            grade += f" – {person_name(names, judgment.by)}"
        twice = " (≠ two answers: “fieldkit conflicts”)" if area.key in file.two_answers else ""
        texts = (
            ()
            if judgment is None
            else (judgment.why, judgment.rationale, judgment.went_well, judgment.concern)
        )
        add(f"{area.label}: {grade}{twice}", *texts)
    if file.force is not None:
        since = file.force.since.words(case.reference) if file.force.since else ""
        add(f"The force's grade: {file.force.said}", file.force.rationale, since)
    for note in file.notes:
        add(f"Note ({note.polarity or 'not marked'}):", note.text)
    if file.referral is not None:
        add(f"Referred back to the force: {file.referral.state}")
    return "\n".join(lines)


def _change(context: Context, service: Callable[..., Case], wanted: str, *more: str) -> str:
    """Do one thing to the case that is meant, show it and return its reference."""

    def change(s: Session, inspection_id: str) -> Case:
        return service(s, find_case(s, inspection_id, wanted).id, *more)

    case = context.write(change)
    context.show(case)
    return case.reference


def _add(args: argparse.Namespace, context: Context) -> None:
    try:
        case = context.write(add_case, args.case, another=args.another, **_facts(context))
    except NearReferenceError as near:
        raise RefusedError(f"{near} “--another” says so.") from None
    context.show(case, case.reference)


def _edit(args: argparse.Namespace, context: Context) -> None:
    facts = _facts(context)
    if not facts:
        args.refuse("edit needs something to change, such as --type")
    case = _change(context, partial(edit_case, **facts), args.case)
    context.terminal.say(f"{case} is changed.")


def _allocate(args: argparse.Namespace, context: Context) -> None:
    me = context.open_vault().person
    person = args.to or me.id
    if person.casefold() == NOBODY:
        person = ""
    case = _change(context, allocate_case, args.case, person)
    context.terminal.say(f"{case} is allocated to {(args.to or me.name) if person else 'nobody'}.")


def _withdraw(args: argparse.Namespace, context: Context) -> None:
    case = _change(context, withdraw_case, args.case, args.reason, args.replaced_by)
    context.terminal.say(f"{case} is withdrawn; all that was entered of it is kept.")


def _reinstate(args: argparse.Namespace, context: Context) -> None:
    case = _change(context, reinstate_case, args.case, args.reason)
    context.terminal.say(f"{case} is on the list again.")
