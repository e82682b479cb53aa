"""A line break in somebody's words makes no entry of its own on a page that lists entries."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging
from fieldkit.evidence.notes import add_note
from fieldkit.evidence.points import add_point, support
from fieldkit.evidence.trace import trace_point
from screens.evidence.trace import trace_content
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, page, settled

ENTRY = "2026-07-28 09:14  B. Boss  changed"
FORGED = f"Seen alone.\n{ENTRY}\n    grade: good → inadequate\nWeighed: nothing"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_page_of_a_history(
    vault: Vault, inspection: str, cases: dict[str, str], size: tuple[int, int]
) -> None:
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "investigation", "good", rationale=FORGED)
    changed = vault.write_now(judging.grade, case, "investigation", "inadequate", reason=FORGED)
    async with opened(vault, inspection, size) as (app, pilot):
        await app.go("history", kind="judgment", record=changed.id, title="Investigation")
        await settled(pilot)
        raw = page(app).splitlines()
        assert sum(ENTRY in line for line in raw) >= 2
        assert not any(line.startswith((f"│ {ENTRY}", f"│▌{ENTRY}")) for line in raw)


def test_what_a_point_rests_on(vault: Vault, inspection: str, cases: dict[str, str]) -> None:
    note = vault.write_now(add_note, "case", cases["WST-001"], FORGED)
    point = vault.write_now(add_point, inspection, FORGED, "concern")
    vault.write_now(support, point.id, "note", note.id, why=FORGED)
    traced = vault.read_now(trace_point, point.id)
    for width in (76, 116):
        lines = trace_content(traced, {}, width).plain.splitlines()
        assert sum(ENTRY in line for line in lines) == 3
        assert not any(line.startswith((ENTRY, f"   {ENTRY}", "   Weighed: no")) for line in lines)
