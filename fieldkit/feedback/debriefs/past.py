"""Records as they stood at the end of a day gone by, found by the stamps of their ops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from sqlmodel import Session

from storage.feed.read import ops_of
from storage.ops.clock import read_stamp, stamp
from storage.ops.fold import fold
from storage.ops.redactions import REDACT
from storage.records import Debrief, Record

AnyRecord = TypeVar("AnyRecord", bound=Record)


def end_of(s: Session, debrief: Debrief) -> str:
    """Return the stamp at which the day ended on which a debrief was closed; empty if it is open.

    What is written up on the evening of a debrief still belongs to it.
    """
    if not debrief.held_at:
        return ""
    known = ops_of(s.connection(), Debrief.KIND, debrief.id)
    closing = [op.hlc for op in known if op.fields.get("held_at")]
    if not closing:
        return ""
    ms, _ = read_stamp(max(closing))
    day = datetime.fromtimestamp(ms / 1000, UTC).astimezone().date()
    midnight = datetime.combine(day + timedelta(days=1), time()).astimezone()
    return stamp(max(ms, int(midnight.timestamp() * 1000) - 1), 0xFFFF)


def as_it_stood(s: Session, record: AnyRecord, end: str) -> AnyRecord | None:
    """Return a record as its ops up to a stamp left it, in no session; None where it was not made.

    Words that were redacted since stay redacted. With an empty stamp it is the record itself.
    """
    if not end:
        return record
    known = ops_of(s.connection(), record.KIND, record.id)
    folded = fold(op for op in known if op.hlc <= end or op.op == REDACT)
    kind = type(record)
    values = {name: folded.values.get(name, kind.default(name)) for name in kind.field_names()}
    return kind(id=record.id, **values) if folded.values and not folded.deleted else None


def as_they_stood(s: Session, records: Iterable[AnyRecord], end: str) -> list[AnyRecord]:
    """Return those of some records that were made by then, as :func:`as_it_stood` does."""
    stood = (as_it_stood(s, record, end) for record in records)
    return [record for record in stood if record is not None]
