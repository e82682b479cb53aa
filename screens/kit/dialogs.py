"""Dialogs: ask for a yes, a choice or a text, or tell something; each gives its answer back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from fieldkit.wording.format import line
from screens.kit.covering import Coverable
from screens.kit.draft_fields import DraftArea
from screens.kit.drawing.keys import key_and_label
from screens.kit.drawing.panel import Bordered
from screens.kit.drawing.panel_list import Late
from screens.kit.drawing.rows import muted
from screens.kit.frame.lines import KeyLine, KeyWords, LastLine, TopLine
from screens.kit.shell import Shell, shell_of
from screens.kit.text import plain
from screens.kit.unsaved import settled

T = TypeVar("T")
WIDTH = 66
"""Columns for text in a dialog of the usual width at 80 columns."""


class Box(Bordered, Vertical):
    """Holds what a dialog shows, in the border of a panel."""


def pairs_of(keys: str) -> list[tuple[str, str]]:
    """Return the keys of a line such as “ctrl+s  save     esc  close”, and what each does."""
    parts = (part.strip().split("  ", 1) for part in re.split(r"\s{3,}", keys.strip()))
    return [(part[0].strip(), part[1].strip()) for part in parts if len(part) == 2]


def sentences_of(keys: str) -> list[str]:
    """Return what in such a line is no key: “Nothing holds these words.”."""
    parts = (part.strip() for part in re.split(r"\s{3,}", keys.strip()))
    return [part for part in parts if part and not pairs_of(part)]


class Dialog(Coverable[T], ModalScreen[T]):
    """Shows a box with a title and its keys in the frame; escape leaves it unanswered.

    A key stands once, in the line of keys; those that have no room there stand in the box.

    Args:
        title: stands in the border; none where it is empty.
        keys: the line of keys as the dialog opens; there is none where it is empty.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog #box { width: 72; max-width: 96%; height: auto; max-height: 100%; }
    Dialog #keys { height: auto; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[Any]] = [Binding("escape", "cancel", priority=True)]

    def __init__(self, title: str = "", keys: str = "") -> None:
        super().__init__()
        self._title, self._keys = title, keys
        self._key_line = KeyLine()

    @property
    def fieldkit(self) -> Shell:
        """Return the app, by its own type."""
        return shell_of(self)

    def body(self) -> Iterable[Widget]:
        """Yield the widgets above the keys."""
        raise NotImplementedError

    def compose(self) -> Iterable[Widget]:
        """Yield the box around the body and the keys."""
        yield TopLine()
        with Box(id="box") as box:
            box.panel_title = plain(self._title)
            yield from self.body()
            yield Static("", id="keys", markup=False)
        yield LastLine()
        yield self._key_line
        self.show_keys(self._keys)

    @property
    def keys_now(self) -> list[tuple[str, str]]:
        """Return the keys of the dialog, and what each does."""
        return pairs_of(self._keys)

    def show_keys(self, keys: str) -> None:
        """Show keys in the line of keys: “ctrl+s  save     esc  close”."""
        self._keys = keys
        known = pairs_of(keys)
        self._key_line.show_keys(
            [one for one in known if one[0] != "esc"], [one for one in known if one[0] == "esc"]
        )
        self._draw_keys()

    def on_mount(self) -> None:
        """Say in the box what has no room in the line of keys."""
        self._draw_keys()

    def on_resize(self) -> None:
        """Say so for the columns that there are now."""
        self._draw_keys()

    def in_box(self) -> KeyWords:
        """Return the keys that the box shows: those that have no room in the line of keys."""
        return self._key_line.without_room(self.app.size.width)

    def _draw_keys(self) -> None:
        if not self.is_mounted:
            return
        said = [muted(one) for one in sentences_of(self._keys)]
        said += [key_and_label(*one) for one in self.in_box()]
        self._say(Content("   ").join(said))

    def _say(self, words: Content) -> None:
        """Show words above the lower border of the box; where there are none, no line is lost."""
        below = self.query_one("#keys", Static)
        below.update(words)
        below.display = bool(words.plain)

    def set_text(self, selector: str, text: str | Content) -> None:
        """Put a text, which is never markup, into a widget of the dialog.

        Keys for ``#keys``, “enter  choose     esc  cancel”, go to the line of keys.
        """
        shown = plain(text) if isinstance(text, str) else text
        if selector != "#keys":
            self.query_one(selector, Static).update(shown)
        elif isinstance(text, str) and pairs_of(text):
            self.show_keys(text)
        else:
            self._say(shown)

    async def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class Confirm(Dialog[bool]):
    """Asks a question with a safe answer; ``y`` is yes, anything else that closes it is no."""

    BINDINGS: ClassVar[list[Any]] = [Binding("y", "yes"), Binding("n,enter", "cancel")]

    def __init__(self, question: str, yes: str = "yes", no: str = "no") -> None:
        super().__init__(keys=f"y  {yes}     enter  {no}")
        self._question = question

    def in_box(self) -> KeyWords:
        """Return the two answers, which stand below the question."""
        return self.keys_now

    def body(self) -> Iterable[Widget]:
        """Yield the question."""
        yield Static(plain(self._question))

    def action_yes(self) -> None:
        """Close with a yes."""
        self.dismiss(True)

    async def action_cancel(self) -> None:
        """Close with a no."""
        self.dismiss(False)


class Tell(Dialog[None]):
    """Something to be read and closed."""

    DEFAULT_CSS = """
    Tell #box { width: 90%; }
    Tell VerticalScroll { height: auto; max-height: 70vh; }
    """
    BINDINGS: ClassVar[list[Any]] = [Binding("enter", "cancel")]

    def __init__(self, title: str, text: str | Content, keys: str = "esc  close") -> None:
        super().__init__(title, keys)
        self._text = text

    def body(self) -> Iterable[Widget]:
        """Yield the text."""
        with VerticalScroll():
            yield Static(plain(self._text) if isinstance(self._text, str) else self._text)


@dataclass(frozen=True)
class Choice:
    """Holds one of several: what comes back, what is shown, and a remark beside it."""

    value: str
    label: str
    remark: str = ""


class Pick(Dialog[str | None]):
    """Asks for one of a list: arrows or its digit, enter; typing letters narrows the list."""

    DEFAULT_CSS = "Pick OptionList { height: auto; max-height: 16; border: none; }"

    def __init__(self, title: str, choices: Sequence[Choice], current: str = "") -> None:
        self._choices, self._current = list(choices), current
        self._shown = self._choices
        self._long = len(self._choices) > 9
        digits = "" if self._long else "a digit or "
        super().__init__(title, f"{digits}enter  choose     esc  cancel")

    def body(self) -> Iterable[Widget]:
        """Yield a field to narrow by where the list is long, and the list."""
        if self._long:
            yield Input(placeholder="type to narrow the list", compact=True, id="narrow")
        yield OptionList(*self._options(), id="choices", markup=False)

    def _options(self) -> list[Option]:
        """Return the lines of the list, each drawn when it comes into view: there may be many."""
        options = []
        for number, choice in enumerate(self._shown, 1):
            digit = "" if self._long else f"{number} "
            mark = "• " if choice.value == self._current else "  "
            text = f"{mark}{digit}{line(choice.label, 60)}"
            beside = len(text) + len(choice.remark) < WIDTH
            where = "  " if beside else f"\n{' ' * (2 + len(digit))}"
            draw = partial(_choice_line, text, where, choice.remark)
            options.append(Option(Late(draw, 2 if choice.remark and not beside else 1)))
        return options

    def on_mount(self) -> None:
        """Stand on the present choice."""
        listed = self.query_one(OptionList)
        values = [one.value for one in self._shown]
        listed.highlighted = values.index(self._current) if self._current in values else 0
        self.query_one("#narrow" if self._long else OptionList).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show only what holds the words typed."""
        words = event.value.casefold().split()
        self._shown = [
            one
            for one in self._choices
            if all(word in f"{one.label} {one.remark}".casefold() for word in words)
        ]
        listed = self.query_one(OptionList)
        listed.set_options(self._options())
        if self._shown:
            listed.highlighted = 0

    def on_input_submitted(self) -> None:
        """Take the line the cursor is on."""
        highlighted = self.query_one(OptionList).highlighted
        if highlighted is not None and self._shown:
            self.dismiss(self._shown[highlighted].value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the line chosen."""
        self.dismiss(self._shown[event.option_index].value)

    def on_key(self, event: events.Key) -> None:
        """Take the line of a digit; arrows reach the list from the field.

        What is taken goes no further: a dialog that opens next would take it too.
        """
        key = event.key
        if not self._long and key.isdigit() and 1 <= int(key) <= len(self._shown):
            event.stop()
            self.dismiss(self._shown[int(key) - 1].value)
        elif key in ("down", "up") and isinstance(self.focused, Input):
            event.stop()
            listed = self.query_one(OptionList)
            listed.action_cursor_down() if key == "down" else listed.action_cursor_up()


def _choice_line(text: str, where: str, remark: str) -> Content:
    """Return one of several, and its remark beside or below it."""
    if not remark:
        return Content(text)
    return Content.assemble(text, (where + line(remark, WIDTH - 4), "dim"))


class AskText(Dialog[str | None]):
    """Asks for a text and keeps it as a draft. ``ctrl+s`` takes it, escape leaves the draft."""

    DEFAULT_CSS = "AskText DraftArea { height: 7; }"
    BINDINGS: ClassVar[list[Any]] = [Binding("ctrl+s", "take", priority=True)]

    def __init__(
        self,
        title: str,
        place: str,
        field: str,
        original: str = "",
        draft: str | None = None,
        *,
        needed: bool = True,
        hint: str = "",
        leave: str = "close (text is kept)",
    ) -> None:
        super().__init__(title, f"ctrl+s  save     esc  {leave}")
        self._typed_in = (place, field, title, original)
        self._draft, self._needed, self._hint = draft, needed, hint
        self._refused = False

    def body(self) -> Iterable[Widget]:
        """Yield the text field."""
        yield DraftArea(*self._typed_in, id="text")
        if self._hint:
            yield Static(plain(self._hint))

    def on_mount(self) -> None:
        """Offer the draft back."""
        area = self.query_one(DraftArea)
        area.show(*self._typed_in, self._draft)
        area.focus()
        area.move_cursor(area.document.end)

    async def action_take(self) -> None:
        """Close with the text."""
        area = self.query_one(DraftArea)
        await settled(area)
        text = area.text.strip()
        if self._needed and not text:
            self.set_text("#keys", "Write a few words first, or press esc.")
            self._refused = True
            return
        self.dismiss(text)

    def on_text_area_changed(self) -> None:
        """Show the keys again once words are typed; the refusal has been answered."""
        if self._refused:
            self._refused = False
            self.set_text("#keys", self._keys)

    async def action_cancel(self) -> None:
        """Close without it; the draft stays."""
        await settled(self.query_one(DraftArea))
        self.dismiss(None)
