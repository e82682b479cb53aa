"""The force's context by keys: the questions one by one, notes ticked, words kept on leaving."""

from __future__ import annotations

import pytest

from fieldkit.followup.context import ContextNote, questions, weighed
from fieldkit.followup.links import linked
from screens.followup.context import ContextPage
from screens.followup.context_rows import NOTE_LINES, note_row, state
from screens.kit.dialogs import AskText
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on
from tests.screens.driving import opened, page, settled
from tests.screens.followup.followed import followed, of
from tests.screens.hostile import at, came, paste


@pytest.mark.parametrize("text", ["", "Short.", "The courts sit late. " * 40, "one\ntwo"])
@pytest.mark.parametrize("width", [12, 36, 76])
def test_every_note_but_the_chosen_one_has_as_many_lines(text: str, width: int) -> None:
    note = ContextNote("n1", text, "Interview: detective inspector of the team", "2026-07-06")
    row = note_row(note, width, ticked=False, chosen=False)
    assert len(row.plain.split("\n")) == NOTE_LINES and row.get_height({}, width) == NOTE_LINES


async def test_context_is_asked_ticked_and_written(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall_on(monkeypatch, "2040-11-12")
    inspection, ids = followed(vault)
    async with opened(vault, inspection) as (app, pilot):
        await pilot.press("f", "end", "c")
        await settled(pilot)
        assert at(pilot, ContextPage) and "▲ thin" in page(app) and "1 of 4" in page(app)
        # Enter asks the open questions, one after the other; n says that nothing bears on one.
        await pilot.press("enter")
        for words in ("The courts.", "By spring."):
            before = None
            await came(pilot, AskText, before)
            before = app.screen
            await paste(pilot, words)
            await pilot.press("ctrl+s")
            await came(pilot, AskText, before)
        await pilot.press("escape")
        await came(pilot, ContextPage)
        await settled(pilot)
        assert "3 of 4" in page(app)
        await pilot.press("tab", "tab", "tab", "end", "n")
        await settled(pilot)
        answers = [one.answer for one in await app.vault.read(weighed, ids[4])]
        assert answers[1:] == [
            "The courts.",
            "By spring.",
            "Nothing of it bears on this recommendation.",
        ]
        assert "✓ 2 of 5" in page(app)
        # A note is linked, and the one that was is taken away.
        await pilot.press("space", "down", "space")
        await settled(pilot)
        tied = [one.text for one in await app.vault.read(linked, ids[4])]
        assert tied == ["No night placement in spring."]
        await pilot.press("w")
        await paste(pilot, "Two posts stay empty.")
        await pilot.press("escape")
        await settled(pilot)
        assert of(vault, ids[4]).force_context == "Two posts stay empty." and "✓ kept" in page(app)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert "Recommendation 4" in page(app) and "Two posts stay" not in page(app)


def test_context_is_weighed_once_every_question_asked_is_answered() -> None:
    asked = [one.key for one in questions() if one.asked]
    assert state((), asked) == "open" == state(("gone since",), asked)
    assert state(asked[:1], asked) == "thin"
    assert state([*asked, "gone since"], asked) == "done"
