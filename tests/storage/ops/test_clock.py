from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.ops.clock import MAX_CLOCK_SKEW_MS, Clock, read_stamp, stamp, wall_text

TIMES = st.integers(0, 2**44)


class Wall:
    """A wall clock that a test turns by hand."""

    def __init__(self, now: int = 0) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@given(st.lists(TIMES, min_size=1, max_size=30))
def test_stamps_only_rise_whatever_the_wall_clock_does(walls: list[int]) -> None:
    wall = Wall()
    clock = Clock(wall=wall)
    given_out = []
    for wall.now in walls:
        made, at = clock.tick()
        assert at == wall.now
        given_out.append(made)
    assert given_out == sorted(set(given_out))


@given(TIMES, TIMES, st.integers(0, 0xFFFF))
def test_a_stamp_met_is_surpassed_by_the_next(now: int, other: int, count: int) -> None:
    clock = Clock(wall=Wall(now))
    mine = clock.tick()[0]
    theirs = stamp(other, count)
    adopted = clock.meet(theirs)
    assert adopted == (other <= now + MAX_CLOCK_SKEW_MS)
    after = clock.tick()[0]
    assert after > mine
    assert not adopted or after > theirs


@given(TIMES, st.integers(1, 2**40))
def test_a_clock_too_far_ahead_drags_nobody_along(now: int, beyond: int) -> None:
    clock = Clock(wall=Wall(now))
    before = clock.last
    assert not clock.meet(stamp(now + MAX_CLOCK_SKEW_MS + beyond, 0))
    assert clock.last == before


@given(TIMES, st.integers(0, 0xFFFF), TIMES, st.integers(0, 0xFFFF))
def test_stamps_sort_as_text_as_their_figures_do(ms: int, n: int, other: int, m: int) -> None:
    assert read_stamp(stamp(ms, n)) == (ms, n)
    assert (stamp(ms, n) < stamp(other, m)) == ((ms, n) < (other, m))


def test_it_goes_on_where_it_was_left() -> None:
    clock = Clock(stamp(5000, 7), Wall(10))
    assert clock.tick()[0] == stamp(5000, 8)


def test_a_full_counter_carries_over() -> None:
    clock = Clock(stamp(5000, 0xFFFF), Wall(10))
    assert clock.tick()[0] == stamp(5001, 0)


@pytest.mark.parametrize(
    "text", ["", "0", "000000000000-000", "000000000000_0000", "00000000000G-0000",
             "00000000000A-0000", "000000000000-00000", "+00000000000-0000", "0000_0000000-0000",
             "\u0660" * 12 + "-0000"]
)  # fmt: skip
def test_what_is_no_stamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_stamp(text)


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "1970-01-01T00:00:00.000Z"), (1785229999007, "2026-07-28T09:13:19.007Z")]
)
def test_wall_time_in_words(ms: int, text: str) -> None:
    assert wall_text(ms) == text
