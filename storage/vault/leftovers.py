"""Takes away, or names, what interrupted work leaves: half a vault, copies of its database."""

from __future__ import annotations

import glob
import os
import secrets
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.crypto.keyslots.atomic_write import copy_path, remove_leftovers
from storage.crypto.keyslots.errors import ExistingKeyFile
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import companions, refuse_if_open
from storage.database.errors import ExistingDatabaseError
from storage.durable import delete, remove, remove_tree, sync, sync_folder
from storage.errors import FieldkitError
from storage.files import write_new
from storage.vault.folder import DATABASE, KEYS, MAKING, is_half_made, parts_in

BEFORE, RESTORED = "-before-", "-restored-"
"""What follows the vault's own name in a folder that is set aside, and in one just restored."""
_SCRATCH = ".check-"
_in_use: set[str] = set()


_LOCKED = 1 << 20
"""The byte of the note that its maker locks: far from those that others read."""


class VaultNotMadeError(FieldkitError):
    """A vault could not be made, and nothing of another one was touched."""


class Making:
    """Makes a vault in a folder, all of it or nothing that looks like one.

    A note lies in the folder meanwhile (:data:`~storage.vault.folder.MAKING`) that says which vault
    is none yet. Whatever ends the making, a power cut too, the files of that vault are no vault
    while the note is there, and the next making takes them away. What was there before, or comes
    meanwhile, is never touched.

    Raises :class:`VaultNotMadeError` on entering where another program is making one there, where
    parts of a vault lie there, or where what an earlier making left cannot be taken away.
    """

    def __init__(self, folder: Path) -> None:
        self.vault_id = str(uuid.uuid4())
        self._folder, self._note = folder, folder / MAKING
        self._file: BufferedRandom

    def __enter__(self) -> Self:
        try:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            self._file = os.fdopen(os.open(self._note, flags, 0o600), "r+b")
        except OSError as error:
            raise self._not_begun(error) from error
        try:
            self._lock()
        except BaseException:
            self._file.close()
            raise
        try:
            refuse_if_open(self._folder / DATABASE)
            self._clear()
            self._file.truncate()
            self._file.write(self.vault_id.encode())
            sync(self._file)
            sync_folder(self._folder)
        except BaseException as error:
            self._file.close()
            if not _left(self._folder):
                remove(self._note)
            if isinstance(error, OSError):
                raise self._not_begun(error) from error
            raise
        return self

    def done(self) -> None:
        """Make it a vault, once all of it is on the disk; the last step."""
        # Windows removes nothing that is open. Whoever comes now meets the open database.
        self._file.close()
        try:
            delete(self._note)
            sync_folder(self._folder)
        except OSError as error:
            raise VaultNotMadeError(
                f"The vault in {self._folder} could not be finished ({error.strerror or error}), "
                "so it was not made. Check that you may write to that folder, then try again."
            ) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if isinstance(error, ExistingKeyFile | ExistingDatabaseError):
            # It lay there, or came meanwhile, and is not ours to take away.
            if isinstance(error, ExistingDatabaseError):
                remove(*_keys(self._folder))
            remove(self._note)
        elif error is not None:
            unmake(self._folder, self.vault_id)
            if isinstance(error, FieldkitError) and (left := _left(self._folder)):
                error.args = (
                    f"{error} What was begun could not be taken away: {_listed(left)} in "
                    f"{self._folder}. That is no vault and holds nothing of yours. Once the disk "
                    "works, make the vault there again.",
                )

    def _lock(self) -> None:
        """Keep other programs from making a vault here, as far as the system lets us."""
        try:
            if sys.platform == "win32":
                import msvcrt

                self._file.seek(_LOCKED)
                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
                self._file.seek(0)
            else:
                import fcntl

                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as error:
            raise VaultNotMadeError(
                f"Another program is making a vault in {self._folder}. Nothing was changed. Wait "
                "until it is done, or choose another folder."
            ) from error
        except (ImportError, OSError):
            return  # not in every Python, not on every network folder

    def _clear(self) -> None:
        """Take away what an earlier making left, and nothing else."""
        if not (left := _left(self._folder)):
            if parts_in(self._folder):
                raise VaultNotMadeError(
                    f"There is a part of another vault in {self._folder}. Nothing was changed. "
                    "Choose an empty folder."
                )
            return
        try:
            for path in (*_database(self._folder), *_keys(self._folder)):
                delete(path, missing_ok=True)
            sync_folder(self._folder)
        except OSError as error:
            raise VaultNotMadeError(
                f"A making of a vault was cut short in {self._folder}, and what is left of it "
                f"({_listed(left)}) could not be taken away ({error.strerror or error}). It is no "
                "vault and holds nothing of yours. Check that you may write to that folder, or "
                "choose another, then try again."
            ) from error
        remove_leftovers(self._folder / KEYS)

    def _not_begun(self, error: OSError) -> VaultNotMadeError:
        return VaultNotMadeError(
            f"No vault could be made in {self._folder} ({error.strerror or error}), so there is "
            "none. Choose a folder that you may write to and that has space, then try again."
        )


def unmake(folder: Path, vault_id: str) -> None:
    """Take a vault away that was just made and that nobody was told of, as far as the disk lets us.

    What is left of it is no vault. It must not be open.
    """
    note = folder / MAKING
    with suppress(OSError):
        if not note.exists():
            write_new(note, vault_id.encode())
    # The keys last: they say whose the rest was.
    remove(*_database(folder), *_keys(folder))
    remove_leftovers(folder / KEYS)
    if not _left(folder):
        remove(note)


def clear_half_made(folder: Path) -> None:
    """Take away what a making that was cut short left in a folder, if anything is.

    Raises as :class:`Making` does.
    """
    if is_half_made(folder):
        with Making(folder) as making:
            making.done()


def no_vault(folder: Path) -> str:
    """Say that there is no vault in a folder, and what is left there of one that was begun."""
    if not (left := _left(folder)):
        return (
            f"There is no vault in {folder}. Nothing was made there. Make one with "
            "“fieldkit vault create”, or name its folder with --vault."
        )
    return (
        f"There is no vault in {folder}, only what is left of making one, which was cut short: "
        f"{_listed(left)}. Nobody could ever write in it, so nothing is lost. Make the vault there "
        "again with “fieldkit vault create”: what is left is taken away then."
    )


def _left(folder: Path) -> list[str]:
    """Return the names of what is left of a making that was cut short."""
    return parts_in(folder) if is_half_made(folder) else []


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def _database(folder: Path) -> tuple[Path, ...]:
    return folder / DATABASE, *companions(folder / DATABASE)


def _keys(folder: Path) -> tuple[Path, ...]:
    return copy_path(folder / KEYS), folder / KEYS


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """Make a folder within a vault's for a copy of its database, gone afterwards."""
    sweep(folder)
    name = f"{_SCRATCH}{secrets.token_hex(4)}"
    _in_use.add(name)
    try:
        (folder / name).mkdir(mode=0o700)
        yield folder / name
    finally:
        remove_tree(folder / name)
        _in_use.discard(name)


def sweep(folder: Path) -> tuple[list[Path], list[Path]]:
    """Remove what interrupted checks left in a vault's folder; what went, and what could not.

    Only for the process that has the vault open, or where none has: another's check may be running.
    """
    copies = [copy for copy in folder.glob(f"{_SCRATCH}*") if copy.name not in _in_use]
    for copy in copies:
        remove_tree(copy)
    return [copy for copy in copies if not copy.exists()], [
        copy for copy in copies if copy.exists()
    ]


def unfinished(folder: Path, places: Iterable[Path], vault_id: str) -> list[Path]:
    """Return copies of a vault that an interrupted backup or restoring left."""
    copies: list[Path] = []
    with suppress(OSError):
        for place in places:
            copies += place.glob(f".fieldkit-*-{vault_id[:8]}-*.tmp")
        copies += (copy for copy in folder.parent.glob(".*-??????.tmp") if _of(copy, vault_id))
    return list(dict.fromkeys(copies))


def set_aside(folder: Path, vault_id: str) -> list[Path]:
    """Return the whole vaults beside a vault's folder that a restoring put there."""
    copies: list[Path] = []
    with suppress(OSError):
        for mark in (BEFORE, RESTORED):
            named = folder.parent.glob(f"{glob.escape(folder.name)}{mark}*")
            copies += (copy for copy in named if _of(copy, vault_id))
    return sorted(copies)


def _of(copy: Path, vault_id: str) -> bool:
    """Say whether it may be a vault's: the key file, which would say so, is copied last."""
    if not (copy / DATABASE).exists():
        return False
    try:
        return not (copy / KEYS).exists() or KeyFile.load(copy / KEYS).vault_id == vault_id
    except FieldkitError:
        return True
