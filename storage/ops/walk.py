"""Walks along links end where they come back to a place they have passed.

What names what is said by ops that other laptops write, so a record may lie under itself, directly
or through others. Everything that follows such names goes by these two functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def levels(first: Iterable[T], further: Callable[[set[T]], Iterable[T]]) -> Iterator[set[T]]:
    """Yield the places one begins with, then those that these name, and so on; each place once."""
    passed: set[T] = set()
    waiting = set(first)
    while waiting:
        passed |= waiting
        yield waiting
        waiting = set(further(waiting)) - passed


def climb(first: T, above: Callable[[T], T | None]) -> Iterator[T]:
    """Yield a place, then the one above it, and so on; each place once."""
    passed: set[T] = set()
    place: T | None = first
    while place is not None and place not in passed:
        passed.add(place)
        yield place
        place = above(place)
