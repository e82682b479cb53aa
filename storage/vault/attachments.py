"""Keeps files that were read in, whole and encrypted beside the ops: attachments.

They are no ops: they belong to this vault, go with its backups, and never leave in a bundle. A file
lies there in parts, so that no step holds the clerk up for long.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlmodel import Session

from storage.database.connection import make_missing
from storage.ops.clock import wall_ms, wall_text

PART_BYTES = 1 << 20
"""Bytes that are written or read in one step."""

_house = MetaData()
_attachments = Table(
    "attachment",
    _house,
    Column("id", Text, primary_key=True),
    Column("inspection", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("whole", Integer, nullable=False),
)
"""The files: of which inspection, what for, and whether all their parts are here."""
_parts = Table(
    "attachment_part",
    _house,
    Column("attachment", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """Describes a file that is kept.

    Attributes:
        id: of the attachment.
        inspection_id: which inspection it is of.
        purpose: what was read from it.
        name: the file's.
        size: in bytes.
        sha256: of its bytes, in hexadecimal digits.
        at: when it was kept, ISO 8601 in UTC.
    """

    id: str
    inspection_id: str
    purpose: str
    name: str
    size: int
    sha256: str
    at: str

    @property
    def parts(self) -> int:
        """Return in how many parts it lies here."""
        return -(-self.size // PART_BYTES)


def pieces(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the parts of a file with their numbers from 0."""
    for begin in range(0, len(data), PART_BYTES):
        yield begin // PART_BYTES, data[begin : begin + PART_BYTES]


def begin(
    s: Session, attachment: str, inspection_id: str, purpose: str, name: str, data: bytes
) -> None:
    """Begin to keep a file; what an interruption left of another goes."""
    connection = s.connection()
    make_missing(connection, _house)
    query = select(_attachments.c.id).where(_attachments.c.whole == 0)
    for unfinished in connection.execute(query).scalars().all():
        _drop(connection, unfinished)
    connection.execute(
        insert(_attachments).values(
            id=attachment,
            inspection=inspection_id,
            purpose=purpose,
            name=name,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            at=wall_text(wall_ms()),
            whole=0,
        )
    )


def add_part(s: Session, attachment: str, number: int, data: bytes) -> None:
    """Write one part."""
    s.connection().execute(insert(_parts).values(attachment=attachment, number=number, bytes=data))


def finish(s: Session, attachment: str) -> None:
    """Count a file as kept, once all its parts were read back."""
    s.connection().execute(
        update(_attachments).where(_attachments.c.id == attachment).values(whole=1)
    )


def read_part(s: Session, attachment: str, number: int) -> bytes:
    """Return one part; nothing where it is not there."""
    query = select(_parts.c.bytes).where(
        _parts.c.attachment == attachment, _parts.c.number == number
    )
    return bytes(s.connection().execute(query).scalar_one_or_none() or b"")


def attachments(s: Session, inspection_id: str = "") -> list[Attachment]:
    """Return the files that are kept of an inspection, or of all, the latest first."""
    return [one for one in _listed(s.connection()) if inspection_id in ("", one.inspection_id)]


def remove(s: Session, attachment: str) -> None:
    """Take a file out of the vault; its bytes are out of the database file after the commit."""
    make_missing(s.connection(), _house)
    _drop(s.connection(), attachment)
    s.info["scrub"] = True


def remove_of(connection: Connection, inspection_id: str) -> None:
    """Take every file of an inspection out, within its erasure."""
    make_missing(connection, _house)
    query = select(_attachments.c.id).where(_attachments.c.inspection == inspection_id)
    for attachment in connection.execute(query).scalars().all():
        _drop(connection, attachment)


def damaged(connection: Connection) -> list[str]:
    """Return what is wrong with the files that are kept, for a check."""
    findings = []
    for attachment in _listed(connection):
        digest = hashlib.sha256()
        query = select(_parts.c.bytes).where(_parts.c.attachment == attachment.id)
        for data in connection.execute(query.order_by(_parts.c.number)).scalars():
            digest.update(data)
        if digest.hexdigest() != attachment.sha256:
            findings.append(f"file {attachment.name}: its bytes are not those that were kept")
    return findings


def _listed(connection: Connection) -> list[Attachment]:
    make_missing(connection, _house)
    query = select(_attachments).where(_attachments.c.whole == 1)
    rows = connection.execute(query.order_by(_attachments.c.at.desc(), _attachments.c.id))
    return [
        Attachment(row.id, row.inspection, row.purpose, row.name, row.size, row.sha256, row.at)
        for row in rows
    ]


def _drop(connection: Connection, attachment: str) -> None:
    connection.execute(delete(_parts).where(_parts.c.attachment == attachment))
    connection.execute(delete(_attachments).where(_attachments.c.id == attachment))
