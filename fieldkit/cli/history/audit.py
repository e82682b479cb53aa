"""``fieldkit audit``: who did what to which record, when, on which laptop, and why."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlmodel import Session

    from fieldkit.cli.kit.context import Context
    from fieldkit.history.audit import AuditLine, Trail

COLUMNS = (
    *("wall", "who", "laptop", "operation", "did", "kind", "record", "label", "fields"),
    *("recipient", "reason", "op"),
)
OPERATIONS = ("collection", "alteration", "consultation", "disclosure", "combination", "erasure")


def add_parsers(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``audit``."""
    audit = subparsers.add_parser(
        "audit", help="the audit trail: the operations of section 62 of the DPA 2018"
    )
    audit.add_argument("--operation", choices=OPERATIONS, default="", help="only one of the six")
    audit.add_argument("--from", dest="since", default="", metavar="DATE", help="first day")
    audit.add_argument("--to", dest="until", default="", metavar="DATE", help="last day")
    audit.add_argument("--record", metavar="RECORD", help="only one record, as in «history»")
    audit.add_argument("--csv", action="store_true", help="print data as CSV")
    audit.set_defaults(run=_audit)


def _audit(args: argparse.Namespace, context: Context) -> int:
    from dataclasses import asdict

    from fieldkit.cli.kit.pick import meant
    from fieldkit.history.audit import trail
    from fieldkit.history.record_history import inspection_of

    def read(s: Session) -> Trail:
        record = meant(s, context, args.record) if args.record else None
        context.mark(s, inspection_of(s, *record) if record else "")
        return trail(
            s,
            operation=args.operation,
            since=args.since,
            until=args.until,
            record=record,
            most=None,
        )

    lines = context.open_vault().read_now(read).lines
    if args.csv and not context.json:
        context.put(_csv(lines))
        return 0
    if not lines and not context.json:
        context.say("Nothing of this is on record.")
        return 0
    text = "\n".join(" ".join(one.text.split()) for one in lines)
    context.answer([asdict(one) for one in lines], text, marking=True)
    return 0


def _csv(lines: list[AuditLine]) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in lines:
        values = [getattr(one, name) for name in COLUMNS]
        cells = ["; ".join(cell) if isinstance(cell, tuple) else cell for cell in values]
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
