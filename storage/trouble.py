"""Troubles of the disk under an open store, said to a person.

The driver's own errors name no file and no way on, and everything above expects a
:class:`~storage.errors.FieldkitError`. What is not the disk's fault, such as a broken constraint,
stays what it is: a mistake of this program's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from storage.errors import FieldkitError


class StoreTrouble(FieldkitError):
    """The disk under the store did not do what it was asked; what was committed before is safe."""


class DiskFull(StoreTrouble):
    """There is no space left."""


class DiskReadOnly(StoreTrouble):
    """The file or its folder may not be written any more."""


class DiskFailing(StoreTrouble):
    """Reading or writing failed."""


class StoreDamaged(StoreTrouble):
    """A page of the database is not what was written."""


_FULL, _IO, _MEMORY = (13,), (5, 6, 10, 14), (7,)
_READ_ONLY, _DAMAGED = (3, 8, 23), (11, 26)
"""Primary result codes: https://sqlite.org/rescode.html"""

_SAFE = "Nothing was changed by this step, and what was committed before is safe."
_NO_MEMORY = (
    f"There was not enough memory for this step. {_SAFE} Close other programs and do it again; if "
    "it goes on, run «fieldkit vault check»."
)


@contextmanager
def told() -> Iterator[None]:
    """Turn the driver's errors about the disk into the :class:`StoreTrouble` that says so."""
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
        raise DiskFailing(_NO_MEMORY) from error


def _trouble(error: BaseException | None) -> StoreTrouble | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL:
        return DiskFull(
            f"There is no space left on the disk of the vault. {_SAFE} Make room on the disk and "
            "do it again."
        )
    if code in _READ_ONLY:
        return DiskReadOnly(
            f"The system no longer lets the vault be written. {_SAFE} Check that you may write to "
            "its folder and do it again."
        )
    if code in _IO:
        return DiskFailing(
            f"The disk of the vault did not do what it was asked ({error}). {_SAFE} Check that it "
            "is connected and do it again; if it goes on, make a backup on another disk."
        )
    if code in _MEMORY:
        return DiskFailing(_NO_MEMORY)
    if code in _DAMAGED:
        return StoreDamaged(
            "The vault's database is damaged in a place that was just needed. Nothing was changed "
            "by this step. Copy the whole folder aside and run «fieldkit vault check», which says "
            "what can be done; a backup can be restored into a new folder."
        )
    return None
