"""Reveals: the moment the force's own grade of a case was first shown to an inspector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from sqlmodel import Field

from storage.records.judgment import OVERALL, Judgment, judgment_id
from storage.records.model.base import Record, Witness
from storage.records.model.fields import By, Code, Facts, OpPlace


class Reveal(Record, table=True):
    """Holds both overall grades as the force's was shown; ours is the initial grade.

    ``judgment_op`` is the write of our grade as it stood, ``force_op`` that of the force's: what a
    later workbook says is held against it. Empty where no row was matched, and in reveals made
    before fieldkit kept it.
    """

    KIND = "reveal"
    LABEL = "{case_id}, the force's grade revealed"
    UNDER = "case_id"
    ONCE = ("inspection_id", "case_id", "grade", "judgment_op", "force_op", "by")
    REDACTABLE = False
    EXPLAINED = False
    UNDOABLE = False
    REMOVED_BY = "none"
    MADE = "reveal"

    inspection_id: str = Field(index=True)
    case_id: str = Field(index=True)
    grade: Code
    judgment_op: Annotated[OpPlace, Facts(code=True, tacit=True)]
    force_op: Annotated[str, Facts(code=True, tacit=True)] = ""
    by: By = ""

    @classmethod
    def witness(cls, fields: Mapping[str, Any]) -> Witness | None:
        """Return the write of our grade: the initial grade is what it wrote, and nothing else."""
        record = (Judgment.KIND, judgment_id(str(fields.get("case_id", "")), OVERALL))
        return Witness(record, str(fields.get("judgment_op", "")), {"grade": fields.get("grade")})
