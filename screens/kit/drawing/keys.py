"""A key as it is pressed, on the ground of keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from screens.kit.drawing.rows import Text, cut, drawn, lines, muted
from screens.kit.drawing.signs import glyphs_in_use

_ARROWS = {"→": "right", "←": "left", "↑": "up", "↓": "down"}
"""How the keys with arrows are called where there are no arrows."""


def key(name: str) -> Content:
    """Return a key, “enter”, on the ground of keys."""
    if glyphs_in_use() == "plain":
        for arrow, word in _ARROWS.items():
            name = name.replace(arrow, word)
    return Content.styled(f" {name} ", "bold $key on $key-ground")


def key_and_label(name: str, label: Text) -> Content:
    """Return a key and what it does."""
    return Content.assemble(key(name), " ", drawn(label))


def ways(keys: Iterable[tuple[str, str, str]], width: int) -> Content:
    """Return what can be done, a line for each: its key, what it does, and a grey word about it."""
    return lines(
        [
            cut(key_and_label(name, Content.assemble(does, muted(f" {about}"))), width)
            for name, does, about in keys
        ]
    )
