"""Exporting: what leaves this laptop, for whom, and the record that it did.

Ops are read in slices, so that the clerk is never held for long; what was written is read back and
verified before it is recorded as having left, and it is recorded before the file has its name.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from storage.bundle import manifest
from storage.bundle.errors import NotWrittenError
from storage.bundle.manifest import Item, Manifest, Segment, audience_id, signed_head
from storage.bundle.write import Batch, Content, Draft, SignedSegment
from storage.crypto import age
from storage.crypto.signing import SEGMENT, Signed, sign
from storage.database.connection import driver
from storage.errors import FieldkitError
from storage.exchange.enrol import signed_roster
from storage.exchange.plan import CENTRAL, Plan, Receiver, plan
from storage.feed import drafts
from storage.feed.journal import because
from storage.history.delivery import highest_covered, known_feeds, own_records
from storage.ops.clock import wall_ms, wall_text
from storage.ops.op import KEY, FeedId
from storage.progress import Progress, silent
from storage.records.log import Disclosure, Receipt
from storage.records.registry import KINDS
from storage.trust.identity import device_id
from storage.trust.receipt import document_digest
from storage.trust.roster import Roster
from storage.vault.anchors import anchor
from storage.vault.stage import undisturbed
from storage.vault.vault import Vault

SLICE = 2000
"""Ops read at once: some five milliseconds of the clerk's time."""
AHEAD = 2
"""Slices that the clerk is asked for before they are needed."""
LONG = 1 << 16
"""Bytes from which on an op is handed over by itself: of such, many would be more than fits."""

_STRETCH = "FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq BETWEEN ? AND ?"
_ROWS = f"SELECT seq, bytes, digest, record_kind, record {_STRETCH} ORDER BY seq"
# To make a thousand lines into one text takes SQLite a tenth of the time that it takes to hand
# each of them over, and Python is not held meanwhile. The rows come by their key, which the walk
# through what is written proves. The line of a stub is `stub_line`'s.
_LINES = f"""
SELECT count(*), coalesce(sum(length(bytes) > {LONG}), 0),
    CAST(group_concat(CASE
        WHEN bytes IS NULL
        THEN '{{"digest":"' || lower(hex(digest)) || '","seq":' || seq || ',"t":"stub"}}'
        WHEN length(bytes) <= {LONG} THEN CAST(bytes AS TEXT)
    END, char(10)) AS BLOB),
    json_group_array(record_kind), json_group_array(record)
{_STRETCH}"""
_Records = set[tuple[str, str]]


class NothingToExportError(FieldkitError):
    """Central has confirmed everything there is."""


@dataclass(frozen=True)
class ExportSummary:
    """What left.

    Attributes:
        path: the file.
        bundle: its id.
        size: of the file, in bytes.
        sha256: of the file, in hexadecimal digits.
        recipient: for whom it was made, in words.
        at: when, ISO 8601 in UTC.
        counts: how many records of each kind have something in it.
        feeds: for each feed in it, the first and the last op.
        ops: how many ops it holds.
        with_key: force references and the key to child labels are in it.
        roster_expired: the roster's time is over; ask for a new one.
        devices: the laptops it is for; ``central`` for central.
    """

    path: Path
    bundle: str
    size: int
    sha256: str
    recipient: str
    at: str
    counts: dict[str, int]
    feeds: dict[FeedId, tuple[int, int]]
    ops: int
    with_key: bool
    roster_expired: bool
    devices: tuple[str, ...] = (CENTRAL,)


def export(
    vault: Vault,
    folder: Path,
    *,
    with_key: bool = False,
    full: bool = False,
    progress: Progress = silent,
) -> ExportSummary:
    """Write a bundle for central into a folder; not to be called on the clerk's own thread.

    Args:
        vault: unlocked and enrolled.
        folder: where to; a stick, or a folder that is carried on by other means.
        with_key: also force references, the key to child labels and raw workbook cells.
        full: everything, not only what central has not confirmed.
        progress: hears how much is done, of how much.

    Raises:
        NotEnrolledError, NothingToExportError, NotWrittenError, TooLargeError, UnfinishedError.
    """
    _, roster = signed_roster(vault)
    refuse_missing(folder)
    basis = {} if full else vault.read_now(confirmed, roster)
    receiver = central_of(roster, basis, with_key)
    with undisturbed(vault):
        planned = vault.read_now(plan, basis, with_key)
        if not planned.segments:
            raise NothingToExportError(
                "There is nothing to export: central has confirmed everything. Nothing was "
                "written. A full bundle can be made with --full."
            )
        done = export_to(vault, folder, receiver, planned, progress)
    # Texts that were put aside stay listed until the day's work has left, and no longer.
    vault.write_now(drafts.forget_discarded)
    return done


def central_of(roster: Roster, basis: Mapping[FeedId, int], with_key: bool = False) -> Receiver:
    """Return central as a receiver."""
    words = f"central of {roster.org}"
    return Receiver((CENTRAL,), roster.central.recipients, words, with_key, basis)


def refuse_missing(folder: Path) -> None:
    """Raise :class:`NotWrittenError` where there is no such folder."""
    if not folder.is_dir():
        if folder.exists():
            raise NotWrittenError(
                f"{folder} is a file, not a folder. Nothing left this laptop and nothing was read. "
                "Name the folder it lies in."
            )
        raise NotWrittenError(
            f"There is no folder {folder}. Nothing left this laptop. Make it, or put the stick in, "
            "and export again."
        )


def export_to(
    vault: Vault,
    folder: Path,
    receiver: Receiver,
    planned: Plan,
    progress: Progress = silent,
) -> ExportSummary:
    """Write what was planned for somebody, read it back, and record that it left.

    A bundle without ops, which only tells how far this laptop has come, discloses nothing and is
    not recorded. Raises as :func:`export` does.
    """
    with undisturbed(vault):
        return _write(vault, folder, receiver, planned, progress)


def _write(
    vault: Vault, folder: Path, receiver: Receiver, planned: Plan, progress: Progress
) -> ExportSummary:
    signed, roster = signed_roster(vault)
    at = wall_text(wall_ms())
    records: _Records = set()
    content = _content(vault, signed, roster, receiver, planned, at, records)
    keys = [age.parse_recipient(one) for one in receiver.recipients]
    draft = Draft(folder).write(content, vault.identity.signing, keys, progress)
    segments = content.manifest.segments
    summary = ExportSummary(
        path=draft.path,
        bundle=content.manifest.bundle,
        size=draft.size,
        sha256=draft.sha256,
        recipient=receiver.words,
        at=at,
        counts=_counts(records),
        feeds={one.feed: (one.first, one.last) for one in segments},
        ops=content.manifest.ops,
        with_key=any(one.feed.kind == KEY for one in segments),
        roster_expired=roster.is_expired(at),
        devices=receiver.devices,
    )
    disclosure = ""
    try:
        if segments:
            disclosure = vault.write_now(_disclose, summary)
    except BaseException:
        draft.discard()
        raise
    try:
        draft.publish()
    except NotWrittenError:
        if disclosure:
            vault.write_now(_withdraw, disclosure)
        raise
    anchor(vault)
    return summary


def _content(
    vault: Vault,
    signed: Signed,
    roster: Roster,
    receiver: Receiver,
    planned: Plan,
    at: str,
    records: _Records,
) -> Content:
    """Return what is to be written; ``records`` gathers meanwhile what has something in it."""
    identity = vault.identity
    segments = []
    for segment, signature in planned.segments:
        if signature is None:
            said = signed_head(segment.feed, segment.last, segment.head)
            signature = identity.public, sign(identity.signing, SEGMENT, said)
        segments.append(SignedSegment(segment, *signature))
    made = Manifest(
        team=roster.team,
        sender=identity.device,
        created=at,
        roster=roster.version,
        audience=tuple(sorted(audience_id(one) for one in receiver.recipients)),
        items=(
            Item(manifest.ROSTER, 2, document_digest(signed)),
            *(one.segment for one in segments),
        ),
        have=planned.have,
        need=planned.need,
    )

    def source(segment: Segment) -> Iterator[Batch]:
        asked: deque[Future[tuple[Batch, _Records]]] = deque()
        # The clerk reads the next slices while this one is encrypted and written.
        for first in range(segment.first, segment.last + 1, SLICE):
            last = min(first + SLICE - 1, segment.last)
            asked.append(vault.read_later(_slice, segment.feed, first, last))
            if len(asked) > AHEAD:
                yield taken(asked.popleft())
        while asked:
            yield taken(asked.popleft())

    def taken(asked: Future[tuple[Batch, _Records]]) -> Batch:
        batch, in_it = asked.result()
        records.update(in_it)
        return batch

    return Content(made, tuple(segments), (signed,), source)


def _slice(session: Session, feed: FeedId, first: int, last: int) -> tuple[Batch, _Records]:
    """Return the ops of a slice for a bundle, and the kinds and ids of the records they are on."""
    run, stretch = driver(session.connection()).execute, (*feed.at(first), last)
    ((number, long, data, kinds, ids),) = run(_LINES, stretch).fetchall()
    if not long:
        records = set(zip(json.loads(kinds), json.loads(ids), strict=True))
        return data + b"\n" if number else b"", records
    rows = run(_ROWS, stretch).fetchall()
    return [row[:3] for row in rows], {row[3:] for row in rows}


def _counts(records: _Records) -> dict[str, int]:
    """Return how many records there are of each kind known here.

    Of a later fieldkit's, or of invented ones, there may be any number.
    """
    numbers = Counter(kind for kind, _ in records)
    return {kind: numbers[kind] for kind in sorted(numbers.keys() & KINDS.keys())}


def confirmed(session: Session, roster: Roster) -> dict[FeedId, int]:
    """Return how far the present central has confirmed each feed, by the receipts taken back."""
    central = device_id(roster.central.sign_pk)
    connection = session.connection()
    taken = own_records(connection, Receipt).values()
    covers = (one.get("covers") for one in taken if one.get("central") == central)
    return highest_covered(known_feeds(connection), covers)


def _disclose(session: Session, summary: ExportSummary) -> str:
    covers: dict[str, Any] = {str(feed): last for feed, (_, last) in summary.feeds.items()}
    made = Disclosure.make(
        what=f"bundle {summary.path.name}",
        recipient=summary.recipient,
        at=summary.at,
        bundle=summary.bundle,
        sha256=summary.sha256,
        with_key=summary.with_key,
        to=[one for one in summary.devices if one != CENTRAL],
        covers=covers,
        counts=dict(summary.counts),
    )
    session.add(made)
    return made.id


def _withdraw(session: Session, disclosure: str) -> None:
    found = session.get(Disclosure, disclosure)
    if found is not None:
        with because(session, "the bundle could not be given its name and was removed"):
            session.delete(found)
