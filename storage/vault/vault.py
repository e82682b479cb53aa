"""Opens a folder with key slots and an encrypted store by one passphrase: the vault.

Everything a screen or a command does with records goes through one :class:`Vault`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from contextlib import suppress
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Concatenate, ParamSpec, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlmodel import Session

from storage.crypto.keyslots.kdf import database_key, subkey, zero
from storage.crypto.keyslots.keyfile import KeyFile
from storage.database.cipher import open_cipher
from storage.database.errors import ForeignDatabaseError, translate_errors
from storage.database.facts import CLOCK, EPOCH, VAULT_ID, Fact
from storage.errors import FieldkitError
from storage.feed.session import Steps
from storage.feed.writer import Author
from storage.ops.clock import Clock
from storage.trust.identity import Identity, Person
from storage.vault import leftovers
from storage.vault.clerk import Clerk, closed
from storage.vault.epochs import COPIED, CopyMark, EpochChange, change_due, next_number
from storage.vault.folder import DATABASE
from storage.vault.spare import give_back
from storage.vault.store import Store

P = ParamSpec("P")
T = TypeVar("T")
Job = Callable[Concatenate[Session, P], T]
"""What is done in a session; its other arguments are given beside it."""

_TYPING = b"fieldkit/typing/v1"
"""The purpose of the key that seals what was typed and could not be written at a lock."""
_NONCE_BYTES = 12

CODE_UNCONFIRMED = Fact.flag("recovery_unconfirmed")
"""Whether nobody has shown yet to have the present recovery code on paper."""
KEYS_SEEN = Fact.number("keys_generation")
"""Which generation the key file had when the vault was last locked."""
STAGED = Fact.json("stage")
"""While a long job is staged (:mod:`storage.vault.stage`): its ``job``, ``words`` and ``state``."""
EARLIER_KEYS = (
    "The key file of this vault is an earlier one than it was last used with: somebody put it "
    "back, so what opened the vault then opens it again. Nothing was changed. If that was not you, "
    "tell whoever answers for this laptop; a later key file may still lie beside it as "
    "vault.keys.bak. Changing the passphrase settles it."
)


class Vault:
    """Is an unlocked vault; made by :mod:`storage.vault.unlock`, ended by :meth:`lock`."""

    def __init__(self, folder: Path, keys: KeyFile, key: bytearray, clerk: Clerk) -> None:
        self.folder = folder
        self.keys = keys
        self._key = key
        self._clerk = clerk
        self._store: Store
        self._stand_in: Store
        """Makes the last write where a lock takes the connection over."""
        self.identity: Identity
        self.locked = False
        self.broken_off = False
        """Whether :meth:`stop` broke a job off."""
        self.earlier_keys = False
        """An earlier key file was put back (:data:`EARLIER_KEYS`)."""
        self.epoch_change: EpochChange | None = None
        """Why this unlocking begins another epoch with its first write, if it does."""
        self.staged = ""
        """The state of the job that is staged (:mod:`storage.vault.stage`), if any is."""
        self.finished: list[str] = []
        """What became of a job that an earlier lock cut short, in sentences, until it is told."""
        self.alone = RLock()
        """Held by whoever does a long job that no other one may be done beside."""
        self._with_key = Lock()

    def make_store(self, facts: dict[str, bytes]) -> None:
        """Create the database with its first facts, blocking."""
        self._clerk.wait(self._begin, facts)

    def open_store(self, key: bytearray) -> bool:
        """Open the database, blocking; say whether its tables are an earlier fieldkit's."""
        self._clerk.wait(self._begin)
        self.earlier_keys = self.keys.generation < self.keys.seen or bool(self.keys.later_copy(key))
        self.keys.update_copy(key)
        leftovers.sweep(self.folder)
        return self._clerk.wait(self._store.outdated)

    def abandon(self) -> None:
        """End an opening that failed: the file is closed, and the key is forgotten."""
        if hasattr(self, "_store"):
            self._clerk.wait(self._store.connection.close)
        self._clerk.close()
        zero(self._key)

    def _begin(self, first_facts: dict[str, bytes] | None = None) -> None:
        create = first_facts is not None
        path, hexkey = self.folder / DATABASE, database_key(self._key)
        connection = open_cipher(path, hexkey, create=create)
        try:
            self._store = Store(connection)
            if first_facts is not None:
                self._store.make(first_facts)
            else:
                self._store.check_version()
            # Now, for the driver refuses what this prepares while rows are half read.
            self._stand_in = Store(connection)
            self._stand_in.facts()
            self._take_identity()
        except BaseException:
            connection.close()
            raise

    def _take_identity(self) -> None:
        facts = self._store.facts()
        if VAULT_ID.needed(facts) != self.keys.vault_id:
            raise ForeignDatabaseError(
                "The database in this folder belongs to another vault than the key file. Nothing "
                "was changed. Put back the two files that belong together, from a backup if need "
                "be."
            )
        self.identity = Identity(facts)
        self.keys.seen = KEYS_SEEN.of(facts) or 0
        self.staged = (STAGED.of(facts) or {}).get("state", "")
        with translate_errors():
            self.epoch_change = change_due(self._store.connection.execute, facts, self.keys.anchors)
        self._store.epoch_change = self.epoch_change
        self._store.author = Author(
            device=self.identity.device,
            epoch=EPOCH.needed(facts) if self.epoch_change is None else next_number(facts),
            person=self.identity.person.id,
            clock=Clock(CLOCK.needed(facts)),
        )

    @property
    def person(self) -> Person:
        """Return the vault's one person."""
        return self.identity.person

    @property
    def author(self) -> Author:
        """Return who writes on this laptop."""
        if self._store.author is None:
            raise FieldkitError("The vault is locked. Unlock it first.")
        return self._store.author

    def write(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]:
        """Run a job in a transaction on the clerk; durable when awaited, cancelled by nothing."""
        return self._clerk.run(lambda: self._store.write(job, *args, **kwargs))

    def read(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]:
        """Run a job that changes nothing on the clerk."""
        return self._clerk.run(lambda: self._store.read(job, *args, **kwargs))

    async def read_in_steps(self, job: Job[P, Steps[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a long job that changes nothing; what is asked meanwhile is done where it yields."""
        reading = self._store.reading(lambda s: job(s, *args, **kwargs), lambda: self.locked)
        while not await self._clerk.run(reading.go_on):
            pass
        return reading.result

    def read_in_steps_now(self, job: Job[P, Steps[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as :meth:`read_in_steps`, blocking."""
        reading = self._store.reading(lambda s: job(s, *args, **kwargs), lambda: self.locked)
        while not self._clerk.wait(reading.go_on):
            pass
        return reading.result

    def write_now(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as :meth:`write`, blocking; for the command line and for tests."""
        return self._clerk.wait(lambda: self._store.write(job, *args, **kwargs))

    def read_now(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do as :meth:`read`, blocking; for the command line and for tests."""
        return self._clerk.wait(lambda: self._store.read(job, *args, **kwargs))

    def write_later(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a writing job without waiting; it is joined at :meth:`lock`."""
        return self._clerk.submit(lambda: self._store.write(job, *args, **kwargs))

    def read_later(self, job: Job[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a reading job without waiting."""
        return self._clerk.submit(lambda: self._store.read(job, *args, **kwargs))

    def upkeep_now(self, job: Callable[[Store], T]) -> T:
        """Run a job of the store's own upkeep on the clerk, in no transaction, blocking."""

        def run() -> T:
            with translate_errors():
                return job(self._store)

        return self._clerk.wait(run)

    def spare_memory(self) -> None:
        """Give back memory that is free, once what is queued is done; nobody waits for it."""
        with suppress(FieldkitError):  # locked meanwhile
            self._clerk.submit(lambda: give_back(self._store.connection))

    def give_way(self) -> None:
        """Let the clerk do what was queued meanwhile, within a long job of upkeep."""
        self._clerk.give_way(lambda: self.locked)

    def facts_now(self) -> dict[str, bytes]:
        """Return the vault's own facts, its secret keys among them."""
        return self._clerk.wait(self._store.facts)

    def fact_now(self, fact: Fact[T]) -> T | None:
        """Return one of the vault's own facts; None where there is none that can be read."""
        return fact.of(self.facts_now())

    def set_fact_now(self, fact: Fact[T], value: T) -> None:
        """Write one of the vault's own facts, durably."""
        self._clerk.wait(lambda: self._store.set_fact(fact, value))

    def with_key(self, job: Callable[[KeyFile, bytearray], T]) -> T:
        """Do something to the key file with the vault key, which no lock takes away meanwhile.

        Afterwards what opened the vault before and no longer should opens nothing in the folder.
        Raises :class:`storage.vault.clerk.ClosedError` once the vault is locked, and what ``job``
        raises.
        """
        with self._with_key:
            if self.locked:
                raise closed()
            done = job(self.keys, self._key)
            self.keys.update_copy(self._key)
            return done

    def change_passphrase(self, new: str) -> None:
        """Let ``new`` open the vault from now on, and the present passphrase no longer.

        Raises what ``KeyFile.change_passphrase`` raises.
        """
        self.with_key(lambda keys, key: keys.change_passphrase(key, new))

    def begin_epoch_now(self, why: str) -> None:
        """Go on in another epoch from the next write on, also when locked before it."""

        def begin(store: Store) -> None:
            store.set_fact(COPIED, CopyMark(why))
            facts = store.facts()
            run = store.connection.execute
            self.epoch_change = store.epoch_change = change_due(run, facts, self.keys.anchors)
            self.author.epoch = next_number(facts)

        self.upkeep_now(begin)

    def stop(self, last: Job[[], object], grace: float, patience: float) -> bool:
        """Lock whatever runs, with one last write; return whether it was made.

        What the clerk gets done within the grace is done. A job that goes on after that is broken
        off and undone by its transaction, what waits behind it is not begun, and the last write is
        made on this thread. A slow disk may hold that up: who cannot wait ends the process, which
        undoes what is not committed. Afterwards a job that was broken off may still hold the file
        and a copy of the key for a moment.

        Args:
            last: writes what may not be lost; consultations are written with it.
            grace: seconds.
            patience: seconds that a running statement is waited for after that.
        """
        self.locked = True
        try:
            done = self._clerk.submit(self._end, last)
            idle = self._clerk.submit(lambda: None)
        except FieldkitError:
            return True  # it was locked already, by another way
        self._clerk.close(wait=False)
        made = self._last_write(done, last, grace, patience)
        # Not while a job may still be reading: the driver does not survive that.
        self._store.connection.give_up()
        idle.add_done_callback(lambda _: self._store.connection.close())
        wait([idle], grace)
        # Whoever changes what opens the vault is wrapping the key, and must not find zeros.
        if self._with_key.acquire(blocking=False):
            zero(self._key)
            self._with_key.release()
        return made

    def _last_write(
        self, done: Future[None], last: Job[[], object], grace: float, patience: float
    ) -> bool:
        wait([done], grace)
        if not done.cancel():
            # The clerk has come to it: a slow disk is waited for.
            wait([done])
            return done.exception() is None
        self.broken_off = True
        if not self._store.connection.take_over(patience):
            return False
        try:
            self._stand_in.stand_in_for(self._store)
            self._stand_in.write_last(last)
        except FieldkitError:
            return False
        return True

    def seal_text(self, text: bytes) -> bytes:
        """Return a text that only this vault's key opens again (:meth:`unseal_text`)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        key = subkey(self._key, _TYPING)
        return nonce + ChaCha20Poly1305(key).encrypt(nonce, text, _TYPING)

    def unseal_text(self, sealed: bytes) -> bytes | None:
        """Return what :meth:`seal_text` sealed; None where it was not this vault's."""
        nonce, sealed = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return ChaCha20Poly1305(subkey(self._key, _TYPING)).decrypt(nonce, sealed, _TYPING)
        except (InvalidTag, ValueError):
            return None

    def lock(self) -> None:
        """Finish what is queued, write down consultations, close the file and forget the key."""
        with self._with_key:
            if self.locked:
                return
            self.locked = True
            try:
                self._clerk.wait(self._end)
            finally:
                self._clerk.close()
                zero(self._key)

    def _end(self, last: Job[[], object] | None = None) -> None:
        try:
            self._store.write_last(last)
            if self.keys.generation > self.keys.seen and not self.keys.later_copy(self._key):
                # For comfort only: a full disk is no reason to refuse the locking.
                with suppress(FieldkitError):
                    self._store.set_fact(KEYS_SEEN, self.keys.generation)
        finally:
            self._store.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.lock()
