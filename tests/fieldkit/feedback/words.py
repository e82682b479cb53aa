"""What must not stand in anything the force gets, and the text of a Word document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

OURS = re.compile(
    r"\bthin\b|adequate: |strong: |\brests on\b|nothing supports|contradict|source group|"
    r"\d methods?\b|\d inspectors?\b|kappa|bowker|stuart|gwet|\bAC[12]\b|chi-square|sign test|"
    r"\bp [=<] |95 %|confidence|indicative|cross-tab|our grade|first grades|not revealed|"
    r"own remark|changed since|unweighted|quadratic",
    re.IGNORECASE,
)
"""Words of basis, lints and statistics."""


def walk(word: Any) -> list[str]:
    """Return every text of the body in the order in which it is read."""
    return [" ".join(one.split()) for one in _texts(word) if one.strip()]


def _texts(word: Any) -> Iterator[str]:
    for block in word.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield from (cell.text for cell in row.cells)
        else:
            yield block.text.removeprefix("• ")
