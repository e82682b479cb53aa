"""Lines of a case audit besides the grades: voice, timeliness, supervision, risk, what is written.

The page of a case, its command and what a case audit says as evidence show the same lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.methodology.methodology import Methodology
from fieldkit.methodology.terms import Term

ANSWER, MOMENT, TEXT = "answer", "moment", "text"
BESIDES = (
    ("context", "Context: resources, partners"),
    ("notable_practice", "Notable practice"),
)
"""The texts of a case audit that belong to no section."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Holds one line of a case audit.

    Attributes:
        kind: ANSWER takes a word of the methodology, MOMENT a date or time, TEXT what is written.
        field: the field of the case audit.
        label: the question, or what the field is called.
        heading: the section that it stands in.
        short: the label in a narrow column.
    """

    kind: str
    field: str
    label: str
    heading: str
    short: str


def audit_lines(methodology: Methodology) -> list[AuditLine]:
    """Return the lines of a case audit in the order in which they are shown."""
    sections: tuple[tuple[str, str, str, tuple[Term, ...]], ...] = (
        ("voice", "Voice of the child", ANSWER, methodology.voice),
        ("timeliness", "Timeliness", MOMENT, methodology.timeliness),
        ("supervision", "Supervision", ANSWER, methodology.supervision),
        ("risk", "Risk", ANSWER, methodology.risk),
    )
    lines: list[AuditLine] = []
    for name, heading, kind, terms in sections:
        for term in terms:
            short = term.short or term.label[:1].upper() + term.label[1:]
            lines.append(AuditLine(kind, term.key, term.label, heading, short))
        lines.append(AuditLine(TEXT, f"{name}_note", f"{heading}, remarks", heading, "Remarks"))
    for field, label in BESIDES:
        lines.append(AuditLine(TEXT, field, label, "Besides", label))
    return lines


def audit_words(
    methodology: Methodology, values: Mapping[str, Any], write_moment: Callable[[str], str]
) -> Iterable[str]:
    """Yield each line of an audit that has something in it, with its label.

    Args:
        methodology: the one that the inspection is pinned to.
        values: the fields of the audit as they stand or once stood.
        write_moment: writes a moment as a person reads it.
    """
    for line in audit_lines(methodology):
        text = str(values.get(line.field) or "").strip()
        if text:
            text = write_moment(text) if line.kind == MOMENT else text
            yield f"{line.label}{'' if line.label.endswith('?') else ':'} {text}"
