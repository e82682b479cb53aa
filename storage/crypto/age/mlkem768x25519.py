"""The post-quantum recipient type of age: ``age1pq1…`` and ``AGE-SECRET-KEY-PQ-1…``.

HPKE (RFC 9180) with the MLKEM768-X25519 hybrid KEM ("X-Wing"), HKDF-SHA256 and ChaCha20Poly1305.
Breaking it takes breaking both ML-KEM-768 and X25519.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from storage.crypto.age import base64_text, bech32
from storage.crypto.age.errors import AgeError, KeyTextError
from storage.crypto.age.header import Stanza
from storage.crypto.age.recipients import is_sound_point, read_shares, shared_secret

KIND = "mlkem768x25519"
RECIPIENT_PREFIX = "age1pq"
IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-"
_INFO = b"age-encryption.org/mlkem768x25519"
_SEED = 32
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184
_MLKEM_CIPHERTEXT = 1088
_X25519 = 32
_ENCAPSULATED = _MLKEM_CIPHERTEXT + _X25519


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """Holds a post-quantum public key to make files for; equal if the key is."""

    public: bytes
    _key: MLKEM768X25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mlkem, x25519 = self.public[:_MLKEM_PUBLIC], self.public[_MLKEM_PUBLIC:]
        try:
            if len(x25519) != _X25519 or not is_sound_point(x25519):
                raise ValueError("X25519 part")
            key = MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(mlkem),
                X25519PublicKey.from_public_bytes(x25519),
            )
        except ValueError:
            raise KeyTextError(
                "This key is spelt correctly but is not one that a file can safely be made for. "
                "Nothing was changed. Ask its owner for their key again."
            ) from None
        except UnsupportedAlgorithm:
            raise _unsupported() from None
        object.__setattr__(self, "_key", key)

    @property
    def kind(self) -> str:
        """Return the stanza kind."""
        return KIND

    def encode(self) -> str:
        """Return the ``age1pq1…`` text, close to two thousand characters."""
        return _text(self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap the file key with a fresh encapsulation."""
        sealed = _suite().encrypt(file_key, self._key, _INFO)
        share, body = sealed[:_ENCAPSULATED], sealed[_ENCAPSULATED:]
        return Stanza(KIND, (base64_text.encode(share),), body)


@lru_cache(maxsize=64)
def _text(public: bytes) -> str:
    """Return the text of a public key; the same few are asked for at every bundle."""
    return bech32.encode(RECIPIENT_PREFIX, public)


class HybridIdentity:
    """Holds a post-quantum secret key; only ``encode`` gives its text, never ``repr``."""

    __slots__ = ("_key", "_recipient", "_seed", "_x25519")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != _SEED:
            raise KeyTextError("This secret key has the wrong length. Nothing was changed.")
        shake = hashes.Hash(hashes.SHAKE256(_MLKEM_SEED + _X25519))
        shake.update(seed)
        expanded = shake.finalize()
        try:
            mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED])
        except UnsupportedAlgorithm:
            raise _unsupported() from None
        self._seed = seed
        self._x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:])
        self._key = MLKEM768X25519PrivateKey(mlkem, self._x25519)
        self._recipient = HybridRecipient(
            mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls) -> HybridIdentity:
        """Make a random identity."""
        return cls(secrets.token_bytes(_SEED))

    def recipient(self) -> HybridRecipient:
        """Return the public key that goes with this identity."""
        return self._recipient

    def encode(self) -> str:
        """Return the ``AGE-SECRET-KEY-PQ-1…`` text: a secret."""
        return bech32.encode(IDENTITY_PREFIX, self._seed)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Unwrap as ``Identity.unwrap`` says."""
        for share, body in read_shares(stanzas, KIND, _ENCAPSULATED):
            # HPKE answers a low-order X25519 share as it answers another's key; it is worse.
            shared_secret(self._x25519, share[_MLKEM_CIPHERTEXT:])
            try:
                return _suite().decrypt(share + body, self._key, _INFO)
            except InvalidTag:
                continue
        return None

    def __repr__(self) -> str:
        return f"<HybridIdentity of {self._recipient.encode()[:24]}…>"


def _suite() -> Suite:
    try:
        return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    except UnsupportedAlgorithm:
        raise _unsupported() from None


def _unsupported() -> AgeError:
    return AgeError(
        "The cryptography library on this computer was built without post-quantum keys. Nothing "
        "was changed. Install fieldkit with the cryptography package it is published with."
    )
