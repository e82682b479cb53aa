"""A record belongs to the inspection that its ops write, and not to those that mention it.

An op that writes no field says nothing here, whatever it carries: a colleague's op could otherwise
have a record of one inspection erased, or handed out, with another. Of several inspections that
were written the one that is shown counts, as in the tables.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.ops.fold import WRITES, fold
from storage.ops.op import Op
from storage.ops.redactions import REDACT, entries

_FIELD = "inspection_id"


def written_inspections(op: Op) -> frozenset[str]:
    """Return the inspections that an op writes its record to be of, or a redaction restates."""
    if op.op == REDACT:
        values = [one["fields"].get(_FIELD) for one in entries(op) if one["op"] in WRITES]
    else:
        values = [op.fields.get(_FIELD)] if op.op in WRITES else []
    return frozenset(one for one in values if isinstance(one, str) and one)


def inspections_of(known: Iterable[Op]) -> frozenset[str]:
    """Return the inspection that a record is shown to be of, by all its ops.

    Where what is shown names none, any that was ever written counts.
    """
    ops = list(known)
    shown = fold(ops).values.get(_FIELD)
    if isinstance(shown, str) and shown:
        return frozenset((shown,))
    return frozenset().union(*map(written_inspections, ops))
