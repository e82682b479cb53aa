"""``fieldkit audit``: who did what to which record, when, on which laptop, and why."""

from __future__ import annotations

import argparse
import csv
import io

from sqlmodel import Session

from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.pick import pick_record
from fieldkit.history.audit import AuditLine, Trail, operations, trail

COLUMNS = (
    *("wall", "who", "laptop", "operation", "did", "kind", "record", "label", "fields"),
    *("recipient", "reason", "op"),
)


def define_audit(audit: CommandParser) -> None:
    """Say what “audit” takes."""
    audit.handle(_audit)
    names = [operation.name for operation in operations()]
    audit.add_argument("--operation", choices=names, default="", help="only one of the six")
    audit.add_argument("--from", dest="since", default="", metavar="DATE", help="first day")
    audit.add_argument("--to", dest="until", default="", metavar="DATE", help="last day")
    audit.add_argument("--record", metavar="RECORD", help="only one record, as in “history”")
    audit.flag("--csv", "print data as CSV")


def _audit(args: argparse.Namespace, context: Context) -> None:
    def read(s: Session) -> Trail:
        record = pick_record(s, context, args.record) if args.record else None
        if record is None:
            context.mark(s)
        when = context.options("operation", "since", "until")
        return trail(s, record=record, most=None, **when)

    lines = context.open_vault().read_now(read).lines
    if args.csv and not context.json:
        context.terminal.put(_csv(lines))
        return
    text = "\n".join(" ".join(line.text.split()) for line in lines)
    context.show(lines, text, marked=True, none="Nothing of this is on record.")


def _csv(lines: list[AuditLine]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        values = [getattr(line, name) for name in COLUMNS]
        cells = ["; ".join(cell) if isinstance(cell, tuple) else cell for cell in values]
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
