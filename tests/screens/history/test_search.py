"""The search page: what was found by kinds, with its sign, the words in sight, and the record."""

from __future__ import annotations

from sqlmodel import Session
from textual.widgets import Input

from fieldkit.casework import judging
from fieldkit.evidence import points
from fieldkit.evidence.notes import add_note
from fieldkit.history.search import SCREEN
from screens.history.search import SearchPage, _excerpt
from screens.kit.drawing.panel_list import PanelList
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled

LONG = "Nobody asked the child. " * 4 + "Lost at the handover until the weekend."


async def test_kinds_signs_and_the_whole_record(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    def work(s: Session) -> None:
        judging.grade(s, cases["WST-001"], "investigation", "inadequate")
        judging.write(s, cases["WST-001"], "investigation", rationale=LONG)
        points.add_point(s, inspection, "The handover loses the risk.", "concern", "investigation")

    vault.write_now(work)
    async with opened(vault, inspection, (120, 36)) as (app, pilot):
        await pilot.press("f3", *"handover")
        await settled(pilot)
        shown = page(app)
        assert "2 found, best first" in shown and "All 2" in shown
        assert " I  WST-001" in shown and " −  " in shown
        assert isinstance(app.screen, SearchPage)
        kinds = set()
        for _ in range(2):
            await pilot.press("tab")
            await settled(pilot)
            assert "1 of 2" in page(app) and app.screen.current is not None
            kinds.add(app.screen.current.hit.kind)
        assert kinds == {"judgment", "point"}
        await pilot.press("tab")
        assert "1 of 2" not in page(app)


def test_the_word_found_stays_in_sight() -> None:
    excerpt = LONG.replace("handover", "«handover»")
    for width in range(20, 140, 7):
        shown = _excerpt(excerpt, width)
        assert "handover" in shown.plain and shown.cell_length <= width
    assert _excerpt("a «b» c", 20).plain == "a b c"


async def test_filters_are_typed_and_a_near_word_is_taken(vault: Vault, inspection: str) -> None:
    vault.write_now(points.add_point, inspection, "The handover loses the risk.", "concern")
    async with opened(vault, inspection, (120, 36)) as (app, pilot):
        await pilot.press("f3")
        field = app.screen.query_one(Input)
        for typed, shown in (
            ("handover is:strength", "nothing found"),
            ("handover by:zed", "“by:zed” is nobody who is known here."),
            ("is:concern on:today", "1 found, latest first"),
            ("hendover is:concern", "Near words that stand somewhere"),
        ):
            field.value = typed
            await settled(pilot)
            assert shown in page(app)
        await pilot.press("enter")
        await settled(pilot)
        assert field.value == "handover is:concern"
        assert "1 found, best first" in page(app) and "─ concern ─" in page(app)
        assert "or typed: #4  +  fri  by:me" in page(app)


async def test_the_first_screen_is_read_and_the_others_when_the_cursor_gets_there(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    def work(s: Session) -> None:
        for number in range(40):
            add_note(s, "case", cases["WST-001"], f"The handover was late, day {number:02}.")
        points.add_point(s, inspection, "The handover loses the risk at each weekend.", "concern")

    vault.write_now(work)
    async with opened(vault, inspection, (120, 36)) as (app, pilot):
        await pilot.press("f3", *"handover")
        await settled(pilot)
        listed = app.screen.query_one(PanelList)
        assert listed.option_count == SCREEN
        shown = page(app)
        assert "41 found, best first" in shown and "Notes 40" in shown and "Points 1" in shown
        await pilot.press("down", *["down"] * SCREEN)
        await settled(pilot)
        assert (listed.option_count, listed.highlighted) == (41, SCREEN)
        await pilot.press("shift+tab", "x")
        app.screen.query_one(Input).value = "handover"
        await settled(pilot)
        assert (listed.option_count, listed.highlighted) == (SCREEN, 0)
        # The point is the longest text: its kind is counted before it was ever read.
        app.screen.query_one(Input).focus()
        await pilot.press("tab", "tab")
        await settled(pilot)
        assert "1 of 41" in page(app) and listed.option_count == 1
