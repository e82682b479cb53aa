"""The rows of a case audit: criteria, voice of the child, timeliness, supervision, risk, texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList

from fieldkit.casework.case_file import CaseFile
from fieldkit.methodology import Methodology
from fieldkit.methodology.audit_lines import audit_lines
from fieldkit.wording.format import line
from screens.kit.text import plain

CRITERION = "criterion"

WRITTEN = (
    ("rationale", "Rationale"),
    ("went_well", "What went well"),
    ("concern", "Concern"),
)
"""The texts of a criterion, and what they are called."""


class AuditList(OptionList):
    """Lists the rows; digits grade the one the cursor is on."""

    BINDINGS: ClassVar = [
        Binding(str(digit), f"screen.digit({digit})", show=False) for digit in range(1, 10)
    ]


@dataclass(frozen=True)
class Row:
    """Holds one line of the audit.

    Attributes:
        kind: criterion, answer, moment or text.
        key: the criterion's key, or the field of the case audit.
        label: what it is called.
        prompt: the question behind it.
        heading: a title above it, where a section starts.
    """

    kind: str
    key: str
    label: str
    prompt: str = ""
    heading: str = ""


def rows(methodology: Methodology) -> list[Row]:
    """Return the rows of an audit; the overall grade comes last of the criteria."""
    all_rows = [
        Row(CRITERION, one.key, one.label, one.prompt)
        for one in methodology.criteria_on("case", overall=True)
    ]
    heading = ""
    for one in audit_lines(methodology):
        starts = one.heading if one.heading != heading else ""
        all_rows.append(Row(one.kind, one.field, one.label, heading=starts))
        heading = one.heading
    return all_rows


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


def drawn(row: Row, file: CaseFile, width: int, draft: bool, asked: bool = False) -> Content:
    """Return a row as it is shown: a mark, the label, and what stands there.

    The mark is ``✎`` for unsaved text, ``≠`` for two answers, ``?`` for a query not settled, ``≡``
    for a rationale, ``·`` for a grade without one.
    """
    shown = value(row, file)
    marks = {
        "✎": draft,
        "≠": twice(row, file),
        "?": asked,
        "≡": written(row, file),
        "·": bool(shown),
    }
    mark = next((mark for mark, fits in marks.items() if fits), " ")
    cell = 20
    label = line(row.label, width - cell - 4)
    text = f"{mark} {label.ljust(width - cell - 4)} {line(shown or '—', cell)}"
    body = plain(text, "" if shown else "dim")
    if row.heading:
        return Content.assemble((f"{row.heading}\n", "bold"), body)
    return body
