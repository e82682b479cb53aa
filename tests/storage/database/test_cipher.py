"""The encrypted database file is opened with the right key, or refused and left as it was."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from storage import durable
from storage.database import cipher, errors
from storage.database import sealed_pages as page
from storage.database.cipher import findings, open_cipher
from storage.database.keyed_connection import CipherConnection

KEY = "0123456789abcdef" * 4
OTHER = "fedcba9876543210" * 4
ROOT = Path(__file__).parents[3]
CANARY = "canary-Wrenfield-77"

OPEN_ELSEWHERE = """
import sys
from pathlib import Path
from storage.database.cipher import open_cipher
from storage.database.errors import AlreadyOpenError
try:
    open_cipher(Path(sys.argv[1]), sys.argv[2])
except AlreadyOpenError as error:
    print("already open:", error)
else:
    print("opened")
"""

DIE_WITH_LOG = """
import os, sys
from pathlib import Path
from storage.database.cipher import open_cipher
c = open_cipher(Path(sys.argv[1]), sys.argv[2], create=True)
c.execute("PRAGMA wal_autocheckpoint = 0")
c.execute("CREATE TABLE t (x)")
c.executemany("INSERT INTO t VALUES (?)", [(str(i) * 400,) for i in range(200)])
os._exit(0)
"""


def run(script: str, path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), KEY],
        cwd=ROOT,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        check=True,
        timeout=300,
    )
    assert done.stderr == ""
    return done.stdout


def make(path: Path, rows: int = 200) -> None:
    connection = open_cipher(path, KEY, create=True)
    connection.execute("CREATE TABLE t (x TEXT)")
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO t VALUES (?)", [(f"{CANARY} {i}" * 20,) for i in range(rows)]
    )
    connection.execute("COMMIT")
    connection.close()


def folder(path: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in path.parent.iterdir()
    }


def refused(path: Path, kind: type[errors.DatabaseRefusedError], key: str = KEY) -> str:
    """Opening is refused with a sentence, and the folder is byte for byte as before."""
    before = folder(path)
    with pytest.raises(errors.DatabaseRefusedError) as caught:
        open_cipher(path, key)
    assert type(caught.value) is kind
    assert folder(path) == before
    assert key not in str(caught.value)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault ü#&%.db"


def test_new_database_is_encrypted_private_and_one_file_when_closed(path: Path) -> None:
    make(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert CANARY.encode() not in path.read_bytes()
    assert not path.read_bytes().startswith(b"SQLite format 3")
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    connection = open_cipher(path, KEY)
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (200,)
    assert findings(connection) == []
    connection.close()


def test_log_and_shared_memory_beside_an_open_database(path: Path) -> None:
    make(path)
    connection = open_cipher(path, KEY)
    connection.execute("INSERT INTO t VALUES (?)", (CANARY,))
    log = path.with_name(path.name + "-wal")
    assert CANARY.encode() not in log.read_bytes()
    assert sorted(f.name for f in path.parent.iterdir()) == [path.name, log.name]
    connection.close()


def test_settings_hold(path: Path) -> None:
    connection = open_cipher(path, KEY, create=True)
    answers = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "locking_mode", "synchronous", "foreign_keys", "temp_store",
                     "trusted_schema", "secure_delete", "cell_size_check", "busy_timeout",
                     "cipher_memory_security")
    }  # fmt: skip
    assert answers == {
        "journal_mode": "wal",
        "locking_mode": "exclusive",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "trusted_schema": 0,
        "secure_delete": 1,
        "cell_size_check": 1,
        "busy_timeout": 2000,
        "cipher_memory_security": "0",
    }
    assert connection.isolation_level is None
    connection.close()


def test_a_setting_not_taken_closes_the_database(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path)
    monkeypatch.setattr(cipher, "_RECIPE", (("synchronous", "FULL", 3),))
    assert "safety setting" in refused(path, errors.UnsupportedLibraryError)
    monkeypatch.undo()
    open_cipher(path, KEY).close()


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY[:-2], KEY + "0", KEY.upper(), "x'" + KEY + "'"])
def test_a_key_of_another_form_is_never_used(path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="64 lower-case"):
        open_cipher(path, key, create=True)
    assert not path.exists()


def test_create_refuses_to_write_over_anything(path: Path) -> None:
    make(path)
    before = folder(path)
    with pytest.raises(errors.ExistingDatabaseError):
        open_cipher(path, KEY, create=True)
    assert folder(path) == before


@pytest.mark.parametrize("end", ["-wal", "-journal", "-shm"])
def test_create_refuses_beside_a_stray_log(path: Path, end: str) -> None:
    stray = path.with_name(path.name + end)
    stray.write_bytes(b"left by something")
    with pytest.raises(errors.ExistingDatabaseError):
        open_cipher(path, KEY, create=True)
    assert stray.read_bytes() == b"left by something"
    assert not path.exists()


def test_create_in_a_folder_that_is_not_there(path: Path) -> None:
    with pytest.raises(errors.DatabaseRefusedError, match="No database could be made"):
        open_cipher(path.parent / "no" / "vault.db", KEY, create=True)
    assert list(path.parent.iterdir()) == []


def test_a_failed_create_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "key_fits", lambda *_: False)
    with pytest.raises(errors.UnsupportedLibraryError, match="did not encrypt"):
        open_cipher(path, KEY, create=True)
    assert list(path.parent.iterdir()) == []


def test_a_missing_database_is_not_made(path: Path) -> None:
    with pytest.raises(errors.MissingDatabaseError):
        open_cipher(path, KEY)
    assert list(path.parent.iterdir()) == []


def test_empty_file(path: Path) -> None:
    path.touch()
    refused(path, errors.EmptyDatabaseError)


def test_plaintext_database(path: Path) -> None:
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE t (x)")
    plain.close()
    refused(path, errors.PlaintextDatabaseError)


def test_another_key(path: Path) -> None:
    make(path)
    refused(path, errors.ForeignDatabaseError, OTHER)


def test_zeros(path: Path) -> None:
    make(path)
    path.write_bytes(bytes(path.stat().st_size))
    refused(path, errors.ForeignDatabaseError)


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir()
    with pytest.raises(errors.UnusableDatabaseError):
        open_cipher(path, KEY)


@pytest.mark.parametrize("at", [16, 100, 2000, 4000, 4095])
def test_a_flipped_byte_in_the_first_page(path: Path, at: int) -> None:
    make(path)
    flip(path, at)
    assert "passphrase is right" in refused(path, errors.DamagedDatabaseError)


def test_a_flipped_byte_in_the_salt(path: Path) -> None:
    make(path)
    flip(path, 3)
    assert "damaged from its first bytes" in refused(path, errors.ForeignDatabaseError)


def test_a_flipped_byte_further_on_is_found_by_the_check(path: Path) -> None:
    make(path)
    flip(path, 4096 * 5 + 77)
    connection = open_cipher(path, KEY)
    assert findings(connection)
    connection.close()


@pytest.mark.parametrize("keep", [1, 15, 16, 511, 4095])
def test_cut_within_the_first_page(path: Path, keep: int) -> None:
    make(path)
    path.write_bytes(path.read_bytes()[:keep])
    refused(path, errors.DamagedDatabaseError)


@pytest.mark.parametrize("pages", [1, 2, 10])
def test_cut_by_whole_pages(path: Path, pages: int) -> None:
    make(path)
    path.write_bytes(path.read_bytes()[: -4096 * pages])
    refused(path, errors.DamagedDatabaseError)


def test_random_damage_ends_in_a_typed_error_or_in_findings(path: Path) -> None:
    make(path)
    good = path.read_bytes()
    rng = random.Random(20240611)
    for _ in range(3000 if os.environ.get("FIELDKIT_TORTURE") else 60):
        bad = bytearray(good)
        start = rng.randrange(len(bad))
        length = rng.choice([1, 2, 16, 512, 4096])
        if rng.random() < 0.3:
            del bad[start : start + length]
        else:
            bad[start : start + length] = rng.randbytes(len(bad[start : start + length]))
        path.write_bytes(bad)
        try:
            connection = open_cipher(path, KEY)
        except errors.DatabaseRefusedError:
            assert path.read_bytes() == bad
            continue
        found = findings(connection)
        connection.close()
        # Deleting the end of the last page, or nothing at all, may leave the content whole.
        assert found or bad == good


def test_a_refused_file_keeps_its_write_ahead_log(path: Path) -> None:
    """SQLite would merge the log into the file and delete it when a wrong key is closed."""
    run(DIE_WITH_LOG, path)
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 100_000
    refused(path, errors.ForeignDatabaseError, OTHER)
    assert log.exists()
    connection = open_cipher(path, KEY)
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (200,)
    connection.close()


def test_a_first_page_torn_by_a_power_cut_is_taken_from_the_log(path: Path) -> None:
    run(DIE_WITH_LOG, path)
    flip(path, 600)
    assert page.key_fits(path, KEY)
    connection = open_cipher(path, KEY)
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (200,)
    assert findings(connection) == []
    connection.close()


def test_second_process_is_told_that_the_vault_is_open(path: Path) -> None:
    make(path)
    connection = open_cipher(path, KEY)
    assert run(OPEN_ELSEWHERE, path).startswith("already open: This vault is already open")
    # A second opening here must be refused without touching the file: POSIX would drop the lock.
    with pytest.raises(errors.AlreadyOpenError):
        open_cipher(path, KEY)
    assert run(OPEN_ELSEWHERE, path).startswith("already open")
    connection.execute("INSERT INTO t VALUES ('still here')")
    connection.close()
    assert run(OPEN_ELSEWHERE, path) == "opened\n"


@pytest.mark.posix  # Windows allows no question mark in a name
def test_signs_that_end_the_path_of_an_address_stand_in_a_name(tmp_path: Path) -> None:
    make(tmp_path / "vault ?#%3F.db")
    assert [file.name for file in tmp_path.iterdir()] == ["vault ?#%3F.db"]
    open_cipher(tmp_path / "vault ?#%3F.db", KEY).close()


def test_a_forgotten_connection_frees_the_file(path: Path) -> None:
    make(path)
    connection = open_cipher(path, KEY)
    del connection
    open_cipher(path, KEY).close()


def test_a_connection_is_for_one_thread(path: Path) -> None:
    connection = open_cipher(path, KEY, create=True)
    caught: list[BaseException] = []

    def elsewhere(connection: CipherConnection) -> None:
        try:
            connection.execute("SELECT 1")
        except dbapi2.ProgrammingError as error:
            caught.append(error)

    thread = threading.Thread(target=elsewhere, args=(connection,))
    thread.start()
    thread.join()
    assert len(caught) == 1
    connection.close()


def test_nothing_is_written_on_the_terminal(path: Path) -> None:
    """SQLCipher logs to the terminal by itself when a page is not authentic."""
    make(path)
    flip(path, 4096 * 5 + 77)
    script = (
        "import sys; from pathlib import Path; from storage.database.cipher import *\n"
        "c = open_cipher(Path(sys.argv[1]), sys.argv[2]); assert findings(c)\n"
    )
    assert run(script, path) == ""


@pytest.mark.parametrize(
    ("found", "sqlite"),
    [("", "3.53.4"), ("4.15.0 community", "3.53.4"), ("4.19.0 community", "3.51.2")],
)
def test_old_libraries_are_refused(found: str, sqlite: str) -> None:
    with pytest.raises(errors.UnsupportedLibraryError):
        cipher.check_versions(found, sqlite)


def test_the_least_libraries_are_accepted() -> None:
    cipher.check_versions("4.16.0 community", "3.51.3")


def test_backup_into_a_second_encrypted_file(path: Path) -> None:
    make(path)
    source = open_cipher(path, KEY)
    copy = path.with_name("copy.db")
    target = open_cipher(copy, OTHER, create=True)
    source.backup(target)
    assert findings(target) == []
    target.close()
    source.close()
    assert CANARY.encode() not in copy.read_bytes()
    again = open_cipher(copy, OTHER)
    assert again.execute("SELECT count(*) FROM t").fetchone() == (200,)
    again.close()


def test_another_program_reads_and_writes_the_file(path: Path) -> None:
    apsw = pytest.importorskip(
        "apsw", reason="needs apsw-sqlite3mc, an independent SQLCipher reader"
    )
    if not hasattr(apsw, "mc_version"):
        pytest.skip("this apsw is the one without encryption; needs apsw-sqlite3mc")
    make(path)
    other = apsw.Connection(str(path))
    other.pragma("cipher", "sqlcipher")
    other.pragma("legacy", 4)
    other.pragma("key", f"x'{KEY}'")
    assert list(other.execute("SELECT count(*) FROM t")) == [(200,)]
    other.execute("INSERT INTO t VALUES ('by another program')")
    other.close()
    connection = open_cipher(path, KEY)
    assert connection.execute("SELECT x FROM t ORDER BY rowid DESC LIMIT 1").fetchone() == (
        "by another program",
    )
    assert findings(connection) == []
    connection.close()


def test_page_proof_agrees_with_sqlcipher(path: Path) -> None:
    """The proof made without SQLite accepts every page, and only those, that SQLCipher accepts."""
    make(path)
    assert page.key_fits(path, KEY)
    assert not page.key_fits(path, OTHER)
    assert not page.any_page_fits(path, OTHER)
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    flip(copy, 200)
    assert not page.key_fits(copy, KEY)
    assert page.any_page_fits(copy, KEY)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_log_whose_name_is_not_durable_is_not_written_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite syncs the name itself, and says nothing where the disk refuses."""
    open_cipher(path, KEY, create=True).close()

    def refuse(folder: Path) -> None:
        assert [one.name for one in cipher.companions(path) if one.exists()] == [f"{path.name}-wal"]
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(durable, "sync_folder", refuse)
        with pytest.raises(errors.UnusableDatabaseError, match="nothing was lost"):
            open_cipher(path, KEY)
    open_cipher(path, KEY).close()
