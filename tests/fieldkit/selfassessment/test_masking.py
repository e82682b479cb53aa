"""What a workbook's problems and grade words may tell: of which case, and in which feed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from fieldkit import visibility
from fieldkit.casework import judging, reveals
from fieldkit.cli.selfassessment.read_workbook import reading_data, reading_text
from fieldkit.comparison import assemble
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.history import record_history
from fieldkit.selfassessment.decide import row_lines, set_no_case
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from fieldkit.selfassessment.masking import (
    MASK,
    mask_reading,
    shown_reference,
    shown_samples,
    why_hidden,
)
from fieldkit.selfassessment.problems import grade_words_of, problems_of, split_problems
from fieldkit.workbook.errors import MappingRefused
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.problems import Problem
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.values.grades import is_grade_word, is_no_grade, tells_grade
from storage.database.tables import ops
from storage.ops.op import KEY
from storage.records import SelfAssessment
from storage.vault.vault import Vault

HEADINGS = ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Rationale")
ROWS = (
    ("42/10001/26", "Domestic abuse", "2026-02-01", "Inadequate (was RI)", "Zanzibar"),
    ("42/10002/26", "Missing children", "2026-02-02", "ReqImp by DCI Smith 42/9999/26", "x"),
    ("42/77777/26", "Elsewhere 42/8888/26", "2026-13-04", "TBC", "y"),
    ("42/77778/26", "Domestic abuse", "Inadequate", "", "y"),
)
CANARIES = ("Smith", "42/9999/26", "42/8888/26", "was RI", "2026-13-04", "Zanzibar")


@pytest.fixture
def reading(tmp_path: Path) -> WorkbookReading:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Cases"
    for line in (HEADINGS, *ROWS):
        sheet.append(list(line))
    total = book.create_sheet("Summary")
    for sums in (("Grade", "Number"), ("Good", 3), ("Inadequate", 1)):
        total.append(list(sums))
    book.save(tmp_path / "force.xlsx")
    return read_force_workbook(tmp_path / "force.xlsx", "2018")


@pytest.fixture
def made(
    vault: Vault, inspection: str, cases: dict[str, str], reading: WorkbookReading
) -> SelfAssessment:
    return vault.write_now(import_reading, inspection, reading, accept_exact=True)


def told(vault: Vault, made: SelfAssessment) -> dict[tuple[str, str], Problem]:
    found = vault.read_now(problems_of, made)
    return {(one.sheet, one.cell): one for one in found}


def everything(vault: Vault, inspection: str, made: SelfAssessment) -> str:
    """All that is told of an import before and after, in one text."""

    def all_of_it(s: Session) -> str:
        result = assemble.comparison(s, inspection)
        lines = record_history.record_history(s, "self_assessment", made.id)
        changes = [change.after for one in lines for change in one.changes]
        return "\n".join((to_text(result, 200), json.dumps(to_json(result)["problems"]), *changes))

    return vault.read_now(all_of_it)


def reveal(vault: Vault, case: str) -> None:
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    vault.write_now(reveals.reveal, case)


def test_a_problem_tells_its_cell_but_no_grade_before_the_reveal(
    vault: Vault, inspection: str, cases: dict[str, str], made: SelfAssessment
) -> None:
    before = told(vault, made)
    assert before["Cases", "C5"].value == ""
    assert "hidden until the force's grade" in before["Cases", "C5"].reason
    # A word that stands once would tell the grade of the row it stands in.
    assert not {("Cases", "D2"), ("Cases", "D3")} & before.keys()
    words = before["Cases", "D"]
    assert words.value == "" and words.reason.startswith("2 cells of this column hold words")
    assert before["Cases", "D4"].value == "TBC" and "“TBC”" in before["Cases", "D4"].reason
    assert "No grade is given" in before["Cases", "D5"].reason
    assert before["Cases", "C4"].value == "2026-13-04"
    assert before["Summary", ""].reason.startswith("The totals of sheet Summary are compared")
    assert ("Summary", "B2") not in before
    shown = everything(vault, inspection, made)
    assert "was RI" not in shown and "Smith" not in shown
    assert vault.read_now(grade_words_of, made) == []
    hidden = vault.read_now(visibility.hidden_fields, "self_assessment", made.id)
    assert hidden == {"grades", "problems"}


def test_a_reveal_shows_the_problems_of_its_own_row_only(
    vault: Vault, inspection: str, cases: dict[str, str], made: SelfAssessment
) -> None:
    reveal(vault, cases["WST-001"])
    after = told(vault, made)
    assert after["Cases", "D2"].value == "Inadequate (was RI)"
    assert ("Cases", "D3") not in after and ("Summary", "B2") not in after
    assert after["Cases", "D"].reason.startswith("1 cell of this column holds a word")
    reveal(vault, cases["WST-002"])
    lines = vault.read_now(row_lines, inspection)
    for line in lines[2:]:
        vault.write_now(set_no_case, line.row_id)
    after = told(vault, made)
    assert after["Cases", "D3"].value == "ReqImp by DCI Smith 42/9999/26"
    assert "says 3" in after["Summary", "B2"].reason and ("Summary", "") not in after
    assert after["Cases", "C5"].value == "", "a row that is no case of ours stays hidden"
    words = vault.read_now(grade_words_of, made)
    assert {one["written"] for one in words} == {one[3] for one in ROWS}
    assert not vault.read_now(visibility.hidden_fields, "self_assessment", made.id)


def test_raw_cells_stay_out_of_the_main_feed(vault: Vault, made: SelfAssessment) -> None:
    def written(s: Session, key: bool) -> str:
        rows = s.connection().execute(ops.select()).all()
        return b"".join(one.bytes for one in rows if (one.kind == KEY) == key).decode()

    main, key = vault.read_now(written, False), vault.read_now(written, True)
    for canary in CANARIES:
        assert canary not in main and canary in key, canary
    assert "TBC" in main


def test_a_file_that_is_read_tells_no_grade_by_case(reading: WorkbookReading) -> None:
    found = {(one.sheet, one.cell): one for one in mask_reading(reading)}
    at = {(one.sheet, one.cell) for one in reading.problems}
    hidden = {("Cases", "D2"), ("Cases", "D3"), ("Summary", "B2"), ("Summary", "B3")}
    assert found.keys() == at - hidden | {("Cases", "D")}
    assert [found["Cases", cell].value for cell in ("D", "D4", "C5")] == ["", "TBC", ""]
    assert found["Summary", ""].severity == "note"


def test_totals_are_told_alike_however_they_come_out(tmp_path: Path) -> None:
    def told_of(numbers: tuple[int, int], **wishes: Any) -> list[Problem]:
        book = Workbook()
        book.worksheets[0].title = "Cases"
        for line in (HEADINGS, *GRADED, ("Total", sum(numbers))):
            book.worksheets[0].append(list(line))
        for at, word in enumerate(("Good", "RI")):
            book.create_sheet("Sums").append(["Grade", "Number"]) if not at else None
            book["Sums"].append([word, numbers[at]])
        book.save(tmp_path / "force.xlsx")
        overrides = Overrides(**wishes)
        found = read_force_workbook(tmp_path / "force.xlsx", "2018", overrides)
        problems = mask_reading(found)
        return [one for one in problems if "otal" in one.reason and "“" not in one.reason]

    right = told_of((2, 1))
    assert [one.sheet for one in right] == ["Cases", "Cases", "Sums"]
    assert told_of((2, 1), skips={"D4": "sent twice"}) == right
    assert [replace(one, value="") for one in told_of((9, 7), fixes={"D3": "good"})] == [
        replace(one, value="") for one in right
    ]
    missing = told_of((9, 7), columns={"D": "ignore"})
    assert [one.cell for one in missing] == ["A7"], "nothing to compare, nothing said of it"


def read(tmp_path: Path, *lines: tuple[str, ...], **wishes: Any) -> WorkbookReading:
    """A workbook of these lines, read as a person wishes."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Cases"
    for line in lines:
        sheet.append(list(line))
    book.save(tmp_path / "force.xlsx")
    overrides = Overrides(**wishes)
    return read_force_workbook(tmp_path / "force.xlsx", "2018", overrides)


def printed(reading: WorkbookReading) -> tuple[str, str]:
    """What the command line says of a reading, as text and as data."""
    return reading_text(reading), json.dumps(reading_data(reading))


GRADED = tuple(
    (f"42/1000{at}/26", "Domestic abuse", f"2026-02-0{at}", grade, "Short")
    for at, grade in enumerate(("Inadequate", "RI", "Good", "good", "TBC"), 1)
)


@pytest.mark.parametrize("field", ["rationale", "ignore"])
@pytest.mark.parametrize("heading", ["Force judgement", "Remarks"])
def test_a_column_of_grades_shows_none_of_them_whatever_it_is_taken_for(
    tmp_path: Path, field: str, heading: str
) -> None:
    lines = ((*HEADINGS[:3], heading, "Why"), *GRADED)
    found = read(tmp_path, *lines, columns={"D": field, "E": "grade"})
    column = next(one for one in found.columns if one.column == "D")
    assert column.field == field and shown_samples(column) == ()
    assert "most of its values are words for a grade" in why_hidden(column)
    for page in printed(found):
        assert "values are words for a grade" in page
        assert not any(word in page for word in ("Inadequate", '"RI"', "“RI”", "TBC"))


@pytest.mark.parametrize("field", ["ref", "type", "date"])
def test_a_column_of_grades_is_never_what_rows_are_shown_by(tmp_path: Path, field: str) -> None:
    with pytest.raises(MappingRefused) as refusal:
        read(tmp_path, HEADINGS, *GRADED, columns={"D": field})
    assert "most of its values are words for a grade" in str(refusal.value)
    assert "Inadequate" not in str(refusal.value)
    # Nor is it proposed, were its heading to say so.
    found = read(tmp_path, (*HEADINGS[:1], "Strand", "When", "Type of case", "Why"), *GRADED)
    assert {one.column: one.field for one in found.columns}["D"] == "ignore"
    assert found.missing == ("grade",)
    numbers = [(*one[:3], str(at), one[4]) for at, one in enumerate(GRADED)]
    with pytest.raises(MappingRefused, match="its heading means a grade"):
        read(tmp_path, HEADINGS, *numbers, columns={"D": field, "E": "grade"})


def test_a_case_taken_for_headings_shows_no_grade(tmp_path: Path) -> None:
    found = read(tmp_path, HEADINGS, *GRADED, header_row=2)
    assert [one.heading for one in found.columns] == list(HEADINGS)
    assert any("Row 2 looks like a case" in one.reason for one in found.problems)
    assert len(found.rows) == 4
    for page in printed(found):
        assert "Inadequate" not in page
    # Nor do the counts of what is left, nor a grade of one letter that no heading is like.
    single = [(*one[:3], one[3][0], "A short reason") for one in GRADED]
    for lines, row in ((GRADED, 4), (single, 2)):
        read_so = read(tmp_path, HEADINGS, *lines, header_row=row)
        text, data = printed(read_so)
        assert json.loads(data)["grades"] == [] and "The words for grades are not listed" in text
        assert "A short reason" not in text and "A short reason" not in data
    assert not read(tmp_path, ("Self-assessment 2026",), HEADINGS, *GRADED).cases_above


NUMBERED = tuple(
    (f"42/{at}0000/26", "Domestic abuse", "2026-02-01", str(at % 3 + 1)) for at in range(1, 10)
)


def test_grades_written_as_numbers_are_masked_and_never_read_out(tmp_path: Path) -> None:
    headings = (*HEADINGS[:3], "Position")
    found = read(tmp_path, headings, *NUMBERED)
    column = found.columns[3]
    assert shown_samples(column) == ()
    assert "its few short values may stand for grades" in why_hidden(column)
    said = [one.reason for one in found.problems if one.value == "grade"]
    assert said == [
        "No column was found for grade; choose one. Column D may be it: its few short values may "
        "stand for grades."
    ]
    with pytest.raises(MappingRefused, match="few short values"):
        read(tmp_path, headings, *NUMBERED, columns={"D": "type"})


def test_a_column_that_does_not_suit_is_not_read_out_row_by_row(tmp_path: Path) -> None:
    lines = [
        (*one[:3], f"the force says {word}")
        for one, word in zip(NUMBERED, "abcdefghi", strict=True)
    ]
    found = read(tmp_path, (*HEADINGS[:3], "Position"), *lines, columns={"D": "type"})
    said = [one for one in found.problems if one.cell.startswith("D")]
    assert [(one.cell, one.value, one.reason) for one in said] == [
        ("D", "", "Most values of this column are no case types: 9 of 9.")
    ]
    assert "the force says a" not in json.dumps(reading_data(found)["force_rows"])


def test_a_grade_beside_a_reference_is_not_shown(tmp_path: Path) -> None:
    assert shown_reference("42/41262/26 RI") == f"42/41262/26 {MASK}"
    assert shown_reference("no. 42/1/26 (good)") == f"no. 42/1/26 ({MASK})"
    assert shown_reference("Crime no. 42/41028/26") == "Crime no. 42/41028/26"
    found = read(tmp_path, HEADINGS, *GRADED, ("42/41262/26 Inadequate", *GRADED[2][1:]))
    assert found.rows[-1].ref == "42/41262/26 Inadequate"
    assert "Inadequate" not in json.dumps(reading_data(found)["force_rows"])


def test_a_grade_in_a_cell_of_another_column_is_not_shown_by_row(tmp_path: Path) -> None:
    odd = ("42/10009/26", "Inadequate", "Inadequate", "Good", "Short")
    out = ("42/10008/26", "", "", "Good", "")
    found = read(tmp_path, HEADINGS, *GRADED, odd, out)
    data = reading_data(found)
    rows: Any = data["force_rows"]
    assert [rows[5][name] for name in ("written_type", "written_date")] == [MASK, MASK]
    assert "Inadequate" not in json.dumps([data["columns"], rows, data["left_out"]])


def test_what_is_wrong_with_a_cell_is_said_once(tmp_path: Path) -> None:
    reaching = '=WEBSERVICE("http://x")&"Good"'
    found = read(tmp_path, HEADINGS, *GRADED, (*GRADED[0][:4], reaching))
    said = [(one.cell, one.reason) for one in mask_reading(found)]
    assert len(said) == len(set(said))
    assert "WEBSERVICE" not in "".join(printed(found))


def test_a_cell_without_a_value_is_named_though_the_column_is_hidden(tmp_path: Path) -> None:
    lines = [(*one[:3], word, one[4]) for one, word in zip(GRADED, ("#N/A", "=A1"), strict=False)]
    found = read(tmp_path, HEADINGS, *GRADED[2:], *lines)
    told = {one.cell: one for one in mask_reading(found)}
    assert told["D5"].reason.startswith("The cell holds the error #N/A")
    assert told["D6"].reason.startswith("The cell holds a formula whose result was never saved")
    assert told["D6"].value == ""


def test_long_texts_are_cut_where_they_are_printed_and_kept_whole(tmp_path: Path) -> None:
    long = "Good because " + "x" * 30_000
    rows = [(*GRADED[0][:3], long, "Short"), ("42/1" + "z" * 9_000, *GRADED[1][1:]), *GRADED[2:]]
    found = read(tmp_path, (*HEADINGS[:4], "Rationale " + "q" * 9_000), *rows)
    text = reading_text(found)
    assert "“Good because xxx" in text and "…" in text
    assert max(map(len, text.splitlines())) < 220
    assert any(one.written == long for one in found.grades)
    said, apart = split_problems(read(tmp_path, HEADINGS, *GRADED, ("Zebra" * 99, *GRADED[0][1:])))
    assert "Zebra" not in json.dumps(said) and "Zebra" in "".join(apart)


def test_blank_cells_are_one_word_and_counts_are_worded(tmp_path: Path) -> None:
    marks = ("", " ", "\u200b", "Good", "Good")
    rows = [(*one[:3], mark, "x") for one, mark in zip(GRADED, marks, strict=True)]
    blank = read(tmp_path, HEADINGS, *rows)
    assert [(one.written, one.count) for one in blank.grades] == [("", 3), ("Good", 2)]
    page = reading_text(blank)
    assert "(blank)" in page and "“”" not in page
    one = read(tmp_path, HEADINGS, GRADED[0])
    assert ", 1 row\n" in reading_text(one) and ", 1 row." in one.sheets[0].reason


def test_which_words_tell_a_grade() -> None:
    telling = ("Good", "RI?", "g", "GradeInadequate", "inadequete", "angen gwella", "x" * 501)
    assert all(map(tells_grade, telling))
    assert not any(map(tells_grade, ("", "TBC", "n/a", "42/1/26", "42/G/7", "2026-13-04")))
    assert all(map(is_no_grade, ("", " ", "TBC", "n/a", "Not graded?")))
    assert not any(map(is_no_grade, ("Good", "TBC 42/1/26", "👍", "=TBC")))
    assert is_grade_word("Req. Imp") and not is_grade_word("Good 42/1/26")
