"""The comparison from records: a whole self-assessment against what is known to be true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, referrals, reveals
from fieldkit.casework.cases import add_case, withdraw_case
from fieldkit.comparison import assemble
from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.demo.practice import practice
from fieldkit.demo.workbook import write_workbook
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.handover.gather import gather
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from fieldkit.selfassessment.decide import link_row, match_plan, queue_lines, set_no_case
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from storage.errors import FieldkitError
from storage.feed.replay import differences
from storage.records import Case, ForceRow, Reveal
from storage.records.judgment import OVERALL
from storage.records.lookup import records_in
from storage.vault.vault import Vault

SCALE = load("2018").scale_for("case").labels


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def counts(comparison: Comparison) -> tuple[list[list[int]], dict[str, int], dict[str, object]]:
    """The three tables."""
    return (
        [list(row) for row in comparison.self_assessed.crosstab],
        comparison.inspectors_only.by_grade(),
        {
            row.label: dict(zip(SCALE, row.counts, strict=True)) | {"not judged": row.not_judged}
            for row in comparison.types.rows
        },
    )


def answer_queue(vault: Vault, inspection: str, truth: Mapping[int, str]) -> int:
    """Decide on each waiting row as a person who knows would; how many there were."""
    ids = {one.reference: one.id for one in vault.read_now(records_in, Case, inspection)}
    waiting = vault.read_now(queue_lines, inspection)
    for one in waiting:
        if truth[one.row]:
            vault.write_now(link_row, one.row_id, ids[truth[one.row]])
        else:
            vault.write_now(set_no_case, one.row_id)
    return len(waiting)


def decided(vault: Vault, inspection: str) -> dict[int, str]:
    """What each row was said to be: our reference, or nothing."""
    names = {one.id: one.reference for one in vault.read_now(records_in, Case, inspection)}
    return {
        one.row: names.get(one.case_id, "")
        for one in vault.read_now(records_in, ForceRow, inspection)
    }


def test_the_practice_inspection_gives_the_tables_it_was_made_from(
    vault: Vault, tmp_path: Path
) -> None:
    plan = practice()
    truth = write_workbook(tmp_path / "force.xlsx", plan)
    inspection = vault.write_now(
        inspections.create, force=plan.force, methodology=plan.methodology
    ).id

    def enter(s: Session) -> None:
        for one in plan.cases:
            case = add_case(
                s,
                inspection,
                one["reference"],
                types=one["types"],
                origin=one["origin"],
                incident_on=one["incident_on"],
                force_ref=one["force_ref"],
            )
            judging.grade(
                s, case.id, OVERALL, one["overall"], rationale=one["rationale"], allow_open=True
            )

    vault.write_now(enter)
    reading = read_force_workbook(tmp_path / "force.xlsx", plan.methodology)
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    exact = {
        one.row
        for one in vault.read_now(records_in, ForceRow, inspection)
        if one.decision == "exact"
    }
    assert exact <= {one.row for one in truth.rows if one.exact}
    meant = {one.row: one.case for one in truth.rows}
    answer_queue(vault, inspection, meant)
    assert decided(vault, inspection) == meant

    vault.write_now(reveals.reveal_all, inspection)
    result = vault.read_now(assemble.comparison, inspection)
    ours = {one["reference"]: one["overall"] for one in plan.cases}
    expected = [[0] * len(SCALE) for _ in SCALE]
    for one in truth.rows:
        if one.case and one.grade:
            expected[SCALE.index(ours[one.case])][SCALE.index(one.grade)] += 1
    crosstab, alone, by_type = counts(result)
    assert crosstab == expected
    assert result.checks == ()
    for grade in SCALE:
        among = [one for one in plan.cases if one["overall"] == grade]
        assert alone[grade] == sum(one["origin"] == "inspectors" for one in among)
        for label, row in by_type.items():
            assert isinstance(row, dict)
            assert row[grade] == sum(label in one["types"] for one in among)
    assert len(result.unmatched_rows) == 2 and result.unmatched_cases == ()
    assert set(truth.problems) <= {one.cell for one in result.problems}
    assert any(one.sheet == "Summary" for one in result.problems)
    assert result.self_assessed.not_judged_by_force == 2
    for _ in range(2):
        assert len(vault.read_now(records_in, Reveal, inspection)) == 33
        vault.write_now(reveals.reveal_all, inspection)


@pytest.fixture
def linked(vault: Vault, inspection: str, cases: dict[str, str]) -> str:
    """The two self-assessed cases linked to rows of the force; the inspection's id."""

    def link(s: Session) -> None:
        for row, (reference, grade) in enumerate((("WST-001", "good"), ("WST-002", "good")), 2):
            s.add(
                ForceRow.make(
                    inspection_id=inspection,
                    self_assessment_id="made by hand",
                    row=row,
                    grade=grade,
                    case_id=cases[reference],
                    decision="chosen",
                )
            )

    vault.write_now(link)
    return inspection


def judge(vault: Vault, case: str, grade: str, reason: str | None = None) -> None:
    vault.write_now(judging.grade, case, OVERALL, grade, reason, allow_open=True)


def test_a_grade_of_the_force_enters_only_after_its_reveal(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    judge(vault, cases["WST-001"], "inadequate")
    judge(vault, cases["WST-002"], "good")
    shown = vault.read_now(assemble.comparison, linked)
    assert (shown.self_assessed.total, shown.self_assessed.not_judged_by_force) == (0, 0)
    assert shown.self_assessed.not_revealed == 2 == shown.self_assessed.parts["not revealed yet"]
    assert [one.reference for one in shown.to_reveal] == ["WST-001", "WST-002"]
    assert shown.checks == () and "reveal --all reveals them" in " ".join(to_text(shown).split())
    assert shown.disparities == () and shown.unmatched_cases == ()

    vault.write_now(reveals.reveal, cases["WST-001"])
    shown = vault.read_now(assemble.comparison, linked)
    assert [one.reference for one in shown.disparities] == ["WST-001"]
    assert to_json(shown)["not_revealed"] == {"ready": ["WST-002"], "to_be_graded": []}
    assert len(vault.read_now(records_in, Reveal, linked)) == 1


def test_reveal_all_reveals_only_what_we_have_graded(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    judge(vault, cases["WST-001"], "inadequate")
    judge(vault, cases["WST-003"], "good")
    vault.write_now(reveals.reveal_all, linked)
    result = vault.read_now(assemble.comparison, linked)
    assert [one.case_id for one in vault.read_now(records_in, Reveal, linked)] == [cases["WST-001"]]
    assert result.self_assessed.total == 1
    assert to_json(result)["not_revealed"] == {"ready": [], "to_be_graded": ["WST-002"]}
    assert "graded by us yet: 1 (WST-002); grade it first." in " ".join(to_text(result).split())
    with pytest.raises(FieldkitError):
        judge(vault, cases["WST-002"], "splendid")


def test_agreement_rests_on_our_first_grade_and_the_tables_on_the_present_one(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    judge(vault, case, "requires improvement")
    judge(vault, case, "inadequate")
    vault.write_now(reveals.reveal_all, linked)
    judge(vault, case, "good", "the file had a second volume")
    result = vault.read_now(assemble.comparison, linked)
    assert [(one.initial, one.ours) for one in result.changed] == [("inadequate", "good")]
    assert result.self_assessed.crosstab[0][0] == 1
    assert result.agreement.sign.force_higher == 1


@pytest.mark.parametrize(
    ("first", "then", "same"),
    [
        ("inadequate", "good", "1 of 2 here, 2 of 2 in the cross-tab"),
        ("good", "inadequate", "2 of 2 here, 1 of 2 in the cross-tab"),
        ("inadequate", "requires improvement", "1 of 2 here, 1 of 2 in the cross-tab"),
    ],
)
def test_agreement_of_first_grades_says_so_where_the_cross_tab_counts_another(
    vault: Vault, linked: str, cases: dict[str, str], first: str, then: str, same: str
) -> None:
    judge(vault, cases["WST-001"], first)
    judge(vault, cases["WST-002"], "good")
    vault.write_now(reveals.reveal_all, linked)
    before = vault.read_now(assemble.comparison, linked)
    assert not any("first grades" in note for note in before.agreement.notes)
    judge(vault, cases["WST-001"], then, "the file had a second volume")
    result = vault.read_now(assemble.comparison, linked)
    note = result.agreement.notes[0]
    assert note.startswith("Agreement is of our first grades. WST-001: our grade was changed")
    assert same in note
    for written in (to_text(result), to_json(result)["agreement"]["note"]):
        assert same in " ".join(written.split())


@pytest.mark.parametrize(
    ("first", "then", "counted"),
    [
        ("good", "inadequate", "higher than the inspectors' in 1, the same in 1 and lower in none"),
        ("good", "requires improvement", "in 1, the same in 1 and lower in none"),
        ("inadequate", "good", "The force and the inspectors gave the same grade in all 2 cases"),
    ],
)
def test_what_the_force_gets_counts_on_one_basis_and_names_what_changed(
    vault: Vault, linked: str, cases: dict[str, str], first: str, then: str, counted: str
) -> None:
    judge(vault, cases["WST-001"], first)
    judge(vault, cases["WST-002"], "good")
    vault.write_now(reveals.reveal_all, linked)
    judge(vault, cases["WST-001"], then, "the file had a second volume")
    made = vault.read_now(gather, linked, "chief constable", with_statistics=True)
    body, annex = to_markdown(made.document).split("in statistics")
    assert counted in body and "first grades" not in body and "cross-tab" not in body
    assert f"changed 1 grade (WST-001, from {first} to {then}). All tables count" in body
    assert "before they saw the force's" in annex and "differ by these cases: WST-001" in annex
    assert "cross-tab" not in annex


def test_a_grade_taken_away_after_the_reveal_is_named_with_its_reason(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    judge(vault, cases["WST-001"], "inadequate")
    judge(vault, cases["WST-002"], "good")
    vault.write_now(reveals.reveal_all, linked)
    vault.write_now(judging.clear, cases["WST-001"], OVERALL, "the wrong file was read")
    result = vault.read_now(assemble.comparison, linked)
    (one,) = result.changed
    assert (one.initial, one.ours) == ("inadequate", "not judged")
    assert one.reason == "the wrong file was read"
    assert (result.agreement.n, result.self_assessed.total) == (2, 1)
    (said,) = [note for note in result.agreement.notes if "cross-tab" in note]
    assert said.startswith("2 pairs here, 1 in the cross-tab: our grade of WST-001 was taken away")


def test_the_hidden_are_counted_among_the_self_assessed_alone(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    """A case of another origin is in no table, so it is not revealed with them either."""
    vault.write_now(
        lambda s: s.add(
            ForceRow.make(
                inspection_id=linked,
                self_assessment_id="made by hand",
                row=9,
                grade="good",
                case_id=cases["WST-003"],
                decision="chosen",
            )
        )
    )
    judge(vault, cases["WST-003"], "good")
    vault.write_now(reveals.reveal_all, linked)
    shown = vault.read_now(assemble.comparison, linked)
    assert shown.self_assessed.not_revealed == len(shown.to_reveal + shown.to_grade) == 2
    assert vault.read_now(records_in, Reveal, linked) == []
    assert "in no table: WST-003" in shown.self_assessed.notes[0]


def test_states_withdrawals_and_referrals_reach_the_comparison(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    vault.write_now(judging.set_state, cases["WST-003"], OVERALL, "unable to judge", "no file")
    judge(vault, cases["WST-001"], "inadequate")
    vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "Not seen")
    vault.write_now(withdraw_case, cases["WST-002"], "a duplicate")
    vault.write_now(reveals.reveal_all, linked)
    result = vault.read_now(assemble.comparison, linked)
    assert [one.reference for one in result.withdrawn] == ["WST-002"]
    assert (result.inspectors_only.cases, result.inspectors_only.not_judged) == (2, 2)
    assert [one.open_referral for one in result.disparities] == [True]
    assert result.checks == ()


def test_a_row_that_is_no_case_keeps_its_grade_to_itself(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    vault.write_now(
        lambda s: s.add(
            ForceRow.make(
                inspection_id=linked,
                self_assessment_id="made by hand",
                row=9,
                grade="inadequate",
                decision="none",
            )
        )
    )
    (row,) = vault.read_now(assemble.comparison, linked).unmatched_rows
    assert (row.row, row.grade) == (9, None)


def test_two_rows_for_one_case_are_said_aloud(
    vault: Vault, linked: str, cases: dict[str, str]
) -> None:
    # As when two colleagues decide at once and their bundles meet.
    vault.write_now(
        lambda s: s.add(
            ForceRow.make(
                inspection_id=linked,
                self_assessment_id="made by hand",
                row=9,
                grade="inadequate",
                case_id=cases["WST-001"],
                decision="chosen",
                decided_at="2026-07-09T10:00:00.000Z",
            )
        )
    )
    judge(vault, cases["WST-001"], "inadequate")
    vault.write_now(reveals.reveal_all, linked)
    result = vault.read_now(assemble.comparison, linked)
    assert any("WST-001 is 2 rows of the force at once" in one for one in result.checks)
    assert result.self_assessed.crosstab[2][2] == 1
    vault.read_now(match_plan, linked)


def test_case_types_print_as_the_inspections_own_list_writes_them(
    vault: Vault, inspection: str
) -> None:
    written = (
        ["CSE"],
        ["Children at risk of sexual exploitation"],
        ["children at risk of sexual exploitation "],
        ["Children at risk of sexual exploitation", "Sextortion"],
        ["Missing and absent children"],
        ["sextortion"],
        ["custody"],
    )

    def enter(s: Session) -> None:
        for number, types in enumerate(written):
            s.add(Case.make(inspection_id=inspection, reference=f"W-{number}", types=types))

    vault.write_now(enter)
    rows = vault.read_now(assemble.comparison, inspection).types.rows
    assert [(one.label, one.not_judged) for one in rows] == [
        ("Missing and absent children", 1),
        ("Children at risk of sexual exploitation", 4),
        ("Children detained in police custody", 1),
        ("Sextortion", 2),
    ]
