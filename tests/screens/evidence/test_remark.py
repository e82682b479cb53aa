"""A remark from anywhere (f2)."""

from __future__ import annotations

from fieldkit.evidence import points
from fieldkit.evidence.notes import notes_of
from screens.evidence.entry import EntryPage
from screens.history.drafts import DraftsPage
from screens.kit.dialogs import AskText
from screens.kit.draft_fields import DraftArea
from storage.vault.vault import Vault
from tests.screens.driving import LARGE, opened, page, settled, waiting_texts
from tests.screens.hostile import ALL, at, came, harmless, paste


async def test_on_the_case_also_from_a_text_field_and_on_the_inspection(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("enter", "f2")
        await came(pilot, AskText)
        assert "Remark on WST-001" in page(app)
        await paste(pilot, "- Log has a gap #inv")
        await pilot.press("ctrl+s")
        await settled(pilot)
        found = await app.vault.read(notes_of, cases["WST-001"])
        assert [(one.text, one.polarity, one.criteria) for one in found] == [
            ("Log has a gap", "concern", ["investigation"])
        ]
        await pilot.press("escape", "m")
        await settled(pilot)
        assert at(pilot, EntryPage) and "Log has a gap" in page(app)
        await pilot.press("escape", "escape", "f2")
        await came(pilot, AskText)
        await paste(pilot, "Wifi is down")
        await pilot.press("ctrl+s")
        await settled(pilot)
        found = await app.vault.read(notes_of, inspection)
        assert [one.text for one in found] == ["Wifi is down"]
        assert waiting_texts(vault) == []


async def test_on_a_point_it_stands_in_the_inspection(vault: Vault, inspection: str) -> None:
    vault.write_now(points.add_point, inspection, "They meet", "strength")
    async with opened(vault, inspection) as (app, pilot):
        await app.go("points")
        await settled(pilot)
        await pilot.press("f2")
        await came(pilot, AskText)
        assert "Remark on the inspection" in page(app)
        await pilot.press("escape")
        await settled(pilot)


async def test_in_an_entry_it_opens_the_note_field(vault: Vault, inspection: str) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("entry", kind="inspection", record=inspection)
        await settled(pilot)
        await pilot.press("f2")
        await settled(pilot)
        assert isinstance(app.focused, DraftArea)


async def test_a_mark_that_names_nothing_asks_again(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f2")
        await came(pilot, AskText)
        await paste(pilot, "Wifi #xyz")
        before = app.screen
        await pilot.press("ctrl+s")
        await came(pilot, AskText, before)
        assert "Wifi #xyz" in page(app)
        await pilot.press(*["backspace"] * 5, "ctrl+s")
        await settled(pilot)
        found = await app.vault.read(notes_of, inspection)
        assert [one.text for one in found] == ["Wifi"]


async def test_a_remark_left_is_listed_and_opened_where_it_belongs(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    async with opened(vault, inspection, LARGE) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("f2")
        await came(pilot, AskText)
        await paste(pilot, f"half {ALL}")
        await pilot.press("escape")
        await settled(pilot)
        await app.typing.save()
        await app.go("drafts")
        await settled(pilot)
        assert at(pilot, DraftsPage)
        harmless(page(app))
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, EntryPage)
        assert app.screen.query_one(DraftArea).text.startswith("half [/")
        harmless(page(app))
