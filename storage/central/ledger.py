"""Central's own books: which bundles it refused and why, and which receipts it gave."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, Table, Text, delete, insert, select
from sqlmodel import Session

from storage.receipt import MOST_REJECTED, Rejected

books = MetaData()

refusals = Table(
    "refusal",
    books,
    Column("sha256", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""Refused bundles, one row for each content; ``device`` is empty where the sender is not known."""

given = Table(
    "receipt_given",
    books,
    Column("device", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("at", Text, nullable=False),
)
"""The last receipt given to each laptop."""


def ready(connection: Connection) -> None:
    """Make the books where they are not there yet."""
    books.create_all(connection)


def refuse(session: Session, refused: Rejected, device: str, word: str) -> None:
    """Write down a refusal, once for each content."""
    connection = session.connection()
    ready(connection)
    known = select(refusals.c.sha256).where(refusals.c.sha256 == refused.sha256)
    if connection.execute(known).one_or_none() is None:
        row = {"name": refused.name, "sha256": refused.sha256, "reason": refused.reason}
        connection.execute(insert(refusals).values(**row, at=refused.at, device=device, word=word))


def accept(session: Session, sha256: str) -> None:
    """A bundle refused before was taken now, after a newer roster or a mended gap."""
    connection = session.connection()
    ready(connection)
    connection.execute(delete(refusals).where(refusals.c.sha256 == sha256))


def refused_of(connection: Connection, device: str | None = None) -> tuple[Rejected, ...]:
    """The latest refusals that concern a laptop, those of unknown senders among them; or all."""
    ready(connection)
    query = select(refusals.c.name, refusals.c.sha256, refusals.c.word, refusals.c.at)
    if device is not None:
        query = query.where(refusals.c.device.in_(["", device]))
    rows = connection.execute(query.order_by(refusals.c.at, refusals.c.sha256)).all()
    return tuple(Rejected(*row) for row in rows[-MOST_REJECTED:])


def last_given(connection: Connection, device: str) -> str:
    """SHA-256 of the receipt given to a laptop last, or empty."""
    ready(connection)
    found = connection.execute(select(given.c.sha256).where(given.c.device == device)).scalar()
    return found or ""


def give(session: Session, device: str, sha256: str, at: str) -> None:
    """Write down that a receipt was given."""
    connection = session.connection()
    ready(connection)
    connection.execute(delete(given).where(given.c.device == device))
    connection.execute(insert(given).values(device=device, sha256=sha256, at=at))
