"""Dialogs: ask for a text, a choice, a yes, or a small form; each gives its answer back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.plain import line, plain
from screens.typing import DraftArea, DraftInput, settled

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


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes:
        name: the field of the record.
        label: what it is called.
        value: what stands in it.
        hint: shown while it is empty.
        choices: the words it takes; space or a digit goes through them.
        several: more than one choice may be taken.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()


class ChoiceField(Static, can_focus=True):
    """One of a few words in one line: space goes on to the next, a digit takes its word."""

    DEFAULT_CSS = "ChoiceField { height: 1; } ChoiceField:focus { background: $boost; }"
    BINDINGS = [
        Binding("space,right", "turn(1)", show=False),
        Binding("left", "turn(-1)", show=False),
    ]

    def __init__(self, field: Field) -> None:
        super().__init__(markup=False, id=f"field-{field.name}")
        self.field = field
        values = [one.value for one in field.choices]
        self._at = values.index(field.value) if field.value in values else 0

    @property
    def value(self) -> str:
        """The word taken."""
        return self.field.choices[self._at].value

    def on_mount(self) -> None:
        """Show the word."""
        self._show()

    def _show(self) -> None:
        shown = line(self.field.choices[self._at].label, 34) or "—"
        self.update(plain(f"‹ {shown} ›  {self._at + 1}/{len(self.field.choices)}"))

    def action_turn(self, by: int) -> None:
        """Take the next or the previous word."""
        self._at = (self._at + by) % len(self.field.choices)
        self._show()

    def on_key(self, event: object) -> None:
        """A digit takes its word."""
        key = getattr(event, "key", "")
        if key.isdigit() and 1 <= int(key) <= len(self.field.choices):
            self._at = int(key) - 1
            self._show()


class Form(ModalScreen[dict[str, str] | None]):
    """A few fields, kept as drafts. ``ctrl+s``, or enter in the last field, takes them."""

    DEFAULT_CSS = box_css(
        "Form",
        """
    Form .row { height: 1; }
    Form .row > .name { width: 20; color: $text-muted; }
    Form .row > DraftInput { width: 1fr; }
    Form VerticalScroll { height: auto; max-height: 18; }
    """,
    )
    BINDINGS = [
        Binding("ctrl+s", "take", priority=True),
        Binding("escape", "cancel", priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self, title: str, place: str, fields: Sequence[Field], drafts: dict[str, str] | None = None
    ) -> None:
        super().__init__()
        self._title, self._place, self._fields = title, place, list(fields)
        self._drafts = drafts or {}

    def compose(self) -> Iterable[Widget]:
        """A row for each field."""
        with Vertical(id="box") as box:
            box.border_title = plain(self._title)
            with VerticalScroll():
                for one in self._fields:
                    with Horizontal(classes="row"):
                        yield Static(one.label, classes="name", markup=False)
                        yield self._widget(one)
            restored = "unsaved text is back    " if self._drafts else ""
            keys = f"{restored}tab  next field     ctrl+s  keep     esc  leave it for later"
            yield Static(keys, id="keys", markup=False)

    def _widget(self, one: Field) -> Widget:
        if one.choices:
            return ChoiceField(one)
        label = f"{self._title}: {one.label}"
        return DraftInput(self._place, one.name, label, one.value, hint=one.hint)

    def on_mount(self) -> None:
        """Offer drafts back and start in the first field."""
        for name, text in self._drafts.items():
            for found in self.query(DraftInput):
                if found.field == name:
                    found.value = text
        first = self.query("DraftInput, ChoiceField").first()
        first.focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; in the last field it takes the form."""
        inputs = list(self.query("DraftInput, ChoiceField"))
        if event.input is inputs[-1]:
            await self.action_take()
        else:
            self.focus_next()

    async def action_take(self) -> None:
        """Close with the values."""
        if self.focused is not None:
            await settled(self.focused)
        values: dict[str, str] = {}
        for widget in self.query("DraftInput, ChoiceField"):
            if isinstance(widget, DraftInput):
                values[widget.field] = widget.result
            elif isinstance(widget, ChoiceField):
                values[widget.field.name] = widget.value
        self.dismiss(values)

    def action_cancel(self) -> None:
        """Close without them; what was typed stays as a draft."""
        self.dismiss(None)
