"""A vault's own check: the encrypted pages, the chain of every feed, and tables equal to ops."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlmodel import Session

from storage.canonical import MalformedError
from storage.op import OpId, decode, digest, link, root
from storage.replay import differences
from storage.tables import feeds, ops


@dataclass(frozen=True)
class Checkup:
    """What a check found; every list is empty where all is well.

    Attributes:
        ops: how many ops were looked at.
        feeds: how many feeds they stand in.
        pages: what SQLCipher and SQLite say against the database file.
        chain: where a feed's chain does not hold.
        tables: where the tables are not what the ops add up to.
    """

    ops: int
    feeds: int
    pages: tuple[str, ...]
    chain: tuple[str, ...]
    tables: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not (self.pages or self.chain or self.tables)


def check(session: Session, pages: list[str]) -> Checkup:
    """Check the ops and what was made from them; ``pages`` was found in the file before."""
    connection = session.connection()
    count, chain = _chains(connection)
    return Checkup(
        ops=count,
        feeds=len(connection.execute(select(feeds)).all()),
        pages=tuple(pages),
        chain=tuple(chain),
        tables=tuple(_tables(connection)),
    )


def _tables(connection: Connection) -> list[str]:
    try:
        return differences(connection)
    except (ValueError, KeyError, TypeError, MalformedError):
        # Not an accident of this program's: the chain's own findings name the op.
        return ["the ops cannot be replayed, because one of them cannot be read"]


def _chains(connection: Connection) -> tuple[int, list[str]]:
    """How many ops there are, and where an op's bytes, place or head are not what they must be."""
    found: list[str] = []
    heads: dict[str, tuple[int, bytes]] = {}
    count = 0
    query = select(ops).order_by(ops.c.device, ops.c.epoch, ops.c.kind, ops.c.seq)
    for row in connection.execute(query):
        count += 1
        name = OpId(row.device, row.epoch, row.kind, row.seq)
        seq, head = heads.get(name.feed, (0, root(name.feed)))
        if row.bytes is not None and not _same(row.bytes, name, row.digest):
            found.append(f"op {name}: its bytes are not those that were written")
        if row.seq == seq + 1:
            if link(head, row.digest) != row.head:
                found.append(f"op {name}: it is not chained to the op before it")
            heads[name.feed] = (row.seq, row.head)
    for row in connection.execute(select(feeds)):
        feed = f"{row.device}/{row.epoch}/{row.kind}"
        if heads.get(feed, (0, root(feed))) != (row.seq, row.head):
            found.append(f"feed {feed}: it does not reach the op it is said to reach")
    return count, found


def _same(data: object, name: OpId, inner: bytes) -> bool:
    try:
        return isinstance(data, bytes) and digest(data) == inner and decode(data).id == name
    except MalformedError:
        return False
