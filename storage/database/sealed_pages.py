"""Reads and judges the pages of an encrypted database file without SQLite.

SQLCipher 4 (https://www.zetetic.net/sqlcipher/design): pages of 4096 bytes end in 16 bytes of
initialisation vector and 64 of HMAC-SHA512 over ciphertext, vector and page number; the first 16
bytes of the file are a random salt in plain view.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Literal

from storage.files import open_named
from storage.progress import Progress, silent

PLAIN = b"SQLite format 3\0"
"""How a database that is not encrypted begins (https://sqlite.org/fileformat.html, 1.3)."""


PAGE = 4096
"""Bytes of a page."""

_SALT = 16
_MAC = 64
_LOCKS = (1 << 30) // PAGE + 1
"""The page that SQLite locks bytes of and never writes: https://sqlite.org/fileformat2.html"""
_AT_ONCE = 256 * PAGE
_LOOKS, _BETWEEN_LOOKS = 25, 0.02
"""How often, and after how many seconds, pages that may just be written are looked at again."""


def key_fits(path: Path, hexkey: str) -> bool:
    """Say whether the file's first page, or its newest copy in the log, fits this key.

    Reads the bytes without SQLite, so nothing is locked, merged or made. Never call it for a file
    that this process has open (``storage.database.cipher`` says why).
    """
    key = bytes.fromhex(hexkey)
    return any(
        _authentic(page, 1, _mac_key(key, page[:_SALT])) for page in _copies_of_first_page(path)
    )


def any_page_fits(path: Path, hexkey: str) -> bool:
    """Say whether a page of the file is authentic under this key: ours, if damaged."""
    with open_named(path) as file:
        mac_key = _mac_key(bytes.fromhex(hexkey), file.read(_SALT))
        file.seek(0)
        return any(
            _authentic(page, number, mac_key) for number, page in enumerate(_pages(file), start=1)
        )


def log_fits(path: Path, hexkey: str) -> bool:
    """Say whether the write-ahead log beside a database is its own, by the first frame.

    A log without a frame that SQLite would read fits: it is ignored. Another file's has pages that
    are authentic under another salt only; merged, they would spoil the database for good. The
    format and its checksums: https://sqlite.org/fileformat2.html#walformat
    """
    log = path.with_name(path.name + "-wal")
    if not log.exists():
        return True
    with open_named(log) as file:
        begun, frame, page = file.read(32), file.read(24), file.read(PAGE)
    if len(page) < PAGE or begun[:3] != b"\x37\x7f\x06" or frame[8:16] != begun[16:24]:
        return True
    order: Literal["big", "little"] = "big" if begun[3] & 1 else "little"
    sums = _log_sums((0, 0), begun[:24], order)
    if sums != _two(begun[24:32]) or _log_sums(sums, frame[:8] + page, order) != _two(frame[16:24]):
        return True
    with open_named(path) as file:
        mac_key = _mac_key(bytes.fromhex(hexkey), file.read(_SALT))
    return _authentic(page, int.from_bytes(frame[:4], "big"), mac_key)


def _two(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[:4], "big"), int.from_bytes(data[4:], "big")


def _log_sums(
    sums: tuple[int, int], data: bytes, order: Literal["big", "little"]
) -> tuple[int, int]:
    even, odd = sums
    words = [int.from_bytes(data[at : at + 4], order) for at in range(0, len(data), 4)]
    for first, second in zip(words[::2], words[1::2], strict=True):
        even = (even + first + odd) & 0xFFFFFFFF
        odd = (odd + second + even) & 0xFFFFFFFF
    return even, odd


def damaged_pages(file: FileIO, hexkey: str, progress: Progress = silent) -> list[int]:
    """Return the numbers of the pages of a database that are not as SQLCipher wrote them.

    The file may be in use: pages that are being written are looked at again until they are whole,
    for half a second at the most, however many there are.
    SQLite itself says nothing of such a page when it copies it: SQLCipher gives it zeros instead.
    Takes some 10 ms for each MiB; merge the write-ahead log before, as after a crash the log may
    hold the only good copy of a page.
    """
    file.seek(0)
    mac_key = _mac_key(bytes.fromhex(hexkey), file.read(_SALT))
    doubtful, number, total = [], 1, file.seek(0, os.SEEK_END) // PAGE
    while len(page := _page(file, number)) == PAGE:
        if number != _LOCKS and not _authentic(page, number, mac_key):
            doubtful.append(number)
        if number % 256 == 0:
            progress("every page", min(number, total), total)
        number += 1
    for _ in range(_LOOKS if doubtful else 0):
        time.sleep(_BETWEEN_LOOKS)
        doubtful = [
            page_number
            for page_number in doubtful
            if _is_damaged(_page(file, page_number), page_number, mac_key)
        ]
        if not doubtful:
            break
    return doubtful


def copy_pages(file: FileIO, target: BinaryIO, hexkey: str, progress: Progress = silent) -> bool:
    """Copy the pages of a database as they lie; says whether each was as SQLCipher wrote it.

    What is in use may change meanwhile: :func:`lies_as_copied` says whether it did.
    """
    file.seek(0)
    mac_key = _mac_key(bytes.fromhex(hexkey), file.read(_SALT))
    number, total = 1, file.seek(0, os.SEEK_END) // PAGE
    file.seek(0)
    while pages := file.read(_AT_ONCE):
        for at in range(0, len(pages), PAGE):
            if number != _LOCKS and not _authentic(pages[at : at + PAGE], number, mac_key):
                return False
            number += 1
        target.write(pages)
        progress("every page", min(number - 1, total), total)
    return True


def lies_as_copied(file: FileIO, copy: BinaryIO) -> bool:
    """Say whether a database is, byte for byte, what was copied of it; some 50 ms for 100 MB.

    A page that was written meanwhile is not: each writing has an initialisation vector of its own.
    """
    file.seek(0)
    copy.seek(0)
    while (pages := file.read(_AT_ONCE)) == copy.read(_AT_ONCE):
        if not pages:
            return True
    return False


def _page(file: FileIO, number: int) -> bytes:
    file.seek((number - 1) * PAGE)
    return file.read(PAGE)


def _is_damaged(page: bytes, number: int, mac_key: bytes) -> bool:
    """Say whether a page is damaged; where the file has become shorter meanwhile, it is gone."""
    return len(page) == PAGE and not _authentic(page, number, mac_key)


def _copies_of_first_page(path: Path) -> Iterator[bytes]:
    """Yield page 1 of the file, then of the log, where it may be the only good one."""
    with open_named(path) as file:
        yield file.read(PAGE)
    log = path.with_name(path.name + "-wal")
    if not log.exists():
        return
    with open_named(log) as file:
        # 32 bytes of header, then frames of 24 + page: https://sqlite.org/fileformat2.html
        file.seek(32)
        while len(head := file.read(24)) == 24:
            if head[:4] == b"\0\0\0\1":
                yield file.read(PAGE)
            else:
                file.seek(PAGE, os.SEEK_CUR)


def _pages(file: BinaryIO) -> Iterator[bytes]:
    while len(page := file.read(PAGE)) == PAGE:
        yield page


def _mac_key(key: bytes, salt: bytes) -> bytes:
    """Derive SQLCipher 4's page authentication key (https://www.zetetic.net/sqlcipher/design)."""
    return hashlib.pbkdf2_hmac("sha512", key, bytes(b ^ 0x3A for b in salt), 2, 32)


def _authentic(page: bytes, number: int, mac_key: bytes) -> bool:
    if len(page) != PAGE:
        return False
    sealed = page[_SALT if number == 1 else 0 : PAGE - _MAC] + number.to_bytes(4, "little")
    return hmac.compare_digest(hmac.digest(mac_key, sealed, "sha512"), page[PAGE - _MAC :])
