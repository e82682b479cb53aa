"""Says why a database is not opened: each reason is a class, with a sentence for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from storage.errors import FieldkitError


class DiskError(FieldkitError):
    """The disk under the store did not do what it was asked; what was committed before is safe."""


class DiskFullError(DiskError):
    """There is no space left."""


class DiskReadOnlyError(DiskError):
    """The file or its folder may not be written any more."""


class DiskFailingError(DiskError):
    """Reading or writing failed."""


class StoreDamagedError(DiskError):
    """A page of the database is not what was written."""


_FULL, _IO, _MEMORY = (13,), (5, 6, 10, 14), (7,)


_READ_ONLY, _DAMAGED = (3, 8, 23), (11, 26)
"""Primary result codes: https://sqlite.org/rescode.html"""


_SAFE = "Nothing was changed by this step, and what was committed before is safe."


_NO_MEMORY = (
    f"There was not enough memory for this step. {_SAFE} Close other programs and do it again; if "
    "it goes on, run “fieldkit vault check”."
)


class DatabaseRefusedError(FieldkitError):
    """The database was not opened; nothing was created, changed or deleted."""


class MissingDatabaseError(DatabaseRefusedError):
    """There is no database file."""


class EmptyDatabaseError(DatabaseRefusedError):
    """The database file holds no bytes."""


class PlaintextDatabaseError(DatabaseRefusedError):
    """The file is an ordinary, unencrypted SQLite database."""


class ForeignDatabaseError(DatabaseRefusedError):
    """Nothing in the file answers to this key: another vault's, or damaged from its first bytes."""


class DamagedDatabaseError(DatabaseRefusedError):
    """The key is right, but the file is not whole."""


class StrayLogError(DatabaseRefusedError):
    """The write-ahead log beside the database is another file's."""


class AlreadyOpenError(DatabaseRefusedError):
    """Another program, or another part of this one, holds the database."""


class ExistingDatabaseError(DatabaseRefusedError):
    """A new database was asked for where files of one already lie."""


class UnusableDatabaseError(DatabaseRefusedError):
    """The system does not let the file be read or written."""


class UnsupportedLibraryError(DatabaseRefusedError):
    """The encryption library is missing, too old, or does not do what it is asked."""


def refusal(path: Path, error: dbapi2.Error) -> DatabaseRefusedError:
    """Return what the driver met as the refusal that says so."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (5, 6):  # BUSY, LOCKED
        return already_open(path)
    if code in (11, 26):  # CORRUPT, NOTADB
        return damaged(path)
    return unusable(path, str(error))


def already_open(path: Path) -> AlreadyOpenError:
    """Return the refusal of a database that another program, or part of this one, holds."""
    return AlreadyOpenError(
        f"This vault is already open: another fieldkit holds {path}. Nothing was changed. Use "
        "that window, or lock or close it and try again."
    )


def damaged(path: Path) -> DamagedDatabaseError:
    """Return the refusal of a file that is not whole although the key is right."""
    return DamagedDatabaseError(
        f"The vault's database {path} is damaged; your passphrase is right. The file was left as "
        "it is. Copy the whole folder aside, then restore the latest backup into a new folder."
    )


def unusable(path: Path, reason: str) -> UnusableDatabaseError:
    """Return the refusal where the system does not let the file be used, and why."""
    return UnusableDatabaseError(
        f"The vault's database {path} could not be used ({reason}); nothing was lost. Check that "
        "you may write to its folder, that the disk has space and is connected, and try again."
    )


def stray_log(path: Path) -> StrayLogError:
    """Return the refusal of a database beside which lies another file's log."""
    return StrayLogError(
        f"{path.name} and the log {path.name}-wal beside it are not of one file: one of the two "
        "was copied here without the other, as out of a backup. Nothing was opened or changed. "
        f"Copy the whole folder {path.parent} aside first. The log holds the later work of the "
        "database it belongs to: put that one back, if it is anywhere. Without it, move the log "
        "out of the folder, and the vault opens as it was when the database was copied."
    )


@contextmanager
def translate_errors() -> Iterator[None]:
    """Turn the driver's errors about the disk into the :class:`DiskError` that says so."""
    try:
        yield
    except DBAPIError as error:
        trouble = _trouble(error.orig)
        if trouble is None:
            raise
        raise trouble from error
    except dbapi2.Error as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise trouble from error
    except MemoryError as error:
        # The driver raises Python's own for SQLITE_NOMEM, which a damaged length brings about too.
        raise DiskFailingError(_NO_MEMORY) from error


def _trouble(error: BaseException | None) -> DiskError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL:
        return DiskFullError(
            f"There is no space left on the disk of the vault. {_SAFE} Make room on the disk and "
            "do it again."
        )
    if code in _READ_ONLY:
        return DiskReadOnlyError(
            f"The system no longer lets the vault be written. {_SAFE} Check that you may write to "
            "its folder and do it again."
        )
    if code in _IO:
        return DiskFailingError(
            f"The disk of the vault did not do what it was asked ({error}). {_SAFE} Check that it "
            "is connected and do it again; if it goes on, make a backup on another disk."
        )
    if code in _MEMORY:
        return DiskFailingError(_NO_MEMORY)
    if code in _DAMAGED:
        return StoreDamagedError(
            "The vault's database is damaged in a place that was just needed. Nothing was changed "
            "by this step. Copy the whole folder aside and run “fieldkit vault check”, which says "
            "what can be done; a backup can be restored into a new folder."
        )
    return None
