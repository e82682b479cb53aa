"""What is counted with each write is what counting finds, after any step and by any way."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage.database.connection import driver
from storage.feed.replay import differences, replay
from storage.feed.tallies import wrong_tallies
from storage.history.undo import NothingToUndoError, undo
from storage.ops.op import DELETED
from storage.records import Judgment, Note
from storage.records.judgment import judgment_id, marks_by_case
from storage.records.note import note_counts, noted_criteria, number_of_notes
from storage.redaction.redact import redact
from storage.vault.vault import Vault
from tests.conftest import HEAVY
from tests.storage.colleague import Colleague

DEVICES = count(1)
CRITERIA = ('voice "quoted"', "inv'estigation", "$.a[0]")
STEPS = (
    *("note", "sign", "word", "delete", "theirs", "their sign", "their delete"),
    *("grade", "state", "clear", "their grade", "undo", "redact"),
)


class Desk:
    """One note and the judgments of a case here, and a colleague whose writes come in."""

    def __init__(self, vault: Vault) -> None:
        self.vault, self.ben = vault, Colleague(f"{next(DEVICES):016x}")
        self.note = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="one").id
        self.number = 0

    def take(self, step: str) -> None:
        self.number += 1
        try:
            self.vault.write_now(self._step, step)
        except NothingToUndoError:
            pass

    def _step(self, s: Session, step: str) -> None:
        criterion = CRITERIA[self.number % len(CRITERIA)]
        note = s.get(Note, self.note)
        judgment = s.get(Judgment, judgment_id("c", criterion))
        at: dict[str, Any] = {
            "inspection_id": "i",
            "parent_kind": "case",
            "parent_id": "c",
            "text": "words",
        }
        if step.startswith("their"):
            self._come(s, step, criterion, at)
        elif step == "undo":
            undo(s)
        elif step == "note" and note is None:
            s.add(Note.make(id=self.note, **at, criteria=[criterion]))
        elif step == "grade" and judgment is None:
            at = {"inspection_id": "i", "case_id": "c", "criterion": criterion}
            made = Judgment.make(id=judgment_id("c", criterion), **at, state="graded", grade="good")
            s.add(made)
        elif step == "clear" and judgment is not None:
            s.delete(judgment)
        elif judgment is not None and step in ("grade", "state"):
            values = {"grade": f"{self.number}"} if step == "grade" else {"went_well": "it went"}
            judgment.change(**values)
        elif note is None:
            return
        elif step == "sign":
            note.change(polarity=("strength", "concern", "")[self.number % 3])
        elif step == "word":
            note.change(text=f"ours {self.number}")
        elif step == "delete":
            s.delete(note)
        elif step == "redact" and "ours" in note.text:
            redact(s, "note", note.id, "text", "a name", instead="[words]")

    def _come(self, s: Session, step: str, criterion: str, at: dict[str, Any]) -> None:
        if step == "their grade":
            place = ("judgment", judgment_id("c", criterion))
            fields: dict[str, Any] = {"inspection_id": "i", "case_id": "c", "criterion": criterion}
            fields |= {"state": "graded", "grade": f"theirs {self.number}"}
        else:
            place = ("note", self.note)
            fields = at | {"their sign": {"polarity": "context"}, "theirs": {}}.get(step, {})
            fields = {DELETED: True} if step == "their delete" else fields
        self.ben.hand_over(s, [self.ben.write(place, fields, ms=1000 + self.number)])


@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=10))
@settings(
    max_examples=200 if HEAVY else 6,
    deadline=None,
    derandomize=not HEAVY,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_they_are_what_counting_finds_after_every_step(vault: Vault, steps: list[str]) -> None:
    desk = Desk(vault)
    for step in steps:
        desk.take(step)
        assert vault.read_now(lambda s: wrong_tallies(s.connection())) == [], step
    assert vault.read_now(lambda s: differences(s.connection())) == []
    kept = vault.read_now(told)
    vault.write_now(lambda s: replay(s.connection()))
    assert vault.read_now(told) == kept
    assert vault.read_now(lambda s: differences(s.connection())) == []


def told(s: Session) -> object:
    """Return all that the tallies tell of the inspection."""
    read = (note_counts, noted_criteria, number_of_notes, marks_by_case)
    return [tally(s, "i") for tally in read]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE note_count SET number = 5",
        "DELETE FROM note_sign",
        "UPDATE note_bearing SET criteria = '[]'",
        "UPDATE case_line SET marks = '{}'",
        "DELETE FROM case_line",
        "DROP TRIGGER note_count_insert",
        "CREATE TRIGGER other AFTER INSERT ON note BEGIN DELETE FROM note; END",
    ],
)
def test_a_check_finds_what_is_not_counted_so(vault: Vault, damage: str) -> None:
    desk = Desk(vault)
    for step in ("note", "grade"):
        desk.take(step)
    vault.write_now(lambda s: driver(s.connection()).execute(damage))
    assert vault.read_now(lambda s: differences(s.connection()))
    vault.write_now(lambda s: replay(s.connection()))
    assert vault.read_now(lambda s: differences(s.connection())) == [] or "other" in damage


def test_what_is_refused_or_taken_back_is_not_counted(vault: Vault) -> None:
    class StopError(Exception):
        pass

    desk = Desk(vault)
    desk.take("note")

    def stopped(s: Session) -> None:
        s.add(Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="two"))
        s.flush()
        assert number_of_notes(s, "i") == 2
        raise StopError

    with pytest.raises(StopError):
        vault.write_now(stopped)
    assert vault.read_now(number_of_notes, "i") == 1
