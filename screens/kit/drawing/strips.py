"""Drawn lines that Python lets go of as soon as nobody shows them any more.

Textual (8.2.8, pinned) keeps in each line what was cut from it, the line itself where nothing had
to be cut; and what it keeps of a list is tied in a ring. Both go only with the next search for
garbage, which is put off while somebody types (:mod:`fieldkit.vault.garbage`): all that was drawn
stayed in memory until then, and that search took a second. Here a line that needs no cut is given
back and not kept, and the ring is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

_cut, _divided = Strip.crop_extend, Strip.divide


def let_lines_go() -> None:
    """Have no line of Textual's hold on to itself."""
    line: Any = Strip
    line.crop_extend = _crop_extend
    line.divide = _divide
    kept: Any = LRUCache
    kept.clear = _clear


def _crop_extend(self: Strip, start: int, end: int, style: Style | None) -> Strip:
    if start <= 0 and end == self.cell_length:
        return self
    return _cut(self, start, end, style)


def _divide(self: Strip, cuts: Iterable[int]) -> Sequence[Strip]:
    places = list(cuts)
    length = self.cell_length
    if places and places[0] == length and all(cut > length for cut in places[1:]):
        return [self]
    return _divided(self, places)


def _clear(self: LRUCache[Any, Any]) -> None:
    for link in self._cache.values():
        link.clear()  # each holds the one before and the one after it
    self._cache.clear()
    self._full = False
    self._head = []
