"""Then and now: distributions of two samples, never kappa."""

from __future__ import annotations

import pytest

from fieldkit.comparison.figures.previous import against_previous, merged_scale
from fieldkit.comparison.inputs import PreviousInspection

THREE = ("good", "requires improvement", "inadequate")
FOUR = ("good", "adequate", "requires improvement", "inadequate")
WEST_YORKSHIRE = {"good": 9, "adequate": 8, "requires improvement": 7, "inadequate": 10}


def test_distributions_stand_side_by_side_with_what_only_one_scale_has() -> None:
    now = {"good": 20, "requires improvement": 10, "inadequate": 10}
    then = PreviousInspection("2014 inspection", FOUR, WEST_YORKSHIRE, 33)
    result = against_previous(now, THREE, then)
    assert [(row.grade, row.before, row.now) for row in result.rows] == [
        ("good", 9, 20),
        ("adequate", 8, None),
        ("requires improvement", 7, 10),
        ("inadequate", 10, 10),
    ]
    assert result.rows[0].change == pytest.approx(100 * (20 / 40 - 9 / 34))
    assert result.rows[1].change is None
    assert "no agreement is calculated" in result.notes[0]
    assert any("scales differ" in note for note in result.notes)
    assert result.checks == (
        "2014 inspection: the counts add up to 34, but there are 33 cases: 1 too many.",
    )


def test_few_cases_give_counts_only() -> None:
    then = PreviousInspection("review", THREE, {"good": 9})
    result = against_previous({"good": 40}, THREE, then)
    assert all(row.before_share is None and row.now_share is None for row in result.rows)
    assert any(note.startswith("Counts only: 9 cases then and 40 now") for note in result.notes)
    assert result.checks == ()


def test_a_word_off_the_earlier_scale_is_named() -> None:
    then = PreviousInspection("2018", THREE, {"good": 12, "adequate": 3})
    result = against_previous({"good": 12}, THREE, then)
    assert result.before_total == 12
    assert result.checks == ("2018: “adequate” is not on its scale and is left out.",)


def test_scales_are_merged_in_order() -> None:
    assert merged_scale(THREE, FOUR) == list(FOUR)
    assert merged_scale(THREE, ("outstanding", *FOUR)) == ["outstanding", *FOUR]
    assert merged_scale(FOUR, THREE) == list(FOUR)
