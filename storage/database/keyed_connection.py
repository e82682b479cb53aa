"""A keyed connection to a database file, and how a lock takes it away from whoever uses it.

One thread opens, uses and closes the connection (:mod:`storage.vault.clerk`). A lock does not wait
for it: it takes the connection over, and from then on the other thread can run nothing on it. What
that thread had not committed is undone, as after a power cut.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from typing import Any, Self
from weakref import WeakValueDictionary

from sqlcipher3 import dbapi2

from storage.database.errors import INTERRUPTED

_AGAIN = 0.005
"""Seconds after which a statement that goes on is interrupted once more."""


NOBODY = 0
"""The thread that has a connection which was given up."""
guard = threading.Lock()
"""Held while it is looked up, or changed, which files are open in this process."""
open_files: WeakValueDictionary[tuple[int, int], CipherConnection] = WeakValueDictionary()
"""The open files, by device and inode."""


class TakenOverError(dbapi2.OperationalError):
    """The vault is being locked, and the connection is no longer this thread's."""

    sqlite_errorcode = INTERRUPTED


class CipherCursor(dbapi2.Cursor):
    """Is a cursor that runs a statement only while its thread has the connection."""

    connection: CipherConnection

    def execute(self, sql: str, *parameters: Any) -> Self:
        """Run a statement; raises :class:`TakenOverError`."""
        with self.connection.using:
            self.connection.refuse_others()
            return super().execute(sql, *parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Self:
        """Run a statement for each of several values; raises :class:`TakenOverError`."""
        with self.connection.using:
            self.connection.refuse_others()
            return super().executemany(sql, parameters)


class CipherConnection(dbapi2.Connection):
    """Is a keyed connection, for one thread at a time; ``close`` frees the file.

    It belongs to the thread that opened it until another calls :meth:`take_over`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "check_same_thread": False})
        self.file_identity: tuple[int, int] | None = None
        self.path: Path | None = None
        self.using = threading.RLock()
        """Held while a statement runs, so that none begins in the middle of a taking over."""
        self._owner = threading.get_ident()
        self._taken = False
        self._readers: list[FileIO] = []

    def refuse_others(self) -> None:
        """Raise unless this thread has the connection: :class:`TakenOverError` after a lock."""
        if threading.get_ident() != self._owner:
            if self._taken:
                raise TakenOverError("interrupted")
            raise dbapi2.ProgrammingError("a connection belongs to the thread that opened it")

    def cursor(self, factory: type[dbapi2.Cursor] = CipherCursor, /) -> dbapi2.Cursor:
        """Return a cursor."""
        return super().cursor(factory)

    def commit(self) -> None:
        """Commit; raises :class:`TakenOverError`, and then nothing was committed."""
        with self.using:
            self.refuse_others()
            super().commit()

    def rollback(self) -> None:
        """Undo what was not committed; where the connection was taken over, that is done."""
        with self.using:
            if threading.get_ident() == self._owner:
                super().rollback()

    def take_over(self, seconds: float) -> bool:
        """Have the connection from now on, on this thread, and undo what was not committed.

        A statement that runs is interrupted. Returns whether that worked in so many seconds: a
        commit that a slow disk holds up is waited for, and no longer.
        """
        # From here on the other thread begins no statement, and none that runs is waited for.
        self._taken = True
        self._owner = threading.get_ident()
        until = time.monotonic() + seconds
        while not self.using.acquire(timeout=_AGAIN):
            self.interrupt()
            if time.monotonic() > until:
                return False
        try:
            while not self._free():
                if time.monotonic() > until:
                    return False
                time.sleep(_AGAIN)
            return True
        finally:
            self.using.release()

    def _free(self) -> bool:
        """Undo what was not committed; say whether an interruption is over.

        It lasts until the other thread's rows that are half read are given up. The driver does
        that where it undoes a transaction, and else the other thread when it reads on.
        """
        super().rollback()
        try:
            self.execute("BEGIN IMMEDIATE")
        except dbapi2.OperationalError:
            return False
        super().rollback()
        return True

    def give_up(self) -> None:
        """Let any thread close it from now on, and none use it."""
        self._taken = True
        self._owner = NOBODY

    def bytes_of_file(self) -> FileIO:
        """Return the database file to be read as it lies, while it is open here.

        It stays open until the connection is closed, whose locks would go with it; for any thread.
        """
        if self.path is None:
            raise ValueError("the connection has no file")
        reader = FileIO(self.path, "rb")
        self._readers.append(reader)
        return reader

    def close(self) -> None:
        """Close, merging the write-ahead log into the one database file.

        Does nothing where another thread has taken the connection over and has not given it up.
        """
        if self._taken and self._owner not in (NOBODY, threading.get_ident()):
            return
        super().close()
        while self._readers:
            self._readers.pop().close()
        if self.file_identity is not None:
            with guard:
                open_files.pop(self.file_identity, None)
            self.file_identity = None
