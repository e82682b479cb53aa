"""How a bundle lands in PostgreSQL: one walk, one COPY, and a few statements over sets.

While a bundle is verified its ops are copied into a temporary table that only this connection
sees. When all of it has held, one transaction takes from there what is new. The identity of an op
is the table's key and each feed is locked while it grows, so however many processes are at it,
and wherever one of them is killed, every op is there once or not at all.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Copy
from sqlalchemy import Connection, and_, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from storage.bundle import limits
from storage.bundle.apply import Applied, concerns
from storage.bundle.errors import BundleError, ForkError, TooManyFeedsError, forked, too_many_feeds
from storage.bundle.manifest import Segment
from storage.bundle.stream import Ended, Line
from storage.bundle.verify import Checked, Trust, verify
from storage.central.belonging import inspection_of
from storage.central.intake import ledger
from storage.central.intake.ingest import too_much_held
from storage.database.connection import driver
from storage.database.transit import bundles_seen, held_ops
from storage.feed.positions import head_at, held, keep_signed, many_feeds, move, of_feed
from storage.feed.read import cut_at
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import FeedId, Op, decode, next_head
from storage.ops.redactions import REDACT
from storage.progress import Progress, silent
from storage.redaction.stubs import enforce_redactions

SAID: dict[str, str] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""The statements, by name."""
_TEXTS = ["text"] * 7
_TYPES = ["int4", "int8", *_TEXTS, "bytea", "bytea", "bytea"]
_TYPES_OF_OP = ["text", "int8", "text", *_TYPES[1:]]
BATCH = 5000
"""Held ops released at once."""
_GONE = ("",) * len(_TEXTS)

_REDACTING = 2**62
"""The lock between what redacts and what might be redacted; a feed's own lock is below it."""


def prepare(connection: Connection) -> None:
    """Make the temporary table, once a connection, and commit."""
    connection.execute(text(SAID["make"]))
    connection.commit()


class AloneError(Exception):
    """What was held and is taken now redacts something: the caller must land it ``alone``."""


def land(
    connection: Connection,
    path: Path,
    trust: Trust,
    progress: Progress = silent,
    *,
    alone: bool = False,
) -> Applied:
    """Verify a bundle and take in what is new, in the connection's transaction.

    The caller commits; whatever is raised, it rolls back. With ``alone`` nobody else takes
    anything in at the same time.

    Raises:
        BundleError: the bundle is refused.
        AloneError: it has to be landed again, alone.
    """
    parts: list[Segment] = []
    raw: psycopg.Connection[Any] = driver(connection)
    connection.execute(text("SELECT 1"))
    with raw.cursor() as cursor, cursor.copy(SAID["copy"]) as copy:
        copy.set_types(_TYPES)

        def lay(segment: Segment, line: Line, op: Op | None) -> None:
            if not parts or parts[-1] is not segment:
                parts.append(segment)
            copy.write_row((len(parts) - 1, line.seq, *texts(op), line.data, line.inner, line.head))

        checked = verify(path, trust, progress, lay)
    return _Landed(connection, checked, alone=alone).take()


def texts(op: Op | None) -> tuple[str, ...]:
    """What of an op stands in columns of its own; the last is the inspection it names, if any."""
    if op is None:
        return _GONE
    return *op.record, op.op, op.hlc, op.wall, op.who, inspection_of(op)


def lock_key(name: FeedId | bytes) -> int:
    """A number for PostgreSQL's advisory locks, below 2^62."""
    data = name if isinstance(name, bytes) else str(name).encode()
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") >> 2


class _Landed:
    """A verified bundle, all of whose ops lie in the temporary table."""

    def __init__(self, connection: Connection, checked: Checked, *, alone: bool) -> None:
        self._connection = connection
        self._checked = checked
        self._alone = alone
        self._released: set[tuple[str, str]] = set()
        self._applied = Applied(checked.manifest.bundle, checked.manifest.sender)

    def take(self) -> Applied:
        self._lock()
        self._cuts = cut_at(self._connection, self._checked.cut)
        for part, one in enumerate(self._checked.ended):
            try:
                with self._connection.begin_nested():
                    self._segment(part, one)
            except (ForkError, TooManyFeedsError) as error:
                self._leave(one.segment, error)
        self._redact()
        if self._applied.changed:
            self._applied.records = int(self._ask("records").scalar_one())
        self._remember()
        return self._applied

    def _leave(self, segment: Segment, error: BundleError) -> None:
        """Use nothing of a feed that somebody passes on; its own laptop's bundle is refused."""
        if not self._passed_on(segment.device):
            raise error
        self._applied.alarms.append(str(error))

    def _passed_on(self, device: str) -> bool:
        return device != self._checked.manifest.sender

    def _lock(self) -> None:
        """Wait for whoever else is at the same feeds; in one order, so that nobody waits for ever.

        A redaction waits for everybody: what it names may be on its way in another bundle.
        """
        self._alone = self._alone or bool(self._ask("redacts").scalar_one())
        self._ask("alone" if self._alone else "together", key=_REDACTING)
        feeds = {one.segment.feed for one in self._checked.ended}
        for key in sorted(map(lock_key, feeds)):
            self._ask("alone", key=key)

    def _ask(self, name: str, **values: Any) -> Any:
        return self._connection.execute(text(SAID[name]), values)

    def _segment(self, part: int, ended: Ended) -> None:
        """As :mod:`storage.bundle.apply` takes a segment, over sets."""
        segment = ended.segment
        feed = segment.feed
        device = self._checked.trust.person_of(segment.device)
        until = device.accepted_to(feed)
        limit = segment.last if until is None else until
        left_out = max(0, segment.last - max(limit, segment.first - 1))
        cut = self._cuts.get(feed, segment.last + 1)
        before, head = head_at(self._connection, feed)
        if not before and many_feeds(self._connection, feed):
            raise too_many_feeds(feed)
        if segment.first == before + 1 and segment.prev != head:
            raise forked(feed.at(segment.first))
        gap = segment.first > before + 1 and limit > before and cut > segment.first
        values: dict[str, Any] = {
            "device": feed.device,
            "epoch": feed.epoch,
            "kind": feed.kind,
            "part": part,
            "last": min(limit, segment.last, cut - 1),
        }
        new = filled = 0
        if gap:
            self._compare("other_held", feed, values)
            self._ask("fill_held", **values)
            if self._ask("hold", **values).rowcount:
                self._refuse_too_much()
        elif segment.first <= values["last"]:
            if segment.first <= before:
                self._compare("other", feed, values)
                filled = self._ask("fill", **values).rowcount
            if values["last"] > before:
                new = self._ask("add", **values, after=before).rowcount
                before, head = values["last"], self._head(values)
        if values["last"] == segment.last:
            place = feed.at(segment.last)
            keep_signed(self._connection, place, segment.head, ended.public, ended.signature)
        if until is not None:
            left_out += self._drop_held(feed, until, segment)
        if new:
            reached, head = self._take_held(feed, before, head)
            new += reached - before
            before = reached
            move(self._connection, feed, before, head)
        self._tell(segment, new + filled, (before + 1, segment.first - 1) if gap else None)
        if left_out:
            revoked = self._applied.revoked
            revoked[segment.feed] = revoked.get(segment.feed, 0) + left_out

    def _tell(self, segment: Segment, new: int, waiting: tuple[int, int] | None) -> None:
        applied = self._applied
        if new:
            applied.new[segment.feed] = applied.new.get(segment.feed, 0) + new
        if waiting is not None:
            applied.waiting[segment.feed] = waiting
        else:
            applied.waiting.pop(segment.feed, None)

    def _compare(self, how: str, feed: FeedId, values: dict[str, Any]) -> None:
        other = self._ask(how, **values).scalar()
        if other is not None:
            raise forked(feed.at(other))

    def _head(self, values: dict[str, Any]) -> bytes:
        found: bytes = self._ask("head", part=values["part"], last=values["last"]).scalar_one()
        return found

    def _refuse_too_much(self) -> None:
        if held(self._connection) > limits.MOST_HELD:
            raise too_much_held()

    def _drop_held(self, feed: FeedId, until: int, segment: Segment) -> int:
        """What was held before its laptop was revoked and lies past its time is left out too."""
        past = delete(held_ops).where(of_feed(held_ops, feed), held_ops.c.seq > until)
        gone = self._connection.execute(past.returning(held_ops.c.seq)).scalars()
        return sum(not segment.first <= seq <= segment.last for seq in gone)

    def _take_held(self, feed: FeedId, before: int, head: bytes) -> tuple[int, bytes]:
        """Add what waited for the gap that has just been filled; gives where the feed stands."""
        while True:
            gone = delete(held_ops).where(of_feed(held_ops, feed), held_ops.c.seq <= before)
            self._connection.execute(gone)
            rows = self._next_held(feed, before, head)
            if not rows:
                return before, head
            self._copy_held(rows)
            before, head = rows[-1][3], rows[-1][-1]

    def _next_held(self, feed: FeedId, before: int, head: bytes) -> list[tuple[Any, ...]]:
        """The next rows that follow on, so many that memory does not grow with what was held."""
        waiting = self._connection.execute(
            select(held_ops)
            .where(of_feed(held_ops, feed), held_ops.c.seq > before)
            .order_by(held_ops.c.seq)
            .limit(BATCH)
        )
        rows: list[tuple[Any, ...]] = []
        for row in waiting.all():
            if row.seq != before + 1:
                break
            # A head binds everything before it, so a held op with another past shows here.
            if next_head(head, row.digest) != row.head:
                if not self._passed_on(feed.device):
                    raise forked(feed.at(row.seq))
                self._applied.alarms.append(str(forked(feed.at(row.seq))))
                other = and_(of_feed(held_ops, feed), held_ops.c.seq >= row.seq)
                self._connection.execute(delete(held_ops).where(other))
                break
            op = None if row.bytes is None else decode(row.bytes, trusted=True)
            if op is not None:
                self._release(op)
            rows.append((*feed.at(row.seq), *texts(op), row.bytes, row.digest, row.head))
            before, head = row.seq, row.head
        return rows

    def _release(self, op: Op) -> None:
        if op.op == REDACT and not self._alone:
            raise AloneError
        self._released.add(op.record)

    def _copy_held(self, rows: list[tuple[Any, ...]]) -> None:
        raw: psycopg.Connection[Any] = driver(self._connection)
        with raw.cursor() as cursor, cursor.copy(SAID["copy_released"]) as copy:
            copy.set_types(_TYPES_OF_OP)
            _write(copy, rows)

    def _redact(self) -> None:
        """Take away what redactions name, whichever of the two came first."""
        released = [record for _, record in self._released]
        rows = self._ask("redacted", released=released)
        touched = {(row.record_kind, row.record) for row in rows}
        if touched:
            _, alarms = enforce_redactions(self._connection, touched)
            self._applied.alarms += [
                one.said for one in alarms if concerns(self._applied, one.tell, one.place)
            ]

    def _remember(self) -> None:
        manifest = self._checked.manifest
        self._connection.execute(
            delete(ledger.refusals).where(ledger.refusals.c.sha256 == self._checked.sha256)
        )
        if self._applied.revoked:
            # A later roster may accept what was left out; the same file is then looked at again.
            return
        row = insert(bundles_seen).values(
            bundle=manifest.bundle,
            sender=manifest.sender,
            sha256=self._checked.sha256,
            at=wall_text(wall_ms()),
            ops=manifest.ops,
        )
        self._connection.execute(row.on_conflict_do_nothing())


def _write(copy: Copy, rows: list[tuple[Any, ...]]) -> None:
    for row in rows:
        copy.write_row(row)
