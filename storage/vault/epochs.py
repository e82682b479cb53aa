"""Begins epochs, the lives of one vault: a database that was put back goes on in new feeds.

If a restored vault wrote on in the feeds of before, and the vault it was restored from was still in
use or had sent later ops, there would be two ops of one id: a fork, which nobody can merge. So the
first thing that a restored vault writes begins a new epoch, and names where the feeds before stood.
The number of an epoch is the milliseconds since 1970 at which it was found necessary, or more, so
that two restores from one backup never share one.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection

from storage.crypto.keyslots.document import Anchor
from storage.database.connection import driver
from storage.database.facts import EPOCH, Fact
from storage.feed.projection import project
from storage.feed.writer import Author, Writer
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import MAIN, FeedId
from storage.records.log import Epoch
from storage.records.model.base import random_id

SPREAD = 2**24
"""Numbers beyond the present epoch's, less than five hours of milliseconds, from which one is drawn
where the clock gives none."""

RESTORED = "restored from a backup"
SET_BACK = "the database was put back to an earlier state"


@dataclass(frozen=True)
class CopyMark:
    """Says of a database that it is a copy: a backup, or what was restored from one.

    Attributes:
        why: in words.
        at: of when the copy is, ISO 8601 in UTC; empty where it is not known.
    """

    why: str = RESTORED
    at: str = ""

    @classmethod
    def read(cls, data: bytes) -> CopyMark:
        """Read one; whatever the bytes are, the database is a copy."""
        try:
            value = json.loads(data)
            return cls(SET_BACK if value["why"] == SET_BACK else RESTORED, str(value["at"]))
        except (ValueError, KeyError, TypeError):
            return cls()


COPIED = Fact(
    "copied", lambda mark: json.dumps(asdict(mark), sort_keys=True).encode(), CopyMark.read
)
"""Marks a database as a copy."""
GIVEN_UP = Fact.json("anchors/given_up")
"""The anchors which an epoch was begun for, and which are settled by it."""


@dataclass(frozen=True)
class EpochChange:
    """Says that a new epoch is to begin with the next write, and why.

    Attributes:
        why: in words.
        at: of when the copy is, ISO 8601 in UTC; empty where it is not known.
        missing: for each own feed that had come further, how many ops are not here.
        anchors: what is known of how far they had come.
    """

    why: str
    at: str = ""
    missing: Mapping[FeedId, int] = field(default_factory=dict)
    anchors: Mapping[FeedId, Anchor] = field(default_factory=dict)

    @property
    def set_back(self) -> bool:
        """Say whether nobody restored it: something put an old database in place."""
        return self.why == SET_BACK


def change_due(
    run: Any, facts: dict[str, bytes], anchors: Mapping[str, Anchor]
) -> EpochChange | None:
    """Return the change of epoch that is due: a copy was opened, or one behind its key file.

    Args:
        run: the connection's ``execute``.
        facts: the vault's own facts.
        anchors: those of the key file, which a key has proved.
    """
    ahead = behind(run, facts, anchors)
    missing = {feed: max(anchor.seq - _reached(run, feed), 0) for feed, anchor in ahead.items()}
    copy = COPIED.of(facts)
    if copy is not None:
        return EpochChange(copy.why, copy.at, missing, ahead)
    return EpochChange(SET_BACK, "", missing, ahead) if ahead else None


def behind(
    run: Any, facts: dict[str, bytes], anchors: Mapping[str, Anchor]
) -> dict[FeedId, Anchor]:
    """Return the anchors that a database does not bear out and no epoch was begun for."""
    settled = GIVEN_UP.of(facts)
    settled = settled if isinstance(settled, dict) else {}
    return {
        feed: anchor
        for feed, anchor in ((FeedId.parse(name), anchor) for name, anchor in anchors.items())
        if anchor.seq
        and settled.get(str(feed)) != [anchor.seq, anchor.head]
        and not _borne_out(run, feed, anchor)
    }


def next_number(facts: dict[str, bytes]) -> int:
    """Return the number of the epoch that begins now; greater than the present one's.

    Where the clock was set back since, chance keeps two restores from one backup from sharing one.
    """
    return max(wall_ms(), EPOCH.needed(facts) + 1 + secrets.randbelow(SPREAD))


def begin_epoch(connection: Connection, author: Author, change: EpochChange) -> None:
    """Write the first op of the epoch that ``author`` names, within the transaction of the next."""
    run = driver(connection).execute
    before = {
        str(FeedId(author.device, epoch, kind)): [seq, head.hex()]
        for epoch, kind, seq, head in run(
            "SELECT epoch, kind, seq, head FROM feed WHERE device = ?", (author.device,)
        ).fetchall()
    }
    fields = {"at": change.at or wall_text(wall_ms()), "before": before, "why": change.why}
    record = (Epoch.KIND, random_id())
    writer = Writer(connection, author)
    writer.append(MAIN, Epoch.MADE, record, fields, [], None)
    writer.flush()
    project(connection, *record)
    EPOCH.put(connection, author.epoch)
    COPIED.drop(connection)
    GIVEN_UP.put(
        connection,
        {str(feed): [anchor.seq, anchor.head] for feed, anchor in change.anchors.items()},
    )


def _borne_out(run: Any, feed: FeedId, anchor: Anchor) -> bool:
    query = "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"
    row = run(query, feed.at(anchor.seq)).fetchone()
    return row is not None and row[0].hex() == anchor.head


def _reached(run: Any, feed: FeedId) -> int:
    query = "SELECT seq FROM feed WHERE device = ? AND epoch = ? AND kind = ?"
    row = run(query, (feed.device, feed.epoch, feed.kind)).fetchone()
    return int(row[0]) if row is not None else 0
