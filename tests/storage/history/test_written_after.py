"""What is kept of which records were written never outlives the ops it was read from."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from storage.history.delivery import written_after
from storage.ops.op import MAIN, FeedId
from storage.records import Note
from storage.vault.vault import Vault


def note(words: str) -> Note:
    return Note.make(inspection_id="i", parent_kind="case", parent_id="c", text=words)


def last(s: Session) -> int:
    query = "SELECT seq FROM feed WHERE kind = 'main'"
    return int(s.connection().exec_driver_sql(query).scalar_one())


def found(s: Session, seq: int = 0) -> set[str]:
    author = s.info["author"]
    feed = FeedId(author.device, author.epoch, MAIN)
    return {record for _, record in written_after(s.connection(), feed, seq, last(s))}


def test_later_ops_are_added_to_what_is_kept(vault: Vault) -> None:
    first, second = note("a"), note("b")
    ids = [first.id, second.id]
    vault.write_now(lambda s: s.add(first))
    assert vault.read_now(found) == {ids[0]}
    vault.write_now(lambda s: s.add(second))
    assert vault.read_now(found) == set(ids)
    assert vault.read_now(found, 1) == {ids[1]}
    assert vault.read_now(found, 2) == set()


def test_a_step_that_failed_leaves_nothing_behind(vault: Vault) -> None:
    kept, instead = note("a"), note("c")
    ids = [kept.id, instead.id]
    vault.write_now(lambda s: s.add(kept))
    assert vault.read_now(found) == {ids[0]}

    def fail(s: Session) -> None:
        undone = note("b")
        s.add(undone)
        s.flush()
        assert found(s) == {ids[0], undone.id}
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        vault.write_now(fail)
    assert vault.read_now(found) == {ids[0]}
    with pytest.raises(ValueError, match="on purpose"):
        vault.write_now(fail)
    vault.write_now(lambda s: s.add(instead))
    assert vault.read_now(found) == set(ids)
