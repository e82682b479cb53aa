"""What a workbook's problems and grade words may tell: of which case, and in which feed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from fieldkit import comparing, histories, judging, selfassessment, visibility
from fieldkit.comparison import to_json, to_text
from fieldkit.workbook import Problem, WorkbookReading, is_grade_word, is_no_grade, tells_grade
from storage.op import KEY
from storage.records import SelfAssessment
from storage.tables import ops
from storage.vault import Vault

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
    return selfassessment.preview(tmp_path / "force.xlsx", "2018")


@pytest.fixture
def made(
    vault: Vault, inspection: str, cases: dict[str, str], reading: WorkbookReading
) -> SelfAssessment:
    return vault.write_now(selfassessment.commit, inspection, reading, accept_exact=True)


def told(vault: Vault, made: SelfAssessment) -> dict[tuple[str, str], Problem]:
    found = vault.read_now(selfassessment.problems_of, made)
    return {(one.sheet, one.cell): one for one in found}


def everything(vault: Vault, inspection: str, made: SelfAssessment) -> str:
    """All that is told of an import before and after, in one text."""

    def read(s: Session) -> str:
        result = comparing.comparison(s, inspection)
        lines = histories.record_history(s, "self_assessment", made.id)
        changes = [change.after for one in lines for change in one.changes]
        return "\n".join((to_text(result, 200), json.dumps(to_json(result)["problems"]), *changes))

    return vault.read_now(read)


def reveal(vault: Vault, case: str) -> None:
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    vault.write_now(judging.reveal, case)


def test_a_problem_tells_its_cell_but_no_grade_before_the_reveal(
    vault: Vault, inspection: str, cases: dict[str, str], made: SelfAssessment
) -> None:
    before = told(vault, made)
    for cell in ("D2", "D3", "C5"):
        assert before["Cases", cell].value == ""
        assert "hidden until the force's grade" in before["Cases", cell].reason
    assert "not taken for a grade" in before["Cases", "D2"].reason
    assert before["Cases", "D4"].value == "TBC" and "“TBC”" in before["Cases", "D4"].reason
    assert "No grade is given" in before["Cases", "D5"].reason
    assert before["Cases", "C4"].value == "2026-13-04"
    assert before["Summary", "B2"].value == ""
    shown = everything(vault, inspection, made)
    assert "was RI" not in shown and "Smith" not in shown
    assert vault.read_now(selfassessment.words_of, made) == []
    hidden = vault.read_now(visibility.hidden_fields, "self_assessment", made.id)
    assert hidden == {"grades", "problems"}


def test_a_reveal_shows_the_problems_of_its_own_row_only(
    vault: Vault, inspection: str, cases: dict[str, str], made: SelfAssessment
) -> None:
    reveal(vault, cases["WST-001"])
    after = told(vault, made)
    assert after["Cases", "D2"].value == "Inadequate (was RI)"
    assert after["Cases", "D3"].value == "" and after["Summary", "B2"].value == ""
    reveal(vault, cases["WST-002"])
    lines = vault.read_now(selfassessment.row_lines, inspection)
    for line in lines[2:]:
        vault.write_now(selfassessment.no_case, line.row_id)
    after = told(vault, made)
    assert after["Cases", "D3"].value == "ReqImp by DCI Smith 42/9999/26"
    assert "says 3" in after["Summary", "B2"].reason
    assert after["Cases", "C5"].value == "", "a row that is no case of ours stays hidden"
    words = vault.read_now(selfassessment.words_of, made)
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
    found = {(one.sheet, one.cell): one for one in selfassessment.veiled_reading(reading)}
    assert len(found) == len({(one.sheet, one.cell) for one in reading.problems})
    assert [found["Cases", cell].value for cell in ("D2", "D3", "D4", "C5")] == ["", "", "TBC", ""]
    assert found["Summary", "B2"].value == "3"


def test_which_words_tell_a_grade() -> None:
    telling = ("Good", "RI?", "g", "GradeInadequate", "inadequete", "angen gwella", "x" * 501)
    assert all(map(tells_grade, telling))
    assert not any(map(tells_grade, ("", "TBC", "n/a", "42/1/26", "42/G/7", "2026-13-04")))
    assert all(map(is_no_grade, ("", " ", "TBC", "n/a", "Not graded?")))
    assert not any(map(is_no_grade, ("Good", "TBC 42/1/26", "👍", "=TBC")))
    assert is_grade_word("Req. Imp") and not is_grade_word("Good 42/1/26")
