"""Undoes the last step and says in a person's words what was taken back."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.history import record_history
from fieldkit.wording.labels import label
from storage.feed.writer import Author
from storage.history.undo import last_step, undo
from storage.records.registry import KINDS


def undo_last(session: Session) -> str:
    """Take this unlocking's own last step back and name it.

    Raises :class:`storage.history.undo.NothingToUndoError`; nothing is changed then.
    """
    author: Author = session.info["author"]
    first, *more = last_step(session, author)
    called = label(session, *first)
    deleted = session.get(KINDS[first[0]], first[1]) is None
    undone = undo(session)
    if deleted:
        session.flush()
        called = label(session, *first)
    if more:
        return f"Undone: {called} and {len(more)} more."
    words = record_history.field_words(first[0], undone.fields)
    message = f"Undone: {', '.join([called, *words])}."
    return f"{message} Its answers wait for a decision." if undone.reopened else message
