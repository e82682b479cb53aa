"""``fieldkit central report``: what central holds, each inspection's tables and conflicts."""

from __future__ import annotations

import argparse
from typing import Any

from sqlmodel import Session

from fieldkit.cli.central.open_central import open_central
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from fieldkit.cli.kit.terminal import flat
from fieldkit.comparison.assemble import comparison
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text import to_text
from fieldkit.history.conflicts import words_of
from fieldkit.wording.format import many
from fieldkit.wording.labels import kinds, label
from storage.central import Central
from storage.central.report import InspectionReport, OpenConflict, Report
from storage.errors import FieldkitError
from storage.ops.op import by_name
from storage.records import Inspection


def define_report(report: CommandParser) -> None:
    """Say what “report” takes."""
    report.handle(
        _report,
        "What central holds and waits for; for each inspection the three tables, with "
        "the force's grades as far as they were revealed, and the records that do not agree.",
    )
    report.add_argument(
        "--inspection", metavar="ID", default=argparse.SUPPRESS, help="only this inspection"
    )


def _report(args: argparse.Namespace, context: Context) -> None:
    central, _ = open_central(context)
    with central:
        found = central.report()
        wanted = inspection_named(found, args.inspection) if args.inspection else None
        told = []
        persons = _person_names(central)
        for ids in central.inspections():
            several = [one for one in found.inspections if one.id in ids]
            several = [one for one in several if wanted in (None, one.id)]
            if several:
                with central.reading(ids) as reading:
                    told += [
                        reading.read_now(_inspection, one, context, persons) for one in several
                    ]
        names = _laptop_names(central)
    data = {
        "inspections": [_inspection_data(*one) for one in told],
        "ops": found.ops,
        "feeds": by_name(found.feeds),
        "waiting": by_name(found.waiting),
        "held": found.holding.held,
        "refused": found.refused,
        "rejected": [one.value() for one in found.holding.refused],
        "handed_out": found.holding.handed_out,
        "conflicts": found.conflicts,
    }
    if context.json:
        context.show(data)
        return
    context.terminal.put("\n".join(_holding_lines(found, names)))
    for report, tables, _, labels, marking in told:
        context.terminal.put("")
        context.terminal.put("\n".join(_inspection_lines(report, tables, labels, names)), marking)


_Told = tuple["InspectionReport", str, dict[str, Any], dict[str, str], str]


def _inspection(
    s: Session, report: InspectionReport, context: Context, persons: dict[str, str]
) -> _Told:
    """An inspection's tables as text and as data, its conflicts' names, and its marking."""
    try:
        made = comparison(s, report.id, called=persons)
        text, data = to_text(made, context.terminal.width), to_json(made)
    except FieldkitError as error:
        text, data = f"The tables cannot be made: {error}", {"cannot": str(error)}
    labels = {one.record: label(s, one.kind, one.record) for one in report.conflicts}
    kept = s.get(Inspection, report.id)
    return report, text, data, labels, kept.marking if kept is not None else ""


def inspection_named(found: Report, wanted: str) -> str:
    """The id of the inspection that is meant: the beginning of one, or its force's name."""
    inspections = found.inspections
    return pick(wanted, inspections, lambda one: one.force, "inspection", where="at central").id


def _holding_lines(found: Report, names: dict[str, str]) -> list[str]:
    held = f"{many(found.ops, 'entry', 'entries')} in {many(len(found.feeds), 'feed')}"
    lines = [f"{held}; {many(found.refused, 'bundle')} refused."]
    for feed, (first, last) in found.waiting.items():
        lines.append(f"Waiting for entries {first} to {last} of {feed}.")
    lines += [
        f"Refused: {flat(one.name)} ({one.reason}), {one.at}" for one in found.holding.refused
    ]
    forces = {one.id: one.force for one in found.inspections}
    for given in found.holding.handed_out:
        number = many(given["ops"], "entry", "entries")
        force = forces.get(given["inspection"], f"inspection {given['inspection']}")
        whom = names.get(given["device"], f"laptop {given['device']}")
        lines.append(f"Handed out: {number} of {force} to {whom}, {given['at']}")
    return lines


def _inspection_lines(
    report: InspectionReport, tables: str, labels: dict[str, str], names: dict[str, str]
) -> list[str]:
    lines = [f"{report.force} ({report.id[:8]}): {kinds(report.counts)}", ""]
    lines += [_conflict_line(one, labels[one.record], names) for one in report.conflicts] or [
        "No conflict is open."
    ]
    return [*lines, "", tables]


def _conflict_line(one: OpenConflict, label: str, names: dict[str, str]) -> str:
    who = ", ".join(f"{names.get(device, device)} at {wall}" for device, wall in one.writers)
    return f"Conflict: {label}: {', '.join(words_of(one.kind, one.fields))} ({who})"


def _inspection_data(
    report: InspectionReport,
    _: str,
    tables: dict[str, Any],
    labels: dict[str, str],
    marking: str,
) -> dict[str, Any]:
    return {
        "id": report.id,
        "force": report.force,
        "marking": marking,
        "counts": report.counts,
        "conflicts": [
            {
                "kind": one.kind,
                "record": one.record,
                "label": labels[one.record],
                "fields": list(one.fields),
                "writers": [{"device": device, "wall": wall} for device, wall in one.writers],
            }
            for one in report.conflicts
        ],
        "comparison": tables,
    }


def _laptop_names(central: Central) -> dict[str, str]:
    signed = central.signed_roster
    if signed is None:
        return {}
    return {one.id: f"{one.person}, {one.name}" for one in central.roster()[1].devices}


def _person_names(central: Central) -> dict[str, str]:
    if central.signed_roster is None:
        return {}
    return {one.person_id: one.person for one in central.roster()[1].devices}
