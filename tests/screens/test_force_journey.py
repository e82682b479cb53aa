"""The journey of the checked-in list of keys: from the force's workbook to the differences."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit import comparing, selfassessment
from screens.comparison_differences import Rationales
from tests.screens.driving import LARGE, SMALL, opened, page
from tests.screens.force import westshire

KEYS = Path(__file__).with_name("keys_force_to_disparities.txt")
MOST = 40
"""Keys allowed beside the answers to the queue."""


def keys() -> list[tuple[str, bool]]:
    """The keys of the list, and which of them answer the queue."""
    found = []
    for line in KEYS.read_text("utf-8").splitlines():
        words = line.partition("#")[0].split()
        if words:
            found.append((words[-1], words[0] == "answer"))
    return found


def test_the_list_is_short_enough() -> None:
    assert sum(not answer for _, answer in keys()) <= MOST
    first = [answer for _, answer in keys()].index(True)
    assert first <= 12, "the first row of the queue is to be reached in about twelve keys"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_from_the_workbook_to_the_differences(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, size: tuple[int, int]
) -> None:
    force = westshire(tmp_path_factory)
    with force.visited(tmp_path) as vault:
        async with opened(vault, force.inspection, size) as (app, pilot):
            for key, _ in keys():
                await pilot.press(key)
            assert isinstance(app.screen, Rationales)
            shown = page(app)
            assert "Force: " in shown
            rows = await vault.read(selfassessment.row_lines, force.inspection)
            case_of = {one.row: one.case for one in force.truth.rows}
            assert {one.row: one.case_reference for one in rows} == case_of
            made = await vault.read(comparing.comparison, force.inspection)
            assert made.disparities[0].reference in shown
            assert made.disparities[0].our_rationale[:20] in shown
            await pilot.press("escape")
