"""Which inspection an op names, if any; read at central without looking at anything else in it."""

from __future__ import annotations

from storage.op import Op


def inspection_of(op: Op) -> str:
    """The id of the inspection that an op names, or empty."""
    kind, record = op.record
    named = record if kind == "inspection" else op.fields.get("inspection_id", "")
    return named if isinstance(named, str) else ""
