"""Old and open formats, our own case lists, and what the reading remembers of the file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from fieldkit.workbook.case_list import read_case_list
from fieldkit.workbook.errors import (
    MappingRefused,
    WorkbookDamaged,
    WorkbookNotFound,
    WorkbookTooLarge,
)
from fieldkit.workbook.load import calamine
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from tests.fieldkit.workbook.nuisances import NUISANCES, SCALE, TYPES

DATA = Path(__file__).parent / "data"


def _rows(reading: WorkbookReading) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(row.ref, row.type, row.date, row.grade) for row in reading.rows]


@pytest.mark.parametrize("name", ["old.xls", "open.ods"])
def test_other_formats(name: str) -> None:
    reading = read_workbook(DATA / name, scale=SCALE, types=TYPES)
    assert _rows(reading) == [
        ("42/42099/26", "Domestic abuse", "2026-01-29", "good"),
        ("42/41899/26", "Missing children", "2026-01-27", "requires improvement"),
        ("42/41138/26", "Police protection", "2026-02-24", "inadequate"),
        ("42/41299/26", "Domestic abuse", "2026-04-23", None),
        ("421234526", "Missing children", "2026-03-01", "requires improvement"),
    ]
    assert reading.header_row == 3
    said = {
        (problem.cell, problem.reason.split(";")[0].split(":")[0]) for problem in reading.problems
    }
    assert ("E7", "“TBC” is not taken for a grade") in said
    assert ("F6", "The cell holds the error #N/A, not a value.") in said
    assert ("B5", "This row is hidden in the workbook. It was read all the same") in said


def test_open_document_says_hidden_columns_and_totals() -> None:
    reading = read_workbook(DATA / "open.ods", scale=SCALE, types=TYPES)
    cells = {(problem.sheet, problem.cell) for problem in reading.problems}
    assert {("Cases", "F"), ("Summary", "B3")} <= cells


def test_a_far_cell_of_an_old_workbook_is_refused_before_memory_is_taken() -> None:
    with pytest.raises(WorkbookTooLarge, match="rows beyond 20,000"):
        read_workbook(DATA / "far.xls", scale=SCALE)


def test_the_death_of_the_reading_process_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "calamine_child.py"
    child.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "utf-8")
    monkeypatch.setattr(calamine, "__file__", str(tmp_path / "load_calamine.py"))
    with pytest.raises(WorkbookDamaged, match="damaged"):
        read_workbook(DATA / "old.xls", scale=SCALE)


def test_the_hash_is_of_the_file_as_it_lay() -> None:
    reading = read_workbook(DATA / "old.xls", scale=SCALE, types=TYPES)
    assert reading.sha256 == hashlib.sha256((DATA / "old.xls").read_bytes()).hexdigest()
    assert reading.file_name == "old.xls"


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(WorkbookNotFound, match="There is no file"):
        read_workbook(tmp_path / "none.xlsx", scale=SCALE)
    with pytest.raises(WorkbookNotFound, match="is a folder"):
        read_workbook(tmp_path, scale=SCALE)


def test_cells_are_kept_as_stored_as_read_and_as_matched(tmp_path: Path) -> None:
    cached = next(n for n in NUISANCES if n.name == "formula_with_cached_value")
    reading = read_workbook(cached.build(tmp_path), scale=SCALE, types=TYPES)
    cell = next(c for c in reading.rows[1].cells if c.field == "grade")
    assert (cell.cell, cell.stored, cell.read, cell.matched) == ("D3", "=D2", "Good", "good")
    date = next(c for c in reading.rows[1].cells if c.field == "date")
    assert (date.cell, date.read, date.matched) == ("C3", "2026-01-27", "2026-01-27")


def test_preview_and_import_are_the_same_reading(tmp_path: Path) -> None:
    path = next(n for n in NUISANCES if n.name == "merged_titles_above").build(tmp_path)
    preview = read_workbook(path, scale=SCALE, types=TYPES)
    chosen = {column.column: column.field for column in preview.columns}
    words = {word.written: word.means for word in preview.grades}
    again = read_workbook(path, scale=SCALE, types=TYPES, sheet=preview.sheet,
                          header_row=preview.header_row, columns=chosen, grades=words)  # fmt: skip
    assert again.rows == preview.rows and again.fingerprint() == preview.fingerprint()


def test_a_grade_that_is_not_on_the_scale_is_refused(tmp_path: Path) -> None:
    path = NUISANCES[0].build(tmp_path)
    with pytest.raises(MappingRefused, match="is not on the scale"):
        read_workbook(path, scale=SCALE, grades={"RI": "adequate"})


def test_unplaced_fields_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Crime ref", "Type of case"])
    book.active.append(["42/42099/26", "Domestic abuse"])
    book.save(tmp_path / "a.xlsx")
    reading = read_workbook(tmp_path / "a.xlsx", scale=SCALE, types=TYPES)
    assert reading.missing == ("grade",)
    assert any("No column was found for grade" in p.reason for p in reading.problems)


def test_case_list_from_a_workbook_under_near_headings(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Inspectors' list"])
    sheet.append(["Our ref", "Force case ref.", "Case type", "Incident date", "Self-assessed?",
                  "Overall judgement", "Reasons"])  # fmt: skip
    sheet.append(["WST-1", "42/1/26", "DA", "29/01/2026", "Yes", "RI", "a"])
    sheet.append(["WST-2", "42/2/26", "Misper", "30.01.26", "no", "unable to judge", "b"])
    sheet.append(["WST-2", "42/3/26", "Burglary", "yesterday", "perhaps", "great", "c"])
    sheet.append(["WST-4", "", "s46", None, None, None, None])
    book.save(tmp_path / "list.xlsx")
    reading = read_case_list(tmp_path / "list.xlsx", scale=SCALE, types=TYPES)
    assert reading.header_row == 2 and not reading.missing
    assert [(r.case, r.type, r.date_of_incident, r.origin, r.overall_grade, r.state)
            for r in reading.rows] == [
        ("WST-1", "Domestic abuse", "2026-01-29", "self-assessed", "requires improvement", None),
        ("WST-2", "Missing children", "2026-01-30", "inspectors", None, "unable to judge"),
        ("WST-2", None, None, None, None, None),
        ("WST-4", "Police protection", None, None, None, None),
    ]  # fmt: skip
    assert {p.cell for p in reading.errors} == {"A5", "F5"}
    assert {p.cell for p in reading.problems} == {"A5", "C5", "D5", "E5", "F5"}


def test_reading_and_matching_need_no_numpy_screen_or_database(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['numpy'] = None; "
        "from fieldkit.workbook.read_workbook import read_workbook; "
        "from fieldkit.selfassessment.matching.match_plan import match, RowToMatch, OurCase; "
        f"read_workbook({str(DATA / 'old.xls')!r}, scale=['good']); "
        "match([RowToMatch(1, '42/1/26')], [OurCase('a', '42/2/26')]); "
        "bad = {'textual', 'sqlalchemy', 'sqlcipher3'} & set(sys.modules); "
        "sys.exit(', '.join(bad) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
