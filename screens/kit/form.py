"""A small form in a dialog: its fields, kept as drafts while they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from storage.errors import FieldkitError
from storage.ops.day_words import day_words

ARROWS = "← → change it"
ROOMY = 32
"""Columns of a choice up to which the longer words for taking several stand beside it at 80."""


@dataclass(frozen=True)
class Field:
    """Describes a field of a form.

    Attributes:
        name: the field of the record.
        label: what it is called.
        value: what stands in it.
        hint: shown while it is empty; an example begins with "e.g.", so that it is no value.
        choices: the words it takes; space or a digit goes through them.
        several: it takes several of them; their values stand in it with commas between.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    several: bool = False


def day_field(name: str, label: str, day: str = "", hint: str = "") -> Field:
    """Return a field for a day, ``YYYY-MM-DD``; it stands there as people write it."""
    return Field(name, label, day_words(day), hint)


@dataclass(frozen=True)
class Refused:
    """Says why a form was not accepted, and by which of its fields, where that is known."""

    sentence: str
    field: str = ""


def refused_by(refusal: FieldkitError, answer: Mapping[str, str]) -> Refused:
    """Return a refusal with the field that it is about.

    That is the field it names itself, else the one whose value it quotes, else the first that is
    empty where something is missing.

    Args:
        refusal: its sentence, and perhaps the field.
        answer: what stood in the form, by field.
    """
    sentence = str(refusal)
    quoted = (name for name, text in answer.items() if text and f"“{text}”" in sentence)
    empty = (name for name, text in answer.items() if not text and " is missing" in sentence)
    own = refusal.field if refusal.field in answer else ""
    return Refused(sentence, own or next(quoted, "") or next(empty, ""))


class ChoiceField(Static, can_focus=True):
    """Takes one of a few words: space goes on to the next, a digit takes its word.

    Whoever types letters here means another field: the choice stays what it was, and neither the
    blanks nor the digits of what is typed change it.
    """

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
        self._before, self._typed_into = self._at, False

    @property
    def value(self) -> str:
        """Return the word taken."""
        return self.field.choices[self._at].value

    def on_mount(self) -> None:
        """Show the word."""
        self._show()

    def on_focus(self) -> None:
        """Remember the word that stands here, should letters be typed."""
        self._before, self._typed_into = self._at, False

    def on_blur(self) -> None:
        """Show the word without what was said of typing."""
        self._typed_into = False
        self._show()

    def _show(self) -> None:
        shown = line(self.field.choices[self._at].label, 34) or "—"
        words = f"‹ {shown} ›  {self._at + 1}/{len(self.field.choices)}"
        self.update(plain(f"{words}  {ARROWS}" if self._typed_into else words))

    def action_turn(self, by: int) -> None:
        """Take the next or the previous word."""
        self._typed_into = False
        self._at = (self._at + by) % len(self.field.choices)
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Take the word of a digit; what is typed otherwise changes nothing."""
        key = event.key
        if not event.is_printable or (key == "space" and not self._typed_into):
            return
        event.stop()
        event.prevent_default()
        if self._typed_into:
            return
        if not key.isdigit():
            self._at, self._typed_into = self._before, True
        elif 1 <= int(key) <= len(self.field.choices):
            self._take(int(key) - 1)
        self._show()

    def _take(self, number: int) -> None:
        self._at = number


class SeveralField(ChoiceField):
    """Takes one of a few words, or several: + keeps the word that is shown beside the next."""

    def __init__(self, field: Field) -> None:
        values = field.value.split(",") if field.value else []
        super().__init__(replace(field, value=values[0] if values else ""))
        self._kept = [one.value for one in field.choices if one.value in values]
        if len(self._kept) == 1:
            self._kept = []

    @property
    def value(self) -> str:
        """Return the words taken, in the order of the choices, with commas between."""
        taken = self._kept or [self.field.choices[self._at].value]
        return ",".join(one.value for one in self.field.choices if one.value in taken)

    def _show(self) -> None:
        choice = self.field.choices[self._at]
        mark = "" if not self._kept else "✓ " if choice.value in self._kept else "  "
        words = f"‹ {mark}{line(choice.label, 26)} ›  {self._at + 1}/{len(self.field.choices)}"
        offer = "+ takes several" if len(words) < ROOMY else "+ several"
        count = f"{len(self._kept)} taken" if self._kept else offer
        self.update(plain(f"{words}  {ARROWS if self._typed_into else count}"))

    def on_key(self, event: events.Key) -> None:
        """Keep the word shown, or take it away again, with +; else as a choice does."""
        if event.character == "+" and not self._typed_into:
            event.stop()
            value = self.field.choices[self._at].value
            if value in self._kept:
                self._kept.remove(value)
            else:
                self._kept.append(value)
            self._show()
            event.prevent_default()
        else:
            super().on_key(event)


class Form(Dialog[dict[str, str] | None]):
    """Asks for a few fields, kept as drafts. ``ctrl+s``, or enter in the last field, takes them.

    ``about`` says above the fields what the form does.
    """

    DEFAULT_CSS = """
    Form .row { height: 1; }
    Form .row > .name { width: 20; color: $text-muted; }
    Form .row > DraftInput, Form .row > ChoiceField { width: 1fr; }
    Form VerticalScroll { height: auto; max-height: 18; }
    Form #about { height: auto; color: $text-muted; margin-bottom: 1; }
    Form #refused { height: auto; color: $text-error; }
    """
    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+s", "take", priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self,
        title: str,
        place: str,
        fields: Sequence[Field],
        drafts: dict[str, str] | None = None,
        refused: Refused | None = None,
        about: str = "",
    ) -> None:
        restored = "your text has been restored\n" if drafts and refused is None else ""
        keys = f"{restored}tab  next field     ctrl+s  save     esc  close (text is kept)"
        super().__init__(title, keys)
        self._place, self._fields, self._drafts = place, list(fields), drafts or {}
        self._refused, self._about = refused, about

    def body(self) -> Iterable[Widget]:
        """Yield what the form does, where that is said, and a row for each field."""
        if self._about:
            yield Static(plain(self._about), id="about")
        with VerticalScroll():
            for field in self._fields:
                with Horizontal(classes="row"):
                    yield Static(field.label, classes="name", markup=False)
                    yield self._widget(field)
        if self._refused is not None:
            yield Static(plain(self._refused.sentence), id="refused")

    def _widget(self, field: Field) -> Widget:
        if field.choices:
            return SeveralField(field) if field.several else ChoiceField(field)
        label = f"{self._title}: {field.label}"
        return DraftInput(self._place, field.name, label, field.value, hint=field.hint)

    def on_mount(self) -> None:
        """Offer drafts back, and start in the field that was refused, else in the first."""
        for field in self.query(DraftInput):
            field.value = self._drafts.get(field.field, field.value)
            field.cursor_position = len(field.value)
        refused = self._refused.field if self._refused is not None else ""
        ids = [f"field-{field.name}" for field in self._fields]
        first = f"field-{refused}" if f"field-{refused}" in ids else ids[0]
        self.query_one(f"#{first}").focus()

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
