"""What a bundle for somebody holds: the stretches of feeds beyond what they are known to have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, select
from sqlmodel import Session

from storage.bundle.manifest import Positions, Segment
from storage.database.connection import driver
from storage.database.tables import feeds
from storage.database.transit import make_transit_tables, wanted
from storage.feed.positions import head_of
from storage.feed.read import redacted
from storage.feed.writer import Author
from storage.history.delivery import own_covers
from storage.ops.op import KEY, FeedId, OpId
from storage.records.log import Erasure
from storage.records.registry import uncounted

CENTRAL = "central"
"""How lists of receivers name central; a laptop's id is 16 hexadecimal digits."""


@dataclass(frozen=True)
class Receiver:
    """For whom a bundle is made.

    Attributes:
        devices: the laptops, or :data:`CENTRAL` alone.
        recipients: the age recipients, all of one kind.
        words: who they are, in words, for the record of what left.
        with_key: whether feeds of force references and child labels go too.
        basis: how far they are known to have each feed.
    """

    devices: tuple[str, ...]
    recipients: tuple[str, ...]
    words: str
    with_key: bool
    basis: Mapping[FeedId, int]

    @property
    def central(self) -> bool:
        """Say whether it is central, and not colleagues."""
        return self.devices == (CENTRAL,)


@dataclass(frozen=True)
class Plan:
    """What a bundle will hold.

    Attributes:
        segments: each with the key and signature of its laptop; none for our own, which we sign.
        have: how far each feed is known here, before the first op whose words are wanted again.
        need: how far the receiver was taken to have each feed.
    """

    segments: tuple[tuple[Segment, tuple[bytes, bytes] | None], ...]
    have: Positions
    need: Positions


def plan(
    session: Session,
    basis: Mapping[FeedId, int],
    with_key: bool,
    reasons: StubReasons | None = None,
) -> Plan:
    """Return what somebody lacks who has each feed up to ``basis``, as far as it may be passed on.

    Of several plans in one transaction each may be given the same ``reasons``.
    """
    connection = session.connection()
    make_transit_tables(connection)
    author: Author = session.info["author"]
    segments: list[tuple[Segment, tuple[bytes, bytes] | None]] = []
    have: Positions = {}
    need: Positions = {}
    reasons = reasons or StubReasons(connection)
    for row in connection.execute(select(feeds).order_by(*feeds.primary_key.columns)):
        place = OpId(row.device, row.epoch, row.kind, row.seq)
        lacking = reasons.wanted.get(place.feed)
        if lacking is None:
            have[place.feed] = (row.seq, row.head)
        elif lacking > 1:
            have[place.feed] = (lacking - 1, head_of(connection, place._replace(seq=lacking - 1)))
        before = min(basis.get(place.feed, 0), row.seq)
        prev = head_of(connection, place._replace(seq=before))
        if before:
            need[place.feed] = (before, prev)
        if row.kind == KEY and not with_key:
            continue
        signature = None
        if row.device != author.device:
            signed = _signed(connection, _told_to(connection, place, before, reasons))
            if signed is None:
                continue
            place, signature = signed
        if place.seq <= before:
            continue
        head = head_of(connection, place)
        segments.append((Segment(place.feed, before + 1, place.seq, prev, head), signature))
    return Plan(tuple(segments), have, need)


_STUBS = (
    "SELECT seq FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq > ? "
    "AND bytes IS NULL ORDER BY seq"
)
# What is signed may be another head than ours, where a past was rewritten.
_SIGNED = (
    "SELECT seq, public, signature FROM signed_head JOIN op USING (device, epoch, kind, seq, head) "
    "WHERE device = ? AND epoch = ? AND kind = ? AND seq <= ? ORDER BY seq DESC LIMIT 1"
)


class StubReasons:
    """Which ops lost their bytes to a redaction; looked up where there is a stub at all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def redacted(self) -> set[OpId]:
        """Return every op that a redaction which counts here names."""
        return redacted(self._connection)

    @cached_property
    def wanted(self) -> dict[FeedId, int]:
        """Return the first op of a feed whose words a redaction took that counts no more.

        Colleagues send what comes from it on. What was erased here since is not asked for.
        """
        asked = wanted(self._connection)
        erased = own_covers(self._connection, Erasure) if asked else {}
        first_wanted: dict[FeedId, int] = {}
        for place in asked:
            if place.seq > erased.get(place.feed, 0) and place not in self.redacted:
                first_wanted.setdefault(place.feed, place.seq)
        return first_wanted


def _told_to(connection: Connection, place: OpId, before: int, reasons: StubReasons) -> OpId:
    """Return the last op of a colleague's feed before the first stub without a reason.

    A reader takes from anybody but the feed's own laptop and central such stubs only as a redaction
    explains; else whoever passes a feed on could leave out of it what they liked.
    """
    for (seq,) in driver(connection).execute(_STUBS, place._replace(seq=before)):
        if place._replace(seq=seq) not in reasons.redacted:
            return place._replace(seq=seq - 1)
    return place


def _signed(connection: Connection, place: OpId) -> tuple[OpId, tuple[bytes, bytes]] | None:
    """Return the last op of a colleague's feed, up to ``place``, whose head is signed."""
    row = driver(connection).execute(_SIGNED, place).fetchone()
    return None if row is None else (place._replace(seq=row[0]), (row[1], row[2]))


_COUNTED = (
    "SELECT device, epoch, kind, MAX(seq) FROM op WHERE record_kind NOT IN ({marks}) "
    "GROUP BY device, epoch, kind"
)


def effective_ends(connection: Connection) -> dict[FeedId, int]:
    """Return the last op of each feed that somebody waits for: not one about sending and looking.

    Bundles are written for these; the others go along, and would call for another bundle for ever.
    """
    kinds = uncounted()
    query = _COUNTED.format(marks=",".join("?" * len(kinds)))
    rows = driver(connection).execute(query, kinds)
    return {FeedId(*feed): seq for *feed, seq in rows}
