"""How far each record has come: still here only, exported, or received by central.

What left is said by disclosures, what arrived by receipts: each covers feeds up to an op. A record
has come as far as the least advanced of its ops, so one changed after an export is *local* again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from storage.driver import driver
from storage.op import KEY
from storage.records.passage import Disclosure, Receipt

State = Literal["local", "exported", "received"]

UNCOUNTED = ("consultation", "disclosure", "receipt")
"""Records about sending and looking: they follow by themselves and nobody waits for them."""

Covered = dict[str, int]
"""For each feed, ``device/epoch/kind``, its highest op that is covered."""

# The index by record holds the place of every op, so neither statement reads the ops themselves
# but for the kind of the few records found.
_BEYOND = (
    "SELECT DISTINCT record FROM op INDEXED BY op_of_record "
    "WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
)
_BEYOND_FEW = (
    "SELECT DISTINCT record FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?"
)
FEW = 2000
"""Up to so many ops beyond what is covered, the ops are read in place instead of the index."""


@dataclass(frozen=True)
class Standing:
    """The records that are not received yet.

    Attributes:
        local: the ids of records with an op that has not left this laptop.
        exported: the ids of records with an op that central has not confirmed, all having left.
    """

    local: frozenset[str]
    exported: frozenset[str]

    def of(self, records: Iterable[str]) -> State:
        """How far several records have come together: as far as the least advanced."""
        found: State = "received"
        for one in records:
            if one in self.local:
                return "local"
            if one in self.exported:
                found = "exported"
        return found


def covered(connection: Connection) -> tuple[Covered, Covered]:
    """What disclosures and receipts cover: first what left, receipts among it, then what arrived.

    Figures that are no whole numbers say nothing and are passed over.
    """
    left: Covered = {}
    arrived: Covered = {}
    for covers in connection.execute(select(Disclosure.covers)).scalars():
        _raise(left, covers)
    for covers in connection.execute(select(Receipt.covers)).scalars():
        _raise(arrived, covers)
    _raise(left, arrived)
    return left, arrived


def _raise(held: Covered, covers: object) -> None:
    for feed, seq in covers.items() if isinstance(covers, dict) else ():
        if isinstance(seq, int) and not isinstance(seq, bool):
            held[feed] = max(seq, held.get(feed, 0))


def standing(connection: Connection, device: str | None = None) -> Standing:
    """Which records are local and which exported; all others are received.

    Args:
        connection: within a transaction.
        device: this laptop. The ops of other laptops then count as exported at least, because
            they came here in a bundle; without it, only what left from here counts.
    """
    left, arrived = covered(connection)
    local: set[str] = set()
    waiting: set[str] = set()
    for feed, seq in _feeds(connection).items():
        foreign = device is not None and not feed.startswith(f"{device}/")
        if not foreign:
            local |= _beyond(connection, feed, left.get(feed, 0), seq)
        waiting |= _beyond(connection, feed, arrived.get(feed, 0), seq)
    return Standing(frozenset(local), frozenset(waiting - local))


def _feeds(connection: Connection) -> Covered:
    rows = driver(connection).execute("SELECT device, epoch, kind, seq FROM feed")
    return {f"{device}/{epoch}/{kind}": seq for device, epoch, kind, seq in rows}


def _beyond(connection: Connection, feed: str, seq: int, last: int) -> set[str]:
    if seq >= last:
        return set()
    device, epoch, kind = feed.split("/")
    query = _BEYOND_FEW if last - seq <= FEW else _BEYOND
    rows = driver(connection).execute(query, (device, int(epoch), kind, seq))
    return {record for (record,) in rows}


def states(
    connection: Connection, kind: str | None = None, *, device: str | None = None
) -> dict[str, State]:
    """How far every record has come, or every record of one kind, deleted ones among them.

    ``device`` is as in :func:`standing`. Consultations, disclosures and receipts are left out.
    """
    stand = standing(connection, device)
    query = "SELECT DISTINCT record FROM leaf WHERE record_kind "
    if kind is None:
        marks = ", ".join("?" * len(UNCOUNTED))
        rows = driver(connection).execute(f"{query} NOT IN ({marks})", UNCOUNTED)
    elif kind in UNCOUNTED:
        return {}
    else:
        rows = driver(connection).execute(f"{query} = ?", (kind,))
    return {record: stand.of((record,)) for (record,) in rows}


def unsent(
    connection: Connection, *, device: str | None = None, with_key: bool = False
) -> dict[str, int]:
    """How many records of each kind have something in them that has not left this laptop.

    Feeds of force references and child labels stay here unless asked for, so they are counted
    only ``with_key``. ``device`` is as in :func:`standing`.
    """
    left, _ = covered(connection)
    records: dict[str, set[str]] = {}
    for feed, seq in _feeds(connection).items():
        name, epoch, kind = feed.split("/")
        if left.get(feed, 0) >= seq or (device is not None and name != device):
            continue
        if kind == KEY and not with_key:
            continue
        rows = driver(connection).execute(
            "SELECT DISTINCT record_kind, record FROM op "
            "WHERE device = ? AND epoch = ? AND kind = ? AND seq > ?",
            (name, int(epoch), kind, left.get(feed, 0)),
        )
        for record_kind, record in rows:
            if record_kind not in UNCOUNTED:
                records.setdefault(record_kind, set()).add(record)
    return {name: len(found) for name, found in sorted(records.items())}
