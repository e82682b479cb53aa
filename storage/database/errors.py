"""Says why a database is not opened, or fails: each reason is a class with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from storage.errors import FieldkitError

INTERRUPTED = 9
BUSY, CORRUPT = (5, 6), (11, 26)
"""SQLite's primary result codes (https://sqlite.org/rescode.html): interrupted, in use, damaged."""
_RESET = "Cursor needed to be reset because of commit/rollback"
"""What the driver says of rows half read when the connection was taken over."""

_DAMAGED = ("file is not a database", "database disk image is malformed")
"""What SQLite says where the driver gives no code, as while it makes a backup
(https://sqlite.org/src/file/src/main.c, ``sqlite3ErrStr``)."""

_SAFE = "Nothing was changed by this step, and what was committed before is safe."
_NO_MEMORY = (
    f"There was not enough memory for this step. {_SAFE} Close other programs and do it again; if "
    "it goes on, run “fieldkit vault check”."
)


class DiskError(FieldkitError):
    """The disk under the store did not do what it was asked; what was committed before is safe."""


class StoreDamagedError(DiskError):
    """A page of the database is not what was written."""

    code = "damaged"


class BrokenOffError(FieldkitError):
    """The vault was locked in the middle of a step, which was undone."""


_DISK: tuple[tuple[tuple[int, ...], type[FieldkitError], str], ...] = (
    (
        (INTERRUPTED,),
        BrokenOffError,
        f"The vault was locked while this was running, so it was stopped. {_SAFE} Unlock the vault "
        "and do it again.",
    ),
    (
        (13,),
        DiskError,
        f"There is no space left on the disk of the vault. {_SAFE} Make room on the disk and do it "
        "again.",
    ),
    (
        (3, 8, 23),
        DiskError,
        f"The vault can no longer be written to. {_SAFE} Check that you may write to its folder, "
        "and do it again.",
    ),
    (
        (5, 6, 10, 14),
        DiskError,
        f"The vault's disk reported a fault ({{error}}). {_SAFE} Check that it is connected, and "
        "do it again; if the fault comes back, make a backup on another disk.",
    ),
    ((7,), DiskError, _NO_MEMORY),
    (
        CORRUPT,
        StoreDamagedError,
        "A part of the vault's database that was needed is damaged. Nothing was changed by this "
        "step. Copy the whole folder aside and run “fieldkit vault check”, which says what "
        "can be done; a backup can be restored into a new folder.",
    ),
)
"""For result codes of SQLite what is raised, and what is said."""


class DatabaseRefusedError(FieldkitError):
    """The database was not opened; nothing was created, changed or deleted."""


class MissingDatabaseError(DatabaseRefusedError):
    """There is no database file."""

    code = "damaged"


class EmptyDatabaseError(DatabaseRefusedError):
    """The database file holds no bytes."""

    code = "damaged"


class PlaintextDatabaseError(DatabaseRefusedError):
    """The file is an ordinary, unencrypted SQLite database."""

    code = "damaged"


class ForeignDatabaseError(DatabaseRefusedError):
    """Nothing in the file answers to this key: another vault's, or damaged from its first bytes."""

    code = "damaged"


class ExistingDatabaseError(DatabaseRefusedError):
    """A new database was asked for where files of one already lie."""


class UnsupportedLibraryError(DatabaseRefusedError):
    """The encryption library is missing, too old, or does not do what it is asked."""


class DamagedDatabaseError(DatabaseRefusedError):
    """The key is right, but the file is not whole."""

    code = "damaged"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The vault's database {path} is damaged; your passphrase is right. The file was left "
            "as it is. Copy the whole folder aside, then restore the latest backup into a new "
            "folder."
        )


class StrayLogError(DatabaseRefusedError):
    """The write-ahead log beside the database is that of another file of the same vault."""

    code = "damaged"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} and the log {path.name}-wal beside it do not belong together: one of "
            "them was copied here without the other, perhaps from a backup. Nothing was opened or "
            f"changed. Copy the whole folder {path.parent} aside first. The log holds the later "
            "work of the database it belongs to: put that one back if you still have it. "
            "Without it, move the log out of the folder, and the vault opens as it was when the "
            "database was copied."
        )


class AlreadyOpenError(DatabaseRefusedError):
    """Another program, or another part of this one, holds the database."""

    code = "in_use"

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"This vault is already open: another fieldkit holds {path}. Nothing was changed. Use "
            "that window, or lock or close it and try again."
        )


class UnusableDatabaseError(DatabaseRefusedError):
    """The system does not let the file be read or written; ``reason`` in its own words."""

    def __init__(self, path: Path, reason: object) -> None:
        super().__init__(
            f"The vault's database {path} could not be used ({reason}); nothing was lost. Check "
            "that you may write to its folder, that the disk has space and is connected, and try "
            "again."
        )


def result_code(error: BaseException | None) -> int:
    """Return SQLite's primary result code of an error; 0 where it has none."""
    if isinstance(error, dbapi2.InterfaceError) and str(error).startswith(_RESET):
        return INTERRUPTED
    if isinstance(error, dbapi2.Error) and str(error) in _DAMAGED:
        return CORRUPT[0]
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def refusal(path: Path, error: dbapi2.Error) -> DatabaseRefusedError:
    """Return what the driver met as the refusal that says so."""
    code = result_code(error)
    if code in BUSY:
        return AlreadyOpenError(path)
    return DamagedDatabaseError(path) if code in CORRUPT else UnusableDatabaseError(path, error)


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn the driver's errors about the disk into the :class:`DiskError` that says so."""
    try:
        yield
    except (DBAPIError, dbapi2.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        for codes, kind, sentence in _DISK:
            if result_code(cause) in codes:
                raise kind(sentence.format(error=cause)) from error
        raise
    except MemoryError as error:
        # The driver raises Python's own for SQLITE_NOMEM, which a damaged length brings about too.
        raise DiskError(_NO_MEMORY) from error
