"""The audit trail says who did which of section 62's six operations to what, when, where and why.

It is derived from the ops and kept nowhere else. It names records and fields and never shows
values, so it may be shown before a reveal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from sqlmodel import Session

from fieldkit.history.deleted import AsLast
from fieldkit.history.record_history import field_words, verb_word
from fieldkit.service import RefusedError
from fieldkit.wording.dates import SET_BACK, local_day, short_moment
from fieldkit.wording.labels import LookedUp, Names, label, reason_words
from storage.feed.refused import refused_among
from storage.history.trail import Trace, traces, traces_of
from storage.ops.clock import is_set_back
from storage.ops.op import DELETED
from storage.ops.short_dates import read_typed_day
from storage.records import Record
from storage.records.registry import KINDS, lies_under, noun

PAGE = 100
"""Entries shown at once."""
_MANY = 200
"""Entries whose records are looked up at once."""


@dataclass(frozen=True)
class Operation:
    """Names one of the six operations, from ``audit.toml``.

    Attributes:
        name: as section 62(1) calls it.
        letter: its letter there.
        help: what it is here.
        verbs: the verbs of ops that are this operation.
    """

    name: str
    letter: str
    help: str
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Holds one thing that was done.

    Attributes:
        op: which op, as ``device/epoch/kind/seq``.
        at: in this laptop's local time; ``wall`` is the writing laptop's, ISO 8601 in UTC.
        who, laptop: the person and the laptop, by name.
        operation: one of the six; ``did`` is the word for the verb.
        kind, record, label: the record, and what a person calls it.
        fields: what the fields written are called.
        recipient: to whom it went, where it is a disclosure.
        whereabouts: what was said of where a file that anybody can read went.
        reason: why, where one was given.
        kept: the op's own words are still here.
    """

    op: str
    at: str
    wall: str
    who: str
    laptop: str
    operation: str
    did: str
    kind: str
    record: str
    label: str
    fields: tuple[str, ...]
    recipient: str
    whereabouts: str
    reason: str
    kept: bool

    @property
    def text(self) -> str:
        """Return the entry in a line."""
        to = f" to {self.recipient}" if self.recipient else ""
        why = f" (because {self.reason})" if self.reason else ""
        entry = f"{self.at}  {self.operation:<12}  {self.who}, {self.laptop}: {self.did} "
        fields = f": {', '.join(self.fields)}" if self.fields else ""
        where = f": {self.whereabouts}" if self.whereabouts else ""
        return f"{entry}{self.label}{fields}{where}{to}{why}"

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return everything that is known of the entry: what each is called, and what it is."""
        rows = (
            ("When", self.at),
            ("Who", self.who),
            ("Laptop", self.laptop),
            ("Operation", f"{self.operation} ({self.did})"),
            ("Record", f"{self.label} ({noun(self.kind)} {self.record[:8]})"),
            ("Fields", ", ".join(self.fields)),
            ("Recipient", self.recipient),
            ("It is now", self.whereabouts),
            ("Reason", self.reason),
            ("Entry", self.op + ("" if self.kept else "; its words were redacted or erased")),
        )
        return tuple((name, said) for name, said in rows if said)

    @property
    def whole(self) -> str:
        """Return the entry with everything that is known of it, line by line."""
        return "\n".join(f"{name:<10} {said}" for name, said in self.facts)


@dataclass(frozen=True, slots=True)
class Trail:
    """Holds some of the trail, and says whether there is more before it."""

    lines: list[AuditLine]
    more: bool


def operations() -> tuple[Operation, ...]:
    """Return the six operations in the order of the section."""
    return _operations()[0]


def trail(
    s: Session,
    *,
    operation: str = "",
    since: str = "",
    until: str = "",
    record: tuple[str, str] | None = None,
    first: int = 0,
    most: int | None = PAGE,
) -> Trail:
    """Return what was done, the latest first.

    Args:
        s: a session.
        operation: only one of the six, by its name.
        since: the first day by the local time of this laptop, however it is written; or empty.
        until: the last day.
        record: only what was done to one record, by kind and id.
        first: how many to leave out at the beginning.
        most: how many at most; ``None`` for all.

    Raises:
        RefusedError: there is no such operation, or a day is none.
    """
    wanted = _named(operation)
    since, until = _day(since), _day(until)
    source = traces(s, _verbs(wanted)) if record is None else traces_of(s, *record)
    fitting = (one for one in source if wanted is None or operation_of(one) == wanted.name)
    within = (one for one in fitting if _within(one, since, until))
    page = list(islice(within, first, None if most is None else first + most + 1))
    more = most is not None and len(page) > most
    return Trail(_lines(s, page[:most]), more)


def operation_of(trace: Trace) -> str:
    """Return which of the six operations an op was."""
    every, restored, other = _operations()
    fields = trace.op.fields if trace.op is not None else {}
    if fields.get(DELETED) is False:
        return restored
    known = KINDS.get(trace.record[0], Record)
    for name, written in known.OPERATIONS.items():
        if not fields.keys().isdisjoint(written):
            return name
    for operation in every:
        if trace.verb in operation.verbs:
            return operation.name
    return other


def _named(name: str) -> Operation | None:
    if not name.strip():
        return None
    for operation in operations():
        if name.strip().casefold() in (operation.name, operation.letter):
            return operation
    known = ", ".join(one.name for one in operations())
    raise RefusedError(f"“{name}” is none of the operations: {known}. Nothing was changed.")


def _day(written: str) -> str:
    if not written.strip():
        return ""
    day, why = read_typed_day(written)
    if day is None:
        raise RefusedError(
            f"“{written}” is not a day: {why}. Nothing was changed; write it as 6 July 2026."
        )
    return day


def _verbs(wanted: Operation | None) -> frozenset[str]:
    """Return the verbs to read for an operation; which of their ops are of it is seen later."""
    if wanted is None:
        return frozenset()
    _, restored, other = _operations()
    if wanted.name == other:
        return frozenset()  # verbs of a later fieldkit count as it
    verbs = set(wanted.verbs)
    if any(wanted.name in known.OPERATIONS for known in KINDS.values()):
        verbs |= {"create", "set", "resolve"}
    if wanted.name == restored:
        verbs |= {"create", "link"}
    return frozenset(verbs)


def _within(trace: Trace, since: str, until: str) -> bool:
    if not since and not until:
        return True
    day = local_day(trace.wall)
    return (not since or day >= since) and (not until or day <= until)


def _lines(s: Session, page: list[Trace]) -> list[AuditLine]:
    names = Names(s)
    lines: list[AuditLine] = []
    for start in range(0, len(page), _MANY):
        some = page[start : start + _MANY]
        about = [_about(one) for one in some]
        looked = AsLast(s, LookedUp(s, about))
        counting = {
            one.op: f" (counts for nothing: it {one.tried})"
            for one in refused_among(s.connection(), [each.id for each in some])
        }
        for trace, (kind, record) in zip(some, about, strict=True):
            fields = trace.op.fields if trace.op is not None else {}
            own = (kind, record) == trace.record
            lines.append(
                AuditLine(
                    op=str(trace.id),
                    at=short_moment(trace.wall)
                    + (SET_BACK if is_set_back(trace.wall, trace.hlc) else ""),
                    wall=trace.wall,
                    who=names.person(trace.who),
                    laptop=names.laptop(trace.id.device),
                    operation=operation_of(trace),
                    did=verb_word(trace.verb, fields.get(DELETED)) + counting.get(trace.id, ""),
                    kind=kind,
                    record=record,
                    label=label(looked, kind, record),
                    fields=tuple(_fields(trace)) if own else (),
                    recipient=str(fields.get("recipient", "")) if trace.verb == "disclose" else "",
                    whereabouts=str(fields.get("whereabouts", "")) if kind == "disclosure" else "",
                    reason=reason_words(trace.op.reason) if trace.op is not None else "",
                    kept=trace.op is not None,
                )
            )
    return lines


def _about(trace: Trace) -> tuple[str, str]:
    """Return the record that an op is about: of a consultation, the one that was opened."""
    fields: dict[str, Any] = trace.op.fields if trace.op is not None else {}
    known = KINDS.get(trace.record[0])
    if known is not None and not known.COUNTED and known.UNDER in fields:
        return lies_under(known.KIND, fields.get) or trace.record
    return trace.record


def _fields(trace: Trace) -> Iterator[str]:
    if trace.op is None or trace.verb in ("disclose", "erase", "consult"):
        return
    if trace.verb == "redact":
        yield from field_words(trace.record[0], [str(trace.op.fields.get("field", ""))])
    elif trace.verb in ("set", "resolve"):
        yield from field_words(trace.record[0], trace.op.fields)


@cache
def _operations() -> tuple[tuple[Operation, ...], str, str]:
    table = tomllib.loads((files(__package__) / "audit.toml").read_text("utf-8"))
    listed = tuple(
        Operation(**row | {"verbs": frozenset(row["verbs"])}) for row in table["operations"]
    )
    return listed, table["restored"], table["other"]
