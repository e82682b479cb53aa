"""What central says of its store: receipts for laptops, and a report for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import Session

from storage.bundle.manifest import Positions
from storage.central.intake import ledger
from storage.conflicts.find import conflicted_fields
from storage.database.tables import feeds, ops
from storage.feed.positions import gaps, held, signature_at
from storage.feed.read import ops_of
from storage.feed.refused import refused_entries, refused_here
from storage.ops.clock import wall_ms, wall_text
from storage.ops.fold import fold
from storage.ops.forces import comparable_force
from storage.ops.op import FeedId
from storage.ops.scope import inspections_of
from storage.records import Inspection
from storage.records.registry import KINDS
from storage.trust.receipt import MAX_DIGESTS, Receipt, Rejected
from storage.trust.roster import Roster


@dataclass(frozen=True)
class OpenConflict:
    """A record with parallel writes that do not agree, and who wrote them.

    Attributes:
        kind: of the record.
        record: its id.
        fields: those in conflict.
        writers: laptop and wall time of each of the writes, the one shown first at the head.
    """

    kind: str
    record: str
    fields: tuple[str, ...]
    writers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class InspectionReport:
    """How far an inspection has come at central: records by kind, and those in conflict."""

    id: str
    force: str
    counts: dict[str, int]
    conflicts: tuple[OpenConflict, ...]


@dataclass(frozen=True)
class Holdings:
    """What central holds, whatever it is about.

    Attributes:
        ops: how many ops.
        feeds: how far each feed goes.
        waiting: for each feed with a gap, the first and last op missing.
        held: how many ops wait behind gaps.
        refused: bundles refused and not taken since, the latest of them.
        handed_out: bundles made for laptops.
    """

    ops: int
    feeds: dict[FeedId, int]
    waiting: dict[FeedId, tuple[int, int]]
    held: int
    refused: tuple[Rejected, ...]
    handed_out: list[dict[str, Any]]


@dataclass(frozen=True)
class Report:
    """What central holds, how far each inspection has come, and whose entries count for nothing."""

    holdings: Holdings
    inspections: tuple[InspectionReport, ...]
    alarms: tuple[str, ...] = ()

    @property
    def ops(self) -> int:
        """Return how many ops."""
        return self.holdings.ops

    @property
    def feeds(self) -> dict[FeedId, int]:
        """Return how far each feed goes."""
        return self.holdings.feeds

    @property
    def waiting(self) -> dict[FeedId, tuple[int, int]]:
        """Return the first and the last op missing of each feed with a gap."""
        return self.holdings.waiting

    @property
    def refused(self) -> int:
        """Return how many bundles were refused and not taken since."""
        return len(self.holdings.refused)

    @property
    def conflicts(self) -> int:
        """Return how many records have parallel writes that do not agree."""
        return sum(len(one.conflicts) for one in self.inspections)


def positions(session: Session) -> Positions:
    """Return how far central holds each feed, and the head there."""
    rows = session.connection().execute(select(feeds).order_by(*feeds.primary_key.columns))
    return {FeedId(row.device, row.epoch, row.kind): (row.seq, row.head) for row in rows}


def end_of(
    session: Session, device: str
) -> tuple[dict[FeedId, int], dict[FeedId, tuple[bytes, bytes]]]:
    """Return how far central holds each feed of a laptop, and what the laptop signed there."""
    until, signed = {}, {}
    for feed, (seq, head) in positions(session).items():
        if feed.device == device:
            until[feed] = seq
            signature = signature_at(session.connection(), feed.at(seq), head)
            if signature is not None:
                signed[feed] = head, signature
    return until, signed


def receipt(session: Session, roster: Roster, device: str) -> Receipt:
    """Return the receipt for a laptop, not yet signed."""
    connection = session.connection()
    return Receipt(
        team=roster.team,
        device=device,
        roster=roster.version,
        covers=positions(session),
        at=wall_text(wall_ms()),
        held=gaps(connection),
        rejected=ledger.refused_of(connection, device),
        prev=ledger.last_given(connection, device),
        digests=digests(connection),
    )


def digests(connection: Connection) -> dict[FeedId, tuple[int, ...]]:
    """Return the first ops of each feed of which never more than the digest came."""
    query = (
        select(ops.c.device, ops.c.epoch, ops.c.kind, ops.c.seq)
        .where(ops.c.record == "", ops.c.record_kind == "", ops.c.bytes.is_(None))
        .order_by(ops.c.device, ops.c.epoch, ops.c.kind, ops.c.seq)
    )
    first_ops: dict[FeedId, list[int]] = {}
    for *feed, seq in connection.execute(query):
        seqs = first_ops.setdefault(FeedId(*feed), [])
        if len(seqs) < MAX_DIGESTS:
            seqs.append(seq)
    return {feed: tuple(several) for feed, several in first_ops.items()}


def holdings(session: Session) -> Holdings:
    """Return what central holds, whatever it is about."""
    connection = session.connection()
    known = {feed: seq for feed, (seq, _) in positions(session).items()}
    return Holdings(
        # A feed has no gap up to where it stands, so nobody has to count a million ops.
        ops=sum(known.values()),
        feeds=known,
        waiting=gaps(connection),
        held=held(connection),
        refused=ledger.refused_of(connection),
        handed_out=ledger.hand_outs(connection),
    )


def inspections(
    session: Session, only: Collection[str] | None = None
) -> tuple[InspectionReport, ...]:
    """Return how far each inspection of a store with tables of records has come.

    ``only`` are the ids of those wanted; all where it is not given.
    """
    open_conflicts: dict[str, list[OpenConflict]] = {}
    for (kind, record), names in conflicted_fields(session.connection()).items():
        inspection, conflict = _conflict(session, kind, record, names)
        open_conflicts.setdefault(inspection, []).append(conflict)
    return tuple(
        InspectionReport(
            one.id, one.force, _counts(session, one.id), tuple(open_conflicts.get(one.id, ()))
        )
        for one in session.execute(select(Inspection).order_by(Inspection.force)).scalars()
        if only is None or one.id in only
    )


def refused(session: Session, roster: Roster | None) -> list[str]:
    """Say whose entries count for nothing, and what they tried."""
    connection = session.connection()
    return refused_entries(refused_here(connection), roster)


def _counts(session: Session, inspection: str) -> dict[str, int]:
    counts = {}
    for kind in KINDS.values():
        inspection_id = getattr(kind, "inspection_id", None)
        if inspection_id is not None:
            query = select(func.count()).where(inspection_id == inspection)
            counts[kind.KIND] = int(session.execute(query).scalar_one())
    return counts


def _conflict(
    session: Session, kind: str, record: str, names: tuple[str, ...]
) -> tuple[str, OpenConflict]:
    several = ops_of(session.connection(), kind, record)
    writers = {
        (one.id.device, one.wall): None
        for name, leaves in fold(several).conflicts.items()
        if name in names
        for one in leaves
    }
    inspection = record if kind == Inspection.KIND else min(inspections_of(several), default="")
    return inspection, OpenConflict(kind, record, names, tuple(writers))


def by_force(session: Session) -> list[tuple[str, ...]]:
    """Return the ids of the inspections in the tables, those of one force together."""
    forces: dict[str, list[str]] = {}
    for one in session.execute(select(Inspection)).scalars():
        forces.setdefault(comparable_force(one.force), []).append(one.id)
    return [tuple(sorted(ids)) for _, ids in sorted(forces.items())]
