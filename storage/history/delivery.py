"""How far each record has come: still here only, exported, or received by central.

What left is said by disclosures, what arrived by receipts: each covers feeds up to an op. A record
has come as far as the least advanced of its ops, so one changed after an export is *local* again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.history.own_ops import FEW, own_ops
from storage.ops.fold import fold
from storage.ops.op import KEY, FeedId, Op, OpId, decode
from storage.records.log import Disclosure, Erasure, Receipt
from storage.records.registry import is_counted, uncounted
from storage.trust.identity import own_device

State = Literal["local", "exported", "received", "erased"]
STATES: tuple[State, ...] = ("local", "exported", "received")


Covered = dict[FeedId, int]
"""For each feed its highest op that is covered."""

# Without DISTINCT or GROUP BY: sorting in SQLite takes longer than a set here.
_WHERE_THEY_LIE = (
    "SELECT record_kind, record FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
)
_BY_RECORD = (
    "SELECT record_kind, record FROM op INDEXED BY op_of_record "
    "WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
)
_HEAD = "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
_ERASED = "SELECT record FROM op WHERE record <> '' GROUP BY record HAVING COUNT(bytes) = 0"
MAX_SETS_KEPT = 16
"""Sets of records kept with a connection: of each feed, since the export and since midnight."""


@dataclass(frozen=True)
class DeliveryStatus:
    """Says how far all records have come.

    Attributes:
        rest: the state of every record that is not named below.
        local: the ids of records with an op that has not left this laptop.
        exported: the ids of records with an op that central has not confirmed, all having left.
        erased: the ids of records of which nothing but stubs is left here.
    """

    rest: State
    local: frozenset[str]
    exported: frozenset[str]
    erased: frozenset[str] = frozenset()

    def of(self, records: Iterable[str]) -> State:
        """Return how far several records have come together: as far as the least advanced."""
        least = 2
        ids = tuple(records)
        if ids and self.erased and self.erased.issuperset(ids):
            return "erased"
        for record in ids:
            if record in self.local:
                return "local"
            at = 1 if record in self.exported else STATES.index(self.rest)
            least = min(least, at)
        return STATES[least]


def covered(connection: Connection) -> tuple[Covered, Covered]:
    """Return what disclosures cover, receipts among it, and what receipts cover.

    Only what this laptop wrote itself counts (:func:`own_records`).
    """
    feeds = known_feeds(connection)
    arrived = highest_covered(
        feeds, (one.get("covers") for one in own_records(connection, Receipt).values())
    )
    # What went to colleagues has not come any nearer to central.
    covers_of = [
        disclosure.get("covers")
        for disclosure in own_records(connection, Disclosure).values()
        if not disclosure.get("to")
    ]
    exported = highest_covered(feeds, covers_of)
    both = {**exported, **arrived}
    return {feed: max(exported.get(feed, 0), arrived.get(feed, 0)) for feed in both}, arrived


def own_records(
    connection: Connection, kind: type[Disclosure | Receipt | Erasure]
) -> dict[str, dict[str, Any]]:
    """Return what this laptop's own ops say in each record of a kind, by id.

    A receipt is checked by the laptop that takes it, so what a colleague's bundle says of sending
    and arriving is no proof here: it could keep what was never delivered from going out.
    """
    ops: dict[str, list[Op]] = {}
    for record, data in own_ops(connection, kind.KIND, own_device(connection)):
        ops.setdefault(record, []).append(decode(data, trusted=True))
    folded = {record: fold(several) for record, several in ops.items()}
    return {record: one.values for record, one in folded.items() if not one.gone}


def highest_covered(feeds: Covered, covers_of: Iterable[object]) -> Covered:
    """Return the highest op of each feed that is covered, never beyond what is known of the feed.

    Figures that are no whole numbers, and feeds not known here, say nothing and are passed over.
    """
    highest: Covered = {}
    named: dict[object, FeedId] = {str(feed): feed for feed in feeds}
    for covers in covers_of:
        for name, seq in covers.items() if isinstance(covers, dict) else ():
            feed = named.get(name)
            if type(seq) is int and seq > 0 and feed is not None:
                highest[feed] = max(min(seq, feeds[feed]), highest.get(feed, 0))
    return highest


def erased_to(connection: Connection) -> Covered:
    """Return how far each feed is covered by what this laptop erased."""
    covers_of = (one.get("covers") for one in own_records(connection, Erasure).values())
    return highest_covered(known_feeds(connection), covers_of)


def delivery_status(connection: Connection, device: str | None = None) -> DeliveryStatus:
    """Return which records are local, which exported and which received.

    Reads only the ops beyond what is covered, and those of feeds that have come less far from
    their first op on than the others.

    Args:
        connection: within a transaction.
        device: this laptop. The ops of other laptops then count as exported at least, because
            they came here in a bundle; without it, only what left from here counts.
    """
    exported, arrived = covered(connection)
    feeds = known_feeds(connection)
    for feed, last in feeds.items():
        if device is not None and feed.device != device:
            exported[feed] = last
    start = {
        feed: 2 if arrived.get(feed, 0) else 1 if exported.get(feed, 0) else 0
        for feed, last in feeds.items()
        if last
    }
    furthest = max(start.values(), default=0)
    local: set[str] = set()
    waiting: set[str] = set()
    for feed, at in start.items():
        last = feeds[feed]
        if at > 0 or furthest > 0:
            local |= _beyond(connection, feed, exported.get(feed, 0), last)
        if at > 1 or furthest > 1:
            waiting |= _beyond(connection, feed, arrived.get(feed, 0), last)
    erased = erased_records(connection)
    return DeliveryStatus(STATES[furthest], frozenset(local), frozenset(waiting - local), erased)


def erased_inspections(connection: Connection) -> dict[str, str]:
    """Return the inspections erased from this laptop, each with when that was last done."""
    erased_at: dict[str, str] = {}
    for erasure in own_records(connection, Erasure).values():
        inspection = str(erasure.get("inspection_id", ""))
        erased_at[inspection] = max(str(erasure.get("at", "")), erased_at.get(inspection, ""))
    return erased_at


def erased_records(connection: Connection) -> frozenset[str]:
    """Return the ids of the records of which this laptop's erasures left nothing but stubs."""
    if not erased_inspections(connection):
        return frozenset()
    return frozenset(row[0] for row in driver(connection).execute(_ERASED))


_UNCONFIRMED = (
    "SELECT COUNT(*), MIN(wall) FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ? "
    "AND bytes IS NOT NULL AND record_kind NOT IN ({marks})"
)


def unconfirmed_since(connection: Connection, device: str) -> tuple[int, str]:
    """Return how many ops central has not confirmed, keys apart, and when the first was made.

    The moment is by the laptop's own clock, ISO 8601 in UTC; empty where all are confirmed.
    """
    _, arrived = covered(connection)
    run = driver(connection).execute
    kinds = uncounted()
    query = _UNCONFIRMED.format(marks=",".join("?" * len(kinds)))
    number, since = 0, ""
    for feed, last in known_feeds(connection).items():
        seq = arrived.get(feed, 0)
        if feed.device != device or feed.kind == KEY or seq >= last:
            continue
        count, first = run(query, (*feed.at(seq), *kinds)).fetchone()
        number += count
        since = min(filter(None, (since, first)), default="")
    return number, since


def known_feeds(connection: Connection) -> Covered:
    """Return how far each feed is known here."""
    rows = driver(connection).execute("SELECT device, epoch, kind, seq FROM feed")
    return {FeedId(*feed): seq for *feed, seq in rows}


def written_after(
    connection: Connection, feed: FeedId, seq: int, last: int
) -> set[tuple[str, str]]:
    """Return the kind and id of each record with an op of a feed after ``seq``.

    What was found is kept with the connection, so that every page need not read a day's ops: the
    head of a feed says that nothing before it has changed, and then only later ops are read.
    """
    if seq >= last:
        return set()
    run = driver(connection).execute
    kept: dict[OpId, _Found] = connection.info.setdefault("written_after", {})
    found = kept.get(feed.at(seq))
    if found is None or found.last > last or found.head != _head(run, feed.at(found.last)):
        query = _WHERE_THEY_LIE if last - seq <= FEW else _BY_RECORD
        found = _Found(last, b"", set(run(query, feed.at(seq))))
    elif found.last < last:
        found.records.update(run(_WHERE_THEY_LIE, feed.at(found.last)))
    if len(kept) >= MAX_SETS_KEPT:
        kept.clear()
    kept[feed.at(seq)] = _Found(last, _head(run, feed.at(last)), found.records)
    return found.records


class _Found(NamedTuple):
    """The records written after some op of a feed up to another, whose head says that it is so."""

    last: int
    head: bytes
    records: set[tuple[str, str]]


def _head(run: Callable[..., Any], place: OpId) -> bytes:
    row = run(_HEAD, place).fetchone()
    return row[0] if row is not None else b"none"


def _beyond(connection: Connection, feed: FeedId, seq: int, last: int) -> set[str]:
    return {record for _, record in written_after(connection, feed, seq, last)}


def states(
    connection: Connection, kind: str | None = None, *, device: str | None = None
) -> dict[str, State]:
    """Return how far every record has come, or every record of one kind, deleted ones among them.

    ``device`` is as in :func:`delivery_status`. Records about sending and looking are left out.
    """
    stand = delivery_status(connection, device)
    query = "SELECT record_kind, record FROM op INDEXED BY op_of_record"
    return {
        record: stand.of((record,))
        for name, record in driver(connection).execute(query)
        if is_counted(name) and kind in (None, name)
    }


def unsent(
    connection: Connection, *, device: str | None = None, with_key: bool = False
) -> dict[str, int]:
    """Return how many records of each kind have something in them that has not left this laptop.

    Feeds of force references and child labels stay here unless asked for, so they are counted
    only ``with_key``. ``device`` is as in :func:`delivery_status`.
    """
    exported, _ = covered(connection)
    records: set[tuple[str, str]] = set()
    for feed, last in known_feeds(connection).items():
        seq = exported.get(feed, 0)
        foreign = device is not None and feed.device != device
        if foreign or seq >= last or (not with_key and feed.kind == KEY):
            continue
        records |= written_after(connection, feed, seq, last)
    counts = Counter(kind for kind, _ in records)
    return {kind: counts[kind] for kind in sorted(counts) if is_counted(kind)}
