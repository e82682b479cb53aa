"""What was worked out of records is remembered with the connection until an op on them comes.

Every page asks for what hardly changes: in which case a record lies, where a piece of evidence
comes from. The feeds say which records were written since, and their heads that nothing before was
taken back; so an answer is never older than the ops that it was worked out of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from storage.database.connection import driver

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_KEY, _WORKED_OUT = "remembered", "worked out"
_FEEDS = "SELECT device, epoch, kind, seq, head FROM feed"
_HEAD = "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
_SINCE = "SELECT record FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
MAX_ANSWERS = 50_000
"""Answers remembered of one sort; beyond, all of them are worked out anew."""
FEW = 500
"""Up to so many records written since are read again one by one; for more, all are."""

Feed = tuple[str, int, str]


class _Memory(NamedTuple):
    """Holds the answers, and where each feed stood when they were true."""

    feeds: dict[Feed, tuple[int, bytes]]
    answers: dict[Any, Any]


def recall(
    connection: Connection, name: str, rests_on: Callable[[K, V], Iterable[str]]
) -> dict[K, V]:
    """Return the answers that are still true, by what was asked; the caller adds to them.

    Args:
        connection: within a transaction.
        name: which sort of answers.
        rests_on: gives the ids of the records that an answer was worked out of.
    """
    memories, feeds = _memories(connection), _heads(connection)
    memory = memories.get(name)
    answers = {} if memory is None or len(memory.answers) > MAX_ANSWERS else memory.answers
    if memory is not None and answers and feeds != memory.feeds:
        written = _written_since(connection, memory.feeds, feeds)
        if written is None:
            answers = {}
        else:
            for asked in [
                asked
                for asked, answer in answers.items()
                if not written.isdisjoint(rests_on(asked, answer))
            ]:
                del answers[asked]
    memories[name] = _Memory(feeds, answers)
    return answers


def kept(
    connection: Connection,
    name: str,
    read: Callable[[Collection[str] | None], dict[str, V]],
) -> dict[str, V]:
    """Return what is read of many records, by id, those read again that were written since.

    A record that was written since comes last.

    Args:
        connection: within a transaction.
        name: under which it is kept; it says of which records.
        read: gives what is read of records by their ids, or of all where it is given none. Of each
            it rests on nothing but ops of this one.
    """
    memories, feeds = _memories(connection), _heads(connection)
    memory = memories.get(name)
    written = None if memory is None else _written_since(connection, memory.feeds, feeds)
    if memory is None or written is None or len(written) > FEW:
        rows = read(None)
    else:
        rows = memory.answers
        if written:
            again = read(written)
            rows = {record: row for record, row in rows.items() if record not in written} | again
    memories[name] = _Memory(feeds, rows)
    return rows


def unchanged(connection: Connection, name: str, asked: Hashable, read: Callable[[], V]) -> V:
    """Return what was read and answered last, as long as no op came and the same is asked.

    Args:
        connection: within a transaction.
        name: under which it is kept.
        asked: what else the answer depends on.
        read: reads the answer, which nobody may change.
    """
    memories, feeds = _memories(connection), _heads(connection)
    memory = memories.get(name)
    if memory is None or memory.feeds != feeds or asked not in memory.answers:
        memory = memories[name] = _Memory(feeds, {asked: read()})
    answer: V = memory.answers[asked]
    return answer


def unchanged_steps(
    connection: Connection,
    name: str,
    asked: Hashable,
    steps: Callable[[], Generator[None, None, V]],
) -> Generator[None, None, V]:
    """Do as :func:`unchanged` for what is read in steps; no op may come between two of them."""
    feeds = _heads(connection)
    memory = _memories(connection).get(name)
    if memory is None or memory.feeds != feeds or asked not in memory.answers:
        memory = _Memory(feeds, {asked: (yield from steps())})
        _memories(connection)[name] = memory
    answer: V = memory.answers[asked]
    return answer


def worked_out(connection: Connection, name: str) -> dict[Any, Any]:
    """Return where what follows from nothing but its own parts is kept, beside these parts."""
    places: dict[str, dict[Any, Any]] = connection.info.setdefault(_WORKED_OUT, {})
    return places.setdefault(name, {})


def _memories(connection: Connection) -> dict[str, _Memory]:
    memories: dict[str, _Memory] = connection.info.setdefault(_KEY, {})
    return memories


def _heads(connection: Connection) -> dict[Feed, tuple[int, bytes]]:
    return {
        (device, epoch, kind): (seq, head)
        for device, epoch, kind, seq, head in driver(connection).execute(_FEEDS)
    }


def _written_since(
    connection: Connection,
    then: dict[Feed, tuple[int, bytes]],
    now: dict[Feed, tuple[int, bytes]],
) -> set[str] | None:
    """Return the records written since; None where an earlier op is not what it was."""
    run = driver(connection).execute
    if not then.keys() <= now.keys():
        return None
    written: set[str] = set()
    if then == now:
        return written
    for feed, at in now.items():
        seq, head = then.get(feed, (0, b""))
        if at == (seq, head):
            continue
        if seq and run(_HEAD, (*feed, seq)).fetchone() != (head,):
            return None
        written.update(record for (record,) in run(_SINCE, (*feed, seq)))
    return written


def forget(connection: Connection) -> None:
    """Forget all of it: something else than an op changed what the tables say."""
    connection.info.pop(_KEY, None)
    connection.info.pop(_WORKED_OUT, None)
