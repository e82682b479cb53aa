"""Which inspection an op names, if any; read at central without looking at anything else in it."""

from __future__ import annotations

from storage.claims import written
from storage.op import Op
from storage.redaction import REDACT


def inspection_of(op: Op) -> str:
    """The id of the inspection that an op names, or empty; of a redaction, what it restates."""
    kind, record = op.record
    if kind == "inspection":
        return record
    if op.op == REDACT:
        return min(written(op), default="")
    named = op.fields.get("inspection_id", "")
    return named if isinstance(named, str) else ""
