"""``fieldkit cases``: list, add, edit, allocate, withdraw, reinstate; more stands beside it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlmodel import Session

from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.cases import (
    add_case,
    allocate_cases,
    edit_case,
    reinstate_case,
    withdraw_case,
)
from fieldkit.casework.find_case import MIN_ID, NearReferenceError, find_case
from fieldkit.casework.overview.case_order import Order
from fieldkit.cli.casework import case_audit, case_list, show_case
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import table
from fieldkit.cli.kit.options import CASE, DAY
from fieldkit.service import RefusedError, methodology_of
from storage.records import Case
from storage.trust.identity import Person

NOBODY = "nobody"
BY = {"case": 0, "type": 1, "who": 2, "criteria": 3, "overall": 4, "sent": 5}
"""The columns of the list that it may be sorted by, as ``SORTS`` has them."""
_NAMED = {"type": "types", "area": "areas", "because": "audited_because"}
"""What options are called as fields of a case, where that is otherwise."""
_FACTS = ("origin", "incident_on", "force_ref", "child_label", "child_age", "child", "unit")


def define_cases(noun: CommandParser) -> None:
    """Say what “cases” takes."""
    case_list.define_commands(noun)
    listed = noun.command("list", _list, "every case, a line each")
    listed.flag("--open", "only those without an overall grade")
    listed.flag("--mine", "only those allocated to you")
    listed.flag("--done", "only those with an overall grade")
    listed.flag("--referred", "only those referred back to the force")
    listed.flag("--withdrawn", "only those withdrawn")
    listed.text("--holding", "only those whose line holds all of these words", default="")
    listed.add_argument("--by", choices=BY, default="case", help="sort by this column")
    listed.flag("--reversed", "sort the other way round")
    show_case.define_show(noun)
    case_audit.define_audit(noun)
    add = noun.command("add", _add, "add a case")
    add.add_argument("case", metavar="REFERENCE", help="the inspection's own reference")
    _add_facts(add)
    add.flag("--another", "it is another case than the one that its reference looks like")
    edit = noun.command(
        "edit", _edit, "change what is known of a case; what is not named stays as it is"
    )
    edit.add_argument("case", metavar="CASE", help=CASE)
    edit.text("--reference", "the inspection's own reference, put right", metavar="REFERENCE")
    edit.flag("--another", "it is another case than the one that its new reference looks like")
    _add_facts(edit)
    edit.text("--second-reader", "who reads the case as well", metavar="PERSON")
    allocate = noun.command("allocate", _allocate, "give one case or several to a person")
    allocate.add_argument("case", metavar="CASE", nargs="+", help=CASE)
    allocate.text(
        "--to", f"who audits it; default: you; “{NOBODY}” takes it back", metavar="PERSON"
    )
    withdraw = noun.command("withdraw", _withdraw, "take a case off the list, with the reason")
    withdraw.add_argument("case", metavar="CASE", help=CASE)
    withdraw.text("--reason", "why it is withdrawn", required=True)
    withdraw.add_argument(
        "--replaced-by", default="", metavar="CASE", help="the case that takes its place"
    )
    reinstate = noun.command("reinstate", _reinstate, "put a withdrawn case back on the list")
    reinstate.add_argument("case", metavar="CASE", help=CASE)
    reinstate.text("--reason", "why it counts after all", required=True)


def _add_facts(parser: CommandParser) -> None:
    """Add what may be known of a case; nothing is said of what is not given."""
    parser.add_argument(
        "--type", action="append", metavar="TYPE", help="a type of case; may be repeated"
    )
    parser.add_argument("--origin", metavar="ORIGIN", help="inspectors or self-assessed")
    parser.add_argument("--incident-on", metavar="DATE", help=f"the day of the incident: {DAY}")
    parser.text("--force-ref", "the force's reference; kept apart, out of exports", metavar="REF")
    parser.text("--child-label", "what the child is called here, such as “child 1”")
    parser.text("--child-age", "the child's age in years or as a band", metavar="YEARS")
    parser.text("--child", "the key to the child's label; kept apart, out of exports")
    parser.text("--unit", "the team of the force that dealt with it")
    parser.add_argument(
        "--area",
        action="append",
        metavar="CRITERION",
        help="in a review: an area of concern that it is audited for; may be repeated",
    )
    parser.text("--because", "why it is audited although this visit or review would not")


def _facts(context: Context) -> dict[str, Any]:
    """Return what was given of a case, by the names of its fields."""
    given = context.options("type", "area", "because", *_FACTS)
    return {_NAMED.get(name, name): value for name, value in given.items() if value is not None}


def _list(args: argparse.Namespace, context: Context) -> None:
    person = context.open_vault().person
    lines = [
        line
        for line in context.read(case_lines)
        if not (args.open and (line.done or line.withdrawn))
        and (line.done or not args.done)
        and (line.referral or not args.referred)
        and (line.withdrawn or not args.withdrawn)
        and _holds(line, person, args.holding)
        and not (
            args.mine and line.allocated_to.casefold() not in (person.id, person.name.casefold())
        )
    ]
    grades = context.read(methodology_of).scale_for("case").labels
    lines = Order(BY[args.by], args.reversed).sort(lines, grades)
    headings = ("case", "type", "origin", "criteria", "overall", "allocated to", "sent", "remarks")
    rows = [
        (
            line.reference,
            ", ".join(line.type_labels),
            line.origin,
            f"{line.graded} of {line.total}",
            line.overall,
            line.auditor,
            line.sent,
            ", ".join(_remarks(line)),
        )
        for line in lines
    ]
    context.show(lines, table(headings, rows), marked=True, none="There is no such case.")


def _holds(line: CaseLine, me: Person, words: str) -> bool:
    """Say whether the line of a case holds all of these words."""
    whose = line.auditor
    known = (line.reference, line.force_ref, *line.type_labels, whose, line.overall, line.unit)
    text = " ".join(known).casefold()
    return all(word in text for word in words.casefold().split())


def _remarks(line: CaseLine) -> list[str]:
    return [
        *(["withdrawn"] if line.withdrawn else []),
        *(["≠ two answers for the overall grade"] if line.two_answers else []),
        *(
            [
                f"looks the same as another: this is {line.id[:MIN_ID]}; withdraw one, or correct "
                "its reference (cases edit)"
            ]
            if line.same_as
            else []
        ),
        *([f"referral {line.referral}"] if line.referral else []),
        *(["unfinished text"] if line.drafts else []),
    ]


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
    if args.second_reader is not None:
        facts["second_reader"] = args.second_reader
    if args.reference is not None:
        facts |= {"reference": args.reference, "another": args.another}
    if not facts:
        args.refuse("edit needs something to change, such as --type")
    try:
        case = _change(context, partial(edit_case, **facts), args.case)
    except NearReferenceError as near:
        raise RefusedError(f"{near} “--another” says so.") from None
    context.terminal.say(f"{case} is changed.")


def _allocate(args: argparse.Namespace, context: Context) -> None:
    me = context.open_vault().person
    person = args.to or me.id
    if person.casefold() == NOBODY:
        person = ""

    def allocate(s: Session, inspection_id: str) -> list[Case]:
        cases = [find_case(s, inspection_id, wanted) for wanted in args.case]
        allocate_cases(s, [case.id for case in cases], person)
        return cases

    cases = context.write(allocate)
    context.show({"cases": cases} if len(cases) > 1 else cases[0])
    named = ", ".join(case.reference for case in cases)
    verb = "are" if len(cases) > 1 else "is"
    whose = (args.to or me.name) if person else "nobody"
    context.terminal.say(f"{named} {verb} allocated to {whose}.")


def _withdraw(args: argparse.Namespace, context: Context) -> None:
    case = _change(context, withdraw_case, args.case, args.reason, args.replaced_by)
    context.terminal.say(f"{case} is withdrawn; all that was entered of it is kept.")


def _reinstate(args: argparse.Namespace, context: Context) -> None:
    case = _change(context, reinstate_case, args.case, args.reason)
    context.terminal.say(f"{case} is on the list again.")
