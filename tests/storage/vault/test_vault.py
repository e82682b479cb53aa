"""Vaults made, opened and refused: what lies in the folder is never taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.errors import ExistingDatabaseError
from storage.errors import FieldkitError
from storage.vault import vault as vaults
from storage.vault.unlock import NoVaultError, create_vault, open_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE


def test_a_folder_without_a_vault_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(NoVaultError, match="no vault"):
        open_vault(tmp_path, PASSPHRASE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["vault.db", "vault.keys", "vault.keys.bak", "vault.db-wal"])
def test_no_vault_is_made_over_a_part_of_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"somebody's")
    with pytest.raises(FieldkitError, match="Nothing was changed"):
        create_vault(tmp_path, PASSPHRASE, "Ann", params=CHEAP)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {name: b"somebody's"}


def test_a_database_that_comes_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(vault: Vault, facts: dict[str, bytes]) -> None:
        (tmp_path / "vault.db").write_bytes(b"synchronised")
        raise ExistingDatabaseError("There is a database already.")

    monkeypatch.setattr(vaults.Vault, "make_store", late)
    with pytest.raises(ExistingDatabaseError):
        create_vault(tmp_path, PASSPHRASE, "Ann", params=CHEAP)
    assert [one.name for one in tmp_path.iterdir()] == ["vault.db"]


def test_a_vault_that_could_not_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(vault: Vault, facts: dict[str, bytes]) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(vaults.Vault, "make_store", full)
    with pytest.raises(OSError, match="no space"):
        create_vault(tmp_path, PASSPHRASE, "Ann", params=CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_another_vaults_key_file_is_told_apart(vault: Vault, tmp_path: Path) -> None:
    vault.lock()
    _, key, _ = KeyFile.create(
        tmp_path / "other.keys", PASSPHRASE, params=CHEAP, now="2026-01-01T00:00:00.000Z"
    )
    for name in ("vault.keys", "vault.keys.bak"):
        (vault.folder / name).write_bytes((tmp_path / "other.keys").read_bytes())
    before = (vault.folder / "vault.db").read_bytes()
    with pytest.raises(FieldkitError, match="another vault"):
        open_vault(vault.folder, PASSPHRASE)
    assert (vault.folder / "vault.db").read_bytes() == before
    assert key


async def test_a_locked_vault_says_so(vault: Vault) -> None:
    vault.lock()
    with pytest.raises(FieldkitError, match="locked"):
        await vault.read(lambda session: None)


def test_memory_is_given_back_and_the_vault_goes_on(vault: Vault) -> None:
    vault.spare_memory()
    assert vault.read_now(lambda s: s.connection().exec_driver_sql("SELECT 1").scalar_one()) == 1
    vault.lock()
    vault.spare_memory()
