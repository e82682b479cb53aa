"""Any square table of an ordered scale, however large, small or empty, gives figures or words."""

from __future__ import annotations

import math
import random

import pytest

from fieldkit.comparison.agreement.gwet import gwet_coefficient
from fieldkit.comparison.agreement.kappa import cohen_kappa
from fieldkit.comparison.agreement.shares import exact_agreement, within_one
from fieldkit.comparison.agreement.signtest import MOST_WHOLE, _floating, _whole, sign_test
from fieldkit.comparison.agreement.symmetry import bowker, stuart_maxwell
from fieldkit.comparison.agreement.weights import KINDS
from fieldkit.comparison.compare import compare
from fieldkit.comparison.figures.verdict import agree


def all_figures(table: list[list[int]]) -> list[float | None]:
    tests = bowker(table), stuart_maxwell(table)
    weighted = [one for kind in KINDS for one in (cohen_kappa(table, kind),
                gwet_coefficient(table, kind))]  # fmt: skip
    found: list[float | None] = [exact_agreement(table).value, within_one(table).value]
    found += [sign_test(table).p]
    for test in tests:
        assert (test.statistic is None) == (test.p is None) == bool(test.why)
        found += [test.statistic, test.p]
    for one in weighted:
        assert one.value is not None or one.why
        found += [one.value, one.ase, one.low, one.high]
    return found


@pytest.mark.parametrize("size", [2, 3, 5, 12, 30])
def test_empty_rows_and_columns_at_every_place(size: int) -> None:
    r = random.Random(size)
    full = [[r.randrange(9) for _ in range(size)] for _ in range(size)]
    for gone in {0, size // 2, size - 1}:
        rows = [list(row) if i != gone else [0] * size for i, row in enumerate(full)]
        for table in (rows, [list(row) for row in zip(*rows, strict=True)]):
            assert all(one is None or math.isfinite(one) for one in all_figures(table))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_no_case_at_all_is_said_in_words(size: int) -> None:
    assert set(all_figures([[0] * size for _ in range(size)])) == {None}


@pytest.mark.parametrize("count", [1, 10**6, 10**12])
def test_one_cell_alone(count: int) -> None:
    for i in range(3):
        for j in range(3):
            table = [[0] * 3 for _ in range(3)]
            table[i][j] = count
            kappa = cohen_kappa(table, "linear")
            if i == j:
                assert kappa.value is None and "every case has the same grade" in kappa.why
                assert gwet_coefficient(table).value == 1
            else:
                assert kappa.value == 0
                assert sign_test(table).p == pytest.approx(min(1.0, 2.0 ** (1 - min(count, 2000))))


def test_counts_of_millions_give_the_same_coefficients_as_their_shares() -> None:
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    large = [[cell * 10**9 for cell in row] for row in table]
    for kind in KINDS:
        assert cohen_kappa(large, kind).value == cohen_kappa(table, kind).value
        assert gwet_coefficient(large, kind).value == gwet_coefficient(table, kind).value
    small, great = bowker(table).statistic, bowker(large).statistic
    assert small is not None and great == pytest.approx(small * 10**9)
    assert sign_test(large).p == 0.0


def test_the_sign_test_of_very_many_pairs_is_the_exact_one() -> None:
    for n in (MOST_WHOLE - 1, MOST_WHOLE, 7001):
        for apart in (1, 3, 20, 63, 150, 400):
            fewer = (n - apart) // 2
            assert _floating(n, fewer) == pytest.approx(_whole(n, fewer), rel=1e-9)
    # Two standard deviations of a great many: the normal distribution's own tail.
    n = 10**8
    p = sign_test([[0, n // 2 + 10**4], [n // 2 - 10**4, 0]]).p
    assert p == pytest.approx(math.erfc((2 - 1e-4) / math.sqrt(2)), abs=1e-8)
    assert sign_test([[0, n], [n, 0]]).p == 1.0 == sign_test([[0, n], [n + 1, 0]]).p
    assert sign_test([[0, n], [1, 0]]).p == 0.0


def test_many_cases_and_none_through_the_rules() -> None:
    many = agree([(0, 0)] * 3000 + [(1, 1)] * 2000 + [(1, 0)] * 500, ("good", "inadequate"))
    assert many.interval is None and many.kappa_linear.low is not None
    none = compare([], ("good", "inadequate"))
    assert none.agreement.n == 0 and none.checks == ()
