"""Files that come and go: read within a limit, and written durably, whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from storage.durable import delete_folder, move, publish, remove, sync, sync_folder
from storage.errors import FieldkitError


class NotMadeError(FieldkitError):
    """The file could not be made; nothing left the vault."""


class NewFile:
    """Is a file under a temporary name in its folder; ``publish`` or ``discard`` ends it.

    Args:
        path: the name it is to have. Nothing may lie there, neither now nor when it is published.
        data: all of it.

    Raises:
        NotMadeError: something lies there, or the folder cannot be written.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        if not path.parent.is_dir():
            raise NotMadeError(
                f"There is no folder {path.parent}. Nothing left the vault. Make it, or name "
                "another."
            )
        self._must_be_free()
        try:
            write_new(self._temporary, data)
        except OSError as error:
            self.discard()
            raise self._refused(error) from error

    def publish(self) -> None:
        """Give it its name; raises :class:`NotMadeError`, the file then gone."""
        try:
            publish(self._temporary, self.path)
        except FileExistsError:
            self.discard()
            raise self._taken() from None
        except OSError as error:
            self.discard()
            raise self._refused(error) from error
        self.discard()  # once more, where the disk refused to remove its first name
        # Not every stick and network folder can.
        with suppress(OSError):
            sync_folder(self.path.parent)

    def discard(self) -> None:
        """Leave nothing behind."""
        remove(self._temporary)

    def _must_be_free(self) -> None:
        if os.path.lexists(self.path):
            raise self._taken()

    def _taken(self) -> NotMadeError:
        return NotMadeError(
            f"There is a file {self.path} already, and it is never written over. Nothing left the "
            "vault. Name another."
        )

    def _refused(self, error: OSError) -> NotMadeError:
        return NotMadeError(
            f"{self.path} could not be written ({error.strerror or error}). Nothing left the "
            "vault. Check the disk or stick, and try again."
        )


class FileRefusedError(FieldkitError):
    """A file could not be read or written."""


def owner_only(path: str, flags: int) -> int:
    """Return an opener for ``open``: a file that it makes is its owner's alone (0600)."""
    return os.open(path, flags, 0o600)


def is_plain(path: Path) -> bool:
    """Say whether it is a regular file and no link: what is read of a folder others write to.

    A link there could make us tell of, or copy, any file that this person may read.
    """
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def open_plain(path: Path) -> BufferedReader:
    """Open what :func:`is_plain` to read, also where it was replaced since; raises ``OSError``."""
    return open(path, "rb", opener=_plain_only)


def open_named(path: Path) -> BufferedReader:
    """Open a file that a person named, or one of a vault, to read; a link is followed.

    Raises ``OSError``; of a folder, a pipe or a device with what it is, and without waiting.
    """
    return open(path, "rb", opener=_regular_only)


def _plain_only(path: str, flags: int) -> int:
    return _regular_only(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _regular_only(path: str, flags: int) -> int:
    # Without waiting: a pipe would hold us up until somebody writes into it.
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISDIR, "a folder"), (stat.S_ISSOCK, "a socket"))
        kind = next((words for is_kind, words in kinds if is_kind(mode)), "a device")
        raise OSError(errno.EINVAL, f"it is {kind} and not a file")
    return descriptor


def readable_by(status: os.stat_result) -> str:
    """Return who else than its owner may read or change a file or folder, in words, or nothing.

    By its mode; Windows keeps no such thing there, and says nothing.
    """
    if sys.platform == "win32":
        return ""
    if status.st_mode & (stat.S_IROTH | stat.S_IWOTH):
        return "everybody with an account on this computer"
    if status.st_mode & (stat.S_IRGRP | stat.S_IWGRP):
        return "every account of its group"
    return "" if status.st_uid in (os.geteuid(), 0) else "the account that owns it"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits; raises ``OSError``."""
    with open_named(path) as file:
        return digest(file)


def digest(file: BufferedReader) -> str:
    """Return the SHA-256 of what is left of an open file, in hexadecimal digits."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path, limit: int) -> bytes:
    """Return all of a file; raise :class:`FileRefusedError` where it is too large or unreadable."""
    try:
        with open_named(path) as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise FileRefusedError(
            f"There is no file {path}. Nothing was changed. Check its name."
        ) from None
    except OSError as error:
        raise FileRefusedError(
            f"{path} could not be read ({error.strerror or error}). Nothing was changed. Check the "
            "stick or disk it lies on."
        ) from error
    if len(data) > limit:
        raise FileRefusedError(
            f"{path} is larger than the {limit:,} bytes that belong there. Nothing was changed. "
            "Check that it is the right file."
        )
    return data


def write(path: Path, data: bytes) -> None:
    """Write a file as :func:`replace` does.

    Raises :class:`FileRefusedError` where the folder cannot be written.
    """
    try:
        replace(path, data)
    except OSError as error:
        raise FileRefusedError(
            f"{path} could not be written ({error.strerror or error}). Nothing was changed. Check "
            "that its folder is there and can be written."
        ) from error


def replace(path: Path, data: bytes | BufferedReader) -> None:
    """Write a file durably, whole or not at all, its owner's alone, in place of one of that name.

    ``data`` is all of it, or what is left of an open file. Raises ``OSError``.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_new(temporary, data)
        move(temporary, path)
        sync_folder(path.parent)
    except OSError:
        remove(temporary)
        raise


def write_new(path: Path, data: bytes | BufferedReader) -> None:
    """Write a file that is not there yet durably, its owner's alone; raises ``OSError``."""
    with open(path, "xb", opener=owner_only) as file:
        if isinstance(data, bytes):
            file.write(data)
        else:
            shutil.copyfileobj(data, file)
        sync(file)


def make_folder(folder: Path) -> list[Path]:
    """Make a folder for its owner alone, and those above it that are missing, durably.

    One that is there stays as it is. Returns what was made, the innermost first. Raises
    :class:`FileRefusedError` where it cannot be made.
    """
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    try:
        for folder_above in reversed(missing):
            folder_above.mkdir(mode=0o700, exist_ok=True)
            # Else a power cut could take the folder away with all that was saved in it.
            sync_folder(folder_above.parent)
    except OSError as error:
        remove_empty(missing)
        raise FileRefusedError(
            f"The folder {missing[0]} could not be made ({error.strerror or error}). Nothing was "
            "changed. Choose a place that you may write to and that has space."
        ) from error
    return missing


def remove_empty(folders: Iterable[Path]) -> None:
    """Take folders away again that were made for what came to nothing; one with files stays."""
    for folder in folders:
        with suppress(OSError):
            delete_folder(folder)
