"""Erasing an inspection from this laptop, once central has confirmed that it holds all of it.

What goes is the bytes: of every op of every record of the inspection, and with them tables, search
index and drafts. What stays are stubs, so that the chains hold; the inspection's own line (force,
dates, rules); and an ``erasure`` record that says what was erased, in figures.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, delete, null, select, update
from sqlmodel import Session

from storage.database.connection import batches
from storage.database.tables import drafts, ops
from storage.database.transit import apart_ops, held_ops, waiting_tables
from storage.errors import FieldkitError
from storage.exchange.enrol import NotEnrolledError
from storage.exchange.export import confirmed
from storage.feed import search
from storage.feed.projection import project_many
from storage.feed.read import ops_of, written_of
from storage.history.delivery import (
    covered,
    forget_written,
    highest_covered,
    known_feeds,
    own_records,
)
from storage.ops.clock import days_after, wall_ms, wall_text
from storage.ops.day_words import day_words
from storage.ops.op import KEY, FeedId, OpId, by_name, decode
from storage.ops.scope import inspections_of, written_inspections
from storage.ops.text import many
from storage.records import Inspection
from storage.records.log import Erasure, Receipt
from storage.records.registry import KINDS, uncounted
from storage.redaction.stubs import take_bytes
from storage.trust.current import roster_in
from storage.trust.identity import device_id
from storage.trust.roster import Roster
from storage.vault.attachments import remove_of
from storage.vault.stage import refuse_while_staged


class NotErasableError(FieldkitError):
    """Something of the inspection is on this laptop alone, or its time has not come."""


@dataclass
class Erasable:
    """What an erasure would take away, and what speaks against it.

    Attributes:
        inspection: the id.
        force: whose inspection it is.
        counts: how many records of each kind would go.
        ops: how many ops would lose their bytes.
        covers: for each feed, the last of those ops.
        local: records that have not left this laptop.
        exported: records that have left, and that central has not confirmed.
        keys: of these, records that never leave by themselves: force references and child labels.
        texts: texts that were typed and are not committed.
        waiting: entries of colleagues that wait here for earlier ones.
        due: the earliest moment, ISO 8601 in UTC; empty where central has not confirmed all.
        receipt: SHA-256 of the receipt that confirms the last of it.
        records: the kind and id of each record.
    """

    inspection: str
    force: str
    counts: dict[str, int] = field(default_factory=dict)
    ops: int = 0
    covers: dict[FeedId, int] = field(default_factory=dict)
    local: int = 0
    exported: int = 0
    keys: int = 0
    texts: int = 0
    waiting: int = 0
    due: str = ""
    receipt: str = ""
    records: set[tuple[str, str]] = field(default_factory=set)


def erasable(session: Session, inspection: str, *, with_keys: bool = False) -> Erasable:
    """Return what erasing an inspection would take away. Reads every op: half a second for 50,000.

    With ``with_keys``, force references and the key to child labels go although central never had
    them. Raises :class:`NotErasableError` where there is no such inspection, and
    ``NotEnrolledError`` where there is no roster to say how long to wait.
    """
    connection = session.connection()
    roster = roster_in(connection)
    if roster is None:
        raise NotEnrolledError(
            "This laptop has no roster, so no central holds what is on it. Nothing was erased. "
            "To get rid of everything in this vault, use “fieldkit vault destroy”."
        )
    found = session.get(Inspection, inspection)
    if found is None:
        raise NotErasableError(
            "There is no inspection of that id here. Nothing was erased. “fieldkit inspection "
            "list” shows those that are."
        )
    plan = Erasable(inspection, found.force)
    written = _written(connection, inspection)
    arrived = confirmed(session, roster)
    left, _ = covered(connection)
    own_key: set[tuple[str, str]] = set()
    local: set[tuple[str, str]] = set()
    exported: set[tuple[str, str]] = set()
    for record, place in written:
        plan.records.add(record)
        plan.ops += 1
        plan.covers[place.feed] = max(place.seq, plan.covers.get(place.feed, 0))
        if place.seq <= arrived.get(place.feed, 0):
            continue
        if place.kind == KEY:
            own_key.add(record)
            if with_keys:
                continue
        foreign = place.device != session.info["author"].device
        gone = foreign or place.seq <= left.get(place.feed, 0)
        (exported if gone else local).add(record)
    counts = Counter(kind for kind, _ in plan.records)
    plan.counts = dict(sorted(counts.items()))
    plan.local, plan.exported = len(local), len(exported - local)
    plan.keys = len(own_key)
    plan.texts = len(_texts(connection, plan))
    plan.waiting = len(_not_counted(connection, held_ops, plan))
    plan.due, plan.receipt = _due(connection, roster, plan, with_keys)
    return plan


def refuse(plan: Erasable, *, with_keys: bool, now: str | None = None) -> None:
    """Raise :class:`NotErasableError` where something speaks against an erasure."""
    if not plan.ops:
        raise NotErasableError(
            f"There is nothing of the inspection of {plan.force} left to erase. Nothing was "
            "changed."
        )
    if plan.texts:
        raise NotErasableError(
            f"{many(plan.texts, 'text')} of this inspection was typed and never committed. "
            "Nothing was erased. Commit or discard what “fieldkit drafts” lists, export, and take "
            "central's receipt in."
        )
    if plan.waiting:
        raise NotErasableError(
            f"{many(plan.waiting, 'entry', 'entries')} of colleagues wait for earlier ones that "
            "have not come. Nothing was erased. Merge the bundle that is missing first."
        )
    if plan.local or plan.exported:
        keys = (
            f" {many(plan.keys, 'record')} of them are force references and keys to child "
            "labels, which leave only with “export --with-key”; --drop-keys erases them for good, "
            "although central never had them."
            if plan.keys and not with_keys
            else ""
        )
        raise NotErasableError(
            f"{many(plan.local, 'record')} of this inspection never left this laptop, and "
            f"{many(plan.exported, 'record')} left but central has not confirmed them. Nothing "
            f"was erased.{keys} Export, take central's receipt in, and erase when the roster's "
            "time after it is over."
        )
    if (now or wall_text(wall_ms())) < plan.due:
        raise NotErasableError(
            f"Central has confirmed all of it, and the roster keeps it here until "
            f"{day_words(plan.due[:10])}. Nothing was erased. Erase it from that day on."
        )


def erase(
    session: Session, inspection: str, *, with_keys: bool = False, now: str | None = None
) -> Erasable:
    """Erase an inspection's records from this laptop; raises as :func:`refuse` does.

    The bytes are out of the file when the commit has returned. Holds the clerk for some seconds
    with 50,000 ops, so nothing may be typed meanwhile. ``now`` is for tests, as ``wall`` in ops.
    """
    refuse_while_staged(session)
    session.flush()
    plan = erasable(session, inspection, with_keys=with_keys)
    refuse(plan, with_keys=with_keys, now=now)
    connection = session.connection()
    connection.execute(delete(drafts).where(drafts.c.id.in_(_texts(connection, plan, True))))
    for kind in plan.counts:
        # By kind as well: another kind's record may bear the same id.
        ids = sorted(record for of, record in plan.records if of == kind)
        for batch in batches(ids):
            several = ops.c.record.in_(batch)
            connection.execute(
                update(ops)
                .where(several, ops.c.record_kind == kind, ops.c.bytes.is_not(None))
                .values(bytes=null())
            )
    # What a revoked laptop wrote after its time counts for nothing, and goes too.
    take_bytes(connection, _not_counted(connection, apart_ops, plan))
    remove_of(connection, inspection)
    project_many(connection, plan.records)
    search.scrub(connection)
    forget_written(connection)
    session.expire_all()
    session.add(
        Erasure.make(
            inspection_id=inspection,
            at=now or wall_text(wall_ms()),
            covers=by_name(plan.covers),
            counts={kind: number for kind, number in plan.counts.items() if kind in KINDS},
            ops=plan.ops,
            receipt=plan.receipt,
            keys=plan.keys,
        )
    )
    session.flush()
    session.info["scrub"] = True
    return plan


def _written(connection: Connection, inspection: str) -> list[tuple[tuple[str, str], OpId]]:
    """Return every op that has bytes here of a record of the inspection, its own line apart."""
    of: dict[tuple[str, str], list[OpId]] = {}
    said: dict[tuple[str, str], set[str]] = {}
    query = select(ops.c.record_kind, ops.c.record, ops.c.bytes).where(
        ops.c.bytes.is_not(None), ops.c.record_kind.not_in((Inspection.KIND, *uncounted()))
    )
    for kind, record, data in connection.execute(query):
        op = decode(data, trusted=True)
        of.setdefault((kind, record), []).append(op.id)
        said.setdefault((kind, record), set()).update(written_inspections(op))
    meant = [
        record
        for record, named in said.items()
        if inspection in named
        and (len(named) == 1 or inspection in inspections_of(ops_of(connection, *record)))
    ]
    return [(record, place) for record in sorted(meant) for place in of[record]]


def _texts(connection: Connection, plan: Erasable, discarded: bool = False) -> list[str]:
    """Return the drafts of the inspection: those that wait, or all with ``discarded``."""
    ids = {record for _, record in plan.records} | {plan.inspection}
    query = select(drafts.c.id, drafts.c.place, drafts.c.discarded)
    return [
        row.id
        for row in connection.execute(query)
        if row.place.rpartition("/")[2] in ids and (discarded or row.discarded is None)
    ]


def _not_counted(connection: Connection, table: Table, plan: Erasable) -> list[OpId]:
    """Return the ops of the inspection that wait in ``table``: of its records, or of new ones."""
    if table not in waiting_tables(connection):
        return []
    rows = connection.execute(select(table.c.bytes).where(table.c.bytes.is_not(None)))
    waiting = [decode(data, trusted=True) for (data,) in rows]
    return [
        op.id
        for op in waiting
        if op.record in plan.records
        or (
            plan.inspection in written_inspections(op)
            and plan.inspection in inspections_of([*written_of(connection, *op.record), op])
        )
    ]


def _due(
    connection: Connection, roster: Roster, plan: Erasable, with_keys: bool
) -> tuple[str, str]:
    """Return from when on it may be erased, and the receipt that confirmed the last of it."""
    central = device_id(roster.central.sign_pk)
    feeds = known_feeds(connection)
    receipts = sorted(
        (
            (
                str(one.get("at", "")),
                str(one.get("sha256", "")),
                highest_covered(feeds, [one.get("covers")]),
            )
            for one in own_records(connection, Receipt).values()
            if one.get("central") == central
        ),
        key=lambda one: one[0],
    )
    last = ("", "")
    for feed, seq in plan.covers.items():
        if with_keys and feed.kind == KEY:
            continue
        first = next(((at, sha) for at, sha, to in receipts if to.get(feed, 0) >= seq), None)
        if first is None:
            return "", ""
        last = max(last, first)
    if not last[0]:
        return "", ""
    return days_after(last[0], roster.grace_days), last[1]
