"""A field whose text is kept is drawn as Textual draws it, whatever happened to its styles."""

from __future__ import annotations

from random import Random

import pytest
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Button, TextArea

from screens.kit.draft_fields import DraftArea

STEPS = ("focus", "blur", "theme", "text theme", "colour", "class", "read only", "type", "draw")


class Fields(App[None]):
    CSS = """
    TextArea, TextArea:focus { color: red; border: none; background-tint: red 0%; }
    TextArea.-other > .text-area--cursor { background: green; }
    TextArea:focus > .text-area--cursor-line { background: blue; }
    """


class Field(DraftArea):
    """Is in no app of ours, and nobody keeps its text."""

    def _on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.prevent_default()  # else what the base does with it follows


def plainly(area: DraftArea, crop: Region) -> list[Strip]:
    """Draw as Textual does, with no style and no line kept from before."""
    area._line_cache.clear()
    return TextArea.render_lines(area, crop)


async def turned(app: Fields, area: DraftArea, step: str) -> None:
    if step == "focus":
        area.focus()
    elif step == "blur":
        app.query_one(Button).focus()
    elif step == "theme":
        app.theme = "textual-light" if app.theme == "textual-dark" else "textual-dark"
    elif step == "text theme":
        area.theme = "dracula" if area.theme == "css" else "css"
    elif step == "colour":
        area.styles.color = "yellow"
    elif step == "class":
        area.toggle_class("-other")
    elif step == "read only":
        area.read_only = not area.read_only
    elif step == "type":
        area.insert("a word ")


async def test_a_field_is_drawn_as_without_kept_styles() -> None:
    app, chance = Fields(), Random(1)
    async with app.run_test(size=(40, 12)) as pilot:
        area = Field("place", "text", "Text", "Seen alone.")
        area.cursor_blink = False
        await app.mount(area, Button("Elsewhere"))
        await pilot.pause()
        crop = Region(0, 0, area.size.width, area.size.height)
        walked = []
        for _ in range(120):
            walked.append(step := chance.choice(STEPS))
            await turned(app, area, step)
            await pilot.pause()
            shown = area.render_lines(crop)
            assert shown == plainly(area, crop), walked


async def test_the_styles_of_a_text_are_worked_out_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Fields()
    async with app.run_test(size=(40, 12)) as pilot:
        area = Field("place", "text", "Text", "Seen alone.")
        await app.mount(area)
        area.focus()
        await pilot.pause()
        worked: list[TextArea] = []
        theme = area._theme
        monkeypatch.setattr(theme, "apply_css", worked.append)
        for letter in "letters":
            area.insert(letter)
            area.render_lines(Region(0, 0, area.size.width, area.size.height))
        assert not worked
        area.styles.color = "yellow"
        area.notify_style_update()
        area.render_lines(Region(0, 0, area.size.width, area.size.height))
        assert worked == [area]
