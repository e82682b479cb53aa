"""What colleagues' laptops hold, by their own last word: so that a bundle need not hold it again.

Every manifest tells how far its maker knows each feed. What was told last counts: a vault that was
restored from a backup knows less than before. Sending again is always safe, so a doubt is decided
for knowing less.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Column, Connection, MetaData, Table, Text, select

from storage.bundle.manifest import Manifest, positions_value
from storage.database.connection import make_missing
from storage.database.tables import ops
from storage.feed.positions import heads
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import MAIN, FeedId

_house = MetaData()

peers = Table(
    "peer",
    _house,
    Column("device", Text, primary_key=True),
    Column("created", Text, nullable=False),
    Column("heard", Text, nullable=False),
    Column("rank", Text, nullable=False),
    Column("have", Text, nullable=False),
)
"""Each laptop's last word; made where it is first needed, and lost without harm."""


@dataclass(frozen=True)
class Peer:
    """What a laptop told of itself.

    Attributes:
        created: when it told it, by its own clock, ISO 8601 in UTC.
        heard: when that was taken in here.
        have: for each feed how far it knows it, with the head there.
    """

    device: str
    created: str
    peers_known: str
    have: dict[FeedId, tuple[int, str]]


def remember_peer(connection: Connection, manifest: Manifest) -> None:
    """Remember what the maker of a verified bundle holds, unless it told something later before."""
    make_missing(connection, _house)
    device = manifest.sender
    rank = _rank(manifest)
    row = connection.execute(
        select(peers.c.created, peers.c.rank).where(peers.c.device == device)
    ).one_or_none()
    # An old bundle that comes late is older by its own feed and by the clock; one of a vault that
    # was set back, or of a laptop whose clock was, is older by one of the two only.
    if row is not None and rank <= row.rank and manifest.created < row.created:
        return
    connection.execute(peers.delete().where(peers.c.device == device))
    connection.execute(
        peers.insert().values(
            device=device,
            created=manifest.created,
            heard=wall_text(wall_ms()),
            rank=rank,
            have=json.dumps(positions_value(manifest.have)),
        )
    )


def _rank(manifest: Manifest) -> str:
    """Return where its own feed stood when it was made; sorts as text."""
    own = [
        (feed.epoch, seq)
        for feed, (seq, _) in manifest.have.items()
        if (feed.device, feed.kind) == (manifest.sender, MAIN)
    ]
    epoch, seq = max(own, default=(0, 0))
    return f"{epoch:016}/{seq:016}"


def peers_known(connection: Connection) -> dict[str, Peer]:
    """Return what each laptop told last, by its id."""
    make_missing(connection, _house)
    found = {}
    for row in connection.execute(select(peers)):
        have = {
            FeedId.parse(feed): (int(seq), str(head))
            for feed, (seq, head) in json.loads(row.have).items()
        }
        found[row.device] = Peer(row.device, row.created, row.heard, have)
    return found


def basis_of(
    connection: Connection, peer: Peer | None, known: dict[FeedId, int]
) -> dict[FeedId, int]:
    """Return how far a laptop is known to have each feed that is known here.

    Where it knows more of a feed than we do, it needs nothing of it; where its head is not ours, it
    is taken to have nothing, so that the difference comes to light where it can be told.
    """
    basis: dict[FeedId, int] = {}
    if peer is None:
        return basis
    for feed, (seq, head) in peer.have.items():
        reached = known.get(feed, 0)
        if not reached:
            continue
        if seq > reached:
            basis[feed] = reached
            continue
        ours = heads(connection, ops, feed, seq, seq).get(seq, b"")
        if ours.hex() == head:
            basis[feed] = seq
    return basis
