"""Tells the shape of the derived tables, which a vault's are compared with when it is opened.

Derived tables have no version of their own that somebody would have to remember to raise: their
names and columns are kept as a fact of the vault, and where a later fieldkit wants others, they are
dropped and made again (:mod:`storage.vault.migrate`).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from storage.database.facts import Fact
from storage.database.tables import SCHEMA, leaves, refused, searchable
from storage.feed import search
from storage.feed.judge import RULES
from storage.feed.projection import table_of
from storage.records.model.base import Record
from storage.records.registry import KINDS

SHAPE = Fact.raw("shape")
"""Names the derived tables and their columns."""


def present() -> bytes:
    """Return the derived tables as this fieldkit makes them, as JSON."""
    return _shape(tuple(KINDS.values()))


@cache
def _shape(kinds: tuple[type[Record], ...]) -> bytes:
    tables = [table_of(kind) for kind in kinds]
    shape: dict[str, Any] = {
        one.name: [f"{column.name} {column.type}" for column in one.columns]
        for one in (*tables, leaves, refused, searchable)
    }
    shape["leaf"] += ["of known fields", "as the first entry of redactions leaves them"]
    shape["refused"].append(f"by rules {RULES}")
    shape["words"] = [search.CREATE, search.FORM]
    # What the index is made of decides what stands in it.
    shape["words"] += [f"{kind.KIND} {' '.join(kind.SEARCH)}" for kind in kinds if kind.SEARCH]
    return json.dumps(shape, sort_keys=True).encode()


def tables_of(value: bytes | None) -> set[str]:
    """Return the names of the derived tables that a vault says it has, the search index apart."""
    try:
        shape = json.loads(value or b"{}")
    except ValueError:
        return set()
    return set(shape) - {"words"} if isinstance(shape, dict) else set()


def outdated(version: int, facts: dict[str, bytes]) -> bool:
    """Say whether a vault's derived tables have to be made again before it can be used."""
    return version < SCHEMA or SHAPE.of(facts) != present()
