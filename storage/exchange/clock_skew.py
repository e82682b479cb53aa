"""Whose clock is wrong: what bundles and receipts tell of it. Nothing is ever refused for it.

A bundle made later than our own time shows that its maker's clock is ahead of ours. One that
already has an op of ours, and is older than that op by its maker's clock, shows that ours is ahead.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import Session

from storage.database.connection import driver
from storage.database.tables import meta
from storage.feed.writer import Author
from storage.ops.clock import MAX_CLOCK_SKEW_MS, wall_ms
from storage.ops.op import MAIN, FeedId, op_id

FACT = "clocks"
_WALL = "SELECT wall FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?"


@dataclass(frozen=True)
class Skew:
    """How far this laptop's clock is ahead of another's at least, or behind it.

    Attributes:
        device: whose the other clock is.
        ahead_ms: in milliseconds; negative where ours is behind, 0 where nothing speaks against it.
        read_ms: what our clock said when that was found.
        own_ms: the time on the last op of ours that they had then; 0 where they had none.
    """

    device: str
    ahead_ms: int
    read_ms: int = 0
    own_ms: int = 0


def observe(connection: Connection, device: str, made: str, has: str) -> None:
    """Note what something of another's tells of the clocks.

    Args:
        connection: within a writing transaction.
        device: who made it; central's id for a receipt.
        made: when, by its maker's clock, ISO 8601 in UTC.
        has: the last op of ours, ``device/epoch/kind/seq``, that the maker had then; or empty.
    """
    skews_known = _told(connection)
    theirs = _ms(made)
    if not theirs:
        return
    row = driver(connection).execute(_WALL, tuple(op_id(has))).fetchone() if has else None
    ours = _ms(row[0]) if row is not None else 0
    ahead = 0
    if theirs > wall_ms() + MAX_CLOCK_SKEW_MS:
        ahead = wall_ms() - theirs
    elif ours and ours > theirs + MAX_CLOCK_SKEW_MS:
        ahead = ours - theirs
    # The latest stands last.
    skews_known.pop(device, None)
    skews_known[device] = Skew(device, ahead, wall_ms(), ours)
    connection.execute(meta.delete().where(meta.c.key == FACT))
    kept = {one.device: [one.ahead_ms, one.read_ms, one.own_ms] for one in skews_known.values()}
    connection.execute(meta.insert().values(key=FACT, value=json.dumps(kept).encode()))


def own_among(session: Session, positions: dict[FeedId, int]) -> str:
    """Return this laptop's last op of its present life among what somebody has; or empty."""
    author: Author = session.info["author"]
    feed = FeedId(author.device, author.epoch, MAIN)
    return str(feed.at(positions[feed])) if feed in positions else ""


def skews(connection: Connection) -> list[Skew]:
    """Return the last word of each other clock, in the order they were read; 0 where it agrees."""
    return list(_told(connection).values())


def _told(connection: Connection) -> dict[str, Skew]:
    data = connection.execute(select(meta.c.value).where(meta.c.key == FACT)).scalar()
    with suppress(ValueError, TypeError):
        value = json.loads(data or b"{}")
        if isinstance(value, dict):
            # What was kept by earlier versions is only how far it was ahead.
            return {
                str(one): Skew(str(one), *map(int, kept if isinstance(kept, list) else [kept]))
                for one, kept in value.items()
            }
    return {}


def _ms(text: str) -> int:
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return int(moment.timestamp() * 1000)
    return 0
