"""The X25519 recipient type of age: ``age1…`` and ``AGE-SECRET-KEY-1…``."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from storage.crypto.age import base64_text, bech32
from storage.crypto.age.errors import KeyTextError
from storage.crypto.age.header import Stanza, derive_key
from storage.crypto.age.recipients import is_sound_point, read_shares, seal, shared_secret, unseal

KIND = "X25519"
RECIPIENT_PREFIX = "age"
IDENTITY_PREFIX = "AGE-SECRET-KEY-"
_INFO = b"age-encryption.org/v1/X25519"
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """Holds a public key to make files for; equal if the key is."""

    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != _LENGTH or not is_sound_point(self.public):
            raise KeyTextError(
                "This key is spelt correctly but is not one that a file can safely be made for. "
                "Nothing was changed. Ask its owner for their key again."
            )

    @property
    def kind(self) -> str:
        """Return the stanza kind."""
        return KIND

    def encode(self) -> str:
        """Return the ``age1…`` text."""
        return bech32.encode(RECIPIENT_PREFIX, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap the file key with a fresh ephemeral secret."""
        secret = X25519PrivateKey.generate()
        share = secret.public_key().public_bytes_raw()
        shared = secret.exchange(X25519PublicKey.from_public_bytes(self.public))
        wrap_key = derive_key(shared, share + self.public, _INFO)
        return Stanza(KIND, (base64_text.encode(share),), seal(wrap_key, file_key))


class X25519Identity:
    """Holds a secret key; only ``encode`` gives its text, never ``repr``."""

    __slots__ = ("_recipient", "_secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _LENGTH:
            raise KeyTextError("This secret key has the wrong length. Nothing was changed.")
        self._secret = X25519PrivateKey.from_private_bytes(secret)
        self._recipient = X25519Recipient(self._secret.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> X25519Identity:
        """Make a random identity."""
        return cls(secrets.token_bytes(_LENGTH))

    def recipient(self) -> X25519Recipient:
        """Return the public key that goes with this identity."""
        return self._recipient

    def encode(self) -> str:
        """Return the ``AGE-SECRET-KEY-1…`` text: a secret."""
        return bech32.encode(IDENTITY_PREFIX, self._secret.private_bytes_raw())

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Unwrap as ``Identity.unwrap`` says."""
        for share, body in read_shares(stanzas, KIND, _LENGTH):
            shared = shared_secret(self._secret, share)
            file_key = unseal(derive_key(shared, share + self._recipient.public, _INFO), body)
            if file_key is not None:
                return file_key
        return None

    def __repr__(self) -> str:
        return f"<X25519Identity of {self._recipient.encode()}>"
