"""Tells the shape of the derived tables, which a vault's are compared with when it is opened.

Derived tables have no version of their own that somebody would have to remember to raise: their
names and columns are kept as a fact of the vault, and where a later fieldkit wants others, they are
dropped and made again (:mod:`storage.vault.migrate`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection

from storage.database.facts import Fact
from storage.database.tables import SCHEMA, disputed, leaves, refused, searchable
from storage.feed import search
from storage.feed.judge import RULES
from storage.feed.projection import table_of
from storage.feed.read import REDACTING
from storage.feed.tallies import shape as shape_of_tallies
from storage.records.log import Disclosure, Erasure, Receipt
from storage.records.model.base import Record
from storage.records.registry import KINDS, uncounted


def _among(kinds: Iterable[str]) -> str:
    """Return the condition that an op is on a record of one of these kinds."""
    named = ",".join(f"'{kind}'" for kind in kinds)
    return f"record_kind IN ({named})"


SENDING = _among((Receipt.KIND, Disclosure.KIND, Erasure.KIND))
"""The condition of the ops that tell what left this laptop, arrived, or was erased."""
UNCOUNTED = f"(bytes IS NULL OR {_among(uncounted())})"
"""The condition of the ops that are nobody's work: stubs, and what tells of sending and looking."""
INDEXES = {
    "op_sending": f"op(device, epoch, kind, seq, record_kind, record) WHERE {SENDING}",
    "op_uncounted": f"op(device, epoch, kind, seq) WHERE {UNCOUNTED}",
    "op_redacting": f"op(device, epoch, kind, seq) WHERE {REDACTING}",
}
"""What finds these few among all ops: each by its name, with what it is of."""


def make_indexes(connection: Connection) -> None:
    """Make the indexes of the few ops that every page asks for, in place of earlier ones."""
    for name, of in INDEXES.items():
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE INDEX {name} ON {of}")


SHAPE = Fact.raw("shape")
"""Names the derived tables and their columns, and what the indexes of ops are of."""


def present() -> bytes:
    """Return the derived tables as this fieldkit makes them, as JSON."""
    return _shape(tuple(KINDS.values()))


@cache
def _shape(kinds: tuple[type[Record], ...]) -> bytes:
    tables = [table_of(kind) for kind in kinds]
    shape: dict[str, Any] = {
        one.name: [f"{column.name} {column.type}" for column in one.columns]
        for one in (*tables, leaves, disputed, refused, searchable)
    }
    shape["leaf"] += ["of known fields", "as the first entry of redactions leaves them"]
    shape["refused"].append(f"by rules {RULES}")
    shape["words"] = [search.CREATE, search.FORM]
    # What the index is made of decides what stands in it.
    shape["words"] += [f"{kind.KIND} {' '.join(kind.SEARCH)}" for kind in kinds if kind.SEARCH]
    shape["op"] = list(INDEXES.values())
    shape |= shape_of_tallies()
    return json.dumps(shape, sort_keys=True).encode()


def tables_of(value: bytes | None) -> set[str]:
    """Return the names of the derived tables that a vault says it has, but not of the indexes."""
    try:
        shape = json.loads(value or b"{}")
    except ValueError:
        return set()
    return set(shape) - {"words", "op"} if isinstance(shape, dict) else set()


def outdated(version: int, facts: dict[str, bytes]) -> bool:
    """Say whether a vault's derived tables have to be made again before it can be used."""
    return version < SCHEMA or SHAPE.of(facts) != present()
