"""``reveal`` is an act of its own; no form of ``compare`` shows or records what was not asked."""

from __future__ import annotations

import json

import pytest

from tests.fieldkit.cli.conftest import Runner

WORDS = "inadequate"
"""The force's grade; ours is good, so that the word can only be the force's."""


@pytest.fixture
def two(fieldkit: Runner) -> Runner:
    """Two cases graded by us and matched to the force's rows, and one that has no row."""
    fieldkit.begun()
    for number in (1, 2, 3):
        case = f"WST-00{number}"
        fieldkit.done(
            *("cases", "add", case, "--type", "missing", "--origin", "self-assessed"),
            *("--force-ref", f"42/1000{number}/26"),
        )
        fieldkit.done("judge", case, "overall", "good", "--allow-open")
    fieldkit.force_book(
        "42/10001/26,Missing children,2026-02-01,Inadequate,Heron.",
        "42/10002/26,Missing children,2026-02-02,Inadequate,Heron.",
    )
    return fieldkit


@pytest.mark.parametrize("form", ["--json", "--csv", ""])
def test_no_form_of_the_comparison_reveals(two: Runner, form: str) -> None:
    options = [form] if form else []
    before = two.done("compare", "--json").data
    assert before["not_revealed"] == {"ready": ["WST-001", "WST-002"], "to_be_graded": []}
    assert before["disparities"] == [] and before["tables"]["self_assessed"]["not_revealed"] == 2
    shown = two.done("compare", *options).out
    assert "Heron" not in shown
    assert two.done("compare", "--json").data == before
    # Nothing is on record either: our grade still changes without a reason.
    two.done("judge", "WST-001", "overall", "requires improvement", "--allow-open")

    two.done("reveal", "WST-002")
    found = two.done("compare", "--json").data
    assert [one["case"] for one in found["disparities"]] == ["WST-002"]
    assert found["not_revealed"]["ready"] == ["WST-001"]
    if form != "--json":
        shown = " ".join(two.done("compare", *options).out.split())
        assert "WST-002" in shown and "not revealed yet" in shown


def test_several_cases_are_revealed_or_none(two: Runner) -> None:
    said = two.refused("reveal", "WST-001", "WST-003")
    assert "No row of the force is matched to WST-003" in said
    assert two.done("compare", "--json").data["not_revealed"]["ready"] == ["WST-001", "WST-002"]
    told = two.done("reveal", "WST-001", "42/10002/26").out
    assert told.count("our grade was good; the force's is inadequate.") == 2
    assert two.done("reveal", "WST-001", "--json").data["force"]["grade"] == WORDS
    assert "No case is ready" in two.done("reveal", "--all").err


def test_all_are_revealed_where_that_is_asked_for(two: Runner) -> None:
    assert two("compare", "--reveal-all").code == 2
    for argv in (("reveal",), ("reveal", "WST-001", "--all")):
        assert two(*argv).code == 2
    assert two.done("compare", "--json").data["not_revealed"]["ready"] == ["WST-001", "WST-002"]
    shown = json.loads(two.done("reveal", "--all", "--json").out)
    assert [one["case"] for one in shown["cases"]] == ["WST-001", "WST-002"]
    assert "reason" in two.refused("judge", "WST-002", "overall", "inadequate", "--allow-open")
    two.done("judge", "WST-003", "overall", "inadequate", "--allow-open")
