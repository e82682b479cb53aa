"""A laptop on the roster whose program was changed: it signs and hands over whatever it likes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from storage.bundle.applied import Applied
from storage.bundle.manifest import Manifest, Segment, audience_id, signed_head
from storage.bundle.write import Content, Draft, Row, SignedSegment
from storage.central import Central
from storage.central.intake.ingest import Ingested
from storage.crypto import age
from storage.crypto.signing import SEGMENT, sign
from storage.database.tables import ops
from storage.exchange.merge import merge
from storage.feed.positions import head_at, move
from storage.feed.writer import op_row
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import KEY, MAIN, FeedId, Op, OpId, digest, first_head, next_head
from storage.trust.roster import Roster
from storage.vault.vault import Vault


class Malicious:
    """Puts crafted ops into its own feeds, and sends those feeds to a laptop or to central.

    Its vault is an ordinary one, so it can also do what honest people do, before and after.
    """

    def __init__(self, vault: Vault, roster: Roster) -> None:
        self.vault = vault
        self.roster = roster

    def write(
        self,
        record: tuple[str, str],
        fields: dict[str, Any],
        *,
        verb: str = "create",
        base: Iterable[OpId] = (),
        feed: str = MAIN,
        **over: Any,
    ) -> Op:
        """Append an op to one of its feeds; ``over`` gives ``hlc``, ``wall``, ``who`` and so on."""
        stamp, wall = self.vault.author.clock.tick()
        place = self._end(feed).at(self._reached(feed)[0] + 1)
        values: dict[str, Any] = {
            "id": place,
            "hlc": stamp,
            "wall": wall_text(wall),
            "who": self.vault.person.id,
            "op": verb,
            "record": record,
            "fields": fields,
            "base": tuple(sorted(base)),
        }
        op = Op(**(values | over))
        self.append(op)
        return op

    def append(self, op: Op, data: bytes | None = None) -> None:
        """Append an op as it is, with other bytes where they are given; its place is the next."""

        def put(session: Session) -> None:
            connection = session.connection()
            place = self._end(op.id.kind)
            seq, head = head_at(connection, place)
            line = op.encode() if data is None else data
            after = next_head(head, digest(line))
            row = op_row(op, line, digest(line), after) | place.at(seq + 1)._asdict()
            connection.execute(insert(ops), [row])
            move(connection, place, seq + 1, after)

        self.vault.write_now(put)

    def send(self, to: Vault, folder: Path) -> Applied:
        """Hand both feeds to a colleague, who merges them."""
        return merge(to, self.bundle(folder, to))

    def hand_in(self, central: Central, folder: Path) -> Ingested:
        """Hand both feeds to central, whichever store it has."""
        (file,) = central.ingest([self.bundle(folder)]).files
        return file

    def bundle(self, folder: Path, to: Vault | None = None) -> Path:
        """Write a bundle of everything in its present feeds, for a laptop or for central."""
        rows = {kind: self._rows(kind) for kind in (MAIN, KEY)}
        key = self.vault.identity.signing
        segments = []
        for kind in (MAIN, KEY):
            if rows[kind]:
                feed, head = self._end(kind), first_head(self._end(kind))
                for _, _, inner in rows[kind]:
                    head = next_head(head, inner)
                segment = Segment(feed, 1, len(rows[kind]), first_head(feed), head)
                said = sign(key, SEGMENT, signed_head(feed, segment.last, head))
                segments.append(SignedSegment(segment, self.vault.identity.public, said))
        recipient = self._recipient(to)
        manifest = Manifest(
            team=self.roster.team,
            sender=self.vault.author.device,
            created=wall_text(wall_ms()),
            roster=self.roster.version,
            audience=(audience_id(recipient),),
            items=tuple(each.segment for each in segments),
        )

        def source(segment: Segment) -> Iterator[Sequence[Row]]:
            yield rows[segment.feed.kind]

        content = Content(manifest, tuple(segments), (), source)
        return Draft(folder).write(content, key, [age.parse_recipient(recipient)]).publish()

    def _recipient(self, to: Vault | None) -> str:
        if to is None:
            return self.roster.central.recipients[0]
        device = self.roster.device(to.author.device)
        assert device is not None
        return device.recipients[self.roster.central.kind]

    def _end(self, kind: str) -> FeedId:
        return FeedId(self.vault.author.device, self.vault.author.epoch, kind)

    def _reached(self, kind: str) -> tuple[int, bytes]:
        return self.vault.read_now(lambda session: head_at(session.connection(), self._end(kind)))

    def _rows(self, kind: str) -> list[Row]:
        query = (
            "SELECT seq, bytes, digest FROM op "
            "WHERE device = ? AND epoch = ? AND kind = ? ORDER BY seq"
        )
        place = (self.vault.author.device, self.vault.author.epoch, kind)
        return self.vault.read_now(
            lambda s: [
                (row[0], row[1], row[2])
                for row in s.connection().exec_driver_sql(query, place).all()
            ]
        )
