"""Reads each style sheet once for the whole of the app's life.

Textual 8.2.8 reads all of them anew with every page that brings a file of styles, and keeps no more
than 64 of them between two pages (``textual/css/stylesheet.py``): after some pages every widget of
a new kind costs a tenth of a second.

It finds the rules of a widget by sets of all rules (``Stylesheet.apply``), whose hash it takes by a
function in Python: the number of the object, which ``object.__hash__`` gives several times faster.
"""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

# The same as it is there, by which object it is; hundreds of times for each widget of each page.
type.__setattr__(RuleSet, "__hash__", object.__hash__)
KEPT = 2000
"""Style sheets kept once they are read: far more than there are kinds of widgets."""


class ReadOnce(Stylesheet):
    """Is Textual's stylesheet, which forgets nothing of what it has read."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache: LRUCache[tuple[Any, ...], Any] = LRUCache(KEPT)

    def reparse(self) -> None:
        """Take what was added since; a change of colours has emptied what was kept."""
        self.parse()
