"""The help keeps a hanging indent."""

from __future__ import annotations

import pytest

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
