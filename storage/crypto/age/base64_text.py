"""The base64 of age headers: standard alphabet, no padding, only the one canonical spelling."""

from __future__ import annotations

import binascii

from storage.crypto.age.errors import HeaderError


def encode(data: bytes) -> str:
    """Write ``data`` as unpadded base64."""
    return binascii.b2a_base64(data, newline=False).decode("ascii").rstrip("=")


def decode(text: str) -> bytes:
    """Read unpadded canonical base64; anything else raises ``HeaderError``."""
    try:
        data = binascii.a2b_base64(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        data = None
    # Python's decoder skips stray characters and forgives loose bits; the round trip does not.
    if data is None or encode(data) != text:
        raise HeaderError("a line of its header is not canonical base64")
    return data
