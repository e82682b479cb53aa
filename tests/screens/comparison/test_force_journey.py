"""The journey of the checked-in list of keys: from the force's workbook to the differences."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.comparison import assemble
from fieldkit.selfassessment.decide import row_lines
from screens.comparison.differences import Rationales
from tests.conftest import PASSPHRASE
from tests.journeys.keys import TMUX
from tests.journeys.terminal import Terminal, needs_tmux
from tests.screens.driving import LARGE, SMALL, opened, page
from tests.screens.force import westshire

KEYS = Path(__file__).with_name("keys_force_to_disparities.txt")
MOST = 40
"""Keys allowed beside the answers to the queue."""


def steps() -> list[tuple[str, str]]:
    """The lines of the list: "key", "answer" or "see", and the key or the words."""
    found = []
    for line in KEYS.read_text("utf-8").splitlines():
        words = line.partition("#")[0].split()
        if words and words[0] == "see":
            found.append(("see", " ".join(words[1:])))
        elif words:
            found.append(("answer" if words[0] == "answer" else "key", words[-1]))
    return found


def keys() -> list[tuple[str, bool]]:
    """The keys of the list, and which of them answer the queue."""
    return [(text, does == "answer") for does, text in steps() if does != "see"]


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
            for does, text in steps():
                if does == "see":
                    assert text in page(app)
                else:
                    await pilot.press(text)
            assert isinstance(app.screen, Rationales)
            shown = page(app)
            assert "Force: " in shown
            rows = await vault.read(row_lines, force.inspection)
            case_of = {one.row: one.case for one in force.truth.rows}
            assert {one.row: one.case_reference for one in rows} == case_of
            made = await vault.read(assemble.comparison, force.inspection)
            assert made.disparities[0].reference in shown
            assert made.disparities[0].our_rationale[:20] in shown
            await pilot.press("escape")


@needs_tmux
def test_in_a_real_terminal(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    force = westshire(tmp_path_factory)
    with force.visited(tmp_path) as vault:
        folder = vault.folder
    arguments = ["--vault", str(folder), "--inspection", force.inspection]
    with Terminal(tmp_path, arguments, SMALL) as terminal:
        terminal.wait_for("Passphrase")
        terminal.type(PASSPHRASE)
        terminal.press("Enter")
        terminal.wait_for("Waiting for you")
        for does, text in steps():
            if does == "see":
                terminal.wait_for(text)
            else:
                terminal.press(TMUX.get(text, text))
        terminal.wait_for("Force: ")
        terminal.press("C-q")
        terminal.wait_for_end()
