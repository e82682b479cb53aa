"""A colleague's laptop, as far as tests of the core need one: ops of its own, handed over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from storage.database.tables import feeds, ops
from storage.feed.projection import project
from storage.feed.writer import op_row
from storage.ops.clock import stamp, wall_text
from storage.ops.op import MAIN, FeedId, Op, OpId, digest, first_head, next_head


class Colleague:
    """Writes ops in a feed of its own; ``device`` is 16 hexadecimal digits."""

    def __init__(self, device: str, person: str = "colleague") -> None:
        self.device = device
        self.person = person
        self._seq = 0
        self._head = first_head(FeedId(device, 1, MAIN))

    def write(
        self,
        record: tuple[str, str],
        fields: dict[str, Any],
        *,
        base: Iterable[OpId] = (),
        verb: str = "set",
        ms: int = 1000,
    ) -> Op:
        """The next op of the feed, at a wall time in milliseconds."""
        self._seq += 1
        return Op(
            id=OpId(self.device, 1, MAIN, self._seq),
            hlc=stamp(ms, 0),
            wall=wall_text(ms),
            who=self.person,
            op=verb,
            record=record,
            fields=fields,
            base=tuple(base),
        )

    def hand_over(self, session: Session, made: Iterable[Op]) -> None:
        """Put ops into a vault as merging does: the ops, the feed, and each record settled."""
        connection = session.connection()
        seq = 0
        for one in made:
            data = one.encode()
            self._head = next_head(self._head, digest(data))
            connection.execute(insert(ops), [op_row(one, data, digest(data), self._head)])
            seq = one.id.seq
            project(connection, *one.record)
        connection.execute(feeds.delete().where(feeds.c.device == self.device))
        row = {"device": self.device, "epoch": 1, "kind": MAIN, "seq": seq, "head": self._head}
        connection.execute(insert(feeds), [row])
