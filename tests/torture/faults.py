"""Faults of the disk, at the n-th thing that is asked of it to write.

SQLite lets its system calls be replaced (``xSetSystemCall``, https://sqlite.org/vfs.html), and what
Python writes goes through ``os`` and ``io``. Both are counted by one counter, so that a fault can
be put at every single place of a job. SQLite's own syncs cannot be reached that way; what is lost
where one never came to the disk is the matter of :mod:`tests.torture.test_power_cut`.
"""

from __future__ import annotations

import ctypes
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlcipher3._sqlite3 as driver  # type: ignore[import-untyped]

FULL, FAILING, DENIED, READ_ONLY = errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS
KILLED = -1

_Setter = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
_Getter = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)


class _Vfs(ctypes.Structure):
    """The beginning of ``struct sqlite3_vfs``, up to what is needed of it."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("methods", ctypes.c_void_p * 13),
        ("set_call", _Setter),
        ("get_call", _Getter),
    ]


_INT, _SIZE, _POINTER, _TEXT = ctypes.c_int, ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_char_p
_WRITES: dict[str, tuple[Any, ...]] = {
    "open": (_INT, _TEXT, _INT, _INT),
    "write": (_SIZE, _INT, _POINTER, ctypes.c_size_t),
    "pwrite": (_SIZE, _INT, _POINTER, ctypes.c_size_t, ctypes.c_long),
    "pwrite64": (_SIZE, _INT, _POINTER, ctypes.c_size_t, ctypes.c_long),
    "ftruncate": (_INT, _INT, ctypes.c_long),
    "unlink": (_INT, _TEXT),
}
"""Calls of SQLite that write, with what they give back and take."""


class Faults:
    """Counts what is written; the ``at``-th fails, and all later ones too where it ``lasts``.

    With ``only``, of the later ones those whose name has that in it. With :data:`KILLED` as the
    error the process ends there.
    """

    def __init__(self) -> None:
        self.count = 0
        self.struck = 0
        self.names: list[str] = []
        self._at, self._lasts, self._only, self._error = 0, False, "", 0

    def arm(self, at: int, error: int, *, lasts: bool = False, only: str = "") -> None:
        """From now on count, and fail at the ``at``-th."""
        self.count = self.struck = 0
        self.names = []
        self._at, self._error, self._lasts, self._only = at, error, lasts, only

    def disarm(self) -> None:
        """The cause is gone."""
        self._at = 0

    def hit(self, name: str) -> int:
        """Count a call; the error it is to fail with, or 0."""
        if not self._at:
            return 0
        self.count += 1
        self.names.append(name)
        later = self._lasts and self.count > self._at and self._only in name
        if self.count == self._at or later:
            if self._error == KILLED:
                os._exit(9)
            self.struck += 1
            return self._error
        return 0


def why_not() -> str:
    """Why SQLite's calls cannot be replaced here; empty where they can."""
    if os.name != "posix":
        return "SQLite's system calls are replaced on POSIX systems only"
    if os.uname().machine not in ("x86_64", "aarch64"):
        return "long is taken to hold a file offset"
    try:
        _vfs()
    except (AttributeError, OSError) as error:
        return f"the driver hides SQLite's own functions ({error})"
    return ""


def _vfs() -> Any:
    library = ctypes.CDLL(driver.__file__)
    find = library.sqlite3_vfs_find
    find.restype, find.argtypes = ctypes.POINTER(_Vfs), [ctypes.c_char_p]
    return find(None)


@contextmanager
def watched() -> Iterator[Faults]:
    """Stand between this process and its disk until the end."""
    faults = Faults()
    vfs = _vfs()
    kept: list[tuple[bytes, int, object]] = []
    for name, (result, *arguments) in _WRITES.items():
        pointer = vfs.contents.get_call(vfs, name.encode())
        if not pointer:
            continue
        kind = ctypes.CFUNCTYPE(result, *arguments, use_errno=True)
        ours = kind(_between(faults, name, kind(pointer)))
        vfs.contents.set_call(vfs, name.encode(), ctypes.cast(ours, ctypes.c_void_p))
        kept.append((name.encode(), pointer, ours))
    undo = _patch_python(faults)
    try:
        yield faults
    finally:
        undo()
        for call, pointer, _ in kept:
            vfs.contents.set_call(vfs, call, pointer)


def _between(faults: Faults, name: str, real: Callable[..., int]) -> Callable[..., int]:
    def call(*arguments: Any) -> int:
        writes = name != "open" or arguments[1] & (os.O_CREAT | os.O_RDWR | os.O_WRONLY)
        error = faults.hit(f"sqlite {name}") if writes else 0
        if error:
            ctypes.set_errno(error)
            return -1
        return real(*arguments)

    return call


class _File:
    """A file opened for writing, whose writes are counted; half of a failing one arrives."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def write(self, data: Any) -> int:
        error = self._faults.hit("python write")
        if error:
            self._file.write(data[: len(data) // 2])
            raise OSError(error, os.strerror(error))
        written: int = self._file.write(data)
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        self._file.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self._file.__exit__(*details)


def _patch_python(faults: Faults) -> Callable[[], None]:
    """Count what Python's own code asks of the system; gives back how to undo it."""
    real: dict[tuple[Any, str], Any] = {}

    def replace(module: Any, name: str, made: Callable[..., Any]) -> None:
        real[module, name] = getattr(module, name)
        setattr(module, name, made)

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*arguments: Any, **named: Any) -> Any:
            error = faults.hit(f"python {name}")
            if error:
                raise OSError(error, os.strerror(error))
            return call(*arguments, **named)

        return asked

    for name in ("fsync", "replace", "rename", "link", "mkdir", "unlink"):
        replace(os, name, counted(name, getattr(os, name)))

    opened, descriptor = io.open, os.open

    def open_file(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if not set(mode) & set("wxa+"):
            return opened(file, mode, *rest, **named)
        error = 0 if isinstance(file, int) else faults.hit("python open")
        if error:
            raise OSError(error, os.strerror(error), str(file))
        return _File(opened(file, mode, *rest, **named), faults)

    def open_descriptor(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        error = faults.hit("python os.open") if flags & os.O_CREAT else 0
        if error:
            raise OSError(error, os.strerror(error), str(path))
        return descriptor(path, flags, *rest, **named)

    replace(io, "open", open_file)
    replace(os, "open", open_descriptor)

    def undo() -> None:
        for (module, name), kept in real.items():
            setattr(module, name, kept)

    return undo
