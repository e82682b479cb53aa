"""Lines that nobody shows go at once, without a search for garbage, and look as Textual's."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from screens.kit.drawing import strips
from storage.vault.vault import Vault
from tests.screens.driving import opened, settled

BOLD = Style(bold=True)
WORDS = st.lists(st.text("ab 漢", max_size=6), max_size=4)


class Kept:
    """Something that a cache keeps."""


@pytest.fixture
def only_garbage() -> Iterator[list[Any]]:
    """What is only found by a search for garbage; no other search is made meanwhile."""
    strips.let_lines_go()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def line(words: list[str]) -> Strip:
    """A new line of these words."""
    return Strip([Segment(word, BOLD) for word in words])


@given(WORDS, st.integers(-2, 30), st.integers(0, 30), st.sampled_from([None, BOLD]))
def test_a_line_is_cut_as_by_textual(
    words: list[str], start: int, end: int, style: Style | None
) -> None:
    ours = strips._crop_extend(line(words), start, end, style)
    assert list(ours) == list(strips._cut(line(words), start, end, style))


@given(WORDS, st.lists(st.integers(1, 8), max_size=4))
def test_a_line_is_divided_as_by_textual(words: list[str], widths: list[int]) -> None:
    length = line(words).cell_length
    for cuts in ([*accumulate(widths)], [*accumulate(widths), length], [length], [length, 99]):
        ours = strips._divide(line(words), cuts)
        assert [*map(list, ours)] == [*map(list, strips._divided(line(words), cuts))]


def test_a_line_does_not_hold_on_to_itself(only_garbage: list[Any]) -> None:
    one = line(["seen", "alone"])
    assert one.crop_extend(0, 9, BOLD) is one
    assert one.divide([9]) == [one]
    del one
    kept: LRUCache[int, Kept] = LRUCache(4)
    for number in range(6):
        kept[number] = Kept()
    kept.clear()
    kept[1] = Kept()
    assert len(kept) == 1
    kept.clear()
    gc.collect()
    assert not [one for one in only_garbage if isinstance(one, Strip | Kept)]


async def test_a_page_that_is_left_takes_its_lines_along(
    vault: Vault, inspection: str, cases: dict[str, str], only_garbage: list[Any]
) -> None:
    async with opened(vault, inspection) as (_, pilot):
        for key in ("c", "p"):
            await pilot.press(key, "down", "escape")
            await settled(pilot)
        gc.collect()
        assert not [one for one in only_garbage if isinstance(one, Strip)]
