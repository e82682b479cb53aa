"""A long job in slices: given up before it is certain, gone on with after, never half done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest
from sqlmodel import Session

from storage.database.errors import DiskError
from storage.errors import FieldkitError
from storage.feed import drafts
from storage.records import Note
from storage.vault import stage
from storage.vault.stage import (
    FILLING,
    READY,
    StagedJob,
    UnfinishedError,
    do,
    resume,
    undisturbed,
)
from storage.vault.unlock import open_vault
from storage.vault.vault import STAGED, Vault
from tests.conftest import PASSPHRASE
from tests.storage.travelling import notes

SLICES = [b"first", b"second", b"third"]


class Notes(StagedJob[int]):
    """Takes in a note for each slice; what goes wrong is said by the test."""

    NAME = "notes"

    def __init__(
        self, inspection: str, trouble: Callable[[str], None] = lambda words: None
    ) -> None:
        super().__init__("the list of notes")
        self.inspection, self.trouble = inspection, trouble

    def about(self) -> dict[str, Any]:
        return {"inspection": self.inspection}

    @classmethod
    def restored(cls, words: str, about: dict[str, Any]) -> Self:
        return cls(about["inspection"])

    def begin(self, session: Session) -> None:
        self.kept["lengths"] = []

    def apply(self, session: Session, payload: bytes) -> None:
        self.kept["lengths"].append(len(payload))
        note(session, self.inspection, payload.decode())
        session.flush()
        self.trouble(payload.decode())

    def finish(self, session: Session) -> int:
        return sum(self.kept["lengths"])

    def after(self, vault: Vault, result: int) -> list[str]:
        return [f"{result} letters came."]


def note(session: Session, inspection: str, words: str) -> None:
    session.add(
        Note.make(
            inspection_id=inspection, parent_kind="inspection", parent_id=inspection, text=words
        )
    )


def kinds() -> list[type[StagedJob[Any]]]:
    return [Notes]


def staged(vault: Vault) -> Any:
    return vault.fact_now(STAGED)


def at(words: str, error: BaseException) -> Callable[[str], None]:
    """Fail within the slice of these words."""

    def fail(others: str) -> None:
        if others == words:
            raise error

    return fail


def fails() -> Iterator[bytes]:
    yield from SLICES
    raise FieldkitError("Refused.")


def test_all_of_it_and_nothing_stays_staged(vault: Vault, inspection: str) -> None:
    told: list[tuple[int, int]] = []
    with undisturbed(vault):
        done = do(vault, Notes(inspection), SLICES, lambda _, done, of: told.append((done, of)))
    assert done == len(b"".join(SLICES))
    assert notes(vault) == {"first", "second", "third"}
    assert (staged(vault), vault.staged, resume(vault, kinds)) == (None, "", [])
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("slices", [[], SLICES[:1]], ids=["no slice", "one slice"])
def test_a_short_job_is_one_transaction(slices: list[bytes], vault: Vault, inspection: str) -> None:
    with undisturbed(vault):
        assert do(vault, Notes(inspection), slices) == len(b"".join(slices))
        with pytest.raises(ValueError, match="no"):
            do(vault, Notes(inspection, at("second", ValueError("no"))), SLICES[1:2])
    assert notes(vault) == {one.decode() for one in slices}
    assert resume(vault, kinds) == []


def test_what_is_refused_while_it_fills_changes_nothing(vault: Vault, inspection: str) -> None:
    with undisturbed(vault), pytest.raises(FieldkitError, match="Refused"):
        do(vault, Notes(inspection), fails())
    assert (notes(vault), staged(vault), vault.staged) == (set(), None, "")


def test_keys_typed_between_slices_are_written_in_their_order(
    vault: Vault, inspection: str
) -> None:
    typed = []

    def type_on(words: str) -> None:
        for key in ("a", "b"):
            text = f"typed {key} at {words}"
            typed.append(vault.write_later(note, inspection, text))

    with undisturbed(vault):
        do(vault, Notes(inspection, type_on), SLICES)
    assert all(one.exception() is None for one in typed)
    query = "SELECT n.text FROM note n JOIN op ON op.record = n.id ORDER BY op.seq"
    rows = vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())
    expected = []
    for one in SLICES:
        expected += [one.decode(), f"typed a at {one.decode()}", f"typed b at {one.decode()}"]
    # What is typed during the last slice is done after it, as after each other.
    assert [text for (text,) in rows] == expected


def test_cut_short_while_it_fills_it_is_dropped(vault: Vault, inspection: str) -> None:
    def locked() -> Iterator[bytes]:
        yield from SLICES[:2]
        assert vault.staged == FILLING
        vault.lock()
        yield SLICES[2]

    with undisturbed(vault), pytest.raises(FieldkitError, match="locked"):
        do(vault, Notes(inspection), locked())
    with open_vault(vault.folder, PASSPHRASE) as again:
        (said,) = resume(again, kinds)
        assert said.startswith("The list of notes was not whole in the vault")
        assert (notes(again), staged(again), resume(again, kinds)) == (set(), None, [])


def test_cut_short_when_it_is_certain_it_is_gone_on_with(vault: Vault, inspection: str) -> None:
    full = at("second", DiskError("There is no space left."))
    with undisturbed(vault), pytest.raises(UnfinishedError, match="no space left"):
        do(vault, Notes(inspection, full), SLICES)
    assert notes(vault) == {"first"} and vault.staged == READY
    # No other job of the kind begins in this vault before.
    with pytest.raises(UnfinishedError), undisturbed(vault):
        raise AssertionError
    vault.lock()
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert resume(again, kinds) == [
            "The list of notes, cut short before, is taken in wholly now.",
            f"{len(b''.join(SLICES))} letters came.",
        ]
        assert notes(again) == {"first", "second", "third"}
        with undisturbed(again):
            assert staged(again) is None


def test_locked_between_two_slices_it_is_gone_on_with(vault: Vault, inspection: str) -> None:
    stopping = []

    def stop(words: str) -> None:
        if words == "second":
            stopping.append(
                threading.Thread(target=vault.stop, args=(lambda s: typed(s, words), 60, 60))
            )
            stopping[0].start()
            while not vault.locked:
                pass

    with undisturbed(vault), pytest.raises(UnfinishedError, match="Unlock the vault"):
        do(vault, Notes(inspection, stop), SLICES)
    stopping[0].join()
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert notes(again) == {"first", "second"}
        assert len(resume(again, kinds)) == 2
        assert notes(again) == {"first", "second", "third"}
        assert [one.text for one in again.read_now(drafts.listed)] == ["second"]


def typed(session: Session, words: str) -> None:
    drafts.save(session, "new-note/x", "text", "a remark", words)


def test_an_unforeseen_error_keeps_no_vault_from_exporting(
    vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = at("second", ZeroDivisionError())
    with undisturbed(vault), pytest.raises(UnfinishedError):
        do(vault, Notes(inspection, broken), SLICES)
    assert resume(vault, list)[0].endswith("until then nothing can be exported.")
    monkeypatch.setattr(
        Notes, "restored", classmethod(lambda cls, words, about: cls(about["inspection"], broken))
    )
    (said,) = resume(vault, kinds)
    assert "in part only" in said and "ZeroDivisionError" in said
    with undisturbed(vault):
        assert (notes(vault), staged(vault)) == ({"first"}, None)


def test_another_long_job_waits_its_turn(vault: Vault, inspection: str) -> None:
    order: list[str] = []
    waiting = threading.Thread(target=lambda: second())

    def second() -> None:
        with undisturbed(vault):
            order.append("second job")

    def first(words: str) -> None:
        if words == "first":
            waiting.start()
        order.append(words)

    with undisturbed(vault):
        do(vault, Notes(inspection, first), SLICES)
    waiting.join()
    assert order == ["first", "second", "third", "second job"]


def test_what_was_left_of_an_earlier_stage_is_not_taken_for_this_one(
    vault: Vault, inspection: str
) -> None:
    vault.write_now(stage._fill, Notes(inspection))
    vault.write_now(stage._put, 7, b"left over")
    with undisturbed(vault):
        do(vault, Notes(inspection), SLICES)
    assert notes(vault) == {"first", "second", "third"}
