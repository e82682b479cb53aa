"""The text header of an age file: stanzas that wrap the file key, and a MAC over them all.

Follows the grammar of the age v1 specification (c2sp.org/age, "ABNF definition of file header").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.crypto.age import base64_text
from storage.crypto.age.errors import HeaderError, MacError, PolicyError
from storage.crypto.age.io import ByteSource

FILE_KEY_LENGTH = 16
MAX_STANZAS = 20
"""Most addressees of one file, written or read: a team, central, and room to spare."""

MAX_HEADER_BYTES = 64 * 1024
"""Longest header in bytes: twenty post-quantum stanzas take about 32 KiB."""

SCRYPT = "scrypt"
"""The stanza kind of a passphrase, which is recognised only in order to be refused."""

_VERSION_LINE = b"age-encryption.org/v1\n"
_COLUMNS = 64
_BODY_LINE = _COLUMNS // 4 * 3
_MAC_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Stanza:
    """Holds the file key wrapped for one addressee: ``kind``, further arguments, wrapped key."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes

    def encode(self) -> str:
        """Return the stanza's lines as they stand in a header."""
        lines = [" ".join(("->", self.kind, *self.arguments))]
        # The last line must be shorter than the others, if need be empty: hence the + 1.
        for start in range(0, len(self.body) + 1, _BODY_LINE):
            lines.append(base64_text.encode(self.body[start : start + _BODY_LINE]))
        return "".join(line + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Header:
    """Holds a header that keeps to the format; whether it is genuine only ``verify`` can tell."""

    stanzas: tuple[Stanza, ...]
    authenticated: bytes
    mac: bytes

    def verify(self, file_key: bytes) -> None:
        """Check the MAC with the unwrapped file key; raises ``MacError``."""
        try:
            _mac(file_key, self.authenticated).verify(self.mac)
        except InvalidSignature:
            raise MacError from None


def derive_key(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    """Derive 32 bytes by HKDF-SHA-256, the one key derivation of the age format."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(secret)


def build(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """Return the bytes of a header with these stanzas and its MAC."""
    text = _VERSION_LINE + "".join(s.encode() for s in stanzas).encode("ascii") + b"---"
    mac = _mac(file_key, text).finalize()
    return text + b" " + base64_text.encode(mac).encode("ascii") + b"\n"


def parse(source: ByteSource) -> Header:
    """Take the header off ``source``, leaving it at the payload.

    Raises ``HeaderError`` for anything outside the grammar, ``PolicyError`` for a header of more
    than ``MAX_HEADER_BYTES`` bytes or ``MAX_STANZAS`` stanzas.
    """
    version = source.read_line(len(_VERSION_LINE))
    if version != _VERSION_LINE:
        if version.startswith(b"age-encryption.org/"):
            raise HeaderError("it was made with another version of the format than v1")
        raise HeaderError("it does not begin as an age file does")
    lines = _Lines(source)
    stanzas: list[Stanza] = []
    line = lines.next()
    while not line.startswith("---"):
        if len(stanzas) == MAX_STANZAS:
            raise PolicyError(
                f"This file is addressed to more than {MAX_STANZAS} keys, which is more "
                "than is accepted here. Nothing was taken from it. Ask the sender to make it for "
                "fewer."
            )
        stanzas.append(_stanza(line, lines))
        line = lines.next()
    mac = base64_text.decode(line[4:])
    if not stanzas or line[3:4] != " " or len(mac) != _MAC_LENGTH:
        raise HeaderError("the line that ends its header is malformed")
    authenticated = bytes(lines.taken[: -len(line) - 1]) + b"---"
    _check_scrypt_alone(stanzas)
    return Header(tuple(stanzas), _VERSION_LINE + authenticated, mac)


class _Lines:
    """Gives the header's lines after the first, counted and kept for the MAC."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.taken = bytearray()

    def next(self) -> str:
        room = MAX_HEADER_BYTES - len(self.taken)
        line = self._source.read_line(room)
        self.taken += line
        if not line.endswith(b"\n"):
            if len(line) < room:
                raise HeaderError("it ends within its header")
            raise PolicyError(
                f"The header of this file is longer than the {MAX_HEADER_BYTES} bytes accepted "
                "here. Nothing was taken from it. Ask the sender for a fresh copy."
            )
        try:
            return line[:-1].decode("ascii")
        except UnicodeDecodeError:
            raise HeaderError("its header has a character that no header has") from None


def _stanza(line: str, lines: _Lines) -> Stanza:
    arrow, *arguments = line.split(" ")
    if arrow != "->" or not arguments or not all(map(_is_argument, arguments)):
        raise HeaderError("a stanza of its header is malformed")
    body = bytearray()
    while True:
        text = lines.next()
        if len(text) > _COLUMNS:
            raise HeaderError("a line of its header is too long")
        body += base64_text.decode(text)
        if len(text) < _COLUMNS:
            return Stanza(arguments[0], tuple(arguments[1:]), bytes(body))


def _is_argument(text: str) -> bool:
    return bool(text) and all("!" <= letter <= "~" for letter in text)


def _check_scrypt_alone(stanzas: Sequence[Stanza]) -> None:
    """A passphrase vouches for the sender only if nobody else could have been given the key."""
    if len(stanzas) > 1 and any(stanza.kind == SCRYPT for stanza in stanzas):
        raise HeaderError("a passphrase is mixed with other ways to open it")


def _mac(file_key: bytes, text: bytes) -> hmac.HMAC:
    code = hmac.HMAC(derive_key(file_key, None, b"header"), hashes.SHA256())
    code.update(text)
    return code
