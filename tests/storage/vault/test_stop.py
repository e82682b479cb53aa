"""A vault locked at once: what runs is undone, what is typed is written, the key is gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.inspections import inspections
from storage.errors import FieldkitError
from storage.feed import drafts
from storage.records import Inspection
from storage.records.inspection import inspections as known
from storage.vault.check import check_vault
from storage.vault.clerk import ClosedError
from storage.vault.store import Store
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

GRACE, PATIENCE = 0.05, 300.0
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
    "SELECT count(*) FROM n"
)


def typed(session: Session) -> None:
    drafts.save(session, "new-note/x", "text", "a remark", "umbrella")


class Long:
    """A job that goes on until it is let go, in the middle of a transaction."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def in_sql(self, session: Session) -> None:
        self._write(session)
        session.connection().exec_driver_sql(ENDLESS).fetchall()

    def in_python(self, session: Session) -> None:
        self._write(session)
        assert self.go_on.wait(PATIENCE)

    def in_many_statements(self, session: Session) -> None:
        self._write(session)
        while True:
            session.connection().exec_driver_sql("SELECT 1").fetchall()

    def ignoring_refusals(self, session: Session) -> None:
        self._write(session)
        while not self.go_on.is_set():
            try:
                session.connection().exec_driver_sql("INSERT INTO meta VALUES ('x', 'y')")
            except Exception:
                continue

    def _write(self, session: Session) -> None:
        session.add(Inspection.make(force="Undone", methodology="2018"))
        session.flush()
        self.begun.set()


@pytest.fixture
def long() -> Iterator[Long]:
    job = Long()
    yield job
    job.go_on.set()


def reopened(vault: Vault) -> tuple[list[str], list[str]]:
    """Check the vault; the texts that wait, and the forces of its inspections."""
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert check_vault(again).sound
        texts = [one.text for one in again.read_now(drafts.listed)]
        return texts, [one.force for one in again.read_now(known)]


def test_nothing_runs_and_the_last_write_is_made(vault: Vault) -> None:
    assert vault.stop(typed, GRACE, PATIENCE)
    assert vault.locked and not vault.broken_off
    assert vault._key == bytes(32)
    assert not vault.folder.joinpath("vault.db-wal").exists()
    with pytest.raises(ClosedError):
        vault.read_now(drafts.listed)
    assert reopened(vault) == (["umbrella"], [])


@pytest.mark.parametrize("job", ["in_sql", "in_python", "in_many_statements", "ignoring_refusals"])
def test_a_long_job_is_undone_and_the_last_write_is_made(
    vault: Vault, long: Long, job: str
) -> None:
    vault.write_now(inspections.create, force="Kept", methodology="2018")
    running = vault.write_later(getattr(long, job))
    assert long.begun.wait(PATIENCE)
    waiting = vault.write_later(inspections.create, force="Not begun", methodology="2018")
    assert vault.stop(typed, GRACE, PATIENCE)
    assert vault.broken_off
    assert vault._key == bytes(32)
    long.go_on.set()
    for future in (running, waiting):
        assert isinstance(future.exception(PATIENCE), FieldkitError)
    vault._clerk.close()
    assert reopened(vault) == (["umbrella"], ["Kept"])


def test_what_was_opened_before_is_on_record_although_a_job_was_broken_off(
    vault: Vault, long: Long, inspection: str
) -> None:
    vault.author.consult("inspection", inspection)
    vault.write_later(long.in_sql)
    assert long.begun.wait(PATIENCE)
    assert vault.stop(typed, GRACE, PATIENCE)
    vault._clerk.close()
    with open_vault(vault.folder, PASSPHRASE) as again:
        rows = again.read_now(
            lambda s: (
                s.connection()
                .exec_driver_sql("SELECT record_kind FROM op WHERE kind = 'main'")
                .fetchall()
            )
        )
        assert ("consultation",) in [tuple(row) for row in rows]


def test_a_last_write_that_the_disk_refuses_is_told_and_the_vault_is_locked(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FieldkitError("The disk is full.")

    monkeypatch.setattr(Store, "write", full)
    assert not vault.stop(typed, GRACE, PATIENCE)
    monkeypatch.undo()
    assert vault._key == bytes(32)
    assert reopened(vault) == ([], [])


def test_whoever_is_wrapping_the_key_does_not_find_it_gone(vault: Vault) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def change() -> None:
        def job(keys: object, key: bytearray) -> bytes:
            begun.set()
            assert go_on.wait(PATIENCE)
            return bytes(key)

        wrapped.append(vault.with_key(job))

    wrapped: list[bytes] = []
    key = bytes(vault._key)
    thread = threading.Thread(target=change)
    thread.start()
    assert begun.wait(PATIENCE)
    assert vault.stop(typed, GRACE, PATIENCE)
    go_on.set()
    thread.join(PATIENCE)
    assert wrapped == [key]


def test_to_stop_a_locked_vault_changes_nothing(vault: Vault) -> None:
    vault.lock()
    assert vault.stop(typed, GRACE, PATIENCE)
    assert reopened(vault) == ([], [])


def test_a_sealed_text_opens_with_this_vault_alone(vault: Vault, tmp_path: Path) -> None:
    sealed = vault.seal_text(b"umbrella")
    assert b"umbrella" not in sealed
    assert vault.unseal_text(sealed) == b"umbrella"
    assert vault.seal_text(b"umbrella") != sealed
    for bent in (b"", sealed[:-1], sealed[:11], bytes([sealed[0] ^ 1]) + sealed[1:]):
        assert vault.unseal_text(bent) is None
    vault._key[0] ^= 1
    assert vault.unseal_text(sealed) is None
    vault._key[0] ^= 1
