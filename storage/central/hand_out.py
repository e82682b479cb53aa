"""What central makes for a laptop: an inspection's feeds for a new one, or a receipt by itself.

Central passes on what laptops wrote and signed, cut where one of them signed its feed's head. It
writes nothing into any feed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage.bundle import manifest
from storage.bundle.errors import NotWrittenError
from storage.bundle.manifest import Item, Manifest, Segment, audience_id
from storage.bundle.write import Content, Draft, SignedSegment
from storage.central.belonging import Belonging, Row
from storage.central.intake import ledger
from storage.central.report import positions
from storage.central.store import OpStore
from storage.crypto import age
from storage.crypto.signing import Signed
from storage.database.tables import ops
from storage.database.transit import make_transit_tables, signed_heads
from storage.errors import FieldkitError
from storage.feed.positions import head_of, of_feed
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import KEY, FeedId, first_head
from storage.progress import Progress, silent
from storage.trust.identity import device_id, public_bytes
from storage.trust.receipt import document_digest
from storage.trust.roster import Device, Roster

SLICE = 1000
"""Ops read at once."""
FULL_BYTES, FULL_OPS = 192 * 2**20, 800_000
"""Where a bundle is full and another is begun, well below what a reader accepts of one."""
_LINE = 200
"""Bytes reckoned for a line of a stub, or around an op."""


class NothingHeldError(FieldkitError):
    """Central holds nothing of what was asked for."""


@dataclass(frozen=True)
class HandedOut:
    """What was made for a laptop.

    Attributes:
        device: for whom.
        paths: the files.
        ops: how many ops they hold, stubs among them.
        feeds: for each feed, the last op.
        with_key: force references and the key to child labels are in it.
    """

    device: Device
    paths: tuple[Path, ...]
    ops: int = 0
    feeds: dict[FeedId, int] = field(default_factory=dict)
    with_key: bool = False


@dataclass(frozen=True)
class Sender:
    """Central as the maker of a bundle.

    Attributes:
        store: where the ops are.
        signed: the roster in use.
        roster: what it says.
        key: central's signing key.
    """

    store: OpStore
    signed: Signed
    roster: Roster
    key: Ed25519PrivateKey

    def hand_out(
        self,
        inspection: str,
        device: Device,
        folder: Path,
        receipt: Signed,
        *,
        with_key: bool = True,
        progress: Progress = silent,
    ) -> HandedOut:
        """Write all that central holds of an inspection for one laptop, with roster and receipt.

        Raises:
            NothingHeldError: it holds nothing of that inspection.
            NotWrittenError: the folder cannot be written.
        """
        need_folder(folder)
        belonging, pieces = self.store.read_now(_pieces, inspection, device.id, with_key)
        if not pieces:
            raise NothingHeldError(
                f"Central holds nothing of the inspection {inspection} for that laptop. Nothing "
                "was written. “fieldkit central report” lists the inspections it holds."
            )
        paths = []
        for bundle in _packed(pieces):
            documents = (self.signed, receipt)
            content = self._content(device, bundle, documents, belonging)
            paths.append(self._write(folder, device, inspection, content, progress))
        return HandedOut(
            device,
            tuple(paths),
            sum(one.segment.last - one.segment.first + 1 for one in pieces),
            {one.segment.feed: one.segment.last for one in pieces},
            any(one.segment.feed.kind == KEY for one in pieces),
        )

    def send_receipt(self, device: Device, folder: Path, receipt: Signed) -> Path:
        """Write a bundle with nothing in it but the roster and a receipt.

        Raises:
            NotWrittenError: the folder cannot be written.
        """
        need_folder(folder)
        content = self._content(device, (), (self.signed, receipt), None)
        return self._draft(folder, device, content, silent).publish()

    def _content(
        self,
        device: Device,
        pieces: Sequence[_Piece],
        documents: tuple[Signed, ...],
        belonging: Belonging | None,
    ) -> Content:
        kinds = (manifest.ROSTER, manifest.RECEIPT)
        own_manifest = Manifest(
            team=self.roster.team,
            sender=device_id(public_bytes(self.key)),
            created=wall_text(wall_ms()),
            roster=self.roster.version,
            audience=(audience_id(self._recipient(device)),),
            items=(
                *(
                    Item(kind, 2, document_digest(one))
                    for kind, one in zip(kinds, documents, strict=True)
                ),
                *(one.segment for one in pieces),
            ),
            have=self.store.read_now(positions),
        )

        def source(segment: Segment) -> Iterator[Sequence[Row]]:
            if belonging is None:
                return
            for first in range(segment.first, segment.last + 1, SLICE):
                last = min(first + SLICE - 1, segment.last)
                yield self.store.read_now(_slice, belonging, segment.feed, first, last)

        signed = tuple(SignedSegment(one.segment, *one.signature) for one in pieces)
        return Content(own_manifest, signed, documents, source)

    def _recipient(self, device: Device) -> str:
        return device.recipients[self.roster.central.kind]

    def _draft(self, folder: Path, device: Device, content: Content, progress: Progress) -> Draft:
        keys = [age.parse_recipient(self._recipient(device))]
        return Draft(folder).write(content, self.key, keys, progress)

    def _write(
        self,
        folder: Path,
        device: Device,
        inspection: str,
        content: Content,
        progress: Progress,
    ) -> Path:
        """Record that it leaves before it has its name, as a laptop does."""
        draft = self._draft(folder, device, content, progress)
        bundle = content.manifest.bundle
        row = {
            "bundle": bundle,
            "device": device.id,
            "inspection": inspection,
            "sha256": draft.sha256,
            "at": content.manifest.created,
            "ops": content.manifest.ops,
            "with_key": any(one.feed.kind == KEY for one in content.manifest.segments),
        }
        try:
            self.store.write_now(ledger.record_hand_out, row)
        except BaseException:
            draft.discard()
            raise
        try:
            return draft.publish()
        except NotWrittenError:
            self.store.write_now(ledger.withdraw_hand_out, bundle)
            raise


def need_folder(folder: Path) -> None:
    """Raise :class:`NotWrittenError` where a folder is missing."""
    if not folder.is_dir():
        raise NotWrittenError(
            f"There is no folder {folder}. Nothing was written. Make it, or put the stick in, and "
            "do it again."
        )


@dataclass(frozen=True)
class _Piece:
    """A stretch of a feed between two heads that its laptop signed."""

    segment: Segment
    signature: tuple[bytes, bytes]
    size: int


def _pieces(
    session: Session, inspection: str, device: str, with_key: bool
) -> tuple[Belonging, list[_Piece]]:
    connection = session.connection()
    make_transit_tables(connection)
    belonging = Belonging(connection, inspection)
    pieces: list[_Piece] = []
    for feed, (seq, _) in positions(session).items():
        # A laptop's own feed grows nowhere but on it.
        if feed in belonging.feeds and feed.device != device and (with_key or feed.kind != KEY):
            pieces.extend(_of_feed(connection, feed, seq))
    return belonging, pieces


def _of_feed(connection: Connection, feed: FeedId, end: int) -> Iterator[_Piece]:
    """Cut a feed, up to its last signed head, where it is too long for a bundle."""
    rows = connection.execute(
        select(signed_heads.c.seq, signed_heads.c.public, signed_heads.c.signature)
        .where(of_feed(signed_heads, feed), signed_heads.c.seq <= end)
        .order_by(signed_heads.c.seq)
    ).all()
    before, size, prev = 0, 0, first_head(feed)
    for number, row in enumerate(rows):
        size += _size(connection, feed, rows[number - 1].seq if number else 0, row.seq)
        last = number == len(rows) - 1
        more = 0 if last else _size(connection, feed, row.seq, rows[number + 1].seq)
        if last or size + more > FULL_BYTES or rows[number + 1].seq - before > FULL_OPS:
            head = head_of(connection, feed.at(row.seq))
            segment = Segment(feed, before + 1, row.seq, prev, head)
            yield _Piece(segment, (row.public, row.signature), size)
            before, size, prev = row.seq, 0, head


def _size(connection: Connection, feed: FeedId, after: int, last: int) -> int:
    query = select(func.coalesce(func.sum(func.length(ops.c.bytes)), 0), func.count()).where(
        of_feed(ops, feed), ops.c.seq.between(after + 1, last)
    )
    size, number = connection.execute(query).one()
    return int(size) + _LINE * int(number)


def _packed(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Put pieces together as far as one bundle holds them."""
    bundle: list[_Piece] = []
    size = number = 0
    for piece in pieces:
        number_of_ops = piece.segment.last - piece.segment.first + 1
        if bundle and (size + piece.size > FULL_BYTES or number + number_of_ops > FULL_OPS):
            yield bundle
            bundle, size, number = [], 0, 0
        bundle.append(piece)
        size, number = size + piece.size, number + number_of_ops
    if bundle:
        yield bundle


def _slice(
    session: Session, belonging: Belonging, feed: FeedId, first: int, last: int
) -> Sequence[Row]:
    return belonging.slice(session.connection(), feed.at(first), last)
