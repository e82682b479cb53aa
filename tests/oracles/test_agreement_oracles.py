"""Our statistics judged by statsmodels, scikit-learn and irrCAC. Runs by `make oracles` only.

Where an oracle is known to go another way, the test says how, and compares what it can.
"""

from __future__ import annotations

import importlib
import math
import os
import random
from typing import Any

import pytest

from fieldkit.comparison.agreement.chisquare import chi_square_tail
from fieldkit.comparison.agreement.gwet import gwet_coefficient
from fieldkit.comparison.agreement.kappa import cohen_kappa
from fieldkit.comparison.agreement.signtest import sign_test
from fieldkit.comparison.agreement.symmetry import bowker, stuart_maxwell
from fieldkit.comparison.agreement.table import pairs_of
from fieldkit.comparison.agreement.weights import KINDS

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        os.environ.get("FIELDKIT_ORACLES") != "1",
        reason="other people's programs are asked by `make oracles` (FIELDKIT_ORACLES=1)",
    ),
]

SCALES = (
    ("good", "requires improvement", "inadequate"),
    ("good", "adequate", "requires improvement", "inadequate"),
    ("outstanding", "good", "adequate", "requires improvement", "inadequate"),
)
SEED = 20180401
Table = list[list[int]]


def module(name: str) -> Any:
    """An oracle, imported late: it is in no other environment than `make oracles`'."""
    return importlib.import_module(name)


def random_tables(number: int) -> list[Table]:
    """Tables of 2 to 5 grades, from a handful of cases to thousands, some with unused grades."""
    rng = random.Random(SEED)
    tables: list[Table] = []
    while len(tables) < number:
        size = rng.choice([2, 3, 3, 4, 5])
        most = rng.choice([2, 5, 12, 60, 900])
        drift = rng.random()
        table = [
            [rng.randint(0, most) if rng.random() < drift ** abs(i - j) else 0 for j in range(size)]
            for i in range(size)
        ]
        if rng.random() < 0.3:
            unused = rng.randrange(size)
            for i in range(size):
                table[i][unused] = table[unused][i] = 0
        if sum(map(sum, table)) > 1:
            tables.append(table)
    return tables


TABLES = random_tables(400)


def test_kappa_and_its_standard_error_agree_with_statsmodels() -> None:
    numpy, rater = module("numpy"), module("statsmodels.stats.inter_rater")
    compared = 0
    for table in TABLES:
        for kind in KINDS:
            ours = cohen_kappa(table, kind)
            if ours.value is None or ours.ase is None:
                continue
            theirs = rater.cohens_kappa(
                numpy.array(table), wt=None if kind == "unweighted" else kind
            )
            assert ours.value == pytest.approx(theirs.kappa, abs=1e-9), (table, kind)
            variance = max(float(theirs.var_kappa), 0.0)
            # Its floating-point variance of a perfect table is only nearly 0.
            assert ours.ase**2 == pytest.approx(variance, abs=1e-12), (table, kind)
            compared += 1
    assert compared > 900


def test_weighted_kappa_agrees_with_scikit_learn_when_it_is_told_the_order() -> None:
    metrics = module("sklearn.metrics")
    compared = alphabet_differs = 0
    weights = {"unweighted": None, "linear": "linear", "quadratic": "quadratic"}
    for table in TABLES:
        scale = next((scale for scale in SCALES if len(scale) == len(table)), None)
        pairs = pairs_of(table)
        if scale is None or len(pairs) > 600:
            continue
        ours_words = [scale[i] for i, _ in pairs]
        theirs_words = [scale[j] for _, j in pairs]
        for kind in KINDS:
            value = cohen_kappa(table, kind).value
            if value is None:
                continue
            told = metrics.cohen_kappa_score(
                ours_words, theirs_words, labels=list(scale), weights=weights[kind]
            )
            assert value == pytest.approx(told, abs=1e-9), (table, kind)
            compared += 1
            untold = metrics.cohen_kappa_score(ours_words, theirs_words, weights=weights[kind])
            alphabet_differs += abs(untold - value) > 1e-6
    assert compared > 300
    assert alphabet_differs > 100, "the alphabetical pitfall should show on words of the scale"


def test_gwet_agrees_with_irrcac() -> None:
    pandas, irrcac = module("pandas"), module("irrCAC.table")
    names = {"unweighted": "identity", "linear": "linear", "quadratic": "quadratic"}
    compared = 0
    for table in TABLES[:250]:
        if len({j for _, j in pairs_of(table)} | {i for i, _ in pairs_of(table)}) == 1:
            continue  # it divides by a standard error of 0
        for kind in KINDS:
            ours = gwet_coefficient(table, kind)
            if ours.value is None or not ours.ase or ours.ase < 1e-6:
                continue
            labels = range(1, len(table) + 1)
            frame = pandas.DataFrame(table, index=labels, columns=labels)
            theirs = irrcac.CAC(frame, weights=names[kind], digits=12).gwet()["est"]
            assert ours.value == pytest.approx(theirs["coefficient_value"], abs=1e-9), table
            assert ours.ase == pytest.approx(theirs["se"], abs=1e-9), table
            compared += 1
    assert compared > 500


def test_symmetry_and_margins_agree_with_statsmodels() -> None:
    numpy, contingency = module("numpy"), module("statsmodels.stats.contingency_tables")
    symmetric = homogeneous = 0
    for table in TABLES:
        square = contingency.SquareTable(numpy.array(table, dtype=float), shift_zeros=False)
        ours = bowker(table)
        if ours.statistic is not None and ours.p is not None and ours.df_all_pairs is not None:
            theirs = square.symmetry(method="bowker")
            statistic = float(theirs.statistic)
            if math.isnan(statistic):  # it divides 0 by 0 where both cells are empty
                continue
            assert ours.statistic == pytest.approx(statistic, rel=1e-9, abs=1e-9), table
            tail = chi_square_tail(ours.statistic, ours.df_all_pairs)
            assert tail == pytest.approx(float(theirs.pvalue), rel=1e-7, abs=1e-12), table
            symmetric += 1
        margins = stuart_maxwell(table)
        if margins.statistic is not None and margins.p is not None and not margins.dropped:
            if margins.df != len(table) - 1:
                continue  # unconnected groups: its matrix cannot be inverted
            told = square.homogeneity()
            assert margins.statistic == pytest.approx(float(told.statistic), rel=1e-7, abs=1e-9)
            assert margins.p == pytest.approx(float(told.pvalue), rel=1e-6, abs=1e-12), table
            homogeneous += 1
    assert symmetric > 150 and homogeneous > 150


def test_sign_test_and_chi_square_tail_agree_with_scipy() -> None:
    stats = module("scipy.stats")
    for table in TABLES:
        ours = sign_test(table)
        if ours.p is not None:
            told = stats.binomtest(ours.force_higher, ours.discordant, 0.5).pvalue
            assert ours.p == pytest.approx(float(told), rel=1e-9, abs=1e-300), table
    rng = random.Random(SEED)
    for _ in range(2000):
        x, df = rng.uniform(0, 10 ** rng.uniform(-3, 3)), rng.randint(1, 60)
        assert chi_square_tail(x, df) == pytest.approx(
            float(stats.chi2.sf(x, df)), rel=1e-9, abs=1e-15
        )
