"""The page of leaving the site, and the reason that pages ask for afterwards."""

from __future__ import annotations

from fieldkit.evidence.points import add_point, point_lines
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.leaving import leave
from fieldkit.inspections.states import steps
from screens.kit.dialogs import AskText, Tell
from screens.kit.form import Form
from storage.history.history import history
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled, until


async def test_the_team_leaves_with_a_reason_and_the_state_is_corrected(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("b")
        await settled(pilot)
        shown = page(app)
        assert "3 still open ─" in shown and "◆ fieldwork" in shown
        assert "▲  4 cases without an overall grade or state" in shown
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.PAGE == "cases"  # type: ignore[attr-defined]
        await pilot.press("escape", "l")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press(*"tonight", "ctrl+s")
        await until(pilot, lambda: "◆ left site" in page(app))
        await pilot.press("c")
        await until(pilot, lambda: "What is the state really?" in page(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press(*"mistake", "ctrl+s")
        await settled(pilot)
        done = await app.vault.read(steps, inspection)
        assert [(one.after, one.reason) for one in done] == [
            ("left site", "tonight"),
            ("fieldwork", "mistake"),
        ]


async def test_a_publication_is_recorded_with_its_day(vault: Vault, inspection: str) -> None:
    vault.write_now(leave, inspection, "done")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("leaving")
        await settled(pilot)
        for keys in (("c", "2"), ("n",)):
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(app.screen, Form))
            await pilot.press("escape")
            await settled(pilot)
        assert len(await app.vault.read(steps, inspection)) == 1
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Form))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Tell))
        assert "Published on" in page(app) and "The force sends its action plan: by" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert [one.after for one in await app.vault.read(steps, inspection)][-1] == "published"


async def test_a_page_asks_once_why_and_offers_the_reason_on_the_next(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(leave, inspection, "the rest is done from the office")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press(*"paper", "ctrl+s")
        await until(pilot, lambda: "The reason is recorded" in page(app))
        await pilot.press("1", "1")
        await settled(pilot)
        assert not isinstance(app.screen, AskText)
        await pilot.press("escape")
        await app.go("points")
        await settled(pilot)
        assert vault.author.reason == ""
        await pilot.press("a")
        await until(pilot, lambda: "A new point" in page(app))
        await pilot.press(*"Late", "ctrl+s")
        await until(pilot, lambda: "What sort of point" in page(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Which criterion" in page(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Why is this changed?" in page(app))
        assert "paper" in page(app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Point 1 rests on" in page(app))
        (made,) = await app.vault.read(point_lines, inspection)
        said = await app.vault.read(history, "point", made.id)
        assert [one.reason for one in said] == ["paper"]
        first = judgment_id(cases["WST-001"], "initial_contact")
        said = await app.vault.read(history, "judgment", first)
        assert [one.reason for one in said] == ["paper"]


async def test_what_keeps_it_back_is_shown_before_anybody_is_asked_for_whom(
    vault: Vault, inspection: str
) -> None:
    point = vault.write_now(add_point, inspection, "Logs wait.", "concern").id
    debrief = vault.write_now(open_debrief, inspection, "daily", "2026-07-06").id
    place = vault.write_now(include_point, debrief, point).id
    vault.write_now(freeze_wording, place, "Logs wait.")
    vault.write_now(record_response, place, outcome="disputed")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("w")
        await until(pilot, lambda: "1 finding in words the force" in page(app))
        await pilot.press("enter")
        await until(pilot, lambda: "1 keeps it back" in page(app))
        assert "!  1 finding disputed by the force" in page(app)
        await app.vault.write(record_response, place, outcome="agreed")
        await pilot.press("w")
        await settled(pilot)
        await pilot.press("c")
        await until(pilot, lambda: "nothing stops it" in page(app))
