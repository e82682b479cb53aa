"""The list of fieldwork: adding by keys, editing, and what is typed is never lost."""

from __future__ import annotations

import pytest

from fieldkit.evidence.notes import add_note
from fieldkit.service import today
from screens.evidence.entry import EntryPage
from screens.evidence.fieldwork import FieldworkPage
from screens.kit.draft_fields import DraftArea
from screens.kit.form import Form
from storage.records import Document, Interview, Observation
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, opened, page, settled, waiting_texts
from tests.screens.hostile import ALL, HOSTILE, at, came, harmless, paste


async def test_interview_focus_group_and_observation_open_for_notes(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("n")
        await settled(pilot)
        assert at(pilot, FieldworkPage)
        assert "No interviews, observations or documents yet." in page(app)
        for key, text in (("i", "Detective sergeant"), ("g", "Response officers")):
            await pilot.press(key)
            await pilot.pause()
            await paste(pilot, text)
            await pilot.press("tab", "2", "tab", "space", "ctrl+s")
            await settled(pilot)
            # The cursor is in the first note: letters are text at once.
            assert at(pilot, EntryPage) and isinstance(app.focused, DraftArea)
            await pilot.press("escape", "escape")
            await settled(pilot)
        await pilot.press("o")
        await pilot.pause()
        await paste(pilot, "Custody suite")
        await pilot.press("ctrl+s")
        await settled(pilot)
        await pilot.press("escape", "escape")
        await settled(pilot)
        found = await app.vault.read(records_in, Interview, inspection)
        assert {(one.meeting, one.role) for one in found} == {
            ("interview", "Detective sergeant"),
            ("focus group", "Response officers"),
        }
        assert {(one.source_group, one.mode, one.held_on) for one in found} == {
            ("supervisor", "telephone", today())
        }
        assert len(await app.vault.read(records_in, Observation, inspection)) == 1
        assert "Detective sergeant" in page(app) and "focus group" in page(app)
        assert waiting_texts(vault) == []


async def test_documents_open_and_are_edited(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("fieldwork")
        await pilot.press("d")
        await pilot.pause()
        await paste(pilot, "Missing from home policy")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert at(pilot, EntryPage) and isinstance(app.focused, DraftArea)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert at(pilot, FieldworkPage)
        assert "1 document awaited" in page(app)
        await pilot.press("e")
        await came(pilot, Form)
        await pilot.press("tab", "tab", "tab")
        await paste(pilot, "2026-07-08")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert (await app.vault.read(records_in, Document, inspection))[
            0
        ].received_on == "2026-07-08"
        assert "received" in page(app)


async def test_a_refused_form_comes_back_with_what_was_typed(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("fieldwork")
        await pilot.press("i")
        await came(pilot, Form)
        await paste(pilot, "Chief inspector")
        await pilot.press("tab", "3", "tab", "tab")
        await paste(pilot, "x")
        before = app.screen
        await pilot.press("ctrl+s")
        await came(pilot, Form, before)
        assert await app.vault.read(records_in, Interview, inspection) == []
        await pilot.pause()
        assert "“Day” needs a date such as" in page(app)
        # The cursor stands in the field that was refused.
        form = app.screen
        assert form.focused is form.query_one("#field-held_on")
        assert isinstance(form, Form)
        assert "Chief inspector" in page(app) and "senior officers" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert len(waiting_texts(vault)) == 2
        await pilot.press("i")
        await came(pilot, Form)
        await pilot.pause()
        assert "Chief inspector" in page(app) and "your text has been restored" in page(app)
        await pilot.press("escape")


async def test_remarks_of_the_inspection_have_their_page(vault: Vault, inspection: str) -> None:
    vault.write_now(lambda s: add_note(s, "inspection", inspection, "Wifi is down"))
    async with opened(vault, inspection) as (app, pilot):
        await app.go("fieldwork")
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert at(pilot, EntryPage) and "Wifi is down" in page(app)


@pytest.mark.parametrize("key", ["i", "g", "o", "d"])
async def test_markup_in_every_field_is_text(vault: Vault, inspection: str, key: str) -> None:
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("fieldwork")
        await pilot.press(key)
        await came(pilot, Form)
        await paste(pilot, ALL)
        if key == "o":
            await pilot.press("tab")
            await paste(pilot, ALL)
        await pilot.press("ctrl+s")
        await settled(pilot)
        harmless(page(app))
        # A new entry opens in its first note: one key leaves the field, the next the page.
        while not at(pilot, FieldworkPage):
            await pilot.press("escape")
            await settled(pilot)
        harmless(page(app))
        await pilot.press("e")
        await came(pilot, Form)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("h")
        await settled(pilot)
        harmless(page(app))
        assert HOSTILE[1][:10] in page(app)
