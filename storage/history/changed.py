"""Says of many records at once whether they say something else than at one of their ops.

A history tells all that was done to a record, which takes long for a page with a thousand links;
here only the values count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlmodel import Session

from storage.database.remembered import recall
from storage.feed.read import ops_of_several
from storage.history.history import revisions
from storage.ops.op import Op
from storage.ops.redactions import REDACT, REDACTED_TEXT
from storage.records.registry import KINDS

Revision = tuple[str, str, str]
"""A kind of record, the id of one, and one of its ops as ``device/epoch/kind/seq``."""


def changed_revisions(
    session: Session, asked: Iterable[Revision], apart: Collection[str]
) -> set[Revision]:
    """Return what :func:`changed_since` does, of each revision read once and then remembered."""
    known = recall(session.connection(), "changed revisions", _rests_on)
    wanted = {one for one in asked if one[2]}
    if fresh := wanted - known.keys():
        last = revisions(session, (record for _, record, _ in fresh))
        later = [one for one in fresh if last.get(one[1]) != one[2]]
        changed = changed_since(session, later, apart)
        known |= {one: one in changed for one in fresh}
    return {one for one in wanted if known[one]}


def _rests_on(asked: Revision, changed: bool) -> tuple[str]:
    return (asked[1],)


def changed_since(
    session: Session, revisions: Iterable[Revision], apart: Collection[str]
) -> set[Revision]:
    """Return the revisions after which a record came to say something else.

    A revision that is not known here counts as the last.

    Args:
        session: a session.
        revisions: which are asked about.
        apart: fields whose change does not count.
    """
    asked: dict[str, set[tuple[str, str]]] = {}
    for kind, record, revision in revisions:
        if kind in KINDS and revision:
            asked.setdefault(kind, set()).add((record, revision))
    changed: set[Revision] = set()
    for kind, pairs in asked.items():
        ops_of = ops_of_several(session.connection(), kind, (record for record, _ in pairs))
        for ops in ops_of.values():
            ops.sort(key=lambda op: op.order)
        for record, revision in pairs:
            ops = ops_of.get(record, [])
            at = next((n for n, op in enumerate(ops, 1) if str(op.id) == revision), len(ops))
            if values_after(kind, ops[:at], apart) != values_after(kind, ops, apart):
                changed.add((kind, record, revision))
    return changed


def values_after(kind: str, ops: Sequence[Op], apart: Collection[str]) -> dict[str, Any]:
    """Return what a record's fields say after ops in the order of the clock, some apart."""
    known = KINDS[kind]
    values = {name: known.default(name) for name in known.field_names() if name not in apart}
    for op in ops:
        written = {op.fields.get("field"): REDACTED_TEXT} if op.op == REDACT else op.fields
        values.update({str(name): to for name, to in written.items() if name in values})
    return values
