"""Self-assessments: a force's workbook as it was read, its rows, and which case each row is."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator
from sqlmodel import Field, Session, col, select

from storage.ops.op import KEY
from storage.records.model.base import Answers, Record, named_id
from storage.records.model.fields import (
    By,
    Code,
    Day,
    Facts,
    Moment,
    Text,
    Texts,
    choice,
    json_dict,
    json_list,
)

Decision = Annotated[str, choice("open", "exact", "chosen", "none", "skipped")]
"""Of a row: not decided; confirmed with the exact group; chosen by a person; no case of ours; left
out by a person when the workbook was read."""

LINKED = ("exact", "chosen")
"""The decisions by which a row is a case of ours."""

_TOLD = ("sheet", "cell", "value", "reason")


def _problems(value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for one in value:
        texts = [*(one.get(name) for name in _TOLD), one.get("severity", ""), one.get("code", "")]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("a problem names its sheet, cell, value and reason")
    return value


Problems = Annotated[list[dict[str, Any]], AfterValidator(_problems)]
"""What could not be read in a workbook: each with texts ``sheet``, ``cell``, ``value``, ``reason``,
and ``severity`` and ``code`` where they are told."""


class SelfAssessment(Record, table=True):
    """Holds one import of a workbook: the mapping that was agreed, and the problems found."""

    KIND = "self_assessment"
    ORDER = ("read_at", "id")
    LABEL = "self-assessment: {file_name}"
    ONCE = ("inspection_id", "file_hash")
    NAMED = ("inspection_id", "file_hash", "sheet")

    inspection_id: str = Field(index=True)
    file_name: Text
    file_hash: Annotated[str, Facts(code=True, tacit=True)]
    sheet: Text
    header_row: int
    columns: dict[str, Any] = json_dict()
    grades: dict[str, Any] = json_dict()
    problems: Problems = json_list()
    read_at: Moment = ""
    by: By = ""


class ForceRow(Record, table=True):
    """Holds the grade a force gave in a row, and the case of ours that a person says it is."""

    KIND = "force_row"
    ORDER = ("row", "id")
    LABEL = "the force's row {row}"
    UNDER = "self_assessment_id"
    ONCE = ("inspection_id", "self_assessment_id", "row")
    NAMED = ("self_assessment_id.file_hash", "self_assessment_id.sheet", "row")
    REMADE = True
    TOGETHER: ClassVar[Answers] = {"match": ("decision", "case_id", "decided_by", "decided_at")}
    # A row is brought together with a case of ours by these fields.
    OPERATIONS: ClassVar[Answers] = {"combination": ("case_id", "decision")}

    inspection_id: str = Field(index=True)
    self_assessment_id: str
    row: int
    grade: Code = ""
    case_id: str = Field(default="", index=True)
    decision: Decision = "open"
    decided_at: Annotated[Moment, Facts("decided", trailing=True, following=True)] = ""
    decided_by: Annotated[
        Text, Facts(person=True, author=True, code=True, trailing=True, following=True)
    ] = ""


class ForceRowKey(Record, table=True):
    """Says what the force wrote in a row, its own reference included; kept apart."""

    KIND = "force_row_key"
    LABEL = "the force's row {row}"
    UNDER = "force_row_id"
    ONCE = ("inspection_id", "force_row_id", "row")
    NAMED = ("force_row_id",)
    REMADE = True
    FEED = KEY
    SEARCH = ("reference", "rationale")

    inspection_id: str = Field(index=True)
    force_row_id: str = Field(index=True)
    sheet: Text
    row: int
    reference: Text = ""
    case_type: Text = ""
    dated: Annotated[Day, Facts("date")] = ""
    written: Annotated[Text, Facts("grade as written")] = ""
    rationale: Text = ""
    cells: Texts = json_list()


def self_assessment_id(inspection: str, file_hash: str, sheet: str) -> str:
    """Return the id of an import: two of a team who import the same sheet make one."""
    return named_id("self_assessment", inspection, file_hash, sheet)


def force_row_id(file_hash: str, sheet: str, row: int) -> str:
    """Return the id of a row: which file, which sheet, which row (from 1)."""
    return named_id("force_row", file_hash, sheet, str(row))


def force_row_key_id(force_row: str) -> str:
    """Return the id of the key of a row."""
    return named_id("force_row_key", force_row)


def force_row_keys(session: Session, inspection_id: str) -> dict[str, ForceRowKey]:
    """Return what the force wrote in each row, by the id of the row."""
    query = select(ForceRowKey).where(ForceRowKey.inspection_id == inspection_id)
    return {one.force_row_id: one for one in session.exec(query)}


def force_rows_of(session: Session, case: str) -> list[ForceRow]:
    """Return the rows that a person has said are this case, the latest decision first."""
    query = select(ForceRow).where(ForceRow.case_id == case, col(ForceRow.decision).in_(LINKED))
    return list(session.exec(query.order_by(col(ForceRow.decided_at).desc(), col(ForceRow.id))))
