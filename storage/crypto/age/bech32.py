"""Bech32 (BIP 173) without its length limit, as age writes recipients and identities."""

from __future__ import annotations

from base64 import b32encode
from functools import reduce
from operator import xor

from storage.crypto.age.errors import KeyTextError

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_LETTERS = frozenset(_ALPHABET)
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
"""The 32 values as Python writes them in a number, so that it does the counting."""
_AS_DIGITS = str.maketrans(_ALPHABET, _DIGITS)
_AS_LETTERS = str.maketrans(_DIGITS, _ALPHABET)
_FROM_RFC_4648 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _DIGITS, "=")
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CARRIED = [
    reduce(xor, (word for place, word in enumerate(_GENERATOR) if top >> place & 1), 0)
    for top in range(32)
]
"""What each five bits that leave the checksum at its top bring back into it."""
_CHECKSUM_LENGTH = 6
_MAX_CHARACTERS = 4096


def _after_six(residue: int) -> int:
    """Return what six digits of nought make of a residue."""
    for _ in range(_CHECKSUM_LENGTH):
        residue = (residue & 0x1FFFFFF) << 5 ^ _CARRIED[residue >> 25]
    return residue


def _table(lowest: int) -> list[int]:
    """Return what six digits make of each ten bits of a residue, counted from one of its bits."""
    table = [0]
    for place in range(10):
        bit = _after_six(1 << lowest + place)
        table += [bit ^ other for other in table]
    return table


_LOW, _MIDDLE, _HIGH = _table(0), _table(10), _table(20)


def encode(prefix: str, data: bytes) -> str:
    """Write ``data`` under ``prefix``; an upper-case prefix gives an upper-case text."""
    digits = b32encode(data).decode("ascii").translate(_FROM_RFC_4648)
    residue = _residue(_expand(prefix.lower()) + digits + "0" * _CHECKSUM_LENGTH) ^ 1
    checksum = "".join(_DIGITS[residue >> 5 * (5 - at) & 31] for at in range(_CHECKSUM_LENGTH))
    text = prefix.lower() + "1" + (digits + checksum).translate(_AS_LETTERS)
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
    if not _LETTERS.issuperset(tail):
        raise _damaged("it has a character that no key has")
    digits = tail.translate(_AS_DIGITS)
    if len(digits) < _CHECKSUM_LENGTH or _residue(_expand(given_prefix) + digits) != 1:
        raise _damaged("its checksum is wrong, so a character is missing or mistyped")
    digits = digits[:-_CHECKSUM_LENGTH]
    number = int(digits or "0", 32)
    spare = 5 * len(digits) % 8
    if spare >= 5 or number & (1 << spare) - 1:
        raise _damaged("it does not hold whole bytes")
    return (number >> spare).to_bytes(5 * len(digits) // 8, "big")


def _damaged(detail: str) -> KeyTextError:
    return KeyTextError(
        f"This key cannot be read: {detail}. Nothing was changed. Copy the whole key again."
    )


def _expand(prefix: str) -> str:
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    return "".join(_DIGITS[value] for value in values)


def _residue(digits: str) -> int:
    """Return what the checksum's division leaves of digits, which are taken six at once.

    They begin with a one; noughts before it leave nothing.
    """
    digits = f"1{digits}"
    digits = "0" * (-len(digits) % _CHECKSUM_LENGTH) + digits
    residue = 0
    for at in range(0, len(digits), _CHECKSUM_LENGTH):
        residue = (
            _HIGH[residue >> 20]
            ^ _MIDDLE[residue >> 10 & 1023]
            ^ _LOW[residue & 1023]
            ^ int(digits[at : at + _CHECKSUM_LENGTH], 32)
        )
    return residue
