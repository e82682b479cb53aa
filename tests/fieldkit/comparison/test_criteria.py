from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fieldkit.comparison.compare import compare
from fieldkit.comparison.figures.criteria import check_criteria
from fieldkit.comparison.inputs import ComparedCase, CriterionJudged
from fieldkit.comparison.output.csv_output import to_csv
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.comparison.read_grades import read_cases

SCALE = ("good", "requires improvement", "inadequate")
Maker = Callable[..., ComparedCase]


@pytest.fixture
def cases(make: Maker) -> list[ComparedCase]:
    return [make("ig"), make("rg"), make("gg"), make("i"), make("gi", withdrawn=True)]


def judged(cases: list[ComparedCase]) -> list[CriterionJudged]:
    grades = ("inadequate", "good", "good", "inadequate", "inadequate")
    made = [
        CriterionJudged(case.case_id, "Investigation", grade)
        for case, grade in zip(cases, grades, strict=True)
    ]
    made.append(CriterionJudged(cases[0].case_id, "Police detention", None, "not applicable"))
    made.append(CriterionJudged(cases[1].case_id, "Police detention", None, "unable to judge"))
    return made


def test_each_criterion_counts_every_case_once_and_the_withdrawn_nowhere(
    cases: list[ComparedCase],
) -> None:
    order = ("Initial contact", "Investigation", "Police detention")
    made = compare(cases, SCALE, criteria=judged(cases), criterion_order=order)
    table = made.criteria
    assert [row.label for row in table.rows] == list(order)
    contact, inquiry, custody = table.rows
    assert (contact.counts, contact.not_judged) == ((0, 0, 0), 4)
    assert (inquiry.counts, inquiry.not_judged) == ((2, 0, 2), 0)
    assert (custody.not_applicable, custody.unable, custody.not_judged) == (1, 1, 2)
    # The force is higher in two cases; in one of them our investigation lies below its grade.
    assert (table.force_higher, inquiry.below_force, custody.below_force) == (2, 1, 0)
    assert (table.withdrawn, table.checks) == (1, ())
    assert made.checks == ()


def test_the_withdrawn_are_told_beside_every_table(cases: list[ComparedCase]) -> None:
    made = compare(cases, SCALE, criteria=judged(cases))
    assert (made.self_assessed.withdrawn, made.inspectors_only.withdrawn) == (1, 0)
    assert (made.all_cases.withdrawn, made.types.withdrawn) == (1, 1)
    assert [row.withdrawn for row in made.types.rows] == [1]
    text = " ".join(to_text(made).split())
    assert text.count("in no count: 1") == 3 and "Domestic abuse 1" in text
    assert "higher than ours (2 cases)" in text
    data = to_json(made)
    assert data["withdrawn_by"] == {
        "self_assessed": 1, "inspectors_only": 0, "type": {"Domestic abuse": 1},
    }  # fmt: skip
    assert data["tables"]["criterion_by_grade"]["Investigation"]["below the force's"] == 1
    assert "criterion by grade,Investigation,good,2," in to_csv(made)


def test_a_table_that_was_tampered_with_says_which_cell_is_off(cases: list[ComparedCase]) -> None:
    made = compare(cases, SCALE, criteria=judged(cases))
    row = replace(made.criteria.rows[0], counts=(3, 0, 2))
    wrong = replace(made.criteria, rows=(row, *made.criteria.rows[1:]))
    found = check_criteria(wrong, judged(cases), read_cases(cases, SCALE).cases)
    assert len(found) == 2 and "Investigation, good" in found[0]


def test_a_changed_grade_says_why(make: Maker) -> None:
    made = compare(
        [make("gg", initial="inadequate", why_changed="the strategy record was found")], SCALE
    )
    [one] = made.changed
    assert one.reason == "the strategy record was found"
    assert "because the strategy record was found" in " ".join(to_text(made).split())
