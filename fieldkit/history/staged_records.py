"""Writes the many records of an import: at once, or in slices that give way to keys.

What an import does is said entry by entry: a record that is added, set or removed. It is one step
for undo either way (:mod:`storage.vault.stage` says what becomes of slices that are cut short).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, ClassVar, NamedTuple, Self

from sqlmodel import Session

from storage.feed import drafts
from storage.feed.bulk import NewRecord, remove_many, write_new
from storage.feed.journal import because
from storage.feed.writer import STEP, UnfitError
from storage.ops.op import MAX_OP_BYTES, FeedId, Op, OpId
from storage.records import Record
from storage.records.lookup import fields_of
from storage.records.registry import KINDS
from storage.vault.stage import StagedJob

ADD, SET, REMOVE = "add", "set", "remove"
SLICE = 400
"""Records written in one slice, which take the clerk about 80 ms."""
SLICE_BYTES = 1024 * 1024
_BESIDES = 4096
"""Bytes of an op besides its fields, at most."""


class Entry(NamedTuple):
    """Says what is done with one record.

    Attributes:
        do: :data:`ADD`, :data:`SET`, :data:`REMOVE`, or what a kind of job knows besides.
        kind: the kind of record.
        id: its id.
        values: of its fields; none of a record that is removed.
        why: the reason of the op.
    """

    do: str
    kind: str
    id: str
    values: dict[str, Any]
    why: str | None

    @classmethod
    def adding(cls, record: Record, why: str | None) -> Self:
        """Return the entry that adds a record with the values it was made with."""
        return cls(ADD, record.KIND, record.id, record.field_values(), why)

    @classmethod
    def making(cls, kind: type[Record], row: Mapping[str, Any], why: str | None) -> Self:
        """Return the entry that adds a record of an id and valid values, no object of which is."""
        values = dict(row)
        return cls(ADD, kind.KIND, values.pop("id"), values, why)

    @property
    def place(self) -> tuple[str, str]:
        """Return the kind and id of the record."""
        return self.kind, self.id


def by_id(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries in the order of their records' ids.

    Those lie near each other in the store then, so that a slice writes a tenth of the pages.
    """
    return sorted(entries, key=lambda one: one.id)


Doing = Callable[[Session, Sequence[Entry]], None]


class StagedRecords(StagedJob[None]):
    """Does the entries of an import.

    Args:
        words: what is taken in, as the subject of a sentence.
        place: where the drafts are that go once all is written.
        fields: their fields.
    """

    NAME = "records"
    DOING: ClassVar[Mapping[str, Doing]]
    """How entries of each sort are done, those that follow each other at once."""
    COST: ClassVar[Mapping[str, int]] = {}
    """How many records an entry of a sort takes the time of; one where it is not named."""

    def __init__(self, words: str, place: str = "", fields: Iterable[str] = ()) -> None:
        super().__init__(words)
        self._drafts = place, list(fields)
        self._step: list[OpId] | None = None

    def about(self) -> dict[str, Any]:
        """Return which drafts go."""
        return {"place": self._drafts[0], "fields": self._drafts[1]}

    @classmethod
    def restored(cls, words: str, about: dict[str, Any]) -> Self:
        """Return the job again that was cut short."""
        return cls(words, about["place"], about["fields"])

    def begin(self, session: Session) -> None:
        """Note that nothing is written yet."""
        self.kept["written"] = []

    def apply(self, session: Session, payload: bytes) -> None:
        """Do the entries of a slice; all slices are one step for undo."""
        self.do_all(session, [Entry(*one) for one in json.loads(payload)])
        session.flush()
        if self._step is None:
            self._step = list(_places(self.kept["written"]))
        session.info[STEP] = self._step
        self.kept["written"] += _spans(session.info.get("written", []))

    def finish(self, session: Session) -> None:
        """Drop the drafts of what was asked on the way."""
        place, fields = self._drafts
        for field in fields:
            drafts.committed(session, place, field)

    @classmethod
    def do_all(cls, session: Session, entries: Iterable[Entry]) -> None:
        """Do entries in their order, in one session."""
        for do, several in groupby(entries, lambda one: one.do):
            cls.DOING[do](session, list(several))

    @classmethod
    def slices(cls, entries: Iterable[Entry]) -> Iterator[bytes]:
        """Yield the entries in slices of about 100 ms.

        Raises :class:`UnfitError` where an op would be longer than every reader takes.
        """
        waiting: list[bytes] = []
        cost = length = 0
        for entry in entries:
            data = json.dumps(entry).encode()
            if len(data) > MAX_OP_BYTES - _BESIDES:
                raise UnfitError("a row of it is longer than every reader takes")
            own_cost = cls.COST.get(entry.do, 1)
            if waiting and (cost + own_cost > SLICE or length + len(data) > SLICE_BYTES):
                yield _slice(waiting)
                waiting, cost, length = [], 0, 0
            waiting.append(data)
            cost, length = cost + own_cost, length + len(data)
        if waiting:
            yield _slice(waiting)


def _slice(entries: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(entries) + b"]"


def _add(session: Session, entries: Sequence[Entry]) -> None:
    """Add records; one that came meanwhile stays as it is."""
    there = {
        (kind, of)
        for kind in {one.kind for one in entries}
        for of in fields_of(session, KINDS[kind], (), (one.id for one in entries))
    }
    write_new(
        session,
        [
            NewRecord(KINDS[one.kind], one.id, one.values, one.why)
            for one in entries
            if one.place not in there
        ],
    )


def _set(session: Session, entries: Sequence[Entry]) -> None:
    with because(session, None, each=_reasons(entries)):
        for one in entries:
            record = session.get(KINDS[one.kind], one.id)
            if record is not None:
                record.change(**one.values)


def _remove(session: Session, entries: Sequence[Entry]) -> None:
    records = [session.get(KINDS[one.kind], one.id) for one in entries]
    with because(session, None, each=_reasons(entries)):
        remove_many(session, [record for record in records if record is not None])


def _reasons(entries: Iterable[Entry]) -> dict[tuple[str, str], str]:
    return {one.place: one.why for one in entries if one.why}


StagedRecords.DOING = {ADD: _add, SET: _set, REMOVE: _remove}


def _spans(ops: Iterable[Op]) -> list[list[Any]]:
    """Return the first and last op of each feed; one commit's follow each other there."""
    seqs: dict[FeedId, list[int]] = {}
    for op in ops:
        seqs.setdefault(op.id.feed, []).append(op.id.seq)
    return [[str(feed), min(several), max(several)] for feed, several in seqs.items()]


def _places(spans: Iterable[Sequence[Any]]) -> Iterator[OpId]:
    for feed, first, last in spans:
        yield from map(FeedId.parse(feed).at, range(first, last + 1))
