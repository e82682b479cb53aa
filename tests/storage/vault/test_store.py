"""Transactions, replay, and the queue of the one thread that writes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import text
from sqlmodel import Session, select

from storage.errors import FieldkitError
from storage.feed.replay import differences, replay
from storage.feed.search import find
from storage.ops.op import DELETED
from storage.records import Case, Disclosure, Interview, Judgment, Note, SelfAssessment
from storage.records.judgment import judgment_id
from storage.records.model.base import InvalidError
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.storage.colleague import Colleague


def dump(s: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every derived table, the search index's words among them."""
    connection = s.connection()
    names = connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'")
    ).scalars()
    found = {
        name: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{name}"')), key=repr)
        for name in names
        if name not in ("searchable", "sqlite_stat1")
    }
    found["words"] = sorted(
        tuple(row)
        for row in connection.exec_driver_sql(
            "SELECT s.record_kind, s.record, s.inspection, w.body "
            "FROM searchable s JOIN words w ON w.rowid = s.id"
        )
    )
    return found


def write(vault: Vault, job: Callable[[Session], None]) -> None:
    vault.write_now(job)


def a_day(vault: Vault) -> str:
    """Records of several kinds, changed, deleted, restored and written in parallel."""
    note = Note.make(
        inspection_id="i",
        parent_kind="case",
        parent_id="c",
        text="Ni welwyd y plentyn – „Siân“",
        criteria=["investigation", "trusted_adult"],
    )
    gone = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="gone")
    note_id, gone_id = note.id, gone.id
    kept = SelfAssessment.make(
        inspection_id="i",
        file_name="f.xlsx",
        file_hash="h",
        sheet="S",
        header_row=5,
        columns={"A": {"field": "ref", "n": 2}, "B": None},
        problems=[{"sheet": "Cases", "cell": "E9", "value": "TBC", "reason": "no grade"}],
    )
    write(vault, lambda s: s.add_all([note, gone, kept]))
    write(vault, lambda s: s.add(Case.make(inspection_id="i", reference="A-1", types=["x"])))
    write(vault, lambda s: s.add(Interview.make(inspection_id="i", role="sergeant")))
    write(vault, lambda s: change(s, note_id, text="Ni welwyd neb", criteria=[]))
    write(vault, lambda s: s.delete(s.get(Note, gone_id)))
    colleague = Colleague("aaaa000000000000")
    parallel = colleague.write(("note", note_id), {"text": "theirs"}, ms=2**43)
    unknown = colleague.write(("later_kind", "x"), {"colour": "red"}, verb="create")
    later = colleague.write(("note", note_id), {"colour": "red"})
    stranger = colleague.write(("note", note_id), {"text": "x"}, verb="transmogrify")
    vault.write_now(colleague.hand_over, [parallel, unknown, later, stranger])
    return note_id


def change(s: Session, /, record: str, **values: Any) -> None:
    found = s.get(Note, record)
    assert found is not None
    found.change(**values)


def test_tables_equal_a_replay_byte_for_byte(vault: Vault) -> None:
    note_id = a_day(vault)
    before = vault.read_now(dump)
    assert any(row[2] == DELETED for row in before["leaf"])
    assert vault.read_now(lambda s: differences(s.connection())) == []
    records = vault.write_now(lambda s: replay(s.connection()))
    assert records == 4
    assert vault.read_now(dump) == before
    assert vault.read_now(lambda s: s.get(Note, note_id)).text == "theirs"  # type: ignore[union-attr]  # it is there


def tamper(s: Session, statement: str) -> int:
    return s.connection().exec_driver_sql(statement).rowcount


def test_a_tampered_table_is_found_and_a_replay_mends_it(vault: Vault) -> None:
    note_id = a_day(vault)
    clean = vault.read_now(dump)
    for statement in (
        "UPDATE note SET text = 'tampered'",
        "DELETE FROM note",
        "DELETE FROM leaf",
        "DELETE FROM words",
        "UPDATE judgment SET grade = 'good'",
    ):
        changed = vault.write_now(tamper, statement)
        found = vault.read_now(lambda s: differences(s.connection()))
        assert bool(found) == bool(changed), statement
        if statement.startswith("UPDATE note"):
            assert f"note {note_id}" in found
        vault.write_now(lambda s: replay(s.connection()))
        assert vault.read_now(dump) == clean


def test_a_failed_replay_changes_nothing(vault: Vault) -> None:
    a_day(vault)
    before = vault.read_now(dump)

    def fails(s: Session) -> None:
        replay(s.connection())
        raise FieldkitError("the battery")

    with pytest.raises(FieldkitError):
        vault.write_now(fails)
    assert vault.read_now(dump) == before


def test_lists_and_tables_in_a_field_are_kept_as_they_are(vault: Vault) -> None:
    covers = {"a/1/main": 3, "nested": {"n": [1, None, True, "é"]}}
    made = Disclosure.make(what="b", recipient="c", at="2026-07-06", covers=covers)
    record = made.id
    vault.write_now(lambda s: s.add(made))
    vault.lock()
    with open_vault(vault.folder, PASSPHRASE) as again:
        found = again.read_now(lambda s: s.get(Disclosure, record))
        assert found is not None
        assert found.covers == covers
        assert again.read_now(lambda s: differences(s.connection())) == []


def test_a_float_in_a_field_is_refused_before_anything_is_written(vault: Vault) -> None:
    made = Disclosure.make(what="b", recipient="c", at="2026-07-06")

    def past_the_check(s: Session) -> None:
        made.covers = {"x": 0.5}
        s.add(made)

    with pytest.raises(InvalidError, match="Nothing was changed"):
        vault.write_now(past_the_check)
    assert vault.read_now(lambda s: s.exec(select(Disclosure)).all()) == []


def test_a_job_that_waits_for_the_clerk_is_an_error_not_a_standstill(vault: Vault) -> None:
    with pytest.raises(RuntimeError, match="waits for the clerk"):
        vault.write_now(lambda s: vault.read_now(dump))


def test_a_reading_that_changes_something_is_an_error(vault: Vault) -> None:
    note_id = a_day(vault)
    with pytest.raises(FieldkitError, match="nothing was changed"):
        vault.read_now(change, note_id, text="by mistake")
    assert vault.read_now(lambda s: differences(s.connection())) == []


def graded(number: int) -> str:
    return judgment_id("c", f"k{number}")


def digit(s: Session, number: int) -> int:
    s.add(
        Judgment.make(
            id=graded(number),
            inspection_id="i",
            case_id="c",
            criterion=f"k{number}",
            state="graded",
            grade="good",
        )
    )
    return number


async def test_thirty_writes_at_once_give_thirty_ops_in_order(vault: Vault) -> None:
    done = await asyncio.gather(*(vault.write(digit, number) for number in range(30)))
    assert done == list(range(30))

    def order(s: Session) -> list[str]:
        rows = s.connection().exec_driver_sql("SELECT record FROM op ORDER BY seq")
        return list(rows.scalars())

    assert await vault.read(order) == [graded(number) for number in range(30)]
    assert await vault.read(lambda s: differences(s.connection())) == []


async def test_a_cancelled_wait_does_not_cancel_the_write(vault: Vault) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(s: Session) -> None:
        begun.set()
        assert go_on.wait(300)
        digit(s, 1)

    running = asyncio.create_task(vault.write(slow))
    queued = asyncio.create_task(vault.write(digit, 2))
    await asyncio.to_thread(begun.wait, 300)
    running.cancel()
    queued.cancel()
    for task in (running, queued):
        with pytest.raises(asyncio.CancelledError):
            await task
    go_on.set()
    kept = await vault.read(lambda s: {one.id for one in s.exec(select(Judgment))})
    assert kept == {graded(1), graded(2)}


def test_what_is_queued_is_done_before_the_vault_locks(vault: Vault) -> None:
    futures = [vault.write_later(digit, number) for number in range(10)]
    vault.lock()
    assert [one.result() for one in futures] == list(range(10))
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert len(again.read_now(lambda s: s.exec(select(Judgment)).all())) == 10


def test_a_write_that_fails_does_not_stop_the_next(vault: Vault) -> None:
    def fails(s: Session) -> None:
        digit(s, 1)
        s.flush()
        raise FieldkitError("no")

    first = vault.write_later(fails)
    second = vault.write_later(digit, 2)
    with pytest.raises(FieldkitError):
        first.result()
    assert second.result() == 2
    kept = vault.read_now(lambda s: {one.id for one in s.exec(select(Judgment))})
    assert kept == {graded(2)}


def test_the_clock_goes_on_after_unlocking(vault: Vault) -> None:
    vault.write_now(digit, 1)
    last = vault.author.clock.last
    vault.lock()
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert again.author.clock.last == last


def test_search_follows_a_settled_record(vault: Vault) -> None:
    note_id = a_day(vault)
    assert [hit.record for hit in vault.read_now(lambda s: find(s.connection(), "theirs"))] == [
        note_id
    ]
    assert vault.read_now(lambda s: find(s.connection(), "welwyd")) == []


def test_an_error_of_the_database_names_no_value(vault: Vault) -> None:
    def twice(s: Session) -> None:
        for _ in range(2):
            s.add(Note.make(id="x", inspection_id="i", parent_kind="c", parent_id="c", text="Siân"))
            s.flush()
            s.expunge_all()

    with pytest.raises(sqlcipher.IntegrityError) as error:
        vault.write_now(twice)
    assert "Siân" not in str(error.value)
    assert "Siân" not in repr(error.value)


@pytest.mark.parametrize("covers", [{"é": 1}, {"x": 2**60}, {"x": {"y": 1.5}}])
def test_what_has_no_one_byte_form_is_a_sentence(vault: Vault, covers: dict[str, Any]) -> None:
    with pytest.raises(InvalidError, match="Nothing was changed"):
        Disclosure.make(what="b", recipient="c", at="2026-07-06", covers=covers)


def test_texts_inside_a_table_are_tidied(vault: Vault) -> None:
    made = Disclosure.make(
        what="b", recipient="c", at="2026-07-06", covers={"x": ["e\u0301\x1b", {"y": "a\r\nb"}]}
    )
    assert made.covers == {"x": ["\u00e9", {"y": "a\nb"}]}
