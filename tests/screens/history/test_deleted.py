"""The list of what is deleted: each can be looked at and brought back."""

from __future__ import annotations

from fieldkit.evidence.notes import add_note, delete_note
from fieldkit.history import deleted
from storage.vault.vault import Vault
from tests.screens.driving import opened, page, settled


async def test_a_deleted_note_is_looked_at_and_brought_back(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    made = vault.write_now(add_note, "case", cases["WST-001"], "not seen alone")
    vault.write_now(delete_note, made.id)
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("l")
        await settled(pilot)
        assert "1 record ─" in page(app)
        assert "note in WST-001" in page(app) and "not seen alone" in page(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "History of note in WST-001" in page(app) and "not seen alone" in page(app)
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("b")
        await settled(pilot)
        assert "Nothing is deleted" in page(app)
        assert await app.vault.read(deleted.listing, inspection) == []
        await pilot.press("ctrl+z")
        await settled(pilot)
        assert len(await app.vault.read(deleted.listing, inspection)) == 1
