"""The fields that this fieldkit knows of a kind of record; a later one may have written others.

Those stay in the ops and are passed on. No table has them, nobody can be asked to decide between
them, and the tables are made anew once a fieldkit knows them (:mod:`storage.migrating`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from storage.op import DELETED
from storage.records import KINDS


@cache
def known_fields(kind: str) -> frozenset[str]:
    """The fields of a kind, :data:`DELETED` among them; none of a kind that is not known."""
    known = KINDS.get(kind)
    return frozenset((*known.field_names(), DELETED)) if known else frozenset()


def default_of(kind: str, name: str) -> Any:
    """The value of a field that no op has written; None where it is not known here."""
    known = KINDS.get(kind)
    return known.default(name) if known and name in known.field_names() else None
