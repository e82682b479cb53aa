"""Published tables: the figures others print for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.comparison.agreement.gwet import gwet_coefficient
from fieldkit.comparison.agreement.kappa import cohen_kappa
from fieldkit.comparison.agreement.shares import exact_agreement
from fieldkit.comparison.agreement.signtest import sign_test
from fieldkit.comparison.agreement.symmetry import bowker, stuart_maxwell
from fieldkit.comparison.agreement.weights import KINDS

OWN: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("published.json").read_text(encoding="utf-8")
)["tables"]
SHARED = Path(__file__).parents[5] / "shared" / "data" / "agreement.json"


def figures(table: list[list[int]]) -> dict[str, float | None]:
    """Everything we can say of a table, under the names of published.json."""
    symmetry, margins, sign = bowker(table), stuart_maxwell(table), sign_test(table)
    ours: dict[str, float | None] = {
        "exact": exact_agreement(table).value,
        "bowker": symmetry.statistic,
        "bowker p": symmetry.p,
        "stuart maxwell": margins.statistic,
        "stuart maxwell p": margins.p,
        "sign p": sign.p,
    }
    for kind in KINDS:
        kappa, gwet = cohen_kappa(table, kind), gwet_coefficient(table, kind)
        ours[f"kappa {kind}"] = kappa.value
        ours[f"ase {kind}"] = kappa.ase
        ours[f"low {kind}"] = kappa.low
        ours[f"high {kind}"] = kappa.high
        ours[f"gwet {kind}"] = gwet.value
        ours[f"gwet ase {kind}"] = gwet.ase
    return ours


@pytest.mark.parametrize("entry", OWN, ids=[entry["name"] for entry in OWN])
def test_our_own_list_of_published_tables(entry: dict[str, Any]) -> None:
    ours = figures(entry["table"])
    assert entry["figures"]
    for name, published in entry["figures"].items():
        assert ours[name] == pytest.approx(published, abs=entry["within"]), name


def near(published: Any) -> Any:
    """Equal to six decimals."""
    return pytest.approx(published, abs=1e-6)


def test_the_shared_tables() -> None:
    if not SHARED.exists():
        pytest.skip(f"{SHARED.name} is not beside this checkout (../shared/data)")
    tables = json.loads(SHARED.read_text(encoding="utf-8"))
    assert tables
    for name, entry in tables.items():
        table = entry["table"]
        ours = figures(table)
        assert ours["exact"] == near(entry["p_o"]), name
        for kind in KINDS:
            theirs = entry[kind]
            assert ours[f"kappa {kind}"] == near(theirs["kappa"]), name
            assert ours[f"ase {kind}"] == near(theirs["ase"]), name
            assert [ours[f"low {kind}"], ours[f"high {kind}"]] == near(theirs["ci95"]), name
        symmetry, margins, sign = bowker(table), stuart_maxwell(table), sign_test(table)
        assert symmetry.statistic == near(entry["bowker"]["chi2"]), name
        assert symmetry.df == entry["bowker"]["df_nonempty_pairs"], name
        assert symmetry.df_all_pairs == entry["bowker"]["df_statsmodels"], name
        assert symmetry.p == near(entry["bowker"]["p"]), name
        assert margins.statistic == near(entry["stuart_maxwell"]["chi2"]), name
        assert margins.df == entry["stuart_maxwell"]["df"], name
        assert margins.p == near(entry["stuart_maxwell"]["p"]), name
        assert list(margins.dropped) == entry["stuart_maxwell"]["dropped_categories"], name
        assert sign.force_lower == entry["sign_test"]["col_lower_right(above diag)"], name
        assert sign.force_higher == entry["sign_test"]["below_diag"], name
        assert sign.p == near(entry["sign_test"]["p_exact_two_sided"]), name
        assert ours["gwet unweighted"] == near(entry["AC1"]), name
        assert ours["gwet linear"] == near(entry["AC2_linear"]), name
        assert ours["gwet quadratic"] == near(entry["AC2_quadratic"]), name
