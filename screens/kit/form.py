"""A small form in a dialog: its fields, kept as drafts while they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from fieldkit.wording.format import line
from screens.kit.dialogs import Choice, Dialog
from screens.kit.draft_fields import DraftInput
from screens.kit.text import plain
from screens.kit.unsaved import settled


@dataclass(frozen=True)
class Field:
    """Describes a field of a form.

    Attributes:
        name: the field of the record.
        label: what it is called.
        value: what stands in it.
        hint: shown while it is empty.
        choices: the words it takes; space or a digit goes through them.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()


class ChoiceField(Static, can_focus=True):
    """Takes one of a few words: space goes on to the next, a digit takes its word."""

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
        """Return the word taken."""
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

    def on_key(self, event: events.Key) -> None:
        """Take the word of a digit."""
        key = event.key
        if key.isdigit() and 1 <= int(key) <= len(self.field.choices):
            event.stop()
            self._at = int(key) - 1
            self._show()


class Form(Dialog[dict[str, str] | None]):
    """Asks for a few fields, kept as drafts. ``ctrl+s``, or enter in the last field, takes them."""

    DEFAULT_CSS = """
    Form .row { height: 1; }
    Form .row > .name { width: 20; color: $text-muted; }
    Form .row > DraftInput { width: 1fr; }
    Form VerticalScroll { height: auto; max-height: 18; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+s", "take", priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self, title: str, place: str, fields: Sequence[Field], drafts: dict[str, str] | None = None
    ) -> None:
        restored = "unsaved text is back    " if drafts else ""
        keys = f"{restored}tab  next field     ctrl+s  keep     esc  leave it for later"
        super().__init__(title, keys)
        self._place, self._fields, self._drafts = place, list(fields), drafts or {}

    def body(self) -> Iterable[Widget]:
        """Yield a row for each field."""
        with VerticalScroll():
            for field in self._fields:
                with Horizontal(classes="row"):
                    yield Static(field.label, classes="name", markup=False)
                    yield self._widget(field)

    def _widget(self, field: Field) -> Widget:
        if field.choices:
            return ChoiceField(field)
        label = f"{self._title}: {field.label}"
        return DraftInput(self._place, field.name, label, field.value, hint=field.hint)

    def on_mount(self) -> None:
        """Offer drafts back and start in the first field."""
        for field in self.query(DraftInput):
            field.value = self._drafts.get(field.field, field.value)
        first = self.query("DraftInput, ChoiceField").first()
        first.focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field; in the last one, take the form."""
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
