"""Canonical JSON is the one byte form of an op, a manifest or a receipt.

A restricted profile of RFC 8785 (JSON Canonicalization Scheme): UTF-8, object keys in ASCII and
sorted, no floating-point numbers, whole numbers below 2**53 in size, text in Unicode NFC, no
duplicate keys. In that profile Python's own encoder gives the RFC's bytes, so what is hashed and
signed is what any other language can produce. ``docs/format.md`` holds golden bytes.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, NoReturn

from storage.errors import FieldkitError

MAX_WHOLE_NUMBER = 2**53 - 1
"""Largest whole number every JSON reader keeps exactly (RFC 7493, I-JSON)."""
MAX_DEPTH = 8
"""Nesting that no record of fieldkit reaches; deeper input is refused as malformed."""


class MalformedError(FieldkitError):
    """The bytes are not canonical JSON of fieldkit's profile."""


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise MalformedError("The data is nested too deeply to be one of fieldkit's records.")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise MalformedError("A text in the data is not in Unicode normal form NFC.")
    elif isinstance(value, int):
        if abs(value) > MAX_WHOLE_NUMBER:
            raise MalformedError("A number in the data is too large to be kept exactly.")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise MalformedError("A key in the data is not plain ASCII text.")
            _check(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth + 1)
    else:
        raise MalformedError(f"A {type(value).__name__} cannot stand in a record.")


def text(value: Any) -> str:
    """Return the canonical JSON of ``value`` as text.

    Raises:
        MalformedError: the value has a float, a huge number, a non-ASCII key, text outside NFC,
            lone surrogates or too deep a nesting.
    """
    _check(value, 0)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def dumps(value: Any) -> bytes:
    """Return the canonical JSON of ``value`` as UTF-8 bytes; raises as :func:`text` does."""
    try:
        return text(value).encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("A text in the data holds half a character.") from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedError("The data names the same key twice.")
    return members


def _no_constant(name: str) -> NoReturn:
    raise MalformedError(f"The data holds {name}, which is not a number.")


def loads(data: bytes) -> Any:
    """Read canonical bytes back.

    Raises:
        MalformedError: not UTF-8, not JSON, or not the canonical form (re-encoding must give the
            same bytes, so that two readers can never understand one signature differently).
    """
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant
        )
    except MalformedError:
        raise
    except (ValueError, RecursionError):
        raise MalformedError("The data is not readable JSON.") from None
    if dumps(value) != data:
        raise MalformedError("The data is not in canonical form.")
    return value
