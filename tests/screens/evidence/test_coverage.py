"""Coverage by keys alone: cell by cell to the evidence, and what fills a gap."""

from __future__ import annotations

import pytest
from textual.content import Content

from fieldkit.casework import judging
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.gaps.coverage import Cell, Coverage, Heard, Row, coverage, methods
from fieldkit.evidence.gaps.criterion_evidence import Piece
from fieldkit.evidence.notes import add_note
from fieldkit.methodology import load
from screens.casework.case import CasePage
from screens.evidence.entry import EntryPage
from screens.evidence.gaps import coverage_panels as panels
from screens.evidence.gaps.coverage import CoveragePage
from screens.evidence.gaps.coverage_table import CoverageTable
from screens.kit.dialogs import Pick
from screens.kit.drawing.chips import Grades
from screens.kit.form import Form
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, lines, opened, page, settled, until

GRADES = Grades(load("2018").scale_for("case"))


async def test_a_cell_leads_to_its_evidence_and_a_key_fills_a_gap(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(judging.grade, cases["WST-001"], "initial_contact", "inadequate")
    met = vault.write_now(add_interview, inspection, role="control room").id
    vault.write_now(
        add_note, "interview", met, "Calls wait.", criteria=["initial_contact"], polarity="concern"
    )
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("g", "down")
        await settled(pilot)
        shown = page(app)
        assert "2 Initial contact ─" in shown and "2 pieces" in shown
        assert "− Calls wait.  control room" in shown
        assert "asked in 0 of 1 meeting." in shown
        gaps = vault.read_now(coverage, inspection).gaps
        assert f"{gaps} gaps" in shown
        # The case audit of the cell under the cursor, then the case itself at the criterion.
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        assert "WST-001, inadequate" in page(app)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, CasePage))
        await pilot.press("escape")
        await settled(pilot)
        # The cursor is where it was; two columns on stands the interview.
        table = app.screen.query_one(CoverageTable)
        assert table.at == (1, 0)
        await pilot.press("right", "right", "enter")
        await until(pilot, lambda: isinstance(app.screen, Pick))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EntryPage))
        await pilot.press("escape")
        await settled(pilot)
        # A gap says which key fills it; that key asks for what is planned, and stays here.
        await pilot.press("right", "right", "enter")
        await settled(pilot)
        assert "not observed. Press o to plan an observation." in " ".join(page(app).split())
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, Form))
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, CoveragePage))
        await settled(pilot)
        # Planned is not looked at yet.
        assert vault.read_now(coverage, inspection).gaps == gaps
        await pilot.press("home", *["left"] * 6)
        assert table.at == (0, 0)
        await pilot.click(CoverageTable, offset=(75, 7))
        await settled(pilot)
        assert table.at == (2, 5)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "Where nothing has been looked at" in page(app)
        assert all(len(one) <= 80 for one in lines(app))


def seen(*missing: tuple[str, ...], days_left: int | None = 3) -> Coverage:
    rows = tuple(
        Row(
            criterion=f"c{number}",
            number=number,
            label="Managing those who pose a risk to children",
            cells=tuple(Cell(name, 12, heard=("a role",)) for name in list(methods())[:-1]),
            strengths=2,
            concerns=3,
            sought="strength" not in one,
            grades={"good": 5, "inadequate": 7},
            unable=0,
            meetings=2,
            asked=1,
            missing=one,
        )
        for number, one in enumerate(missing, 1)
    )
    heard = (Heard("frontline", "frontline", 3), Heard("chair", "safeguarding chair", 0))
    return Coverage(rows, heard, days_left, ("2026-09-07", "2026-09-08"))


ALL = tuple(methods())


@pytest.mark.parametrize("width", [20, 26, 40, 76, 110])
@pytest.mark.parametrize("height", [3, 7, 30])
def test_no_panel_runs_over(width: int, height: int) -> None:
    several = seen(ALL, ("observation",), ("observation", "strength"), ALL, ALL, ALL, ())
    pieces = [Piece("concern", "", "long words " * 30, "a role", "", "interview", "x")] * 30
    drawn: list[Content] = [
        panels.gaps_beside(several, width, height),
        panels.gaps_wrapped(several, width, height),
        panels.criterion(several.rows[0], pieces, GRADES, (width, max(height, 14))),
    ]
    for one in drawn:
        rows = one.split("\n", allow_blank=True)
        assert max(row.cell_length for row in rows) <= width
    for one in drawn[:2]:
        assert len(one.split("\n", allow_blank=True)) <= height
    for one in (panels.days(several, width), panels.heard(several, width)):
        assert max(row.cell_length for row in one.split("\n", allow_blank=True)) <= width


def test_gaps_have_fewer_words_where_there_is_less_room() -> None:
    several = seen(("focus-group", "observation", "document", "strength"))
    assert "or strength" in panels.gaps_beside(several, 76, 7).plain
    assert "; no strength looked for" in panels.gaps_beside(several, 110, 7).plain
    assert "g  plan a focus group   o  observation" in panels.gaps_beside(several, 76, 7).plain
    none = seen((), days_left=None)
    assert panels.NO_GAP in panels.gaps_beside(none, 76, 7).plain
    assert panels.days_left(none) == "" and panels.days_left(several) == "3 days left"
    assert "free: " in panels.days(several, 40).plain
