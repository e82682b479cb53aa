"""Takes away, or names, copies of a vault's database that interrupted work leaves."""

from __future__ import annotations

import glob
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.crypto.keyslots.keyfile import KeyFile
from storage.durable import remove_tree
from storage.errors import FieldkitError
from storage.vault.folder import DATABASE, KEYS

BEFORE, RESTORED = "-before-", "-restored-"
"""What follows the vault's own name in a folder that is set aside, and in one just restored."""
_SCRATCH = ".check-"
_in_use: set[str] = set()


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
