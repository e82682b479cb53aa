"""Pairs as they are drawn: what differs lit, in brackets without colour, nothing over the edge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldkit.selfassessment.matching.differences import difference
from screens.kit.drawing.signs import use_glyphs, use_marks
from screens.selfassessment.steps.pair_table import lit, table
from screens.selfassessment.steps.step import trail
from tests.fieldkit.selfassessment.pairs import case, row


@pytest.fixture
def plain_marks() -> Iterator[None]:
    use_glyphs("plain")
    use_marks(True)
    yield
    use_glyphs("full")
    use_marks(False)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize(("width", "height"), [(36, 6), (76, 12), (116, 18), (196, 30)])
def test_pairs_stand_side_by_side_and_nothing_runs_over(
    count: int, width: int, height: int
) -> None:
    item = row("Crime reference 71/36917/26", candidates=(case("7" * 60),) * count)
    drawn = table(item, {}, width, height)
    lines = drawn.split("\n", allow_blank=True)
    assert len(lines) <= max(height, 9)
    assert all(line.cell_length <= width for line in lines)
    assert "71/36917" in drawn.plain or width < 76
    assert drawn.plain.count("WSH-064") == count or width < 76
    assert "good" not in drawn.plain


def test_what_differs_is_lit_and_without_colour_in_brackets(plain_marks: None) -> None:
    beside = difference("71/36917/26", "71/36315/26")
    assert lit(beside, 30).plain == "71/36[3]1[5]/26"
    assert lit(difference("71/36917/26", "71/3691/26"), 30).plain == "71/3691[_]/26"
    use_marks(False)
    assert lit(beside, 30).plain == "71/36315/26" and lit(beside, 30).spans


def test_what_differs_stays_in_sight_where_the_reference_is_cut() -> None:
    shown = lit(difference("7" * 40 + "1", "7" * 40 + "2"), 12)
    assert shown.cell_length <= 12 and shown.plain.endswith("2") and shown.plain[0] == "…"


@pytest.mark.parametrize("width", [20, 60, 80, 100, 200])
def test_the_trail_says_which_steps_are_done(width: int) -> None:
    for step in range(8):
        shown = trail(step, width)
        assert shown.cell_length <= width
        assert f"{step + 1} " in shown.plain
    assert trail(2, 80).plain.startswith(" ✓ File ✓ Sheet  3 Columns ")
