"""Takes a large bundle in slice by slice (:mod:`storage.vault.stage`), so that no key waits.

Every refusal is known before the first op counts, and the file may go then. The ops come first, in
the order of their feeds; then their records are brought up to date, in the order of their ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from sqlmodel import Session

from storage.bundle.applied import Applied
from storage.bundle.apply import append_slice, conclude, settle
from storage.bundle.foresee import SLICE_BYTES, SLICE_OPS, Before, Slices, read_before
from storage.bundle.manifest import RECEIPT, Manifest, read_manifest
from storage.bundle.stream import Document
from storage.bundle.touched import (
    BEFORE_ALL,
    all_touched,
    count_touched,
    forget_touched,
    next_touched,
)
from storage.bundle.verify import Checked, Trust, seen_row
from storage.conflicts.find import conflicted_fields
from storage.crypto.signing import Signed
from storage.errors import FieldkitError
from storage.exchange import clock_skew, peers
from storage.exchange.enrol import NotEnrolledError, use_roster
from storage.exchange.receipts import take_signed_receipt
from storage.feed.refused import refused_here
from storage.feed.writer import Author
from storage.history.delivery import known_feeds
from storage.history.removals import keep_untold, removals
from storage.ops.op import FeedId, by_name
from storage.progress import Progress
from storage.trust.current import roster_in
from storage.trust.receipt import ReceiptSummary
from storage.trust.roster import Roster
from storage.vault.stage import StagedJob, do
from storage.vault.vault import Vault

Conflicts = Mapping[tuple[str, str], tuple[str, ...]]
"""The fields in conflict of each record that has any, by kind and id."""
Newer = tuple[Signed, Roster] | None
"""A later roster that came along."""
OPS_AT_ONCE = 3
"""How many ops are appended in the time in which one record is brought up to date."""


def is_small(checked: Checked, most: int) -> bool:
    """Say whether a bundle is taken in at once, as a single slice of ``most`` ops would be."""
    return checked.manifest.ops <= most and checked.size <= SLICE_BYTES


def conclude_merge(
    session: Session,
    applied: Applied,
    manifest: Manifest,
    before: Conflicts,
    reached: Mapping[FeedId, int],
) -> None:
    """Say what came of a bundle, and remember what its maker holds.

    Args:
        session: the session in which its last op was applied.
        applied: what it changed.
        manifest: what it says of itself.
        before: what was in conflict before.
        reached: how far each feed was known before.
    """
    connection = session.connection()
    after = conflicted_fields(connection)
    applied.kinds = dict(Counter(kind for kind, _ in sorted(applied.touched)))
    applied.conflicts = sorted(
        one for one, fields in after.items() if not set(fields) <= set(before.get(one, ()))
    )
    applied.resolved = len(before.keys() - after.keys())
    applied.removals = removals(session, reached)
    keep_untold(session, applied.removals)
    peers.remember_peer(connection, manifest)
    clock_skew.observe(
        connection,
        manifest.sender,
        manifest.created,
        clock_skew.own_among(session, {feed: seq for feed, (seq, _) in manifest.have.items()}),
    )


@dataclass(frozen=True)
class _Found:
    """Holds what a large bundle finds in the vault, once the roster that came along is in use."""

    before: Before
    reached: dict[FeedId, int]
    conflicts: Conflicts
    refused: list[str]


class _Looked(Exception):
    """Ends a look at what would be found, so that its transaction is taken back."""

    def __init__(self, found: _Found) -> None:
        super().__init__()
        self.found = found


def _look(session: Session, checked: Checked, newer: Newer) -> _Found:
    connection = session.connection()
    author: Author = session.info["author"]
    if newer is not None:
        use_roster(session, *newer, author.device)
    found = _Found(
        read_before(connection, checked),
        known_feeds(connection),
        conflicted_fields(connection),
        [str(one.op) for one in refused_here(connection)],
    )
    if newer is not None:
        raise _Looked(found)
    return found


def merge_staged(
    vault: Vault, checked: Checked, newer: Newer, progress: Progress, most: int
) -> Applied:
    """Take in a verified bundle slice by slice, of ``most`` ops each.

    Within :func:`storage.vault.stage.undisturbed`. Raises a ``BundleError``, nothing being changed
    then, and ``UnfinishedError``.
    """
    try:
        found = (vault.read_now if newer is None else vault.write_now)(_look, checked, newer)
    except _Looked as looked:
        found = looked.found
    job = MergeJob.of(checked, found, newer, most)
    slices = Slices(checked, found.before, vault.author, most * OPS_AT_ONCE)
    return do(vault, job, slices, progress)


class MergeJob(StagedJob[Applied]):
    """Takes in a large bundle; each slice is a beginning of its feeds, as if less had come."""

    NAME = "merge"
    SETTLES = True

    def __init__(self, words: str, about: dict[str, Any], newer: Newer = None) -> None:
        super().__init__(words)
        self._about, self._newer = about, newer
        self._left: int | None = None

    @classmethod
    def of(cls, checked: Checked, found: _Found, newer: Newer, most: int) -> Self:
        """Return the job of a verified bundle."""
        sender = checked.trust.roster.device(checked.manifest.sender)
        about = {
            "manifest": checked.manifest.encode().decode(),
            "sha256": checked.sha256,
            "cuts": by_name(found.before.cuts),
            "reached": by_name(found.reached),
            "conflicts": [[*record, fields] for record, fields in found.conflicts.items()],
            "refused": found.refused,
            "documents": [[one.kind, one.signed.encode().decode()] for one in checked.documents],
            "most": most,
        }
        return cls(f"the bundle of {sender.person if sender else 'central'}", about, newer)

    def about(self) -> dict[str, Any]:
        """Return what the bundle says of itself, and what it found here."""
        return self._about

    @classmethod
    def restored(cls, words: str, about: dict[str, Any]) -> Self:
        """Return the job again; the roster that came along is in use since it became certain."""
        return cls(words, about)

    @cached_property
    def _manifest(self) -> Manifest:
        return read_manifest(self._about["manifest"].encode())

    def begin(self, session: Session) -> None:
        """Use the roster that came along."""
        author: Author = session.info["author"]
        forget_touched(session.connection())
        if self._newer is not None:
            use_roster(session, *self._newer, author.device)

    def apply(self, session: Session, payload: bytes) -> None:
        """Append the ops of a slice to their feeds."""
        applied = self._applied()
        cuts = _by_feed(self._about["cuts"])
        trust = Trust(_roster(session), (), ())
        redacted = append_slice(session, payload, self._manifest, trust, cuts, applied)
        self.kept |= {
            "new": by_name(applied.new),
            "waiting": by_name(applied.waiting),
            "revoked": by_name(applied.revoked),
            "ahead": sorted(applied.ahead),
            "alarms": applied.alarms,
            "redacted": redacted or self.kept.get("redacted", False),
        }

    def unsettled(self, session: Session) -> int:
        """Return how many slices of records have to be brought up to date."""
        left = self._left
        if left is None:
            left = count_touched(session.connection(), self._settled)
        return -(-left // self._most)

    def settle(self, session: Session) -> None:
        """Bring the next records up to date."""
        connection = session.connection()
        records = next_touched(connection, self._settled, self._most)
        _, redacted = settle(session, records)
        self.kept["settled"] = records[-1]
        self.kept["redacted"] |= redacted
        # Counted once, at the first of many: none is touched any more.
        left = self._left
        self._left = (
            count_touched(connection, self._settled) if left is None else left - len(records)
        )

    @property
    def _most(self) -> int:
        return int(self._about.get("most", SLICE_OPS))

    @property
    def _settled(self) -> tuple[str, str]:
        """Return the record that was brought up to date last."""
        kind, record = self.kept.get("settled", BEFORE_ALL)
        return kind, record

    def finish(self, session: Session) -> Applied:
        """Say what came of it all."""
        applied, about = self._applied(), self._about
        connection = session.connection()
        applied.touched = all_touched(connection)
        forget_touched(connection)
        known = set(about["refused"])
        fresh = [one for one in refused_here(connection) if str(one.op) not in known]
        seen = seen_row(self._manifest, about["sha256"])
        conclude(session, applied, seen, fresh, _roster(session), scrub=self.kept["redacted"])
        before = {(kind, record): tuple(fields) for kind, record, fields in about["conflicts"]}
        conclude_merge(session, applied, self._manifest, before, _by_feed(about["reached"]))
        return applied

    @classmethod
    def give_up(cls, session: Session) -> None:
        """Bring the records of all ops that came up to date."""
        connection = session.connection()
        settle(session, all_touched(connection))
        forget_touched(connection)

    def after(self, vault: Vault, result: Applied) -> list[str]:
        """Take what travelled along; return what a person has to know of the bundle."""
        documents = [
            Document(kind, Signed.read(text.encode())) for kind, text in self._about["documents"]
        ]
        take_documents(vault, documents, result)
        return result.notes

    def _applied(self) -> Applied:
        """Return what the slices so far have changed."""
        applied = Applied(self._manifest.bundle, self._manifest.sender)
        if self.kept:
            applied.new = _by_feed(self.kept["new"])
            waiting = _by_feed(self.kept["waiting"])
            applied.waiting = {feed: (first, last) for feed, (first, last) in waiting.items()}
            applied.revoked = _by_feed(self.kept["revoked"])
            applied.ahead = set(self.kept["ahead"])
            applied.alarms = list(self.kept["alarms"])
        return applied


def _by_feed(names: dict[str, Any]) -> dict[FeedId, Any]:
    return {FeedId.parse(name): value for name, value in names.items()}


def _roster(session: Session) -> Roster:
    roster = roster_in(session.connection())
    if roster is None:
        raise NotEnrolledError("There is no roster in this vault any more. Nothing is lost.")
    return roster


def take_documents(vault: Vault, documents: Iterable[Document], applied: Applied) -> None:
    """Take what travelled along; where it is refused, the notes say so."""
    for document in documents:
        try:
            applied.receipt = _take_along(vault, document) or applied.receipt
        except FieldkitError as error:
            applied.notes.append(
                f"The entries were taken in, but not the {document.kind} that travelled along: "
                f"{error}"
            )
            applied.refused += 1


def _take_along(vault: Vault, document: Document) -> ReceiptSummary | None:
    signed = document.signed
    if document.kind == RECEIPT and signed.value().get("device") == vault.identity.device:
        return take_signed_receipt(vault, signed)
    return None
