"""``fieldkit doctor``: whether this computer is ready for fieldkit, and what mends it."""

from __future__ import annotations

import argparse
from pathlib import Path

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.exit import DONE, REFUSED, VERSION
from fieldkit.cli.kit.layout import pairs
from fieldkit.vault.doctor.examine import examine
from fieldkit.vault.doctor.finding import Finding
from storage.ops.text import many


def define_doctor(doctor: CommandParser) -> None:
    """Say what “doctor” takes."""
    doctor.handle(
        _doctor,
        "Looks at Python, the libraries, the terminal, the vault's folder, free space, the clock "
        "and the latest backup. It asks for no passphrase, opens and changes nothing, and names "
        "nothing that a vault holds. Ends with 1 where something has to be mended.",
    )
    doctor.add_argument(
        "--backups",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="look for backups in this folder too, such as one on another disk",
    )
    # The one command that has to run where the others refuse to.
    doctor.set_defaults(beside_strangers=True)


def _doctor(args: argparse.Namespace, context: Context) -> int:
    places = [place.expanduser().absolute() for place in args.backups]
    findings = examine(context.folder, places)
    wrong = [one for one in findings if one.state == "mend"]
    data = {"version": VERSION, "ready": not wrong, "findings": list(map(_data, findings))}
    rows = [(f"{_MARKS[one.state]} {one.subject}", _words(one)) for one in findings]
    last = f"{many(len(wrong), 'thing')} to mend." if wrong else "Ready: nothing has to be mended."
    context.show(data, f"{pairs(rows, context.terminal.width)}\n\n{last}")
    return REFUSED if wrong else DONE


_MARKS = {"ok": "ok    ", "beware": "beware", "mend": "MEND  "}


def _words(finding: Finding) -> str:
    return f"{finding.text}\n{finding.way}" if finding.way else finding.text


def _data(finding: Finding) -> dict[str, str]:
    return {
        "subject": finding.subject,
        "state": finding.state,
        "text": finding.text,
        "way": finding.way,
    }
