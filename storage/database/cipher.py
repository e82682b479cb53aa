"""Creates, opens and refuses the encrypted database file.

SQLCipher writes plain text, creates files and merges write-ahead logs without complaint when it is
asked wrongly, so every answer is checked here and the key is proved on the bytes of the file before
SQLite is let near it. Connections belong to the thread that opened them.

While a file is open in this process nothing else in it may open and close that file by name: POSIX
drops all of a process's locks on a file when any of its descriptors is closed
(https://sqlite.org/howtocorrupt.html, section 2.2), and a second program could then get in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlcipher3 import dbapi2

from storage import durable, files
from storage.database.connection import CACHE_KIB, CACHE_KIB_FOR_SEARCH, set_cache_size
from storage.database.errors import (
    AlreadyOpenError,
    DamagedDatabaseError,
    DatabaseRefusedError,
    EmptyDatabaseError,
    ExistingDatabaseError,
    ForeignDatabaseError,
    MissingDatabaseError,
    PlaintextDatabaseError,
    StrayLogError,
    UnsupportedLibraryError,
    UnusableDatabaseError,
    refusal,
)
from storage.database.keyed_connection import CipherConnection, guard, open_files
from storage.database.locks import is_open_elsewhere
from storage.database.sealed_pages import PAGE, PLAIN, any_page_fits, key_fits, log_fits

CIPHER_AT_LEAST = (4, 16)
SQLITE_AT_LEAST = (3, 51, 3)
"""Below this SQLite can corrupt a write-ahead log (https://sqlite.org/wal.html#walresetbug)."""

BUSY_MS = 2000
"""How long to wait for another process before saying that it holds the database, milliseconds."""

# cipher_memory_security would wipe and lock SQLite's heap only, at each allocation, while Python
# holds the same texts in strings that nothing wipes. It costs half of all that SQLite does here;
# ending the process at every lock clears both (docs/threats.md). SQLCipher cannot turn it off again
# within a process, so nobody turns it on.
# (name, value to set, answer to insist on). Locking comes before anything touches the file, so that
# no shared-memory file is ever made; the rest comes once the key is proved.
_RECIPE: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("fullfsync", "ON", 1),
    ("checkpoint_fullfsync", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
    ("mmap_size", "0", 0),
    ("busy_timeout", str(BUSY_MS), BUSY_MS),
    ("cipher_memory_security", "OFF", "0"),
    ("cache_size", f"-{CACHE_KIB}", -CACHE_KIB),
)

_silenced = False


def open_cipher(path: Path, hexkey: str, *, create: bool = False) -> CipherConnection:
    """Open the encrypted database at ``path`` with a raw key of 64 lower-case hex digits.

    The connection has no transaction handling of its own (``isolation_level=None``); only with
    ``create`` is a file made, and then only where there was none. Raises the
    ``DatabaseRefusedError`` that says why not, and ``ValueError`` for a key of the wrong form.
    """
    if re.fullmatch(r"[0-9a-f]{64}", hexkey) is None:
        # A key one digit short would silently be taken as a passphrase.
        raise ValueError("a database key is 64 lower-case hexadecimal digits")
    _insist_on_library()
    if create:
        _create(path, hexkey)
    identity = _refuse_open_here(path)
    _prove(path, hexkey)
    connection = _connect(path, hexkey)
    connection.file_identity = identity
    connection.path = path
    with guard:
        open_files[identity] = connection
    return connection


def refuse_if_open(path: Path) -> None:
    """Raise ``AlreadyOpenError`` if this or another process holds the database.

    Quick, and needs no key; a database that is not there is left for the opening to tell.
    """
    try:
        status = path.stat()
    except OSError:
        return
    with guard:
        if (status.st_dev, status.st_ino) in open_files:
            raise AlreadyOpenError(path)
        # Within the guard: no other thread may open the file while it is looked at.
        if is_open_elsewhere(path):
            raise AlreadyOpenError(path)


def findings(
    connection: dbapi2.Connection, *, whole: bool = False, sealed: bool = False
) -> list[str]:
    """Return what the integrity checks say against the open database; empty when it is sound.

    Checkpoints first: after a crash the page check otherwise gives false alarms. Takes about 60 ms
    for each 12 MB; ``whole`` also compares the indexes with their tables, which takes longer. Where
    somebody has just found each page ``sealed`` (:mod:`storage.database.sealed_pages`), only those
    that SQLite reads are authenticated again.
    """
    messages: list[str] = []
    try:
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] != 0:
            messages.append("the write-ahead log could not be merged into the database")
        if not sealed:
            messages += [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
        which = "integrity_check" if whole else "quick_check"
        rows = connection.execute(f"PRAGMA {which}").fetchall()
    except dbapi2.DatabaseError as error:
        rows = [(str(error),)]
    return messages + [str(row[0]) for row in rows if row[0] != "ok"]


@contextmanager
def copy_beside(path: Path, hexkey: str) -> Iterator[dbapi2.Connection]:
    """Open once more, to read it, a copy that another thread has open and nobody changes.

    Nobody else knows the copy, so no lock of it matters.
    """
    uri = f"file:{quote(path.absolute().as_posix())}?mode=ro&immutable=1"
    with closing(dbapi2.connect(uri, isolation_level=None, uri=True)) as connection:
        connection.execute(f"PRAGMA key = \"x'{hexkey}'\"")
        for setting in ("temp_store = MEMORY", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {setting}").fetchall()
        set_cache_size(connection.execute, CACHE_KIB_FOR_SEARCH)
        yield connection


def findings_in_copy(path: Path, hexkey: str, *, sealed: bool) -> list[str]:
    """Return what :func:`findings` says, in whole, of a copy, beside the thread that has it open.

    SQLite takes a second for each 100 MB, and lets Python go on meanwhile.
    """
    try:
        with copy_beside(path, hexkey) as connection:
            return findings(connection, whole=True, sealed=sealed)
    except dbapi2.DatabaseError as error:
        return [str(error)]


def library_versions() -> tuple[str, str]:
    """Return the versions of SQLCipher and SQLite.

    Raises ``UnsupportedLibraryError`` where they are too old or cannot encrypt.
    """
    probe = dbapi2.connect(":memory:")
    try:
        return _versions_of(probe)
    finally:
        probe.close()


def _versions_of(probe: dbapi2.Connection) -> tuple[str, str]:
    row = probe.execute("PRAGMA cipher_version").fetchone()
    versions = str(row[0]) if row else "", dbapi2.sqlite_version
    check_versions(*versions)
    return versions


def _insist_on_library() -> None:
    """Check the versions and, once per process, stop SQLCipher writing its log on the screen."""
    global _silenced
    with guard:
        if _silenced:
            return
        probe = dbapi2.connect(":memory:")
        try:
            _versions_of(probe)
            probe.execute("PRAGMA cipher_log_level = NONE")
        finally:
            probe.close()
        _silenced = True


def check_versions(cipher: str, sqlite: str) -> None:
    """Raise ``UnsupportedLibrary`` unless both version texts are new enough."""
    if not cipher:
        raise UnsupportedLibraryError(
            "The database library on this computer cannot encrypt, so nothing was opened and the "
            "vault is untouched. Install sqlcipher3 0.6.4 or later and start again."
        )
    if _numbers(cipher) < CIPHER_AT_LEAST or _numbers(sqlite) < SQLITE_AT_LEAST:
        raise UnsupportedLibraryError(
            f"The database library is too old to be safe (SQLCipher {cipher}, SQLite {sqlite}), so "
            "nothing was opened and the vault is untouched. Install sqlcipher3 0.6.4 or later and "
            "start again."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split(" ")[0]))


def _create(path: Path, hexkey: str) -> None:
    """Make an encrypted file of one page, durable and proved, or leave nothing behind."""
    for name in (path, *companions(path)):
        if os.path.lexists(name):
            raise ExistingDatabaseError(
                f"{name} is already there, so no new database was made and nothing was changed. "
                "Open the vault that is in this folder, or choose an empty folder."
            )
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise ExistingDatabaseError(
            f"{path} is already there, so no new database was made. Choose an empty folder."
        ) from error
    except OSError as error:
        raise DatabaseRefusedError(
            f"No database could be made at {path} ({error.strerror}); nothing was changed. Choose "
            "a folder that you may write to and that has space."
        ) from error
    try:
        _connect(path, hexkey).close()
        if not key_fits(path, hexkey):
            raise UnsupportedLibraryError(
                f"The database library did not encrypt the new database {path} as asked, so it was "
                "removed again; nothing was stored in it. Install sqlcipher3 0.6.4 or later."
            )
        durable.sync_folder(path.parent)
    except BaseException as error:
        durable.remove(path, *companions(path))
        if isinstance(error, OSError):
            raise UnusableDatabaseError(path, error.strerror) from error
        raise


def _refuse_open_here(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise MissingDatabaseError(
            f"The vault's database {path} is not there; nothing was made in its place. If the "
            "folder was moved, open it where it is now; otherwise restore the latest backup."
        ) from error
    except OSError as error:
        raise UnusableDatabaseError(path, error.strerror) from error
    identity = (status.st_dev, status.st_ino)
    with guard:
        if identity in open_files:
            raise AlreadyOpenError(path)
    return identity


def _prove(path: Path, hexkey: str) -> None:
    """Prove the key on the bytes themselves.

    SQLite must not see a file that the key does not open: closing such a connection merges the
    write-ahead log into the file and deletes it.
    """
    try:
        size = path.stat().st_size
        with files.open_named(path) as file:
            head = file.read(len(PLAIN))
        if size == 0:
            raise EmptyDatabaseError(
                f"The vault's database {path} is empty: the file is there but holds no bytes. It "
                "was left as it is. Restore the latest backup into a new folder."
            )
        if head == PLAIN:
            raise PlaintextDatabaseError(
                f"{path} is an ordinary database that anyone can read, not a vault's encrypted "
                "one, so it was not opened and not changed. Find out who put it there, and restore "
                "the latest backup into a new folder."
            )
        if size >= PAGE and key_fits(path, hexkey):
            if not log_fits(path, hexkey):
                raise StrayLogError(path)
            return
        if any_page_fits(path, hexkey):
            raise DamagedDatabaseError(path)
    except OSError as error:
        raise UnusableDatabaseError(path, error.strerror) from error
    if size < PAGE:
        raise DamagedDatabaseError(path)
    raise ForeignDatabaseError(
        f"The database {path} does not belong to the key file beside it: it is another vault's, "
        "or it is damaged from its first bytes on. It was left as it is. Put the two files "
        "of one vault together, or restore the latest backup into a new folder."
    )


def _connect(path: Path, hexkey: str) -> CipherConnection:
    absolute = path.absolute().as_posix()
    # mode=rw: SQLite must never make the file. The extra slash is for drive letters.
    uri = f"file://{'' if absolute.startswith('/') else '/'}{quote(absolute)}?mode=rw"
    connection: CipherConnection | None = None
    try:
        connection = dbapi2.connect(
            uri,
            timeout=BUSY_MS / 1000,
            isolation_level=None,
            factory=CipherConnection,
            uri=True,
        )
        connection.execute(f"PRAGMA key = \"x'{hexkey}'\"")
        _set(connection, "locking_mode", "EXCLUSIVE", "exclusive")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for name, value, answer in _RECIPE:
            _set(connection, name, value, answer)
        # SQLite syncs the log's name as well, and goes on where the disk refuses.
        durable.sync_folder(path.parent)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, dbapi2.Error):
            raise refusal(path, error) from error
        if isinstance(error, OSError):
            raise UnusableDatabaseError(path, error.strerror) from error
        raise
    return connection


def _set(connection: dbapi2.Connection, name: str, value: str, answer: object) -> None:
    connection.execute(f"PRAGMA {name} = {value}").fetchall()
    row = connection.execute(f"PRAGMA {name}").fetchone()
    if row is None or row[0] != answer:
        raise UnsupportedLibraryError(
            f"The database library did not accept the safety setting {name} = {value}, so the "
            "vault was closed again, unchanged. Install sqlcipher3 0.6.4 or later and start again."
        )


def companions(path: Path) -> tuple[Path, ...]:
    """Return the files that SQLite keeps beside a database while it is open."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-journal", "-shm"))
