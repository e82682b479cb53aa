"""Central's own books: which bundles it refused and why, and which receipts it gave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)
from sqlmodel import Session

from storage.bundle.errors import AlarmError
from storage.database.connection import make_missing
from storage.trust.receipt import MAX_REJECTED, Rejected

MAX_REFUSALS = 10_000
"""Refusals remembered; the oldest go first."""


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

handed_out = Table(
    "handed_out",
    books,
    Column("bundle", Text, primary_key=True),
    Column("device", Text, nullable=False),
    Column("inspection", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("ops", Integer, nullable=False),
    Column("with_key", Boolean, nullable=False),
)
"""Bundles that central made for laptops: what was disclosed to whom, and when."""


def ready(connection: Connection) -> None:
    """Make the books where they are not there yet; on PostgreSQL the schema has them."""
    make_missing(connection, books)


def record_refusal(session: Session, refused: Rejected, device: str, word: str) -> None:
    """Write down a refusal, once for each content."""
    connection = session.connection()
    ready(connection)
    known = select(refusals.c.sha256).where(refusals.c.sha256 == refused.sha256)
    if connection.execute(known).one_or_none() is not None:
        return
    row = {"name": refused.name, "sha256": refused.sha256, "reason": refused.reason}
    connection.execute(insert(refusals).values(**row, at=refused.at, device=device, word=word))
    number = connection.execute(select(func.count()).select_from(refusals)).scalar_one()
    if number > MAX_REFUSALS:
        oldest = select(refusals.c.sha256).order_by(refusals.c.at, refusals.c.sha256)
        dropped = oldest.limit(number - MAX_REFUSALS)
        connection.execute(delete(refusals).where(refusals.c.sha256.in_(dropped)))


def was_refused_for(session: Session, reason: str) -> bool:
    """Say whether the very same was written down before, of whatever file."""
    connection = session.connection()
    ready(connection)
    same = select(refusals.c.sha256).where(refusals.c.reason == reason).limit(1)
    return connection.execute(same).one_or_none() is not None


def forget_refusal(session: Session, sha256: str) -> None:
    """Forget a refusal: the bundle was taken now, after a newer roster or a mended gap."""
    connection = session.connection()
    ready(connection)
    connection.execute(delete(refusals).where(refusals.c.sha256 == sha256))


def refused_of(connection: Connection, device: str | None = None) -> tuple[Rejected, ...]:
    """Return the latest refusals that concern a laptop, or all; unknown senders among them."""
    ready(connection)
    query = select(refusals.c.name, refusals.c.sha256, refusals.c.word, refusals.c.at)
    if device is not None:
        # What was taken in with an alarm was not refused; that is for the administrator to look at.
        query = query.where(refusals.c.device.in_(["", device]), refusals.c.word != AlarmError.word)
    rows = connection.execute(query.order_by(refusals.c.at, refusals.c.sha256)).all()
    return tuple(Rejected(*row) for row in rows[-MAX_REJECTED:])


def last_given(connection: Connection, device: str) -> str:
    """Return SHA-256 of the receipt given to a laptop last, or empty."""
    ready(connection)
    sha256 = connection.execute(select(given.c.sha256).where(given.c.device == device)).scalar()
    return sha256 or ""


def record_receipt(session: Session, device: str, sha256: str, at: str) -> None:
    """Write down that a receipt was given."""
    connection = session.connection()
    ready(connection)
    connection.execute(delete(given).where(given.c.device == device))
    connection.execute(insert(given).values(device=device, sha256=sha256, at=at))


def record_hand_out(session: Session, row: dict[str, Any]) -> None:
    """Write down that a bundle was made for a laptop."""
    connection = session.connection()
    ready(connection)
    connection.execute(insert(handed_out).values(row))


def withdraw_hand_out(session: Session, bundle: str) -> None:
    """Withdraw what did not leave after all, as the bundle could not be given its name."""
    session.connection().execute(delete(handed_out).where(handed_out.c.bundle == bundle))


def hand_outs(connection: Connection) -> list[dict[str, Any]]:
    """Return every bundle made for a laptop, the oldest first."""
    ready(connection)
    query = select(handed_out).order_by(handed_out.c.at, handed_out.c.bundle)
    return [dict(row) for row in connection.execute(query).mappings()]
