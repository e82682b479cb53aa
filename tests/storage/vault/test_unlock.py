"""Opening a vault tells apart what is wrong, and changes no byte in telling it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from storage.crypto.keyslots import slot
from storage.crypto.keyslots.errors import DamagedKeyFile, NoSuchSlot, WrongPassphrase
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database import locks
from storage.database.errors import (
    AlreadyOpenError,
    DamagedDatabaseError,
    EmptyDatabaseError,
    ForeignDatabaseError,
    PlaintextDatabaseError,
)
from storage.errors import FieldkitError
from storage.vault import unlock
from storage.vault.folder import DATABASE, KEYS
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE


def wrong_passphrase(folder: Path) -> str:
    return "another four words altogether"


def no_such_slot(folder: Path) -> str:
    """A key file that only a later way opens."""
    file = KeyFile.load(folder / KEYS)
    key = file.unlock(PASSPHRASE)
    kept = replace(
        file._document, slots=(slot.OtherSlot("a", "card", {"id": "a", "type": "card"}),)
    )
    for name in (KEYS, f"{KEYS}.bak"):
        (folder / name).write_bytes(kept.to_bytes(key))
    return PASSPHRASE


def damaged_key_file(folder: Path) -> str:
    path = folder / KEYS
    path.write_bytes(path.read_bytes().replace(b'"gen":1', b'"gen":2'))
    return PASSPHRASE


def damaged_database(folder: Path) -> str:
    path = folder / DATABASE
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    return PASSPHRASE


def empty_database(folder: Path) -> str:
    (folder / DATABASE).write_bytes(b"")
    return PASSPHRASE


def plaintext_database(folder: Path) -> str:
    path = folder / DATABASE
    path.unlink()
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE anything (a)")
    plain.commit()
    plain.close()
    return PASSPHRASE


def database_of_another_vault(folder: Path) -> str:
    other, _ = create_vault(folder.parent / "other", PASSPHRASE, "Ben", params=CHEAP)
    other.lock()
    shutil.copy(folder.parent / "other" / DATABASE, folder / DATABASE)
    return PASSPHRASE


@pytest.mark.parametrize(
    ("harm", "refusal", "words"),
    [
        (wrong_passphrase, WrongPassphrase, "does not open the vault"),
        (no_such_slot, NoSuchSlot, "has no passphrase"),
        (damaged_key_file, DamagedKeyFile, "key file"),
        (damaged_database, DamagedDatabaseError, "your passphrase is right"),
        (empty_database, EmptyDatabaseError, "is empty"),
        (plaintext_database, PlaintextDatabaseError, "anyone can read"),
        (database_of_another_vault, ForeignDatabaseError, "another vault's"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_changed(
    vault_made_once: Path,
    tmp_path: Path,
    harm: Callable[[Path], str],
    refusal: type[FieldkitError],
    words: str,
) -> None:
    folder = tmp_path / "vault"
    shutil.copytree(vault_made_once, folder)
    passphrase = harm(folder)
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    with pytest.raises(refusal, match=words) as told:
        open_vault(folder, passphrase)
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before
    others = {"does not open the vault", "has no passphrase", "is empty", "anyone can read"} - {
        words
    }
    assert not any(one in str(told.value) for one in others)


HOLD = """
import sys
from pathlib import Path
from storage.vault.unlock import open_vault
with open_vault(Path(sys.argv[1]), sys.argv[2]) as vault:
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.posix  # asks fcntl; under Windows the opening itself finds out
@pytest.mark.skipif(sys.platform == "win32", reason="the opening itself finds out there")
def test_a_second_process_is_told_before_anything_is_derived(
    vault_made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "vault"
    shutil.copytree(vault_made_once, folder)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), PASSPHRASE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "open\n"

        def derived(*_: object) -> None:
            raise AssertionError("nothing is to be derived for a vault that is open elsewhere")

        monkeypatch.setattr(slot, "stretch", derived)
        with pytest.raises(AlreadyOpenError, match="already open"):
            open_vault(folder, PASSPHRASE)
    finally:
        _, said = holder.communicate("\n")
    assert holder.returncode == 0
    assert said == ""
    assert not locks.is_open_elsewhere(folder / DATABASE)


def test_the_librarys_own_log_never_reaches_the_terminal(
    vault_made_once: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "vault"
    shutil.copytree(vault_made_once, folder)
    damaged_database(folder)
    code = (
        "import sys; from pathlib import Path; from storage.vault.unlock import open_vault\n"
        "from storage.database import cipher; cipher._prove = lambda *_: None\n"
        "try: open_vault(Path(sys.argv[1]), sys.argv[2])\n"
        "except Exception as error: print(type(error).__name__)"
    )
    # Even where SQLCipher itself meets the damage, which is kept from it otherwise.
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), PASSPHRASE],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("DamagedDatabaseError\n", "")


def test_locking_leaves_zeroes_where_the_key_was(vault: Vault) -> None:
    key = vault._key
    assert any(key)
    vault.lock()
    assert key == bytes(32)


def test_a_process_with_an_open_vault_is_closed_to_others(
    vault_made_once: Path, tmp_path: Path
) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux can be asked")
    folder = tmp_path / "vault"
    shutil.copytree(vault_made_once, folder)
    code = (
        "import ctypes, resource, sys; from pathlib import Path\n"
        "from storage.vault.unlock import open_vault\n"
        "with open_vault(Path(sys.argv[1]), sys.argv[2]):\n"
        "    limit, _ = resource.getrlimit(resource.RLIMIT_CORE)\n"
        "    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), limit)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), PASSPHRASE],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout in ("0 0\n", "0 1\n")
    assert unlock._PR_SET_DUMPABLE == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_every_file_of_a_vault_is_its_owners_alone(vault: Vault) -> None:
    vault.change_passphrase("entirely other words now")
    assert vault.folder.stat().st_mode & 0o077 == 0
    names = {one.name for one in vault.folder.iterdir()}
    assert {KEYS, DATABASE, f"{KEYS}.bak"} <= names
    for one in vault.folder.iterdir():
        assert one.stat().st_mode & 0o077 == 0, one.name
