"""The organisation's escrow with age: what ``add_escrow`` and ``unlock_escrow`` ask for."""

from __future__ import annotations

from storage.age import (
    Identity,
    decrypt_bytes,
    encrypt_bytes,
    parse_recipient,
)
from storage.keyslots.slot import Seal, Unseal

_PLAIN_AT_MOST = 1024


def sealer(recipient: str) -> Seal:
    """Encrypts to an ``age1pq1…`` or ``age1…`` recipient; raises ``storage.age.KeyTextError``."""
    key = parse_recipient(recipient)
    return lambda plain: encrypt_bytes(plain, [key])


def unsealer(identity: Identity) -> Unseal:
    """Decrypts with the identity that belongs to the escrow's recipient."""
    return lambda sealed: decrypt_bytes(sealed, [identity], limit=_PLAIN_AT_MOST)
