"""What is in conflict is kept with the ops: equal to a replay after any step, and read at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage.conflicts.find import conflicted_fields, disputed_fields, disputed_fields_of
from storage.conflicts.resolve import resolve
from storage.database.connection import driver
from storage.feed.read import ops_of
from storage.feed.replay import differences, replay
from storage.history.undo import NothingToUndoError, undo
from storage.ops.fold import fold
from storage.ops.op import DELETED, Op
from storage.records import Note
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.conftest import HEAVY
from tests.storage.colleague import Colleague

DEVICES = count(1)
STEPS = ("write", "theirs", "same", "delete", "their delete", "undo", "redact", "settle", "restore")


def looked_for(s: Session) -> dict[tuple[str, str], tuple[str, ...]]:
    """Fold every note that has a row, as nobody should have to."""
    folded = {
        ("note", one): fold(ops_of(s.connection(), "note", one))
        for (one,) in driver(s.connection()).execute("SELECT id FROM note").fetchall()
    }
    found = {place: disputed_fields(place[0], each) for place, each in folded.items()}
    return {place: names for place, names in found.items() if names}


class Desk:
    """One note here, and a colleague whose writes of it come in."""

    def __init__(self, vault: Vault) -> None:
        self.vault, self.ben = vault, Colleague(f"{next(DEVICES):016x}")
        made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="first")
        self.id = made.id
        vault.write_now(lambda s: s.add(made))
        (self.made,) = self.ops()
        self.number = 0

    def ops(self) -> list[Op]:
        return self.vault.read_now(lambda s: ops_of(s.connection(), "note", self.id))

    def take(self, step: str) -> None:
        self.number += 1
        try:
            self.vault.write_now(self._step, step)
        except NothingToUndoError:
            pass

    def _step(self, s: Session, step: str) -> None:
        note, place = s.get(Note, self.id), ("note", self.id)
        if step in ("theirs", "same", "their delete"):
            words = {"theirs": f"theirs {self.number}", "same": "first"}
            fields = {DELETED: True} if step == "their delete" else {"text": words[step]}
            wrote = self.ben.write(place, fields, base=[self.made.id], ms=1000 + self.number)
            self.ben.hand_over(s, [wrote])
        elif step == "undo":
            undo(s)
        elif note is None:
            if step == "restore":
                again = {"parent_kind": "case", "parent_id": "c", "text": f"again {self.number}"}
                s.add(Note.make(id=self.id, inspection_id="i", **again))
        elif step == "write":
            note.change(text=f"ours {self.number}")
        elif step == "delete":
            s.delete(note)
        elif step == "redact" and "ours" in note.text:
            redact(s, "note", self.id, "text", "a name", instead="[words]")
        elif step == "settle":
            names = conflicted_fields(s.connection()).get(place, ())
            values = {
                name: False if name == DELETED else f"settled {self.number}" for name in names
            }
            if values:
                resolve(s, *place, values, "we talked")


@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=8))
@settings(
    max_examples=200 if HEAVY else 6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_it_is_what_looking_finds_after_every_step(vault: Vault, steps: list[str]) -> None:
    desk = Desk(vault)
    for step in steps:
        desk.take(step)
        kept = vault.read_now(lambda s: conflicted_fields(s.connection()))
        assert kept == vault.read_now(looked_for), step
        some = vault.read_now(lambda s: disputed_fields_of(s.connection(), "note", [desk.id]))
        assert some == {record: names for (_, record), names in kept.items() if record == desk.id}
    assert vault.read_now(lambda s: differences(s.connection())) == []
    vault.write_now(lambda s: replay(s.connection()))
    assert vault.read_now(lambda s: conflicted_fields(s.connection())) == kept


@pytest.fixture
def in_conflict(vault: Vault) -> Iterator[Desk]:
    desk = Desk(vault)
    desk.take("write")
    desk.take("theirs")
    assert vault.read_now(lambda s: conflicted_fields(s.connection())) == {
        ("note", desk.id): ("text",)
    }
    yield desk


def test_answers_that_say_the_same_are_no_conflict(vault: Vault) -> None:
    desk = Desk(vault)
    vault.write_now(lambda s: s.get(Note, desk.id).confirm("text"))  # type: ignore[union-attr]  # it is there
    desk.take("same")
    assert vault.read_now(lambda s: conflicted_fields(s.connection())) == {}


@pytest.mark.parametrize("damage", ["DELETE FROM disputed", "UPDATE disputed SET field = 'at'"])
def test_a_check_names_what_is_not_as_the_ops_say(in_conflict: Desk, damage: str) -> None:
    vault = in_conflict.vault
    vault.write_now(lambda s: driver(s.connection()).execute(damage))
    found = vault.read_now(lambda s: differences(s.connection()))
    assert f"disputed note {in_conflict.id} text" in found
    vault.write_now(lambda s: replay(s.connection()))
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_nothing_is_read_of_records_that_nobody_disputes(in_conflict: Desk) -> None:
    """However much is in the vault: one statement, and none on what each write left."""

    def job(s: Session) -> list[str]:
        sent: list[str] = []
        driver(s.connection()).set_trace_callback(sent.append)
        try:
            conflicted_fields(s.connection())
        finally:
            driver(s.connection()).set_trace_callback(None)
        return sent

    (sent,) = in_conflict.vault.read_now(job)
    assert "FROM disputed" in sent
