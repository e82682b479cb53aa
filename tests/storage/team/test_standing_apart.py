"""Writes that stand beside each other in one field: when somebody has to decide, and when not."""

from __future__ import annotations

from contextlib import suppress

from sqlmodel import Session

from fieldkit import conflicts
from fieldkit.exchanging import exchange
from storage.bundle.errors import NotForUsError
from storage.bundle.writer import SUFFIX
from storage.conflicts import conflicted, disputed_of
from storage.receiving import merge
from storage.records import Note
from storage.undo import undo
from storage.vault import Vault
from tests.storage.team.office import Office
from tests.storage.travelling import notes, sound, work


def reword(vault: Vault, note: str, text: str) -> None:
    def job(session: Session) -> None:
        session.get_one(Note, note).text = text

    vault.write_now(job)


def found(vault: Vault, note: str) -> tuple[str, ...]:
    """The fields of a note in conflict, the same however it is asked."""
    every = vault.read_now(lambda s: conflicted(s.connection()))
    alone = vault.read_now(lambda s: disputed_of(s.connection(), "note", [note]))
    names = every.get(("note", note), ())
    assert alone.get(note, ()) == names
    return names


def test_two_of_one_laptop_beside_each_other(office: Office) -> None:
    """Ben's second wording followed on Cas's, which counts no more: neither replaced the other."""
    office.ben.write_now(work)
    note = office.note(office.ben, "first")
    exchange(office.ben, office.stick)
    exchange(office.cas, office.stick)
    reword(office.cas, note, "hers")
    exchange(office.cas, office.stick)
    exchange(office.ben, office.stick)
    reword(office.ben, note, "second")
    assert found(office.ben, note) == ()
    office.central.revoke(office.cas.desk.device)
    office.sign()
    exchange(office.ben, office.stick)
    exchange(office.ada, office.stick)
    for vault in (office.ben, office.ada):
        assert found(vault, note) == ("text",)
        (one,) = vault.read_now(conflicts.listing)
        assert {side.text for side in one.sides} == {"first", "second"}
        assert sound(vault)
    (one,) = office.ben.read_now(conflicts.listing)
    kept = next(side for side in one.sides if side.text == "second")
    office.ben.write_now(conflicts.decide, one.id, keep=kept.op)
    exchange(office.ben, office.stick)
    exchange(office.ada, office.stick)
    assert found(office.ben, note) == found(office.ada, note) == ()
    assert "second" in notes(office.ada)


def test_a_record_that_is_gone_asks_nobody(office: Office) -> None:
    """Ada saw both wordings when she deleted the note; taken back, they are in conflict again."""
    office.ada.write_now(work)
    note = office.note(office.ada, "first")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    reword(office.ada, note, "hers")
    reword(office.ben, note, "his")
    exchange(office.ben, office.stick)
    exchange(office.ada, office.stick)
    assert found(office.ada, note) == ("text",)
    office.ada.write_now(lambda s: s.delete(s.get_one(Note, note)))
    assert found(office.ada, note) == ()
    assert office.ada.read_now(conflicts.listing) == []
    office.ada.write_now(undo)
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    for vault in (office.ada, office.ben):
        assert found(vault, note) == ("text",)
        assert sound(vault)


def test_a_deletion_that_was_beaten_is_taken_back(office: Office) -> None:
    """Ben reworded what Ada had deleted by then; she takes her deletion back."""
    office.ada.write_now(work)
    note = office.note(office.ada, "first")
    exchange(office.ada, office.stick)
    exchange(office.ben, office.stick)
    office.empty()
    reword(office.ben, note, "his")
    exchange(office.ben, office.stick)
    office.ada.write_now(lambda s: s.delete(s.get_one(Note, note)))
    for path in office.stick.glob(f"*{SUFFIX}"):
        with suppress(NotForUsError):
            merge(office.ada, path)
    assert found(office.ada, note) == (".deleted",)
    office.ada.write_now(undo)
    assert found(office.ada, note) == ()
    assert "his" in notes(office.ada)
    assert sound(office.ada)
