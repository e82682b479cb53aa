"""A long reading in steps: others are served between, and what it reads is of one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from storage.errors import FieldkitError
from storage.feed import drafts
from storage.feed.session import Steps, whole
from storage.records import Note
from storage.records.lookup import reading_records, records_in
from storage.vault.store import Reading
from storage.vault.vault import Vault

Between = Callable[[int], None]


def note(session: Session, inspection: str, words: str) -> str:
    made = Note.make(
        inspection_id=inspection, parent_kind="inspection", parent_id=inspection, text=words
    )
    session.add(made)
    return made.id


def texts(session: Session, inspection: str, between: Between = lambda step: None) -> Steps[Any]:
    """Read the notes twice, with a step between."""
    first = sorted(one.text for one in records_in(session, Note, inspection))
    between(1)
    yield
    again = sorted(one.text for one in records_in(session, Note, inspection))
    between(2)
    yield
    return first, again


def read(vault: Vault, inspection: str, between: Between = lambda step: None) -> Any:
    return asyncio.run(vault.read_in_steps(texts, inspection, between))


def test_what_is_asked_meanwhile_is_done_between_two_steps(vault: Vault, inspection: str) -> None:
    done: list[str] = []

    def type_on(step: int) -> None:
        vault.write_later(drafts.save, "new-note/x", "text", "a remark", f"typed {step}")
        vault.read_later(lambda s: done.append(drafts.listed(s)[0].text))
        done.append(f"step {step}")

    vault.write_now(note, inspection, "one")
    assert read(vault, inspection, type_on) == (["one"], ["one"])
    # A text that is not committed yet changes nothing that is read.
    assert done == ["step 1", "typed 1", "step 2", "typed 2"]


def test_where_something_was_written_between_it_reads_anew(vault: Vault, inspection: str) -> None:
    steps: list[int] = []

    def write_once(step: int) -> None:
        if not steps:
            vault.write_later(note, inspection, "two")
        steps.append(step)

    vault.write_now(note, inspection, "one")
    assert read(vault, inspection, write_once) == (["one", "two"], ["one", "two"])
    assert steps == [1, 1, 2]


def test_it_ends_although_somebody_writes_on_and_on(vault: Vault, inspection: str) -> None:
    steps: list[int] = []

    def write(step: int) -> None:
        steps.append(step)
        vault.write_later(note, inspection, f"note {len(steps)}")

    first, again = read(vault, inspection, write)
    assert first == again == ["note 1", "note 2"]
    assert steps == [*[1] * Reading.ATTEMPTS, 2]


def test_what_it_refuses_ends_it_and_the_vault_goes_on(vault: Vault, inspection: str) -> None:
    def fail(step: int) -> None:
        if step == 2:
            raise FieldkitError("Refused.")

    with pytest.raises(FieldkitError, match="Refused"):
        read(vault, inspection, fail)
    vault.write_now(note, inspection, "one")
    assert read(vault, inspection) == (["one"], ["one"])


def test_a_reading_in_steps_changes_nothing(vault: Vault, inspection: str) -> None:
    def changing(session: Session) -> Steps[None]:
        yield
        note(session, inspection, "one")

    with pytest.raises(FieldkitError, match="nothing was changed"):
        asyncio.run(vault.read_in_steps(changing))
    assert read(vault, inspection) == ([], [])


def test_locked_in_the_middle_it_says_so(vault: Vault, inspection: str) -> None:
    def reading(session: Session) -> Steps[None]:
        while True:
            yield

    async def lock_between() -> None:
        waiting = asyncio.ensure_future(vault.read_in_steps(reading))
        await asyncio.sleep(0)
        await asyncio.to_thread(vault.lock)
        await waiting

    with pytest.raises(FieldkitError, match="locked"):
        asyncio.run(lock_between())


def test_records_read_in_steps_are_the_objects_that_are_read_at_once(
    vault: Vault, inspection: str
) -> None:
    for number in range(7):
        vault.write_now(note, inspection, f"note {number}")

    def both(session: Session) -> bool:
        stepped = whole(reading_records(session, Note, inspection))
        return len(stepped) == 7 and all(
            one is other
            for one, other in zip(stepped, records_in(session, Note, inspection), strict=True)
        )

    assert vault.read_now(both)


def test_a_command_reads_in_steps_too(vault: Vault, inspection: str) -> None:
    vault.write_now(note, inspection, "one")
    steps: list[int] = []

    def write_once(step: int) -> None:
        if not steps:
            vault.write_later(note, inspection, "two")
        steps.append(step)

    both = vault.read_in_steps_now(texts, inspection, write_once)
    assert both == (["one", "two"], ["one", "two"])
    assert steps == [1, 1, 2]
