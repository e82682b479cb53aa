"""The one way in which values are written in a key file."""

from __future__ import annotations

import base64
import json


def canonical(value: object) -> bytes:
    """Write JSON in ASCII with sorted names and no spaces: one value, always the same bytes."""
    return json.dumps(
        value, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode("ascii")


def to_base64(value: bytes) -> str:
    """Write standard base 64 with padding."""
    return base64.b64encode(value).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read bytes exactly as ``to_base64`` writes them; else raise ``ValueError``."""
    value = base64.b64decode(text.encode("ascii"), validate=True)
    if to_base64(value) != text:
        raise ValueError("not canonical base 64")
    return value
