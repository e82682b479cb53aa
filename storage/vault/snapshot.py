"""Takes down what a database holds at one moment, to be compared with a copy of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.ops.op import FeedId

_FEEDS = "SELECT device, epoch, kind, seq, head FROM feed"


@dataclass(frozen=True)
class Snapshot:
    """Holds what a database held at one moment, to be compared with a copy of it.

    Attributes:
        vault_id: whose it is.
        ops: how many ops.
        drafts: how many texts that wait, discarded ones among them.
        feeds: for each feed its last op and the head there.
    """

    vault_id: str
    ops: int
    drafts: int
    feeds: dict[FeedId, tuple[int, bytes]]

    def behind(self, known: dict[FeedId, int]) -> dict[FeedId, int]:
        """Return for each feed once known further than here how many ops are missing."""
        known_here = {feed: seq for feed, (seq, _) in self.feeds.items()}
        return {
            feed: seq - known_here.get(feed, 0)
            for feed, seq in known.items()
            if seq > known_here.get(feed, 0)
        }


def snapshot_of(connection: Any) -> Snapshot:
    """Return what an open database holds now."""
    run = connection.execute
    return Snapshot(
        vault_id=run("SELECT value FROM meta WHERE key = 'vault_id'").fetchone()[0].decode(),
        ops=run("SELECT count(*) FROM op").fetchone()[0],
        drafts=run("SELECT count(*) FROM draft").fetchone()[0],
        feeds={FeedId(*row[:3]): (row[3], row[4]) for row in run(_FEEDS)},
    )
