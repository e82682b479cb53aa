"""Lists the ops here that count for nothing, and says whose they are and what they tried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.database.connection import batches
from storage.database.tables import refused
from storage.feed.judge import Refusal
from storage.ops.op import OpId, op_id
from storage.ops.text import many, tidy_line
from storage.records.registry import noun
from storage.trust.roster import Roster

MAX_NAMED = 5
"""Records named of one laptop; what is beyond is counted."""


def refused_here(connection: Connection) -> list[Refusal]:
    """Return every op here that counts for nothing, in the order of the feeds."""
    return sorted(map(_refusal, connection.execute(select(refused)).all()), key=lambda one: one.op)


def refused_among(connection: Connection, places: Iterable[OpId]) -> list[Refusal]:
    """Return those of the ops that count for nothing."""
    refusals: list[Refusal] = []
    for batch in batches([str(place) for place in places]):
        query = select(refused).where(refused.c.op.in_(batch))
        refusals += map(_refusal, connection.execute(query).all())
    return refusals


def _refusal(row: Row[Any]) -> Refusal:
    return Refusal(op_id(row.op), (row.record_kind, row.record), row.reason)


def refused_entries(refusals: Iterable[Refusal], roster: Roster | None) -> list[str]:
    """Return an alarm for each laptop and each thing that its entries tried, in sentences."""
    tried: dict[tuple[str, str], list[Refusal]] = {}
    for refusal in refusals:
        tried.setdefault((refusal.op.device, refusal.tried), []).append(refusal)
    return [
        f"{_whose(device, roster)} sent {_which(several)}, which {what}. That counts for nothing "
        "and is shown nowhere; what was there before stands. The entry is kept and passed on, so "
        "that others can look at it. Tell whoever administers central."
        for (device, what), several in tried.items()
    ]


def _whose(device: str, roster: Roster | None) -> str:
    listed = roster.device(device) if roster is not None else None
    return f"{listed.person} (laptop “{listed.name}”)" if listed else f"Laptop {device}"


def _which(several: list[Refusal]) -> str:
    named = [f"{one.op} on {' '.join(map(_plain, one.record))}" for one in several]
    more = len(named) - MAX_NAMED
    listed = ", ".join(named[:MAX_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return (
        f"an entry ({listed})"
        if len(named) == 1
        else f"{many(len(named), 'entry', 'entries')} ({listed})"
    )


def _plain(name: str) -> str:
    return noun(tidy_line(name))
