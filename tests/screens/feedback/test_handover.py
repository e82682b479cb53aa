"""The hand-over by keys: read first, then written to a new file for somebody named."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from docx import Document

from fieldkit.evidence import points
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from screens.feedback.handover import HandoverPage
from screens.kit.dialogs import AskText, Confirm, Pick, Tell
from screens.kit.form import Form
from storage.database.facts import Fact
from storage.records import DebriefPoint, LetPass
from storage.records.log import disclosures
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import LARGE, SMALL, opened, page, typed, until
from tests.screens.hostile import HOSTILE, at, paste


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_what_leaves_is_read_and_then_written(
    vault: Vault,
    inspection: str,
    cases: dict[str, str],
    tmp_path: Path,
    size: tuple[int, int],
) -> None:
    (tmp_path / "Downloads").mkdir()
    made = vault.write_now(points.add_point, inspection, HOSTILE[0], "strength")
    held = vault.write_now(open_debrief, inspection, "hot")
    inside = vault.write_now(include_point, held.id, made.id)
    vault.write_now(freeze_wording, inside.id, HOSTILE[0])
    if size == LARGE:
        looks = Document()
        looks.add_paragraph("Words of the template.")
        looks.save(str(tmp_path / "looks.docx"))
        vault.set_fact_now(Fact.text("handover/template"), str(tmp_path / "looks.docx"))
    async with opened(vault, inspection, size) as (app, pilot):
        await pilot.press("w")
        assert at(pilot, HandoverPage)
        shown = page(app)
        assert "this is all that leaves" in shown and "Written feedback" in shown
        await pilot.press("k", "s")
        assert "✓ with our reasons" in page(app) and "✓ with statistics" in page(app)
        await pilot.press("i")
        assert "Internal copy, not the force's" in page(app)
        await pilot.press("i")
        await pilot.press("enter")
        assert at(pilot, Form)
        await pilot.press("ctrl+s")
        assert at(pilot, Confirm)
        await pilot.press("enter")
        assert list((tmp_path / "Downloads").iterdir()) == []
        await pilot.press("enter", "ctrl+s", "y")
        await typed(pilot, PASSPHRASE)
        await pilot.pause()
        await app.workers.wait_for_complete()
        if size == LARGE:
            await until(pilot, lambda: at(pilot, Tell))
            assert "own words on the page were left out" in " ".join(page(app).split())
            await pilot.press("escape")
        assert at(pilot, HandoverPage)
        [path] = (tmp_path / "Downloads").iterdir()
        assert path.suffix == ".docx" and stat.S_IMODE(path.stat().st_mode) == 0o600
        [left] = await app.vault.read(disclosures)
        assert left.recipient == "chief constable; police and crime commissioner"


async def test_from_the_comparison_and_the_debrief_too(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (_, pilot):
        for keys in (("m",), ("d",)):
            await pilot.press(*keys, "w")
            assert at(pilot, HandoverPage)
            await pilot.press("escape", "escape")


async def test_what_somebody_could_be_known_by_is_settled_one_by_one(
    vault: Vault, inspection: str
) -> None:
    made = vault.write_now(points.add_point, inspection, "Logs are not checked.", "concern")
    held = vault.write_now(open_debrief, inspection, "hot")
    inside = vault.write_now(include_point, held.id, made.id)
    vault.write_now(freeze_wording, inside.id)
    answer = "The girl born on 3/4/11 was seen; ring 0161 496 0123."
    vault.write_now(record_response, inside.id, response=answer)
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await pilot.press("w")
        await pilot.press("enter")
        assert at(pilot, Pick)
        await pilot.press("escape")
        await until(pilot, lambda: at(pilot, HandoverPage))
        await pilot.press("enter")
        first = app.screen
        await pilot.press("1")
        await until(pilot, lambda: at(pilot, Pick) and app.screen is not first)
        await pilot.press("3")
        await until(pilot, lambda: at(pilot, AskText))
        await paste(pilot, "The number of the duty desk.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: at(pilot, Form))
        await pilot.press("escape")
        await until(pilot, lambda: at(pilot, HandoverPage))
        listed = await app.vault.read(lambda s: s.get(DebriefPoint, inside.id))
        assert listed is not None
        assert listed.response == "The girl born on [date of birth] was seen; ring 0161 496 0123."
        [passed] = await app.vault.read(records_in, LetPass, inspection)
        assert passed.reason == "The number of the duty desk."
