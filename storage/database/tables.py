"""Lists the tables that are not records: ops, what follows from them, drafts and facts.

``op``, ``draft`` and ``meta`` have a schema version; ``leaf``, ``disputed``, ``refused``, ``feed``
and the search index are derived from the ops and can be made again at any time
(:mod:`storage.feed.replay`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from storage.ops.upcast import VERSION

SCHEMA = VERSION
"""Version of ``op``, ``draft`` and ``meta``; kept in ``PRAGMA user_version``."""

WHOLE = Integer().with_variant(BigInteger(), "postgresql")
"""A whole number of an op's id; an epoch is milliseconds, which SQLite alone calls an integer."""

house = MetaData()
"""Tables of the store itself, as against the records' own (``SQLModel.metadata``)."""


def op_place() -> list[Column[Any]]:
    """Return the columns of an op's id, which are the key of a table."""
    return [
        Column("device", Text, primary_key=True),
        Column("epoch", WHOLE, primary_key=True, autoincrement=False),
        Column("kind", Text, primary_key=True),
        Column("seq", WHOLE, primary_key=True, autoincrement=False),
    ]


ops = Table(
    "op",
    house,
    *op_place(),
    Column("record_kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("hlc", Text, nullable=False),
    Column("wall", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("bytes", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Index("op_of_record", "record", "record_kind"),
    sqlite_with_rowid=False,
)
"""Every op of every feed known here. ``bytes`` is null for a stub, whose ``digest`` stays."""

leaves = Table(
    "leaf",
    house,
    Column("record_kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("op", Text, primary_key=True),
    Column("hlc", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The writes that nothing has replaced; more than one on a field is a conflict."""

disputed = Table(
    "disputed",
    house,
    Column("record_kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    sqlite_with_rowid=False,
)
"""The fields in conflict of the records that have a row, so that no page has to look for them."""

refused = Table(
    "refused",
    house,
    Column("op", Text, primary_key=True),
    Column("record_kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("refused_record", "record", "record_kind"),
    sqlite_with_rowid=False,
)
"""The ops here that count for nothing, and why (:mod:`storage.feed.judge`)."""

feeds = Table(
    "feed",
    house,
    Column("device", Text, primary_key=True),
    Column("epoch", WHOLE, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("seq", WHOLE, nullable=False),
    Column("head", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Where each feed known here stands: its last op without a gap, and the chain's head there."""

meta = Table(
    "meta",
    house,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""The vault's own facts: its id, the laptop's keys, the clock, the person, the roster."""

drafts = Table(
    "draft",
    house,
    Column("id", Text, primary_key=True),
    Column("place", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("saved", Text, nullable=False),
    Column("discarded", Text),
    Index("draft_at", "place", "field"),
)
"""Text typed and not yet committed; see :mod:`storage.feed.drafts`."""

searchable = Table(
    "searchable",
    house,
    Column("id", Integer, primary_key=True),
    Column("record_kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("inspection", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Index("searchable_record", "record", "record_kind", unique=True),
)
"""Which row of the full-text index is which record; ``size`` is the length of its text."""
