"""One key file made at the least cost, for tests that only read it or change copies of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.crypto.keyslots import kdf, keyfile, recovery_code, slot
from storage.crypto.keyslots.kdf import Argon2Params
from storage.crypto.keyslots.keyfile import KeyFile

CHEAP = Argon2Params(64 * 1024, 1, 1)
"""The least that a key file may say; far too little for real use."""

PASSPHRASE = "wafer onion sample tulip"
NOW = "2024-06-11T09:00:00Z"


@dataclass(frozen=True)
class Made:
    """A new key file's bytes and what opens it."""

    data: bytes
    vault_key: bytes
    code: str

    def at(self, folder: Path) -> KeyFile:
        """The file, written afresh into ``folder`` with its copy."""
        path = folder / "vault.keys"
        path.write_bytes(self.data)
        path.with_name("vault.keys.bak").write_bytes(self.data)
        return KeyFile.load(path)

    def key(self) -> bytearray:
        """The vault key, in a buffer of the caller's own."""
        return bytearray(self.vault_key)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    path = tmp_path_factory.mktemp("made") / "vault.keys"
    file, vault_key, code = KeyFile.create(path, PASSPHRASE, params=CHEAP, now=NOW)
    assert file.generation == 1
    return Made(path.read_bytes(), bytes(vault_key), code)


@pytest.fixture(autouse=True)
def derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nothing is remembered: salts, codes and keys are what they are for people."""
    monkeypatch.setattr(slot, "stretch", kdf.stretch)
    monkeypatch.setattr(slot, "secrets", secrets)
    monkeypatch.setattr(keyfile, "new_code", recovery_code.new_code)
