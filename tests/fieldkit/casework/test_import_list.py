from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import add_case, withdraw_case
from fieldkit.casework.find_case import find_case
from fieldkit.casework.import_list import import_cases
from fieldkit.methodology import load
from fieldkit.service import RefusedError
from fieldkit.workbook.case_list import CaseListReading, read_case_list
from storage.feed.replay import differences
from storage.history.undo import undo
from storage.vault.vault import Vault

HEADING = "case,force_ref,type,date_of_incident,origin,overall_grade,rationale\n"


def reading(tmp_path: Path, *rows: str, heading: str = HEADING) -> CaseListReading:
    file = tmp_path / "list.csv"
    file.write_text(heading + "\n".join(rows) + "\n", "utf-8")
    return read(file)


def read(file: Path) -> CaseListReading:
    methodology = load("2018")
    types = {one.label: (one.key, *one.aliases) for one in methodology.case_types}
    return read_case_list(file, scale=methodology.scale_for("case").labels, types=types)


ROWS = (
    "A-1,42/1/26,Domestic abuse,2026-02-01,self-assessed,good,Seen and heard.",
    "A-2,42/2/26,Missing children,2026-02-02,inspectors,inadequate,Nobody went.",
    "A-3,42/3/26,Missing children,2026-02-03,inspectors,,",
    "A-4,42/4/26,Custody,2026-02-04,inspectors,unable to judge,The file is missing.",
)


def test_a_list_becomes_cases_with_our_grades(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    done = vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    assert (done.new, done.changed, done.same) == (("A-1", "A-2", "A-3", "A-4"), (), ())
    assert done.graded == 3
    lines = {one.reference: one for one in vault.read_now(case_lines, inspection)}
    assert lines["A-1"].origin == "self-assessed"
    # In the words of the list itself.
    assert lines["A-1"].types == ("Domestic abuse",)
    assert [one.overall_grade or one.overall_state for one in lines.values()] == [
        "good",
        "inadequate",
        "not judged",
        "unable to judge",
    ]
    opened = vault.read_now(open_case, lines["A-1"].id)
    assert opened.judgments["overall"].rationale == "Seen and heard."
    assert opened.judgments["overall"].by == vault.person.id
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_the_same_list_again_changes_nothing(vault: Vault, inspection: str, tmp_path: Path) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    before = ops(vault)
    done = vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    assert (done.new, done.changed, len(done.same), done.graded) == ((), (), 4, 0)
    assert ops(vault) == before


def test_a_grade_entered_here_is_never_replaced_by_a_file(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    changed = (
        ROWS[0].replace("good", "inadequate"),
        ROWS[1].replace("2026-02-02", "2026-03-03"),
        ROWS[2].replace(",,", ",good,Late."),
    )
    done = vault.write_now(import_cases, inspection, reading(tmp_path, *changed))
    assert (done.changed, done.same) == (("A-2", "A-3"), ("A-1",))
    lines = {one.reference: one for one in vault.read_now(case_lines, inspection)}
    assert lines["A-1"].overall_grade == "good"
    assert lines["A-2"].incident_on == "2026-03-03"
    assert lines["A-3"].overall_grade == "good"
    (kept,) = [one for one in done.problems if "kept" in one.reason]
    assert (kept.value, kept.reason) == (
        "A-1",
        "A-1: it is “good” here and “inadequate” in the file; ours was kept.",
    )


def test_a_withdrawn_case_is_not_graded_by_a_file(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    case = vault.write_now(add_case, inspection, "A-1")
    vault.write_now(withdraw_case, case.id, "not ours")
    done = vault.write_now(import_cases, inspection, reading(tmp_path, ROWS[0]))
    assert done.graded == 0
    assert any("withdrawn" in one.reason for one in done.problems)


def test_an_import_is_one_step_to_undo(vault: Vault, inspection: str, tmp_path: Path) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    vault.write_now(undo)
    assert vault.read_now(case_lines, inspection) == []
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_a_row_given_twice_or_without_a_reference_is_passed_over_and_named(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    again = "a-1,,,,inspectors,inadequate,Twice."
    done = vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS, again))
    assert len(done.new) == 4
    assert any("also stands in" in one.reason for one in done.problems)
    (first, *_) = vault.read_now(case_lines, inspection)
    assert first.overall_grade == "good"


def test_a_list_without_references_is_refused(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    heading = HEADING.replace("case,", "remark,")
    said = reading(tmp_path, *ROWS, heading=heading)
    if "case" not in said.missing:
        pytest.skip("the reader took another column for the references")
    with pytest.raises(RefusedError, match="no column"):
        vault.write_now(import_cases, inspection, said)
    assert vault.read_now(case_lines, inspection) == []


def test_grades_count_as_entered_with_criteria_open(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))

    def reasons(s: Session) -> list[str | None]:
        from storage.history.history import history
        from storage.records.judgment import judgment_id

        case = find_case(s, inspection, "A-1")
        return [one.reason for one in history(s, "judgment", judgment_id(case.id, "overall"))]

    assert vault.read_now(reasons) == ["entered with 7 criteria open"]
    assert len(vault.read_now(judging.open_criteria, find(vault, inspection))) == 7


def find(vault: Vault, inspection: str) -> str:
    return vault.read_now(find_case, inspection, "A-1").id


def ops(vault: Vault) -> int:
    count = "SELECT COUNT(*) FROM op"
    return vault.read_now(lambda s: int(s.connection().exec_driver_sql(count).scalar_one()))
