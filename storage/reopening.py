"""Taking a decision back: every answer that it settled is written anew, beside the others.

A decision names the answers it replaces, so writing back the one that was shown would leave a
single answer, which nobody decided on. Written anew without sight of one another, all of them
stand again, here and wherever the writes arrive. A deletion settles what was in conflict in its
record without replacing it: only that it is deleted is taken back.
"""

from __future__ import annotations

from sqlmodel import Session

from storage.answers import answers, undo_of, unredacting
from storage.feed import Desk, Writer
from storage.fold import fold
from storage.journal import leaves_of, record_consultations, seen_elsewhere
from storage.op import DELETED, Op, OpId
from storage.records import KINDS
from storage.replay import ops_of, settle


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


def reopen(session: Session, settled: Op) -> None:
    """Write anew what a decision settled.

    Args:
        session: a writing session.
        settled: the op of the decision; what it wrote still stands.
    """
    desk: Desk = session.info["desk"]
    kind, record = settled.record
    connection = session.connection()
    known = unredacting(ops_of(connection, kind, record))
    before = [one for one in known.values() if one.id != settled.id]
    record_consultations(session)
    session.flush()
    writer = Writer(connection, desk)
    why = undo_of(settled.id)
    feed = KINDS[kind].FEED
    # In the order of the record, where what says what the others mean stands before them.
    stand = leaves_of(connection, kind, record)
    names = tuple(name for name in KINDS[kind].field_names() if name in settled.fields)
    # The latest comes last, so that the same one is shown first again.
    for one in reversed(answers(kind, before, names)):
        seen = seen_elsewhere(connection, desk.device, settled.record, stand, one.values)
        base = sorted({settled.id, *seen})
        writer.append(feed, "set", settled.record, one.values, base, why)
    if DELETED in settled.fields:
        beaten = [one for one in fold(before).leaves.get(DELETED, []) if one.fields[DELETED]]
        for tomb in reversed(beaten):
            # What the deletion saw, it has still seen; the edit that beat it, it has not.
            base = sorted({settled.id, *tomb.base})
            writer.append(feed, KINDS[kind].UNMADE, settled.record, {DELETED: True}, base, why)
        if not beaten:
            gone = {DELETED: False}
            seen = seen_elsewhere(connection, desk.device, settled.record, stand, gone)
            base = sorted({settled.id, *seen})
            writer.append(feed, KINDS[kind].MADE, settled.record, gone, base, why)
    writer.flush()
    session.info.setdefault("written", []).extend(writer.written)
    shown = session.get(KINDS[kind], record)
    settle(connection, kind, record)
    if shown is not None:
        session.expire(shown)
