"""Laptops of a team with clocks of their own, opened without the slow part of a passphrase."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from storage.central import Central, Root
from storage.crypto.keyslots.keyfile import KeyFile
from storage.ops import clock
from storage.records.registry import is_counted
from storage.vault.clerk import Clerk
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.storage.team.model import OpKey
from tests.storage.travelling import PASSPHRASE, Team

NAMES = ("ada", "ben", "cas", "dee", "eve")
START = 1_783_330_000_000
"""A morning of fieldwork, in milliseconds since 1970."""


class World:
    """The time, as it is and as each laptop's clock has it."""

    def __init__(self) -> None:
        self.now = START
        self.off = 0

    def time_ns(self) -> int:
        self.now += 3
        return (self.now + self.off) * 1_000_000


WORLD = World()
KEYS: dict[str, bytes] = {}


def watch_keys(patch: pytest.MonkeyPatch, *, threads: bool = False) -> None:
    """Take a vault's key from where its making left it, and the time from the world.

    With ``threads`` the clerk stays a thread of its own and the time is the real one, as the app
    needs them.
    """
    slow = KeyFile.unlock

    def quick(secret: str, salt: bytes, params: Any) -> bytearray:
        return bytearray(hashlib.sha256(salt + secret.encode()).digest())

    def unlock(keys: KeyFile, passphrase: str) -> bytearray:
        if keys.vault_id not in KEYS:
            KEYS[keys.vault_id] = bytes(slow(keys, passphrase))
        return bytearray(KEYS[keys.vault_id])

    def at_once(clerk: Clerk, job: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(job(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future

    patch.setattr(KeyFile, "unlock", unlock)
    # One thread is enough here, and Argon2 has its own tests.
    patch.setattr("storage.crypto.keyslots.slot.stretch", quick)
    if not threads:
        patch.setattr(Clerk, "submit", at_once)
        patch.setattr(clock, "time", WORLD)
    # What is synced to the disk is not what is tried here.
    patch.setattr("os.fsync", lambda _: None)


class Laptop:
    """One laptop: its vault, and how far its clock is off in milliseconds."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.off = 0
        self.vault = open_vault(folder, PASSPHRASE)
        self.revoked = False
        self.backups: list[Path] = []
        self.had: set[str] = set()
        """The names of the bundles it has taken in since it was last restored."""

    def __enter__(self) -> Vault:
        """Work on it, by its own clock."""
        WORLD.off = self.off
        return self.vault

    def __exit__(self, *_: object) -> None:
        WORLD.off = 0

    @property
    def device(self) -> str:
        return self.vault.identity.device

    def ops(self) -> dict[OpKey, dict[str, Any] | None]:
        """Every op that is here, read from its bytes by nothing but a JSON reader."""
        query = "SELECT device, epoch, kind, seq, bytes, record_kind FROM op"
        rows = self.vault.read_now(lambda s: s.connection().exec_driver_sql(query).all())
        return {
            (d, e, k, n): None if data is None else json.loads(data)
            for d, e, k, n, data, kind in rows
            if is_counted(kind)
        }


def organisation(team: Team) -> tuple[Central, Any]:
    return Central.open(team.folder / "central", PASSPHRASE), Root.open(
        team.folder / "root", PASSPHRASE
    )
