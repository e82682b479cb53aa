"""Redacting, erasing and the audit trail by keys alone."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import TextArea

from fieldkit.casework import judging
from fieldkit.evidence import points
from fieldkit.evidence.notes import add_note
from screens.history.audit import AuditPage
from screens.history.history import HistoryPage
from screens.kit.dialogs import AskText, Confirm, Pick, Tell
from storage.records import Judgment, Note
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, opened, page, settled, until, waiting_texts
from tests.screens.hostile import at, came, paste

NAME = "Kylie Ravenscroft"


async def drawn(pilot: Pilot[Any], text: str) -> None:
    """Wait until a dialog or a notice that has come shows a text, also over the end of a line."""
    wanted = " ".join(text.split())
    await until(pilot, lambda: wanted in " ".join(page(pilot.app).replace("▌", " ").split()))


async def test_redacting_from_a_history(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    words = f"{NAME} was not seen."
    vault.write_now(judging.grade, case, "investigation", "good")
    vault.write_now(judging.write, case, "investigation", rationale=words)
    vault.write_now(lambda s: add_note(s, "case", case, f"{NAME} moved."))
    record = judgment_id(case, "investigation")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("history", kind="judgment", record=record, title="WST-001, Investigation")
        await settled(pilot)
        assert NAME in page(app)
        await pilot.press("x")
        await came(pilot, AskText)
        assert NAME in page(app)
        app.screen.query_one(TextArea).clear()
        await paste(pilot, "Child 1 was not seen.")
        first = app.screen
        await pilot.press("ctrl+s")
        await came(pilot, AskText, first)
        await paste(pilot, "a child was named")
        await pilot.press("ctrl+s")
        await came(pilot, Confirm)
        assert "cannot be undone" in page(app)
        await pilot.press("y")
        await came(pilot, Tell)
        await drawn(pilot, "note in WST-001")
        await pilot.press("escape")
        await settled(pilot)
        assert at(pilot, HistoryPage)
        shown = page(app)
        assert NAME not in shown
        assert "Child 1 was not seen." in shown
        assert "redacted by A. Inspector" in " ".join(shown.split())
        await pilot.press("ctrl+z")
        await settled(pilot)
        await drawn(pilot, "brought back")
    found = vault.read_now(lambda s: s.get(Judgment, record)) if not vault.locked else None
    assert found is None or found.rationale == "Child 1 was not seen."
    assert vault.locked or waiting_texts(vault) == []


async def test_leaving_it_redacts_nothing(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    note = vault.write_now(lambda s: add_note(s, "case", case, f"{NAME} moved.")).id
    async with opened(vault, inspection) as (app, pilot):
        await app.go("entry", kind="case", record=case)
        await settled(pilot)
        await pilot.press("x")
        await came(pilot, AskText)
        first = app.screen
        await pilot.press("ctrl+s")
        await came(pilot, AskText, first)
        await paste(pilot, "why")
        await pilot.press("ctrl+s")
        await came(pilot, Confirm)
        await pilot.press("enter")
        await settled(pilot)
        assert NAME in page(app)
        kept = await app.vault.read(lambda s: s.get(Note, note))
        assert kept is not None and kept.text == f"{NAME} moved."


async def test_the_audit_trail_and_a_refused_erasure(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("i", "x")
        await came(pilot, Tell)
        await drawn(pilot, "no roster")
        await pilot.press("escape")
        await pilot.press("t")
        await settled(pilot)
        assert at(pilot, AuditPage)
        assert "collection" in page(app) and "WST-001  made, A. Inspector" in page(app)
        assert "Laptop     this laptop" in page(app)
        await pilot.press("enter")
        await came(pilot, Tell)
        await drawn(pilot, "Operation  collection (made)")
        await pilot.press("escape", "o")
        await came(pilot, Pick)
        await pilot.press("5")
        await settled(pilot)
        assert "Nothing of this operation is on record" in page(app)
        assert " o   choose another operation" in page(app)


async def test_no_dialog_says_again_what_is_taken_out(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """Neither the title of a note that begins with the name, nor of a point that quotes it."""
    case = cases["WST-001"]
    vault.write_now(lambda s: add_note(s, "case", case, f"{NAME} moved."))
    vault.write_now(points.add_point, inspection, f"{NAME} was not seen.", "concern")
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("entry", kind="case", record=case)
        await settled(pilot)
        await pilot.press("x")
        await came(pilot, AskText)
        first = app.screen
        app.screen.query_one(TextArea).clear()
        await pilot.press("ctrl+s")
        await came(pilot, AskText, first)
        assert NAME not in page(app)
        await paste(pilot, "a child was named")
        await pilot.press("ctrl+s")
        await came(pilot, Confirm)
        assert NAME not in page(app)
        await pilot.press("y")
        await came(pilot, Tell)
        await drawn(pilot, "concern: …, wording")
        assert NAME not in page(app)
        await pilot.press("escape")
        await settled(pilot)
