"""Where other programs go wrong: sorted labels, one grade only, empty grades, missing sides."""

from __future__ import annotations

import math

import pytest

from fieldkit.comparison.agreement.bootstrap import bootstrap_interval
from fieldkit.comparison.agreement.gwet import gwet_coefficient
from fieldkit.comparison.agreement.kappa import cohen_kappa
from fieldkit.comparison.agreement.shares import exact_agreement, within_one
from fieldkit.comparison.agreement.signtest import sign_test
from fieldkit.comparison.agreement.symmetry import bowker, stuart_maxwell
from fieldkit.comparison.agreement.table import check_counts, pairs_of
from fieldkit.comparison.agreement.weights import KINDS
from tests.fieldkit.comparison.agreement.tables import tally

SCALE = ("good", "requires improvement", "inadequate")
FIVE = ("outstanding", "good", "adequate", "requires improvement", "inadequate")
PAIRS = [
    *[("good", "good")] * 8,
    *[("requires improvement", "good")] * 5,
    *[("requires improvement", "requires improvement")] * 5,
    *[("inadequate", "requires improvement")] * 4,
    *[("inadequate", "inadequate")] * 3,
]


def test_the_scale_orders_the_table_not_the_alphabet() -> None:
    right = tally(PAIRS, SCALE)
    alphabetical = tally(PAIRS, sorted(SCALE))
    assert right.counts == ((8, 0, 0), (5, 5, 0), (0, 4, 3))
    assert alphabetical.counts != right.counts
    weighted = cohen_kappa(right.counts, "linear").value
    assert weighted == pytest.approx(0.5714285714)
    assert cohen_kappa(alphabetical.counts, "linear").value != pytest.approx(weighted, abs=0.01)
    assert (
        cohen_kappa(alphabetical.counts).value == cohen_kappa(right.counts).value
    )  # order means nothing without weights


@pytest.mark.parametrize("kind", KINDS)
def test_one_grade_only_is_said_in_words_never_nan_never_one(kind: str) -> None:
    table = [[0, 0, 0], [0, 12, 0], [0, 0, 0]]
    kappa = cohen_kappa(table, kind)  # type: ignore[arg-type]  # parametrised over the literals
    assert kappa.value is None and kappa.ase is None and kappa.low is None and kappa.high is None
    assert kappa.why == "cannot be calculated: every case has the same grade; agreement 100 %"
    assert exact_agreement(table).value == 1
    drawn = bootstrap_interval([[pair] for pair in pairs_of(table)], 3)
    assert drawn.low is None and "every case has the same grade" in drawn.why


def test_no_pairs_is_said_in_words() -> None:
    table = [[0, 0], [0, 0]]
    for result in (cohen_kappa(table), gwet_coefficient(table), exact_agreement(table)):
        assert result.value is None
        assert result.why == "cannot be calculated: no case was graded by both"
    assert bootstrap_interval([], 2).why == "cannot be calculated: no case was graded by both"


def test_no_difference_leaves_the_tests_nothing_to_test() -> None:
    table = [[5, 0], [0, 7]]
    assert sign_test(table).p is None
    for test in (bowker(table), stuart_maxwell(table)):
        assert test.statistic is None and test.p is None and test.df == 0
        assert test.why == "cannot be calculated: no case was graded differently"
    kappa = cohen_kappa(table, "linear")
    assert kappa.value == 1 and kappa.ase == 0 and "not certainty" in kappa.why
    drawn = bootstrap_interval([[pair] for pair in pairs_of(table)], 2)
    assert (drawn.low, drawn.high) == (1, 1) and "not certainty" in drawn.why


def test_one_side_with_one_grade_leaves_kappa_at_nought_and_says_so() -> None:
    kappa = cohen_kappa([[9, 0], [3, 0]], "linear")
    assert kappa.value == 0 and "one side gave every case the same grade" in kappa.why


def test_unused_grades_of_five_keep_the_full_scale_s_weights() -> None:
    pairs = [
        *[("good", "good")] * 8,
        *[("adequate", "good")] * 5,
        *[("adequate", "adequate")] * 5,
        *[("inadequate", "adequate")] * 4,
        *[("inadequate", "inadequate")] * 3,
    ]
    full = tally(pairs, FIVE).counts
    squeezed = tally(pairs, ("good", "adequate", "inadequate")).counts
    # adequate and inadequate are two steps apart on the five-point scale, not one.
    assert cohen_kappa(full, "linear").value == pytest.approx(
        1
        - 25 * (5 * 1 + 4 * 2) / (8 * 9 + 8 * 3 * 3 + 10 * 13 + 10 * 3 * 2 + 7 * 13 * 3 + 7 * 9 * 2)
    )
    assert cohen_kappa(full, "linear").value != cohen_kappa(squeezed, "linear").value
    assert cohen_kappa(full).value == cohen_kappa(squeezed).value
    assert within_one(full).count == 21 and within_one(squeezed).count == 25
    assert gwet_coefficient(full).value != gwet_coefficient(squeezed).value
    assert bowker(full).df == 2 and bowker(full).df_all_pairs == 10
    margins = stuart_maxwell(full)
    assert margins.df == 2 and margins.dropped == (0, 3)
    assert margins.statistic == stuart_maxwell(squeezed).statistic


def test_a_grade_nobody_differed_on_is_dropped_from_the_margins() -> None:
    result = stuart_maxwell([[4, 0, 0], [0, 5, 3], [0, 1, 6]])
    assert result.dropped == (0,) and result.df == 1
    assert result.statistic == pytest.approx((3 - 1) ** 2 / (3 + 1))


def test_margins_in_two_unconnected_groups_do_not_stop_the_test() -> None:
    """S is singular here even without its last row; each group loses one grade."""
    result = stuart_maxwell([[4, 3, 0, 0], [1, 5, 0, 0], [0, 0, 6, 0], [0, 0, 7, 8]])
    assert result.df == 2 and result.dropped == ()
    assert result.statistic == pytest.approx((3 - 1) ** 2 / 4 + 7**2 / 7)


def test_pairs_with_a_side_missing_are_left_out_before() -> None:
    missing = [("good", None), (None, "inadequate"), (None, None)]
    with_gaps = tally([*PAIRS, *missing], SCALE)
    assert with_gaps.counts == tally(PAIRS, SCALE).counts
    assert with_gaps.incomplete == 3


def test_a_word_off_the_scale_is_refused_not_counted() -> None:
    with pytest.raises(ValueError, match="“not judged” is not a grade of the scale good"):
        tally([("good", "not judged")], SCALE)
    with pytest.raises(ValueError, match="names each grade once"):
        tally([], ("good", "good"))


@pytest.mark.parametrize(
    "table",
    [[], [[1, 2]], [[1, 2], [3]], [[1, -1], [0, 0]], [[1.5, 0], [0, 1]], [[True, 0], [0, 1]]],
)
def test_what_is_not_a_square_of_counts_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="table of grades"):
        check_counts(table)


def test_a_scale_of_one_grade_has_no_coefficient() -> None:
    assert cohen_kappa([[5]]).value is None
    assert gwet_coefficient([[5]]).value is None
    with pytest.raises(ValueError, match="Weights are one of"):
        cohen_kappa([[1, 0], [0, 1]], "cubic")  # type: ignore[arg-type]  # a wrong word on purpose


def test_gwet_is_defined_where_kappa_is_not() -> None:
    assert gwet_coefficient([[12, 0], [0, 0]]).value == 1


def test_a_draw_without_kappa_is_left_out_and_many_leave_no_interval() -> None:
    rare = [[(0, 0)]] * 40 + [[(0, 1)]] * 4
    drawn = bootstrap_interval(rare, 2)
    assert drawn.undefined > 0 and drawn.low is not None and drawn.high is not None
    rarer = bootstrap_interval([[(0, 0)]] * 40 + [[(1, 1)]], 2)
    assert rarer.low is None and rarer.why.startswith("no interval: kappa could not be calculated")


def test_the_bootstrap_draws_cases_with_all_their_judgments() -> None:
    """Ten cases of three equal judgments say what ten say, not what thirty do."""
    one = [[(i % 3, (i * 2) % 3)] for i in range(10)]
    three = [case * 3 for case in one]
    alone = bootstrap_interval(one, 3, "linear")
    assert bootstrap_interval(three, 3, "linear") == alone
    thirty = bootstrap_interval([[pair] for case in three for pair in case], 3, "linear")
    assert alone.low is not None and alone.high is not None
    assert thirty.low is not None and thirty.high is not None
    assert thirty.high - thirty.low < 0.8 * (alone.high - alone.low)


def test_the_bootstrap_is_the_same_every_time() -> None:
    cases = [[pair] for pair in pairs_of([[8, 0, 0], [5, 5, 0], [0, 4, 3]])]
    drawn = bootstrap_interval(cases, 3)
    assert drawn.low == pytest.approx(0.3373493976) and drawn.high == pytest.approx(0.7706422018)
    assert bootstrap_interval(cases, 3, seed=1) != drawn


def test_positions_outside_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="outside the scale"):
        bootstrap_interval([[(0, 3)]], 3)


def test_a_sign_test_of_thousands_is_still_exact() -> None:
    p = sign_test([[0, 1171], [1010, 0]]).p
    assert p is not None and math.isclose(p, 0.0006092871619375917, rel_tol=1e-12)
