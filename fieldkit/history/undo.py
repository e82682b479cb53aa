"""Undoes the last step, or does it again, and says in a person's words what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session

from fieldkit.history import record_history
from fieldkit.wording.labels import label
from storage.feed.writer import Author
from storage.history.undo import last_step, redo, undo
from storage.ops.op import MAIN
from storage.ops.text import many
from storage.records.registry import KINDS


def undo_last(session: Session) -> str:
    """Take this unlocking's own last step back and name it.

    Raises :class:`storage.history.undo.NothingToUndoError`; nothing is changed then.
    """
    return _named(session, "Undone", undone=False)


def redo_last(session: Session) -> str:
    """Do again what was taken back last and name it; raises as :func:`undo_last` does."""
    return _named(session, "Done again", undone=True)


def _named(session: Session, verb: str, *, undone: bool) -> str:
    author: Author = session.info["author"]
    records = last_step(session, author, undone=undone)
    # What was taken back stands in the other order, the last record first.
    first, *more = reversed(records) if undone else records
    called = label(session, *first)
    deleted = session.get(KINDS[first[0]], first[1]) is None
    step = redo(session) if undone else undo(session)
    if deleted:
        session.flush()
        called = label(session, *first)
    if more:
        return f"{verb}: {called}{_others(first[0], more)}."
    words = record_history.field_words(first[0], step.fields)
    message = f"{verb}: {', '.join([called, *words])}."
    return f"{message} Its answers wait for a decision." if step.reopened else message


def _others(first: str, more: Sequence[tuple[str, str]]) -> str:
    """Say how many records of each kind were in a step besides its first one.

    What is kept apart of a record, such as the force's reference of a case, counts with it.
    """
    counts = Counter(kind for kind, _ in more if KINDS[kind].FEED == MAIN)
    same = counts.pop(first, 0)
    noun, plural = KINDS[first].noun(), KINDS[first].plural()
    words = f" and {same:,} more {noun if same == 1 else plural}" if same else ""
    others = [
        many(count, KINDS[kind].noun(), KINDS[kind].plural()) for kind, count in counts.items()
    ]
    return words + (f", with {', '.join(others)}" if others else "")
