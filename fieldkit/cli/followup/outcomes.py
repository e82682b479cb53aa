"""``fieldkit outcomes``: what bears on each outcome of the programme, and the pulse."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.options import between
from fieldkit.cli.kit.pick import pick
from fieldkit.evidence.entries import entry_lines
from fieldkit.followup.outcomes.counted import Count
from fieldkit.followup.outcomes.pulse import FOCUS_GROUP, questions, take_pulse
from fieldkit.followup.outcomes.table import Bearing, OutcomeTable, outcome_table
from fieldkit.methodology import USUAL, load
from fieldkit.wording.format import set_in
from storage.ops.text import many
from storage.records import Interview, Pulse
from storage.records.fieldwork import MOST_ANSWERS


def define_outcomes(noun: CommandParser) -> None:
    """Say what “outcomes” takes."""
    noun.handle(
        _table,
        "Without a further command: the nineteen outcomes of the programme with the notes, points, "
        "recommendations and counts that bear on each, beside the force's inspection before. Mark "
        "a note, a point or a recommendation with --outcome.",
    )
    pulse = noun.command(
        "pulse",
        _pulse,
        "keep how the people of a unit in a focus group answered a question of the pulse",
        "The questions: "
        + " ".join(f"“{one.key}”: {one.label}" for one in questions(load(USUAL)))
        + " Counts only; the same again corrects them.",
    )
    pulse.add_argument("group", metavar="GROUP", help="the focus group: its id or a part of it")
    units = ", ".join(one.key for one in load(USUAL).pulse_units)
    pulse.add_argument("unit", metavar="UNIT", help=f"the unit that they work in: {units}")
    pulse.add_argument("question", metavar="QUESTION", help="its key or its wording")
    for name, help in (
        ("agree", "how many agree"),
        ("neither", "how many neither agree nor disagree"),
        ("disagree", "how many disagree"),
    ):
        pulse.add_argument(
            f"--{name}", type=between(0, MOST_ANSWERS), default=0, metavar="N", help=help
        )


def _table(args: argparse.Namespace, context: Context) -> None:
    table = context.read(outcome_table)
    context.show(table_data(table), "\n".join(_lines(table)), marked=True)


def _pulse(args: argparse.Namespace, context: Context) -> None:
    def take(s: Session, inspection_id: str) -> Pulse:
        entries = [one for one in entry_lines(s, inspection_id) if one.kind == Interview.KIND]
        groups = [one for one in entries if one.label.startswith(FOCUS_GROUP)]
        group = pick(args.group, groups or entries, lambda entry: entry.label, FOCUS_GROUP)
        counts = args.agree, args.neither, args.disagree
        return take_pulse(s, group.id, args.unit, args.question, *counts)

    pulse = context.write(take)
    context.show(pulse, pulse.id)
    answered = many(pulse.agree + pulse.neither + pulse.disagree, "answer")
    context.terminal.say(f"{answered} of {pulse.unit} kept.")


def table_data(table: OutcomeTable) -> dict[str, Any]:
    """Return the table as data, each count and bearing with its words."""
    return {
        "inspection": table.inspection_id,
        "force": table.force,
        "called": table.called,
        "called_then": table.called_then,
        "outcomes": [
            {
                "key": row.key,
                "label": row.label,
                "pathway": row.pathway,
                "now": _bearing(row.now),
                "then": _bearing(row.then) if row.then else None,
            }
            for row in table.rows
        ],
    }


def _bearing(one: Bearing) -> dict[str, Any]:
    counted = [asdict(each) | {"words": each.words} for each in one.counted]
    return asdict(one) | {"words": one.words, "counted": counted}


def _lines(table: OutcomeTable) -> Iterator[str]:
    beside = f", beside the {table.called_then}" if table.called_then else ""
    yield f"Outcomes of the programme, {table.force}, {table.called}{beside}"
    pathway = ""
    for row in table.rows:
        if row.pathway != pathway:
            pathway = row.pathway
            yield ""
            yield {"both": "Both pathways"}.get(pathway, f"Pathway of the {pathway}")
        then = row.then.words or "nothing marked" if row.then else ""
        now = row.now.words or "nothing marked"
        yield set_in(f"  {row.label} ({row.key}): {now}" + (f"; then {then}" if then else ""))
        earlier = {one.key: one for one in row.then.counted} if row.then else {}
        for count in row.now.counted:
            if words := _count(count, earlier.get(count.key)):
                yield set_in(f"      {count.label.rstrip('.')}: {words}")
    bare = len(table.bare)
    yield ""
    yield f"Nothing bears on {many(bare, 'outcome')}." if bare else "Something bears on each."


def _count(now: Count, then: Count | None) -> str:
    before = then.words if then else ""
    if not before:
        return now.words
    return f"{now.words or 'not counted'}; then {before}"
