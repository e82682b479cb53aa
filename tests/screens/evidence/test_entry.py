"""The notes of an entry by keys alone: capture, marks, amending, agreeing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session
from textual import events
from textual.pilot import Pilot

from fieldkit.evidence.entries import add_interview, open_entry
from fieldkit.evidence.notes import add_note, notes_of
from screens.app import FieldkitApp
from screens.evidence.entry import EntryPage
from screens.evidence.note_rows import NoteList
from screens.kit.dialogs import AskText, Confirm
from screens.kit.draft_fields import DraftArea
from storage.records import Note
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, SMALL, opened, ops, page, settled, until, waiting_texts
from tests.screens.hostile import HOSTILE, at, came, harmless, paste


@pytest.fixture
def interview(vault: Vault, inspection: str) -> str:
    """An interview with a detective sergeant."""
    made = vault.write_now(
        lambda s: add_interview(s, inspection, role="Detective sergeant", source_group="supervisor")
    )
    return made.id


async def go(app: FieldkitApp, pilot: Pilot[Any], kind: str, record: str) -> EntryPage:
    await app.go("entry", kind=kind, record=record)
    await settled(pilot)
    assert isinstance(app.screen, EntryPage)
    return app.screen


async def kept(app: FieldkitApp, parent: str) -> list[Note]:
    return await app.vault.read(notes_of, parent)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_three_notes_are_three_times_ctrl_s(
    vault: Vault, inspection: str, interview: str, size: tuple[int, int]
) -> None:
    async with opened(vault, inspection, size) as (app, pilot):
        await go(app, pilot, "interview", interview)
        assert "What works well here?" in page(app) and "no note yet" in page(app)
        assert "write a note" in page(app) and "letters are keys then" not in page(app)
        await pilot.press("n")
        await settled(pilot)
        # Whoever reads “n” here types it into the note.
        assert "write a note" not in page(app) and "letters are keys then" in page(app)
        for text in ("+ Daily meeting with health #3", "- No second reader #inv #1", "Quiet week"):
            await paste(pilot, text)
            await pilot.press("ctrl+s")
        await settled(pilot)
        found = await kept(app, interview)
        assert [(one.text, one.polarity, one.criteria) for one in found] == [
            ("Daily meeting with health", "strength", ["assessment"]),
            ("No second reader", "concern", ["investigation", "leadership"]),
            ("Quiet week", "", []),
        ]
        assert isinstance(app.focused, DraftArea)
        assert waiting_texts(vault) == []
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert not at(pilot, EntryPage)


async def test_letters_queued_before_ctrl_s_are_in_the_note(
    vault: Vault, inspection: str, interview: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await go(app, pilot, "interview", interview)
        await pilot.press("n")
        field = app.focused
        assert isinstance(field, DraftArea)
        # As a terminal hands over a paste and a key in one read: nobody waits between them.
        app.post_message(events.Paste("seen alone, and spoken to"))
        app.post_message(events.Key("ctrl+s", None))
        await settled(pilot)
        assert [one.text for one in await kept(app, interview)] == ["seen alone, and spoken to"]
        assert waiting_texts(vault) == []


async def test_escape_keeps_and_a_mark_that_names_nothing_is_refused(
    vault: Vault, inspection: str, interview: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await go(app, pilot, "interview", interview)
        await pilot.press("n")
        await paste(pilot, "Strategy meeting late #xyz")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert await kept(app, interview) == []
        field = app.screen.query_one(DraftArea)
        assert field.text == "Strategy meeting late #xyz"
        assert any("names no criterion" in one.message for one in app._notifications)
        await app.typing.save()
        assert waiting_texts(vault) == ["Strategy meeting late #xyz"]
        await pilot.press(*["backspace"] * 4)
        await pilot.press("escape")
        await settled(pilot)
        assert [one.text for one in await kept(app, interview)] == ["Strategy meeting late"]
        assert isinstance(app.focused, NoteList) and field.text == ""


async def test_a_draft_is_offered_back_and_ends_with_the_note(
    vault: Vault, inspection: str, interview: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await go(app, pilot, "interview", interview)
        await pilot.press("n")
        await paste(pilot, "half a sent")
        await app.typing.save()
        await app.pop_screen()
        await settled(pilot)
        shown = await go(app, pilot, "interview", interview)
        assert shown.query_one(DraftArea).text == "half a sent"
        assert isinstance(app.focused, DraftArea)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert [one.text for one in await kept(app, interview)] == ["half a sent"]
        assert waiting_texts(vault) == []


async def test_keys_of_the_list_mark_edit_finalise_and_amend(
    vault: Vault, inspection: str, interview: str
) -> None:
    note = vault.write_now(lambda s: add_note(s, "interview", interview, "Told at once")).id
    async with opened(vault, inspection) as (app, pilot):
        await go(app, pilot, "interview", interview)
        await pilot.press("4", "2", "4", "minus", "plus")
        await settled(pilot)
        one = (await kept(app, interview))[0]
        assert (one.criteria, one.polarity) == (["initial_contact"], "strength")
        await pilot.press("enter")
        await paste(pilot, " by phone #4")
        await pilot.press("ctrl+s")
        await settled(pilot)
        one = (await kept(app, interview))[0]
        assert one.text == "Told at once by phone"
        assert one.criteria == ["initial_contact", "investigation"]
        assert one.polarity == "strength"
        await pilot.press("f")
        await settled(pilot)
        await pilot.press("minus")
        await settled(pilot)
        one = (await kept(app, interview))[0]
        assert one.finalised and one.polarity == "strength"
        await pilot.press("enter")
        await paste(pilot, ", at 14:10")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert at(pilot, AskText)
        await paste(pilot, "time was missing")
        await pilot.press("ctrl+s")
        await settled(pilot)
        one = (await kept(app, interview))[0]
        assert (one.text, one.id) == ("Told at once by phone, at 14:10", note)
        assert waiting_texts(vault) == []


async def test_agreed_and_delete(vault: Vault, inspection: str, interview: str) -> None:
    vault.write_now(lambda s: add_note(s, "interview", interview, "One"))
    async with opened(vault, inspection) as (app, pilot):
        await go(app, pilot, "interview", interview)
        await pilot.press("g")
        await pilot.pause()
        await pilot.press("1")
        await settled(pilot)
        file = await app.vault.read(open_entry, "interview", interview)
        assert getattr(file.entry, "agreed", "") == "agreed"
        assert "agreed as accurate" in page(app)
        await pilot.press("delete")
        await pilot.pause()
        assert at(pilot, Confirm)
        await pilot.press("y")
        await settled(pilot)
        assert await kept(app, interview) == []
        assert ("note", "delete") in ops(vault)


async def test_a_case_and_the_inspection_hold_notes(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        for kind, record in (("case", cases["WST-002"]), ("inspection", inspection)):
            await go(app, pilot, kind, record)
            await pilot.press("n")
            await paste(pilot, f"about the {kind}")
            await pilot.press("ctrl+s", "escape", "escape")
            await settled(pilot)
            assert [one.text for one in await kept(app, record)] == [f"about the {kind}"]


async def test_markup_and_signs_of_direction_are_text(
    vault: Vault, inspection: str, interview: str
) -> None:
    def add(s: Session) -> None:
        for text in HOSTILE:
            add_note(s, "interview", interview, text, polarity="concern")

    vault.write_now(add)
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await go(app, pilot, "interview", interview)
        harmless(page(app))
        assert "[@click=app.quit]x" in page(app)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("escape", "delete")
        await pilot.pause()
        assert "Delete this note" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        assert app.is_running


async def test_what_looks_like_an_identifier_is_said_and_taken_out_by_x(
    vault: Vault, inspection: str, interview: str
) -> None:
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await go(app, pilot, "interview", interview)
        await pilot.press("n")
        await paste(pilot, "Child, dob 3/4/11, lives at SA1 1AA")
        await pilot.press("ctrl+s")
        await settled(pilot)
        said = "Looks like a date of birth and a postcode. x takes them out."
        await until(pilot, lambda: said in [one.message for one in app._notifications])
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("x")
        await came(pilot, Confirm)
        await pilot.press("y")
        await settled(pilot)
        (note,) = await kept(app, interview)
        assert note.text == "Child, dob [date of birth], lives at [postcode]"


async def test_the_border_says_what_marks_mean_and_the_panel_grows(
    vault: Vault, inspection: str, interview: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        shown = await go(app, pilot, "interview", interview)
        await pilot.press("n")
        await paste(pilot, "+ #inv We ring the family")
        await settled(pilot)
        assert "+ strength" in page(app) and " 4 Investigation " in page(app)
        field = shown.query_one(DraftArea)
        small = field.size.height
        await paste(pilot, " and the child" * 20)
        await settled(pilot)
        half = field.size.height
        await pilot.press("f6", "f6")
        await settled(pilot)
        assert small < half < field.size.height and isinstance(app.focused, DraftArea)
        await pilot.press("f6", "ctrl+s")
        await settled(pilot)
        assert field.size.height == small and field.text == ""
        (note,) = await kept(app, interview)
        assert (note.criteria, note.polarity) == (["investigation"], "strength")
        assert note.text.startswith("We ring the family and the child")
