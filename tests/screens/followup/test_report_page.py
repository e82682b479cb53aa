"""The report and the collection of practice by keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.evidence.points import add_point
from fieldkit.feedback.debriefs.debrief import freeze_wording, include_point, open_debrief
from fieldkit.followup.practice.collection import PracticeLine, WantedPractice, collection
from fieldkit.inspections import inspections
from screens.followup.documents.practice import PracticePage
from screens.followup.documents.report import ReportPage
from screens.kit.dialogs import Confirm, Pick, Tell
from screens.kit.folder_picker import remember
from screens.kit.form import Form
from screens.vault.ask_passphrase import AskPassphrase
from storage.records.log import disclosures
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import LARGE, opened, page, settled, told, typed
from tests.screens.hostile import came, paste


@pytest.fixture
def site(vault: Vault) -> str:
    """An inspection with a practice and a concern, both told."""

    def tell(s: Session) -> str:
        made = inspections.create(s, force="Westshire", methodology="2018", starts="2026-07-06")
        held = open_debrief(s, made.id, "daily", "2026-07-06")
        for sort, words in (("notable practice", "They ring back."), ("concern", "Logs wait.")):
            point = add_point(s, made.id, words, sort, "trusted_adult")
            freeze_wording(s, include_point(s, held.id, point.id).id, words)
        return made.id

    return vault.write_now(tell)


def practice(vault: Vault) -> PracticeLine:
    (line,) = vault.read_now(collection, WantedPractice(every=True))
    return line


async def test_the_report_is_read_written_and_made_again(
    vault: Vault, site: str, tmp_path: Path
) -> None:
    async with opened(vault, site, LARGE) as (app, pilot):
        await remember(app.vault, "report", tmp_path)
        await pilot.press("4")
        await settled(pilot)
        assert "Executive summary" in page(app) and "[finding 1" in told(app)
        await pilot.press("b")
        await settled(pilot)
        assert "[finding 1" not in told(app) and "without its sources" in told(app)
        await pilot.press("b")
        await settled(pilot)
        for again in (False, True):
            await pilot.press("enter")
            await came(pilot, Form)
            await pilot.press("ctrl+s")
            await came(pilot, Confirm)
            await pilot.press("y")
            await came(pilot, AskPassphrase)
            await typed(pilot, PASSPHRASE)
            await came(pilot, Tell if again else ReportPage)
            if not again:
                await settled(pilot)
                assert "Written: Westshire report" in told(app)
        assert "Unchanged: “Executive summary”" in told(app)
        await pilot.press("escape")
        await settled(pilot)
        (written,) = tmp_path.glob("*.docx")
        recorded = await app.vault.read(disclosures)
        assert [one.what for one in recorded] == [f"report {written.name}"] * 2


async def test_consent_to_words_not_agreed_is_refused_before_it_is_filled_in(
    vault: Vault, site: str
) -> None:
    vault.write_now(add_point, site, "They write back.", "notable practice", "investigation")
    async with opened(vault, site, LARGE) as (app, pilot):
        await pilot.press("7", "home")
        await settled(pilot)
        found = app.screen
        assert isinstance(found, PracticePage) and found.current is not None
        assert found.current.wording == "They write back."
        await pilot.press("c")
        await came(pilot, Pick)
        await pilot.press("1")
        await came(pilot, PracticePage)
        await settled(pilot)
        assert "has not agreed the words of this practice" in page(app)
        await pilot.press("c")
        await came(pilot, Pick)
        await pilot.press("3")
        await came(pilot, Form)  # a refusal needs no words that were agreed
        await pilot.press("escape")


async def test_a_practice_is_written_down_consented_asked_for_and_written(
    vault: Vault, site: str, tmp_path: Path
) -> None:
    async with opened(vault, site, LARGE) as (app, pilot):
        await remember(app.vault, "practice", tmp_path)
        await pilot.press("7")
        await settled(pilot)
        assert "They ring back." in page(app) and "Westshire" not in _list(app)
        assert "Not yet: the force has not consented." in told(app)
        await pilot.press("w")
        await settled(pilot)
        assert "No practice that is wanted may leave" in told(app)

        async def form(key: str, *texts: str) -> None:
            await pilot.press(key)
            await came(pilot, Form)
            for text in texts:
                await paste(pilot, text)
                await pilot.press("tab")
            await pilot.press("ctrl+s")
            await came(pilot, PracticePage)
            await settled(pilot)

        await form("e", "Nobody rang.", "By a list.", "Calls are counted.", "head of the hub")
        await form("a", "Eastshire")
        await pilot.press("c")
        await came(pilot, Pick)
        await form("1", "chief constable")
        one = practice(vault)
        assert (one.problem, one.ask_whom, one.asked, one.force, one.lacks) == (
            "Nobody rang.", "head of the hub", 1, "Westshire", (),
        )  # fmt: skip
        assert "The force says: name shown" in told(app) and "asked 1×" in page(app)
        await pilot.press("enter")
        await came(pilot, Tell)
        assert "By a list." in page(app)
        await pilot.press("escape", "v", "r")
        await settled(pilot)
        assert "only what may leave" in page(app) and "by how often" in page(app)
        await pilot.press("k")
        await came(pilot, Pick)
        await pilot.press("2")
        await settled(pilot)
        assert "No notable practice yet." in page(app)
        await pilot.press("k")
        await came(pilot, Pick)
        await pilot.press("1")
        await settled(pilot)
        await pilot.press("w")
        await came(pilot, Form)
        await pilot.press("ctrl+s")
        await came(pilot, AskPassphrase)
        await typed(pilot, PASSPHRASE)
        await came(pilot, PracticePage)
        await settled(pilot)
        (written,) = tmp_path.glob("*.docx")
        assert f"Written: {written.name}, 1 sheet." in told(app)


def _list(app: Any) -> str:
    return str(app.screen.query_one("#practice").render_line(0).text)
