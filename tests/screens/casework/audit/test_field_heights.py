"""The heights of the text fields of a criterion: the rationale stands whole wherever it can."""

from __future__ import annotations

import pytest

from screens.casework.audit.field_heights import LEAST, heights


@pytest.mark.parametrize("room", [9, 12, 17, 21, 33, 50])
@pytest.mark.parametrize("needs", [(3, 3, 3), (8, 3, 3), (30, 9, 3), (5, 40, 40)])
@pytest.mark.parametrize("at", [None, 0, 1, 2])
def test_all_lines_are_given_and_none_of_the_fields_vanishes(
    room: int, needs: tuple[int, ...], at: int | None
) -> None:
    given = heights(needs, room, at)
    assert sum(given) == room
    assert min(given) >= LEAST


def test_a_rationale_stands_whole_before_the_others_grow() -> None:
    assert heights((11, 9, 9), 17)[0] == 11
    assert heights((30, 9, 9), 17) == [11, 3, 3]


def test_the_field_that_is_written_in_comes_first() -> None:
    assert heights((11, 9, 9), 17, at=2) == [5, 3, 9]


def test_a_room_too_small_keeps_every_field_readable() -> None:
    assert heights((11, 9, 9), 4) == [LEAST] * 3
