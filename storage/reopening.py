"""Taking a decision back: every answer that it settled is written anew, beside the others.

A decision names the answers it replaces, so writing back the one that was shown would leave a
single answer, which nobody decided on. Written anew without sight of one another, all of them
stand again, here and wherever the writes arrive. A deletion settles what was in conflict in its
record without replacing it: only that it is deleted is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlmodel import Session

from storage.answers import answers, undo_of, unredacting
from storage.bundle.settling import settle_many
from storage.feed import Writer
from storage.fold import fold
from storage.journal import leaves_of, record_consultations, seen_elsewhere
from storage.op import DELETED, Op, OpId
from storage.records import KINDS
from storage.replay import ops_of


def settles(one: Op, known: dict[OpId, Op]) -> bool:
    """Whether an op decided a conflict; a deletion may have, without a verb that says so."""
    if one.op == "resolve":
        return True
    if not one.fields.get(DELETED):
        return False
    before = unredacting(each for each in known.values() if each.id != one.id)
    return bool(fold(before.values()).conflicts)


def untouched(one: Op, known: dict[OpId, Op]) -> bool:
    """Whether what an op wrote still stands alone in every field."""
    leaves = fold(known.values()).leaves
    return all(leaves.get(name) == [one] for name in one.fields)


def reopen(session: Session, several: Sequence[Op]) -> None:
    """Write anew what decisions or deletions settled.

    Args:
        session: a writing session.
        several: their ops, each of another record; what they wrote still stands.
    """
    if not several:
        return
    with _writing(session, [one.record for one in several]) as writer:
        for one in several:
            _anew(session, writer, one)


def bring_back(
    session: Session, record: tuple[str, str], tombs: Iterable[OpId], reason: str
) -> None:
    """Take a deletion back: what stood in the record stands again, conflicts among it.

    Args:
        session: a writing session.
        record: its kind and id.
        tombs: the deletions that stand.
        reason: why.
    """
    with _writing(session, [record]) as writer:
        _back(session, writer, record, tombs, reason)


@contextmanager
def _writing(session: Session, records: Sequence[tuple[str, str]]) -> Iterator[Writer]:
    """A writer of ops that are no change of a row; the rows are made what the ops add up to."""
    record_consultations(session)
    session.flush()
    connection = session.connection()
    writer = Writer(connection, session.info["desk"])
    yield writer
    writer.flush()
    session.info.setdefault("written", []).extend(writer.written)
    settle_many(connection, records)
    session.expire_all()


def _anew(session: Session, writer: Writer, settled: Op) -> None:
    kind, record = KINDS[settled.record[0]], settled.record
    connection, device = session.connection(), session.info["desk"].device
    known = unredacting(ops_of(connection, *record))
    before = [one for one in known.values() if one.id != settled.id]
    why = undo_of(settled.id)
    stand = leaves_of(connection, *record)
    # In the order of the record, where what says what the others mean stands before them.
    names = tuple(name for name in kind.field_names() if name in settled.fields)
    # The latest comes last, so that the same one is shown first again.
    for one in reversed(answers(kind.KIND, before, names)):
        seen = seen_elsewhere(connection, device, record, stand, one.values)
        writer.append(kind.FEED, "set", record, one.values, sorted({settled.id, *seen}), why)
    if DELETED not in settled.fields:
        return
    folded = fold(before)
    tombs = folded.leaves.get(DELETED, [])
    if not tombs or folded.gone:
        _back(session, writer, record, [settled.id, *(one.id for one in tombs)], why)
        return
    for tomb in reversed(tombs):
        if tomb.fields[DELETED]:
            # What the deletion saw, it has still seen; the edit that beat it, it has not.
            base = sorted({settled.id, *tomb.base})
            writer.append(kind.FEED, kind.UNMADE, record, {DELETED: True}, base, why)
        else:
            _back(session, writer, record, [settled.id], why)


def _back(
    session: Session,
    writer: Writer,
    record: tuple[str, str],
    tombs: Iterable[OpId],
    reason: str,
) -> None:
    # Its values are not written along: that would decide what is in conflict in it, and put into
    # this person's mouth what a colleague said.
    connection, device = session.connection(), session.info["desk"].device
    kind, stand = KINDS[record[0]], leaves_of(connection, *record)
    seen = seen_elsewhere(connection, device, record, stand, (DELETED,))
    base = sorted({*tombs, *seen})
    writer.append(kind.FEED, kind.MADE, record, {DELETED: False}, base, reason)
