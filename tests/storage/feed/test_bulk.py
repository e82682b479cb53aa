"""Many records written at once come out as if each had been written by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage.database.connection import driver
from storage.errors import ReasonNeededError
from storage.feed import bulk, search, writer
from storage.feed.bulk import add_many, remove_many
from storage.feed.journal import because
from storage.feed.read import ops_of
from storage.feed.replay import differences
from storage.feed.writer import UnfitError
from storage.history.undo import undo
from storage.records import (
    Case,
    CaseKey,
    ForceRow,
    ForceRowKey,
    Inspection,
    Judgment,
    Note,
    Record,
    SelfAssessment,
)
from storage.records.case import case_id, case_key_id
from storage.records.judgment import judgment_id
from storage.records.model.base import InvalidError
from storage.records.registry import KINDS
from storage.records.self_assessment import force_row_id, force_row_key_id, self_assessment_id
from storage.vault.vault import Vault
from tests.conftest import HEAVY
from tests.storage.colleague import Colleague

WORLDS = count(1)
DEVICES = count(0xB00)


def records_of(world: str) -> list[Record]:
    """A record of every kind that is written so; the same ones in every world but for their ids."""
    case, key = case_id(world, "WST-1"), {"inspection_id": world}
    imported = self_assessment_id(world, world, "Sheet1")
    row = force_row_id(world, "Sheet1", 2)
    return [
        Case.make(id=case, reference="WST-1", types=["Missing, “straße”"], **key),
        CaseKey.make(id=case_key_id(case), case_id=case, force_ref="42/1/26", **key),
        Judgment.make(
            id=judgment_id(case, "overall"),
            case_id=case,
            criterion="overall",
            state="graded",
            grade="good",
            rationale="Seen alone.",
            by="imported",
            **key,
        ),
        SelfAssessment.make(
            id=imported,
            file_name="force.xlsx",
            file_hash=world,
            sheet="Sheet1",
            header_row=1,
            columns={"A": {"field": "ref"}},
            **key,
        ),
        ForceRow.make(id=row, self_assessment_id=imported, row=2, grade="good", **key),
        ForceRowKey.make(
            id=force_row_key_id(row),
            force_row_id=row,
            sheet="Sheet1",
            row=2,
            reference="42/1/26",
            cells=["A2\t42/1/26"],
            **key,
        ),
        Note.make(id=f"note-{world}", parent_kind="case", parent_id=case, text="A word.", **key),
        Note.make(id=f"empty-{world}", parent_kind="case", parent_id=case, text="", **key),
    ]


NUMBERS = range(len(records_of("w")))


def one_by_one_added(session: Session, records: list[Record]) -> None:
    for record in records:
        session.add(record)
        session.flush()


def one_by_one_removed(session: Session, records: list[Record]) -> None:
    for record in records:
        session.delete(record)
        session.flush()


Way = Callable[[Session, list[Record]], None]


class World:
    """The records of an inspection, written in one of the two ways; and a colleague's."""

    def __init__(self, vault: Vault, add: Way, remove: Way) -> None:
        self.vault, self.add, self.remove = vault, add, remove
        self.name = f"world-{next(WORLDS)}"
        self.records = records_of(self.name)
        self.ids = [record.id for record in self.records]
        self.ben, self.moments = Colleague(f"{next(DEVICES):016x}"), count(1000)

    def take(self, step: str, numbers: set[int]) -> None:
        self.vault.write_now(self._step, step, sorted(numbers))

    def _step(self, s: Session, step: str, numbers: list[int]) -> None:
        there = [s.get(type(self.records[one]), self.ids[one]) for one in numbers]
        with because(s, "a reason" if step == "removed" else None, stated="as read"):
            if step == "removed":
                self.remove(s, [record for record in there if record is not None])
            elif step == "added":
                new = records_of(self.name)
                gone = [one for one, known in zip(numbers, there, strict=True) if known is None]
                self.add(s, [new[one] for one in gone])
        if step == "theirs":
            for one, known in zip(numbers, there, strict=True):
                if isinstance(known, Note):
                    place, ms = (Note.KIND, self.ids[one]), next(self.moments)
                    self.ben.hand_over(s, [self.ben.write(place, {"text": "theirs"}, ms=ms)])

    def ops(self) -> list[Any]:
        """What was written, in its order, without what tells one world from another."""

        def read(s: Session) -> list[Any]:
            return [
                op
                for record in self.records
                for op in ops_of(s.connection(), record.KIND, record.id)
            ]

        ours = [op for op in self.vault.read_now(read) if op.id.device != self.ben.device]
        ours.sort(key=lambda op: op.order)
        feeds = {str(op.id): f"op {at}" for at, op in enumerate(ours)}
        return [
            self._plain(
                {
                    "feed": op.id.kind,
                    "verb": op.op,
                    "record": op.record,
                    "fields": op.fields,
                    "base": sorted(feeds.get(str(one), "theirs") for one in op.base),
                    "reason": op.reason,
                }
            )
            for op in ours
        ]

    def tables(self) -> list[Any]:
        """The rows, leaves, conflicts and index entries of the records."""

        def rows(s: Session) -> list[Any]:
            run, found = driver(s.connection()).execute, []
            for record in self.records:
                of = (record.id, record.KIND)
                table = KINDS[record.KIND].__tablename__
                found += run(f'SELECT * FROM "{table}" WHERE id = ?', of[:1]).fetchall()
                for query in (
                    "SELECT field FROM leaf WHERE record = ? AND record_kind = ? ORDER BY field",
                    "SELECT field FROM disputed WHERE record = ? AND record_kind = ?",
                    "SELECT s.inspection, s.size, w.body FROM searchable s "
                    "JOIN words w ON w.rowid = s.id WHERE s.record = ? AND s.record_kind = ?",
                ):
                    found += run(query, of).fetchall()
            return [list(row) for row in found]

        return [self._plain(row) for row in self.vault.read_now(rows)]

    def _plain(self, value: Any) -> Any:
        text = json.dumps(value)
        for at, record in enumerate(self.ids):
            text = text.replace(record, f"record {at}")
        return json.loads(text.replace(self.name, "world"))


STEPS = st.tuples(
    st.sampled_from(("added", "added", "removed", "theirs")), st.sets(st.sampled_from(NUMBERS))
)


@given(st.lists(STEPS, min_size=1, max_size=6))
@settings(
    max_examples=100 if HEAVY else 6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_ops_and_tables_of_both_ways_are_the_same(
    vault: Vault, steps: list[tuple[str, set[int]]]
) -> None:
    single = World(vault, one_by_one_added, one_by_one_removed)
    many = World(vault, add_many, remove_many)
    for step, numbers in [("added", set(NUMBERS)), *steps]:
        single.take(step, numbers)
        many.take(step, numbers)
    assert many.ops() == single.ops()
    assert many.tables() == single.tables()
    assert vault.read_now(lambda s: differences(s.connection())) == []


def notes(*texts: str) -> list[Record]:
    known = {"inspection_id": "i", "parent_kind": "case", "parent_id": "c"}
    return [Note.make(text=text, **known) for text in texts]


def written(vault: Vault) -> int:
    query = "SELECT COUNT(*) FROM op"
    return vault.read_now(lambda s: int(s.connection().exec_driver_sql(query).scalar_one()))


def test_all_slices_are_one_step_and_each_text_is_looked_through(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "SLICE", 2)
    told: list[int] = []
    records = notes("the first", "the second", "the third")
    vault.write_now(add_many, records, told.append)
    assert told == [2, 3]
    assert [one.record_id for one in vault.author.take_kept()] == [one.id for one in records]
    hits = vault.read_now(lambda s: search.find(s.connection(), "second"))
    assert [one.record for one in hits] == [records[1].id]
    vault.write_now(undo)
    assert vault.read_now(lambda s: [s.get(Note, one.id) for one in records]) == [None] * 3
    assert vault.read_now(lambda s: differences(s.connection())) == []


def too_long() -> list[Record]:
    return notes("x" * 4000)


def invalid() -> list[Record]:
    records = notes("one", "two")
    vars(records[1])["polarity"] = "sideways"
    return records


@pytest.mark.parametrize(
    ("records", "error"),
    [(too_long, UnfitError), (invalid, InvalidError)],
    ids=["an op longer than every reader takes", "a value that fits no field"],
)
def test_what_is_refused_by_itself_is_refused_among_many(
    records: Callable[[], list[Record]],
    error: type[Exception],
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(writer, "MAX_OP_BYTES", 4000)
    before = written(vault)
    with pytest.raises(error):
        vault.write_now(lambda s: add_many(s, [*notes("fits"), *records()]))
    assert written(vault) == before


def test_a_reason_is_needed_once_the_site_was_left(vault: Vault) -> None:
    inspection = Inspection.make(
        force="Westshire Constabulary", methodology="2018", state="left site"
    )
    vault.write_now(lambda s: s.add(inspection))
    several = [one.change(inspection_id=inspection.id) for one in notes("one", "two")]
    before = written(vault)
    with pytest.raises(ReasonNeededError):
        vault.write_now(add_many, several)
    assert written(vault) == before

    def explained(s: Session) -> None:
        with because(s, "found later", each={(Note.KIND, several[1].id): "found last"}):
            add_many(s, several)

    vault.write_now(explained)
    reasons = vault.read_now(
        lambda s: [ops_of(s.connection(), one.KIND, one.id)[0].reason for one in several]
    )
    assert reasons == ["found later", "found last"]
