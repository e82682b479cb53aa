"""``vault.keys`` as it was read, and the ways to unlock it."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from storage import files
from storage.crypto.keyslots import atomic_write, document
from storage.crypto.keyslots.document import Anchor
from storage.crypto.keyslots.errors import (
    EscrowNotOpened,
    MissingKeyFile,
    NoSuchSlot,
    UnreadableKeyFile,
    WrongPassphrase,
    WrongRecoveryCode,
)
from storage.crypto.keyslots.kdf import zero
from storage.crypto.keyslots.recovery_code import read_code
from storage.crypto.keyslots.slot import PASSPHRASE, RECOVERY, AgeSlot, Slot, Unseal, WordSlot


class LockedKeyFile:
    """Opens with a key file as it was read. Whoever asked for a vault key zeroes the bytearray."""

    def __init__(self, path: Path, data: bytes) -> None:
        """Read strictly what ``data`` says; ``path`` is where changes go."""
        self.path = path
        self._data = data
        self._document = document.read(data, str(path))
        self.seen = 0
        """The latest generation that the database remembers; the next one is later than it."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key file; nothing is derived yet.

        Raises ``MissingKeyFile``, ``UnreadableKeyFile``, ``DamagedKeyFile`` or ``NewerKeyFile``.
        """
        try:
            with files.open_named(path) as file:
                data = file.read(document.MAX_KEY_FILE_BYTES + 1)
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
        """Return the id that the database of the same vault holds too."""
        return self._document.vault_id

    @property
    def created(self) -> str:
        """Return when the vault was made, ISO 8601 in UTC."""
        return self._document.created

    @property
    def generation(self) -> int:
        """Return how often the file has been written."""
        return self._document.gen

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return the ways to open the vault."""
        return self._document.slots

    @property
    def anchors(self) -> dict[str, Anchor]:
        """Return how far each feed had come. Believe it only once a key was unlocked or given."""
        return dict(self._document.anchors)

    def is_made_with(self, vault_key: bytearray) -> bool:
        """Say whether the file was written by somebody who had this vault key."""
        return document.is_authentic(self._data, vault_key, str(self.path))

    @property
    def is_copy_stale(self) -> bool:
        """Say whether the copy beside the file is missing or older than it."""
        try:
            with files.open_named(atomic_write.copy_path(self.path)) as copy:
                return copy.read() != self._data
        except OSError:
            return True

    def unlock(self, passphrase: str) -> bytearray:
        """Return the vault key by passphrase.

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
        """Return the vault key by recovery code, however it was typed.

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
        """Return the vault key by the escrow: ``unseal`` decrypts age with its identity.

        Raises ``NoSuchSlot``, ``EscrowNotOpened``, ``DamagedKeyFile``.
        """
        escrows = self.escrows
        if not escrows:
            raise no_slot("organisation escrow")
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
        """Return the organisation escrows."""
        return tuple(slot for slot in self.slots if isinstance(slot, AgeSlot))

    def _word_slot(self, kind: str, name: str) -> WordSlot:
        for slot in self.slots:
            if isinstance(slot, WordSlot) and slot.type == kind:
                return slot
        raise no_slot(name, self._doubt)

    @property
    def _doubt(self) -> str:
        """Say that somebody changed the file, where its copy says otherwise; else empty."""
        copy = atomic_write.copy_path(self.path)
        if not self.is_copy_stale or not copy.exists():
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


def no_slot(name: str, doubt: str = "") -> NoSuchSlot:
    """Return the error for a way of opening that this vault does not have."""
    return NoSuchSlot(
        f"This vault has no {name}, so it cannot be opened that way. Nothing was changed. Use "
        f"another way that was set up for it.{doubt}"
    )
