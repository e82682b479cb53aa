"""What holds of every page and dialog, whatever its size, theme and signs.

``faults`` returns all that does not, in words, so that one walk tells of every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from textual.content import Content
from textual.scroll_view import ScrollView
from textual.widget import Widget
from textual.widgets import OptionList, Static

from screens.app import FieldkitApp
from screens.kit.commands import registry
from screens.kit.dialogs import Confirm, Dialog
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.panel_list import Late
from screens.kit.drawing.signs import glyph
from screens.kit.frame.lines import FrameLine, KeyLine
from screens.kit.keyboard import takes_text
from screens.kit.page import Page
from tests.screens.driving import lines
from tests.screens.kit.contrast import FLOORS, unreadable

SIZES = ((80, 24), (100, 30), (120, 36), (200, 50))
LOOKS = (
    ("dark", "full", ""),
    ("light", "plain", ""),
    ("contrast", "full", ""),
    ("dark", "full", "1"),
)
"""Theme, signs, and what ``NO_COLOR`` is."""
MACHINE = re.compile(
    r"\b(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)|\d\d:\d\d:\d\d(?:\.\d+)?Z|"
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|\b[0-9a-f]{16}\b|"
    r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b|"
    r"(?<![\w/])[a-z]+(?:_[a-z]+)+\b"
)
"""A day or moment as it is stored, an id of a record or laptop or its beginning, a field's name."""
DETAILS = frozenset(("history", "audit"))
"""The pages whose details say such values."""
KEYS = {"esc": "escape", "del": "delete", "space": "space", "enter": "enter", "tab": "tab"}
"""Keys as a dialog names them, and as Textual does."""


def faults(app: FieldkitApp) -> Iterator[str]:
    """Yield what of the page or dialog on top does not keep to the frame."""
    shown = lines(app)
    yield from _marking(app, shown)
    yield from _keys(app)
    yield from _inside(app)
    yield from _cut(app)
    yield from _field(app)
    if DETAILS.isdisjoint(getattr(one, "PAGE", "") for one in app.screen_stack):
        for line in shown:
            # What stands in a cell is quoted as the force wrote it.
            if found := MACHINE.search(re.sub("“[^”]*”", "", line)):
                yield f"a machine's value, “{found[0]}”: {line.strip()}"
    theme = next(name for name in FLOORS if name in str(app.theme))
    for pair in unreadable(app.export_screenshot(), FLOORS[theme]):
        yield f"no contrast in {theme}: {pair}"
    if app.glyphs == "plain":
        for number in (0, len(shown) - 2, len(shown) - 1):
            if not shown[number].isascii():
                yield f"no plain glyphs in the frame: {shown[number].strip()}"


def looked_at(app: FieldkitApp, where: object) -> None:
    """See that what is shown now keeps to the frame."""
    assert list(faults(app)) == [], where


def _marking(app: FieldkitApp, shown: list[str]) -> Iterator[str]:
    width, height = app.size
    if len(shown) != height:
        yield f"{len(shown)} lines on a screen of {height}"
    marking = app.facts.marking.upper()
    for number in (0, len(shown) - 1):
        at = shown[number].find(marking)
        if at < 0:
            yield f"no marking in line {number}: {shown[number].strip()}"
        elif abs(at + len(marking) / 2 - width / 2) > 1:
            yield f"the marking of line {number} is not in its middle"


def _keys(app: FieldkitApp) -> Iterator[str]:
    """Every key in the line is bound to something that can be done here."""
    screen = app.screen
    if not screen.query(KeyLine):
        return  # the page that the force sees says nothing of ours
    line = screen.query_one(KeyLine)
    words = line.render()
    if words.cell_length > app.size.width:
        yield f"the line of keys is {words.cell_length} columns wide"
    bound = screen.active_bindings
    if isinstance(screen, Page):
        for command in line.offered:
            name, key = command.action.partition("(")[0], command.key.split(",")[0]
            if not hasattr(screen, f"action_{name}"):
                yield f"{command.key_word} {command.label}: the page cannot do it"
            elif key not in bound:
                yield f"{command.key_word} {command.label}: the key is not bound here"
            elif not _passes_on(key, bound[key].binding.action, command.action):
                yield f"{command.key_word} {command.label}: it does {bound[key].binding.action}"
        always = [one for one in registry()["global"].commands if one.key in ("f1", "f5")]
        if app.unlocked:
            for one in always:
                if one.key_word not in words.plain or not hasattr(app, f"action_{one.action}"):
                    yield f"{one.key_word} is not offered"
    elif isinstance(screen, Dialog):
        yield from _dialog_keys(screen, "\n".join(lines(app)))


def _field(app: FieldkitApp) -> Iterator[str]:
    """The text field that is typed into has a line to show it in."""
    field = app.focused
    if takes_text(field) and field is not None and not field.content_size.height:
        yield f"what is typed into {field!r} is not seen"


def _dialog_keys(dialog: Dialog[Any], shown: str) -> Iterator[str]:
    """Every key of a dialog is drawn as one, once, and is bound."""
    for chips, does in dialog.keys_now:
        if "  " in does:
            yield f"not drawn as a key: {chips}  {does}"
        times = shown.count(key_and_label(chips, does).plain)
        if times > 1 and not isinstance(dialog, Confirm):
            yield f"{chips} {does}: it stands {times} times"
        for chip in chips.split():
            key = KEYS.get(chip, chip if re.fullmatch(r"[a-z]|f\d|ctrl\+[a-z]", chip) else "")
            if key not in ("", "tab", "a") and key not in dialog.active_bindings:
                yield f"{chip} {does}: the key is not bound in the dialog"


def _passes_on(key: str, does: str, wanted: str) -> bool:
    """Whether a key does what is wanted: a list's enter, and scrolling, leave it to the page."""
    return key == "enter" or does == wanted or does.startswith("scroll_")


def _seen(app: FieldkitApp) -> Iterator[Widget]:
    """Yield the widgets of the page that stand on the screen."""
    for widget in app.screen.walk_children():
        if isinstance(widget, Widget) and widget.region.area and _is_displayed(widget):
            yield widget


def _is_displayed(widget: Any) -> bool:
    return all(one.display for one in widget.ancestors_with_self if isinstance(one, Widget))


def _scrolls(widget: Widget) -> bool:
    """Whether what holds a widget can be scrolled, so that nothing of it is lost."""
    above = [one for one in widget.ancestors if isinstance(one, Widget)]
    return any(one.allow_vertical_scroll for one in above[:-1])


def _inside(app: FieldkitApp) -> Iterator[str]:
    """Nothing stands over the edge of the screen, nor under the lines of the frame."""
    width, height = app.size
    for line in app.screen.query(KeyLine):
        if (line.region.y, line.region.height) != (height - 2, 1):
            yield f"the line of keys stands at {line.region}"
    for widget in _seen(app):
        region = widget.region
        if region.x < 0 or region.right > width:
            yield f"{_named(widget)} stands over the edge: {region}"
        low = height - 2 if app.screen.query(KeyLine) else height - 1
        framed = isinstance(widget, KeyLine | FrameLine)
        if not framed and isinstance(widget, Static | ScrollView) and not _scrolls(widget):
            if region.bottom > low:
                yield f"{_named(widget)} goes on under the frame: {region}"


def _cut(app: FieldkitApp) -> Iterator[str]:
    """No text is lost without an ellipsis: lines that have no room, and rows that run over."""
    for widget in _seen(app):
        if isinstance(widget, Panel) and callable(widget._drawing):
            room = widget.room[0]
            drawn = widget._drawing(room)
            if over := [one for one in _rows(drawn) if one.cell_length > room]:
                yield f"{_named(widget)}: a row runs over its {room} columns: {over[0].plain}"
        if isinstance(widget, Static) and not _scrolls(widget) and not widget.allow_vertical_scroll:
            yield from _lost(widget)
        if isinstance(widget, OptionList) and isinstance(app.screen, Page):
            yield from _run_over(widget)
        for edge in (widget.border_title, widget.border_subtitle):
            text = Content.from_markup(str(edge or ""))
            if text.cell_length > max(widget.outer_size.width - 4, 0):
                yield f"{_named(widget)}: its edge has no room for “{text.plain}”"


def _rows(content: Content) -> list[Content]:
    return list(content.split("\n", allow_blank=True))


def _lost(widget: Static) -> Iterator[str]:
    room = widget.content_size
    visual = widget.visual
    if not room.width or not isinstance(visual, Content) or not visual.plain.strip():
        return
    wrapped = visual.wrap(room.width)
    if len(wrapped) > room.height:
        last = wrapped[room.height - 1].plain.rstrip() if room.height else ""
        beyond = [one.plain for one in wrapped[room.height :] if one.plain.strip()]
        if beyond and not last.endswith(("…", glyph("cut"))):
            yield f"{_named(widget)}: cut after “{last.strip()}”, before “{beyond[0].strip()}”"


def _run_over(listed: OptionList) -> Iterator[str]:
    width = listed.scrollable_content_region.width - 1
    if width <= 0:
        return
    for option in listed.options:
        prompt = option.prompt
        prompt = prompt.content if isinstance(prompt, Late) else prompt
        if isinstance(prompt, Content):
            for one in _rows(prompt):
                if one.cell_length > width:
                    yield f"{_named(listed)}: a row runs over {width} columns: {one.plain}"
                    return


def _named(widget: Widget) -> str:
    return f"{type(widget).__name__} #{widget.id}" if widget.id else type(widget).__name__
