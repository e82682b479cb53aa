"""``fieldkit reveal``: the force's own grade of cases, shown because somebody asked for it."""

from __future__ import annotations

import argparse
from typing import Any

from sqlmodel import Session

from fieldkit.casework.find_case import find_case
from fieldkit.casework.reveals import reveal, reveal_all
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.service import existing
from fieldkit.visibility import ForceView, force_view
from storage.records import Case, Reveal

Shown = tuple[Case, Reveal, ForceView | None]

NOTHING_READY = (
    "No case is ready to be revealed, so nothing was recorded. “fieldkit compare” names those "
    "that wait for our own grade."
)


def define_reveal(parser: CommandParser) -> None:
    """Say what “reveal” takes."""
    parser.handle(
        _reveal,
        "Show the force's own grade of cases. It goes on record with our overall grade as it "
        "stands, which changes only with a reason from then on. Refused where our overall grade "
        "is not entered, or no row of the force is matched to the case.",
    )
    parser.add_argument("case", metavar="CASE", nargs="*", help="one case or several")
    parser.flag("--all", "every case that the force assessed, that is matched and has our grade")


def _reveal(args: argparse.Namespace, context: Context) -> None:
    if args.all == bool(args.case):
        args.refuse("name the cases to be revealed, or give --all")

    def revealed(s: Session, inspection_id: str) -> list[Shown]:
        if args.all:
            made = reveal_all(s, inspection_id)
        else:
            known = [find_case(s, inspection_id, written) for written in args.case]
            made = [reveal(s, case_id) for case_id in dict.fromkeys(case.id for case in known)]
        return [(existing(s, Case, one.case_id), one, force_view(s, one.case_id)) for one in made]

    shown = context.write(revealed)
    data = [_data(*each) for each in shown]
    one_named = len(args.case) == 1
    if not shown:
        context.terminal.say(NOTHING_READY)
    context.show(
        data[0] if one_named else {"cases": data},
        "\n\n".join(_words(*each) for each in shown) if shown else None,
        marked=True,
    )


def _data(case: Case, revealed: Reveal, force: ForceView | None) -> dict[str, Any]:
    """Return a case as data; it has no view of the force's where its row was taken back since."""
    return {
        "case": case.reference,
        "initial_grade": revealed.grade,
        "force": None
        if force is None
        else {
            "grade": force.grade,
            "written": force.written,
            "rationale": force.rationale,
            "since": _since(case, force),
        },
    }


def _words(case: Case, revealed: Reveal, force: ForceView | None) -> str:
    text = f"{case.reference}: our grade was {revealed.grade}; "
    if force is None:
        return f"{text}no row of the force is matched to it."
    rows = (f"{text}the force's is {force.said}.", force.rationale, _since(case, force))
    return "\n".join(filter(None, rows))


def _since(case: Case, force: ForceView) -> str | None:
    return force.since.words(case.reference) if force.since else None
