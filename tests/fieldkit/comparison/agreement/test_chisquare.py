"""The chi-square tail against closed forms and published critical values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.comparison.agreement.chisquare import chi_square_tail


@pytest.mark.parametrize(
    ("statistic", "df", "p"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (7.814728, 3, 0.05), (18.307038, 10, 0.05),
     (6.634897, 1, 0.01), (2.705543, 1, 0.1), (124.342113, 100, 0.05)],
)  # fmt: skip
def test_critical_values(statistic: float, df: int, p: float) -> None:
    assert chi_square_tail(statistic, df) == pytest.approx(p, rel=1e-6)


@given(st.floats(0, 1400), st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_even_degrees_of_freedom_have_a_closed_form(x: float, half: int) -> None:
    term = total = math.exp(-x / 2)
    for k in range(1, half):
        term *= x / 2 / k
        total += term
    assert chi_square_tail(x, 2 * half) == pytest.approx(total, rel=1e-9, abs=1e-14)


@given(st.floats(0, 1400))
@settings(max_examples=100, deadline=None)
def test_one_degree_of_freedom_is_the_normal_tail(x: float) -> None:
    assert chi_square_tail(x, 1) == pytest.approx(math.erfc(math.sqrt(x / 2)), rel=1e-9, abs=1e-14)


def test_the_ends_and_what_is_refused() -> None:
    assert chi_square_tail(0, 3) == 1
    assert chi_square_tail(1e6, 3) == 0
    assert chi_square_tail(1e-300, 1) == pytest.approx(1)
    for statistic, df in ((-1.0, 1), (math.nan, 1), (math.inf, 1), (1.0, 0)):
        with pytest.raises(ValueError, match="chi-square tail needs"):
            chi_square_tail(statistic, df)
