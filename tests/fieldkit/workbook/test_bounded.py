"""A small workbook cannot keep the program busy: reading takes time in step with its size."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from fieldkit.selfassessment.import_workbook import read_force_workbook
from fieldkit.selfassessment.matching.references import reference
from fieldkit.workbook.load.load import _reaches_out
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.grades import read_grade

SCALE = ("outstanding", "good", "requires improvement", "inadequate")
FEW, MANY = 2_000, 64_000
"""Repetitions; 32 times the work where time is in step with size, 1,024 times where it is not."""


def _type(text: str) -> object:
    return CaseTypes({"Domestic abuse": ("DA",)}).read(text)


@pytest.mark.parametrize(
    ("read", "start", "again"),
    [
        (lambda text: read_grade(text, SCALE), "a", " "),
        (lambda text: read_grade(text, SCALE), "good", " ,"),
        (_type, "a", " "),
        (_type, "a", "\n "),
        (_reaches_out, "=|", " "),
        (_reaches_out, "=", "|"),
        (_reaches_out, "=", "[a]"),
        (reference, "1", "-"),
        (reference, "1", "O1"),
    ],
)
def test_time_is_in_step_with_size(read: Callable[[str], object], start: str, again: str) -> None:
    def took(times: int, end: str) -> float:
        begun = time.process_time()
        read(start + again * times + end)
        return time.process_time() - begun

    few = min(took(FEW, f"b{turn}") for turn in range(5))
    assert took(MANY, "c") < 300 * few + 0.05


@pytest.mark.parametrize(
    ("column", "text"),
    [(1, "a" + " " * 8000 + "b"), (3, "a" + " " * 8000 + "b"), (4, '=A1&"|' + " " * 3900 + '"')],
)
def test_a_workbook_with_runs_of_spaces_is_read_at_once(
    tmp_path: Path, column: int, text: str
) -> None:
    def took(name: str, odd: str) -> float:
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(["Reference", "Type", "Date", "Grade", "Rationale"])
        for number in range(3):
            line = [f"42/{number}/26", "CSE", "2026-01-02", "Good", "x"]
            line[column] = odd or line[column]
            sheet.append(line)
        book.save(tmp_path / name)
        begun = time.process_time()
        assert len(read_force_workbook(tmp_path / name, "2018").rows) == 3
        return time.process_time() - begun

    took("first.xlsx", "")
    assert took("odd.xlsx", text) < 20 * took("plain.xlsx", "") + 0.1


@pytest.mark.parametrize(
    "formula",
    [
        "=cmd|'/c calc'!A0",
        "=cmd|  ' a  b ' !A1",
        '=DDE ("a")',
        "='[Book1.xlsx]Sheet1'!A1",
        '=HYPERLINK("x")',
    ],
)
def test_formulas_that_reach_out_are_known_still(formula: str) -> None:
    assert _reaches_out(formula)
