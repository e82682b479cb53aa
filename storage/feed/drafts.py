"""Keeps text being typed in the vault until it becomes an op or is discarded: drafts.

A draft is one row for each field being typed in. It is no op: nobody has committed to it yet.
Discarded drafts stay listed until the next export.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session

from storage.database.tables import drafts
from storage.ops.clock import wall_ms, wall_text


@dataclass(frozen=True)
class Draft:
    """Holds text typed and not committed.

    Attributes:
        id: which draft.
        place: where it was typed, as ``kind/record id`` or ``new-kind/parent id``.
        field: the field of the record.
        label: the place in words a person knows, such as "WST-014, Investigation, rationale".
        text: the text itself.
        started: when the first unsaved key was pressed, ISO 8601 in UTC.
        saved: when it was last made durable.
        discarded: when a person discarded it, or ``None``.
    """

    id: str
    place: str
    field: str
    label: str
    text: str
    started: str
    saved: str
    discarded: str | None

    @property
    def first_line(self) -> str:
        """Return the first line with anything on it."""
        return next((line.strip() for line in self.text.splitlines() if line.strip()), "")


def save(session: Session, place: str, field: str, label: str, text: str) -> None:
    """Keep the text typed in a field, in place of what was kept of it before."""
    now = wall_text(wall_ms())
    # Half a character, as some terminals paste it, cannot be kept, and must not cost the rest.
    label, text = (one.encode("utf-8", "ignore").decode() for one in (label, text))
    saved = session.connection().execute(
        update(drafts)
        .where(drafts.c.place == place, drafts.c.field == field, drafts.c.discarded.is_(None))
        .values(text=text, label=label, saved=now)
    )
    if not saved.rowcount:
        session.connection().execute(
            insert(drafts).values(
                id=str(uuid.uuid4()),
                place=place,
                field=field,
                label=label,
                text=text,
                started=now,
                saved=now,
            )
        )


def committed(session: Session, place: str, field: str) -> None:
    """Drop a draft whose text has become an op, in the transaction of that op."""
    session.connection().execute(
        delete(drafts).where(
            drafts.c.place == place, drafts.c.field == field, drafts.c.discarded.is_(None)
        )
    )


def discard(session: Session, draft: str) -> None:
    """Put a draft aside; it stays listed until the next export."""
    session.connection().execute(
        update(drafts).where(drafts.c.id == draft).values(discarded=wall_text(wall_ms()))
    )


def take_back(session: Session, draft: str) -> bool:
    """Undo a discarding; what waits in the same field meanwhile is put aside in its place.

    A field has one text that waits, or typing in it would write over both. Returns whether another
    text was put aside.
    """
    connection = session.connection()
    row = connection.execute(select(drafts).where(drafts.c.id == draft)).one_or_none()
    if row is None or row.discarded is None:
        return False
    same_field = (drafts.c.place == row.place) & (drafts.c.field == row.field)
    aside = connection.execute(
        update(drafts)
        .where(same_field, drafts.c.discarded.is_(None))
        .values(discarded=wall_text(wall_ms()))
    )
    connection.execute(update(drafts).where(drafts.c.id == draft).values(discarded=None))
    return bool(aside.rowcount)


def forget_discarded(session: Session) -> None:
    """Drop what was discarded; done after an export to central."""
    session.connection().execute(delete(drafts).where(drafts.c.discarded.is_not(None)))


def listed(session: Session, *, discarded: bool = False) -> list[Draft]:
    """Return the drafts that wait, or those that were discarded, the oldest first."""
    wanted = drafts.c.discarded.is_not(None) if discarded else drafts.c.discarded.is_(None)
    rows = session.connection().execute(select(drafts).where(wanted).order_by(drafts.c.started))
    return [Draft(**row._mapping) for row in rows]


def at(session: Session, place: str) -> dict[str, Draft]:
    """Return the drafts that wait in one place, by field."""
    rows = session.connection().execute(
        select(drafts).where(drafts.c.place == place, drafts.c.discarded.is_(None))
    )
    return {row.field: Draft(**row._mapping) for row in rows}
