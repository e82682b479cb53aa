"""What is changed in an inspection whose site was left is written with a reason.

One place asks for it: where ops are made of what changed. Whatever arrives from colleagues is
taken in as it is; they may not have heard that the site was left.
"""

from __future__ import annotations

from sqlmodel import Session

from storage.database.connection import driver
from storage.errors import ReasonNeededError
from storage.feed.writer import Author
from storage.records.model.base import Record

FIELDWORK = "fieldwork"
"""The state of an inspection in which nobody is asked why something is written."""


def reason_of(session: Session, record: Record, given: str | None) -> str | None:
    """Return the reason with which a record is changed: the one given, else the one that stands.

    Raises `ReasonNeededError` where there is neither and the record's inspection was left.
    """
    if not record.EXPLAINED:
        return given
    return reason_in(session, getattr(record, "inspection_id", ""), given)


def reason_in(session: Session, inspection_id: str, given: str | None) -> str | None:
    """Return the reason of a change in an inspection; raises as :func:`reason_of`."""
    author: Author = session.info["author"]
    if why := given or author.reason:
        return why
    row = (
        driver(session.connection())
        .execute("SELECT state, force FROM inspection WHERE id = ?", (inspection_id,))
        .fetchone()
    )
    if row is None or row[0] == FIELDWORK:
        return None
    if author.reason_once_left:
        return author.reason_once_left
    raise ReasonNeededError(row[1])


def with_stated(why: str | None, stated: str) -> str | None:
    """Return a reason with what fieldkit itself puts on record beside it."""
    return f"{why} ({stated})" if why and stated else why or stated or None
