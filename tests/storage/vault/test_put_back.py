"""Files of a vault put back one without the other: said, and nothing is lost by it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage.crypto.keyslots.errors import WrongPassphrase
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.errors import StrayLogError
from storage.feed import drafts
from storage.vault.backup.make import back_up
from storage.vault.check import check_vault
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.journeys.canaries import copied

LATER = "velvet anchor quartz heron"


def type_on(vault: Vault, number: int) -> None:
    for one in range(number):
        place = f"new-note/{number}-{one}"
        vault.write_now(drafts.save, place, "text", "a remark", "typed on " * 200)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


def crashed(vault: Vault, to: Path) -> Path:
    """The vault as a killed process leaves it, its work still in the log."""
    copied(vault.folder, to)
    assert (to / "vault.db-wal").stat().st_size > 100_000
    return to


def test_a_backup_copied_over_the_database_alone(vault: Vault, tmp_path: Path) -> None:
    backup = back_up(vault, tmp_path / "backups").backup.path
    type_on(vault, 40)
    left = crashed(vault, tmp_path / "left")
    shutil.copy(backup / "vault.db", left / "vault.db")
    before = bytes_of(left)
    with pytest.raises(StrayLogError, match=r"Nothing was opened or changed\."):
        open_vault(left, PASSPHRASE)
    assert bytes_of(left) == before
    (left / "vault.db-wal").rename(tmp_path / "aside")
    open_vault(left, PASSPHRASE).lock()


def test_its_own_log_is_taken(vault: Vault, tmp_path: Path) -> None:
    type_on(vault, 40)
    with open_vault(crashed(vault, tmp_path / "left"), PASSPHRASE) as opened:
        assert len(opened.read_now(drafts.listed)) == 40


def test_an_older_copy_of_the_same_database_is_advised_on(vault: Vault, tmp_path: Path) -> None:
    vault.lock()
    old = (vault.folder / "vault.db").read_bytes()
    for number in (90, 80):
        with open_vault(vault.folder, PASSPHRASE) as again:
            type_on(again, number)
    again = open_vault(vault.folder, PASSPHRASE)
    type_on(again, 41)
    left = crashed(again, tmp_path / "left")
    again.lock()
    (left / "vault.db").write_bytes(old)
    with open_vault(left, PASSPHRASE) as opened:
        found = check_vault(opened)
        assert found.pages
        assert any("restore the latest backup" in one for one in found.advice)


def test_an_earlier_key_file_is_told_and_the_later_copy_stays(vault: Vault) -> None:
    keys, copy = vault.folder / "vault.keys", vault.folder / "vault.keys.bak"
    earlier = keys.read_bytes()
    vault.change_passphrase(LATER)
    later = copy.read_bytes()
    vault.lock()
    keys.write_bytes(earlier)
    with open_vault(vault.folder, PASSPHRASE) as opened:
        assert opened.earlier_keys
        assert copy.read_bytes() == later
        assert any("earlier one" in one for one in check_vault(opened).keys)
        assert copy.read_bytes() == later
    shutil.copy(copy, keys)
    with open_vault(vault.folder, LATER) as opened:
        assert not opened.earlier_keys
        assert check_vault(opened).sound


def test_changing_the_passphrase_settles_it_where_the_copy_was_put_back_too(vault: Vault) -> None:
    files = [vault.folder / "vault.keys", vault.folder / "vault.keys.bak"]
    earlier = [one.read_bytes() for one in files]
    for words in (LATER, f"{LATER} two"):
        vault.change_passphrase(words)
    vault.lock()
    for one, data in zip(files, earlier, strict=True):
        one.write_bytes(data)
    with open_vault(vault.folder, PASSPHRASE) as opened:
        assert opened.earlier_keys
        opened.change_passphrase(f"{LATER} three")
    with open_vault(vault.folder, f"{LATER} three") as opened:
        assert not opened.earlier_keys
    with pytest.raises(WrongPassphrase):
        KeyFile.load(files[1]).unlock(PASSPHRASE)


def test_where_the_copy_says_otherwise_a_refusal_names_it(vault: Vault) -> None:
    keys = vault.folder / "vault.keys"
    before = keys.read_bytes()
    with pytest.raises(WrongPassphrase) as alone:
        KeyFile.load(keys).unlock("not the passphrase")
    assert "vault.keys.bak" not in str(alone.value)
    vault.change_passphrase(LATER)
    vault.lock()
    keys.write_bytes(before)
    with pytest.raises(WrongPassphrase, match=r"its copy vault\.keys\.bak differ"):
        open_vault(vault.folder, LATER)
