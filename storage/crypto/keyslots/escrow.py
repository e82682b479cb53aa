"""The organisation's escrow with age: what ``add_escrow`` and ``unlock_escrow`` ask for."""

from __future__ import annotations

from storage.crypto.age import (
    Identity,
    KeyIdentity,
    KeyTextError,
    decrypt_bytes,
    encrypt_bytes,
    parse_identity,
    parse_recipient,
)
from storage.crypto.keyslots.slot import Seal, Unseal

_MAX_PLAIN_BYTES = 1024


def sealer(recipient: str) -> Seal:
    """Encrypts to an ``age1pq1…`` or ``age1…`` recipient; raises ``KeyTextError`` otherwise."""
    key = parse_recipient(recipient)
    return lambda plain: encrypt_bytes(plain, [key])


def unsealer(identity: Identity) -> Unseal:
    """Decrypts with the identity that belongs to the escrow's recipient."""
    return lambda sealed: decrypt_bytes(sealed, [identity], limit=_MAX_PLAIN_BYTES)


def read_identity(text: str) -> KeyIdentity:
    """Return the one secret identity in a text, as ``age-keygen`` writes its file.

    Empty lines and lines that begin with # are passed over. Raises
    :class:`storage.crypto.age.KeyTextError`; no message repeats the text.
    """
    lines = [line.strip() for line in text.splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    if len(keys) != 1:
        raise KeyTextError(
            "The file does not hold exactly one secret key (a line that begins with "
            "AGE-SECRET-KEY-). Nothing was changed. Check that it is the right file."
        )
    return parse_identity(keys[0])
