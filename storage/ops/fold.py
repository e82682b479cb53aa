"""A fold is what the ops of one record add up to.

It does not depend on the order the ops came in, so any two laptops that hold the same ops
show the same thing. A write replaces exactly what its ``base`` names, in the fields both touch;
the clock only picks which of several unreplaced writes is shown first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from storage.ops.causality import in_circles
from storage.ops.op import DELETED, VERBS, Op, OpId
from storage.ops.redactions import REDACT, effective_ops

WRITES = VERBS - {REDACT}
"""The verbs that write fields. ``redact`` writes none: its entries replace other ops."""


@dataclass(frozen=True)
class Folded:
    """Holds one record as its ops leave it.

    Attributes:
        leaves: for each field the unreplaced writes, the one shown first at the head.
        deleted: the record is deleted, and no parallel edit beats that.
        writes: the ops that were added up, as redactions left them.
    """

    leaves: dict[str, list[Op]]
    deleted: bool
    writes: Collection[Op] = ()

    @property
    def values(self) -> dict[str, Any]:
        """Return the value shown of each field, without the field of deletions."""
        return {name: ops[0].fields[name] for name, ops in self.leaves.items() if name != DELETED}

    @property
    def conflicts(self) -> dict[str, list[Op]]:
        """Return the fields with more than one unreplaced write that do not say the same.

        None where the record is deleted or nothing else of it is here: nobody has to decide.
        """
        if self.deleted or not self.leaves.keys() - {DELETED}:
            return {}
        disputed = {}
        for name, ops in self.leaves.items():
            if len(ops) > 1 and any(one.fields[name] != ops[0].fields[name] for one in ops[1:]):
                disputed[name] = ops
        tombs = self.leaves.get(DELETED, [])
        if any(one.fields[DELETED] for one in tombs):
            disputed[DELETED] = tombs
        return disputed


def fold(ops: Iterable[Op]) -> Folded:
    """Add up the ops of one record, in any order and with no regard to duplicates."""
    ops = list(ops)
    if len(ops) == 1 and ops[0].op in WRITES and DELETED not in ops[0].fields:
        # As most records there are; a write does not replace itself.
        return Folded({name: [ops[0]] for name in ops[0].fields}, deleted=False, writes=ops)
    writes = {one.id: one for one in effective_ops(ops) if one.op in WRITES}
    # Only a forger's bases go round in a circle, after which nothing would be left of a field. One
    # of them at least names a later op, as hardly any honest one does.
    doubtful = any(
        op.hlc <= writes[named].hlc
        for op in writes.values()
        for named in op.base
        if named in writes
    )
    leaves = _leaves(writes, in_circles(writes.values()) if doubtful else frozenset())
    return Folded(leaves, _is_deleted(leaves), writes.values())


def _leaves(writes: Mapping[OpId, Op], circle: Set[OpId]) -> dict[str, list[Op]]:
    """Return the unreplaced writes of each field; those of a circle replace none of each other."""
    if len(writes) == 1:  # as of most records there are; a write does not replace itself
        return {name: [op] for op in writes.values() for name in op.fields}
    replaced: set[tuple[OpId, str]] = set()
    for op in writes.values():
        for named in op.base:
            before = writes.get(named)
            # Only writes that are there: what a bundle names may be many, and none of them here.
            if before is not None and not (named in circle and op.id in circle):
                replaced.update((named, name) for name in op.fields.keys() & before.fields.keys())
    leaves: dict[str, list[Op]] = {}
    for op in sorted(writes.values(), key=lambda op: op.order, reverse=True):
        for name in op.fields:
            if (op.id, name) not in replaced:
                leaves.setdefault(name, []).append(op)
    return leaves


def _is_deleted(leaves: dict[str, list[Op]]) -> bool:
    """Say whether a deletion counts: an edit it did not see beats it."""
    tombs = leaves.get(DELETED, [])
    if not tombs or not all(one.fields[DELETED] for one in tombs):
        return False
    seen = {named for one in tombs for named in one.base}
    return all(one.id in seen for name, ops in leaves.items() if name != DELETED for one in ops)
