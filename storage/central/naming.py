"""Which inspection an op names, if any; read at central without looking at anything else in it."""

from __future__ import annotations

from storage.bundle.limits import LONGEST_ID
from storage.claims import written
from storage.op import Op
from storage.redaction import REDACT


def inspection_of(op: Op) -> str:
    """The id of the inspection that an op names, or empty; of a redaction, what it restates.

    What is too long to be one is none: kinds and verbs of a later fieldkit are not looked into when
    they come, and an index of the database holds no text of any length.
    """
    kind, record = op.record
    named: object
    if kind == "inspection":
        named = record
    elif op.op == REDACT:
        named = min(written(op), default="")
    else:
        named = op.fields.get("inspection_id", "")
    return named if isinstance(named, str) and len(named) <= LONGEST_ID else ""
