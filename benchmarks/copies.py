"""A copy of a vault's database, opened without fieldkit's store: the yardstick of the store."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.vaults import PASSPHRASE, Made
from storage.crypto.keyslots.kdf import database_key, zero
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import open_cipher
from storage.database.keyed_connection import CipherConnection


def copied(made: Made, folder: Path) -> Made:
    """Copy the vault, for work that is to leave the first as it is."""
    target = folder / "vault"
    shutil.copytree(made.folder, target)
    return Made(target, made.inspection, made.case, made.entry)


def raw(made: Made, folder: Path) -> CipherConnection:
    """Connect to a copy of the vault's database, by the recipe every vault is opened with."""
    copy = copied(made, folder)
    key = KeyFile.load(copy.folder / "vault.keys").unlock(PASSPHRASE)
    try:
        return open_cipher(copy.folder / "vault.db", database_key(key))
    finally:
        zero(key)
