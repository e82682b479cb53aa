"""What was worked out of records is remembered with the connection until an op on them comes.

Every page asks for what hardly changes: in which case a record lies, where a piece of evidence
comes from. The feeds say which records were written since, and their heads that nothing before was
taken back; so an answer is never older than the ops that it was worked out of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Hashable, Iterable
from itertools import islice
from operator import is_not
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from storage.database.connection import driver

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_KEY, _WORKED_OUT, _FORGOTTEN = "remembered", "worked out", "forgotten"
_FEEDS = "SELECT device, epoch, kind, seq, head FROM feed"
_HEAD = "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
_SINCE = (
    "SELECT record_kind, record FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
)
MAX_ANSWERS = 50_000
"""Answers remembered of one sort; beyond, all of them are worked out anew."""
FEW = 500
"""Up to so many records written since are read again one by one; for more, all are."""

Feed = tuple[str, int, str]
Written = frozenset[tuple[str, str]]
"""The kind and id of each record with an op that came since."""
Apart = Callable[[Written], bool]
"""Says whether an answer stays true although so much was written."""


class _Memory(NamedTuple):
    """Holds the answers, and where each feed stood when they were true.

    Attributes:
        rest: the ids of all records that the first answers rest on, and how many answers these are.
    """

    feeds: dict[Feed, tuple[int, bytes]]
    answers: dict[Any, Any]
    rest: tuple[frozenset[str], int] = (frozenset(), 0)


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
    written = None if memory is None else _written_since(connection, memory.feeds, feeds)
    if memory is None or written is None or len(memory.answers) > MAX_ANSWERS:
        memory = _Memory(feeds, {})
    elif written:
        memory = _without(memory, {record for _, record in written}, rests_on)
    memories[name] = memory._replace(feeds=feeds)
    answers: dict[K, V] = memory.answers
    return answers


def _without(
    memory: _Memory, written: set[str], rests_on: Callable[[Any, Any], Iterable[str]]
) -> _Memory:
    """Return a memory without the answers that were worked out of one of some records."""
    answers = memory.answers
    rest, known = memory.rest
    # Most of what is written bears on none of them, and then they need not be gone through.
    if known != len(answers):
        later = islice(answers.items(), known, None)
        rest = rest.union(*(rests_on(*answer) for answer in later))
    if not written.isdisjoint(rest):
        for asked in [
            one for one in answers if not written.isdisjoint(rests_on(one, answers[one]))
        ]:
            del answers[asked]
        return memory._replace(rest=(frozenset(), 0))
    return memory._replace(rest=(rest, len(answers)))


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
            records = {record for _, record in written}
            again = read(records)
            # The same object where nothing of it was written, so that what follows from it is kept.
            if again or not rows.keys().isdisjoint(records):
                rows = {record: row for record, row in rows.items() if record not in records}
                rows |= again
    memories[name] = _Memory(feeds, rows)
    return rows


def unchanged(
    connection: Connection,
    name: str,
    asked: Hashable,
    read: Callable[[], V],
    apart: Apart | None = None,
) -> V:
    """Return what was read and answered last, as long as no op came and the same is asked.

    Args:
        connection: within a transaction.
        name: under which it is kept.
        asked: what else the answer depends on.
        read: reads the answer, which nobody may change.
        apart: says of ops that did come whether they leave the answer as it is.
    """
    memory = _still_true(connection, name, asked, apart)
    if memory is None:
        memory = _Memory(_heads(connection), {asked: read()})
        _memories(connection)[name] = memory
    answer: V = memory.answers[asked]
    return answer


def unchanged_steps(
    connection: Connection,
    name: str,
    asked: Hashable,
    steps: Callable[[], Generator[None, None, V]],
    apart: Apart | None = None,
) -> Generator[None, None, V]:
    """Do as :func:`unchanged` for what is read in steps; no op may come between two of them."""
    memory = _still_true(connection, name, asked, apart)
    if memory is None:
        feeds = _heads(connection)
        memory = _Memory(feeds, {asked: (yield from steps())})
        _memories(connection)[name] = memory
    answer: V = memory.answers[asked]
    return answer


def none_of(*kinds: str) -> Apart:
    """Return what says that an answer stays true as long as no record of these kinds is written."""
    return lambda written: all(kind not in kinds for kind, _ in written)


def _still_true(
    connection: Connection, name: str, asked: Hashable, apart: Apart | None
) -> _Memory | None:
    """Return what is kept under a name where it still answers what is asked; None otherwise."""
    memory = _memories(connection).get(name)
    if memory is None or asked not in memory.answers:
        return None
    feeds = _heads(connection)
    if memory.feeds != feeds:
        written = apart and _written_since(connection, memory.feeds, feeds)
        if apart is None or written is None or not apart(frozenset(written)):
            return None
        memory = _memories(connection)[name] = memory._replace(feeds=feeds)
    return memory


def following(
    connection: Connection, name: str, parts: tuple[object, ...], make: Callable[[], V]
) -> V:
    """Return what was made last of these very parts, which nobody may have changed, or make it.

    Args:
        connection: within a transaction.
        name: under which it is kept.
        parts: all that it follows from, compared as objects.
        make: makes it of them.
    """
    place = worked_out(connection, name)
    known = place.get("")
    if known is None or any(map(is_not, known[0], parts)):
        known = place[""] = parts, make()
    answer: V = known[1]
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
) -> set[tuple[str, str]] | None:
    """Return the kinds and records written since; None where an earlier op is not what it was."""
    run = driver(connection).execute
    if not then.keys() <= now.keys():
        return None
    written: set[tuple[str, str]] = set()
    if then == now:
        return written
    for feed, at in now.items():
        seq, head = then.get(feed, (0, b""))
        if at == (seq, head):
            continue
        if seq and run(_HEAD, (*feed, seq)).fetchone() != (head,):
            return None
        written.update(run(_SINCE, (*feed, seq)))
    return written


def forget(connection: Connection) -> None:
    """Forget all of it: something else than an op changed what the tables say."""
    connection.info.pop(_KEY, None)
    connection.info.pop(_WORKED_OUT, None)
    connection.info[_FORGOTTEN] = connection.info.get(_FORGOTTEN, 0) + 1


def state(connection: Connection) -> tuple[int, dict[Feed, tuple[int, bytes]]]:
    """Return what differs once an op was written, or all of it was forgotten.

    Who reads in steps compares it between two.
    """
    return connection.info.get(_FORGOTTEN, 0), _heads(connection)
