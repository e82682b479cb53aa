"""Cases to compare, made short to write."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from fieldkit.comparison.inputs import ComparedCase

WORDS = {
    "o": "outstanding",
    "g": "good",
    "a": "adequate",
    "r": "requires improvement",
    "i": "inadequate",
    "-": None,
}
Maker = Callable[..., ComparedCase]


@pytest.fixture
def make() -> Maker:
    """Make a case from two letters: our grade and the force's, such as ``make("ig")``.

    Our first grade is our grade unless said otherwise; a case of inspectors only has one letter.
    """
    numbers = count(1)

    def one(letters: str, **more: Any) -> ComparedCase:
        number = next(numbers)
        ours = WORDS[letters[0]]
        theirs = WORDS[letters[1]] if len(letters) > 1 else None
        fields: dict[str, Any] = {
            "case_id": f"id-{number}",
            "reference": f"WST-{number:03}",
            "types": ("Domestic abuse",),
            "origin": "self-assessed" if len(letters) > 1 else "inspectors only",
            "ours": ours,
            "initial": ours,
            "theirs": theirs,
            "their_state": "not judged" if letters[1:] == "-" else "",
            "auditor": "AB",
        }
        return ComparedCase(**(fields | more))

    return one
