from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import Session

from storage.database.connection import BATCH
from storage.feed.projection import table_of
from storage.feed.replay import differences
from storage.feed.session import GoneError
from storage.records import Case, Disclosure, Judgment, Note, Record
from storage.records.case import progress
from storage.records.lookup import brief
from storage.records.model.base import InvalidError
from storage.records.registry import KINDS, free_fields, free_text
from storage.vault.vault import Vault

KNOWN: tuple[Record, ...] = (
    Case.make(inspection_id="i", reference="WST-1", types=["missing", "cse"], withdrawn=True),
    Judgment.make(inspection_id="i", case_id="c", criterion="k", rationale="Siân\nsaid «no»."),
    Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="x", criteria=["a"]),
    Disclosure.make(
        what="bundle", recipient="central", at="2026-07-06", covers={"f": 3}, with_key=True
    ),
)


def values(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("id", *one.field_names())}


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.KIND)
def test_a_record_is_found_as_the_orm_reads_it(vault: Vault, one: Record) -> None:
    kind, record, known = type(one), one.id, values(one)
    vault.write_now(lambda s: s.add(kind(**known)))

    def read(s: Session) -> None:
        found = s.get(kind, record)
        assert found is not None and values(found) == known
        assert {type(value) for value in values(found).values()} == {
            type(value) for value in known.values()
        }
        assert s.get(kind, record) is found and not s.dirty
        s.expunge_all()
        read_by_orm = s.get(kind, record, populate_existing=True)
        assert values(read_by_orm) == known
        assert s.get(kind, record) is read_by_orm

    vault.read_now(read)


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.KIND)
def test_a_record_is_written_as_the_orm_writes_it(vault: Vault, one: Record) -> None:
    kind, table = type(one), table_of(type(one))
    given = values(one)
    vault.write_now(lambda s: s.add(kind.make(**given)))

    def write(s: Session) -> None:
        s.connection().execute(insert(table).values(given | {"id": "by the orm"}))
        rows = [
            s.connection().exec_driver_sql(f'SELECT * FROM "{table.name}" WHERE id = ?', (name,))
            for name in (one.id, "by the orm")
        ]
        ours, theirs = (row.mappings().one() for row in rows)
        assert {**ours, "id": ""} == {**theirs, "id": ""}
        assert list(map(type, ours.values())) == list(map(type, theirs.values()))
        s.connection().exec_driver_sql(f"DELETE FROM \"{table.name}\" WHERE id = 'by the orm'")

    vault.write_now(write)


def test_a_step_that_fails_after_its_rows_were_written_leaves_none(vault: Vault) -> None:
    note = Note.make(id="n", inspection_id="i", parent_kind="case", parent_id="c", text="before")
    vault.write_now(lambda s: s.add(note))

    def fail(s: Session) -> None:
        found = s.get(Note, "n")
        assert found is not None
        found.change(text="after")
        s.add(Note.make(id="m", inspection_id="i", parent_kind="case", parent_id="c", text="x"))
        s.flush()
        raise ValueError("something")

    for _ in range(2):
        with pytest.raises(ValueError, match="something"):
            vault.write_now(fail)
    assert vault.read_now(lambda s: [s.get(Note, "m"), getattr(s.get(Note, "n"), "text", "")]) == [
        None,
        "before",
    ]
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_a_change_of_what_has_no_row_is_refused(vault: Vault) -> None:
    note = Note.make(id="n", inspection_id="i", parent_kind="case", parent_id="c", text="before")
    vault.write_now(lambda s: s.add(note))

    def change(s: Session) -> None:
        found = s.get(Note, "n")
        assert found is not None
        s.connection().exec_driver_sql("DELETE FROM note")
        found.change(text="after")

    with pytest.raises(GoneError, match="Nothing was changed"):
        vault.write_now(change)
    assert vault.read_now(lambda s: getattr(s.get(Note, "n"), "text", "")) == "before"


@pytest.mark.parametrize("in_place", [True, False])
def test_what_was_changed_after_the_check_is_checked(vault: Vault, in_place: bool) -> None:
    note = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="x", criteria=["a"])
    if in_place:
        note.criteria.append("e\u0301\x1b")
    else:
        note.criteria = ["e\u0301\x1b"]
    record = note.id
    vault.write_now(lambda s: s.add(note))
    found = vault.read_now(lambda s: s.get(Note, record))
    assert found is not None and found.criteria[-1] == "\u00e9"
    wrong = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="x")
    wrong.polarity = "no such"
    with pytest.raises(InvalidError, match="Nothing was changed"):
        vault.write_now(lambda s: s.add(wrong))


def test_what_is_not_there_or_taken_away_is_nothing(vault: Vault) -> None:
    note = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="x")
    record = note.id
    vault.write_now(lambda s: s.add(note))
    assert vault.read_now(lambda s: s.get(Note, "no such")) is None

    def delete(s: Session) -> None:
        s.delete(s.get(Note, record))
        s.flush()
        assert s.get(Note, record) is None

    vault.write_now(delete)
    assert vault.read_now(lambda s: s.get(Note, record)) is None


def test_a_found_record_is_changed_and_journalled_like_any_other(vault: Vault) -> None:
    note = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="before")
    record = note.id
    vault.write_now(lambda s: s.add(note))

    def change(s: Session) -> None:
        found = s.get(Note, record)
        assert found is not None
        found.change(text="after", criteria=["a"])
        assert found in s.dirty

    vault.write_now(change)
    found = vault.read_now(lambda s: s.get(Note, record))
    assert found is not None and (found.text, found.criteria) == ("after", ["a"])
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_a_stale_object_is_read_anew(vault: Vault) -> None:
    note = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="kept")
    record = note.id
    vault.write_now(lambda s: s.add(note))

    def read(s: Session) -> None:
        found = s.get(Note, record)
        s.expire(found)
        assert s.get(Note, record) is found
        assert found is not None and found.text == "kept"

    vault.read_now(read)


def test_many_are_looked_at_in_brief(vault: Vault) -> None:
    several = [
        Note.make(inspection_id="i", parent_kind="case", parent_id=f"c{number}", text="x")
        for number in range(BATCH + 2)
    ]
    ids = [one.id for one in several]
    vault.write_now(lambda s: s.add_all(several))
    found = vault.read_now(lambda s: brief(s, Note, [*ids, "no such"]))
    assert [found[one].parent_id for one in ids] == [f"c{n}" for n in range(BATCH + 2)]
    assert len(found) == len(ids) and not hasattr(found[ids[0]], "criteria")


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.KIND)
def test_values_are_read_again_of_an_object_that_went_stale(vault: Vault, one: Record) -> None:
    kind, record, known = type(one), one.id, values(one)
    vault.write_now(lambda s: s.add(kind(**known)))

    def read(s: Session) -> dict[str, Any]:
        found = s.get(kind, record)
        assert found is not None
        s.expire(found)
        assert set(vars(found)).isdisjoint(kind.field_names())
        return found.field_values()

    assert {"id": record, **vault.read_now(read)} == known


def test_fields_of_free_text_are_those_that_may_hold_any() -> None:
    for kind, known in KINDS.items():
        free = {name for name in known.field_names() if free_text(kind, name)}
        assert free_fields(kind) == free
    assert "text" in free_fields(Note.KIND) and not free_fields("no such kind")


def test_progress_counts_cases_with_an_overall(vault: Vault) -> None:
    cases = [Case.make(inspection_id="i", reference=f"W-{number}") for number in range(4)]
    cases[3].withdrawn = True
    judged = [
        Judgment.make(inspection_id="i", case_id=one.id, criterion=key, state=state)
        for one, key, state in (
            (cases[0], "overall", "graded"),
            (cases[0], "risk", "graded"),
            (cases[1], "overall", "not judged"),
            (cases[2], "risk", "graded"),
            (cases[3], "overall", "graded"),
        )
    ]
    vault.write_now(lambda s: s.add_all([*cases, *judged]))
    assert vault.read_now(progress, "i") == (1, 3)
    assert vault.read_now(progress, "j") == (0, 0)
