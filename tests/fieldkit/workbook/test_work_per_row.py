"""A further row of a workbook costs no more work than it did, counted in calls and not in time."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from openpyxl import Workbook

import fieldkit
import storage
from fieldkit.workbook.case_list import read_case_list
from fieldkit.workbook.read_workbook import read_workbook
from tests.fieldkit.workbook.nuisances import SCALE, TYPES

FEW, MANY = 300, 600
"""Rows, of which the further ones are counted; more than are looked at to judge a column."""
_OURS = tuple(str(Path(str(package.__file__)).parent) for package in (fieldkit, storage))
FORCE = ["Crime ref", "Type of case", "Date of incident", "Grade", "Rationale", "Team"]
OURS = ["case", "force_ref", "type", "date_of_incident", "overall_grade", "rationale"]


def _line(number: int) -> list[str]:
    month, day = divmod(number, 28)
    date = f"{day + 1:02}/{month % 12 + 1:02}/2025"
    why = f"The officer saw the child alone, and supervisor {number} reviewed the plan."
    grade = ("Good", "RI", "Inadequate")[number % 3]
    return [f"42/{41000 + number}/26", tuple(TYPES)[number % 4], date, grade, why, "North"]


def _our_line(number: int) -> list[str]:
    return [f"WST-{number:04}", *_line(number)[:5]]


def _write(path: Path, lines: list[list[str]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        return
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(path)


def _calls(work: Callable[[], object]) -> int:
    """Return how many functions of ours a piece of work calls."""
    count = 0

    def counted(frame: FrameType, event: str, _: Any) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_filename.startswith(_OURS)

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("read", "heading", "line", "suffix", "most"),
    [
        (read_workbook, FORCE, _line, ".csv", 340),
        (read_workbook, FORCE, _line, ".xlsx", 480),
        (read_case_list, OURS, _our_line, ".csv", 340),
        (read_case_list, OURS, _our_line, ".xlsx", 480),
    ],
    ids=("force.csv", "force.xlsx", "ours.csv", "ours.xlsx"),
)
def test_calls_for_a_further_row(
    read: Callable[..., Any],
    heading: list[str],
    line: Callable[[int], list[str]],
    suffix: str,
    most: int,
    tmp_path: Path,
) -> None:
    def calls(rows: int) -> int:
        path = tmp_path / f"{rows}{suffix}"
        _write(path, [heading, *map(line, range(1, rows + 1))])
        assert len(read(path, scale=SCALE, types=TYPES).rows) == rows  # fills what is kept
        return _calls(lambda: read(path, scale=SCALE, types=TYPES))

    assert (calls(MANY) - calls(FEW)) / (MANY - FEW) <= most
