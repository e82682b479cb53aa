"""The signs that go with every colour, and what stands for each where a terminal has no shapes.

``sign("concern")`` is the sign in its colour, :func:`glyph` the bare character. ``signs.toml``
holds them all. Which of the two sets is drawn is one choice for the whole app (:func:`use_glyphs`).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from textual.content import Content

Glyphs = Literal["full", "plain"]
_chosen: list[Glyphs] = ["full"]
_marks: list[bool] = [False]


def use_glyphs(glyphs: Glyphs) -> None:
    """Draw every sign from now on in the full set or in the plain one, which is ASCII."""
    _chosen[0] = glyphs


def glyphs_in_use() -> Glyphs:
    """Return the set that is drawn."""
    return _chosen[0]


def use_marks(marks: bool) -> None:
    """Mark by brackets, from now on, what is otherwise told by its ground alone."""
    _marks[0] = marks


def marks_in_use() -> bool:
    """Say whether that is marked by brackets."""
    return _marks[0]


@cache
def _signs() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("signs.toml").read_text("utf-8"))


def glyph(name: str) -> str:
    """Return the character of a sign; raises ``KeyError`` for a name that has none."""
    return _signs()[name][_chosen[0]]


def style(name: str) -> str:
    """Return the colour of a sign as a style with names of the theme; empty where it has none."""
    return _signs()[name].get("style", "")


def sign(name: str, text: str = "") -> Content:
    """Return a sign in its colour, with words of the same colour after it where they are given.

    A sign whose ground is filled stands between two blanks, as a chip does.
    """
    shown, look = glyph(name) + (f" {text}" if text else ""), style(name)
    if " on " in look:
        shown = f" {shown} "
    return Content.styled(shown, look) if look else Content(shown)


def names() -> frozenset[str]:
    """Return the names of all signs."""
    return frozenset(_signs())
