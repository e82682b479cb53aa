"""The panel in which a note is written: its title shows what the marks typed so far mean."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from fieldkit.methodology import Methodology
from screens.evidence import marks
from screens.evidence.marks import Marked, numbered_criteria
from screens.kit.draft_fields import DraftArea
from screens.kit.drawing.keys import key
from screens.kit.drawing.panel import Bordered
from screens.kit.drawing.rows import muted, strong
from screens.kit.drawing.signs import glyph, sign, style

KEPT, TYPED = "kept", "typing"


class NotePanel(Bordered, Container):
    """Holds the field for a note; says in its border what the marks mean, and that it is kept.

    The border is not the field's own: a key in the field draws the field's lines and nothing else.
    """

    class Meant(Message):
        """Says that the marks of the text mean something else than before."""

    class Grown(Message):
        """Says that the text takes another number of lines than before."""

    methodology: Methodology | None = None
    meant = Marked("")
    lines_taken = 1
    _state = ""

    def on_mount(self) -> None:
        """Say how marks are written."""
        legend = (
            *(muted("begin with "), strong("+ - =")),
            *(muted("  end a line with "), strong("#number")),
            *("  ", key("^s"), muted(" save")),
        )
        self.edges(title="New note", legend=Content.assemble(*legend))

    def compose(self) -> Iterable[Widget]:
        """Yield the field."""
        yield DraftArea("", "text", "", id="note")

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Follow what is typed; nobody above needs to hear of it at every key."""
        event.stop()
        self.look()

    def look(self) -> None:
        """See what the marks mean and how long the text is; draw only what has changed."""
        area, meant = self.query_one(DraftArea), self.meant
        if self.methodology is not None:
            meant = marks.while_typing(area.text, self.methodology)
        state = "" if not area.text else TYPED if area.unsaved else KEPT
        if state != self._state:
            self._state = state
            mark = sign("done" if state == KEPT else "typing")
            self.edges(figure=Content.assemble(mark, " ", muted(state)) if state else "")
        if (meant.polarity, meant.criteria) != (self.meant.polarity, self.meant.criteria):
            self.meant = meant
            self.draw_edges()
            self.post_message(self.Meant())
        if (taken := area.wrapped_document.height) != self.lines_taken:
            self.lines_taken = taken
            self.post_message(self.Grown())

    def _title(self, chosen: bool) -> Content:
        """Return the title with a chip for each mark."""
        parts: list[Content | str] = [super()._title(chosen)]
        if self.meant.polarity:
            polarity = self.meant.polarity
            look = f"{style(polarity)} on $key-ground"
            parts += ["  ", Content.styled(f" {glyph(polarity)} {polarity} ", look)]
        if self.methodology is not None and self.meant.criteria:
            labels = numbered_criteria(self.methodology)
            for one in self.meant.criteria:
                parts += ["  ", Content.styled(f" {labels[one]} ", "$foreground on $key-ground")]
        return Content.assemble(*parts)
