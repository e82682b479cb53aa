"""Locked at any statement of an exchange, an import, an export or a backup: nothing is lost.

What was acknowledged is there, what was being typed is there, what was under way is there wholly or
not at all, the vault is sound, and the same job can be done again.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.exchange.exchange import exchange
from fieldkit.selfassessment.import_plan import AlreadyImportedError
from fieldkit.selfassessment.import_workbook import (
    import_reading,
    read_force_workbook,
)
from storage.database.keyed_connection import CipherCursor
from storage.errors import FieldkitError
from storage.exchange.exchange import write_bundles
from storage.exchange.export import export
from storage.feed import drafts
from storage.records import Note
from storage.vault.backup.make import back_up
from storage.vault.check import check_vault
from storage.vault.store import Store
from storage.vault.unlock import open_with
from storage.vault.vault import Vault
from tests.storage.travelling import INSPECTION, make_team, work

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
LOCKS = 60 if TORTURE else 3
"""Moments of each job at which it is locked."""
NOTES, ROWS = (3_000, 1_000) if TORTURE else (150, 60)
PATIENCE = 300.0
TYPED = "quasarino umbrella"
HEADINGS = ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Why")


@dataclass
class Laptop:
    """An enrolled vault, what is to come into it, and what opens it without deriving."""

    folder: Path
    key: bytes

    def open(self) -> Vault:
        return open_with(self.folder / "vault", lambda keys: keys._verified(bytearray(self.key)))

    def copy(self, to: Path) -> Laptop:
        shutil.copytree(self.folder, to)
        return Laptop(to, self.key)


def with_a_stick(place: Path, own: Callable[[Vault], None] = lambda vault: None) -> Laptop:
    """Ada's laptop, with what is her own in it, and a stick with the many notes of Ben."""
    team = make_team(place / "team", pq=False)
    folder = place / "ada"
    (folder / "stick").mkdir(parents=True)
    with team.laptop("ben") as ben:
        work_long(ben, reference="WST-002")
        write_bundles(ben, folder / "stick")
    with team.laptop("ada") as ada:
        own(ada)
        key = bytes(ada._key)
    shutil.copytree(team.folder / "ada", folder / "vault")
    return Laptop(folder, key)


def work_long(vault: Vault, reference: str = "WST-001") -> None:
    vault.write_now(work, reference=reference)
    vault.write_now(many_notes)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    laptop = with_a_stick(tmp_path_factory.mktemp("locks"), work_long)
    with (laptop.folder / "force.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADINGS)
        for number in range(1, ROWS + 1):
            rows.writerow((f"42/1{number:04}/26", "Missing", "2026-02-03", "Good", f"Why {number}"))
    return laptop


def many_notes(session: Session) -> None:
    for number in range(NOTES):
        session.add(
            Note.make(
                inspection_id=INSPECTION,
                parent_kind="inspection",
                parent_id=INSPECTION,
                text=f"Note {number}",
            )
        )


def exchanging(vault: Vault, laptop: Laptop) -> None:
    exchange(vault, laptop.folder / "stick")


def importing(vault: Vault, laptop: Laptop) -> None:
    reading = read_force_workbook(laptop.folder / "force.csv", "2018")
    vault.write_now(import_reading, INSPECTION, reading, accept_exact=True)


def exporting(vault: Vault, laptop: Laptop) -> None:
    export(vault, laptop.folder / "stick", full=True)


def backing_up(vault: Vault, laptop: Laptop) -> None:
    back_up(vault, laptop.folder / "backups")


JOBS: tuple[Callable[[Vault, Laptop], None], ...] = (
    exchanging, importing, exporting, backing_up
)  # fmt: skip


class Statements:
    """Counts the statements of a vault's connection; says when the one that is waited for comes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count, self.at = 0, 0
        self.connection: object = None
        self.reached = threading.Event()
        execute, executemany = CipherCursor.execute, CipherCursor.executemany

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def run(cursor: CipherCursor, *arguments: Any) -> Any:
                if cursor.connection is self.connection:
                    self.count += 1
                    if self.count == self.at:
                        self.reached.set()
                return real(cursor, *arguments)

            return run

        monkeypatch.setattr(CipherCursor, "execute", counted(execute))
        monkeypatch.setattr(CipherCursor, "executemany", counted(executemany))

    def watch(self, vault: Vault, at: int) -> None:
        self.reached.clear()
        self.count, self.at, self.connection = 0, at, vault._store.connection


def typed(session: Session) -> None:
    drafts.save(session, "new-note/x", "text", "a remark", TYPED)


def heads(session: Session) -> dict[str, str]:
    rows = session.connection().exec_driver_sql("SELECT device, epoch, kind, seq, head FROM op")
    return {f"{row[0]}/{row[1]}/{row[2]}/{row[3]}": row[4].hex() for row in rows}


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.__name__)
def test_locked_in_the_middle(
    job: Callable[[Vault, Laptop], None],
    evening: Laptop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acknowledged: list[tuple[str, str]] = []
    write = Store.write

    def told(store: Store, *arguments: Any, **named: Any) -> Any:
        result = write(store, *arguments, **named)
        with suppress(Exception):  # locked since
            rows = store.connection.execute("SELECT device, epoch, kind, seq, head FROM feed")
            acknowledged.extend(
                (f"{row[0]}/{row[1]}/{row[2]}/{row[3]}", row[4].hex()) for row in rows
            )
        return result

    monkeypatch.setattr(Store, "write", told)
    statements = Statements(monkeypatch)
    laptop = evening.copy(tmp_path / "first")
    with laptop.open() as vault:
        statements.watch(vault, 0)
        job(vault, laptop)
        count = statements.count
    chance = random.Random(None if TORTURE else job.__name__)
    broken_off = 0
    for number, at in enumerate(sorted(chance.sample(range(1, count + 1), min(LOCKS, count)))):
        acknowledged.clear()
        laptop = evening.copy(tmp_path / str(number))
        vault = laptop.open()
        statements.watch(vault, at)
        errors: list[BaseException] = []

        def run(vault: Vault = vault, laptop: Laptop = laptop, errors: Any = errors) -> None:
            try:
                job(vault, laptop)
            except BaseException as error:
                errors.append(error)

        running = threading.Thread(target=run)
        running.start()
        assert statements.reached.wait(PATIENCE)
        assert vault.stop(typed, 0, PATIENCE)
        running.join(PATIENCE)
        assert not running.is_alive()
        assert all(isinstance(one, FieldkitError) for one in errors), (at, errors)
        vault._clerk.close()
        broken_off += vault.broken_off
        with laptop.open() as again:
            assert check_vault(again).sound, at
            there = again.read_now(heads)
            assert all(there.get(name) == head for name, head in acknowledged), at
            assert [one.text for one in again.read_now(drafts.listed)] == [TYPED]
            with suppress(AlreadyImportedError):  # it was done wholly before the lock came
                job(again, laptop)
            assert check_vault(again).sound, at
        shutil.rmtree(laptop.folder)
    assert broken_off
    print(f"{job.__name__}: {count} statements, {broken_off} locks in the middle")
