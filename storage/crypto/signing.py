"""Signatures: Ed25519 over a purpose and exact bytes, and the two-line form of a signed document.

What is signed is ``fieldkit/<purpose>/v1``, a line feed and the bytes themselves, so that a
signature given for one purpose never serves another. Bytes are kept as they came and never
written anew in order to be checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from storage.errors import FieldkitError
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError

MANIFEST, SEGMENT, RECEIPT, ROSTER, ENROL = "manifest", "segment", "receipt", "roster", "enrol"
PURPOSES = frozenset({MANIFEST, SEGMENT, RECEIPT, ROSTER, ENROL})

MAX_DOCUMENT_BYTES = 1024 * 1024
"""Bytes of a roster, receipt or request in a file of its own; a roster of forty is 100 KiB."""

SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)
"""The low-order points and their other spellings, sign bit apart: under such a key one signature
fits every message. Source: C2SP/CCTV, ``ed25519/README.md`` (fourteen encodings with the sign)."""

_HEX = re.compile(r"(?:[0-9a-f]{2})*")


class SignatureError(FieldkitError):
    """A signature is missing, is not by the key it must be by, or does not fit the bytes."""


class WeakKeyError(FieldkitError):
    """A public signing key is one under which anyone could sign."""


def read_hex(text: object, length: int) -> bytes:
    """Read bytes from lower-case hexadecimal digits; raises :class:`MalformedError`."""
    if not isinstance(text, str) or len(text) != 2 * length or not _HEX.fullmatch(text):
        raise MalformedError("A key, digest or signature in the data is not in the right form.")
    return bytes.fromhex(text)


def read_public(text: object) -> bytes:
    """Read a public signing key from 64 hexadecimal digits.

    Raises:
        MalformedError: it is not 64 digits.
        WeakKeyError: it is one of the fourteen small-order encodings.
    """
    public = read_hex(text, 32)
    if public[:31] + bytes([public[31] & 0x7F]) in SMALL_ORDER:
        raise WeakKeyError(
            "A signing key in the data is one under which anybody could sign. Nothing was changed. "
            "Do not use what it came with, and tell whoever administers central."
        )
    return public


def sign(key: Ed25519PrivateKey, purpose: str, data: bytes) -> bytes:
    """Return the 64 bytes of a signature of ``data`` for one of :data:`PURPOSES`."""
    return key.sign(_input(purpose, data))


def verify(public: bytes, purpose: str, data: bytes, signature: bytes) -> None:
    """Check a signature; ``public`` has come through :func:`read_public`.

    Raises:
        SignatureError: it does not fit.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _input(purpose, data))
    except (InvalidSignature, ValueError):
        raise SignatureError(
            f"The signature of the {_NAMES[purpose]} does not fit: it was changed after it was "
            "signed, or signed by someone else. Nothing was changed. Ask for it again."
        ) from None


_NAMES = {
    MANIFEST: "bundle's table of contents",
    SEGMENT: "entries",
    RECEIPT: "receipt",
    ROSTER: "roster",
    ENROL: "enrolment request",
}


def _input(purpose: str, data: bytes) -> bytes:
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    return f"fieldkit/{purpose}/v1\n".encode() + data


def signature_line(public: bytes, signature: bytes) -> bytes:
    """Return the canonical line, without its line feed, that carries a signature."""
    return canonical_json.dumps({"key": public.hex(), "sig": signature.hex(), "t": "sig"})


def read_signature_line(line: bytes) -> tuple[bytes, bytes]:
    """Read the public key and the signature of such a line; raises as :func:`read_public`."""
    value = canonical_json.loads(line)
    if not isinstance(value, dict) or value.keys() != {"key", "sig", "t"} or value["t"] != "sig":
        raise MalformedError("A signature is not where it must be.")
    return read_public(value["key"]), read_hex(value["sig"], 64)


@dataclass(frozen=True)
class Signed:
    """Holds a signed document: its exact bytes, the key that signed and the signature.

    Only :meth:`value` after :meth:`check` with a key that is trusted means anything.
    """

    body: bytes
    public: bytes
    signature: bytes

    @classmethod
    def make(cls, key: Ed25519PrivateKey, purpose: str, value: dict[str, Any]) -> Signed:
        """Sign the canonical bytes of ``value``."""
        body = canonical_json.dumps(value)
        return cls(body, key.public_key().public_bytes_raw(), sign(key, purpose, body))

    @classmethod
    def read(cls, data: bytes) -> Signed:
        """Take the two lines apart; raises :class:`MalformedError` where they are not two."""
        if len(data) > MAX_DOCUMENT_BYTES:
            raise MalformedError("The file is too large to be a signed document of fieldkit.")
        lines = data.split(b"\n")
        if len(lines) != 3 or lines[2]:
            raise MalformedError("The file is not a signed document of fieldkit.")
        public, signature = read_signature_line(lines[1])
        return cls(lines[0], public, signature)

    def encode(self) -> bytes:
        """Return the two lines: the document's bytes and its signature."""
        return self.body + b"\n" + signature_line(self.public, self.signature) + b"\n"

    def check(self, purpose: str, public: bytes) -> None:
        """Demand a signature for ``purpose`` by ``public``; raises :class:`SignatureError`."""
        if self.public != public:
            raise SignatureError(
                f"The {_NAMES[purpose]} is signed by another key than it must be. Nothing was "
                "changed. Check where it came from."
            )
        verify(public, purpose, self.body, self.signature)

    def value(self) -> dict[str, Any]:
        """Return the document as data; raises :class:`MalformedError`."""
        value = canonical_json.loads(self.body)
        if not isinstance(value, dict):
            raise MalformedError("The file is not a signed document of fieldkit.")
        return value
