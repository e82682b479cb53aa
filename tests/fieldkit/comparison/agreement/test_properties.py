"""What must hold of every table."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.comparison.agreement.bootstrap import bootstrap_interval
from fieldkit.comparison.agreement.gwet import gwet_coefficient
from fieldkit.comparison.agreement.kappa import cohen_kappa
from fieldkit.comparison.agreement.shares import exact_agreement, within_one
from fieldkit.comparison.agreement.signtest import sign_test
from fieldkit.comparison.agreement.symmetry import bowker, stuart_maxwell
from fieldkit.comparison.agreement.table import pairs_of
from fieldkit.comparison.agreement.weights import KINDS, Weighting, agreement_weights
from tests.fieldkit.comparison.agreement.tables import swapped, tally

Table = tuple[tuple[int, ...], ...]
MODEST = settings(max_examples=60, deadline=None)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    size = draw(st.integers(2, 5))
    cell = st.one_of(st.just(0), st.integers(0, 12))
    row = st.tuples(*[cell] * size)
    return draw(st.tuples(*[row] * size))


def figures_of(table: Table) -> list[float | None]:
    figures: list[float | None] = [exact_agreement(table).value, within_one(table).value]
    for kind in KINDS:
        for one in (cohen_kappa(table, kind), gwet_coefficient(table, kind)):
            figures += [one.value, one.ase, one.low, one.high]
    for test in (bowker(table), stuart_maxwell(table)):
        figures += [test.statistic, test.p]
    return [*figures, sign_test(table).p]


def least_gwet(kind: Weighting, size: int) -> float:
    """No AC1 or AC2 of a scale lies below this.

    It follows from the definition in Gwet, Handbook of Inter-Rater Reliability, 4th ed. (2014):
    AC2 is ``(observed - chance) / (1 - chance)``, which falls as chance rises. Observed agreement
    is 0 at the least. Chance is ``T / (q (q - 1))`` times the sum of ``share * (1 - share)``, with
    ``T`` the sum of all weights of ``q`` grades. That sum is ``1 - 1/q`` at the most, which makes
    chance ``T / q**2`` at the most. Without weights the bound is ``-1 / (q - 1)``.
    """
    chance = sum(map(sum, agreement_weights(kind, size)), Fraction(0)) / size**2
    return float(-chance / (1 - chance))


@MODEST
@given(tables())
def test_never_nan_and_always_a_reason(table: Table) -> None:
    for figure in figures_of(table):
        assert figure is None or math.isfinite(figure)
    share = exact_agreement(table)
    assert share.value is not None or share.why
    kappas = [cohen_kappa(table, kind) for kind in KINDS]
    assert all(kappa.value is not None or kappa.why for kappa in kappas)
    sign, symmetry = sign_test(table), bowker(table)
    assert (sign.p is None) == bool(sign.why) and (symmetry.p is None) == bool(symmetry.why)


@MODEST
@given(tables())
def test_swapping_the_raters_changes_nothing_but_the_direction(table: Table) -> None:
    assert figures_of(swapped(table)) == figures_of(table)
    one, other = sign_test(table), sign_test(swapped(table))
    assert (one.force_higher, one.force_lower) == (other.force_lower, other.force_higher)


@MODEST
@given(tables())
def test_reading_the_scale_from_worst_to_best_changes_only_the_direction(table: Table) -> None:
    turned = tuple(tuple(reversed(row)) for row in reversed(table))
    assert figures_of(turned) == figures_of(table)
    assert sign_test(turned).force_higher == sign_test(table).force_lower


@MODEST
@given(tables())
def test_bounds(table: Table) -> None:
    exact, near = exact_agreement(table), within_one(table)
    assert exact.count <= near.count <= exact.n == sum(map(sum, table))
    sign = sign_test(table)
    assert sign.discordant == exact.n - exact.count
    assert sign.p is None or 0 < sign.p <= 1
    for kind in KINDS:
        for one in (cohen_kappa(table, kind), gwet_coefficient(table, kind)):
            if one.value is None:
                continue
            assert one.value <= 1
            assert (one.value == 1) == (exact.count == exact.n)
        kappa, gwet = cohen_kappa(table, kind).value, gwet_coefficient(table, kind).value
        assert kappa is None or kappa >= -1
        assert gwet is None or gwet >= least_gwet(kind, len(table))
    for test in (bowker(table), stuart_maxwell(table)):
        assert test.p is None or 0 <= test.p <= 1
        assert test.statistic is None or test.statistic >= 0


def test_weighted_gwet_may_lie_below_minus_one() -> None:
    """The value is -55/53; irrCAC gives -1.03774 for the same table."""
    table = ((0, 0, 0, 3), (0, 1, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
    value = gwet_coefficient(table, "quadratic").value
    assert value is not None and math.isclose(value, -55 / 53)
    assert least_gwet("quadratic", 4) <= value < -1


@MODEST
@given(tables(), st.integers(2, 4))
def test_more_of_the_same_leaves_the_coefficients_and_narrows_them(
    table: Table, times: int
) -> None:
    more = tuple(tuple(times * count for count in row) for row in table)
    for kind in KINDS:
        one, many = cohen_kappa(table, kind), cohen_kappa(more, kind)
        assert one.value == many.value
        if one.ase is not None and many.ase is not None:
            assert math.isclose(many.ase * math.sqrt(times), one.ase, rel_tol=1e-9, abs_tol=1e-12)


@MODEST
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_cases_makes_no_difference(table: Table, rng: random.Random) -> None:
    scale = tuple("abcde"[: len(table)])
    pairs = pairs_of(table)
    rng.shuffle(pairs)
    words = [(scale[i], scale[j]) for i, j in pairs]
    assert tally(words, scale).counts == table
    cases = [[pair] for pair in pairs]
    assert bootstrap_interval(cases, len(table), draws=20) == bootstrap_interval(
        list(reversed(cases)), len(table), draws=20
    )


@MODEST
@given(tables())
def test_two_by_two_knows_no_weights_and_bowker_is_mcnemar(table: Table) -> None:
    small = (table[0][:2], table[1][:2])
    plain, linear, quadratic = (cohen_kappa(small, kind) for kind in KINDS)
    assert plain == linear == quadratic
    assert bowker(small).statistic == stuart_maxwell(small).statistic
