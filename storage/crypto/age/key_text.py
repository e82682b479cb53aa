"""Recipients and identities from and to their text, without the caller knowing their kind."""

from __future__ import annotations

from typing import TypeAlias

from storage.crypto.age import bech32, mlkem768x25519, x25519
from storage.crypto.age.errors import KeyTextError
from storage.crypto.age.mlkem768x25519 import HybridIdentity, HybridRecipient
from storage.crypto.age.x25519 import X25519Identity, X25519Recipient

KeyRecipient: TypeAlias = HybridRecipient | X25519Recipient
KeyIdentity: TypeAlias = HybridIdentity | X25519Identity


def parse_recipient(text: str) -> KeyRecipient:
    """Read an ``age1pq1…`` or ``age1…`` text; raises ``KeyTextError``.

    Strict: no surrounding space, no capitals, no key that a file could not safely be made for.
    """
    if text.upper().startswith("AGE-SECRET-KEY-"):
        raise KeyTextError(
            "This is a secret key, and a public one is needed here. Nothing was changed. Do not "
            "send the secret key to anyone; use the key that begins with age1."
        )
    if text.startswith(mlkem768x25519.RECIPIENT_PREFIX + "1"):
        return HybridRecipient(bech32.decode(mlkem768x25519.RECIPIENT_PREFIX, text))
    if text.rpartition("1")[0].startswith("age1"):
        raise KeyTextError(
            "This key belongs to an age plugin, which cannot be used here. Nothing was changed. "
            "Ask its owner for a key that begins with age1pq1."
        )
    return X25519Recipient(bech32.decode(x25519.RECIPIENT_PREFIX, text))


def parse_identity(text: str) -> KeyIdentity:
    """Read an ``AGE-SECRET-KEY-PQ-1…`` or ``AGE-SECRET-KEY-1…`` text; raises ``KeyTextError``.

    No message repeats the text: it is a secret.
    """
    if text.startswith(mlkem768x25519.IDENTITY_PREFIX):
        return HybridIdentity(bech32.decode(mlkem768x25519.IDENTITY_PREFIX, text))
    return X25519Identity(bech32.decode(x25519.IDENTITY_PREFIX, text))


def generate_identity(post_quantum: bool = True) -> KeyIdentity:
    """Make a random identity, post-quantum unless a correspondent's age program is too old."""
    return HybridIdentity.generate() if post_quantum else X25519Identity.generate()
