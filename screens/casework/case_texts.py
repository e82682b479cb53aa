"""The words of a row of the case audit: what was written of it, and what the force says."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from fieldkit.casework import judging
from fieldkit.casework.cases import set_audit
from fieldkit.methodology.audit_lines import MOMENT, TEXT
from screens.casework import case_rows
from screens.casework.ask_query import short
from screens.casework.case_rows import CRITERION, WRITTEN, Row
from screens.casework.case_state import CaseState
from screens.kit.draft_fields import DraftArea, DraftInput
from screens.kit.text import plain
from storage.feed import drafts
from storage.records.judgment import OVERALL

TWICE = "≠ Two answers; the first is shown. Home, k decides."


class RowWords(Vertical):
    """Holds the text fields of the row that the cursor is on."""

    def compose(self) -> Iterable[Widget]:
        """Yield the question behind the row, the fields a row may have, and the force's side."""
        yield Static("", id="prompt", markup=False)
        for field, label in WRITTEN:
            area = DraftArea("", field, label, id=field)
            area.border_title = label
            yield area
        yield DraftInput("", "moment", "Moment", hint="e.g. 28 February 2026, or 28/2/2026 14:30")
        yield DraftArea("", "text", "Remarks", id="text")
        yield Static("", id="force", markup=False)

    def show(self, row: Row, state: CaseState) -> None:
        """Turn to a row; what was typed there and not committed is offered back."""
        self._criterion(row, state)
        self._audit(row, state)
        self._prompt(row, state)
        self._force(row, state)

    def _criterion(self, row: Row, state: CaseState) -> None:
        judged, place = state.judged(row), state.place(row)
        for field, label in WRITTEN:
            area = self.query_one(f"#{field}", DraftArea)
            area.display = row.kind == CRITERION
            if row.kind == CRITERION:
                area.border_title = plain(f"{label} · {row.label}")
                original = getattr(judged, field) if judged is not None else ""
                draft = state.drafts.get((place, field))
                area.show(place, field, state.called(row, field), original, draft)

    def _audit(self, row: Row, state: CaseState) -> None:
        place = state.place(row)
        text, moment = self.query_one("#text", DraftArea), self.query_one(DraftInput)
        text.display = row.kind == TEXT
        moment.display = row.kind == MOMENT
        original = case_rows.value(row, state.file)
        draft = state.drafts.get((place, row.key))
        if row.kind == TEXT:
            text.show(place, row.key, state.called(row), original, draft)
            text.border_title = plain(row.label)
        elif row.kind == MOMENT:
            moment.place, moment.field, moment.label = place, row.key, state.called(row)
            moment.original = original
            with self.prevent(DraftInput.Changed):
                moment.value = original if draft is None else draft
            moment.cursor_position = len(moment.value)

    def _prompt(self, row: Row, state: CaseState) -> None:
        judged, asked = state.judged(row), state.asked(row)
        reason = judged.why if judged is not None else ""
        twice = TWICE if case_rows.twice(row, state.file) else ""
        parts = [row.prompt or row.label, reason, twice, *map(short, asked)]
        if any(one.for_me for one in asked):
            parts.append("a  answer")
        self.query_one("#prompt", Static).update(plain("\n".join(filter(None, parts))))

    def _force(self, row: Row, state: CaseState) -> None:
        shown = self.query_one("#force", Static)
        view = state.file.force if row.key == OVERALL else None
        shown.display = view is not None
        if view is not None:
            since = f" ({view.since.brief})" if view.since else ""
            shown.update(plain(f"The force: {view.said}{since}. {view.rationale}".strip()))

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
