"""Appends ops to the chained rows of this laptop's own feeds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as SQLiteDialect

from storage.database.connection import driver, insert_many
from storage.database.facts import CLOCK
from storage.database.tables import ops
from storage.errors import FieldkitError
from storage.feed.judge import judge
from storage.ops.canonical_json import MalformedError
from storage.ops.clock import Clock, wall_text
from storage.ops.op import (
    MAX_BASES,
    MAX_FIELDS,
    MAX_ID_CHARS,
    MAX_OP_BYTES,
    FeedId,
    Op,
    OpId,
    digest,
    first_head,
    next_head,
)
from storage.ops.text import size
from storage.records.registry import known_fields

_NAMED = SQLiteDialect(paramstyle="named")
LeafRow = tuple[str, str, str, str, str]
"""A row of the ``leaf`` table: kind and id of the record, the field, the op and its stamp."""
UNDO, REDO = "undo", "redo"
SEEN = "seen"
"""Under which a session says which stamp of others' its clock goes on from, once committed."""
OPPOSITE = "opposite"
"""Under which a session says that what it writes takes ops back: :data:`UNDO` or :data:`REDO`."""
STEP = "step"
"""Under which a session names the ids of a step of several commits, of which its own is one."""
INSERT_OP = str(insert(ops).compile(dialect=_NAMED))
INSERT_LEAF = "INSERT INTO leaf(record_kind, record, field, op, hlc) VALUES (?, ?, ?, ?, ?)"
DELETE_LEAF = "DELETE FROM leaf WHERE record_kind = ? AND record = ? AND field = ? AND op = ?"
UPSERT_FEED = (
    "INSERT INTO feed(device, epoch, kind, seq, head) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT(device, epoch, kind) DO UPDATE SET seq = excluded.seq, head = excluded.head"
)


class UnfitError(FieldkitError):
    """An own op is none that every reader takes in, and was not written."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This was not written, because no colleague and not central could take it in: {why}. "
            "Nothing was changed. Report it to whoever looks after fieldkit, and what you did."
        )


MAX_KEPT_TEXTS = 20_000
"""Texts written that nobody has looked through yet; of more the first are forgotten."""


class KeptText(NamedTuple):
    """Names a text that was just kept: the field of a record, or a reason with its words."""

    kind: str
    record_id: str
    field: str
    reason: str = ""


@dataclass
class Author:
    """Says who writes on this laptop: what every op of this unlocking carries.

    Attributes:
        device: the laptop's id, the first 16 hexadecimal digits of SHA-256 of its signing key.
        epoch: which life of the vault this is; a restored backup starts a new one.
        person: the id of the vault's one person.
        clock: the laptop's hybrid logical clock.
        consulted: the records opened since unlocking, each recorded once.
        opened: the same, the one opened last at the end.
        pending: those of them that no commit has carried yet.
        reason: why this person changes what they change now, where nothing else is said.
        reason_once_left: the same, only where the site was left and a reason is needed.
        undoable: this unlocking's own ops that undo may take back, the last at the end.
        redoable: those that undo wrote since anything else was written; redo takes them back.
        kept: the texts that were written and not looked through yet.
        when_kept: is called on the clerk's thread after a commit that kept texts.
        commits: how many commits have kept ops of this unlocking; a refused step adds none.
    """

    device: str
    epoch: int
    person: str
    clock: Clock
    consulted: set[tuple[str, str]] = field(default_factory=set)
    opened: dict[tuple[str, str], None] = field(default_factory=dict)
    pending: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""
    reason_once_left: str = ""
    undoable: list[list[OpId]] = field(default_factory=list)
    kept: deque[KeptText] = field(default_factory=lambda: deque(maxlen=MAX_KEPT_TEXTS))
    when_kept: Callable[[], None] | None = None
    redoable: list[list[OpId]] = field(default_factory=list)
    commits: int = 0

    def take_kept(self) -> list[KeptText]:
        """Return the texts that were kept since this was last asked, each once; for any thread."""
        taken: list[KeptText] = []
        while self.kept:
            taken.append(self.kept.popleft())
        return list(dict.fromkeys(taken))

    def has_written(
        self, step: list[OpId], opposite: str = "", whole: list[OpId] | None = None
    ) -> None:
        """Note the ops of a commit.

        Args:
            step: their ids.
            opposite: :data:`UNDO` or :data:`REDO`, where they take others back.
            whole: the ids of a step of several commits, so far; these are added to it.
        """
        self.commits += 1
        steps = self.redoable if opposite == UNDO else self.undoable
        if whole is not None:
            whole += step
            step = whole
        # Of one commit the step is new; a whole one may stand anywhere among many thousands.
        if whole is None or not any(one is step for one in steps):
            steps.append(step)
        if not opposite:
            self.redoable.clear()

    def consult(self, kind: str, record: str) -> None:
        """Note that a record was opened; it is written with the next commit."""
        self.opened.pop((kind, record), None)
        self.opened[kind, record] = None
        if (kind, record) not in self.consulted:
            self.consulted.add((kind, record))
            self.pending.append((kind, record))


class Writer:
    """Appends ops to this laptop's feeds within one transaction."""

    def __init__(self, connection: Connection, author: Author) -> None:
        self._connection = connection
        self._run = driver(connection).execute
        self._author = author
        self._state: dict[str, tuple[int, bytes]] = {}
        self._rows: list[dict[str, Any]] = []
        self._leaves: list[LeafRow] = []
        self.written: list[Op] = []

    def _head(self, kind: str) -> tuple[int, bytes]:
        if kind not in self._state:
            row = self._run(
                "SELECT seq, head FROM feed WHERE device = ? AND epoch = ? AND kind = ?",
                (self._author.device, self._author.epoch, kind),
            ).fetchone()
            if row is None:
                start = first_head(FeedId(self._author.device, self._author.epoch, kind))
                self._state[kind] = (0, start)
            else:
                self._state[kind] = row
        return self._state[kind]

    def append(
        self,
        feed: str,
        verb: str,
        record: tuple[str, str],
        fields: dict[str, Any],
        base: list[OpId],
        reason: str | None,
    ) -> Op:
        """Make one op; it is written by :meth:`flush`.

        Of a base that is longer than anybody takes in, which no honest team comes to, a part is
        named: what is left out stays in conflict, and the op is none that everybody refuses.

        Raises :class:`UnfitError` where a reader would refuse it; nothing is written then.
        """
        seq, head = self._head(feed)
        stamp, wall = self._author.clock.tick()
        op = Op(
            id=OpId(self._author.device, self._author.epoch, feed, seq + 1),
            hlc=stamp,
            wall=wall_text(wall),
            who=self._author.person,
            op=verb,
            record=record,
            fields=fields,
            base=tuple(base[-MAX_BASES:]),
            reason=reason,
        )
        data = fit_to_write(op)
        inner = digest(data)
        after = next_head(head, inner)
        self._state[feed] = (seq + 1, after)
        self._rows.append(op_row(op, data, inner, after))
        self._leaves.extend(leaf_rows(op, fields.keys() & known_fields(record[0])))
        self.written.append(op)
        return op

    def flush(self) -> None:
        """Write the ops, their leaves, where the feeds stand and the clock."""
        if not self._rows:
            return
        insert_many(self._connection, ops, self._rows)
        replaced = [
            (*op.record, name, str(base))
            for op in self.written
            for base in op.base
            for name in op.fields
        ]
        driver(self._connection).executemany(DELETE_LEAF, replaced)
        insert_leaves(self._connection, self._leaves)
        for kind in {one.id.kind for one in self.written}:
            seq, head = self._state[kind]
            self._run(UPSERT_FEED, (self._author.device, self._author.epoch, kind, seq, head))
        self._run(
            "UPDATE meta SET value = ? WHERE key = ?",
            (CLOCK.encode(self._author.clock.last), CLOCK.key),
        )
        self._rows, self._leaves = [], []


def fit_to_write(op: Op) -> bytes:
    """Return the bytes of an own op that every reader takes; raises :class:`UnfitError`."""
    refusals = judge(op.record[0], [op]).refusals
    if refusals:
        raise UnfitError(f"it {refusals[0].tried}")
    try:
        data = op.encode()
    except MalformedError as error:
        raise UnfitError(str(error).rstrip(".").lower()) from None
    if len(data) > MAX_OP_BYTES:
        raise UnfitError(f"it is longer than the {size(MAX_OP_BYTES)} that every reader takes")
    if max(map(len, op.record)) > MAX_ID_CHARS or len(op.fields) > MAX_FIELDS:
        raise UnfitError("it has more fields, or a longer id, than every reader takes")
    return data


def op_row(op: Op, data: bytes | None, inner: bytes, head: bytes) -> dict[str, Any]:
    """Return the row of the ``op`` table for an op and its exact bytes."""
    return {
        "device": op.id.device,
        "epoch": op.id.epoch,
        "kind": op.id.kind,
        "seq": op.id.seq,
        "record_kind": op.record[0],
        "record": op.record[1],
        "verb": op.op,
        "hlc": op.hlc,
        "wall": op.wall,
        "who": op.who,
        "bytes": data,
        "digest": inner,
        "head": head,
    }


def insert_leaves(connection: Connection, rows: Iterable[LeafRow]) -> None:
    """Write new leaves; many are written quickest in the order in which they lie."""
    driver(connection).executemany(INSERT_LEAF, sorted(rows))


def leaf_rows(op: Op, names: Iterable[str] | None = None) -> list[LeafRow]:
    """Return the rows of the ``leaf`` table for the fields an op writes, or those of ``names``."""
    (kind, record), place, hlc = op.record, str(op.id), op.hlc
    return [(kind, record, name, place, hlc) for name in (op.fields if names is None else names)]
