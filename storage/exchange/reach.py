"""Tells how far each laptop of the team and central have come: we in their entries, they in ours.

Only the ends of feeds are looked at, so this costs the same however much was entered.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from storage.database.connection import driver
from storage.exchange.exchange import colleagues
from storage.exchange.missing import missing
from storage.exchange.peers import basis_of, peers_known
from storage.exchange.plan import CENTRAL
from storage.history.delivery import known_feeds, own_covers, own_records
from storage.ops.op import MAIN, FeedId
from storage.records.log import Receipt
from storage.records.registry import uncounted
from storage.trust.roster import Roster


@dataclass(frozen=True)
class Reach:
    """Says how far somebody has come in another's entries.

    Attributes:
        at: when the last entry they have was made, ISO 8601; empty where they have none.
        whole: they have all that is known to exist; true also where nothing exists.
    """

    at: str
    whole: bool


@dataclass(frozen=True)
class Known:
    """Holds how far we have come with one laptop of the team, or with central.

    Attributes:
        device: the laptop's id, or :data:`CENTRAL`.
        of_them: how far their entries are here; of central, its last receipt.
        of_us: how far they have this laptop's entries, by their own last word.
        met: whether anything of theirs has ever come here.
    """

    device: str
    of_them: Reach
    of_us: Reach
    met: bool


def reach(connection: Connection, roster: Roster, own: str) -> list[Known]:
    """Return how far each colleague's laptop and central have come, central last."""
    known, peers = known_feeds(connection), peers_known(connection)
    lacking = {one.feed.device for one in missing(connection, own)}
    listed = []
    for one in colleagues(roster, own):
        theirs = [feed for feed in known if feed.device == one.id and feed.kind == MAIN]
        here = _moment(connection, {feed: known[feed] for feed in theirs})
        held = basis_of(connection, peers.get(one.id), known)
        listed.append(
            Known(
                one.id,
                Reach(here, one.id not in lacking),
                _of_us(connection, own, known, held),
                bool(theirs) or one.id in peers,
            )
        )
    receipts = own_records(connection, Receipt).values()
    last = max((str(one.get("at", "")) for one in receipts), default="")
    confirmed = _of_us(connection, own, known, own_covers(connection, Receipt))
    return [*listed, Known(CENTRAL, Reach(last, True), confirmed, bool(last))]


def _of_us(
    connection: Connection, own: str, known: dict[FeedId, int], held: dict[FeedId, int]
) -> Reach:
    ours = [feed for feed in known if feed.device == own and feed.kind == MAIN]
    whole = all(held.get(feed, 0) >= _last_counted(connection, feed) for feed in ours)
    return Reach(_moment(connection, {feed: held.get(feed, 0) for feed in ours}), whole)


_WALL = "SELECT wall FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
_COUNTED = (
    "SELECT seq FROM op WHERE device = ? AND epoch = ? AND kind = ? "
    "AND record_kind NOT IN ({marks}) ORDER BY seq DESC LIMIT 1"
)


def _moment(connection: Connection, ends: dict[FeedId, int]) -> str:
    """Return when the entry at the end of the latest life of a laptop was made."""
    for feed in sorted(ends, key=lambda one: one.epoch, reverse=True):
        row = driver(connection).execute(_WALL, feed.at(ends[feed])).fetchone()
        if row is not None:
            return str(row[0])
    return ""


def _last_counted(connection: Connection, feed: FeedId) -> int:
    """Return the last entry of a feed that somebody waits for: not one on sending and looking."""
    kinds = uncounted()
    query = _COUNTED.format(marks=",".join("?" * len(kinds)))
    row = driver(connection).execute(query, (*feed.at(0)[:3], *kinds)).fetchone()
    return 0 if row is None else int(row[0])
