"""What comes back to a laptop: receipts, and the bundles of colleagues and of central."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage import files
from storage.bundle.applied import Applied
from storage.bundle.apply import apply
from storage.bundle.errors import OwnFeedAheadError, forked
from storage.bundle.manifest import RECEIPT, ROSTER
from storage.bundle.stream import Document
from storage.bundle.verify import Checked, opened, verify
from storage.conflicts.find import conflicted_fields
from storage.crypto.signing import MAX_DOCUMENT_BYTES, Signed
from storage.database.tables import ops
from storage.errors import FieldkitError
from storage.exchange import clock_skew, peers
from storage.exchange.enrol import judge_roster, signed_roster, trust_of, use_roster
from storage.feed.positions import heads, of_feed
from storage.feed.writer import Author
from storage.history.delivery import known_feeds, own_records
from storage.history.removals import keep_untold, removals
from storage.ops.op import MAIN, FeedId, OpId, by_name
from storage.progress import Progress, silent
from storage.records.log import Receipt
from storage.records.registry import uncounted
from storage.trust.identity import device_id
from storage.trust.receipt import Receipt as Said
from storage.trust.receipt import ReceiptSummary, document_digest, read_receipt
from storage.trust.roster import Roster, RosterError
from storage.trust.roster_document import read_kept_roster
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
    clock_skew.observe(connection, central, said.at, _own_in(session, covers))
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


class _DryRun(Exception):
    """Ends a trial, so that its transaction is taken back; carries what would have changed."""

    def __init__(self, applied: Applied) -> None:
        super().__init__()
        self.applied = applied


def merge(
    vault: Vault, path: Path, progress: Progress = silent, *, dry_run: bool = False
) -> Applied:
    """Take in a bundle of a colleague or of central: verified whole, then applied at once.

    A newer roster that travels along is believed first, because it may name a laptop whose entries
    are in the bundle, or end the time of one. A receipt is taken too, and where that is refused,
    the notes of what is returned say so: the ops stand by themselves. With ``dry_run`` it is only
    said what would change. Not to be called on the clerk's own thread. Raises a ``BundleError``;
    nothing was changed then.
    """
    _, roster = signed_roster(vault)
    newer, told = newer_roster(vault, path, roster)
    believed = roster if newer is None else newer[1]
    checked = verify(path, trust_of(vault, believed), progress)
    try:
        applied = vault.write_now(_take, checked, newer, dry_run)
    except _DryRun as trial:
        trial.applied.notes += told
        return trial.applied
    except OwnFeedAheadError:
        vault.begin_epoch_now(SET_BACK)
        raise
    if newer is not None:
        applied.notes.append(f"Version {believed.version} of the roster came along and is in use.")
    elif told:
        applied.refused += 1
    applied.notes += told
    for document in checked.documents:
        try:
            applied.receipt = _take_along(vault, document) or applied.receipt
        except FieldkitError as error:
            applied.notes.append(
                f"The entries were taken in, but not the {document.kind} that travelled along: "
                f"{error}"
            )
            applied.refused += 1
    return applied


def _take(
    session: Session, checked: Checked, newer: tuple[Signed, Roster] | None, dry_run: bool
) -> Applied:
    connection = session.connection()
    author: Author = session.info["author"]
    if newer is not None:
        use_roster(session, *newer, author.device)
    before, reached = conflicted_fields(connection), known_feeds(connection)
    applied = apply(session, checked)
    after = conflicted_fields(connection)
    applied.kinds = dict(Counter(kind for kind, _ in sorted(applied.touched)))
    applied.conflicts = sorted(
        one for one, fields in after.items() if not set(fields) <= set(before.get(one, ()))
    )
    applied.resolved = len(before.keys() - after.keys())
    applied.removals = removals(session, reached)
    keep_untold(session, applied.removals)
    peers.remember_peer(connection, checked.manifest)
    clock_skew.observe(
        connection,
        checked.manifest.sender,
        checked.manifest.created,
        _own_in(session, {feed: seq for feed, (seq, _) in checked.manifest.have.items()}),
    )
    if dry_run:
        raise _DryRun(applied)
    return applied


def _own_in(session: Session, positions: dict[FeedId, int]) -> str:
    """Return this laptop's last op of its present life among what somebody has; or empty."""
    author: Author = session.info["author"]
    feed = FeedId(author.device, author.epoch, MAIN)
    return str(feed.at(positions[feed])) if feed in positions else ""


def newer_roster(
    vault: Vault, path: Path, roster: Roster
) -> tuple[tuple[Signed, Roster] | None, tuple[str, ...]]:
    """Return a later roster of the same root, at the front of a bundle, that names this laptop.

    Its own signature proves it, whatever the rest of the bundle is. With it comes what a person has
    to know of it, in sentences: also why one was refused that gives laptops keys not their own.
    """
    with suppress(FieldkitError), opened(path, trust_of(vault, roster)) as (walk, _):
        for event in walk.events():
            if not isinstance(event, Document):
                break
            if event.kind != ROSTER:
                continue
            roster_along = read_kept_roster(event.signed)
            newer = roster_along.root == roster.root and roster_along.version > roster.version
            if newer and roster_along.device(vault.identity.device) is not None:
                try:
                    taken = judge_roster(vault, event.signed, roster_along)
                except RosterError as error:
                    return None, (
                        f"Version {roster_along.version} of the roster, which came along, was "
                        f"refused, and version {roster.version} stays in use. {error}",
                    )
                return (event.signed, roster_along), taken.notices
    return None, ()


def _take_along(vault: Vault, document: Document) -> ReceiptSummary | None:
    signed = document.signed
    if document.kind == RECEIPT and signed.value().get("device") == vault.identity.device:
        return take_signed_receipt(vault, signed)
    return None
