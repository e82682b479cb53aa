"""Points by keys alone: making, resting on evidence, tracing, taking away, withdrawing."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest
from sqlmodel import Session
from textual.widgets import Input

from fieldkit.casework import judging
from fieldkit.casework.cases import set_audit
from fieldkit.evidence import points
from fieldkit.evidence.choices import EvidenceChoice, evidence_choices
from fieldkit.evidence.entries import add_interview, entry_lines
from fieldkit.evidence.notes import add_note, edit_note
from screens.casework.case import CasePage
from screens.evidence import trace
from screens.evidence.entry import EntryPage
from screens.evidence.points import PointsPage
from screens.evidence.trace import PickEvidence
from screens.history.history import HistoryPage
from screens.kit.dialogs import AskText, Pick, Tell
from storage.records import Point, Support
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, PATIENCE, opened, page, settled, until, waiting_texts
from tests.screens.hostile import ALL, at, came, harmless, paste


@pytest.fixture
def note(vault: Vault, inspection: str) -> str:
    """A note of an interview that is a strength of investigation."""
    held = vault.write_now(
        lambda s: add_interview(s, inspection, role="Sergeant", source_group="frontline")
    )
    made = vault.write_now(
        lambda s: add_note(
            s,
            "interview",
            held.id,
            "Health joins every morning",
            criteria=["investigation"],
            polarity="strength",
        )
    )
    return made.id


@pytest.fixture
def judged(vault: Vault, cases: dict[str, str]) -> str:
    """A judgment of a case."""
    return vault.write_now(judging.grade, cases["WST-001"], "investigation", "inadequate").id


async def test_of_letters_typed_while_it_looks_only_the_last_are_looked_for(
    vault: Vault, inspection: str, note: str, judged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    begun, go_on = Event(), Event()

    def slowly(s: Session, inspection_id: str, words: str) -> list[EvidenceChoice]:
        asked.append(words)
        if words == "m":
            begun.set()
            assert go_on.wait(PATIENCE)
        return evidence_choices(s, inspection_id, words)

    monkeypatch.setattr(trace, "evidence_choices", slowly)
    vault.write_now(points.add_point, inspection, "Partners meet.", "strength")
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("p", "s")
        await came(pilot, PickEvidence)
        picking = app.screen
        assert isinstance(picking, PickEvidence)
        field = picking.query_one(Input)
        # Not by keys: a key waits for the clerk, who is held here.
        for end in range(1, len("morning") + 1):
            field.value = "morning"[:end]
            while picking._wanted != field.value or not begun.is_set():
                await asyncio.sleep(0.01)
        go_on.set()
        await until(pilot, lambda: picking._found_for == "morning")
        assert asked == ["", "m", "morning"]
        await pilot.press("enter")
        await came(pilot, Pick)
        await pilot.press("escape")


async def test_a_point_with_two_pieces_of_evidence(
    vault: Vault, inspection: str, note: str, judged: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("p")
        await settled(pilot)
        assert at(pilot, PointsPage) and "No point yet." in page(app)
        await pilot.press("a")
        await came(pilot, AskText)
        await paste(pilot, "Partners meet each morning.")
        await pilot.press("ctrl+s")
        await came(pilot, Pick)
        asked = app.screen
        await pilot.press("1")
        await came(pilot, Pick, asked)
        await pilot.press("4")
        await settled(pilot)
        for words, relation in (("joins", "1"), ("WST-001", "3")):
            await pilot.press("s")
            await came(pilot, PickEvidence)
            await pilot.press(*words)
            await pilot.press("enter")
            await came(pilot, Pick)
            await pilot.press(relation)
            await settled(pilot)
        found = await app.vault.read(points.point_lines, inspection)
        assert [(one.sort, one.criterion, one.supports, one.context) for one in found] == [
            ("strength", "investigation", 1, 1)
        ]
        linked = await app.vault.read(records_in, Support, inspection)
        assert {one.evidence_id: one.relation for one in linked} == {
            note: "supports",
            judged: "context",
        }
        assert "▲ thin" in page(app) and "1 for · 1 context" in page(app)
        await pilot.press("enter")
        await came(pilot, Tell)
        assert "Health joins every morning" in page(app) and "Interview:" in page(app)
        await pilot.press("escape", "x")
        await came(pilot, Pick)
        await pilot.press("1")
        await settled(pilot)
        assert len(await app.vault.read(records_in, Support, inspection)) == 1
        assert waiting_texts(vault) == []


async def test_a_contradiction_asks_how_it_was_weighed(
    vault: Vault, inspection: str, note: str
) -> None:
    vault.write_now(points.add_point, inspection, "Nobody meets", "concern")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("points")
        await settled(pilot)
        await pilot.press("s")
        await came(pilot, PickEvidence)
        await pilot.press("enter")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, AskText)
        await paste(pilot, "Only in the east.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        linked = (await app.vault.read(records_in, Support, inspection))[0]
        assert (linked.relation, linked.why) == ("contradicts", "Only in the east.")
        assert "1 against" in page(app)


async def test_a_point_from_a_note_and_from_a_judgment(
    vault: Vault, inspection: str, cases: dict[str, str], note: str, judged: str
) -> None:
    parent = vault.read_now(lambda s: entry_lines(s, inspection))[0]
    async with opened(vault, inspection) as (app, pilot):
        await app.go("entry", kind="interview", record=parent.id)
        await settled(pilot)
        assert at(pilot, EntryPage)
        await pilot.press("p")
        await came(pilot, AskText)
        await paste(pilot, "They meet.")
        await pilot.press("ctrl+s")
        await came(pilot, Pick)
        await pilot.press("enter")
        await settled(pilot)
        made = (await app.vault.read(records_in, Point, inspection))[0]
        assert (made.sort, made.criterion, made.wording) == (
            "strength",
            "investigation",
            "They meet.",
        )
        await pilot.press("escape")
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("down", "down", "p")
        await came(pilot, AskText)
        await paste(pilot, "It is slow.")
        await pilot.press("ctrl+s")
        await came(pilot, Pick)
        await pilot.press("enter")
        await settled(pilot)
        slow = next(
            one for one in await app.vault.read(records_in, Point, inspection) if one.id != made.id
        )
        assert slow.sort == "concern"
        linked = await app.vault.read(records_in, Support, inspection)
        assert {one.evidence_id for one in linked} == {note, judged}


async def test_edit_keeps_what_is_not_changed_and_withdraw_needs_a_reason(
    vault: Vault, inspection: str
) -> None:
    vault.write_now(points.add_point, inspection, "First wording", "to clarify", "investigation")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("points")
        await settled(pilot)
        await pilot.press("e")
        await came(pilot, AskText)
        await paste(pilot, ", amended")
        await pilot.press("ctrl+s")
        await came(pilot, Pick)
        asked = app.screen
        await pilot.press("enter")
        await came(pilot, Pick, asked)
        await pilot.press("enter")
        await settled(pilot)
        one = (await app.vault.read(records_in, Point, inspection))[0]
        assert (one.wording, one.sort, one.criterion) == (
            "First wording, amended",
            "to clarify",
            "investigation",
        )
        await pilot.press("w")
        await came(pilot, AskText)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert at(pilot, AskText)
        await paste(pilot, "It was answered on site.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert (await app.vault.read(records_in, Point, inspection))[0].state == "withdrawn"
        assert "withdrawn" in page(app)


async def test_changed_evidence_is_said(vault: Vault, inspection: str, note: str) -> None:
    made = vault.write_now(points.add_point, inspection, "They meet", "strength")
    vault.write_now(points.support, made.id, "note", note)
    vault.write_now(lambda s: edit_note(s, note, text="Health joins on Mondays"))
    async with opened(vault, inspection) as (app, pilot):
        await app.go("points", point=made.id)
        await settled(pilot)
        assert "1 changed since linked" in page(app)
        await pilot.press("enter")
        await came(pilot, Tell)
        shown = page(app)
        assert "CHANGED since linked" in shown
        assert "Health joins every morning" in shown


async def test_markup_in_every_text_is_text(vault: Vault, inspection: str, note: str) -> None:
    vault.write_now(lambda s: edit_note(s, note, text=ALL))
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("points")
        await settled(pilot)
        await pilot.press("a")
        await came(pilot, AskText)
        await paste(pilot, ALL)
        await pilot.press("ctrl+s")
        await came(pilot, Pick)
        asked = app.screen
        await pilot.press("1")
        await came(pilot, Pick, asked)
        await pilot.press("1")
        await settled(pilot)
        harmless(page(app))
        await pilot.press("s")
        await came(pilot, PickEvidence)
        harmless(page(app))
        await pilot.press("enter")
        await came(pilot, Pick)
        await pilot.press("2")
        await came(pilot, AskText)
        await paste(pilot, ALL)
        await pilot.press("ctrl+s")
        await settled(pilot)
        for key, kind in (("enter", Tell), ("x", Pick), ("h", HistoryPage)):
            await pilot.press(key)
            await came(pilot, kind)
            harmless(page(app))
            await pilot.press("escape")
            await settled(pilot)


async def test_a_point_rests_on_what_a_case_audit_says(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    audit = vault.write_now(set_audit, case, notable_practice="The child drew what she said.").id
    async with opened(vault, inspection) as (app, pilot):
        await app.push_screen(CasePage(case, key="notable_practice"))
        await settled(pilot)
        await pilot.press("p")
        await came(pilot, AskText)
        await paste(pilot, "Children are heard.")
        await pilot.press("ctrl+s")
        await came(pilot, Pick)
        asked = app.screen
        await pilot.press("1")
        await came(pilot, Pick, asked)
        await pilot.press("1")
        await settled(pilot)
        (link,) = await app.vault.read(records_in, Support, inspection)
        assert (link.evidence_kind, link.evidence_id) == ("case_audit", audit)
