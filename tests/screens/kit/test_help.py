"""The help keeps a hanging indent, and home names what is not sent by size."""

from __future__ import annotations

import pytest

from screens.inspections.home import _largest
from screens.kit.commands import BESIDE, INDENT, help_text, registry


@pytest.mark.parametrize("columns", [80, 120])
def test_what_a_key_does_stands_under_itself(columns: int) -> None:
    for page in registry():
        shown = help_text(page, columns).plain.splitlines()
        for row in shown:
            assert len(row) <= columns - BESIDE
            titled = row and not row.startswith(" ")
            assert titled or not row or row[2:INDENT].strip() or row.startswith(" " * INDENT)
    assert any(row.startswith(" " * INDENT) for row in help_text("entry", 80).plain.splitlines())


def test_what_is_not_sent_is_named_by_size() -> None:
    counts = {"case": 2, "note": 9, "point": 1, "judgment": 30, "support": 4, "debrief": 1}
    assert _largest(counts) == "30 judgments, 9 notes, 4 supports, 2 cases and 2 more"
    assert _largest({"case": 1}) == "1 case"
