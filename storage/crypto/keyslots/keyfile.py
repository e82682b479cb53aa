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
    ForeignVaultKey,
    KeyFileNotWritten,
    KeyFileRefused,
)
from storage.crypto.keyslots.kdf import DEFAULT, FOR_CODES, KEY_BYTES, Argon2Params, zero
from storage.crypto.keyslots.locked import LockedKeyFile, no_slot
from storage.crypto.keyslots.recovery_code import new_code
from storage.crypto.keyslots.slot import (
    PASSPHRASE,
    RECOVERY,
    AgeSlot,
    Seal,
    WordSlot,
    age_slot,
    word_slot,
)
from storage.files import open_named


class KeyFile(LockedKeyFile):
    """Changes a key file as it was read; each change is durable when its method returns.

    Vault keys are given out in bytearrays; whoever asked for one zeroes it (``zero``). Every method
    that changes something needs the vault key, refuses one that is not this file's
    (``ForeignVaultKey``), and raises ``KeyFileChanged`` or ``KeyFileNotWritten`` with the old file
    still in place.
    """

    @classmethod
    def create(
        cls,
        path: Path,
        passphrase: str,
        *,
        params: Argon2Params = DEFAULT,
        now: str,
        label: str = "",
        vault_id: str = "",
    ) -> tuple[KeyFile, bytearray, str]:
        """Make a vault's key file: the file, the new vault key, and the recovery code to print.

        ``now`` is ISO 8601 in UTC; without a ``vault_id`` one is made. Raises ``ExistingKeyFile``
        where one lies, ``EmptyPassphrase``.
        """
        _refuse_empty(passphrase)
        atomic_write.refuse_existing(path)
        vault_key = bytearray(secrets.token_bytes(KEY_BYTES))
        code = new_code()
        try:
            new = Document(vault_id=vault_id or str(uuid.uuid4()), created=now, gen=1, slots=())
            new = replace(
                new,
                slots=(
                    word_slot(new.place, PASSPHRASE, passphrase, vault_key, params, label),
                    word_slot(new.place, RECOVERY, code, vault_key, FOR_CODES),
                ),
            )
            data = new.to_bytes(vault_key)

            def check(written: bytes) -> None:
                file = cls(path, written)
                _same(file.unlock(passphrase), vault_key, path)
                _same(file.unlock_recovery(code), vault_key, path)

            atomic_write.write_new(path, data, check)
        except BaseException:
            zero(vault_key)
            raise
        return cls(path, data), vault_key, code

    def change_passphrase(
        self, vault_key: bytearray, new: str, *, params: Argon2Params | None = None
    ) -> None:
        """Let ``new`` open the vault instead of the present passphrase.

        The new file is opened with ``new`` before it takes the old one's place. The copy beside it
        still opens with the old passphrase until ``update_copy``. The cost stays unless given.
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
        slots = tuple(s for s in self.slots if not (isinstance(s, AgeSlot) and s.id == slot_id))
        if len(slots) == len(self.slots):
            raise no_slot("organisation escrow of that name")
        self._write(vault_key, replace(self._document, slots=slots))

    def set_anchors(self, vault_key: bytearray, anchors: Mapping[str, Anchor]) -> None:
        """Record how far each feed has come, in place of what was recorded.

        Not in a file that was put back over a later one, whose copy then stays as it is.
        """
        if dict(anchors) != self._document.anchors and not self.later_copy(vault_key):
            self._write(vault_key, replace(self._document, anchors=dict(anchors)))

    def update_copy(self, vault_key: bytearray) -> None:
        """Make the copy equal the file after an unlock, and clear an interrupted change away.

        From then on an earlier passphrase opens nothing in this folder. Where the disk is full or
        does not let it, that is so after the next unlock instead: neither an unlock nor a change
        already made is refused for the sake of the copy (``is_copy_stale`` tells). Call it only
        while the database is open, so that no other program is changing the key file.
        """
        self._refuse_foreign(vault_key)
        atomic_write.remove_leftovers(self.path)
        if not self.later_copy(vault_key):
            with suppress(KeyFileNotWritten):
                atomic_write.write_copy(self.path, self._data)

    def later_copy(self, vault_key: bytearray) -> int:
        """Return the generation of this vault's copy where it is later than the file; else 0.

        A change writes the file before its copy, so this comes only of an earlier file put back.
        """
        copy = atomic_write.copy_path(self.path)
        try:
            with open_named(copy) as file:
                data = file.read(document.MAX_KEY_FILE_BYTES + 1)
            copied = document.read(data, str(copy))
        except (OSError, KeyFileRefused):
            return 0
        later = copied.gen > self.generation and document.is_authentic(data, vault_key, str(copy))
        return copied.gen if later else 0

    def _refuse_foreign(self, vault_key: bytearray) -> None:
        if not document.is_authentic(self._data, vault_key, str(self.path)):
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

        def check(written: bytes) -> None:
            document.verify(written, vault_key, str(self.path))
            if unlock is not None:
                _same(unlock(KeyFile(self.path, written)), vault_key, self.path)

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


def _same(opened: bytearray, wanted: bytearray, path: Path) -> None:
    """Refuse a new file that does not give the vault key back."""
    same = opened == wanted
    zero(opened)
    if not same:
        raise DamagedKeyFile(
            f"The new key file {path} did not open the vault when it was tried, so the old one "
            "was left in place. Try again."
        )
