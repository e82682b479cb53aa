"""A dialog keeps its keys to itself, and its refusals stand until they are answered."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList, Static

from fieldkit.methodology import Term
from screens.casework.referral_reasons import Reasons
from screens.kit import dialogs
from screens.kit.dialogs import AskText, Choice, Pick, Tell, pairs_of
from storage.vault.vault import Vault
from tests.screens.driving import opened, page


async def test_the_digit_that_chooses_marks_nothing_in_the_next_dialog(
    vault: Vault, inspection: str
) -> None:
    after = Reasons("WST-001", tuple(Term(str(n), f"reason {n}") for n in range(1, 5)))
    async with opened(vault, inspection) as (app, pilot):
        first = Pick("Which case?", [Choice(str(n), f"WST-00{n}") for n in range(1, 5)])
        await app.push_screen(first, lambda _: app.push_screen(after))
        await pilot.press("4")
        assert app.screen is after and after.marked == []
        await pilot.press("4")
        assert after.marked == ["4"]


async def test_a_refusal_gives_way_to_the_keys_once_words_are_typed(
    vault: Vault, inspection: str
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        dialog = AskText("A point", "place", "text")
        await app.push_screen(dialog)
        await pilot.press("ctrl+s")
        line = dialog.query_one("#keys", Static)
        assert "Write a few words first" in str(line.content)
        await pilot.press("a")
        assert not line.content and "save" in page(app)


async def test_a_key_stands_once_whether_in_the_line_or_in_the_box(
    vault: Vault, inspection: str
) -> None:
    many = "a  add     b  bring back     c  choose another     d  delete it     e  edit the words"
    async with opened(vault, inspection) as (app, pilot):
        for keys in ("enter  read it     esc  close", many):
            await app.push_screen(Tell("A text", "It says something.", keys))
            await pilot.pause()
            for key, does in pairs_of(keys):
                assert page(app).count(f" {key}  {does}") == 1, does
            await pilot.press("escape")
        await app.push_screen(Tell("A text", "It says something.", "Nothing to do.     esc  close"))
        await pilot.pause()
        assert "Nothing to do." in page(app)


async def test_of_thousands_to_choose_from_only_those_in_view_are_drawn(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = dialogs._choice_line

    def counted(text: str, where: str, remark: str) -> object:
        drawn.append(text)
        return draw(text, where, remark)

    monkeypatch.setattr(dialogs, "_choice_line", counted)
    remarks = ("", "a remark", "a remark of many words, " * 4)
    choices = [Choice(str(n), f"WST-{n:04}", remarks[n % 3]) for n in range(5_000)]
    async with opened(vault, inspection) as (app, pilot):
        await app.push_screen(Pick("Which case?", choices, "7"))
        await pilot.press("end", "up", "pagedown")
        assert app.screen.query_one(OptionList).option_count == 5_000
        await pilot.press("4", "9", "9", "8")
        shown = page(app)
        assert "WST-4998" in shown and "WST-4997" not in shown
        assert len(set(drawn)) < 120
        await pilot.press("enter")
        assert not isinstance(app.screen, Pick)
