"""A sync that fails: the n-th of the whole process, whoever asks for it, SQLite among them.

SQLite does not let its sync be replaced as its other calls (:mod:`tests.torture.faults`), so the
place where the driver's library keeps the address of ``fsync`` is written over (its global offset
table, as ``ld.so`` does). strace is no way to it: it counts for each thread and each call apart
(``when=`` in strace(1)), and a vault has a thread of its own after each unlocking.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sqlcipher3._sqlite3 as driver  # type: ignore[import-untyped]

SYNCS = ("fsync", "fdatasync")
_LOADED, _DYNAMIC = 1, 2
_STRINGS, _SYMBOLS, _RELOCATIONS, _CALLS = 5, 6, 7, 23
_SIZES = {_RELOCATIONS: 8, _CALLS: 2}
"""Tags of the dynamic section (elf(5)): where its tables lie, and how long two of them are."""
_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, use_errno=True)


class Syncs:
    """Counts the syncs of this process from now on; the ``at``-th fails, and with ``lasts`` all
    after it. For a process that ends after this: nothing is put back.
    """

    def __init__(self, at: int = 0, error: int = 0, *, lasts: bool = False) -> None:
        self.count = self.struck = self.of_sqlite = 0
        self._at, self._error, self._lasts = at, error, lasts
        self._one = threading.Lock()
        self._kept: list[object] = []
        for name, address in places().items():
            real = _FUNCTION(ctypes.c_void_p.from_address(address).value or 0)
            ours = _FUNCTION(self._of_sqlite(real))
            _let_write(address)
            pointer = ctypes.cast(ours, ctypes.c_void_p).value
            ctypes.c_void_p.from_address(address).value = pointer
            self._kept += [name, real, ours]
        for name in SYNCS:
            setattr(os, name, self._of_python(getattr(os, name)))

    def _hit(self, *, of_sqlite: bool) -> bool:
        with self._one:
            self.count += 1
            self.of_sqlite += of_sqlite
            fails = self.count == self._at or (self._lasts and 0 < self._at < self.count)
            self.struck += fails
            return fails

    def _of_sqlite(self, real: Callable[[int], int]) -> Callable[[int], int]:
        def sync(descriptor: int) -> int:
            if self._hit(of_sqlite=True):
                ctypes.set_errno(self._error)
                return -1
            return real(descriptor)

        return sync

    def _of_python(self, real: Callable[[Any], None]) -> Callable[[Any], None]:
        def sync(descriptor: Any) -> None:
            if self._hit(of_sqlite=False):
                raise OSError(self._error, os.strerror(self._error))
            real(descriptor)

        return sync


def why_not() -> str:
    """Why SQLite's syncs cannot be reached here; empty where they can."""
    if sys.platform != "linux" or sys.byteorder != "little" or sys.maxsize < 2**32:
        return "the driver's library is written over on Linux with 64 bits only"
    return "" if "fsync" in places() else "the driver's library does not call fsync by name"


@cache
def places() -> dict[str, int]:
    """Where in this process the driver's library keeps the address of each kind of sync."""
    path = Path(driver.__file__).resolve()
    mapped = (line.split(maxsplit=5) for line in Path("/proc/self/maps").read_text().splitlines())
    begin = next(
        int(one[0].split("-")[0], 16)
        for one in mapped
        if len(one) == 6 and one[5] == str(path) and not int(one[2], 16)
    )
    return {name: begin + offset for name, offset in _slots(path.read_bytes()) if name in SYNCS}


def _slots(library: bytes) -> Iterator[tuple[str, int]]:
    """The functions that a library calls by name, and where it keeps the address of each."""
    start, size, number = (
        *struct.unpack_from("<Q", library, 32),
        *struct.unpack_from("<HH", library, 54),
    )
    parts = [struct.unpack_from("<IIQQQQQQ", library, start + size * i) for i in range(number)]

    def in_file(address: int) -> int:
        return next(
            int(address - part[3] + part[2])
            for part in parts
            if part[0] == _LOADED and part[3] <= address < part[3] + part[5]
        )

    dynamic = next(part for part in parts if part[0] == _DYNAMIC)
    tables = dict(struct.iter_unpack("<QQ", library[dynamic[2] : dynamic[2] + dynamic[5]]))
    symbols, strings = in_file(tables[_SYMBOLS]), in_file(tables[_STRINGS])
    for table, length in _SIZES.items():
        if table not in tables:
            continue
        begin = in_file(tables[table])
        for offset, what, _ in struct.iter_unpack("<QQq", library[begin : begin + tables[length]]):
            (at,) = struct.unpack_from("<I", library, symbols + 24 * (what >> 32))
            yield library[strings + at : library.index(b"\0", strings + at)].decode(), offset


def _let_write(address: int) -> None:
    """Let a place be written that the loader may have closed."""
    page = address - address % mmap.PAGESIZE
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    if protect(page, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_WRITE):
        raise OSError(ctypes.get_errno(), "The driver's library cannot be written over.")
