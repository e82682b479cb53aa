"""What may be said of agreement, and with how few cases."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from fieldkit.comparison.agreement.table import pairs_of
from fieldkit.comparison.compare import compare
from fieldkit.comparison.figures.verdict import Agreement, agree
from fieldkit.comparison.inputs import ComparedCase
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.comparison.rules import standard_rules

SCALE = ("good", "requires improvement", "inadequate")
OVERGRADED = [[8, 0, 0], [5, 5, 0], [0, 4, 3]]
Maker = Callable[..., ComparedCase]


def judged(table: list[list[int]], scale: tuple[str, ...] = SCALE) -> Agreement:
    return agree(pairs_of(table), scale)


def test_the_direction_is_a_sentence_with_the_exact_sign_test() -> None:
    assert judged(OVERGRADED).direction == (
        "The force graded higher than we did in 9 of 25 judgments and lower in none (exact sign"
        " test p = 0.004)."
    )
    turned = [list(column) for column in zip(*OVERGRADED, strict=True)]
    assert judged(turned).direction == (
        "The force graded higher than we did in none of 25 judgments and lower in 9 (exact sign"
        " test p = 0.004)."
    )


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([[0, 0], [0, 0]], "No judgment was made by both, so there is no direction to speak of."),
        (
            [[1, 0], [0, 0]],
            "The force and we gave the same grade in the one judgment made by both.",
        ),
        (
            [[9, 0], [0, 4]],
            "The force and we gave the same grade in all 13 judgments made by both.",
        ),
        (
            [[0, 0], [1, 0]],
            "The force graded higher than we did in 1 of 1 judgment and lower in none.",
        ),
    ],
)
def test_the_direction_when_there_is_little_to_say(table: list[list[int]], sentence: str) -> None:
    assert judged(table, ("good", "inadequate")).direction == sentence


def test_fewer_than_ten_counts_only() -> None:
    nine = judged([[2, 0, 0], [3, 2, 0], [0, 2, 0]])
    assert nine.n == 9 and nine.counts_only and not nine.indicative
    for figure in (nine.kappa, nine.kappa_linear, nine.kappa_quadratic, nine.ac1, nine.ac2):
        assert figure.value is None and "fewer than 10" in figure.why
    assert nine.sign.p is None and nine.sign.force_higher == 5
    assert nine.interval is None
    assert nine.exact.count == 4 and nine.within_one.count == 9
    assert "exact sign test" not in nine.direction and "5 of 9" in nine.direction
    assert "9 cases graded by both, fewer than 10; counts and agreement only" in nine.notes[0]


def test_ten_to_29_indicative_and_30_plain() -> None:
    ten = judged([[4, 0, 0], [2, 2, 0], [0, 1, 1]])
    assert ten.n == 10 and ten.indicative and not ten.counts_only
    assert ten.kappa_linear.value is not None and ten.interval is not None
    assert "Indicative only: with 10 cases (fewer than 30)" in ten.notes[0]
    thirty = judged([[14, 0, 0], [5, 6, 0], [0, 2, 3]])
    assert thirty.n == 30 and not thirty.indicative
    assert not any("ndicative" in note for note in thirty.notes)


def test_few_differences_are_said_to_decide_nothing() -> None:
    five = judged([[8, 0, 0], [5, 5, 0], [0, 0, 3]])
    assert five.sign.p == pytest.approx(0.0625)
    assert any("fewer than 6 differing grades no split can reach p < 0.05" in n for n in five.notes)
    six = judged([[8, 0, 0], [6, 5, 0], [0, 0, 3]])
    assert not any("fewer than 6" in note for note in six.notes)


def test_chi_square_tests_need_25_differences() -> None:
    few = judged([[8, 8, 0], [8, 5, 4], [0, 4, 3]])
    assert few.sign.discordant == 24
    for test in (few.bowker, few.stuart_maxwell):
        assert test.p is None and test.why.endswith("needs at least 25 differing pairs, here 24")
    enough = judged([[8, 9, 0], [8, 5, 4], [0, 4, 3]])
    assert enough.bowker.p is not None and enough.stuart_maxwell.p is not None


def test_the_kappa_paradox_is_explained_with_gwet_beside_it() -> None:
    paradox = judged([[118, 5], [2, 0]], ("good", "inadequate"))
    assert paradox.paradox
    assert (
        "Kappa is low although 94 % of the grades are the same, because one grade dominates."
        " Gwet's AC1 (0.94) and AC2 (0.94) are less moved by that." in paradox.notes
    )
    assert not judged(OVERGRADED).paradox


def test_one_grade_only_is_said_in_words(make: Maker) -> None:
    comparison = compare([make("gg") for _ in range(12)], SCALE)
    data = to_json(comparison)["agreement"]
    assert data["kappa"] is None and data["kappa_linear"] is None and data["sign_p"] is None
    assert data["exact"] == 1.0 and data["n"] == 12
    said = "cannot be calculated: every case has the same grade; agreement 100 %"
    assert said in data["note"]
    page = " ".join(to_text(comparison).split())
    assert said in page and "nan" not in page.lower().replace("nance", "")


def test_nothing_to_compare_is_said_in_words() -> None:
    data = to_json(compare([], SCALE))["agreement"]
    assert data["n"] == 0 and data["exact"] is None and data["within_one"] is None
    assert "nothing to compare" in data["note"]


def test_the_sample_is_never_taken_for_the_caseload() -> None:
    for table in (OVERGRADED, [[1, 0, 0], [0] * 3, [0] * 3]):
        assert "chosen, not drawn at random" in judged(table).notes[-1]


def test_agreement_rests_on_first_grades_and_tables_on_current_ones(make: Maker) -> None:
    cases = [make("gg", initial="inadequate") for _ in range(3)] + [make("gg")]
    comparison = compare(cases, SCALE)
    assert comparison.agreement.exact.count == 1 and comparison.agreement.n == 4
    assert comparison.self_assessed.crosstab[0][0] == 4 and comparison.disparities == ()


def test_a_grade_given_after_seeing_the_force_s_is_left_out_and_said(make: Maker) -> None:
    comparison = compare([make("gg", initial=None), make("gg"), make("-g")], SCALE)
    assert comparison.agreement.n == 1 and comparison.agreement.not_first == 1
    assert any(note.startswith("1 case left out: we had no grade") for note in
               comparison.agreement.notes)  # fmt: skip
    assert to_json(comparison)["agreement"]["left_out"] == 1


def test_agreement_in_parts(make: Maker) -> None:
    cases = [make("rg", auditor="CD", types=("Police protection", "Domestic abuse"))]
    cases += [make("gg") for _ in range(11)] + [make("rg", auditor="")] + [make("i")]
    comparison = compare(cases, SCALE)
    assert [(group.label, group.agreement.n) for group in comparison.by_auditor] == [
        ("AB", 11),
        ("CD", 1),
        ("not recorded", 1),
    ]
    assert [(group.label, group.agreement.n) for group in comparison.by_type] == [
        ("Domestic abuse", 13),
        ("Police protection", 1),
    ]
    assert comparison.by_auditor[0].agreement.kappa_linear.value is None


def test_a_five_grade_scale_keeps_its_weights_when_grades_go_unused() -> None:
    five = ("outstanding", "good", "adequate", "requires improvement", "inadequate")
    pairs = [(1, 1)] * 8 + [(2, 1)] * 5 + [(2, 2)] * 5 + [(4, 2)] * 4 + [(4, 4)] * 3
    three = [(0, 0)] * 8 + [(1, 0)] * 5 + [(1, 1)] * 5 + [(2, 1)] * 4 + [(2, 2)] * 3
    full, squeezed = agree(pairs, five), agree(three, SCALE)
    assert full.kappa_linear.value != squeezed.kappa_linear.value
    assert full.within_one.count < squeezed.within_one.count


def test_the_limits_are_those_of_the_reference() -> None:
    rules = standard_rules()
    assert (rules.counts_only_below, rules.indicative_below) == (10, 30)
    assert (rules.least_differing_for_sign_test, rules.least_differing_for_chi_square) == (6, 25)


def test_json_holds_no_nan(make: Maker) -> None:
    for cases in ([], [make("gg")] * 1, [make("gg") for _ in range(12)], [make("ig")]):
        json.dumps(to_json(compare(cases, SCALE)), allow_nan=False)
