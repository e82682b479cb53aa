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
