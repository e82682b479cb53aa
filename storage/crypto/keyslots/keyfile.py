"""``vault.keys``: the ways to open one vault, and how far its feeds had come.

The vault key is made once and never changes here; a new passphrase or code only wraps it anew.
"""

from __future__ import annotations

import secrets
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from storage.crypto.keyslots import atomic_write, document
from storage.crypto.keyslots.document import Anchor, Document
from storage.crypto.keyslots.errors import (
    DamagedKeyFile,
    EmptyPassphrase,
    EscrowNotOpened,
    ForeignVaultKey,
    KeyFileNotWritten,
    KeyFileRefused,
    MissingKeyFile,
    NoSuchSlot,
    UnreadableKeyFile,
    WrongPassphrase,
    WrongRecoveryCode,
)
from storage.crypto.keyslots.kdf import DEFAULT, FOR_CODES, KEY_BYTES, Argon2Params, zero
from storage.crypto.keyslots.recovery_code import new_code, read_code
from storage.crypto.keyslots.slot import (
    PASSPHRASE,
    RECOVERY,
    AgeSlot,
    Seal,
    Slot,
    Unseal,
    WordSlot,
    age_slot,
    word_slot,
)


class KeyFile:
    """A key file as it was read, and its changes, each durable when its method returns.

    Vault keys are given out in bytearrays; whoever asked for one zeroes it (``zero``). Every method
    that changes something needs the vault key, refuses one that is not this file's
    (``ForeignVaultKey``), and raises ``KeyFileChanged`` or ``KeyFileNotWritten`` with the old file
    still in place.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        """Read strictly what ``data`` says; ``path`` is where changes go."""
        self.path = path
        self._data = data
        self._document = document.read(data, str(path))
        self.seen = 0
        """The latest generation that the database remembers; the next one is later than it."""

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        *,
        params: Argon2Params = DEFAULT,
        now: str,
        label: str = "",
    ) -> tuple[KeyFile, bytearray, str]:
        """Make a vault's key file: the file, the new vault key, and the recovery code to print.

        ``now`` is ISO 8601 in UTC. Raises ``ExistingKeyFile`` where one lies, ``EmptyPassphrase``.
        """
        _refuse_empty(passphrase)
        atomic_write.refuse_existing(path)
        vault_key = bytearray(secrets.token_bytes(KEY_BYTES))
        code = new_code()
        try:
            new = Document(vault_id=str(uuid.uuid4()), created=now, gen=1, slots=())
            new = replace(
                new,
                slots=(
                    word_slot(new.place, PASSPHRASE, passphrase, vault_key, params, label),
                    word_slot(new.place, RECOVERY, code, vault_key, FOR_CODES),
                ),
            )
            data = new.to_bytes(vault_key)

            def check(found: bytes) -> None:
                written = cls(path, found)
                _same(written.unlock(passphrase), vault_key, path)
                _same(written.unlock_recovery(code), vault_key, path)

            atomic_write.write_new(path, data, check)
        except BaseException:
            zero(vault_key)
            raise
        return cls(path, data), vault_key, code

    @classmethod
    def load(cls, path: Path) -> KeyFile:
        """Read a key file; nothing is derived yet.

        Raises ``MissingKeyFile``, ``UnreadableKeyFile``, ``DamagedKeyFile`` or ``NewerKeyFile``.
        """
        try:
            with path.open("rb") as file:
                data = file.read(document.LARGEST + 1)
        except FileNotFoundError as error:
            raise MissingKeyFile(
                f"The key file {path} is not there, and without it nobody can open the vault. "
                "Nothing was made in its place. Use its copy (its name ends in .bak), or the one "
                "in your latest backup."
            ) from error
        except OSError as error:
            raise UnreadableKeyFile(
                f"The key file {path} could not be read ({error.strerror}). Nothing was changed. "
                "Check that the disk is connected and that you may read the folder."
            ) from error
        return cls(path, data)

    @property
    def vault_id(self) -> str:
        """The id that the database of the same vault holds too."""
        return self._document.vault_id

    @property
    def created(self) -> str:
        """When the vault was made, ISO 8601 in UTC."""
        return self._document.created

    @property
    def generation(self) -> int:
        """How often the file has been written."""
        return self._document.gen

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The ways to open the vault."""
        return self._document.slots

    @property
    def anchors(self) -> dict[str, Anchor]:
        """How far each feed had come. Believe it only once a key has been unlocked or given."""
        return dict(self._document.anchors)

    def made_with(self, vault_key: bytearray) -> bool:
        """Whether the file was written by somebody who had this vault key."""
        return document.authentic(self._data, vault_key, str(self.path))

    @property
    def needs_settling(self) -> bool:
        """Whether the copy beside the file is missing or older than it."""
        try:
            return atomic_write.previous(self.path).read_bytes() != self._data
        except OSError:
            return True

    def unlock(self, passphrase: str) -> bytearray:
        """The vault key by passphrase.

        Raises ``WrongPassphrase``, ``NoSuchSlot``, ``DamagedKeyFile``, ``NotEnoughMemory``.
        """
        slot = self._word_slot(PASSPHRASE, "passphrase")
        vault_key = slot.open(self._document.place, passphrase)
        if vault_key is None:
            raise WrongPassphrase(
                "This passphrase does not open the vault. Nothing was changed. Check the Caps Lock "
                "key and the keyboard's language and try again, or use the recovery code."
                + self._doubt
            )
        return self._verified(vault_key)

    def unlock_recovery(self, typed: str) -> bytearray:
        """The vault key by recovery code, however it was typed.

        Raises ``MistypedCode``, ``WrongRecoveryCode``, ``NoSuchSlot``, ``DamagedKeyFile``.
        """
        slot = self._word_slot(RECOVERY, "recovery code")
        vault_key = slot.open(self._document.place, read_code(typed))
        if vault_key is None:
            raise WrongRecoveryCode(
                "This recovery code is complete, but it does not open this vault. Nothing was "
                "changed. It may belong to another vault, or have been renewed since it was "
                "printed; look for the latest printout."
            )
        return self._verified(vault_key)

    def unlock_escrow(self, unseal: Unseal) -> bytearray:
        """The vault key by the organisation's escrow: ``unseal`` decrypts age with its identity.

        Raises ``NoSuchSlot``, ``EscrowNotOpened``, ``DamagedKeyFile``.
        """
        escrows = self.escrows
        if not escrows:
            raise _no_slot("organisation escrow")
        reason: Exception | None = None
        for slot in escrows:
            try:
                vault_key = slot.open(self._document.place, unseal)
            except Exception as error:  # whatever the decrypting function calls "not for me"
                reason = error
                continue
            if vault_key is not None:
                return self._verified(vault_key)
        raise EscrowNotOpened(
            "The organisation's recovery key does not open this vault's escrow. Nothing was "
            "changed. Check that it is the key named when the escrow was set up."
        ) from reason

    @property
    def escrows(self) -> tuple[AgeSlot, ...]:
        """The organisation escrows."""
        return tuple(slot for slot in self.slots if isinstance(slot, AgeSlot))

    def change_passphrase(
        self, vault_key: bytearray, new: str, *, params: Argon2Params | None = None
    ) -> None:
        """Let ``new`` open the vault instead of the present passphrase.

        The new file is opened with ``new`` before it takes the old one's place. The copy beside it
        still opens with the old passphrase until ``settle``. The cost stays unless given.
        """
        _refuse_empty(new)
        if params is None:
            params = self._word_slot(PASSPHRASE, "passphrase").params
        self._rewrap(vault_key, PASSPHRASE, new, params, lambda file: file.unlock(new))

    def renew_recovery(self, vault_key: bytearray) -> str:
        """Make a new recovery code, to be printed; the old one stops opening the vault."""
        code = new_code()
        self._rewrap(vault_key, RECOVERY, code, FOR_CODES, lambda file: file.unlock_recovery(code))
        return code

    def add_escrow(
        self, vault_key: bytearray, recipient: str, seal: Seal, *, label: str = ""
    ) -> AgeSlot:
        """Let the holder of an age identity open the vault; ``seal`` encrypts to ``recipient``."""
        slot = age_slot(self._document.place, recipient, vault_key, seal, label)
        self._write(vault_key, replace(self._document, slots=(*self.slots, slot)))
        return slot

    def remove_escrow(self, vault_key: bytearray, slot_id: str) -> None:
        """Take an escrow away. It does not help against somebody who already has the vault key."""
        kept = tuple(s for s in self.slots if not (isinstance(s, AgeSlot) and s.id == slot_id))
        if len(kept) == len(self.slots):
            raise _no_slot("organisation escrow of that name")
        self._write(vault_key, replace(self._document, slots=kept))

    def set_anchors(self, vault_key: bytearray, anchors: Mapping[str, Anchor]) -> None:
        """Record how far each feed has come, in place of what was recorded.

        Not in a file that was put back over a later one, whose copy then stays as it is.
        """
        if dict(anchors) != self._document.anchors and not self.later_copy(vault_key):
            self._write(vault_key, replace(self._document, anchors=dict(anchors)))

    def settle(self, vault_key: bytearray) -> None:
        """After an unlock: make the copy equal the file, and clear an interrupted change away.

        From then on an earlier passphrase opens nothing in this folder. Where the disk is full or
        does not let it, that is so after the next unlock instead: neither an unlock nor a change
        already made is refused for the sake of the copy (``needs_settling`` tells). Call it only
        while the database is open, so that no other program is changing the key file.
        """
        self._refuse_foreign(vault_key)
        atomic_write.remove_leftovers(self.path)
        if not self.later_copy(vault_key):
            with suppress(KeyFileNotWritten):
                atomic_write.write_copy(self.path, self._data)

    def later_copy(self, vault_key: bytearray) -> int:
        """The generation of the copy, where it is this vault's and later than the file; else 0.

        A change writes the file before its copy, so this comes only of an earlier file put back.
        """
        copy = atomic_write.previous(self.path)
        try:
            data = copy.read_bytes()
            found = document.read(data, str(copy))
        except (OSError, KeyFileRefused):
            return 0
        later = found.gen > self.generation and document.authentic(data, vault_key, str(copy))
        return found.gen if later else 0

    def _word_slot(self, kind: str, name: str) -> WordSlot:
        for slot in self.slots:
            if isinstance(slot, WordSlot) and slot.type == kind:
                return slot
        raise _no_slot(name, self._doubt)

    @property
    def _doubt(self) -> str:
        """That somebody changed the file, where its copy says otherwise; else empty."""
        copy = atomic_write.previous(self.path)
        if not self.needs_settling or not copy.exists():
            return ""
        return (
            f" The key file and its copy {copy.name} differ: one of them was changed or put back. "
            "Copy both aside, put the copy in the file's place, and try again."
        )

    def _verified(self, vault_key: bytearray) -> bytearray:
        try:
            document.verify(self._data, vault_key, str(self.path))
        except BaseException:
            zero(vault_key)
            raise
        return vault_key

    def _refuse_foreign(self, vault_key: bytearray) -> None:
        if not document.authentic(self._data, vault_key, str(self.path)):
            raise ForeignVaultKey(
                f"The vault that is open is not the one of the key file {self.path}, so it was not "
                "changed. Lock the vault and open it again from its folder."
            )

    def _rewrap(
        self,
        vault_key: bytearray,
        kind: str,
        words: str,
        params: Argon2Params,
        unlock: Callable[[KeyFile], bytearray],
    ) -> None:
        self._refuse_foreign(vault_key)
        label = next(
            (s.label for s in self.slots if isinstance(s, WordSlot) and s.type == kind), ""
        )
        slot = word_slot(self._document.place, kind, words, vault_key, params, label)
        slots = (slot, *(s for s in self.slots if s.type != kind))
        self._write(vault_key, replace(self._document, slots=slots), unlock)

    def _write(
        self,
        vault_key: bytearray,
        new: Document,
        unlock: Callable[[KeyFile], bytearray] | None = None,
    ) -> None:
        self._refuse_foreign(vault_key)
        latest = max(self._document.gen, self.seen, self.later_copy(vault_key))
        new = replace(new, gen=latest + 1)
        data = new.to_bytes(vault_key)
        try:
            read_back = document.read(data, str(self.path))
        except KeyFileRefused as error:
            raise KeyFileNotWritten(
                f"The key file {self.path} has no room for this change, so it was not made; what "
                "opened the vault before still opens it. Remove an escrow that is no longer used."
            ) from error

        def check(found: bytes) -> None:
            document.verify(found, vault_key, str(self.path))
            if unlock is not None:
                _same(unlock(KeyFile(self.path, found)), vault_key, self.path)

        try:
            atomic_write.replace(self.path, self._data, data, check)
        except KeyFileNotWritten:
            with suppress(OSError):
                if self.path.read_bytes() == data:
                    # In place, only not confirmed by the disk: a next try builds on it.
                    self._data, self._document = data, read_back
            raise
        self._data, self._document = data, read_back


def _refuse_empty(passphrase: str) -> None:
    if not unicodedata.normalize("NFC", passphrase).strip():
        raise EmptyPassphrase(
            "An empty passphrase would protect nothing, so nothing was changed. Take the four "
            "words that are offered, or choose your own."
        )


def _no_slot(name: str, doubt: str = "") -> NoSuchSlot:
    return NoSuchSlot(
        f"This vault has no {name}, so it cannot be opened that way. Nothing was changed. Use "
        f"another way that was set up for it.{doubt}"
    )


def _same(found: bytearray, wanted: bytearray, path: Path) -> None:
    """Refuse a new file that does not give the vault key back."""
    same = found == wanted
    zero(found)
    if not same:
        raise DamagedKeyFile(
            f"The new key file {path} did not open the vault when it was tried, so the old one "
            "was left in place. Try again."
        )
