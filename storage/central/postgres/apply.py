"""How a bundle is applied on PostgreSQL: one walk, one COPY, and a few statements over sets.

While a bundle is verified its ops are copied: straight to where they belong, where they follow on
what is known of a feed that nobody else is at, and else into a temporary table that only this
connection sees. Only when all of it has held, the one transaction that all of this is in takes from
there what is new, and is committed. The identity of an op is the table's key and each feed is
locked while it grows, so however many processes are at it, and wherever one of them is killed,
every op is there once or not at all.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, delete, text
from sqlalchemy.dialects.postgresql import insert

from storage.bundle.applied import Applied
from storage.bundle.errors import BundleError, ForkError, TooManyFeedsError
from storage.bundle.manifest import Segment
from storage.bundle.stream import Line
from storage.bundle.verify import Checked, Trust, opened, verify
from storage.central.intake import ledger
from storage.central.postgres.segment import (
    STATEMENTS,
    TEXT_COLUMNS,
    TYPES_OF_OP,
    AloneError,
    NotStraightError,
    PostgresSegment,
    texts,
)
from storage.central.postgres.standing import forget
from storage.database.connection import driver
from storage.database.transit import bundles_seen
from storage.feed.judge import Refusal, judge
from storage.feed.positions import head_at, many_feeds
from storage.feed.read import cut_at
from storage.feed.refused import refused_entries
from storage.ops.op import FeedId, Op
from storage.ops.redactions import REDACT
from storage.progress import Progress, silent
from storage.redaction.stubs import enforce_redactions

_TYPES = ["int4", "int8", *TEXT_COLUMNS, "bytea", "bytea", "bytea"]
_REDACTING = 2**62
"""The lock between what redacts and what might be redacted; a feed's own lock is below it."""


def prepare(connection: Connection) -> None:
    """Make the temporary tables, once a connection, and commit."""
    for name in ("make", "make_touched"):
        connection.execute(text(STATEMENTS[name]))
    connection.commit()


def apply(
    connection: Connection,
    path: Path,
    trust: Trust,
    progress: Progress = silent,
    *,
    alone: bool = False,
) -> Applied:
    """Verify a bundle and take in what is new, in the connection's transaction, which it begins.

    The caller commits; whatever is raised, it rolls back. With ``alone`` nobody else takes
    anything in at the same time.

    Raises:
        BundleError: the bundle is refused.
        AloneError: it has to be applied again, alone.
    """
    straight = frozenset[Segment]() if alone else _following(connection, path, trust)
    try:
        return _take_in(connection, path, trust, progress, straight, alone=alone)
    except NotStraightError:
        connection.rollback()
        return _take_in(connection, path, trust, progress, frozenset(), alone=alone)


def _following(connection: Connection, path: Path, trust: Trust) -> frozenset[Segment]:
    """Return the segments of a bundle that follow on what is known, their feeds locked for us.

    Nobody is waited for, as it is not known yet whether the bundle is worth it: where somebody else
    is at one of its feeds there are none. What is said here of the bundle, verifying proves.
    """
    try:
        with opened(path, trust) as (walk, _):
            segments = walk.manifest.segments
    except BundleError:
        return frozenset()
    keys = sorted({lock_key(one.feed) for one in segments})
    tried = [("try_together", _REDACTING), *(("try_alone", key) for key in keys)]
    straight = frozenset[Segment]()
    if len(keys) == len(segments) and all(
        connection.execute(text(STATEMENTS[name]), {"key": key}).scalar_one() for name, key in tried
    ):
        straight = frozenset(one for one in segments if _follows(connection, one, trust))
    if not straight:
        connection.rollback()  # nobody waits for us while we verify
    return straight


def _follows(connection: Connection, segment: Segment, trust: Trust) -> bool:
    """Say whether all of a segment is new, and nothing waits for it or stands against it."""
    device = trust.roster.device(segment.device)
    return (
        device is not None
        and device.accepted_to(segment.feed) is None
        and head_at(connection, segment.feed) == (segment.first - 1, segment.prev)
        and not (segment.first == 1 and many_feeds(connection, segment.feed))
        and connection.execute(_HELD, asdict(segment.feed)).first() is None
    )


_HELD = text(
    "SELECT 1 FROM held_op WHERE device = :device AND epoch = :epoch AND kind = :kind LIMIT 1"
)


def _take_in(
    connection: Connection,
    path: Path,
    trust: Trust,
    progress: Progress,
    straight: frozenset[Segment],
    *,
    alone: bool,
) -> Applied:
    """Verify a bundle, copying its ops on the way, and take in what is new.

    Raises :class:`NotStraightError` where of ``straight`` not all can be taken, after all.
    """
    laid = _Laid(connection, straight)
    with laid:
        checked = verify(path, trust, progress, laid.lay)
    return _apply(connection, checked, laid, alone=alone)


class _Laid(ExitStack):
    """Copies the ops of a bundle to where they are taken from, while it is verified.

    Attributes:
        straight: the segments whose ops go to where they belong.
        refusals: why some ops count for nothing, as far as they show it by themselves.
        redacts: whether one of them redacts.
    """

    def __init__(self, connection: Connection, straight: frozenset[Segment]) -> None:
        super().__init__()
        self.straight = straight
        self.refusals: list[Refusal] = []
        self.redacts = False
        self._segment: Segment | None = None
        self._number = -1
        connection.execute(text("SELECT 1"))
        raw: psycopg.Connection[Any] = driver(connection)
        self._cursor = raw.cursor()
        self._copy: psycopg.Copy

    def lay(self, segment: Segment, line: Line, op: Op | None) -> None:
        """Copy an op; raises :class:`AloneError` where it redacts and we hold locks of feeds."""
        if self._segment is not segment:
            self._begin(segment)
        if op is not None:
            self.refusals.extend(judge(op.record[0], [op]).refusals)
            if op.op == REDACT:
                self.redacts = True
                if self.straight:  # while others wait for the feeds, we must not wait for them
                    raise AloneError
        links = line.data, line.inner, line.head
        self._copy.write_row((*self._place, line.seq, *texts(op), *links))

    def _begin(self, segment: Segment) -> None:
        self._segment = segment
        self._number += 1
        self.close()  # what was copied until here is there
        goes_on = segment in self.straight
        statement = STATEMENTS["copy_released" if goes_on else "copy"]
        self._copy = self.enter_context(self._cursor.copy(statement))
        self._copy.set_types(TYPES_OF_OP if goes_on else _TYPES)
        feed = segment.feed
        self._place = (feed.device, feed.epoch, feed.kind) if goes_on else (self._number,)


def lock_key(name: FeedId | bytes) -> int:
    """Return a number for PostgreSQL's advisory locks, below 2^62."""
    data = name if isinstance(name, bytes) else str(name).encode()
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") >> 2


def _apply(connection: Connection, checked: Checked, laid: _Laid, *, alone: bool) -> Applied:
    """Take in a verified bundle, all of whose ops are copied.

    Of ops that count for nothing those are told here that show it by themselves; what is seen only
    beside others, a report tells, which adds up the ops of a record.
    """
    refusals = laid.refusals

    def ask(name: str, **values: Any) -> Any:
        return connection.execute(text(STATEMENTS[name]), values)

    applied = Applied(checked.manifest.bundle, checked.manifest.sender)
    # A redaction waits for everybody: what it names may be on its way in another bundle. Whoever
    # else is at the same feeds is waited for in one order, so that nobody waits for ever.
    alone = alone or laid.redacts
    ask("alone" if alone else "together", key=_REDACTING)
    for key in sorted({lock_key(one.segment.feed) for one in checked.ended}):
        ask("alone", key=key)
    cuts = cut_at(connection, checked.cut)
    released: set[str] = set()
    fresh: dict[FeedId, range] = {}
    for number, ended in enumerate(checked.ended):
        device = checked.trust.person_of(ended.segment.device)
        passed_on = device.id != applied.sender
        straight = ended.segment in laid.straight
        segment = PostgresSegment(
            connection,
            number,
            ended,
            device,
            cuts,
            passed_on=passed_on,
            alone=alone,
            straight=straight,
        )
        try:
            with connection.begin_nested():
                segment.take(applied)
        except (ForkError, TooManyFeedsError) as error:
            # Nothing is used of a feed that is passed on; its own laptop's bundle is refused.
            if straight:
                raise NotStraightError from error
            if not passed_on:
                raise
            applied.alarms.append(str(error))
        released |= segment.released
        refusals += segment.refusals
        fresh[segment.segment.feed] = segment.fresh
    ask("touch")
    for one in laid.straight:
        ask("touch_straight", **asdict(one.feed), first=one.first, last=one.last)
    # What redactions name is taken away, whichever of the two came first.
    touched = {tuple(row) for row in ask("redacted", released=list(released))}
    if touched:
        enforce_redactions(connection, touched)
    # Entries that were here before may count no longer, as one that came in is dated after them.
    no_longer = (one.record[1] for one in refusals)
    forget(connection, [*released, *(record for _, record in touched), *no_longer])
    told = [one for one in refusals if one.op.seq in fresh.get(one.op.feed, ())]
    applied.alarms += refused_entries(told, checked.trust.roster)
    if applied.changed:
        applied.records = int(ask("records").scalar_one())
    refused = ledger.refusals.c.sha256 == checked.sha256
    connection.execute(delete(ledger.refusals).where(refused))
    # A later roster may accept what was left out; the same file is then looked at again.
    if not applied.revoked:
        seen = insert(bundles_seen).values(checked.seen_row())
        connection.execute(seen.on_conflict_do_nothing())
    return applied
