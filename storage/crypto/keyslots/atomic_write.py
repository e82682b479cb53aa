"""Writing a key file so that at every moment a whole one is on the disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from storage.crypto.keyslots.errors import ExistingKeyFile, KeyFileChanged, KeyFileNotWritten
from storage.durable import delete, move, publish, remove, sync, sync_folder
from storage.files import open_named


def copy_path(path: Path) -> Path:
    """Return where the copy of a key file lies."""
    return path.with_name(path.name + ".bak")


def write_new(path: Path, data: bytes, check: Callable[[bytes], None]) -> None:
    """Put a first key file and its copy in place, or neither. Raises ``ExistingKeyFile``."""
    refuse_existing(path)
    with _Temporary(path, data, check) as temporary:
        try:
            publish(temporary, path)
        except FileExistsError as error:
            raise ExistingKeyFile(
                f"Another program has just made a key file {path}, so no new vault was made. "
                "Choose an empty folder."
            ) from error
        try:
            sync_folder(path.parent, must=True)
            write_copy(path, data)
        except BaseException:
            remove(path, copy_path(path))
            raise


def refuse_existing(path: Path) -> None:
    """Raise ``ExistingKeyFile`` if there is a key file or a copy of one."""
    for name in (path, copy_path(path)):
        if os.path.lexists(name):
            raise ExistingKeyFile(
                f"There is already a key file {name}, so no new vault was made and nothing was "
                "changed. Open the vault in this folder, or choose an empty folder."
            )


def replace(path: Path, old: bytes, new: bytes, check: Callable[[bytes], None]) -> None:
    """Replace the key file that holds ``old`` by ``new``, keeping ``old`` as the copy.

    ``check`` is given what can be read back of the new file and raises if it is not good. Until the
    last step the old file stands. Raises ``KeyFileChanged`` and ``KeyFileNotWritten``.
    """
    _refuse_changed(path, old)
    with _Temporary(path, new, check) as temporary:
        write_copy(path, old)
        _refuse_changed(path, old)
        move(temporary, path)
        try:
            sync_folder(path.parent, must=True)
        except OSError as error:
            raise KeyFileNotWritten(
                f"The key file {path} was written, but the disk did not confirm it "
                f"({error.strerror}). Until the vault has been opened again, keep what opened it "
                "before as well as the new. Make a backup on another disk now."
            ) from error


def write_copy(path: Path, data: bytes) -> None:
    """Make the copy beside ``path`` hold ``data``; does nothing when it already does."""
    copy = copy_path(path)
    with suppress(OSError):
        with open_named(copy) as file:
            if file.read(len(data) + 1) == data:
                return
    with _Temporary(path, data, lambda _: None) as temporary:
        move(temporary, copy)
        sync_folder(path.parent, must=True)


def remove_leftovers(path: Path) -> None:
    """Remove half-written files of an interrupted change. Only while no other program changes."""
    remove(*path.parent.glob(f".{path.name}.*.tmp"))


def destroy(path: Path) -> None:
    """Overwrite and remove the key file, its copy and leftovers.

    The disk's own spare blocks, backups and copies elsewhere are not reached.
    """
    remove_leftovers(path)
    for name in (copy_path(path), path):
        try:
            with name.open("r+b") as file:
                file.write(os.urandom(name.stat().st_size))
                sync(file)
            delete(name)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise KeyFileNotWritten(
                f"The key file {name} could not be removed ({error.strerror}), so this vault can "
                "still be opened. Check that you may write to its folder and try again."
            ) from error
    sync_folder(path.parent, must=True)


class _Temporary:
    """Puts new bytes in a file of their own in the same folder: synced, read back, checked."""

    def __init__(self, path: Path, data: bytes, check: Callable[[bytes], None]) -> None:
        self._path, self._data, self._check = path, data, check
        self._file: Path | None = None

    def __enter__(self) -> Path:
        try:
            # mkstemp makes the file for its owner alone (0600).
            descriptor, name = mkstemp(
                prefix=f".{self._path.name}.", suffix=".tmp", dir=self._path.parent
            )
            self._file = Path(name)
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._data)
                sync(file)
            read_back = self._file.read_bytes()
            if read_back != self._data:
                raise OSError(errno.EIO, "what was written cannot be read back")
            self._check(read_back)
        except OSError as error:
            self._discard()
            raise _not_written(self._path, error) from error
        except BaseException:
            self._discard()
            raise
        return self._file

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._discard()
        if isinstance(error, OSError):
            raise _not_written(self._path, error) from error

    def _discard(self) -> None:
        if self._file is not None:
            remove(self._file)


def _not_written(path: Path, error: OSError) -> KeyFileNotWritten:
    return KeyFileNotWritten(
        f"The key file {path} could not be written ({error.strerror or error}). What opened the "
        "vault before still opens it. Check that you may write to its folder and that the disk has "
        "space, then try again."
    )


def _refuse_changed(path: Path, old: bytes) -> None:
    try:
        same = path.read_bytes() == old
    except OSError:
        same = False
    if not same:
        raise KeyFileChanged(
            f"The key file {path} was changed or removed by another program since it was read, so "
            "it was not written and your change was not made. Lock the vault, open it again and "
            "repeat the change."
        )
