"""Fields whose text is kept while it is typed."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Input, TextArea

from fieldkit.wording.format import clean
from screens.kit.shell import shell_of
from screens.kit.unsaved import DraftField

NEW = "new-note-in-"
"""How the place of a new note's draft begins; the kind of record it stands in follows."""

CURSOR = "text-area--cursor"
"""One of Textual's own styles of parts of a text, which are made anew all at once."""


class DraftArea(DraftField, TextArea):
    """Takes several lines of text, which are kept while they are typed."""

    _dressed: tuple[object, object] | None = None
    """The theme of the text once it has the styles of the field, and the styles of its cursor."""

    def __init__(
        self, place: str, field: str, label: str, original: str = "", **kwargs: str
    ) -> None:
        shown = clean(original)
        super().__init__(shown, soft_wrap=True, tab_behavior="focus", id=kwargs.get("id"))
        self.place, self.field, self.label, self.original = place, field, label, shown

    def show(self, place: str, field: str, label: str, original: str, draft: str | None) -> None:
        """Turn to another place; ``draft`` is what was typed there and never committed."""
        self.place, self.field, self.label, self.original = place, field, label, clean(original)
        wanted = self.original if draft is None else clean(draft)
        if self.text != wanted:
            with self.prevent(TextArea.Changed):
                self.load_text(wanted)
            self.move_cursor(self.document.end)

    def notify_style_update(self) -> None:
        """Work the styles of the text out anew with the next drawing."""
        self._dressed = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw; Textual (8.2.8) works the styles of the text out each time, and they are few."""
        theme, cursor = self._theme, self._component_styles.get(CURSOR)
        if (dressed := self._dressed) and dressed[0] is theme and dressed[1] is cursor:
            return super(TextArea, self).render_lines(crop)
        self._dressed = theme, cursor
        return super().render_lines(crop)

    @property
    def typed(self) -> str:
        """Return the text that stands in the field."""
        return self.text

    @property
    def unsaved(self) -> bool:
        """Say whether what stands here is not what is committed."""
        return self.text != self.original

    def _on_text_area_changed(self, event: TextArea.Changed) -> None:
        shell_of(self).typing.keep(self.place, self.field, self.label, self.text, self.original)


class DraftInput(DraftField, Input):
    """Takes one line of text, which is kept while it is typed."""

    def __init__(
        self, place: str, field: str, label: str, original: str = "", *, hint: str = ""
    ) -> None:
        shown = clean(original)
        # A field that is come to with its text selected loses it to the next letter.
        super().__init__(
            shown, placeholder=hint, compact=True, select_on_focus=False, id=f"field-{field}"
        )
        self.place, self.field, self.label, self.original = place, field, label, shown
        self._given = original

    @property
    def typed(self) -> str:
        """Return the text that stands in the field."""
        return self.value

    @property
    def result(self) -> str:
        """Return what is to be committed: the text as it was given where nobody changed it."""
        return self._given if self.value == self.original else self.value.strip()

    def _on_input_changed(self, event: Input.Changed) -> None:
        if self.place:
            shell_of(self).typing.keep(
                self.place, self.field, self.label, self.value, self.original
            )
