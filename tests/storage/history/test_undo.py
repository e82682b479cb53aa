"""Undo is a new op that says the opposite of this unlocking's own last one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session

from storage.feed.replay import differences
from storage.history.history import history
from storage.history.undo import NothingToUndoError, Undone, redo, undo
from storage.ops.op import DELETED
from storage.records import Case, DebriefPoint, Note, Referral, Reveal
from storage.records.case import case_id
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.storage.colleague import Colleague


@pytest.fixture(autouse=True)
def tables_are_what_the_ops_say(vault: Vault) -> Iterator[None]:
    yield
    if not vault.locked:
        assert vault.read_now(lambda s: differences(s.connection())) == []


def note(vault: Vault, text: str = "a word") -> str:
    made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text=text)
    record = made.id
    vault.write_now(lambda s: s.add(made))
    return record


def change(vault: Vault, record: str, **values: Any) -> None:
    def job(s: Session) -> None:
        found = s.get(Note, record)
        assert found is not None
        found.change(**values)

    vault.write_now(job)


def kept(vault: Vault, record: str) -> Note | None:
    return vault.read_now(lambda s: s.get(Note, record))


def text(vault: Vault, record: str) -> str | None:
    found = kept(vault, record)
    return found.text if found else None


def test_steps_are_taken_back_one_by_one_the_last_first(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="second", polarity="concern")
    change(vault, record, text="third")
    assert vault.write_now(undo) == Undone((("note", record),), ("text",))
    assert text(vault, record) == "second"
    vault.write_now(undo)
    found = kept(vault, record)
    assert found is not None
    assert (found.text, found.polarity) == ("a word", "")
    vault.write_now(undo)
    assert kept(vault, record) is None
    with pytest.raises(NothingToUndoError, match="nothing of this session left"):
        vault.write_now(undo)


def test_what_was_taken_back_is_done_again_step_by_step(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="second", polarity="concern")
    for _ in range(2):
        vault.write_now(undo)
    assert kept(vault, record) is None
    assert vault.write_now(redo).records == (("note", record),)
    assert text(vault, record) == "a word"
    vault.write_now(redo)
    found = kept(vault, record)
    assert found is not None and (found.text, found.polarity) == ("second", "concern")
    with pytest.raises(NothingToUndoError, match="left to redo"):
        vault.write_now(redo)
    # What was done again is undone again; and a deletion too goes both ways.
    vault.write_now(undo)
    assert text(vault, record) == "a word"
    vault.write_now(redo)
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    vault.write_now(undo)
    vault.write_now(redo)
    assert kept(vault, record) is None


def test_whatever_is_written_meanwhile_ends_what_may_be_done_again(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="second")
    vault.write_now(undo)
    change(vault, record, polarity="concern")
    with pytest.raises(NothingToUndoError, match="left to redo"):
        vault.write_now(redo)
    assert text(vault, record) == "a word"


def test_what_is_put_back_is_what_stood_there_last(vault: Vault) -> None:
    """The last step names the writes of both fields, of which the first wrote both."""
    record = note(vault, "first")
    change(vault, record, polarity="concern")
    change(vault, record, text="second")
    change(vault, record, text="third", polarity="strength")
    step = vault.read_now(history, "note", record)[-1]
    assert step.fields == {"text": ("second", "third"), "polarity": ("concern", "strength")}
    vault.write_now(undo)
    found = kept(vault, record)
    assert found is not None
    assert (found.text, found.polarity) == ("second", "concern")


def test_an_undo_is_an_op_with_a_reason_and_the_history_stays(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="second")
    vault.write_now(undo)
    steps = vault.read_now(history, "note", record)
    assert [one.verb for one in steps] == ["create", "set", "set"]
    assert steps[-1].fields == {"text": ("second", "a word")}
    assert steps[-1].reason == f"undo of {steps[1].op}"


def test_a_deletion_is_taken_back_with_everything_that_stood_there(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, criteria=["investigation"], polarity="concern")
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    vault.write_now(undo)
    found = kept(vault, record)
    assert found is not None
    assert (found.text, found.criteria, found.polarity) == ("a word", ["investigation"], "concern")
    assert vault.read_now(history, "note", record)[-1].fields[DELETED] == (True, False)


def test_a_deletion_taken_back_restores_what_was_shown_not_what_the_clock_says(
    vault: Vault,
) -> None:
    record = note(vault)
    colleague = Colleague("aaaa000000000000")
    first = vault.read_now(history, "note", record)[0].op
    far = colleague.write(("note", record), {"text": "far ahead"}, base=[first], ms=2**43)
    vault.write_now(colleague.hand_over, [far])
    change(vault, record, text="ours on theirs")
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    vault.write_now(undo)
    assert text(vault, record) == "ours on theirs"


def test_one_transaction_is_one_step(vault: Vault) -> None:
    record = note(vault)
    made = [
        Note.make(inspection_id="i", parent_kind="case", parent_id="c", text=f"n{n}")
        for n in range(3)
    ]
    ids = [one.id for one in made]

    def job(s: Session) -> None:
        s.add_all(made)
        s.flush()
        made[0].change(text="changed at once")
        s.get(Note, record).change(text="other")  # type: ignore[union-attr]  # it is there

    vault.write_now(job)
    undone = vault.write_now(undo)
    assert {one[1] for one in undone.records} == {record, *ids}
    assert [kept(vault, one) for one in ids] == [None, None, None]
    assert text(vault, record) == "a word"


def test_an_undo_is_not_itself_undone(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="second")
    vault.write_now(undo)
    vault.write_now(undo)
    assert kept(vault, record) is None


def test_what_was_looked_at_is_not_taken_back(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="second")
    vault.read_now(lambda s: vault.author.consult("note", record))
    change(vault, record, text="third")
    vault.write_now(undo)
    assert text(vault, record) == "second"
    count = "SELECT COUNT(*) FROM consultation"
    assert vault.read_now(lambda s: s.connection().exec_driver_sql(count).scalar_one()) == 1


def test_nothing_from_before_the_lock_is_taken_back(vault: Vault) -> None:
    record = note(vault)
    vault.lock()
    with open_vault(vault.folder, PASSPHRASE) as again:
        with pytest.raises(NothingToUndoError):
            again.write_now(undo)
        assert text(again, record) == "a word"


@pytest.mark.parametrize(
    "made",
    [
        Reveal.make(inspection_id="i", case_id="c", grade="good", judgment_op=""),
        Referral.make(inspection_id="i", case_id="c", raised_at="2026-07-06"),
    ],
)
def test_what_happened_in_the_world_stays(vault: Vault, made: Reveal | Referral) -> None:
    kind, record = type(made), made.id
    values = {name: getattr(made, name) for name in made.field_names()}
    vault.write_now(lambda s: s.add(kind.make(id=record, **values)))
    for _ in range(2):
        with pytest.raises(NothingToUndoError, match="stays on record"):
            vault.write_now(undo)
    assert vault.read_now(lambda s: s.get(kind, record)) is not None


def test_a_frozen_wording_stays(vault: Vault) -> None:
    made = DebriefPoint.make(inspection_id="i", debrief_id="d", point_id="p")
    record = made.id
    vault.write_now(lambda s: s.add(made))

    def freeze(s: Session) -> None:
        s.get(DebriefPoint, record).change(agreed_wording="as told")  # type: ignore[union-attr]  # it is there

    vault.write_now(freeze)
    with pytest.raises(NothingToUndoError, match="stays on record"):
        vault.write_now(undo)
    found = vault.read_now(lambda s: s.get(DebriefPoint, record))
    assert found is not None
    assert found.agreed_wording == "as told"


def test_what_a_colleague_changed_since_is_left(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, text="ours")
    ours = vault.read_now(history, "note", record)[-1].op
    colleague = Colleague("aaaa000000000000")
    theirs = colleague.write(("note", record), {"text": "theirs"}, base=[ours], ms=2**42)
    vault.write_now(colleague.hand_over, [theirs])
    with pytest.raises(NothingToUndoError, match="changed again since"):
        vault.write_now(undo)
    assert text(vault, record) == "theirs"


def test_a_corrected_reference_is_not_put_back_once_another_case_has_it(vault: Vault) -> None:
    made = Case.make(id=case_id("i", "WST-004"), inspection_id="i", reference="WST-004")
    case = made.id
    vault.write_now(lambda s: s.add(made))

    def correct(s: Session, reference: str) -> None:
        s.get(Case, case).change(reference=reference)  # type: ignore[union-attr]  # it is there

    vault.write_now(correct, "WST-114")
    colleague = Colleague("aaaa000000000000")
    theirs = list(Case.ids_of(("i", "WST-004")))[-1]
    elsewhere = case_id("j", "WST-004")
    with_it = {"inspection_id": "j", "reference": "WST-004"}
    added = colleague.write((Case.KIND, elsewhere), with_it, verb=Case.MADE)
    vault.write_now(colleague.hand_over, [added])
    vault.write_now(undo)  # that case is in another inspection
    vault.write_now(redo)
    with_it = {"inspection_id": "i", "reference": "wst – 004"}
    other = Colleague("bbbb000000000000")
    added = other.write((Case.KIND, theirs), with_it, verb=Case.MADE)
    vault.write_now(other.hand_over, [added])
    assert vault.read_now(lambda s: s.get(Case, theirs)) is not None
    for _ in range(2):  # and it stays what undo would take back
        with pytest.raises(NothingToUndoError, match="Another case has the reference WST-004"):
            vault.write_now(undo)
    found = vault.read_now(lambda s: s.get(Case, case))
    assert found is not None and found.reference == "WST-114"


def test_a_record_a_colleague_has_worked_on_is_not_unmade(vault: Vault) -> None:
    record = note(vault)
    colleague = Colleague("aaaa000000000000")
    vault.write_now(
        colleague.hand_over, [colleague.write(("note", record), {"polarity": "concern"})]
    )
    with pytest.raises(NothingToUndoError, match="colleague"):
        vault.write_now(undo)
    assert text(vault, record) == "a word"


def test_a_refused_undo_changes_nothing_of_its_group(vault: Vault) -> None:
    first, second = note(vault), note(vault)

    def both(s: Session) -> None:
        for record in (first, second):
            s.get(Note, record).change(text="both")  # type: ignore[union-attr]  # it is there

    vault.write_now(both)
    colleague = Colleague("aaaa000000000000")
    base = [vault.read_now(history, "note", first)[-1].op]
    theirs = colleague.write(("note", first), {"text": "theirs"}, base=base, ms=2**42)
    vault.write_now(colleague.hand_over, [theirs])
    with pytest.raises(NothingToUndoError):
        vault.write_now(undo)
    assert (text(vault, first), text(vault, second)) == ("theirs", "both")


def test_a_step_that_wrote_a_record_twice_is_taken_back_write_by_write(vault: Vault) -> None:
    def twice(s: Session) -> str:
        made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="first")
        s.add(made)
        s.flush()
        made.change(text="second")
        return made.id

    record = vault.write_now(twice)
    vault.write_now(undo)
    assert kept(vault, record) is None
    made, changed, back, gone = vault.read_now(history, "note", record)
    assert (back.verb, back.reason) == ("set", f"undo of {changed.op}")
    assert (gone.verb, gone.reason) == ("delete", f"undo of {made.op}")


def test_a_making_is_taken_back_where_a_colleagues_deletion_came_before_it(vault: Vault) -> None:
    """The colleague's own making may lie in a bundle that has not come."""
    made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="ours")
    deletion = Colleague("aaaa000000000000").write(("note", made.id), {DELETED: True}, ms=1000)
    vault.write_now(Colleague("aaaa000000000000").hand_over, [deletion])
    vault.write_now(lambda s: s.add(made))
    assert text(vault, made.id) == "ours"
    vault.write_now(undo)
    assert kept(vault, made.id) is None
    assert vault.read_now(lambda s: differences(s.connection())) == []
