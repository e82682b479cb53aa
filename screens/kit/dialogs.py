"""Dialogs: ask for a yes, a choice or a text, or tell something; each gives its answer back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.kit.draft_fields import DraftArea
from screens.kit.text import line, plain
from screens.kit.unsaved import settled

BOX = """
    { align: center middle; }
    #box { width: 72; max-width: 96%; height: auto; max-height: 90%; border: round $primary;
           padding: 0 1; background: $surface; }
    #keys { color: $text-muted; height: auto; margin-top: 1; }
"""


WIDTH = 66
"""Columns for text in a dialog of the usual width at 80 columns."""


def box_css(name: str, more: str = "") -> str:
    """The style every dialog shares."""
    return f"{name} {BOX}".replace("    #", f"    {name} #") + more


class Confirm(ModalScreen[bool]):
    """A question with a safe answer; ``y`` is yes, anything else that closes it is no."""

    DEFAULT_CSS = box_css("Confirm")
    BINDINGS = [
        Binding("y", "answer(True)"),
        Binding("n,escape,enter", "answer(False)"),
    ]

    def __init__(self, question: str, yes: str = "yes", no: str = "no") -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> Iterable[Widget]:
        """The question and the two keys."""
        with Vertical(id="box"):
            yield Static(plain(self._question))
            yield Static(f"y  {self._yes}     enter  {self._no}", id="keys", markup=False)

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)


class Tell(ModalScreen[None]):
    """Something to be read and closed."""

    DEFAULT_CSS = box_css(
        "Tell",
        "Tell #box { width: 90%; } Tell VerticalScroll { height: auto; max-height: 70vh; }",
    )
    BINDINGS = [Binding("escape,enter,f1", "close")]

    def __init__(self, title: str, text: str | Content) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> Iterable[Widget]:
        """The text, and how to close it."""
        with Vertical(id="box") as box:
            box.border_title = plain(self._title)
            with VerticalScroll():
                yield Static(plain(self._text) if isinstance(self._text, str) else self._text)
            yield Static("esc  close", id="keys", markup=False)

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)


@dataclass(frozen=True)
class Choice:
    """One of several: what comes back, what is shown, and a remark beside it."""

    value: str
    label: str
    remark: str = ""


class Pick(ModalScreen[str | None]):
    """One of a list: arrows or its digit, enter; typing letters narrows the list."""

    DEFAULT_CSS = box_css("Pick", "Pick OptionList { height: auto; max-height: 16; border: none; }")
    BINDINGS = [Binding("escape", "cancel", priority=True)]

    def __init__(self, title: str, choices: Sequence[Choice], current: str = "") -> None:
        super().__init__()
        self._title, self._choices, self._current = title, list(choices), current
        self._shown = self._choices

    def compose(self) -> Iterable[Widget]:
        """A field to narrow by where the list is long, and the list."""
        with Vertical(id="box") as box:
            box.border_title = plain(self._title)
            if len(self._choices) > 9:
                yield Input(placeholder="type to narrow the list", compact=True, id="narrow")
            yield OptionList(*self._options(), id="choices", markup=False)
            digits = "" if len(self._choices) > 9 else "a digit or "
            yield Static(f"{digits}enter  choose     esc  cancel", id="keys", markup=False)

    def _options(self) -> list[Option]:
        made = []
        for number, one in enumerate(self._shown, 1):
            digit = f"{number} " if len(self._choices) <= 9 else ""
            mark = "• " if one.value == self._current else "  "
            text = Content(f"{mark}{digit}{line(one.label, 60)}")
            if one.remark:
                beside = len(text) + len(one.remark) < WIDTH
                where = "  " if beside else f"\n{' ' * (2 + len(digit))}"
                text = Content.assemble(text, (where + line(one.remark, WIDTH - 4), "dim"))
            made.append(Option(text))
        return made

    def on_mount(self) -> None:
        """Stand on the present choice."""
        listed = self.query_one(OptionList)
        values = [one.value for one in self._shown]
        listed.highlighted = values.index(self._current) if self._current in values else 0
        if len(self._choices) > 9:
            self.query_one("#narrow", Input).focus()
        else:
            listed.focus()

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

    def on_key(self, event: object) -> None:
        """A digit takes its line; arrows reach the list from the field."""
        key = getattr(event, "key", "")
        if len(self._choices) <= 9 and key.isdigit() and 1 <= int(key) <= len(self._shown):
            self.dismiss(self._shown[int(key) - 1].value)
        elif key in ("down", "up") and isinstance(self.focused, Input):
            listed = self.query_one(OptionList)
            listed.action_cursor_down() if key == "down" else listed.action_cursor_up()

    def action_cancel(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


class AskText(ModalScreen[str | None]):
    """A text; kept as a draft while it is typed. ``ctrl+s`` takes it, escape leaves the draft."""

    DEFAULT_CSS = box_css("AskText", "AskText DraftArea { height: 7; }")
    BINDINGS = [
        Binding("ctrl+s", "take", priority=True),
        Binding("escape", "cancel", priority=True),
    ]

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
        leave: str = "leave it for later",
    ) -> None:
        super().__init__()
        self._title, self._place, self._field = title, place, field
        self._original, self._draft, self._needed = original, draft, needed
        self._hint, self._leave = hint, leave

    def compose(self) -> Iterable[Widget]:
        """The text field."""
        with Vertical(id="box") as box:
            box.border_title = plain(self._title)
            yield DraftArea(self._place, self._field, self._title, self._original, id="text")
            if self._hint:
                yield Static(plain(self._hint))
            yield Static(f"ctrl+s  keep     esc  {self._leave}", id="keys", markup=False)

    def on_mount(self) -> None:
        """Offer the draft back."""
        area = self.query_one(DraftArea)
        area.show(self._place, self._field, self._title, self._original, self._draft)
        area.focus()
        area.move_cursor(area.document.end)

    async def action_take(self) -> None:
        """Close with the text."""
        area = self.query_one(DraftArea)
        await settled(area)
        text = area.text.strip()
        if self._needed and not text:
            self.query_one("#keys", Static).update("Write a few words first, or press esc.")
            return
        self.dismiss(text)

    async def action_cancel(self) -> None:
        """Close without it; the draft stays."""
        await settled(self.query_one(DraftArea))
        self.dismiss(None)
