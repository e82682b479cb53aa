"""Applying a verified bundle to a store: one transaction, all of it or nothing.

The same bundle again changes nothing. What follows on ops not yet known is held and named. The
same op id with other bytes is a fork: the bundle is refused and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, event, insert, select, update
from sqlmodel import Session

from storage import search
from storage.bundle.apart import put_apart, refuse_too_much
from storage.bundle.errors import DamagedBundleError, ForkError, OwnFeedAheadError
from storage.bundle.manifest import Segment
from storage.bundle.reader import Checked, opened
from storage.bundle.settling import settle_many
from storage.bundle.stands import heads, keep_signed, move, of_feed, stand, stubs
from storage.bundle.tables import bundles_seen, held_ops, ready
from storage.bundle.walk import Begun, Ended, Line
from storage.clock import Clock, wall_ms, wall_text
from storage.feed import Desk, op_row
from storage.op import Op, OpId, decode, link, op_id
from storage.stubbing import enforce
from storage.tables import meta, ops

BATCH = 500
Progress = Callable[[int, int], None]


@dataclass
class Applied:
    """What a bundle changed.

    Attributes:
        bundle: its id.
        sender: who made it.
        new: how many ops were not known before, by feed.
        waiting: for each feed with a gap, the first and the last op that are missing.
        revoked: ops kept apart, by feed, because their laptop had been revoked before.
        records: how many records were brought up to date.
        ahead: laptops whose clock runs ahead of ours by more than fifteen minutes.
        notes: what else a person has to know, in sentences.
        refused: how many documents that travelled along were refused, as the notes say.
        touched: the kind and id of each record that was brought up to date.
        kinds: how many of them there are of each kind.
        conflicts: those of them in conflict that were not, or not in all of their fields, before.
        settled: how many records were in conflict before and are no more.
    """

    bundle: str
    sender: str
    new: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, tuple[int, int]] = field(default_factory=dict)
    revoked: dict[str, int] = field(default_factory=dict)
    records: int = 0
    ahead: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    refused: int = 0
    touched: set[tuple[str, str]] = field(default_factory=set)
    kinds: dict[str, int] = field(default_factory=dict)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    settled: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was not known before."""
        return bool(self.new)


def apply(session: Session, checked: Checked, progress: Progress | None = None) -> Applied:
    """Apply a verified bundle within a writing session.

    Raises:
        ForkError: an op is known here with other bytes.
        OwnFeedAheadError: the bundle knows more of this laptop's feed than the laptop does.
        DamagedBundleError: the file is no longer the one that was verified.
    """
    connection = session.connection()
    ready(connection)
    desk: Desk = session.info["desk"]
    applied = Applied(checked.manifest.bundle, checked.manifest.sender)
    touched: set[tuple[str, str]] = set()
    clock = Clock(desk.clock.last, desk.clock.wall)
    part: _Part | None = None
    done, total = 0, checked.manifest.ops
    with opened(checked.path, checked.trust) as (walk, _):
        for step in walk.events():
            if isinstance(step, Line):
                if part is not None:
                    part.line(step)
                done += 1
                if progress is not None and (done % 1000 == 0 or done == total):
                    progress(done, total)
            elif isinstance(step, Begun):
                limit = checked.trust.person_of(step.segment.device).accepted_to(step.segment.feed)
                part = _Part(connection, step.segment, limit, desk)
            elif isinstance(step, Ended) and part is not None:
                part.end(step)
                part.tell(applied)
                touched |= part.touched
                _meet(clock, part, applied)
        if walk.lines.digest.digest() != checked.plain or walk.manifest != checked.manifest:
            raise DamagedBundleError(
                f"{checked.path.name} was changed while it was being read. Nothing was used. Copy "
                "it to this computer first and try again."
            )
    if applied.waiting or applied.revoked:
        refuse_too_much(connection)
    redacted = enforce(connection, touched)
    settle_many(connection, touched)
    if redacted:
        search.scrub(connection)
        session.info["scrub"] = True
    applied.records = len(touched)
    applied.touched = touched
    _remember(connection, checked, applied)
    _keep_clock(session, desk, clock)
    return applied


def _meet(clock: Clock, part: _Part, applied: Applied) -> None:
    if part.latest and not clock.meet(part.latest):
        applied.ahead.add(part.segment.device)


def _keep_clock(session: Session, desk: Desk, clock: Clock) -> None:
    """The clock goes on from what was seen, with the commit and not before."""
    if clock.last == desk.clock.last:
        return
    session.connection().execute(
        update(meta).where(meta.c.key == "clock").values(value=clock.last.encode())
    )
    seen = clock.last
    event.listen(session, "after_commit", lambda _: desk.clock.meet(seen), once=True)


def _remember(connection: Connection, checked: Checked, applied: Applied) -> None:
    known = connection.execute(
        select(bundles_seen.c.bundle).where(bundles_seen.c.bundle == applied.bundle)
    ).one_or_none()
    if known is None:
        connection.execute(
            insert(bundles_seen).values(
                bundle=applied.bundle,
                sender=applied.sender,
                sha256=checked.sha256,
                at=wall_text(wall_ms()),
                ops=checked.manifest.ops,
            )
        )


class _Part:
    """One segment on its way into the store."""

    def __init__(
        self, connection: Connection, segment: Segment, limit: int | None, desk: Desk
    ) -> None:
        self.segment = segment
        self._connection = connection
        self._first = op_id(f"{segment.feed}/{segment.first}")
        self._until = limit
        self._limit = segment.last if limit is None else limit
        self._left_out = max(0, segment.last - max(self._limit, segment.first - 1))
        self._stand, self._head = stand(connection, self._first)
        own = self._first.device == desk.device and self._first.epoch == desk.epoch
        if own and segment.last > self._stand:
            raise OwnFeedAheadError(
                f"This bundle holds entries {self._stand + 1} to {segment.last} of this very "
                "laptop, which it does not know: the vault was set back to an earlier state. "
                "Nothing was used. Make a copy of the vault folder before anything else. What is "
                "written from now on begins anew; after the next entry, take the bundle in again."
            )
        self._gap = segment.first > self._stand + 1 and self._limit > self._stand
        known = held_ops if self._gap else ops
        self._known = heads(connection, known, self._first, segment.last)
        # This laptop's own stubs are ops it erased itself; they stay.
        mine = self._first.device == desk.device
        self._stubs = set() if mine else stubs(connection, known, self._first, segment.last)
        if segment.first == self._stand + 1 and segment.prev != self._head:
            raise forked(self._first)
        self._rows: list[dict[str, Any]] = []
        self._past: list[dict[str, Any]] = []
        self.new = 0
        self.filled = 0
        self.touched: set[tuple[str, str]] = set()
        self.latest = ""

    def line(self, line: Line) -> None:
        if line.seq > self._limit:
            self._past.append(_held_row(self._at(line.seq), line))
            if len(self._past) >= BATCH:
                self._put_apart()
            return
        known = self._known.get(line.seq)
        if known is not None:
            if known != line.head:
                raise forked(self._at(line.seq))
            if line.data is not None and line.seq in self._stubs:
                self._fill(line.seq, line.data)
            return
        if self._gap:
            self._put(held_ops, _held_row(self._at(line.seq), line))
            return
        if line.seq <= self._stand:
            raise forked(self._at(line.seq))
        self._add(line.seq, line.data, line.inner, line.head)

    def _add(self, seq: int, data: bytes | None, inner: bytes, head: bytes) -> None:
        if data is None:
            self._put(ops, op_row(_gone(self._at(seq)), None, inner, head))
        else:
            made = decode(data, trusted=True)
            self._put(ops, op_row(made, data, inner, head))
            self.touched.add(made.record)
            self.latest = max(self.latest, made.hlc)
        self._stand, self._head = seq, head
        self.new += 1

    def _fill(self, seq: int, data: bytes) -> None:
        """The bytes of an op of which only the digest was known; the head has shown they are its.

        What a redaction names loses them again before the end (:mod:`storage.stubbing`).
        """
        place = self._at(seq)
        if self._gap:
            self._connection.execute(
                update(held_ops)
                .where(of_feed(held_ops, place), held_ops.c.seq == seq)
                .values(bytes=data)
            )
            return
        made = decode(data, trusted=True)
        named = ("record_kind", "record", "verb", "hlc", "wall", "who", "bytes")
        row = op_row(made, data, b"", b"")
        self._connection.execute(
            update(ops)
            .where(of_feed(ops, place), ops.c.seq == seq)
            .values({name: row[name] for name in named})
        )
        self.touched.add(made.record)
        self.filled += 1

    def _put(self, table: Table, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush(table)

    def _flush(self, table: Table) -> None:
        if self._rows:
            self._connection.execute(insert(table), self._rows)
            self._rows.clear()

    def end(self, ended: Ended) -> None:
        self._flush(held_ops if self._gap else ops)
        place = self._at(self.segment.last)
        keep_signed(self._connection, place, self.segment.head, ended.public, ended.signature)
        self._put_apart()
        if self._until is not None:
            self._drop_held(self._until)
        if self.new:
            self._take_held()
            move(self._connection, self._first, self._stand, self._head)

    def _put_apart(self) -> None:
        put_apart(self._connection, self._past)
        self._past.clear()

    def _drop_held(self, until: int) -> None:
        """What was held before its laptop was revoked and lies past its time is kept apart too."""
        past = and_(of_feed(held_ops, self._first), held_ops.c.seq > until)
        held = [
            dict(row._mapping) for row in self._connection.execute(select(held_ops).where(past))
        ]
        self._left_out += sum(
            not self.segment.first <= row["seq"] <= self.segment.last for row in held
        )
        if held:
            put_apart(self._connection, held)
            self._connection.execute(delete(held_ops).where(past))

    def _take_held(self) -> None:
        """Add what waited for the gap that has just been filled."""
        where = of_feed(held_ops, self._first)
        waiting = self._connection.execute(
            select(held_ops).where(where).order_by(held_ops.c.seq)
        ).all()
        for row in waiting:
            if row.seq <= self._stand:
                continue
            if row.seq > self._stand + 1:
                break
            # A head binds everything before it, so a held op with another past shows here.
            if link(self._head, row.digest) != row.head:
                raise forked(self._at(row.seq))
            self._add(row.seq, row.bytes, row.digest, row.head)
        self._flush(ops)
        if waiting:
            self._connection.execute(
                delete(held_ops).where(and_(where, held_ops.c.seq <= self._stand))
            )

    def _at(self, seq: int) -> OpId:
        return OpId(self._first.device, self._first.epoch, self._first.kind, seq)

    def tell(self, applied: Applied) -> None:
        feed = self.segment.feed
        if self.new or self.filled:
            applied.new[feed] = applied.new.get(feed, 0) + self.new + self.filled
        if self._gap:
            applied.waiting[feed] = (self._stand + 1, self.segment.first - 1)
        else:
            applied.waiting.pop(feed, None)
        if self._left_out:
            applied.revoked[feed] = applied.revoked.get(feed, 0) + self._left_out


def _held_row(place: OpId, line: Line) -> dict[str, Any]:
    return {**place._asdict(), "bytes": line.data, "digest": line.inner, "head": line.head}


def _gone(place: OpId) -> Op:
    """What stands in the row of an op of which only the digest came."""
    return Op(id=place, hlc="", wall="", who="", op="", record=("", ""), fields={}, salt="")


def forked(place: OpId) -> ForkError:
    """The alarm that an op is known here with other content."""
    return ForkError(
        f"Fork alarm: the entry {place} is known here with other content. Laptop {place.device} "
        "was copied, set back, or its past was rewritten. Nothing was used and nothing was "
        "overwritten. Keep the file, leave that laptop as it is, and tell whoever administers "
        "central."
    )
