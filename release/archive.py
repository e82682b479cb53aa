"""Zip files whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from pathlib import Path

EPOCH = 1580601600
"""2020-02-02, in seconds: the time of every file, as the build of the wheel has it by default."""


def source_epoch() -> int:
    """Return the time that files are given: ``SOURCE_DATE_EPOCH`` where it is set, in seconds."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or EPOCH)


def pack(folder: Path, target: Path, *, compress: bool = False) -> None:
    """Write a folder as a zip file: sorted, all files of one time, no modes but “may be run”.

    Compressed bytes differ from one zlib to the next, and wheels are compressed already, so a kit
    is not compressed again.
    """
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    moment = time.gmtime(source_epoch())[:6]
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            name = path.relative_to(folder.parent).as_posix()
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system = 3  # Unix, whose modes follow
            runs = path.suffix == ".sh" or path.stat().st_mode & 0o100
            entry.external_attr = (0o100755 if runs else 0o100644) << 16
            archive.writestr(entry, path.read_bytes(), method)


def sums(folder: Path) -> str:
    """Return the SHA-256 of every file of a folder, as ``sha256sum`` writes and checks them."""
    return "".join(
        f"{digest(path)}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
