"""Lists the tables of what travels: signed heads, ops behind a gap, bundles seen.

Kept apart from the feeds, because all of it can be got again from the bundles themselves.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    insert,
    inspect,
    select,
)

from storage.database.connection import make_missing
from storage.database.tables import op_place, ops
from storage.ops.op import OpId

transit = MetaData()
aside = MetaData()


def waiting_ops(name: str, house: MetaData) -> Table:
    """Return a table of verified ops that do not count yet: their place, bytes and links."""
    return Table(
        name,
        house,
        *op_place(),
        Column("bytes", LargeBinary),
        Column("digest", LargeBinary, nullable=False),
        Column("head", LargeBinary, nullable=False),
    )


signed_heads = Table(
    "signed_head",
    transit,
    *op_place(),
    Column("head", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
"""What other laptops signed of their feeds: with it their ops can be relayed, newly cut."""

held_ops = waiting_ops("held_op", transit)
"""Verified ops that came before those they follow on; they count as soon as the gap is filled."""

apart_ops = waiting_ops("apart_op", aside)
"""Verified ops of a revoked laptop after its time (:mod:`storage.bundle.revoked`); made where it is
first needed."""

wanted_ops = Table("wanted_op", aside, *op_place())
"""Ops whose words a redaction took away that counts no more; made where it is first needed."""

bundles_seen = Table(
    "bundle_seen",
    transit,
    Column("bundle", Text, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("ops", Integer, nullable=False),
)
"""Bundles taken in, once each."""


def make_transit_tables(connection: Connection) -> None:
    """Make the tables where they are not there yet; on PostgreSQL the schema has them."""
    make_missing(connection, transit)


def waiting_tables(connection: Connection) -> list[Table]:
    """Return those that are there of the tables of ops that do not count yet."""
    present = inspect(connection)
    return [one for one in (held_ops, apart_ops) if present.has_table(one.name)]


def want(connection: Connection, places: Iterable[OpId]) -> None:
    """Write down ops whose words are asked for again."""
    make_missing(connection, aside)
    rows = [place._asdict() for place in places]
    if rows:
        connection.execute(insert(wanted_ops).prefix_with("OR IGNORE"), rows)


def wanted(connection: Connection) -> list[OpId]:
    """Return those of them that are still without words, in the order of their feeds."""
    if not inspect(connection).has_table(wanted_ops.name):
        return []
    place = [ops.c[one.name] for one in wanted_ops.c]
    still_stub = and_(*(one == ops.c[one.name] for one in wanted_ops.c), ops.c.bytes.is_(None))
    rows = connection.execute(select(*place).join(wanted_ops, still_stub).order_by(*place))
    return [OpId(*row) for row in rows]


def sender_seen(connection: Connection, sha256: str) -> str | None:
    """Who made the bundle of these bytes, where it was taken in before."""
    make_transit_tables(connection)
    query = select(bundles_seen.c.sender).where(bundles_seen.c.sha256 == sha256).limit(1)
    sender: str | None = connection.execute(query).scalar_one_or_none()
    return sender
