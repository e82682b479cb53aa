"""The rows of a case audit: criteria, voice of the child, timeliness, supervision, risk, texts."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.casework.case_file import CaseFile
from fieldkit.methodology import Methodology
from fieldkit.methodology.audit_lines import audit_lines

CRITERION = "criterion"

WRITTEN = (
    ("rationale", "Rationale"),
    ("went_well", "What went well"),
    ("concern", "Concern"),
)
"""The texts of a criterion, and what they are called."""


@dataclass(frozen=True)
class Row:
    """Holds one line of the audit.

    Attributes:
        kind: criterion, answer, moment or text.
        key: the criterion's key, or the field of the case audit.
        label: what it is called.
        prompt: the question behind it.
        section: the title of the section that it stands in; empty for the criteria.
        short: its label in a narrow column.
        number: of the criterion; 0 for the overall and for other lines.
    """

    kind: str
    key: str
    label: str
    prompt: str = ""
    section: str = ""
    short: str = ""
    number: int = 0


def rows(methodology: Methodology) -> list[Row]:
    """Return the rows of an audit; the overall grade comes last of the criteria."""
    criteria = [
        Row(
            CRITERION,
            one.key,
            one.label,
            one.prompt,
            short=one.label,
            number=methodology.number_of(one.key),
        )
        for one in methodology.criteria_on("case", overall=True)
    ]
    besides = [
        Row(one.kind, one.field, one.label, section=one.heading, short=one.short)
        for one in audit_lines(methodology)
    ]
    return criteria + besides


def value(row: Row, file: CaseFile) -> str:
    """Return what stands in a row, in few words; empty where nothing does."""
    if row.kind == CRITERION:
        judged = file.judgments.get(row.key)
        if judged is None or judged.state == "not judged":
            return ""
        return judged.said
    text = getattr(file.audit, row.key, "") if file.audit is not None else ""
    return str(text)


def written(row: Row, file: CaseFile) -> bool:
    """Say whether a criterion has a rationale, or a strength or concern, written down."""
    judged = file.judgments.get(row.key) if row.kind == CRITERION else None
    return judged is not None and bool(judged.rationale or judged.went_well or judged.concern)


def twice(row: Row, file: CaseFile) -> bool:
    """Say whether the grade or state of a criterion has two answers that nobody has decided."""
    return row.kind == CRITERION and row.key in file.two_answers
