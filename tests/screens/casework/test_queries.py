"""Queries by keys: asked on a case's line or a difference, answered from home, settled."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging, queries
from screens.casework.case import CasePage
from screens.casework.queries import QueriesPage
from screens.kit.dialogs import AskText, Confirm, Pick
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, page, settled
from tests.screens.hostile import HOSTILE, at, harmless, paste


@pytest.fixture
def judged(vault: Vault, cases: dict[str, str]) -> str:
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "initial contact", "good")
    return case


def states(vault: Vault, inspection: str) -> list[tuple[str, str, str]]:
    found = vault.read_now(queries.lines, inspection)
    return [(one.state, one.standing, one.answer) for one in found]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_from_the_line_of_a_case_to_the_answer_and_its_settling(
    vault: Vault, inspection: str, judged: str, size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("q")
        assert "No judgment is queried" in page(app)
        await pilot.press("escape", "c", "enter", "q")
        assert at(pilot, AskText)
        await pilot.press(*"seen", "ctrl+s")
        await settled(pilot)
        assert at(pilot, CasePage)
        shown = " ".join(page(app).split())
        assert "Initial contact ?" in shown and "asks" in shown and "a answer" in shown
        await pilot.press("escape", "escape")
        assert "1 to answer" in page(app)
        assert "1 query waits for your answer" in page(app)
        await pilot.press("q", "enter")
        assert at(pilot, AskText) and "seen" in page(app)
        await pilot.press(*"no", "ctrl+s")
        assert at(pilot, Pick) and "it stays good" in page(app)
        await pilot.press("3")
        assert states(vault, inspection) == [("answered", "inadequate", "no")]
        assert "to settle" in page(app)
        await pilot.press("k")
        assert states(vault, inspection) == [("settled", "inadequate", "no")]
        await pilot.press("o")
        assert at(pilot, CasePage)


async def test_an_answer_left_in_the_middle_is_kept_as_a_draft(
    vault: Vault, inspection: str, judged: str
) -> None:
    vault.write_now(queries.ask, judged, "initial contact", "Why good?")
    async with opened(vault, inspection) as (_, pilot):
        await pilot.press("q", "enter", *"half", "escape")
        assert states(vault, inspection) == [("open", "good", "")]
        await pilot.press("enter", *" done", "ctrl+s", "escape")
        assert states(vault, inspection) == [("open", "good", "")]
        await pilot.press("enter", "ctrl+s", "enter")
        assert states(vault, inspection) == [("answered", "good", "half done")]


async def test_an_overall_grade_with_criteria_open_changes_only_when_that_is_said(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    vault.write_now(queries.ask, case, "overall", "Why good?")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("q", "enter", *"lower", "ctrl+s", "3")
        assert at(pilot, Confirm) and "7 criteria of WST-001 are still open" in flat(page(app))
        await pilot.press("n")
        assert states(vault, inspection) == [("open", "good", "")]
        await pilot.press("enter", "ctrl+s", "3", "y")
        assert states(vault, inspection) == [("answered", "inadequate", "lower")]


async def test_who_asks_of_their_own_judgment_is_told_so(
    vault: Vault, inspection: str, judged: str
) -> None:
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("c", "enter", "q", *"seen", "ctrl+s")
        assert "You judged this line yourself" in flat(page(app))


def flat(shown: str) -> str:
    """Words that a dialog may break, with its frame taken away."""
    return " ".join(shown.replace("│", " ").split())


async def test_a_question_is_never_markup(vault: Vault, inspection: str, judged: str) -> None:
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("c", "enter", "q")
        await paste(pilot, HOSTILE[0])
        await pilot.press("ctrl+s", "escape", "escape", "q")
        assert at(pilot, QueriesPage)
        harmless(page(app))


async def test_a_line_without_a_grade_is_not_queried(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (_, pilot):
        await pilot.press("c", "enter", "q")
        assert at(pilot, CasePage)
        await pilot.press("a")
        assert at(pilot, CasePage)
        assert states(vault, inspection) == []
