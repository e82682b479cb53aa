"""Exporting: what leaves this laptop, for whom, and the record that it did.

Ops are read in slices, so that the clerk is never held for long; what was written is read back and
verified before it is recorded as having left, and it is recorded before the file has its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage import age
from storage.bundle import manifest
from storage.bundle.errors import NotWrittenError
from storage.bundle.manifest import Item, Manifest, Segment, audience_id, signed_head
from storage.bundle.stands import of_feed
from storage.bundle.tables import ready, signed_heads
from storage.bundle.writer import Content, Draft, Progress, Row, SignedSegment
from storage.clock import wall_ms, wall_text
from storage.driver import driver
from storage.enrolling import signed_roster
from storage.errors import FieldkitError
from storage.feed import Desk
from storage.identity import device_id
from storage.journal import because
from storage.op import KEY, OpId, op_id, root
from storage.receipt import digest
from storage.records.passage import Disclosure, Receipt
from storage.roster import Roster
from storage.sent import known_feeds, own, reach
from storage.signing import SEGMENT, Signed, sign
from storage.tables import feeds, ops
from storage.vault import Vault

SLICE = 1000
"""Ops read at once: some ten milliseconds of the clerk's time."""


_SLICE = (
    "SELECT seq, bytes, digest, record_kind, record FROM op "
    "WHERE device = ? AND epoch = ? AND kind = ? AND seq BETWEEN ? AND ? ORDER BY seq"
)
_SliceRow = tuple[int, bytes | None, bytes, str, str]


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
    """

    path: Path
    bundle: str
    size: int
    sha256: str
    recipient: str
    at: str
    counts: dict[str, int]
    feeds: dict[str, tuple[int, int]]
    ops: int
    with_key: bool
    roster_expired: bool


@dataclass(frozen=True)
class _Plan:
    segments: tuple[tuple[Segment, tuple[bytes, bytes] | None], ...]
    """Each with the signature of its laptop; none for our own, which we sign."""
    have: dict[str, tuple[int, bytes]]
    need: dict[str, tuple[int, bytes]]


def export(
    vault: Vault,
    folder: Path,
    *,
    with_key: bool = False,
    full: bool = False,
    progress: Progress | None = None,
) -> ExportSummary:
    """Write a bundle for central into a folder; not to be called on the clerk's own thread.

    Args:
        vault: unlocked and enrolled.
        folder: where to; a stick, or a folder that is carried on by other means.
        with_key: also force references, the key to child labels and raw workbook cells.
        full: everything, not only what central has not confirmed.
        progress: told how much is done, of how much.

    Raises:
        NotEnrolledError, NothingToExportError, NotWrittenError, TooLargeError.
    """
    signed, roster = signed_roster(vault)
    if not folder.is_dir():
        raise NotWrittenError(
            f"There is no folder {folder}. Nothing left this laptop. Make it, or put the stick in, "
            "and export again."
        )
    plan = vault.read_now(_plan, roster, with_key, full)
    if not plan.segments:
        raise NothingToExportError(
            "There is nothing to export: central has confirmed everything. Nothing was written. "
            "A full bundle can be made with --full."
        )
    at = wall_text(wall_ms())
    records: dict[str, set[str]] = {}
    content = _content(vault, signed, roster, plan, at, records)
    keys = [age.parse_recipient(one) for one in roster.central.recipients]
    draft = Draft(folder).write(content, vault.identity.signing, keys, progress)
    segments = content.manifest.segments
    summary = ExportSummary(
        path=draft.path,
        bundle=content.manifest.bundle,
        size=draft.size,
        sha256=draft.sha256,
        recipient=f"central of {roster.org}",
        at=at,
        counts={kind: len(found) for kind, found in sorted(records.items()) if kind},
        feeds={one.feed: (one.first, one.last) for one in segments},
        ops=content.manifest.ops,
        with_key=with_key,
        roster_expired=roster.expired(at),
    )
    try:
        disclosure = vault.write_now(_disclose, summary)
    except BaseException:
        draft.discard()
        raise
    try:
        draft.publish()
    except NotWrittenError:
        vault.write_now(_withdraw, disclosure)
        raise
    return summary


def _content(
    vault: Vault,
    signed: Signed,
    roster: Roster,
    plan: _Plan,
    at: str,
    records: dict[str, set[str]],
) -> Content:
    """What is to be written; ``records`` gathers, while it is, what has something in it."""
    identity = vault.identity
    segments = []
    for segment, signature in plan.segments:
        if signature is None:
            said = signed_head(segment.feed, segment.last, segment.head)
            signature = identity.public, sign(identity.signing, SEGMENT, said)
        segments.append(SignedSegment(segment, *signature))
    made = Manifest(
        team=roster.team,
        sender=identity.device,
        created=at,
        roster=roster.version,
        audience=tuple(sorted(audience_id(one) for one in roster.central.recipients)),
        items=(
            Item(manifest.ROSTER, 2, digest(signed)),
            *(one.segment for one in segments),
        ),
        have=plan.have,
        need=plan.need,
    )

    def source(segment: Segment) -> Iterator[Sequence[Row]]:
        def ask(first: int) -> Future[list[_SliceRow]]:
            last = min(first + SLICE - 1, segment.last)
            return vault.read_later(_slice, segment.feed, first, last)

        # The clerk reads the next slice while this one is encrypted and written.
        asked = ask(segment.first)
        while rows := asked.result():
            asked = ask(rows[-1][0] + 1)
            for kind, record in {(row[3], row[4]) for row in rows}:
                records.setdefault(kind, set()).add(record)
            yield [row[:3] for row in rows]

    return Content(made, tuple(segments), (signed,), source)


def _slice(session: Session, feed: str, first: int, last: int) -> list[_SliceRow]:
    place = op_id(f"{feed}/{first}")
    run = driver(session.connection()).execute
    rows: list[_SliceRow] = run(_SLICE, (*place[:3], first, last)).fetchall()
    return rows


def _plan(session: Session, roster: Roster, with_key: bool, full: bool) -> _Plan:
    connection = session.connection()
    ready(connection)
    desk: Desk = session.info["desk"]
    basis = {} if full else confirmed(session, roster)
    segments: list[tuple[Segment, tuple[bytes, bytes] | None]] = []
    have: dict[str, tuple[int, bytes]] = {}
    need: dict[str, tuple[int, bytes]] = {}
    for row in connection.execute(select(feeds).order_by(*feeds.primary_key.columns)):
        place = OpId(row.device, row.epoch, row.kind, row.seq)
        have[place.feed] = (row.seq, row.head)
        before = basis.get(place.feed, 0)
        prev = _head(connection, place._replace(seq=before))
        if before:
            need[place.feed] = (before, prev)
        if row.kind == KEY and not with_key:
            continue
        signature = None
        if row.device != desk.device:
            found = _signed(connection, _whole_to(connection, place, before))
            if found is None:
                continue
            place, signature = found
        if place.seq <= before:
            continue
        head = _head(connection, place)
        segments.append((Segment(place.feed, before + 1, place.seq, prev, head), signature))
    return _Plan(tuple(segments), have, need)


def confirmed(session: Session, roster: Roster) -> dict[str, int]:
    """How far the present central has confirmed each feed, by the receipts taken back."""
    central = device_id(roster.central.sign_pk)
    connection = session.connection()
    taken = own(connection, Receipt).values()
    told = (one.get("covers") for one in taken if one.get("central") == central)
    return reach(known_feeds(connection), told)


def _head(connection: Connection, place: OpId) -> bytes:
    if place.seq == 0:
        return root(place.feed)
    query = select(ops.c.head).where(of_feed(ops, place), ops.c.seq == place.seq)
    head: bytes = connection.execute(query).scalar_one()
    return head


def _whole_to(connection: Connection, place: OpId, before: int) -> OpId:
    """The last op of a colleague's feed before the first stub after ``before``.

    Only a laptop itself passes on stubs of its feed; readers refuse them from anybody else.
    """
    query = select(func.min(ops.c.seq)).where(
        of_feed(ops, place), ops.c.seq > before, ops.c.bytes.is_(None)
    )
    stub = connection.execute(query).scalar()
    return place if stub is None else place._replace(seq=stub - 1)


def _signed(connection: Connection, place: OpId) -> tuple[OpId, tuple[bytes, bytes]] | None:
    """The last op of a colleague's feed, up to ``place``, whose head the colleague signed."""
    query = (
        select(signed_heads.c.seq, signed_heads.c.public, signed_heads.c.signature)
        .where(of_feed(signed_heads, place), signed_heads.c.seq <= place.seq)
        .order_by(signed_heads.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (place._replace(seq=row[0]), (row[1], row[2]))


def _disclose(session: Session, summary: ExportSummary) -> str:
    covers: dict[str, Any] = {feed: last for feed, (_, last) in summary.feeds.items()}
    made = Disclosure.make(
        what=f"bundle {summary.path.name}",
        recipient=summary.recipient,
        at=summary.at,
        bundle=summary.bundle,
        sha256=summary.sha256,
        with_key=summary.with_key,
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
