"""Walks end, whatever names what, and pass each place once."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storage.ops.walk import climb, levels

PLACES = st.integers(0, 8)


@given(links=st.dictionaries(PLACES, st.lists(PLACES)), first=st.sets(PLACES))
def test_each_place_that_is_reached_is_passed_once(
    links: dict[int, list[int]], first: set[int]
) -> None:
    passed = [place for level in levels(first, lambda some: _next(links, some)) for place in level]
    reached = set(first)
    for _ in range(9):
        reached |= {one for place in reached for one in links.get(place, ())}
    assert sorted(passed) == sorted(reached)


def _next(links: dict[int, list[int]], some: set[int]) -> list[int]:
    return [one for place in some for one in links.get(place, ())]


@given(above=st.dictionaries(PLACES, PLACES), first=PLACES)
def test_climbing_goes_by_what_is_above(above: dict[int, int], first: int) -> None:
    # 0 is no place to go to: whatever is empty ends the climb.
    passed = list(climb(first, above.get))
    assert len(set(passed)) == len(passed)
    assert all(above[one] == after for one, after in pairwise(passed))
