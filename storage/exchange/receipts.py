"""Receipts that come back to a laptop: what central has confirmed of what was sent."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage import files
from storage.bundle.errors import forked
from storage.crypto.signing import MAX_DOCUMENT_BYTES, Signed
from storage.database.tables import ops
from storage.errors import FieldkitError
from storage.exchange import clock_skew
from storage.exchange.enrol import signed_roster
from storage.feed.positions import heads, of_feed
from storage.feed.writer import Author
from storage.history.delivery import own_records
from storage.ops.op import MAIN, FeedId, OpId, by_name
from storage.records.log import Receipt
from storage.records.registry import uncounted
from storage.trust.identity import device_id
from storage.trust.receipt import Receipt as Said
from storage.trust.receipt import ReceiptSummary, document_digest, read_receipt
from storage.vault.anchors import anchor
from storage.vault.epochs import SET_BACK
from storage.vault.vault import Vault


class ReceiptRefusedError(FieldkitError):
    """A receipt is not for this laptop or this team."""


class ReceiptAlarmError(FieldkitError):
    """Central holds another past of this laptop's feeds than the laptop itself."""


class SetBackAlarmError(ReceiptAlarmError):
    """Central knows more of this laptop's present feeds than the laptop itself."""


def take_receipt(vault: Vault, path: Path) -> ReceiptSummary:
    """Take a receipt back; the records it covers count as received from then on.

    Raises:
        ReceiptRefusedError: it is for another laptop or team.
        ReceiptAlarmError: what central confirms is not what this laptop wrote.
        SignatureError: central did not sign it.
    """
    return take_signed_receipt(vault, Signed.read(files.read(path, MAX_DOCUMENT_BYTES)))


def take_signed_receipt(vault: Vault, signed: Signed) -> ReceiptSummary:
    """Take a receipt back that was read already; as :func:`take_receipt` otherwise."""
    _, roster = signed_roster(vault)
    receipt = read_receipt(signed, roster.central.sign_pk)
    if receipt.team != roster.team or receipt.device != vault.identity.device:
        raise ReceiptRefusedError(
            "This receipt is for another laptop or another team. Nothing was changed. Look for "
            f"the one whose name begins with {vault.identity.device}."
        )
    try:
        summary = vault.write_now(
            _record, receipt, document_digest(signed), device_id(roster.central.sign_pk)
        )
    except SetBackAlarmError:
        vault.begin_epoch_now(SET_BACK)
        raise
    anchor(vault)
    return summary


def _record(session: Session, said: Said, sha256: str, central: str) -> ReceiptSummary:
    connection = session.connection()
    author: Author = session.info["author"]
    covers: dict[FeedId, int] = {}
    forks: list[str] = []
    for feed, (seq, head) in said.covers.items():
        place = feed.at(seq)
        known = heads(connection, ops, feed, seq, seq).get(seq)
        if known is None and place.device == author.device and place.epoch == author.epoch:
            raise SetBackAlarmError(
                f"Central confirms entry {place} of this laptop, which this vault does not have: "
                "it was set back to an earlier state. Nothing was changed. Copy the vault's folder "
                "aside before anything else. What you write from now on stands beside it and "
                "disturbs nothing; exchange with a colleague, who may have what was written."
            )
        if known is not None and known != head:
            if place.device == author.device:
                raise ReceiptAlarmError(
                    f"Central holds entry {place} of this laptop with other content than the "
                    "laptop itself: one of the two was changed afterwards. Nothing was changed "
                    "here. Export nothing more, and tell whoever administers central."
                )
            forks.append(str(forked(place)))
        elif known is not None:
            reached = _with_words(connection, place, said.digests.get(feed, ()))
            if reached:
                covers[feed] = reached
    clock_skew.observe(connection, central, said.at, clock_skew.own_among(session, covers))
    new = all(one.get("sha256") != sha256 for one in own_records(connection, Receipt).values())
    if new:
        covered = by_name(covers)
        session.add(Receipt.make(central=central, at=said.at, covers=covered, sha256=sha256))
    return ReceiptSummary(
        covers,
        said.at,
        new,
        said.rejected,
        said.held,
        _left(connection, author, covers),
        tuple(forks),
    )


def _with_words(connection: Connection, place: OpId, digests: tuple[int, ...]) -> int:
    """Return how far central has a feed, before the first op whose words are here and not there.

    Somebody may have passed a feed on to it without them.
    """
    query = select(func.min(ops.c.seq)).where(
        of_feed(ops, place.feed), ops.c.seq.in_(digests), ops.c.bytes.is_not(None)
    )
    first = connection.execute(query).scalar() if digests else None
    return place.seq if first is None else min(place.seq, first - 1)


def _left(connection: Connection, author: Author, covers: dict[FeedId, int]) -> int:
    feed = FeedId(author.device, author.epoch, MAIN)
    query = select(func.count()).where(
        of_feed(ops, feed),
        ops.c.seq > covers.get(feed, 0),
        ops.c.record_kind.not_in(uncounted()),
    )
    return int(connection.execute(query).scalar_one())
