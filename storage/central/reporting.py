"""What central says of its store: receipts for laptops, and a report for people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session

from storage.bundle.stands import gaps
from storage.central import ledger
from storage.clock import wall_ms, wall_text
from storage.conflicts import conflicted
from storage.op import OpId
from storage.receipt import Receipt
from storage.records import CLASSES, Inspection
from storage.roster import Roster
from storage.tables import feeds, ops


@dataclass(frozen=True)
class InspectionReport:
    """How far an inspection has come at central: records by kind, and those in conflict."""

    id: str
    force: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Report:
    """What central holds.

    Attributes:
        inspections: each with its counts.
        ops: how many ops.
        feeds: how far each feed goes.
        waiting: for each feed with a gap, the first and last op missing.
        refused: how many bundles were refused and not taken since.
        conflicts: how many records have parallel writes that do not agree.
    """

    inspections: tuple[InspectionReport, ...]
    ops: int
    feeds: dict[str, int]
    waiting: dict[str, tuple[int, int]]
    refused: int
    conflicts: int


def stands(session: Session) -> dict[str, tuple[int, bytes]]:
    """How far central holds each feed, and the head there."""
    rows = session.connection().execute(select(feeds).order_by(*feeds.primary_key.columns))
    return {
        OpId(row.device, row.epoch, row.kind, row.seq).feed: (row.seq, row.head) for row in rows
    }


def receipt(session: Session, roster: Roster, device: str) -> Receipt:
    """The receipt for a laptop, not yet signed."""
    connection = session.connection()
    return Receipt(
        team=roster.team,
        device=device,
        roster=roster.version,
        covers=stands(session),
        at=wall_text(wall_ms()),
        held=gaps(connection),
        rejected=ledger.refused_of(connection, device),
        prev=ledger.last_given(connection, device),
    )


def report(session: Session) -> Report:
    """What central holds."""
    connection = session.connection()
    found = []
    for inspection in session.execute(select(Inspection)).scalars():
        counts = {}
        for kind in CLASSES:
            inspection_id = getattr(kind, "inspection_id", None)
            if inspection_id is not None:
                query = select(func.count()).where(inspection_id == inspection.id)
                counts[kind.KIND] = int(connection.execute(query).scalar_one())
        found.append(InspectionReport(inspection.id, inspection.force, counts))
    return Report(
        inspections=tuple(found),
        ops=int(connection.execute(select(func.count()).select_from(ops)).scalar_one()),
        feeds={feed: seq for feed, (seq, _) in stands(session).items()},
        waiting=gaps(connection),
        refused=len(ledger.refused_of(connection)),
        conflicts=len(conflicted(connection)),
    )
