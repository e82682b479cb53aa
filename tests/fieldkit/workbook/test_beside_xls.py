"""Old workbooks: struck-out rows, cells and words, notes, and numbers as they are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fieldkit.workbook.load.survey_xls import survey_xls, workbook_stream
from fieldkit.workbook.problems import Code
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from tests.fieldkit.workbook import old_workbook, packages
from tests.fieldkit.workbook.nuisances import SCALE, TYPES

CELLS: dict[tuple[int, int], old_workbook.Value] = {
    (row, column): value
    for row, values in enumerate((packages.HEADINGS, *packages.CASES), 1)
    for column, value in enumerate(values, 1)
}


def read(folder: Path, data: bytes, **arguments: Any) -> WorkbookReading:
    path = folder / "old.xls"
    path.write_bytes(data)
    return read_workbook(path, scale=SCALE, types=TYPES, **arguments)


def said(reading: WorkbookReading) -> set[tuple[str, Code]]:
    return {(one.cell, one.code) for one in reading.problems}


def test_a_plain_one(tmp_path: Path) -> None:
    reading = read(tmp_path, old_workbook.workbook(CELLS))
    rows = [(row.ref, row.type, row.date, row.grade) for row in reading.rows]
    assert rows == packages.ROWS and not reading.problems


def test_rows_and_cells(tmp_path: Path) -> None:
    styles = dict.fromkeys([(4, column) for column in range(1, 6)], old_workbook.STRUCK)
    styles[5, 4] = old_workbook.STRUCK
    reading = read(tmp_path, old_workbook.workbook(CELLS, styles))
    assert said(reading) == {("A4", Code.STRUCK_ROW), ("D5", Code.STRUCK_CELL)}
    assert [row.grade for row in reading.rows][2] is None


@pytest.mark.parametrize("cut_at", [0, 13, 19])  # the first text begins at 11
def test_words(cut_at: int, tmp_path: Path) -> None:
    runs: dict[tuple[int, int], old_workbook.Value] = {
        (2, 4): [("Not ", True), ("Good", False)],
        (5, 5): [("Child ", False), ("not ", True), ("seen alone", False)],
    }
    data = old_workbook.workbook(CELLS | runs, cut_at=cut_at)
    reading = read(tmp_path, data)
    assert said(reading) == {("D2", Code.STRUCK_WORDS), ("E5", Code.STRUCK_WORDS)}
    assert reading.rows[0].grade == "good"
    assert reading.rows[3].rationale == "Child [struck out: not] seen alone"


def test_notes_and_shown_numbers(tmp_path: Path) -> None:
    cells: dict[tuple[int, int], old_workbook.Value] = CELLS | {(2, 1): 424010026}
    notes = {(3, 4): "Moderated: should be Inadequate", (2, 1): "see log 4"}
    styles = {(2, 1): old_workbook.SLASHES}
    reading = read(tmp_path, old_workbook.workbook(cells, styles, notes))
    assert reading.rows[0].ref == "42/40100/26"
    comments = {one.cell: one.value for one in reading.problems if one.code is Code.COMMENT}
    assert comments == {"D3": "Moderated: should be Inadequate", "A2": "see log 4"}
    assert "2 comments: A2, D3." in [one.reason for one in reading.problems]


def test_damaged_texts_cost_no_more_than_their_marks() -> None:
    runs: old_workbook.Value = [("Not ", True), ("Good", False)]
    stream = workbook_stream(old_workbook.workbook(CELLS | {(2, 4): runs}))
    at = stream.index(b"\xfc\x00")
    broken = stream[: at + 12] + b"\xff\xff" + stream[at + 14 :]
    assert survey_xls(stream).sheets[0].runs and not survey_xls(broken).sheets[0].runs
    assert survey_xls(broken).sheets[0].valued == 35
