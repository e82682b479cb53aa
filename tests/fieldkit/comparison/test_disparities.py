"""Differences, worst first."""

from __future__ import annotations

from collections.abc import Callable

from fieldkit.comparison.compare import compare
from fieldkit.comparison.figures.disparities import criterion_disparities
from fieldkit.comparison.inputs import ComparedCase, CriterionPair
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text

THREE = ("good", "requires improvement", "inadequate")
FIVE = ("outstanding", "good", "adequate", "requires improvement", "inadequate")
Maker = Callable[..., ComparedCase]


def order(cases: list[ComparedCase], scale: tuple[str, ...]) -> list[str]:
    return [one.reference for one in compare(cases, scale).disparities]


def test_worst_first_on_three_grades(make: Maker) -> None:
    cases = [
        make("gr", reference="lower by one"),
        make("gi", reference="lower by two"),
        make("rg", reference="higher by one"),
        make("ir", reference="higher by one, ours the worst"),
        make("ig", reference="higher by two"),
        make("gg", reference="same"),
    ]
    assert order(cases, THREE) == [
        "higher by two",
        "higher by one, ours the worst",
        "higher by one",
        "lower by two",
        "lower by one",
    ]


def test_worst_first_on_five_grades(make: Maker) -> None:
    cases = [
        make("ia", reference="2, worst"),
        make("ro", reference="3"),
        make("io", reference="4"),
        make("ra", reference="1"),
        make("ao", reference="2"),
        make("ir", reference="1, worst"),
    ]
    assert order(cases, FIVE) == ["4", "3", "2, worst", "2", "1, worst", "1"]


def test_an_open_referral_comes_first_among_equals(make: Maker) -> None:
    cases = [
        make("rg", reference="WST-2"),
        make("rg", reference="WST-10"),
        make("rg", reference="WST-11", open_referral=True),
        make("ir", reference="WST-12"),
    ]
    assert order(cases, THREE) == ["WST-12", "WST-11", "WST-2", "WST-10"]
    assert "WST-11: ours requires improvement, force good + (force 1 grade higher)" in to_text(
        compare(cases, THREE), 120
    )


def test_current_grades_make_the_differences_and_a_change_is_said(make: Maker) -> None:
    cases = [
        make("rg", initial="inadequate", our_rationale="Spoken to.", their_rationale="Seen."),
        make("gg", initial="inadequate"),
    ]
    comparison = compare(cases, THREE)
    (one,) = comparison.disparities
    assert one.steps == 1 and one.changed and one.mark == "+"
    assert (one.our_rationale, one.their_rationale) == ("Spoken to.", "Seen.")
    assert [(change.reference, change.initial, change.ours) for change in comparison.changed] == [
        ("WST-001", "inadequate", "requires improvement"),
        ("WST-002", "inadequate", "good"),
    ]
    assert comparison.agreement.counts[2][0] == 2  # agreement stands on the first grades
    text = " ".join(to_text(comparison).split())
    assert "ours was inadequate at first" in text
    assert "WST-002: from inadequate to good (force: good)" in text


def test_steps_in_json_are_how_far_and_direction_says_which_way(make: Maker) -> None:
    listed = to_json(compare([make("ig"), make("gr")], THREE))["disparities"]
    assert [(one["case"], one["ours"], one["force"], one["steps"]) for one in listed] == [
        ("WST-001", "inadequate", "good", 2),
        ("WST-002", "good", "requires improvement", 1),
    ]
    assert [one["direction"] for one in listed] == ["force higher", "force lower"]


def test_criteria_are_ordered_by_weight_and_pairs_with_a_side_missing_left_out() -> None:
    pairs = [
        CriterionPair("Trusted adult", "1", "WST-1", "requires improvement", "good", weight=1),
        CriterionPair("Investigation", "1", "WST-1", "requires improvement", "good", weight=2),
        CriterionPair("Decision-making", "1", "WST-1", "inadequate", "good"),
        CriterionPair("Police detention", "1", "WST-1", None, "good"),
        CriterionPair("Police detention", "2", "WST-2", "good", "not applicable"),
        CriterionPair("Initial contact", "1", "WST-1", "good", "good"),
    ]
    found = criterion_disparities(pairs, THREE)
    assert [one.criterion for one in found] == ["Decision-making", "Investigation", "Trusted adult"]
    comparison = compare([], THREE, criterion_pairs=pairs, criterion_order=("Trusted adult",))
    assert [(group.label, group.agreement.n) for group in comparison.by_criterion] == [
        ("Trusted adult", 1),
        ("Decision-making", 1),
        ("Initial contact", 1),
        ("Investigation", 1),
        ("Police detention", 0),
    ]
    assert "WST-1, Decision-making: ours inadequate, force good ++" in to_text(comparison)
