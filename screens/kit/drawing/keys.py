"""A key as it is pressed, on the ground of keys."""

from __future__ import annotations

from textual.content import Content

from screens.kit.drawing.rows import Text, drawn


def key(name: str) -> Content:
    """Return a key, “enter”, on the ground of keys."""
    return Content.styled(f" {name} ", "bold $key on $key-ground")


def key_and_label(name: str, label: Text) -> Content:
    """Return a key and what it does."""
    return Content.assemble(key(name), " ", drawn(label))
