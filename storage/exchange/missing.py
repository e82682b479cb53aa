"""What is known to exist and is not here: from whom it is missing, and who has it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from storage.bundle.revoked import revoked_feeds
from storage.exchange.peers import peers_known
from storage.feed.positions import gaps
from storage.history.delivery import known_feeds
from storage.ops.op import FeedId
from storage.trust.roster import Roster

MAX_CREDIBLE = 1_000_000
"""Entries of one feed that may be missing: as many as one bundle holds. What a colleague's program
tells of is shown to nobody as a number that no laptop can have written."""


@dataclass(frozen=True)
class Missing:
    """Ops of a laptop that are not here.

    Attributes:
        feed: of which feed; its device is whose they are.
        first, last: from which op to which.
        held_back: later ones are here already, and wait for these.
        holders: the laptops that told they have them.
    """

    feed: FeedId
    first: int
    last: int
    held_back: bool
    holders: tuple[str, ...]

    @property
    def number(self) -> int:
        """Return how many there are, by what was told."""
        return self.last - self.first + 1

    @property
    def believed(self) -> bool:
        """Say whether a laptop can have written so many."""
        return self.number <= MAX_CREDIBLE


def missing(connection: Connection, own: str) -> list[Missing]:
    """Return what somebody has or waits for and is not here, by feed."""
    known = known_feeds(connection)
    reach: dict[FeedId, int] = {}
    holders: dict[FeedId, list[str]] = {}
    for device, peer in sorted(peers_known(connection).items()):
        for feed, (seq, _) in peer.have.items():
            if seq > known.get(feed, 0) and feed.device != own:
                reach[feed] = max(seq, reach.get(feed, 0))
                holders.setdefault(feed, []).append(device)
    waiting = gaps(connection)
    for feed, (_, last) in waiting.items():
        reach[feed] = max(last, reach.get(feed, 0))
    aside = revoked_feeds(connection)
    return [
        Missing(
            feed,
            known.get(feed, 0) + 1,
            last,
            feed in waiting,
            tuple(holders.get(feed, ())),
        )
        for feed, last in sorted(reach.items())
        # What is kept apart is here; the roster does not accept it.
        if feed not in aside or aside[feed][0] > known.get(feed, 0) + 1
    ]


def unheard(connection: Connection, roster: Roster, own: str) -> list[str]:
    """Return the laptops of the roster of which nothing has ever come here."""
    known = {feed.device for feed in known_feeds(connection)}
    peers = peers_known(connection)
    return [
        one.id
        for one in roster.devices
        if one.id != own and one.until is None and one.id not in known and one.id not in peers
    ]
