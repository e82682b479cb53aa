"""The page of a review by keys: summary, grade now, evidence, list to tick, feedback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session
from textual.pilot import Pilot

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.evidence.entries import add_interview
from fieldkit.followup.links import link_progress, linked
from fieldkit.followup.phases.checklist import documents_of
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from screens.app import FieldkitApp
from screens.evidence.trace import PickEvidence
from screens.followup.follow_up import FollowUpPage
from screens.followup.recommendations import RecommendationsPage
from screens.kit.dialogs import AskText, Pick
from screens.kit.form import Form
from screens.vault.ask_passphrase import AskPassphrase
from storage.feed.journal import because
from storage.records import Case
from storage.records.judgment import assessments
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import LARGE, SMALL, opened, page, settled, told, typed, until
from tests.screens.followup.followed import followed
from tests.screens.hostile import at, came, paste


@pytest.fixture(autouse=True)
def january(monkeypatch: pytest.MonkeyPatch) -> None:
    wall_on(monkeypatch, "2041-01-14")


def reviewed(vault: Vault) -> tuple[str, list[str]]:
    """A review of the force that :func:`followed` inspected, with two audits."""
    first, recommended = followed(vault)

    def work(s: Session) -> str:
        with because(s, "seen late"):
            before = add_case(s, first, "WSH-001", types=["missing"], another=True)
            judging.grade(s, before.id, "trusted_adult", "inadequate", "seen late")
        review = inspections.create(
            s,
            force="Westshire Constabulary",
            methodology="2018",
            phase="review",
            follows=first,
            starts="2041-01-14",
            ends="2041-01-17",
        ).id
        for reference, grade in (("R-007", "good"), ("R-019", "inadequate")):
            case = add_case(s, review, reference, types=["missing"], areas=["trusted_adult"])
            judgment = judging.grade(s, case.id, "trusted_adult", grade)
            relation = "supports" if grade == "good" else "contradicts"
            why = "the child's words are kept" if grade == "good" else "a box was ticked"
            link_progress(s, recommended[2], "judgment", judgment.id, relation, why)
        judging.grade(s, case.id, "overall", "inadequate")
        return review

    return vault.write_now(work), recommended


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_an_area_is_seen_and_written(vault: Vault, size: tuple[int, int]) -> None:
    review, _ = reviewed(vault)
    async with opened(vault, review, size) as (app, pilot):
        await pilot.press("3")
        await came(pilot, FollowUpPage)
        await settled(pilot)
        await pilot.press("down")
        await settled(pilot)
        seen = page(app)
        for words in (
            "Areas of concern", "Trusted adult", "then", "Recommendation 3",
            "Record what the child saw", "R-019", "This review", "On site", "Overall pro",
        ):  # fmt: skip
            assert words in seen, words
        await pilot.press("enter")
        await paste(pilot, "Officers write it down.")
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("2")
        await settled(pilot)
        found = (await app.vault.read(assessments, review))["trusted_adult"]
        assert (found.rationale, found.grade) == (
            "Officers write it down.", "requires improvement"
        )  # fmt: skip
        await pilot.press("u")
        await came(pilot, AskText)
        await paste(pilot, "Too few cases.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        found = (await app.vault.read(assessments, review))["trusted_adult"]
        assert (found.state, found.state_reason) == ("unable to judge", "Too few cases.")
        await pilot.press("delete")
        await settled(pilot)
        assert (await app.vault.read(assessments, review))["trusted_adult"].state == "not judged"


async def test_evidence_ticks_and_the_feedback(vault: Vault, tmp_path: Path) -> None:
    review, recommended = reviewed(vault)
    vault.write_now(add_interview, review, role="Chief constable", held_on="2041-01-14")
    async with opened(vault, review, LARGE) as (app, pilot):
        await pilot.press("3")
        await came(pilot, FollowUpPage)
        await settled(pilot)
        await pilot.press("s")
        await came(pilot, Pick)
        await pilot.press("enter")
        await came(pilot, RecommendationsPage)
        await settled(pilot)
        await pilot.press("escape")
        await came(pilot, FollowUpPage)
        await settled(pilot)
        await pilot.press("down", "e")
        await came(pilot, PickEvidence)
        await pilot.press("enter")
        await came(pilot, Pick)
        await pilot.press("3")
        await came(pilot, AskText)
        await pilot.press("ctrl+s")
        await settled(pilot)
        known = await app.vault.read(linked, recommended[2])
        assert sorted(one.relation for one in known if one.role == "progress") == [
            "context", "contradicts", "supports"
        ]  # fmt: skip
        await pilot.press("t")
        await came(pilot, Pick)
        assert "chief officers" in told(app)
        await pilot.press("enter")
        await settled(pilot)
        (tick, *_) = await app.vault.read(documents_of, review)
        assert tick.said == "asked for on 14 January 2041"
        await pilot.press("w")
        await came(pilot, Form)
        out = tmp_path / "feedback.md"
        await pilot.press("tab", "tab", "ctrl+u")
        await paste(pilot, str(out))
        await pilot.press("ctrl+s")
        await came(pilot, AskPassphrase)
        await typed(pilot, PASSPHRASE)
        await pilot.press("enter")
        await until(pilot, out.exists)
        await settled(pilot)
        assert "Trusted adult" in out.read_text("utf-8")


async def test_an_inspection_has_none_to_show(vault: Vault) -> None:
    first, _ = followed(vault)
    async with opened(vault, first) as (app, pilot):
        await pilot.press("3")
        await came(pilot, FollowUpPage)
        await settled(pilot)
        assert "No visit, review or re-inspection is open." in page(app)
        # What is written of a follow-up is not offered where none is open.
        assert "Feedback" not in page(app) and "To tick" not in page(app)
        assert "Leaflet" in page(app)
        await pilot.press("t", "w", "1", "e", "enter")
        await settled(pilot)
        assert at(pilot, FollowUpPage)
        assert len(load("2018").areas) == 8


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
def test_page(snap_compare: Callable[..., bool], vault: Vault, size: tuple[int, int]) -> None:
    review, _ = reviewed(vault)
    vault.write_now(judging.assess, review, "trusted_adult", "good", rationale="It is written now.")
    app = FieldkitApp(vault.folder, inspection=review, vault=vault)

    async def go(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press("3", "down")
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=go)


async def test_a_case_outside_the_areas_of_concern_is_asked_about(vault: Vault) -> None:
    review, _ = reviewed(vault)
    async with opened(vault, review, LARGE) as (app, pilot):
        await pilot.press("c", "a")
        await came(pilot, Form)
        await paste(pilot, "R-100")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "outside the areas of concern" in told(app))
        app.screen.query_one("#field-audited_because").focus()
        await pilot.pause()
        await paste(pilot, "A partner named it.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        cases = await app.vault.read(records_in, Case, review)
        assert [one.audited_because for one in cases if one.reference == "R-100"] == [
            "A partner named it."
        ]
