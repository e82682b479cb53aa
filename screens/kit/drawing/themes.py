"""The three themes, made from ``themes.toml``: dark, light and high contrast.

A theme's colours are named in styles and style sheets alike (``$grade-good``, ``$text-muted``), so
that what is drawn follows a change of theme by itself. Only the chosen theme is read.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from textual.theme import Theme

NAMES = ("dark", "light", "contrast")
"""The themes as a person chooses them; the first one unless another is chosen."""


@cache
def theme(name: str) -> Theme:
    """Return a theme by its name, of :data:`NAMES`; raises ``KeyError`` for another."""
    table = table_of(name)
    colours = {key: value for key, value in table.items() if key not in ("floor", "variables")}
    return Theme(**colours, variables=table["variables"])


def table_of(name: str) -> dict[str, Any]:
    """Return all that is written of a theme; raises ``KeyError`` for one that is not there."""
    if name not in NAMES:
        raise KeyError(name)
    # Reading one theme of the file is a third of the work, and it stands before the first frame.
    text = Path(__file__).with_name("themes.toml").read_text("utf-8")
    parts = re.split(r"^\[(\w+)\]$", text, flags=re.MULTILINE)
    own = dict(zip(parts[1::2], parts[2::2], strict=True))[name]
    table: dict[str, Any] = tomllib.loads(own.replace(f"[{name}.variables]", "[variables]"))
    return table
