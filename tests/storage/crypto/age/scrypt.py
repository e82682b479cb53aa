"""The scrypt recipient type of age, which fieldkit itself refuses: for the public test vectors."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from storage.crypto.age import base64_text
from storage.crypto.age.errors import HeaderError, PolicyError
from storage.crypto.age.header import Stanza
from storage.crypto.age.recipients import WRAPPED_LENGTH, seal, unseal

KIND = "scrypt"
DEFAULT_WORK_FACTOR = 18
"""Base-two logarithm of N: 256 MiB and about a second, as the age program writes it."""

MAX_WORK_FACTOR = 20
"""Highest that is computed on reading: 1 GiB. Each step doubles time and memory."""

_LABEL = b"age-encryption.org/v1/scrypt"
_SALT = 16
_DECIMAL = re.compile(r"[1-9][0-9]*")


class ScryptRecipient:
    """A passphrase to make a file for; it must be the file's only recipient."""

    __slots__ = ("_passphrase", "_work_factor")

    def __init__(self, passphrase: str, work_factor: int = DEFAULT_WORK_FACTOR) -> None:
        if not passphrase:
            raise PolicyError("The passphrase is empty. Nothing was written. Type a passphrase.")
        if not 1 <= work_factor <= MAX_WORK_FACTOR:
            raise ValueError(f"work factor must be 1..{MAX_WORK_FACTOR}")
        self._passphrase = passphrase.encode("utf-8")
        self._work_factor = work_factor

    @property
    def kind(self) -> str:
        """The stanza kind."""
        return KIND

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap the file key with a fresh salt."""
        salt = secrets.token_bytes(_SALT)
        body = seal(_wrap_key(self._passphrase, salt, self._work_factor), file_key)
        return Stanza(KIND, (base64_text.encode(salt), str(self._work_factor)), body)


class ScryptIdentity:
    """A passphrase to open a file with."""

    __slots__ = ("_max_work_factor", "_passphrase")

    def __init__(self, passphrase: str, max_work_factor: int = MAX_WORK_FACTOR) -> None:
        self._passphrase = passphrase.encode("utf-8")
        self._max_work_factor = max_work_factor

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """See ``Identity.unwrap``; the work factor is bounded before anything is computed."""
        for stanza in stanzas:
            if stanza.kind != KIND:
                continue
            if len(stanza.arguments) != 2:
                raise HeaderError("its scrypt stanza has the wrong number of arguments")
            salt = base64_text.decode(stanza.arguments[0])
            if len(salt) != _SALT or len(stanza.body) != WRAPPED_LENGTH:
                raise HeaderError("its scrypt stanza has the wrong length")
            factor = stanza.arguments[1]
            # Two digits are compared as text first: int() of a long line would be slow.
            if not _DECIMAL.fullmatch(factor):
                raise HeaderError("its scrypt work factor is not a plain number")
            if len(factor) > 2 or int(factor) > self._max_work_factor:
                raise HeaderError("its scrypt work factor is too high to be computed here")
            file_key = unseal(_wrap_key(self._passphrase, salt, int(factor)), stanza.body)
            if file_key is not None:
                return file_key
        return None


def _wrap_key(passphrase: bytes, salt: bytes, work_factor: int) -> bytes:
    try:
        kdf = Scrypt(salt=_LABEL + salt, length=32, n=2**work_factor, r=8, p=1)
        return kdf.derive(passphrase)
    except MemoryError:
        raise PolicyError(
            "This computer has too little free memory to try the passphrase. Nothing was taken "
            "from the file. Close other programs and try again."
        ) from None
