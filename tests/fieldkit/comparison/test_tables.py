"""The three tables: what is counted, what is not, and what they say when a sum is off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fieldkit.comparison.compare import compare
from fieldkit.comparison.figures.case_types import check_types
from fieldkit.comparison.figures.three_tables import check_grades, check_self_assessed, check_sum
from fieldkit.comparison.inputs import ComparedCase
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text

SCALE = ("good", "requires improvement", "inadequate")
Maker = Callable[..., ComparedCase]


def test_self_assessed_cases_are_counted_by_both_sides(make: Maker) -> None:
    cases = [
        *[make("gg") for _ in range(3)],
        make("ig"),
        make("ri"),
        make("g-"),
        make("-g", our_state="unable to judge"),
        make("r-", their_state="unmatched"),
        make("i"),
        make("-"),
    ]
    table = compare(cases, SCALE).self_assessed
    assert table.crosstab == ((3, 0, 0), (0, 0, 1), (1, 0, 0))
    assert table.row_totals == (3, 1, 1) and table.column_totals == (4, 0, 1)
    assert table.inspectors == (4, 2, 1) and table.force == (5, 0, 1)
    assert table.cases == 8 and table.total == 5
    assert table.not_judged_by_us == 1
    assert table.not_judged_by_force == 1 and table.unmatched == 1
    assert table.checks == ()
    alone = compare(cases, SCALE).inspectors_only
    assert alone.counts == (0, 0, 1) and alone.not_judged == 1 and alone.cases == 2


def test_states_are_never_grades(make: Maker) -> None:
    states = ("not judged", "not applicable", "unable to judge")
    cases = [make("-", ours=state) for state in states]
    cases += [make("g-", theirs=state) for state in states]
    comparison = compare(cases, SCALE)
    assert comparison.inspectors_only.counts == (0, 0, 0)
    assert comparison.inspectors_only.not_judged == 3
    assert comparison.self_assessed.not_judged_by_force == 3
    assert comparison.agreement.n == 0
    assert comparison.checks == ()


def test_a_grade_off_the_scale_is_named_and_not_counted(make: Maker) -> None:
    comparison = compare([make("ga", reference="WST-9"), make("gg")], SCALE)
    assert comparison.self_assessed.crosstab[0] == (1, 0, 0)
    assert comparison.self_assessed.not_judged_by_force == 1
    assert comparison.checks == (
        "Case WST-9: the force's grade “adequate” is not on the scale (good, requires"
        " improvement, inadequate) and is counted as not judged.",
    )


def test_withdrawn_cases_are_in_no_table_but_are_named(make: Maker) -> None:
    comparison = compare([make("gg"), make("ig", withdrawn=True), make("i", withdrawn=True)], SCALE)
    assert comparison.self_assessed.total == 1 and comparison.inspectors_only.cases == 0
    assert comparison.types.cases == 1 and comparison.disparities == ()
    assert [case.reference for case in comparison.withdrawn] == ["WST-002", "WST-003"]
    assert "2 (WST-002, WST-003)" in to_text(comparison)
    assert to_json(comparison)["withdrawn"] == ["WST-002", "WST-003"]


def test_a_case_of_several_types_counts_once_under_each(make: Maker) -> None:
    cases = [
        make("gg", types=("Domestic abuse", "Missing children", "Domestic abuse")),
        make("i", types=("Missing children",)),
        make("-", types=("Missing children",)),
        make("r", types=()),
    ]
    table = compare(cases, SCALE, type_order=("Missing children", "Domestic abuse")).types
    assert [(row.label, row.counts, row.not_judged) for row in table.rows] == [
        ("Missing children", (1, 0, 1), 1),
        ("Domestic abuse", (1, 0, 0), 0),
        ("type not recorded", (0, 1, 0), 0),
    ]
    assert table.checks == () and table.cases == 4 and table.several == 1
    assert table.note == (
        "1 case of 4 has more than one type and counts once under each, so the rows add up to 5."
    )


def test_a_row_that_is_off_is_named(make: Maker) -> None:
    cases = [make("gg"), make("gg"), make("ri")]
    comparison = compare(cases, SCALE)
    off = replace(comparison.self_assessed, crosstab=((1, 0, 0), (0, 0, 1), (0, 0, 0)))
    assert check_self_assessed(off, cases) == (
        "Self-assessed cases, row “good”: the counts add up to 1, but there are 2 cases: 1 too"
        " few.",
        "Self-assessed cases, column “good”: the counts add up to 1, but there are 2 cases: 1 too"
        " few.",
        "Self-assessed cases, graded by both: the counts add up to 2, but there are 3 cases: 1 too"
        " few.",
        "Self-assessed cases, by who graded them: the counts add up to 2, but there are 3 cases: 1"
        " too few.",
    )
    moved = replace(comparison.self_assessed, force=(1, 1, 1))
    assert len(check_self_assessed(moved, cases)) == 2
    lost = replace(comparison.self_assessed, not_judged_by_us=1)
    assert "with the not judged" in check_self_assessed(lost, cases)[0]
    grades = replace(comparison.all_cases, counts=(2, 1, 1))
    assert check_grades(grades, cases) == (
        "All cases audited, inadequate: the counts add up to 1, but there are 0 cases: 1 too many.",
        "All cases audited, with the not judged: the counts add up to 4, but there are 3 cases: 1"
        " too many.",
    )
    types = replace(comparison.types, rows=())
    assert "each counted once under each of its types: 3 too few" in check_types(types, cases)[0]


def test_the_published_row_that_sums_to_34_for_33_cases_is_noticed() -> None:
    assert check_sum("West Yorkshire 2014, HMIC's view", 9 + 8 + 7 + 10, 33) == (
        "West Yorkshire 2014, HMIC's view: the counts add up to 34, but there are 33 cases: 1 too"
        " many.",
    )
    assert check_sum("West Yorkshire 2014, the force's view", 17 + 8 + 5 + 3, 33) == ()


def test_direction_marks_need_no_colour(make: Maker) -> None:
    table = compare([make("ig"), make("gi")], SCALE).self_assessed
    marks = [[table.mark(i, j) for j in range(3)] for i in range(3)]
    assert marks == [["", "-", "--"], ["+", "", "-"], ["++", "+", ""]]


def test_row_shares_only_of_rows_with_enough_cases(make: Maker) -> None:
    cases = [make("gg") for _ in range(8)] + [make("gr") for _ in range(2)] + [make("ii")]
    table = compare(cases, SCALE).self_assessed
    assert table.row_share(0, 0) == 0.8 and table.row_share(2, 2) is None


def test_an_inspectors_case_matched_to_a_row_is_said_and_not_compared(make: Maker) -> None:
    comparison = compare([make("gg", origin="inspectors"), make("gg", origin="dip")], SCALE)
    assert comparison.self_assessed.cases == 0 and comparison.inspectors_only.cases == 2
    dip, uncounted = comparison.checks
    assert "“dip” is neither self-assessed nor inspectors only" in dip
    assert uncounted.startswith("2 cases are matched to rows of the force but their origin is not")
    assert "in no table: WST-001, WST-002." in uncounted and "change their origin" in uncounted
    assert comparison.self_assessed.checks == ()
    assert comparison.self_assessed.notes == (uncounted,)
    assert to_text(comparison).count("WST-001, WST-002. If the") == 2


def test_each_self_assessed_case_is_in_one_part(make: Maker) -> None:
    hidden = {"theirs": None, "their_state": "not revealed"}
    cases = [make("gg"), make("g-"), make("-g"), make("--", their_state="unmatched"), make("--")]
    cases += [make("g-", **hidden), make("i-", **hidden), make("--", **hidden)]
    comparison = compare(cases, SCALE)
    table = comparison.self_assessed
    assert table.parts == {
        "both": 1, "only us": 1, "only the force": 1, "neither": 2, "not revealed yet": 3,
    }  # fmt: skip
    assert (table.not_judged_by_force, table.unmatched, table.not_revealed) == (2, 1, 3)
    assert table.checks == () and comparison.agreement.n == 1
    assert to_json(comparison)["tables"]["self_assessed"]["graded_by"] == table.parts
    off = replace(table, neither=1, only_us=2)
    assert [one.split(":")[0] for one in check_self_assessed(off, cases)] == [
        "Self-assessed cases, graded by only us", "Self-assessed cases, graded by neither",
    ]  # fmt: skip


def test_unmatched_cases_of_ours_are_self_assessed_ones_only(make: Maker) -> None:
    comparison = compare([make("g-", their_state="unmatched"), make("g"), make("g-")], SCALE)
    assert to_json(comparison)["unmatched"]["our_cases"] == ["WST-001"]


def test_what_cannot_be_compared_is_refused(make: Maker) -> None:
    with pytest.raises(ValueError, match="a case id was given twice"):
        compare([make("gg", case_id="x"), make("gg", case_id="x")], SCALE)
    for scale in ((), ("good",), ("good", "good")):
        with pytest.raises(ValueError, match="at least two grades"):
            compare([], scale)
