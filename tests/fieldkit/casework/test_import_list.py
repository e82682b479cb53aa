from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import add_case, edit_case, withdraw_case
from fieldkit.casework.find_case import find_case
from fieldkit.casework.import_list import import_cases, read_list
from fieldkit.casework.list_changes import OURS, THEIRS, ListAnswers
from fieldkit.casework.list_plan import plan_import
from fieldkit.service import RefusedError
from fieldkit.wording.labels import NOT_GIVEN, auditor_of, person_name
from fieldkit.workbook.case_list import CaseListReading
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.problems import Code
from storage.feed.replay import differences
from storage.history.undo import undo
from storage.vault.vault import Vault

HEADING = "case,force_ref,type,date_of_incident,origin,overall_grade,rationale\n"


def reading(tmp_path: Path, *rows: str, heading: str = HEADING) -> CaseListReading:
    file = tmp_path / "list.csv"
    file.write_text(heading + "\n".join(rows) + "\n", "utf-8")
    return read(file)


def read(file: Path, overrides: Overrides | None = None) -> CaseListReading:
    return read_list(file, "2018", overrides)


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
    assert person_name({}, opened.judgments["overall"].by) == NOT_GIVEN
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
    assert (done.changed, done.same) == (("A-3",), ("A-1", "A-2", "A-4")[:2])
    lines = {one.reference: one for one in vault.read_now(case_lines, inspection)}
    assert lines["A-1"].overall_grade == "good"
    assert lines["A-2"].incident_on == "2026-02-02"
    assert lines["A-3"].overall_grade == "good"
    assert [one.words() for one in done.changes if one.asked] == [
        "A-1: overall grade is “good” here and “inadequate” in the list; ours is kept until "
        "somebody says",
        "A-2: date of incident is “2026-02-02” here and “2026-03-03” in the list; ours is kept "
        "until somebody says",
    ]
    assert [one.cell for one in done.problems if one.code is Code.CASE_KEPT] == ["F2", "D3"]


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


def answered(*theirs: str, everything: str = "") -> ListAnswers:
    return ListAnswers(dict.fromkeys(theirs, THEIRS), everything)


SECOND = (
    "A-1,42/1/26,Missing children,2026-02-01,inspectors,inadequate,Another reason.",
    "A-2,43/2/26,Missing children,2026-02-09,inspectors,inadequate,Nobody went.",
    "A-5,42/5/26,Custody,2026-02-05,inspectors,good,",
)


def test_a_second_list_overwrites_nothing_without_an_answer(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    second = reading(tmp_path, *SECOND)
    plan = vault.read_now(plan_import, inspection, second)
    asked = {one.cell: (one.field, one.ours, one.theirs) for one in plan.changes}
    assert asked == {
        "C2": ("type", "Domestic abuse", "Missing children"),
        "E2": ("origin", "self-assessed", "inspectors"),
        "F2": ("overall_grade", "good", "inadequate"),
        "G2": ("rationale", "Seen and heard.", "Another reason."),
        "D3": ("date_of_incident", "2026-02-02", "2026-02-09"),
        "B3": ("force_ref", "42/2/26", "43/2/26"),
    }
    assert (plan.open, plan.new) == (6, ("A-5",))
    done = vault.write_now(import_cases, inspection, second)
    assert (done.new, done.changed, done.same) == (("A-5",), (), ("A-1", "A-2"))
    lines = {one.reference: one for one in vault.read_now(case_lines, inspection)}
    first = lines["A-1"]
    assert (first.type_labels, first.origin) == (("Domestic abuse",), "self-assessed")
    assert lines["A-2"].force_ref == "42/2/26"
    assert sum(one.code is Code.CASE_KEPT for one in done.problems) == 6


@pytest.mark.parametrize(
    ("answers", "grade", "origin", "date"),
    [
        (answered("F2"), "inadequate", "self-assessed", "2026-02-02"),
        (answered("A-1"), "inadequate", "inspectors", "2026-02-02"),
        (answered(everything=THEIRS), "inadequate", "inspectors", "2026-02-09"),
        (ListAnswers({"A-1": OURS}, THEIRS), "good", "self-assessed", "2026-02-09"),
        (ListAnswers({"E2": THEIRS}, OURS), "good", "inspectors", "2026-02-02"),
    ],
)
def test_an_answer_takes_the_lists_for_a_cell_a_case_or_all(
    vault: Vault,
    inspection: str,
    tmp_path: Path,
    answers: ListAnswers,
    grade: str,
    origin: str,
    date: str,
) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    vault.write_now(import_cases, inspection, reading(tmp_path, *SECOND), answers)
    lines = {one.reference: one for one in vault.read_now(case_lines, inspection)}
    assert (lines["A-1"].overall_grade, lines["A-1"].origin) == (grade, origin)
    assert lines["A-2"].incident_on == date
    vault.write_now(undo)
    lines = {one.reference: one for one in vault.read_now(case_lines, inspection)}
    assert (lines["A-1"].overall_grade, lines["A-1"].origin) == ("good", "self-assessed")
    assert "A-5" not in lines


def test_an_answer_about_nothing_is_refused(vault: Vault, inspection: str, tmp_path: Path) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    with pytest.raises(RefusedError, match="“Z9”"):
        vault.write_now(import_cases, inspection, reading(tmp_path, *SECOND), answered("Z9"))
    assert len(vault.read_now(case_lines, inspection)) == 4


AUDITED = "case,type,overall grade,auditor\n"


def by_of(vault: Vault, inspection: str, reference: str) -> str:
    case = vault.read_now(find_case, inspection, reference)
    return vault.read_now(open_case, case.id).judgments["overall"].by


def test_a_grade_carries_the_auditor_whom_the_list_names(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    me = vault.person
    rows = (
        "B-1,Custody,good,Inspector Q",
        f"B-2,Custody,good,{me.name.upper()}",
        "B-3,Custody,n/a,JS",
        "B-4,Custody,good,",
    )
    vault.write_now(import_cases, inspection, reading(tmp_path, *rows, heading=AUDITED))
    names = {me.id: me.name}
    said = {one: by_of(vault, inspection, one) for one in ("B-1", "B-2", "B-3", "B-4")}
    assert {one: person_name(names, by) for one, by in said.items()} == {
        "B-1": "Inspector Q (imported)",
        "B-2": f"{me.name.upper()} (imported)",
        "B-3": "JS (imported)",
        "B-4": NOT_GIVEN,
    }
    assert me.id not in said.values()
    assert auditor_of(names, said["B-2"]) == me.id
    lines = {one.reference: one.allocated_to for one in vault.read_now(case_lines, inspection)}
    assert lines == {"B-1": "Inspector Q", "B-2": me.id, "B-3": "JS", "B-4": ""}


def test_whoever_grades_anew_is_the_auditor_and_whoever_only_writes_is_not(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    case = find(vault, inspection)
    vault.write_now(lambda s: judging.write(s, case, "overall", rationale="Read again."))
    assert person_name({}, by_of(vault, inspection, "A-1")) == NOT_GIVEN
    vault.write_now(judging.grade, case, "overall", "inadequate", allow_open=True)
    assert by_of(vault, inspection, "A-1") == vault.person.id


@pytest.mark.parametrize("written", ["WST-1", "WST001", "WST 001", "WST-0001", "WST-OO1"])
def test_a_near_reference_waits_for_a_person(
    vault: Vault, inspection: str, tmp_path: Path, written: str
) -> None:
    vault.write_now(add_case, inspection, "WST-001")
    row = f"{written},42/9/26,Custody,2026-02-05,inspectors,good,"
    done = vault.write_now(import_cases, inspection, reading(tmp_path, row, *ROWS))
    assert (len(done.new), done.left_out) == (4, 1)
    (near,) = [one for one in done.problems if one.code is Code.CASE_NEAR]
    assert (near.cell, near.severity) == ("A2", "error")
    assert "WST-001" in near.reason
    same = read(tmp_path / "list.csv", Overrides(fixes={"A2": "WST-001"}))
    assert vault.write_now(import_cases, inspection, same).changed == ("WST-001",)
    other = read(tmp_path / "list.csv", Overrides(fixes={"A2": written}))
    assert vault.write_now(import_cases, inspection, other).new == (written,)


@pytest.mark.parametrize(
    "written", ["a-1", "A\u20131", "A - 1", "A\u2011\u200b1", "\uff21-1", "A-\u00ad1"]
)
def test_a_reference_that_looks_the_same_is_the_same_case(
    vault: Vault, inspection: str, tmp_path: Path, written: str
) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    again = reading(tmp_path, *(ROWS[0].replace("A-1", written), *ROWS[1:]))
    done = vault.write_now(import_cases, inspection, again)
    assert (done.new, done.changed, len(done.same)) == ((), (), 4)


def test_a_skipped_row_is_counted_and_a_fixed_cell_is_read(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    rows = (*ROWS[:2], ROWS[2].replace("2026-02-03", "soon"), ROWS[3])
    reading(tmp_path, *rows)
    chosen = Overrides(
        fixes={"D4": "3 March 2026", "F4": "not applicable"}, skips={"A5": "not ours"}
    )
    done = vault.write_now(import_cases, inspection, read(tmp_path / "list.csv", chosen))
    assert (len(done.new), done.skipped, done.graded) == (3, 1, 3)
    lines = {one.reference: one for one in vault.read_now(case_lines, inspection)}
    assert (lines["A-3"].incident_on, lines["A-3"].overall) == ("2026-03-03", "not applicable")


def test_a_type_by_code_is_shown_by_its_label(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    rows = (
        "C-001,,cse,,,,",
        "C-002,,missing,,,,",
        "C-003,,Our own theme,,,,",
        "C-004,,DA; cse,,,,",
    )
    vault.write_now(import_cases, inspection, reading(tmp_path, *rows))
    lines = {one.reference: one.type_labels for one in vault.read_now(case_lines, inspection)}
    assert lines == {
        "C-001": ("Child sexual exploitation",),
        "C-002": ("Missing children",),
        "C-003": ("Our own theme",),
        "C-004": ("Domestic abuse", "Child sexual exploitation"),
    }


def test_a_list_with_a_reference_that_was_corrected_asks_which_case_it_is(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    first = vault.read_now(find_case, inspection, "A-1")
    vault.write_now(edit_case, first.id, reference="B-77")
    done = vault.write_now(import_cases, inspection, reading(tmp_path, *ROWS))
    assert (done.new, done.left_out) == ((), 1)
    assert [one.code for one in done.problems if "B-77" in str(one)] == [Code.CASE_NEAR]
