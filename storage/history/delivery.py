"""Each record has a delivery status: still here only, exported, or received by central.

Disclosures say what left, receipts what arrived: each covers feeds up to an op. A record has come
as far as the least advanced of its ops, so one changed after an export is *local* again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.database.remembered import unchanged
from storage.feed.derived import UNCOUNTED
from storage.history.feed_rows import feed_rows, row_counts
from storage.history.own_ops import own_ops
from storage.ops.fold import fold
from storage.ops.op import KEY, FeedId, Op, decode
from storage.records.log import Disclosure, Erasure, Receipt
from storage.records.registry import is_counted
from storage.trust.identity import own_device

State = Literal["local", "exported", "received", "erased"]
STATES: tuple[State, ...] = ("local", "exported", "received")

Covered = dict[FeedId, int]
"""For each feed its highest op that is covered."""

_ERASED = "SELECT record FROM op WHERE record <> '' GROUP BY record HAVING COUNT(bytes) = 0"


@dataclass(frozen=True)
class DeliveryStatus:
    """Says how far all records have come.

    Attributes:
        default: the state of every record that is not named below.
        local: the ids of records with an op that has not left this laptop.
        exported: the ids of records with an op that central has not confirmed, all having left.
        erased: the ids of records of which nothing but stubs is left here.
    """

    default: State
    local: frozenset[str]
    exported: frozenset[str]
    erased: frozenset[str] = frozenset()

    def of(self, records: Iterable[str]) -> State:
        """Return how far several records have come together: as far as the least advanced."""
        ids = tuple(records)
        if ids and self.erased and self.erased.issuperset(ids):
            return "erased"
        if not self.local.isdisjoint(ids):
            return "local"
        if not ids or self.exported.isdisjoint(ids):
            return self.default if ids else STATES[2]
        if self.exported.issuperset(ids):
            return STATES[1]
        return STATES[min(1, STATES.index(self.default))]


def covered(connection: Connection) -> tuple[Covered, Covered]:
    """Return what disclosures cover, receipts among it, and what receipts cover.

    Only what this laptop wrote itself counts (:func:`own_records`).
    """
    own, read = own_device(connection), partial(_covered, connection)
    exported, arrived = unchanged(connection, "what is covered", own, read)
    return {**exported}, {**arrived}


def _covered(connection: Connection) -> tuple[Covered, Covered]:
    arrived = own_covers(connection, Receipt)
    # What went to colleagues has not come any nearer to central.
    disclosures = own_records(connection, Disclosure).values()
    covers_of = (one.get("covers") for one in disclosures if not one.get("to"))
    exported = highest_covered(known_feeds(connection), covers_of)
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
    return {record: one.values for record, one in folded.items() if not one.deleted}


def highest_covered(feeds: Covered, covers_of: Iterable[object]) -> Covered:
    """Return the highest op of each feed that is covered, never beyond what is known of the feed.

    Figures that are no whole numbers, and feeds not known here, are passed over.
    """
    highest: Covered = {}
    named: dict[object, FeedId] = {str(feed): feed for feed in feeds}
    for covers in covers_of:
        for name, seq in covers.items() if isinstance(covers, dict) else ():
            feed = named.get(name)
            if type(seq) is int and seq > 0 and feed is not None:
                highest[feed] = max(min(seq, feeds[feed]), highest.get(feed, 0))
    return highest


def own_covers(connection: Connection, *kinds: type[Disclosure | Receipt | Erasure]) -> Covered:
    """Return how far this laptop's own records of some kinds cover each feed."""
    records = (one for kind in kinds for one in own_records(connection, kind).values())
    return highest_covered(known_feeds(connection), (one.get("covers") for one in records))


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


_UNCOUNTED = (
    "SELECT seq FROM op INDEXED BY op_uncounted "  # noqa: S608 - names of our own
    f"WHERE {UNCOUNTED} AND device = ? AND epoch = ? AND kind = ? AND seq > ? AND seq <= ? "
    "ORDER BY seq"
)
_WALL = "SELECT wall FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"


def unconfirmed_since(connection: Connection, device: str) -> tuple[int, str]:
    """Return how many ops central has not confirmed, keys apart, and when the first was made.

    The moment is by the laptop's own clock, ISO 8601 in UTC; empty where all are confirmed. Reads
    only the ops that do not count, which are few: a feed has no gaps.
    """
    _, arrived = covered(connection)
    run = driver(connection).execute
    number, since = 0, ""
    for feed, last in known_feeds(connection).items():
        seq = arrived.get(feed, 0)
        if feed.device != device or feed.kind == KEY or seq >= last:
            continue
        uncounted = [place for (place,) in run(_UNCOUNTED, (*feed.at(seq), last))]
        first = next(
            (place for place, other in enumerate(uncounted, seq + 1) if place != other),
            seq + len(uncounted) + 1,
        )
        if first <= last:
            (wall,) = run(_WALL, feed.at(first)).fetchone()
            number += last - seq - len(uncounted)
            since = min(filter(None, (since, wall)), default="")
    return number, since


def known_feeds(connection: Connection) -> Covered:
    """Return how far each feed is known here."""
    rows = driver(connection).execute("SELECT device, epoch, kind, seq FROM feed")
    return {FeedId(*feed): seq for *feed, seq in rows}


_WRITTEN = "written_after", "record_kind, record"
"""Under which name the records that a feed wrote are kept, and what is read of them."""


def forget_written(connection: Connection) -> None:
    """Read anew what feeds wrote: ops were changed and their feed's head was not."""
    connection.info.pop(_WRITTEN[0], None)


def written_after(
    connection: Connection, feed: FeedId, seq: int, last: int
) -> set[tuple[str, str]]:
    """Return the kind and id of each record with an op of a feed after ``seq``."""
    return feed_rows(connection, *_WRITTEN, feed.at(seq), last)


def _beyond(connection: Connection, feed: FeedId, seq: int, last: int) -> set[str]:
    return {record for _, record in written_after(connection, feed, seq, last)}


def states(
    connection: Connection, kind: str | None = None, *, device: str | None = None
) -> dict[str, State]:
    """Return how far every record has come, or every record of one kind, deleted ones among them.

    ``device`` is as in :func:`delivery_status`. Records about sending and looking are left out.
    """
    status = delivery_status(connection, device)
    query = "SELECT record_kind, record FROM op INDEXED BY op_of_record"
    return {
        record: status.of((record,))
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
    counted = partial(_unsent, connection, device, with_key)
    asked = (own_device(connection), device, with_key)
    return {**unchanged(connection, "what is unsent", asked, counted)}


def _unsent(connection: Connection, device: str | None, with_key: bool) -> dict[str, int]:
    exported, _ = covered(connection)
    beyond = [
        (feed, seq, last)
        for feed, last in known_feeds(connection).items()
        if (seq := exported.get(feed, 0)) < last
        and (device is None or feed.device == device)
        and (with_key or feed.kind != KEY)
    ]
    if len(beyond) == 1:
        ((feed, seq, last),) = beyond
        counts = row_counts(connection, *_WRITTEN, feed.at(seq), last)
    else:  # a record that several feeds wrote counts once
        records = set[tuple[str, str]]().union(*(written_after(connection, *one) for one in beyond))
        counts = Counter(kind for kind, _ in records)
    return {kind: counts[kind] for kind in sorted(counts) if is_counted(kind)}
