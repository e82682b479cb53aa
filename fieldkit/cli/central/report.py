"""``fieldkit central report``: what central holds, wordings, tables and conflicts."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from fieldkit.cli.central.open_central import open_central
from fieldkit.cli.central.wordings import across_data, across_lines, worded_lines, wordings_document
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick
from fieldkit.comparison.assemble import comparison
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.feedback.document.docx_output import to_docx
from fieldkit.followup.collected.wordings import Wordings, wordings
from fieldkit.history.conflicts import words_of
from fieldkit.service import NotThereError
from fieldkit.wording.dates import moment_words
from fieldkit.wording.format import flat
from fieldkit.wording.labels import kinds, label
from storage.central import Central
from storage.central.report import InspectionReport, Report
from storage.errors import FieldkitError
from storage.files import NewFile
from storage.ops.forces import comparable_force
from storage.ops.op import by_name
from storage.ops.text import many
from storage.records import Inspection
from storage.trust.roster import Device

TABLES_UP_TO = 20
"""Inspections up to which tables and conflicts are told without being asked for. Those of the whole
country add up every op that central holds, and nobody reads four hundred of them."""


def define_report(report: CommandParser) -> None:
    """Say what “report” takes."""
    report.handle(
        _report,
        "What central holds and waits for; what each inspection says in words: points agreed with "
        "the force, notable practice, recommendations with how far they have come, and outcomes. "
        "The three tables, with the force's grades as far as they were revealed, and the records "
        f"that do not agree are told of up to {TABLES_UP_TO} inspections, or with --tables.",
    )
    which = report.add_mutually_exclusive_group()
    which.add_argument(
        "--inspection", metavar="ID", default=argparse.SUPPRESS, help="only this inspection"
    )
    which.add_argument("--of", metavar="FORCE", default="", help="only this force, over the years")
    report.flag("--tables", "tables and conflicts of however many inspections; this may take long")
    report.add_argument(
        "--to", type=Path, metavar="FILE", help="write the wordings as a Word document (.docx)"
    )


def _report(args: argparse.Namespace, context: Context) -> None:
    central, _ = open_central(context)
    with central:
        with central.standing() as standing:
            every = standing.read_now(wordings)
        said = _chosen(every, getattr(args, "inspection", ""), args.of)
        whole = len(said) == len(every)
        tables = args.tables or len(said) <= TABLES_UP_TO
        # A database may hold an inspection that nobody's words are of yet.
        only = None if tables and whole else [one.id for one in said] if tables else ()
        report = central.report(only)
        devices = central.roster()[1].devices if central.signed_roster is not None else ()
        shown = _tables(central, report, devices, context.terminal.width)
    laptops = _called(devices)
    if args.to:
        _write(args.to, said, context)
        return
    if context.json:
        context.show(_data(report, said, shown))
        return
    context.terminal.put("\n".join([*_lines(report, laptops), *report.alarms]))
    for one in said:
        of_tables = shown.pop(one.id, None)
        lines = [*worded_lines(one), *(["", of_tables.text] if of_tables else [])]
        context.terminal.put("")
        context.terminal.put("\n".join(lines), one.marking)
    for left in shown.values():
        context.terminal.put("")
        context.terminal.put(left.text, left.marking)
    if len(said) > 1:
        markings = " / ".join(dict.fromkeys(one.marking for one in said if one.marking))
        context.terminal.put("")
        context.terminal.put("\n".join(across_lines(said)), markings)
    if not tables:
        context.terminal.say(
            "The tables, the conflicts and, beside a database, entries that count for nothing are "
            "told with --tables, or with --inspection or --of for a few inspections."
        )


def _tables(
    central: Central, report: Report, devices: Sequence[Device], width: int
) -> dict[str, _Shown]:
    """Return the tables and conflicts of the inspections that are told of."""
    persons = {device.person_id: device.person for device in devices}
    laptops = _called(devices)
    shown: dict[str, _Shown] = {}
    for ids in central.inspections() if report.inspections else ():
        of_group = [one for one in report.inspections if one.id in ids]
        if of_group:
            with central.reading(ids) as reading:
                for one in of_group:
                    shown[one.id] = reading.read_now(_read, one, width, persons, laptops)
    return shown


def _called(devices: Iterable[Device]) -> dict[str, str]:
    """Return what laptops are called, by their ids."""
    return {device.id: f"{device.person}, {device.name}" for device in devices}


def _chosen(every: Sequence[Wordings], inspection: str, force: str) -> list[Wordings]:
    """Return the inspections that are meant; raises `NotThereError` where none is."""
    if inspection:
        return [pick(inspection, every, lambda one: one.force, "inspection", where="at central")]
    if not force.strip():
        return list(every)
    name = comparable_force(force)
    forces = {comparable_force(one.force): one.force for one in every}
    meant = [one for one in forces if one == name] or [one for one in forces if name in one]
    if len(meant) != 1:
        known = ", ".join(sorted(forces.values())) or "none"
        raise NotThereError(
            f"No single force is called “{force}” at central: {known}. Nothing was changed. Name "
            "one of them."
        )
    return [one for one in every if comparable_force(one.force) == meant[0]]


def _write(path: Path, said: Sequence[Wordings], context: Context) -> None:
    data, remarks = to_docx(wordings_document(said))
    NewFile(path, data).publish()
    for remark in remarks:
        context.terminal.say(remark)
    context.show({"file": str(path), "inspections": len(said)}, str(path))
    context.terminal.say(
        f"The wordings of {many(len(said), 'inspection')} are written, not encrypted. Practice and "
        "drafts in them that no debrief told were not looked through: keep the file at central."
    )


def _data(report: Report, said: Iterable[Wordings], shown: dict[str, _Shown]) -> dict[str, Any]:
    listed = list(said)
    data = [
        {"id": one.id, "force": one.force, "marking": one.marking}
        | (shown[one.id].data if one.id in shown else {})
        | {"wordings": asdict(one)}
        for one in listed
    ]
    known = {one.id for one in listed}
    return {
        "inspections": data + [one.data for id, one in shown.items() if id not in known],
        "across": across_data(listed),
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


@dataclass(frozen=True, slots=True)
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
