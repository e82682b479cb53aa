"""``fieldkit cases audit``: what a case file shows besides the grades."""

from __future__ import annotations

import argparse

from sqlmodel import Session

from fieldkit.casework.cases import set_audit
from fieldkit.casework.find_case import find_case
from fieldkit.cli.kit.command_parser import CommandParser
from fieldkit.cli.kit.context import Context
from fieldkit.cli.kit.layout import pairs
from fieldkit.cli.kit.options import CASE, TIME
from fieldkit.methodology import USUAL, Methodology, load
from fieldkit.methodology.audit_lines import MOMENT, TEXT, audit_lines
from fieldkit.service import methodology_of
from fieldkit.wording.dates import short_moment
from storage.records import Case, CaseAudit
from storage.records.case import case_audit_id

NOT_ANSWERED = "—"


def define_audit(noun: CommandParser) -> None:
    """Say what “cases audit” takes: an option for each line of the audit."""
    audit = noun.command(
        "audit",
        _audit,
        "answer what is asked of a case besides the grades: the voice of the child, timeliness, "
        "supervision, risk; context and notable practice",
        "Answer what is asked of a case besides the grades. What is not named stays as it is; an "
        "empty answer takes one back. Without an option every line is shown with its answer.",
    )
    audit.add_argument("case", metavar="CASE", help=CASE)
    methodology = load(USUAL)
    answers = ", ".join(f"“{one.key}”" for one in methodology.answers)
    # A line has one field in every methodology: the fields are those of the record.
    for line in audit_lines(methodology):
        option = _option(line.field)
        if line.kind == TEXT:
            audit.text(option, line.label)
        elif line.kind == MOMENT:
            words = f"when: {line.label}; {TIME}"
            audit.add_argument(option, metavar="TIME", help=words)
        else:
            audit.add_argument(option, metavar="ANSWER", help=f"{line.label} {answers}")


def _option(field: str) -> str:
    return f"--{field.replace('_', '-')}"


def _audit(args: argparse.Namespace, context: Context) -> None:
    fields = [line.field for line in audit_lines(load(USUAL))]
    options = context.options(*fields)
    given = {name: value for name, value in options.items() if value is not None}

    def read(s: Session, inspection_id: str) -> tuple[Case, CaseAudit | None, Methodology]:
        case = find_case(s, inspection_id, args.case)
        if given:
            set_audit(s, case.id, **given)
        audit = s.get(CaseAudit, case_audit_id(case.id))
        return case, audit, methodology_of(s, inspection_id)

    case, audit, methodology = context.write(read) if given else context.read(read)
    known = {name: str(getattr(audit, name, "")) for name in fields}
    rows = [
        (_option(line.field), f"{line.label}  {short_moment(known[line.field]) or NOT_ANSWERED}")
        for line in audit_lines(methodology)
    ]
    text = f"{case.reference}, case audit\n\n{pairs(rows, context.terminal.width)}"
    context.show({"case": case.reference} | known, text if not given else None, marked=True)
    if given:
        context.terminal.say(f"{case.reference}: the audit is kept.")
