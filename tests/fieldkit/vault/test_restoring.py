"""Restoring in the place of a vault: refusals that change nothing, and what is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.vault import restoring
from fieldkit.vault.backups import known_backups
from fieldkit.vault.restoring import backups_known, restore_here, vault_id_of
from storage.crypto.keyslots.keyfile import KeyFile
from storage.errors import FieldkitError
from storage.vault.backup import generations
from storage.vault.backup.generations import Backup
from storage.vault.backup.make import back_up
from storage.vault.store import NewerVaultError
from storage.vault.unlock import create_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE


def unlock(keys: KeyFile) -> bytearray:
    return keys.unlock(PASSPHRASE)


def test_an_open_vault_is_not_set_aside(vault: Vault, tmp_path: Path) -> None:
    made = back_up(vault, tmp_path / "stick").backup.path
    with pytest.raises(FieldkitError, match="already open"):
        restore_here(made, vault.folder, unlock)
    assert not list(vault.folder.parent.glob(f"{vault.folder.name}-*-*"))


def test_where_the_second_move_fails_the_first_is_undone(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(vault, tmp_path / "stick").backup.path
    vault.lock()
    before = {one.name: one.read_bytes() for one in vault.folder.iterdir()}
    moves: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        moves.append((source, target))
        if len(moves) == 2:
            raise OSError(5, "Input/output error")
        source.rename(target)

    monkeypatch.setattr(restoring, "move_folder", move)
    with pytest.raises(FieldkitError, match="Nothing was changed"):
        restore_here(made, vault.folder, unlock)
    assert {one.name: one.read_bytes() for one in vault.folder.iterdir()} == before
    assert not list(vault.folder.parent.glob(f"{vault.folder.name}-*-*"))


def test_where_that_cannot_be_undone_both_vaults_are_named(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(vault, tmp_path / "stick").backup.path
    vault.lock()
    moves: list[Path] = []

    def move(source: Path, target: Path) -> None:
        moves.append(source)
        if len(moves) > 1:
            raise OSError(5, "Input/output error")
        source.rename(target)

    monkeypatch.setattr(restoring, "move_folder", move)
    with pytest.raises(FieldkitError, match="Nothing is lost") as refused:
        restore_here(made, vault.folder, unlock)
    both = sorted(vault.folder.parent.glob(f"{vault.folder.name}-*-*"))
    assert len(both) == 2 and all(str(one) in str(refused.value) for one in both)
    assert all((one / "vault.db").exists() for one in both)


def test_a_vault_that_was_set_aside_is_named_among_the_copies(vault: Vault, tmp_path: Path) -> None:
    made = back_up(vault, tmp_path / "stick").backup.path
    vault.lock()
    done = restore_here(made, vault.folder, unlock)
    named = [path for path, _ in known_backups(vault.folder)]
    assert f"{done.aside} (a whole vault, set aside)" in named


def test_a_backup_of_a_later_fieldkit_moves_nothing(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(vault, tmp_path / "stick").backup.path
    vault.lock()
    monkeypatch.setattr("storage.vault.store.SCHEMA", 0)
    with pytest.raises(NewerVaultError):
        restore_here(made, vault.folder, unlock)
    assert not list(vault.folder.parent.glob(f"{vault.folder.name}-*-*"))


def test_backups_are_found_on_a_stick_however_they_lie(vault: Vault, tmp_path: Path) -> None:
    places = [tmp_path / "a", tmp_path / "b" / "c", tmp_path / "d" / "e" / "f"]
    made = [back_up(vault, place).backup.path for place in places]
    found = {one.path for one in backups_known(vault.folder, [tmp_path]).backups}
    assert set(made[:2]) <= found
    assert backups_known(tmp_path / "none", [tmp_path / "gone"]).backups == []


def test_backups_of_other_vaults_are_marked_and_come_last(vault: Vault, tmp_path: Path) -> None:
    own = back_up(vault, tmp_path / "stick").backup.path
    other, _ = create_vault(tmp_path / "other", PASSPHRASE, "Eve", params=CHEAP)
    with other:
        theirs = back_up(other, tmp_path / "stick").backup.path
    theirs = theirs.rename(theirs.with_name(theirs.name.replace("-20", "-29", 1)))  # the latest
    found = backups_known(vault.folder, [tmp_path / "stick"])
    marks = {one.path: found.whose(one) for one in found.backups}
    assert marks == {own: "", theirs: "of another vault"}
    assert [one.path for one in found.backups] == [own, theirs]
    nowhere = backups_known(tmp_path / "new", [tmp_path / "stick"])
    assert {nowhere.whose(one) for one in nowhere.backups} == {
        f"of vault {vault_id_of(path)[:8]}" for path in (own, theirs)
    }
    own.rename(tmp_path / own.name)
    alone = backups_known(tmp_path / "new", [tmp_path / "stick"])
    assert [alone.whose(one) for one in alone.backups] == [""]


def test_a_place_with_many_folders_is_searched_in_part_and_named(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "MOST_FOLDERS", 20)
    full = tmp_path / "full"
    for name in range(6):
        for inner in range(6):
            (full / f"{name}" / f"{inner}").mkdir(parents=True)
    made = back_up(vault, full).backup.path
    looked: list[Path] = []

    def backups_in(place: Path) -> list[Backup]:
        looked.append(place)
        return generations.backups_in(place)

    monkeypatch.setattr(restoring, "backups_in", backups_in)
    found = backups_known(tmp_path / "new", [full])
    assert [one.path for one in found.backups] == [made]
    assert len(looked) <= 24 and found.beyond == (full,)
    assert found.limit == f"only 20 folders of {full} were searched"
    assert backups_known(tmp_path / "new", [full / "1"]).limit == ""
