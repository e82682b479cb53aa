"""Canonical JSON is the one byte form of an op, a manifest or a receipt.

A restricted profile of RFC 8785 (JSON Canonicalization Scheme): UTF-8, object keys in ASCII and
sorted, no floating-point numbers, whole numbers below 2**53 in size, text in Unicode NFC, no
duplicate keys. In that profile Python's own encoder gives the RFC's bytes, so what is hashed and
signed is what any other language can produce. ``docs/format.md`` holds golden bytes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from storage.errors import FieldkitError

MAX_WHOLE_NUMBER = 2**53 - 1
"""Largest whole number every JSON reader keeps exactly (RFC 7493, I-JSON)."""
MAX_DEPTH = 8
"""Nesting that no record of fieldkit reaches; deeper input is refused as malformed."""


class MalformedError(FieldkitError):
    """The bytes are not canonical JSON of fieldkit's profile."""


_ENCODER = json.JSONEncoder(
    # Nothing is within itself that keeps to the limit of depth.
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)  # fmt: skip
_DECODER = json.JSONDecoder()


def _exact(digits: str) -> int:
    number = int(digits)
    if abs(number) > MAX_WHOLE_NUMBER:
        raise ValueError
    return number


def _refused(number: str) -> object:
    raise ValueError


_STRICT_DECODER = json.JSONDecoder(
    parse_int=_exact, parse_float=_refused, parse_constant=_refused
)  # fmt: skip


def _check(value: Any, depth: int = 0) -> None:
    if isinstance(value, dict | list | tuple):
        if depth == MAX_DEPTH and value:
            raise MalformedError("The data is nested too deeply to be one of fieldkit's records.")
        items: Iterable[Any] = value
        if isinstance(value, dict):
            _check_keys(value)
            items = value.values()
        for item in items:
            # Most of what there is needs no call of its own.
            kind = type(item)
            if (
                item.isascii()
                if kind is str
                else -MAX_WHOLE_NUMBER <= item <= MAX_WHOLE_NUMBER
                if kind is int
                else not item and (kind is list or kind is dict)
            ):
                continue
            _check(item, depth + 1)
    elif isinstance(value, str):
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise MalformedError("A text in the data is not in Unicode normal form NFC.")
    elif isinstance(value, int):
        if abs(value) > MAX_WHOLE_NUMBER:
            raise MalformedError("A number in the data is too large to be kept exactly.")
    elif value is not None:
        raise MalformedError(f"A {type(value).__name__} cannot stand in a record.")


def _check_keys(value: dict[Any, Any]) -> None:
    try:
        plain = "".join(value).isascii()
    except TypeError:  # one is no text
        plain = False
    if not plain:
        raise MalformedError("A key in the data is not plain ASCII text.")


def text(value: Any) -> str:
    """Return the canonical JSON of ``value`` as text.

    Raises:
        MalformedError: the value has a float, a huge number, a non-ASCII key, text outside NFC,
            lone surrogates or too deep a nesting.
    """
    _check(value)
    return _ENCODER.encode(value)


def dumps(value: Any) -> bytes:
    """Return the canonical JSON of ``value`` as UTF-8 bytes; raises as :func:`text` does."""
    try:
        return text(value).encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("A text in the data holds half a character.") from None


def loads(data: bytes) -> Any:
    """Read canonical bytes back.

    Raises:
        MalformedError: not UTF-8, not JSON, or not the canonical form (re-encoding must give the
            same bytes, so that two readers can never understand one signature differently).
    """
    if data.isascii() and data.count(b"[") + data.count(b"{") <= MAX_DEPTH:
        # Nothing can be nested too deeply, and no text or key out of form is written as it stands
        # here. So of most there is it need not be looked at value by value.
        text = data.decode("ascii")
        try:
            value, _ = _STRICT_DECODER.raw_decode(text)
            if _ENCODER.encode(value) == text:
                return value
        except ValueError:
            pass
    return _loads_any(data)


def _loads_any(data: bytes) -> Any:
    try:
        value, _ = _DECODER.raw_decode(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise MalformedError("The data is not readable JSON.") from None
    # A key that is named twice, a minus before nought, and whatever stands around the value: each
    # is read over, and missing when the value is written.
    if dumps(value) != data:
        raise MalformedError("The data is not in canonical form.")
    return value
