"""One segment of a bundle on its way into PostgreSQL, where its ops are taken as sets."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, delete, text

from storage.bundle import limits
from storage.bundle.applied import Applied
from storage.bundle.errors import forked
from storage.bundle.segment import HeldRow, SegmentImport
from storage.bundle.stream import SegmentEnd
from storage.central.belonging import inspection_of
from storage.central.intake.ingest import too_much_held
from storage.database.connection import driver
from storage.database.transit import held_ops
from storage.feed.judge import Refusal, judge
from storage.feed.positions import held, of_feed
from storage.ops.op import FeedId, Op, decode
from storage.ops.redactions import REDACT
from storage.trust.roster import Device

STATEMENTS: dict[str, str] = tomllib.loads(
    Path(__file__).with_name("apply.toml").read_text(encoding="utf-8")
)
"""What is said to the database, by name."""
TEXT_COLUMNS = ["text"] * 7
TYPES_OF_OP = ["text", "int8", "text", "int8", *TEXT_COLUMNS, "bytea", "bytea", "bytea"]
_NO_TEXTS = ("",) * len(TEXT_COLUMNS)


class AloneError(Exception):
    """An op redacts something: the caller must apply the bundle again, ``alone``."""


class NotStraightError(Exception):
    """Of a segment whose ops were copied to where they belong, not all may be used."""


def texts(op: Op | None) -> tuple[str, ...]:
    """Return the columns of an op that are texts; the last is the inspection it names, if any."""
    if op is None:
        return _NO_TEXTS
    return *op.record, op.op, op.hlc, op.wall, op.who, inspection_of(op)


class PostgresSegment(SegmentImport):
    """Executes the plan of a segment whose ops lie in the temporary table.

    Attributes:
        released: the ids of the records of ops that were held until now.
        fresh: which ops of the feed count from now on.
        refusals: why some of them count for nothing, as far as they show it by themselves.
    """

    BATCH_SIZE = 5000
    KEEPS_REVOKED = False

    def __init__(
        self,
        connection: Connection,
        number: int,
        ended: SegmentEnd,
        device: Device,
        cuts: Mapping[FeedId, int],
        *,
        passed_on: bool,
        alone: bool,
        straight: bool = False,
    ) -> None:
        super().__init__(connection, ended.segment, device, cuts, passed_on=passed_on)
        self.released: set[str] = set()
        self.fresh = range(0)
        self.refusals: list[Refusal] = []
        self._ended = ended
        self._alone = alone
        self._straight = straight
        self._values = {
            "device": self._feed.device,
            "epoch": self._feed.epoch,
            "kind": self._feed.kind,
            "part": number,
        }

    def take(self, applied: Applied) -> None:
        """Execute the plan; raises a ``BundleError`` where nothing of the segment may be used.

        Raises :class:`NotStraightError` where the ops were copied to where they belong, and the
        plan does not append all of them.
        """
        plan = self._plan()
        every = range(self.segment.first, self.segment.last + 1)
        if self._straight and (plan.refusal is not None or plan.append != every):
            raise NotStraightError
        if plan.refusal is not None:
            raise plan.refusal
        if plan.hold:
            self._refuse_other("other_held", plan.hold)
            self._run("fill_held", plan.hold)
            if (
                self._run("hold", plan.hold).rowcount
                and held(self._connection) > limits.MAX_HELD_OPS
            ):
                raise too_much_held()
        if plan.compare:
            self._refuse_other("other", plan.compare)
            self.filled = self._run("fill", plan.compare).rowcount
        if plan.append:
            self.new = len(every) if self._straight else self._run("add", plan.append).rowcount
            self._seq = plan.append[-1]
            self._head = (
                self.segment.head
                if self._seq == self.segment.last
                else self._run("head", plan.append).scalar_one()
            )
        first = self.segment.first if self.filled or not plan.append else plan.append[0]
        self._finish(plan, self._ended, applied)
        self.fresh = range(first, self._seq + 1)
        self.refusals += self.backdated

    def _run(self, name: str, seqs: range) -> Any:
        values = {**self._values, "first": seqs[0], "last": seqs[-1]}
        return self._connection.execute(text(STATEMENTS[name]), values)

    def _refuse_other(self, how: str, seqs: range) -> None:
        other = self._run(how, seqs).scalar()
        if other is not None:
            raise forked(self._feed.at(other))

    def _drop_held(self, until: int) -> Sequence[int]:
        past = delete(held_ops).where(of_feed(held_ops, self._feed), held_ops.c.seq > until)
        return self._connection.execute(past.returning(held_ops.c.seq)).scalars().all()

    def _release(self, rows: Sequence[HeldRow]) -> None:
        raw: psycopg.Connection[Any] = driver(self._connection)
        with raw.cursor() as cursor, cursor.copy(STATEMENTS["copy_released"]) as copy:
            copy.set_types(TYPES_OF_OP)
            for row in rows:
                op = None if row.bytes is None else decode(row.bytes, trusted=True)
                if op is not None:
                    if op.op == REDACT and not self._alone:
                        raise AloneError
                    self.released.add(op.record[1])
                    self.refusals += judge(op.record[0], [op]).refusals
                place = self._feed.at(row.seq)
                copy.write_row((*place, *texts(op), row.bytes, row.digest, row.head))
