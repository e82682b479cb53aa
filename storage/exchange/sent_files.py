"""The bundles that exchanges left in folders: for whom each is, and how far it brings them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
)
from sqlmodel import Session

from storage import files
from storage.database.connection import make_missing
from storage.exchange.export import ExportSummary
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import FeedId, by_name

_house = MetaData()
files_written = Table(
    "file_written",
    _house,
    Column("name", Text, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("devices", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("brings", Text, nullable=False),
    Column("have", Text, nullable=False),
    Column("lacked", Integer, nullable=False),
)
"""The bundles that exchanges wrote: for whom, how far they bring them, and what we had then."""
digests_written = Table(
    "file_digest",
    _house,
    Column("name", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
)
"""What their bytes are; a table of its own, because vaults have the other one already."""

Reached = dict[FeedId, int]
"""For each feed, its last op that counts here."""


@dataclass(frozen=True)
class SentFile:
    """A bundle that an exchange left in a folder; one of long ago has no digest, but ""."""

    name: str
    size: int
    sha256: str
    devices: tuple[str, ...]
    brings: Reached
    have: Reached
    lacked: bool


def lying_in(folder: Path, written: Iterable[SentFile]) -> set[str]:
    """Return the names of our own earlier bundles that lie in a folder as we wrote them.

    A stick may fail, and others write to it: what has other bytes is no bundle of ours, so what it
    brought is written anew. Only what has the right size is read.
    """
    names = set()
    for sent in written:
        path = folder / sent.name
        with suppress(OSError):
            if files.is_plain(path) and path.lstat().st_size == sent.size:
                with files.open_plain(path) as file:
                    if sent.sha256 in ("", files.digest(file)):
                        names.add(sent.name)
    return names


def names_written_here(session: Session) -> set[str]:
    """Return the names of the bundles that this laptop's exchanges wrote."""
    return {one.name for one in sent_files(session.connection())}


def sent_files(connection: Connection) -> list[SentFile]:
    """Return all of them, in the order they were left."""
    make_missing(connection, _house)
    # In the order they were written, whatever the clock said: it may have been set back since.
    digests = {row.name: row.sha256 for row in connection.execute(select(digests_written))}
    rows = connection.execute(select(files_written).order_by(text("rowid")))
    return [
        SentFile(
            row.name,
            row.size,
            digests.get(row.name, ""),
            tuple(json.loads(row.devices)),
            _reached(row.brings),
            _reached(row.have),
            bool(row.lacked),
        )
        for row in rows
    ]


def _reached(text: str) -> Reached:
    return {FeedId.parse(name): seq for name, seq in json.loads(text).items()}


def remember(
    session: Session, left: ExportSummary, brings: Reached, have: Reached, *, lacked: bool
) -> None:
    """Write down a bundle that has just been left, and what we had then."""
    connection = session.connection()
    make_missing(connection, _house)
    connection.execute(
        insert(files_written).values(
            name=left.path.name,
            size=left.size,
            devices=json.dumps(list(left.devices)),
            at=wall_text(wall_ms()),
            brings=json.dumps(by_name(brings)),
            have=json.dumps(by_name(have)),
            lacked=int(lacked),
        )
    )
    connection.execute(insert(digests_written).values(name=left.path.name, sha256=left.sha256))


def forget(session: Session, names: list[str]) -> None:
    """Forget files that were taken away, but for the latest word given to each laptop."""
    connection = session.connection()
    latest = {device: one.name for one in sent_files(connection) for device in one.devices}
    latest_names = set(latest.values())
    dropped = [name for name in names if name not in latest_names]
    for table in (files_written, digests_written):
        connection.execute(delete(table).where(table.c.name.in_(dropped)))
