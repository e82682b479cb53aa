"""What was worked out of records is remembered with the connection until an op on them comes.

Every page asks for what hardly changes: in which case a record lies, where a piece of evidence
comes from. The feeds say which records were written since, and their heads that nothing before was
taken back; so an answer is never older than the ops that it was worked out of.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from storage.database.connection import driver

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_KEY = "remembered"
_FEEDS = "SELECT device, epoch, kind, seq, head FROM feed"
_HEAD = "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
_SINCE = "SELECT record FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
MAX_ANSWERS = 50_000
"""Answers remembered of one sort; beyond, all of them are worked out anew."""

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
    memories: dict[str, _Memory] = connection.info.setdefault(_KEY, {})
    feeds = {
        (device, epoch, kind): (seq, head)
        for device, epoch, kind, seq, head in driver(connection).execute(_FEEDS)
    }
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
