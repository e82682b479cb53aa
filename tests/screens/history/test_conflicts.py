"""The page of conflicts: answers that can be told apart, in whole words, each by its writer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.history import conflicts
from fieldkit.inspections import home, inspections
from screens.history.answers import Answers
from screens.history.conflicts import ConflictsPage
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, lines, opened, page, settled, told, until
from tests.storage.colleague import Colleague

LONG = "The strategy discussion was asked for on the first day and minuted on the ninth. " * 6
LATE = 2**42
NAME = "Bartholomew Featherstonehaugh-Cholmondeley the Younger of Northshire Constabulary"


@pytest.fixture
def doubtful(vault: Vault, cases: dict[str, str]) -> Vault:
    """Two overall grades of one case, and two reasons that differ in their last words."""
    case = cases["WST-001"]
    vault.write_now(
        judging.grade, case, "overall", "good", allow_open=True, rationale=f"{LONG}Late."
    )
    colleague = Colleague("aaaa000000000000", NAME)
    theirs = {"state": "unable to judge", "state_reason": "no minutes", "rationale": f"{LONG}Lost."}
    record = ("judgment", judgment_id(case, "overall"))
    vault.write_now(colleague.hand_over, [colleague.write(record, theirs, ms=LATE)])
    return vault


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_answers_are_told_apart_and_read_whole(
    doubtful: Vault, inspection: str, size: tuple[int, int]
) -> None:
    async with opened(doubtful, inspection, size=size) as (app, pilot):
        await pilot.press("k")
        await settled(pilot)
        shown = lines(app)
        assert any("Conflicts" in one and "2 conflicts ─" in one for one in shown)
        assert any("≠ WST-001, Overall assessment  grade" in one for one in shown)
        # Each answer stands in a panel of its own, under its number and its writer.
        assert "unable to judge, because" in told(app)
        assert any("─ 1 Bartholomew" in one for one in shown)
        assert any("─ 2 A. Inspector ─" in one for one in shown)
        assert sum("shown now ─" in one for one in shown) == 1
        assert sum("laptop aaaa, 15 May 2109, 07:35" in one for one in shown) == 1
        await pilot.press("down")
        await settled(pilot)
        # Where the reasons differ only at their end, their end is shown.
        assert "Late." in page(app) and "Lost." in page(app)
        await pilot.press("enter")
        # A worker waits for the dialog's answer, so not until it is done.
        await until(pilot, lambda: isinstance(app.screen, Answers))
        await until(pilot, lambda: "minuted on the ninth." in page(app))
        assert "minuted on the ninth." in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert len(doubtful.read_now(conflicts.listing)) == 2


async def test_enter_reads_and_a_digit_keeps_and_undo_brings_both_back(
    doubtful: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(doubtful, inspection) as (app, pilot):
        await pilot.press("k")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Answers))
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, ConflictsPage))
        await settled(pilot)
        assert "1 conflict ─" in page(app)
        await pilot.press("ctrl+z")
        await settled(pilot)
        said = [str(one.message) for one in app._notifications]
        assert any("Its answers wait for a decision." in one for one in said)
        assert "2 conflicts ─" in page(app)
        (first, _) = doubtful.read_now(conflicts.listing)
        texts = [side.text for side in first.sides]
        assert texts == ["unable to judge, because no minutes", "good"]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_two_overall_grades_are_marked_in_the_list_and_in_the_case(
    doubtful: Vault, inspection: str, size: tuple[int, int]
) -> None:
    async with opened(doubtful, inspection, size=size) as (app, pilot):
        assert "≠ 2" in lines(app)[0]
        await pilot.press("c")
        await settled(pilot)
        row = next(one for one in lines(app) if "▌" in one)
        assert "unable to judge" in row and "≠" in row and "○" in row
        await pilot.press("enter")
        await settled(pilot)
        assert "≠ two overall grades" in page(app)
        assert any("Overall" in one and "≠" in one for one in lines(app))


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_case_takes_one_line_whatever_its_state(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def sent(s: Session, inspection_id: str) -> list[CaseLine]:
        found = before(s, inspection_id)
        found = [replace(one, sent="exported", two_answers=True) for one in found]
        grade = "requires improvement"
        return [replace(one, overall_state="graded", overall_grade=grade) for one in found]

    before = case_lines
    monkeypatch.setattr("screens.casework.cases.case_lines", sent)
    async with opened(vault, inspection, size=size) as (app, pilot):
        await pilot.press("c")
        await settled(pilot)
        rows = [one for one in lines(app) if "WST-" in one]
        rows = [one for one in rows if "audited" not in one and "╭" not in one]
        assert len(rows) == 4
        word = "req. improvement"
        assert all(word in one and "≠" in one and "↑" in one for one in rows)


async def test_home_keeps_every_key_on_a_small_screen(
    doubtful: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubtful.write_now(inspections.create, force="Northshire", methodology="2018")
    said = [
        "1,204 entries of this laptop not received by central for 12 days and more. Export (e).",
        *(f"The clock of laptop {number} looks 3 hours slow. Tell." for number in range(7)),
    ]
    monkeypatch.setattr(home, "warnings", lambda s: said[:2])
    async with opened(doubtful, inspection) as (app, pilot):
        shown = page(app)
        assert "Next" in shown and "2 to decide" in shown
        assert "▲ 1,204 entries" in shown and "▲ The clock of laptop 0" in shown
        await pilot.press("f5")
        await until(pilot, lambda: "Go to" in page(app))
        for key in ("c  Cases", "k  Conflicts", "v  Vault", "x  Exchange"):
            assert key in page(app)
        await pilot.press("escape")
        await settled(pilot)
        monkeypatch.setattr(home, "warnings", lambda s: said)
        await pilot.press("c", "escape")
        await settled(pilot)
        shown = page(app)
        assert "2 to decide" in shown and "6 more" in shown
