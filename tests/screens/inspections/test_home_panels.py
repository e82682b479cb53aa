"""What stands in home's panels where they have less room than rows, and where its keys lead."""

from __future__ import annotations

import pytest

from screens.inspections.home_panels import NOTHING_WAITS, Row, rows_of
from screens.pages import in_phase

ROWS = [
    Row("two answers", "2", "to decide", "k"),
    Row("query", "1", "to answer", "q"),
    Row("query", "3", "answered, to settle", "q"),
    Row("soon", "6", "worth a second look", "z"),
]


@pytest.mark.parametrize(
    ("most", "lines", "also"),
    [(0, 4, ""), (4, 4, ""), (3, 3, "also  z"), (2, 2, "also  z"), (1, 1, "also  q   z")],
)
def test_what_has_no_room_is_named_by_its_key(most: int, lines: int, also: str) -> None:
    rows = rows_of(ROWS, 36, NOTHING_WAITS, most).plain.split("\n")
    assert len(rows) == lines
    assert all(len(row) == 36 for row in rows)
    assert ("also" in rows[-1]) == bool(also)
    assert rows[-1].rstrip().endswith(also)
    assert "2 to decide" in rows[0]


def test_nothing_that_waits_is_said() -> None:
    assert rows_of([], 36, NOTHING_WAITS, 1).plain == NOTHING_WAITS


@pytest.mark.parametrize(
    ("phase", "page"),
    [
        ("", "handover"),
        ("inspection", "handover"),
        ("re-inspection", "handover"),
        ("visit", "follow_up"),
        ("review", "follow_up"),
    ],
)
def test_a_visit_and_a_review_have_one_written_feedback(phase: str, page: str) -> None:
    assert in_phase("handover", phase) == page
    assert in_phase("cases", phase) == "cases"
