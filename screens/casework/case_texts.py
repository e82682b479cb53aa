"""The words of a row of the case audit: what was written of it, and what the force says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session
from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from fieldkit.casework import judging
from fieldkit.casework.cases import set_audit
from fieldkit.methodology.audit_lines import ANSWER, MOMENT, TEXT
from fieldkit.wording.dates import moment_words
from screens.casework import case_rows
from screens.casework.ask_query import short
from screens.casework.audit.beside import draw_force, draw_timeline
from screens.casework.audit.field_heights import LEAST, heights
from screens.casework.case_rows import CRITERION, WRITTEN, Row
from screens.casework.case_state import CaseState
from screens.kit.draft_fields import DraftArea, DraftInput
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import key
from screens.kit.drawing.laid_out import once_laid_out, put
from screens.kit.drawing.panel import Bordered, Panel
from screens.kit.drawing.row_list import BorderedBox
from screens.kit.drawing.rows import Text, cut, drawn, lines, wrapped
from screens.kit.drawing.signs import sign
from storage.feed import drafts
from storage.records.judgment import OVERALL

WIDE = 100
"""Columns from which a column stands beside the texts."""
MOST_OF_FORCE = 4
"""Lines of the force's side under the texts; the page of the differences has it whole."""
TWICE = "≠ Two answers; the first is shown. Home, k decides."


class FieldPanel(Bordered, DraftArea):
    """Takes a text in a panel, whose edge says whether what is typed is kept."""

    def show(self, place: str, field: str, label: str, original: str, draft: str | None) -> None:
        """Turn to another place, and say how its text stands."""
        super().show(place, field, label, original, draft)
        self.draw_state()

    def draw_state(self) -> None:
        """Say in the edge whether the text is kept; of an empty field nothing."""
        name = "typing" if self.unsaved else "done" if self.text else ""
        words = "typing" if self.unsaved else "kept"
        self.edges(figure=sign(name, words) if name else "")


class RowWords(Vertical):
    """Holds the text fields of the row that the cursor is on."""

    _shown: tuple[Row, CaseState] | None = None
    _prompt_lines = 0

    def compose(self) -> Iterable[Widget]:
        """Yield the question behind the row, the fields a row may have, and the force's side."""
        yield Static("", id="prompt", markup=False)
        for field, label in WRITTEN:
            area = FieldPanel("", field, label, id=field)
            area.panel_title = label
            yield area
        with BorderedBox(id="moment-panel"):
            yield DraftInput(
                "", "moment", "Moment", hint="e.g. 28 February 2026, or 28/2/2026 14:30"
            )
        yield FieldPanel("", "text", "Remarks", id="text")
        yield Panel(id="told")
        yield Panel("The force's side", id="force")

    def show(self, row: Row, state: CaseState) -> None:
        """Turn to a row; what was typed there and not committed is offered back."""
        self._shown = row, state
        self._criterion(row, state)
        self._audit(row, state)
        self._prompt(row, state)
        self._beside(row, state)
        self.fit_fields()
        once_laid_out(self, self.fit_fields)

    def _criterion(self, row: Row, state: CaseState) -> None:
        judged, place = state.judged(row), state.place(row)
        for field, _ in WRITTEN:
            area = self.query_one(f"#{field}", FieldPanel)
            area.display = row.kind == CRITERION
            if row.kind == CRITERION:
                original = getattr(judged, field) if judged is not None else ""
                draft = state.drafts.get((place, field))
                area.show(place, field, state.called(row, field), original, draft)

    def _audit(self, row: Row, state: CaseState) -> None:
        place = state.place(row)
        text, moment = self.query_one("#text", FieldPanel), self.query_one(DraftInput)
        box = self.query_one("#moment-panel", BorderedBox)
        text.display = row.kind == TEXT
        box.display = row.kind == MOMENT
        original = case_rows.value(row, state.file)
        draft = state.drafts.get((place, row.key))
        if row.kind == TEXT:
            text.show(place, row.key, state.called(row), original, draft)
            text.edges(title=row.label)
        elif row.kind == MOMENT:
            box.edges(title=row.short)
            moment.place, moment.field, moment.label = place, row.key, state.called(row)
            # As people write it, and as it can be typed.
            original = moment_words(original) if original else ""
            moment.original = original
            with self.prevent(DraftInput.Changed):
                moment.value = original if draft is None else draft
            moment.cursor_position = len(moment.value)

    def _prompt(self, row: Row, state: CaseState) -> None:
        judged, asked = state.judged(row), state.asked(row)
        reason = judged.why if judged is not None else ""
        twice = TWICE if case_rows.twice(row, state.file) else ""
        parts: list[Text] = []
        if row.kind == CRITERION:
            number = f"{row.number} " if row.number else ""
            parts.append(drawn(f"{number}{row.label}", "bold $foreground"))
        parts += [row.prompt or row.label, reason, twice, *map(short, asked)]
        if any(one.for_me for one in asked):
            parts.append(Content.assemble(key("a"), " answer"))
        shown = [drawn(one) for one in parts if drawn(one).plain]
        width = max(self.size.width - 2, 20)
        rows = [line for one in shown for line in wrapped(one, width)]
        if len(rows) > (most := max(self.size.height - 4 * LEAST, 2)):
            # The question behind the line gives way to what somebody asks of it.
            rows = [cut(one.split("\n")[0], width) for one in shown[:2]]
            rows += [line for one in shown[2:] for line in wrapped(one, width)]
            if len(rows) > most:
                rows = [*rows[: most - 1], cut(rows[most - 1] + " " * width, width)]
        put(self.query_one("#prompt", Static), lines(rows))
        self._prompt_lines = len(rows)

    def _beside(self, row: Row, state: CaseState) -> None:
        """Show, where no column stands beside it, the timeline and the force's side."""
        narrow = self.app.size.width < WIDE
        told, force = self.query_one("#told", Panel), self.query_one("#force", Panel)
        told.display = narrow and bool(row.section) and row.kind in (MOMENT, ANSWER)
        if told.display:
            timeline = state.short.timeline
            told.show(
                lambda width: draw_timeline(timeline, width),
                title="Timeline",
                figure=timeline.summary,
            )
        force.display = narrow and row.key == OVERALL and state.file.force is not None
        if force.display:
            grades = Grades(state.methodology.scale_for("case"))
            force.show(lambda width: draw_force(state, grades, width, MOST_OF_FORCE))

    def fit_fields(self) -> None:
        """Make the fields of a criterion as high as their texts, the rationale first."""
        areas = [self.query_one(f"#{field}", FieldPanel) for field, _ in WRITTEN]
        if not areas[0].display or not self.size.height:
            return
        force = self.query_one("#force")
        room = self.size.height - self._prompt_lines
        room -= force.outer_size.height if force.display else 0
        needs = [one.wrapped_document.height + 2 for one in areas]
        at = next((number for number, one in enumerate(areas) if one.has_focus), None)
        for area, height in zip(areas, heights(needs, room, at), strict=True):
            area.styles.height = height

    def on_resize(self) -> None:
        """Draw to the new size."""
        if self._shown is not None:
            self._prompt(*self._shown)
            self._beside(*self._shown)
        once_laid_out(self, self.fit_fields)

    def on_descendant_focus(self) -> None:
        """Give the field that is written in the room that its text needs."""
        once_laid_out(self, self.fit_fields)

    @on(TextArea.Changed)
    def _grow(self, event: TextArea.Changed) -> None:
        if isinstance(event.text_area, FieldPanel):
            event.text_area.draw_state()
        self.fit_fields()

    def begin(self, row: Row) -> bool:
        """Put the cursor into the first field of a row; whether it has one."""
        if row.kind == CRITERION:
            self.query_one("#rationale", DraftArea).focus()
        elif row.kind == MOMENT:
            self.query_one(DraftInput).focus()
        elif row.kind == TEXT:
            self.query_one("#text", DraftArea).focus()
        else:
            return False
        return True

    def begin_draft(self, row: Row, state: CaseState) -> None:
        """Put the cursor into the field of a row whose text was typed and not kept."""
        typed = {field for place, field in state.drafts if place == state.place(row)}
        written = [field for field, _ in WRITTEN if field in typed]
        if row.kind == CRITERION and written:
            self.query_one(f"#{written[0]}", DraftArea).focus()
        else:
            self.begin(row)


def keep(session: Session, case_id: str, row: Row, field: str, text: str, place: str) -> bool:
    """Commit what was typed and drop its draft, in one transaction; true when it is done."""
    if row.kind == CRITERION:
        judging.write(session, case_id, row.key, **{field: text})
    else:
        set_audit(session, case_id, **{field: text})
    drafts.committed(session, place, field)
    return True
