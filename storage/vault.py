"""The vault: a folder with the key slots and the encrypted store, opened by one passphrase.

Everything a screen or a command does with records goes through one :class:`Vault`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

from storage.checkup import Checkup, check
from storage.cipher import ExistingDatabase, findings, open_cipher
from storage.clerk import Clerk
from storage.clock import Clock, wall_ms, wall_text
from storage.errors import FieldkitError
from storage.feed import Desk
from storage.identity import Identity, Person, new_facts
from storage.keyslots import Argon2Params, KeyFile, database_key, zero
from storage.keyslots.derive import DEFAULT
from storage.keyslots.replacing import previous
from storage.store import Store

P = ParamSpec("P")
T = TypeVar("T")

KEYS = "vault.keys"
DATABASE = "vault.db"


class ForeignDatabaseError(FieldkitError):
    """The database in the folder belongs to another vault."""


class NoVaultError(FieldkitError):
    """There is no vault in the folder."""


def exists(folder: Path) -> bool:
    """Whether there is a vault, or a part of one, in the folder."""
    parts = (KEYS, DATABASE, f"{KEYS}.bak", f"{DATABASE}-wal", f"{DATABASE}-journal")
    return any((folder / one).exists() for one in parts)


class Vault:
    """An unlocked vault. Made by :meth:`create` and :meth:`open`; ended by :meth:`lock`."""

    def __init__(self, folder: Path, keys: KeyFile, key: bytearray, clerk: Clerk) -> None:
        self.folder = folder
        self.keys = keys
        self._key = key
        self._clerk = clerk
        self._store: Store
        self.identity: Identity
        self.locked = False

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        person: str,
        *,
        params: Argon2Params = DEFAULT,
    ) -> tuple[Vault, str]:
        """Make a vault in a folder without one; returns it unlocked, and the recovery code.

        Raises what :mod:`storage.keyslots` and :mod:`storage.cipher` raise; a part that was made
        before a failure is taken away again.
        """
        if exists(folder):
            raise FieldkitError(
                f"There is a vault in {folder} already. Nothing was changed. Unlock it, or choose "
                "another folder."
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys, key, code = KeyFile.create(
            folder / KEYS, passphrase, params=params, now=wall_text(wall_ms())
        )
        vault = cls(folder, keys, key, Clerk())
        try:
            vault._clerk.wait(vault._make, new_facts(keys.vault_id, person))
        except BaseException as error:
            vault._clerk.close()
            zero(key)
            if not isinstance(error, ExistingDatabase):
                # One that lay there, or came meanwhile, is not ours to take away.
                (folder / DATABASE).unlink(missing_ok=True)
            (folder / KEYS).unlink(missing_ok=True)
            previous(folder / KEYS).unlink(missing_ok=True)
            raise
        return vault, code

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Vault:
        """Unlock with the passphrase.

        Raises the refusals of :mod:`storage.keyslots` and :mod:`storage.cipher`, each with its
        own sentence; nothing is created, changed or deleted by a refusal.
        """
        return cls._open(folder, lambda keys: keys.unlock(passphrase))

    @classmethod
    def open_with_recovery(cls, folder: Path, code: str) -> Vault:
        """Unlock with the recovery code; raises as :meth:`open` does."""
        return cls._open(folder, lambda keys: keys.unlock_recovery(code))

    @classmethod
    def _open(cls, folder: Path, unlock: Callable[[KeyFile], bytearray]) -> Vault:
        if not exists(folder):
            raise NoVaultError(
                f"There is no vault in {folder}. Nothing was made there. Make one with "
                "«fieldkit vault create», or name its folder with --vault."
            )
        keys = KeyFile.load(folder / KEYS)
        key = unlock(keys)
        vault = cls(folder, keys, key, Clerk())
        try:
            vault._clerk.wait(vault._begin)
            keys.settle(key)
        except BaseException:
            vault._clerk.close()
            zero(key)
            raise
        return vault

    def _make(self, facts: dict[str, bytes]) -> None:
        connection = open_cipher(self.folder / DATABASE, database_key(self._key), create=True)
        try:
            self._store = Store(connection)
            self._store.make(facts)
            self._sit_down()
        except BaseException:
            connection.close()
            raise

    def _begin(self) -> None:
        connection = open_cipher(self.folder / DATABASE, database_key(self._key))
        try:
            self._store = Store(connection)
            self._store.check_version()
            self._sit_down()
        except BaseException:
            connection.close()
            raise

    def _sit_down(self) -> None:
        facts = self._store.facts()
        if facts["vault_id"].decode() != self.keys.vault_id:
            raise ForeignDatabaseError(
                "The database in this folder belongs to another vault than the key file. Nothing "
                "was changed. Put back the two files that belong together, from a backup if need "
                "be."
            )
        self.identity = Identity(facts)
        self._store.desk = Desk(
            device=self.identity.device,
            epoch=int(facts["epoch"]),
            person=self.identity.person.id,
            clock=Clock(facts["clock"].decode()),
        )

    @property
    def person(self) -> Person:
        """The vault's one person."""
        return self.identity.person

    @property
    def desk(self) -> Desk:
        """Who writes on this laptop."""
        if self._store.desk is None:
            raise FieldkitError("The vault is locked. Unlock it first.")
        return self._store.desk

    def write(
        self,
        job: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Coroutine[Any, Any, T]:
        """Run a job in a transaction on the clerk; durable when awaited, cancelled by nothing."""
        return self._clerk.run(lambda: self._writing(job, *args, **kwargs))

    def read(
        self,
        job: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Coroutine[Any, Any, T]:
        """Run a job that changes nothing on the clerk."""
        return self._clerk.run(lambda: self._reading(job, *args, **kwargs))

    def write_now(
        self,
        job: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As :meth:`write`, blocking; for the command line and for tests."""
        return self._clerk.wait(lambda: self._writing(job, *args, **kwargs))

    def read_now(
        self,
        job: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As :meth:`read`, blocking; for the command line and for tests."""
        return self._clerk.wait(lambda: self._reading(job, *args, **kwargs))

    def write_later(
        self,
        job: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """Queue a writing job without waiting; it is joined at :meth:`lock`."""
        return self._clerk.submit(lambda: self._writing(job, *args, **kwargs))

    def read_later(
        self,
        job: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """Queue a reading job without waiting."""
        return self._clerk.submit(lambda: self._reading(job, *args, **kwargs))

    def _writing(
        self, job: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return self._store.write(job, *args, **kwargs)

    def _reading(
        self, job: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return self._store.read(job, *args, **kwargs)

    def facts_now(self) -> dict[str, bytes]:
        """The vault's own facts, its secret keys among them."""
        return self._clerk.wait(self._store.facts)

    def set_fact_now(self, key: str, value: bytes) -> None:
        """Write one of the vault's own facts, durably."""
        self._clerk.wait(self._store.set_fact, key, value)

    def change_passphrase(self, new: str) -> None:
        """Let ``new`` open the vault from now on, and the present passphrase no longer.

        Raises what :meth:`storage.keyslots.KeyFile.change_passphrase` raises.
        """
        self.keys.change_passphrase(self._key, new)
        self.keys.settle(self._key)

    def renew_recovery(self) -> str:
        """Make a new recovery code, to be written down; the one before opens nothing any more."""
        code = self.keys.renew_recovery(self._key)
        self.keys.settle(self._key)
        return code

    def check_now(self) -> Checkup:
        """Check the file's pages, every feed's chain, and the tables against a replay."""
        pages = self._clerk.wait(lambda: findings(self._store.connection))
        return self.read_now(check, pages)

    def lock(self) -> None:
        """Finish what is queued, write down consultations, close the file and forget the key."""
        if self.locked:
            return
        self.locked = True
        try:
            self._clerk.wait(self._end)
        finally:
            self._clerk.close()
            zero(self._key)

    def _end(self) -> None:
        try:
            self._store.consulted()
        finally:
            self._store.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()
