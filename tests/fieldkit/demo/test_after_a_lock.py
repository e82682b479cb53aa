"""The practice vault over a lock: it is kept, found again, and removed with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.demo.practice_vault import PREFIX, VAULT, NotAsItMustBeError, PracticeVault
from fieldkit.vault.folders import temporary_parent


def made(parent: Path, name: str, vault: str = VAULT) -> Path:
    folder = parent / name
    (folder / vault).mkdir(parents=True)
    (folder / vault / "vault.db").write_bytes(b"x")
    return folder


def test_the_folder_is_taken_over_and_removed_at_the_end() -> None:
    parent = temporary_parent()
    assert parent is not None
    folder = made(parent, f"{PREFIX}x")
    with PracticeVault.again(folder) as vault:
        assert vault == folder / VAULT
    assert not folder.exists()
    assert parent.exists()


@pytest.mark.parametrize("name", ["documents", f"a-{PREFIX}x", f"{PREFIX}x/../documents"])
def test_no_other_folder_is_removed(name: str) -> None:
    parent = temporary_parent()
    assert parent is not None
    folder = made(parent, name)
    with pytest.raises(NotAsItMustBeError), PracticeVault.again(folder):
        pass
    assert (folder / VAULT / "vault.db").exists()


def test_a_folder_elsewhere_and_one_without_a_vault_are_left(tmp_path: Path) -> None:
    parent = temporary_parent()
    assert parent is not None
    elsewhere = made(tmp_path / "elsewhere", f"{PREFIX}x")
    link = parent / f"{PREFIX}link"
    link.symlink_to(elsewhere)
    for folder in (elsewhere, link, made(parent, f"{PREFIX}y", "other"), parent / f"{PREFIX}z"):
        with pytest.raises(NotAsItMustBeError), PracticeVault.again(folder):
            pass
    assert (elsewhere / VAULT / "vault.db").exists()
