"""``fieldkit central report``: what central holds, each inspection's tables and conflicts."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.cli.central.open_central import open_central
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from fieldkit.comparison.assemble import comparison
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.history.conflicts import words_of
from fieldkit.wording.dates import moment_words
from fieldkit.wording.format import flat
from fieldkit.wording.labels import kinds, label
from storage.central.report import InspectionReport, Report
from storage.errors import FieldkitError
from storage.ops.op import by_name
from storage.ops.text import many
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
        report = central.report()
        wanted = inspection_named(report, args.inspection) if args.inspection else None
        devices = central.roster()[1].devices if central.signed_roster is not None else ()
        persons = {device.person_id: device.person for device in devices}
        laptops = {device.id: f"{device.person}, {device.name}" for device in devices}
        shown: list[_Shown] = []
        for ids in central.inspections():
            inspections = [
                one for one in report.inspections if one.id in ids and wanted in (None, one.id)
            ]
            if inspections:
                with central.reading(ids) as reading:
                    shown += [
                        reading.read_now(
                            _read, inspection, context.terminal.width, persons, laptops
                        )
                        for inspection in inspections
                    ]
    if context.json:
        context.show(
            {
                "inspections": [one.data for one in shown],
                "ops": report.ops,
                "feeds": by_name(report.feeds),
                "waiting": by_name(report.waiting),
                "held": report.holdings.held,
                "refused": report.refused,
                "rejected": [refusal.value() for refusal in report.holdings.refused],
                "handed_out": report.holdings.handed_out,
                "conflicts": report.conflicts,
                "alarms": report.alarms,
            }
        )
        return
    context.terminal.put("\n".join([*_lines(report, laptops), *report.alarms]))
    for one in shown:
        context.terminal.put("")
        context.terminal.put(one.text, one.marking)


@dataclass(frozen=True)
class _Shown:
    """Holds what is shown of one inspection: for a person, for ``--json``, and its marking."""

    text: str
    data: dict[str, Any]
    marking: str


def _read(
    s: Session,
    report: InspectionReport,
    width: int,
    persons: dict[str, str],
    laptops: dict[str, str],
) -> _Shown:
    tables: dict[str, Any]
    try:
        compared = comparison(s, report.id, called=persons)
        text, tables = to_text(compared, width), to_json(compared)
    except FieldkitError as error:
        text, tables = f"The tables cannot be made: {error}", {"cannot": str(error)}
    inspection = s.get(Inspection, report.id)
    marking = inspection.marking if inspection is not None else ""
    lines, conflicts = [], []
    for conflict in report.conflicts:
        title = label(s, conflict.kind, conflict.record)
        fields = ", ".join(words_of(conflict.kind, conflict.fields))
        writers = ", ".join(
            f"{laptops.get(id, id)}, {moment_words(wall)}" for id, wall in conflict.writers
        )
        lines.append(f"Conflict: {title}: {fields} ({writers})")
        conflicts.append(
            {
                "kind": conflict.kind,
                "record": conflict.record,
                "label": title,
                "fields": conflict.fields,
                "writers": [{"device": id, "wall": wall} for id, wall in conflict.writers],
            }
        )
    heading = f"{report.force} ({report.id[:8]}): {kinds(report.counts)}"
    data = {
        "id": report.id,
        "force": report.force,
        "marking": marking,
        "counts": report.counts,
        "conflicts": conflicts,
        "comparison": tables,
    }
    lines = [heading, "", *(lines or ["No conflict is open."]), "", text]
    return _Shown("\n".join(lines), data, marking)


def inspection_named(report: Report, wanted: str) -> str:
    """Return the id of the inspection meant: by the beginning of one, or by its force's name."""
    known = report.inspections
    return pick(wanted, known, lambda one: one.force, "inspection", where="at central").id


def _lines(report: Report, laptops: dict[str, str]) -> list[str]:
    """Return what central holds of all inspections."""
    entries = f"{many(report.ops, 'entry', 'entries')} in {many(len(report.feeds), 'feed')}"
    lines = [f"{entries}; {many(report.refused, 'bundle')} refused."]
    for feed, (first, last) in report.waiting.items():
        lines.append(f"Waiting for entries {first} to {last} of {feed}.")
    lines += [
        f"Refused: {flat(refusal.name)} ({refusal.reason}), {refusal.at}"
        for refusal in report.holdings.refused
    ]
    forces = {one.id: one.force for one in report.inspections}
    for copy in report.holdings.handed_out:
        number = many(copy["ops"], "entry", "entries")
        force = forces.get(copy["inspection"], f"inspection {copy['inspection']}")
        laptop = laptops.get(copy["device"], f"laptop {copy['device']}")
        lines.append(f"Handed out: {number} of {force} to {laptop}, {copy['at']}")
    return lines
