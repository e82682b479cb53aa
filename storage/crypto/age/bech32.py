"""Bech32 (BIP 173) without its length limit, as age writes recipients and identities."""

from __future__ import annotations

from functools import reduce
from operator import xor

from storage.crypto.age.errors import KeyTextError

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CARRIED = [
    reduce(xor, (word for place, word in enumerate(_GENERATOR) if top >> place & 1), 0)
    for top in range(32)
]
"""What each five bits that leave the checksum at its top bring back into it."""
_CHECKSUM_LENGTH = 6
_MAX_CHARACTERS = 4096


def encode(prefix: str, data: bytes) -> str:
    """Write ``data`` under ``prefix``; an upper-case prefix gives an upper-case text."""
    values = _regroup(data, 8, 5, pad=True)
    residue = _residue([*_expand(prefix.lower()), *values, *([0] * _CHECKSUM_LENGTH)]) ^ 1
    checksum = [(residue >> 5 * (5 - place)) & 31 for place in range(_CHECKSUM_LENGTH)]
    text = prefix.lower() + "1" + "".join(_ALPHABET[value] for value in [*values, *checksum])
    return text.upper() if prefix.isupper() else text


def decode(prefix: str, text: str) -> bytes:
    """Read ``text`` back, demanding exactly ``prefix`` and its letter case.

    Messages never repeat ``text``: it may be a secret. Raises ``KeyTextError``.
    """
    if len(text) > _MAX_CHARACTERS:
        raise _damaged("it is far too long")
    if text != (text.upper() if prefix.isupper() else text.lower()):
        raise _damaged("capital and small letters are mixed or swapped")
    lower = text.lower()
    given_prefix, separator, tail = lower.rpartition("1")
    if not separator or given_prefix != prefix.lower():
        raise _damaged(f"it does not begin with {prefix}1")
    try:
        values = [_VALUES[letter] for letter in tail]
    except KeyError:
        raise _damaged("it has a character that no key has") from None
    if len(values) < _CHECKSUM_LENGTH or _residue([*_expand(given_prefix), *values]) != 1:
        raise _damaged("its checksum is wrong, so a character is missing or mistyped")
    return bytes(_regroup(values[:-_CHECKSUM_LENGTH], 5, 8, pad=False))


def _damaged(detail: str) -> KeyTextError:
    return KeyTextError(
        f"This key cannot be read: {detail}. Nothing was changed. Copy the whole key again."
    )


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _residue(values: list[int]) -> int:
    residue = 1
    for value in values:
        residue = (residue & 0x1FFFFFF) << 5 ^ value ^ _CARRIED[residue >> 25]
    return residue


def _regroup(data: bytes | list[int], size: int, into: int, *, pad: bool) -> list[int]:
    """Regroup ``size``-bit values into ``into``-bit values; unpadded leftovers must be zero."""
    buffer = bits = 0
    groups: list[int] = []
    for value in data:
        buffer = (buffer << size | value) & 0xFFF
        bits += size
        while bits >= into:
            bits -= into
            groups.append(buffer >> bits & ((1 << into) - 1))
    leftover = buffer & ((1 << bits) - 1)
    if pad:
        if bits:
            groups.append(leftover << (into - bits))
    elif bits >= size or leftover:
        raise _damaged("it does not hold whole bytes")
    return groups
