"""A vault is made wholly or is none, whatever cuts its making short."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from fieldkit.vault.restoring import restore_here
from storage import durable
from storage.errors import FieldkitError
from storage.vault.backup.make import back_up
from storage.vault.folder import DATABASE, KEYS, MAKING, exists
from storage.vault.leftovers import Making, VaultNotMadeError
from storage.vault.unlock import NoVaultError, create_vault, open_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE

WHOLE = [DATABASE, KEYS, f"{KEYS}.bak"]


def made(folder: Path) -> list[str]:
    vault, _ = create_vault(folder, PASSPHRASE, "Ada", params=CHEAP)
    vault.lock()
    open_vault(folder, PASSPHRASE).lock()
    return sorted(one.name for one in folder.iterdir())


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which everything was made but the last step, on a disk that removes nothing."""

    def refuses(path: Path, *, missing_ok: bool = False) -> None:
        if path.exists():
            raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "delete", refuses)
        patch.setattr("storage.vault.leftovers.delete", refuses)
        with pytest.raises(
            VaultNotMadeError, match=r"vault\.db, vault\.keys.* no vault .*again\.$"
        ):
            made(tmp_path / "half")
    return tmp_path / "half"


def test_half_of_one_is_none_and_is_made_again(half: Path) -> None:
    assert {DATABASE, KEYS, MAKING} <= {one.name for one in half.iterdir()}
    assert not exists(half)
    with pytest.raises(NoVaultError, match=r"cut short: vault\.db, .* nothing is lost"):
        open_vault(half, PASSPHRASE)
    assert made(half) == WHOLE and exists(half)


def test_what_cannot_be_taken_away_is_said_and_left(
    half: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {one.name: one.read_bytes() for one in half.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: Path("/nowhere").stat())
        with pytest.raises(FieldkitError, match=r"vault\.db, .* could not be taken away"):
            made(half)
    assert {one.name: one.read_bytes() for one in half.iterdir()} == before
    assert made(half) == WHOLE


def test_a_vault_that_was_put_there_meanwhile_is_one(half: Path, vault_made_once: Path) -> None:
    for one in half.iterdir():
        if one.name != MAKING:
            one.unlink()
    for one in vault_made_once.iterdir():
        shutil.copy(one, half)
    assert exists(half)
    with pytest.raises(FieldkitError, match=r"a vault in .* already"):
        made(half)
    with pytest.raises(VaultNotMadeError, match="part of another vault"), Making(half):
        pass
    open_vault(half, PASSPHRASE).lock()


def test_a_backup_is_restored_where_half_of_one_lies(half: Path, vault: Vault) -> None:
    backup = back_up(vault, half.parent / "backups")
    vault.lock()
    restored = restore_here(backup.backup.path, half, lambda keys: keys.unlock(PASSPHRASE))
    assert restored.aside is None
    assert not (half / MAKING).exists()
    open_vault(half, PASSPHRASE).lock()


@pytest.mark.posix
def test_of_two_that_make_one_at_once_the_second_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="there is no fcntl here")
    folder = tmp_path / "vault"
    folder.mkdir()
    with Making(folder) as first:
        with pytest.raises(VaultNotMadeError, match="Another program is making"):
            made(folder)
        assert (folder / MAKING).read_text() == first.vault_id
        first.done()
    assert made(folder) == WHOLE


@pytest.mark.posix
@pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there")
@pytest.mark.parametrize("step", ["make_store", "done"])
def test_killed_while_making_one(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "vault"
    if not (child := os.fork()):
        kind = Making if step == "done" else Vault
        monkeypatch.setattr(kind, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        create_vault(folder, PASSPHRASE, "Ada", params=CHEAP)
        os._exit(0)
    os.waitpid(child, 0)
    assert (folder / KEYS).exists() and not exists(folder)
    assert made(folder) == WHOLE
