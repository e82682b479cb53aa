from __future__ import annotations

from sqlmodel import Session

from storage.history import history, revision
from storage.journal import because
from storage.op import DELETED
from storage.records import Note
from storage.vault import Vault
from tests.storage.colleague import Colleague


def note(vault: Vault) -> str:
    made = Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="a word")
    record = made.id
    vault.write_now(lambda s: s.add(made))
    return record


def change(vault: Vault, record: str, text: str, reason: str | None = None) -> None:
    def job(s: Session) -> None:
        found = s.get(Note, record)
        assert found is not None
        with because(s, reason):
            found.change(text=text)

    vault.write_now(job)


def test_it_tells_what_each_step_replaced_and_why(vault: Vault) -> None:
    record = note(vault)
    change(vault, record, "second", "the first was wrong")
    vault.write_now(lambda s: s.delete(s.get(Note, record)))
    made, changed, gone = vault.read_now(history, "note", record)
    assert made.fields["text"] == ("", "a word")
    assert made.fields["inspection_id"] == ("", "i")
    assert (changed.fields, changed.reason) == (
        {"text": ("a word", "second")},
        "the first was wrong",
    )
    assert (gone.verb, gone.fields) == ("delete", {DELETED: (None, True)})
    assert {one.who for one in (made, changed, gone)} == {vault.person.id}
    assert not any(one.parallel for one in (made, changed, gone))


def test_a_write_without_sight_of_another_is_parallel(vault: Vault) -> None:
    record = note(vault)
    first = vault.read_now(history, "note", record)[0].op
    change(vault, record, "ours")
    colleague = Colleague("aaaa000000000000")
    blind = colleague.write(("note", record), {"text": "theirs"}, base=[first], ms=2**42)
    apart = colleague.write(("note", record), {"polarity": "concern"}, ms=2**42 + 1)
    vault.write_now(colleague.hand_over, [blind, apart])
    steps = vault.read_now(history, "note", record)
    assert [one.parallel for one in steps] == [False, False, True, False]
    assert steps[2].fields == {"text": ("a word", "theirs")}


def test_a_revision_names_the_last_op(vault: Vault) -> None:
    record = note(vault)
    first = vault.read_now(revision, "note", record)
    assert first == str(vault.read_now(history, "note", record)[-1].op)
    change(vault, record, "second")
    assert vault.read_now(revision, "note", record) != first
    assert vault.read_now(revision, "note", "nowhere") == ""


def test_a_record_of_a_later_fieldkit_has_a_history(vault: Vault) -> None:
    colleague = Colleague("aaaa000000000000")
    made = colleague.write(("later_kind", "x"), {"colour": "red"}, verb="create")
    vault.write_now(colleague.hand_over, [made])
    (step,) = vault.read_now(history, "later_kind", "x")
    assert step.fields == {"colour": (None, "red")}
