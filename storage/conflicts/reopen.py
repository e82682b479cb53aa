"""A decision is taken back by writing every answer that it settled anew, in parallel.

A decision names the answers it replaces, so writing back the one that was shown would leave a
single answer, which nobody decided on. Written anew in parallel, all of them are in conflict again,
here and wherever the writes arrive. A deletion settles what was in conflict in its record without
replacing it: only that it is deleted is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from storage.conflicts.answers import answers_in, undo_reason, without_redactions
from storage.feed.journal import writing
from storage.feed.read import leaves_of, ops_of, seen_of_others
from storage.feed.writer import Writer
from storage.ops.fold import fold
from storage.ops.op import DELETED, Op, OpId
from storage.records.registry import KINDS


def had_conflict_before(op: Op, known: dict[OpId, Op]) -> bool:
    """Say whether something was in conflict in the record before an op."""
    return bool(fold(_before(op, known)).conflicts)


def is_untouched(op: Op, known: dict[OpId, Op]) -> bool:
    """Say whether what an op wrote is still the only answer in every field.

    A later op of the same laptop may give it, which took back what was written over it.
    """
    leaves = fold(known.values()).leaves
    return all(
        leaves.get(name)
        and all(_of_its_feed(each, op) and each.fields[name] == value for each in leaves[name])
        for name, value in op.fields.items()
    )


def is_still_deleted(op: Op, known: dict[OpId, Op]) -> bool:
    """Say whether a deletion still counts, by itself or by a later op of the same laptop."""
    tombs = fold(known.values()).leaves.get(DELETED, [])
    return any(_of_its_feed(each, op) and each.fields[DELETED] for each in tombs)


def _of_its_feed(each: Op, op: Op) -> bool:
    return each.id[:3] == op.id[:3]


def _before(op: Op, known: dict[OpId, Op]) -> list[Op]:
    """Return the ops without one and those that its laptop wrote after it, which are undone."""
    writes = without_redactions(known.values()).values()
    return [each for each in writes if not _of_its_feed(each, op) or each.id.seq < op.id.seq]


def reopen_conflicts(session: Session, ops: Sequence[Op]) -> None:
    """Write anew what decisions or deletions settled.

    Args:
        session: a writing session.
        ops: their ops, each of another record; what they wrote is unchanged.
    """
    if not ops:
        return
    with writing(session, *(one.record for one in ops)) as writer:
        for op in ops:
            _reopen(session, writer, op)


def restore_deleted(
    session: Session, record: tuple[str, str], tombs: Iterable[OpId], reason: str
) -> None:
    """Take the deletions of a record back, which shows what was in it again, with its conflicts.

    Args:
        session: a writing session.
        record: its kind and id.
        tombs: the deletions that count.
        reason: why.
    """
    with writing(session, record) as writer:
        _restore(session, writer, record, tombs, reason)


def _reopen(session: Session, writer: Writer, settled: Op) -> None:
    kind, record = KINDS[settled.record[0]], settled.record
    connection, device = session.connection(), session.info["author"].device
    before = _before(settled, {one.id: one for one in ops_of(connection, *record)})
    why = undo_reason(settled.id)
    leaves = leaves_of(connection, *record)
    # A later op holds what it wrote, where that took back what was written over it.
    replaced = {settled.id, *(leaf.id for name in settled.fields for leaf in leaves.get(name, []))}
    # In the order of the record: the field that says what the others mean comes before them.
    names = tuple(name for name in kind.field_names() if name in settled.fields)
    # The latest comes last, so that the same one is shown first again.
    for answer in reversed(answers_in(kind.KIND, before, names)):
        seen = seen_of_others(connection, device, record, leaves, answer.values)
        writer.append(kind.FEED, "set", record, answer.values, sorted(replaced | seen), why)
    if DELETED not in settled.fields:
        return
    folded = fold(before)
    tombs = folded.leaves.get(DELETED, [])
    if not tombs or folded.deleted:
        _restore(session, writer, record, replaced, why)
        return
    for tomb in reversed(tombs):
        if tomb.fields[DELETED]:
            # The deletion has still seen what it saw, and not the edit that beat it.
            base = sorted(replaced.union(tomb.base))
            writer.append(kind.FEED, kind.UNMADE, record, {DELETED: True}, base, why)
        else:
            _restore(session, writer, record, replaced, why)


def _restore(
    session: Session, writer: Writer, record: tuple[str, str], tombs: Iterable[OpId], reason: str
) -> None:
    # Its values are not written along: that would decide what is in conflict in it, and give this
    # person as the writer of what a colleague wrote.
    connection, device = session.connection(), session.info["author"].device
    kind, leaves = KINDS[record[0]], leaves_of(connection, *record)
    seen = seen_of_others(connection, device, record, leaves, (DELETED,))
    writer.append(kind.FEED, kind.MADE, record, {DELETED: False}, sorted({*tombs, *seen}), reason)
