"""What home draws last in a wide terminal: the chart of audits finished, and the worst gaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fieldkit.evidence.gaps.coverage import Cell, Coverage, Row
from fieldkit.inspections.finished import Finished
from fieldkit.service import today
from screens.inspections.home_later import MOST_A_DAY, chart, gaps, left_to_do


def some(*numbers: int) -> Finished:
    last = date.fromisoformat(today())
    days = [str(last - timedelta(days=len(numbers) - 1 - at)) for at in range(len(numbers))]
    return Finished(tuple(zip(days, numbers, strict=True)), 9)


@pytest.mark.parametrize("width", [10, 20, 42, 60])
@pytest.mark.parametrize("height", [3, 10])
def test_the_chart_shows_as_many_days_as_have_room(width: int, height: int) -> None:
    rows = chart(some(4, 6, 9, 14, 19, 9), width, height).split("\n", allow_blank=True)
    assert len(rows) == height and max(row.cell_length for row in rows) <= width
    assert "today" in rows[-1].plain and rows[-2].plain.split()[-1] == "9"
    assert len(rows[-1].plain.split()) == min(max(width // 7, 1), 6)


def test_one_day_is_no_wall_and_none_is_said() -> None:
    assert max(row.cell_length for row in chart(some(91), 42, 10).split("\n")) <= MOST_A_DAY
    assert chart(some(0, 0), 42, 10).plain == "No case audit was finished in these days."
    assert left_to_do(some(1), 36) == "36 left: 9 a day"
    assert left_to_do(Finished((), 0), 36) == "36 left" and left_to_do(some(1), 0) == ""


def test_the_worst_gaps_are_named_and_the_others_counted() -> None:
    def row(number: int, *missing: str) -> Row:
        cells = (Cell("case-audit", 3),)
        label = "Managing those who pose a risk to children"
        return Row(f"c{number}", number, label, cells, 1, 0, True, {}, 0, 0, 0, missing)

    def coverage(*rows: Row) -> Coverage:
        return Coverage(rows, (), 3, ())

    several = [row(number, "observation") for number in (2, 3, 4, 5)]
    shown = gaps(coverage(*several, row(8, "observation", "document")), 40).plain.split("\n")
    assert shown[0].startswith("▲ 8 Managing those w…: no observation")
    assert len(shown) == 4 and shown[-1] == "  and 2 more criteria"
    assert max(map(len, shown)) <= 40
    assert gaps(coverage(row(2)), 40).plain == "✓ Everything was looked at."
