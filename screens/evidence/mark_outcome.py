"""Marking what the cursor is on with an outcome of the programme, or taking the mark away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session
from textual import work

from fieldkit.evidence.notes import edit_note
from fieldkit.evidence.points import edit_point
from fieldkit.followup.recommendations import edit_recommendation
from fieldkit.methodology import Outcome
from fieldkit.service import existing, methodology_of
from screens.kit.ask import commit
from screens.kit.dialogs import Choice, Pick
from screens.kit.page import Page
from screens.kit.shell import Shell
from storage.records import Note, Point, Recommendation
from storage.records.registry import KINDS

_EDITS: dict[str, Callable[..., Any]] = {
    Note.KIND: edit_note,
    Point.KIND: edit_point,
    Recommendation.KIND: edit_recommendation,
}
"""By kind, what changes the outcomes of a record."""


class MarksOutcomes(Page):
    """Is a page on whose line under the cursor outcomes can be marked."""

    @property
    def to_mark(self) -> tuple[str, str] | None:
        """Return the kind and id of the record under the cursor."""
        named = self.subject
        return named[:2] if named is not None else None

    @work
    async def action_outcome(self) -> None:
        """Mark the record under the cursor with an outcome, or take the mark away."""
        record = self.to_mark
        if (
            record is not None
            and record[0] in _EDITS
            and await mark_outcome(self.fieldkit, *record)
        ):
            await self.load()


async def mark_outcome(app: Shell, kind: str, record_id: str) -> bool:
    """Ask for an outcome and mark a record with it, or take the mark away where it has it.

    Returns whether something was written. Runs in a worker.
    """

    def read(s: Session) -> tuple[tuple[Outcome, ...], list[str]]:
        record: Any = existing(s, KINDS[kind], record_id)
        return methodology_of(s, record.inspection_id).outcomes, list(record.outcomes)

    outcomes, marked = await app.vault.read(read)
    choices = [
        Choice(one.key, one.label, "marked" if one.key in marked else "") for one in outcomes
    ]
    chosen = await app.push_screen_wait(
        Pick("Which outcome does it bear on? Again takes it away.", choices, (marked or [""])[0])
    )
    if chosen is None:
        return False
    kept = [key for key in marked if key != chosen]
    wanted = kept if chosen in marked else [*kept, chosen]
    edit = _EDITS[kind]
    done = await commit(
        app, f"{kind}/{record_id}", [], lambda s: edit(s, record_id, outcomes=wanted)
    )
    if done is None:
        return False
    label = next(one.label for one in outcomes if one.key == chosen)
    app.say(f"{'No longer marked' if chosen in marked else 'Marked'}: {label}.")
    return True
