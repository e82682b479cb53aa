from __future__ import annotations

import pytest
from sqlmodel import Session

from storage.errors import FieldkitError
from storage.feed import drafts
from storage.records import Note
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

PLACE = "judgment/j1"


def save(vault: Vault, text: str, field: str = "rationale") -> None:
    vault.write_now(drafts.save, PLACE, field, "WST-014, Investigation", text)


def test_a_draft_is_one_row_for_each_field(vault: Vault) -> None:
    save(vault, "half a sen")
    (first,) = vault.read_now(drafts.listed)
    save(vault, "half a sentence")
    save(vault, "other", "concern")
    found = vault.read_now(drafts.at, PLACE)
    assert {name: one.text for name, one in found.items()} == {
        "rationale": "half a sentence",
        "concern": "other",
    }
    kept = found["rationale"]
    assert (kept.id, kept.started) == (first.id, first.started)
    assert kept.saved >= first.saved
    assert kept.label == "WST-014, Investigation"


def test_a_draft_is_no_op(vault: Vault) -> None:
    save(vault, "half")
    count = "SELECT COUNT(*) FROM op"
    assert vault.read_now(lambda s: s.connection().exec_driver_sql(count).scalar_one()) == 0


def test_a_draft_is_there_after_unlocking(vault: Vault) -> None:
    save(vault, "\n  \n  first line \nsecond")
    vault.lock()
    with open_vault(vault.folder, PASSPHRASE) as again:
        (found,) = again.read_now(drafts.listed)
        assert found.text == "\n  \n  first line \nsecond"
        assert found.first_line == "first line"


def commit(s: Session, fail: bool = False) -> None:
    s.add(Note.make(inspection_id="i", parent_kind="case", parent_id="c", text="whole"))
    drafts.committed(s, PLACE, "rationale")
    s.flush()
    if fail:
        raise FieldkitError("no")


def test_a_draft_goes_with_the_op_it_became_and_only_with_it(vault: Vault) -> None:
    save(vault, "whole")
    save(vault, "other", "concern")
    with pytest.raises(FieldkitError):
        vault.write_now(commit, fail=True)
    assert len(vault.read_now(drafts.listed)) == 2
    vault.write_now(commit)
    assert [one.field for one in vault.read_now(drafts.listed)] == ["concern"]


def test_a_discarded_draft_stays_listed_until_it_is_forgotten(vault: Vault) -> None:
    save(vault, "not wanted")
    (made,) = vault.read_now(drafts.listed)
    vault.write_now(drafts.discard, made.id)
    assert vault.read_now(drafts.listed) == []
    assert vault.read_now(drafts.at, PLACE) == {}
    save(vault, "a new one")
    (put_aside,) = vault.read_now(drafts.listed, discarded=True)
    assert (put_aside.text, bool(put_aside.discarded)) == ("not wanted", True)
    vault.write_now(drafts.forget_discarded)
    assert vault.read_now(drafts.listed, discarded=True) == []
    assert [one.text for one in vault.read_now(drafts.listed)] == ["a new one"]


def test_a_discarding_is_taken_back(vault: Vault) -> None:
    save(vault, "wanted after all")
    (made,) = vault.read_now(drafts.listed)
    vault.write_now(drafts.discard, made.id)
    vault.write_now(drafts.take_back, made.id)
    assert vault.read_now(drafts.listed) == [made]


def test_a_text_taken_back_changes_places_with_the_one_that_waits(vault: Vault) -> None:
    def first(s: Session) -> str:
        drafts.save(s, "judgment/a", "rationale", "WST-001", "the first long rationale")
        return drafts.listed(s)[0].id

    aside = vault.write_now(first)
    vault.write_now(drafts.discard, aside)
    vault.write_now(drafts.save, "judgment/a", "rationale", "WST-001", "another")
    vault.write_now(drafts.save, "judgment/a", "reason", "WST-001", "of another field")
    assert vault.write_now(drafts.take_back, aside)
    vault.write_now(drafts.save, "judgment/a", "rationale", "WST-001", "the first one, longer")
    vault.write_now(drafts.committed, "judgment/a", "rationale")
    assert [one.text for one in vault.read_now(drafts.listed)] == ["of another field"]
    (kept,) = vault.read_now(lambda s: drafts.listed(s, discarded=True))
    assert kept.text == "another"
    assert not vault.write_now(drafts.take_back, "not there")


def test_a_reading_that_saves_a_draft_keeps_nothing(vault: Vault) -> None:
    vault.read_now(drafts.save, PLACE, "rationale", "label", "text")
    assert vault.read_now(drafts.listed) == []


def test_the_oldest_stands_first(vault: Vault) -> None:
    for number in range(3):
        vault.write_now(drafts.save, f"note/{number}", "text", "label", f"text {number}")
    assert [one.text for one in vault.read_now(drafts.listed)] == ["text 0", "text 1", "text 2"]
