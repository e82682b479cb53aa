"""What every kind of key has in common: wrapping a file key in a stanza and unwrapping it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from storage.crypto.age import base64_text
from storage.crypto.age.errors import HeaderError
from storage.crypto.age.header import FILE_KEY_LENGTH, Stanza

WRAPPED_LENGTH = FILE_KEY_LENGTH + 16
_ZERO_NONCE = bytes(12)
_FIELD_PRIME = 2**255 - 19


class Recipient(Protocol):
    """Is someone a file can be made for."""

    @property
    def kind(self) -> str:
        """Return the stanza kind, the same for all recipients that may share a file."""

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap the file key for this recipient alone, freshly each time."""


class Identity(Protocol):
    """Is something a file can be opened with."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key, or None if no stanza is for this identity.

        Raises ``HeaderError`` if a stanza of this identity's kind is malformed.
        """


def seal(wrap_key: bytes, file_key: bytes) -> bytes:
    """Encrypt the file key under a key that is used once (hence the fixed nonce)."""
    return ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)


def unseal(wrap_key: bytes, body: bytes) -> bytes | None:
    """Undo ``seal``; None if the key is another's."""
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None


def read_shares(stanzas: Sequence[Stanza], kind: str, length: int) -> list[tuple[bytes, bytes]]:
    """Read (share, wrapped key) of each stanza of ``kind``, whose one argument is the share.

    All are checked before any is tried: a malformed one is refused whichever stanza would match.
    The wrapped key's length is checked here because decrypting one of a free length would be a
    partitioning oracle (age specification). Raises ``HeaderError``.
    """
    pairs: list[tuple[bytes, bytes]] = []
    for stanza in stanzas:
        if stanza.kind != kind:
            continue
        if len(stanza.arguments) != 1:
            raise HeaderError(f"a {kind} stanza has the wrong number of arguments")
        share = base64_text.decode(stanza.arguments[0])
        if len(share) != length or len(stanza.body) != WRAPPED_LENGTH:
            raise HeaderError(f"a {kind} stanza has the wrong length")
        pairs.append((share, stanza.body))
    return pairs


def shared_secret(secret: X25519PrivateKey, share: bytes) -> bytes:
    """Do X25519 with a share from a header; a low-order share raises ``HeaderError``."""
    try:
        return secret.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise HeaderError(
            "a share in its header is a low-order point, never made honestly"
        ) from None


def is_sound_point(public: bytes) -> bool:
    """Say whether an X25519 public key is canonical and not of low order.

    A file made for a low-order key could be opened by anyone, one made for a non-canonical
    spelling by no one, since the spelling goes into the key derivation.
    """
    if int.from_bytes(public, "little") >= _FIELD_PRIME:
        return False
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return False
    return True
