"""Undo, named: what was taken back, in a person's words."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit import histories
from storage.feed import Desk
from storage.records import KINDS
from storage.undo import last, undo

FROZEN = frozenset(("debrief_point", field) for field in ("agreed_wording", "frozen_at"))
"""What was told to the force stays as it was told."""


def undo_last(session: Session) -> str:
    """Take this unlocking's own last step back and name it.

    Raises :class:`storage.undo.NothingToUndoError`; nothing is changed then.
    """
    desk: Desk = session.info["desk"]
    first, *more = last(session, desk)
    called = histories.label(session, *first)
    gone = session.get(KINDS[first[0]], first[1]) is None
    undone = undo(session, protected=FROZEN, called=histories.field_word)
    if gone:
        session.flush()
        called = histories.label(session, *first)
    if more:
        return f"Undone: {called} and {len(more)} more."
    said = f"Undone: {', '.join([called, *histories.field_words(undone.fields)])}."
    return f"{said} Its answers wait for a decision." if undone.reopened else said
