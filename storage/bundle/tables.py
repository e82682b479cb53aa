"""Tables of what travels: heads that laptops signed, ops that wait behind a gap, bundles seen.

Kept apart from the feeds, because all of it can be got again from the bundles themselves.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, LargeBinary, MetaData, Table, Text

from storage.tables import op_place

transit = MetaData()


def waiting_ops(name: str, house: MetaData) -> Table:
    """A table of verified ops that do not count yet: their place, bytes and links."""
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


def ready(connection: Connection) -> None:
    """Make the tables where they are not there yet; on PostgreSQL the schema has them."""
    if connection.dialect.name == "sqlite":
        transit.create_all(connection)
