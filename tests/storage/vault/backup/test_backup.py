"""Backups: made while the vault is used, verified, three generations, and nothing half-made."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from storage.database.errors import DamagedDatabaseError, DiskError
from storage.database.sealed_pages import PAGE, damaged_pages
from storage.durable import sync_file, sync_folder
from storage.feed import drafts
from storage.feed.replay import differences
from storage.records import Note
from storage.vault.backup import copy as copying
from storage.vault.backup import make
from storage.vault.backup.errors import (
    BackupNotWrittenError,
    BackupStoppedError,
    BackupUnsoundError,
    UnsoundVaultError,
)
from storage.vault.backup.generations import backups_in, default_place, named
from storage.vault.backup.make import LAST, back_up
from storage.vault.check import check_vault
from storage.vault.folder import DATABASE, KEYS
from storage.vault.snapshot import Snapshot, snapshot_of
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.storage.travelling import CANARY, work


def texts(vault: Vault) -> list[str]:
    return sorted(one.text for one in vault.read_now(drafts.listed))


def test_a_backup_opens_with_the_passphrase_of_its_time_and_holds_the_same(
    vault: Vault, tmp_path: Path
) -> None:
    vault.write_now(work)
    vault.write_now(drafts.save, "note/x", "text", "a note", "half a sen")
    told: list[tuple[int, int]] = []
    made = back_up(vault, progress=lambda _, done, total: told.append((done, total)))
    assert made.backup.path.parent == default_place(vault.folder)
    assert told[-1] == (100, 100) and told == sorted(told)
    before = vault.read_now(lambda s: snapshot_of(s.connection().connection.dbapi_connection))
    vault.change_passphrase("another one altogether")
    vault.lock()

    copy = tmp_path / "opened"
    shutil.copytree(made.backup.path, copy)
    with open_vault(copy, PASSPHRASE) as opened:
        raw = opened.upkeep_now(lambda store: snapshot_of(store.connection))
        assert raw == before
        assert opened.read_now(lambda s: differences(s.connection())) == []
        assert texts(opened) == ["half a sen"]
    for part in (DATABASE, KEYS):
        assert CANARY.encode() not in (made.backup.path / part).read_bytes()
    if os.name == "posix":
        assert made.backup.path.stat().st_mode & 0o777 == 0o700
        modes = {one.stat().st_mode & 0o777 for one in made.backup.path.iterdir()}
        assert modes == {0o600}


def test_three_generations_are_kept_and_the_vault_remembers_the_last(
    vault: Vault, tmp_path: Path
) -> None:
    place = tmp_path / "elsewhere"
    made = [back_up(vault, place) for _ in range(4)]
    left = backups_in(place, vault.keys.vault_id)
    assert {one.path for one in left} == {one.backup.path for one in made[1:]}
    assert made[3].removed == (made[0].backup.path,)
    assert [one.kept for one in made] == [1, 2, 3, 3]
    remembered = vault.fact_now(LAST)
    assert remembered is not None
    assert remembered.path == made[3].backup.path and remembered.size == made[3].backup.size
    assert named(made[3].backup.path.name, place) == made[3].backup.path
    assert sorted(one.name for one in place.iterdir()) == sorted(one.path.name for one in left)


@pytest.mark.parametrize("written", [False, True])
def test_backups_of_a_clock_that_was_ahead_do_not_outlive_later_ones(
    vault: Vault, tmp_path: Path, written: bool
) -> None:
    place = tmp_path / "elsewhere"
    for day in (1, 2, 3):
        early = back_up(vault, place).backup.path
        early.rename(place / f"fieldkit-2099-01-0{day}-093000-{vault.keys.vault_id[:8]}")
    if written:
        vault.write_now(work)
    made = [back_up(vault, place).backup.path for _ in range(3)]
    left = [one.path for one in backups_in(place, vault.keys.vault_id)]
    assert left == made[::-1]


def test_what_is_written_meanwhile_waits_for_no_more_than_a_slice_and_is_in_it(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES", 4)
    vault.write_now(work)
    waiting: list[Future[None]] = []

    def typed(_: str, done: int, total: int) -> None:
        # On the clerk's own thread, in the middle of the copy: somebody types on.
        if done < make._COPYING:
            text = f"typed at {len(waiting)}"
            waiting.append(
                vault.write_later(drafts.save, f"note/{len(waiting)}", "text", "a note", text)
            )
            waiting.append(vault.write_later(work, reference=f"WST-1{len(waiting)}"))
            if len(waiting) > 2:
                assert waiting[-4].done(), "an entry waits for longer than one slice"

    made = back_up(vault, tmp_path / "out", typed)
    assert len(waiting) > 8
    held = texts(vault)
    vault.lock()
    with open_vault(made.backup.path, PASSPHRASE) as opened:
        assert texts(opened) == held
        assert check_vault(opened).parts["chain"] == ()
        assert opened.read_now(lambda s: differences(s.connection())) == []


def test_locking_gives_a_backup_up(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGES", 4)
    vault.write_now(work)
    place = tmp_path / "out"
    locking: list[threading.Thread] = []
    locked = threading.Event()

    def lock(_: str, done: int, total: int) -> None:
        if not locking:
            locking.append(threading.Thread(target=vault.lock))
            locking[0].start()
            while not vault.locked:
                locked.wait(0.001)

    with pytest.raises(BackupStoppedError, match="Nothing was lost"):
        back_up(vault, place, lock)
    locking[0].join()
    assert not place.exists()
    with open_vault(vault.folder, PASSPHRASE) as opened:
        assert check_vault(opened).sound


def test_locked_before_its_pages_are_read_it_stops_with_a_sentence(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked_first(*arguments: Any) -> list[int]:
        vault.lock()
        return damaged_pages(*arguments)

    monkeypatch.setattr(make, "damaged_pages", locked_first)
    with pytest.raises(BackupStoppedError, match="Nothing was lost"):
        back_up(vault, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_not_good_when_read_back_never_counts(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "out"
    earlier = back_up(vault, place)
    copied = make.copied_from

    def damaged(of: Vault, target: Path, *rest: object) -> Snapshot:
        held = copied(of, target, *rest)  # type: ignore[arg-type]
        with target.open("r+b") as file:
            file.seek(target.stat().st_size - PAGE // 2)
            byte = file.read(1)[0]
            file.seek(-1, 1)
            file.write(bytes([byte ^ 1]))
        return held

    monkeypatch.setattr(make, "copied_from", damaged)
    with pytest.raises(BackupUnsoundError, match="thrown away"):
        back_up(vault, place)
    assert list(place.iterdir()) == [earlier.backup.path]

    def shorter(of: Vault, target: Path, *rest: object) -> Snapshot:
        held = copied(of, target, *rest)  # type: ignore[arg-type]
        of.write_now(work)
        now = of.upkeep_now(lambda store: snapshot_of(store.connection))
        assert now != held
        return now

    monkeypatch.setattr(make, "copied_from", shorter)
    with pytest.raises(BackupUnsoundError, match="entries where there were"):
        back_up(vault, place)
    assert list(place.iterdir()) == [earlier.backup.path]


def test_a_place_that_takes_nothing_is_said(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupNotWrittenError, match="earlier backups were kept"):
        back_up(vault, tmp_path / "file")
    vault.write_now(work)
    assert vault.read_now(lambda s: s.get(Note, "x")) is None


@pytest.mark.parametrize("there", [False, True])
def test_a_backup_that_finds_no_room_names_the_place_and_leaves_no_folder(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    place = tmp_path / "disk" / "out"
    if there:
        place.mkdir(parents=True)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copying, "_blank", full)
    with pytest.raises(BackupNotWrittenError, match="No space") as refused:
        back_up(vault, place)
    assert f"written to {place} (" in str(refused.value)
    assert place.exists() == place.parent.exists() == there


def test_a_page_that_cannot_be_read_makes_no_backup(vault: Vault, tmp_path: Path) -> None:
    for number in range(12):
        vault.write_now(work, reference=f"WST-{number:03}", words="x" * 4000)
    place = tmp_path / "out"
    back_up(vault, place)
    vault.lock()
    kept = backups_in(place)
    database = vault.folder / DATABASE
    whole = database.read_bytes()
    met = 0
    for page in range(len(whole) // PAGE - 1, 0, -7):
        at = page * PAGE + 100
        database.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            with open_vault(vault.folder, PASSPHRASE) as opened:
                with pytest.raises(UnsoundVaultError, match="Copy the vault's folder aside"):
                    back_up(opened, place)
                found = check_vault(opened)
                assert found.pages and "aside" in found.advice[0]
                met += 1
        except (DamagedDatabaseError, DiskError):
            continue
        if met == 2:
            break
    assert met == 2
    assert backups_in(place) == kept


def test_a_file_is_synced_through_a_descriptor_that_may_write(tmp_path: Path) -> None:
    """Every test refuses to sync such a file, as Windows does; ``sync_file`` opens it to write."""
    (tmp_path / "file").write_bytes(b"data")
    with (tmp_path / "file").open("rb") as file, pytest.raises(OSError, match="descriptor"):
        os.fsync(file.fileno())
    sync_file(tmp_path / "file")
    sync_folder(tmp_path, must=True)
