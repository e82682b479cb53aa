"""Whole age files: made for recipients, opened with identities, streamed both ways."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Sequence
from types import TracebackType

from storage.crypto.age import header, mlkem768x25519, x25519
from storage.crypto.age.errors import HeaderError, NoMatchError, PolicyError
from storage.crypto.age.io import ByteSource, Readable, Writable, write_all
from storage.crypto.age.payload import NONCE_LENGTH, PayloadWriter, decrypt_chunks, payload_cipher
from storage.crypto.age.recipients import Identity, Recipient

_KEY_KINDS = frozenset({x25519.KIND, mlkem768x25519.KIND})
_ARMOR_MARGIN = 1024
"""Bytes that may stand before the first line of the text form."""


class Writer:
    """Takes the plaintext of a file being encrypted; made by ``encrypt``.

    As a context manager it closes itself on success and leaves the file without its end, so that
    every reader refuses it, if the block raised. The target is never closed here.
    """

    def __init__(self, payload: PayloadWriter) -> None:
        self._payload = payload
        self._open = True

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Encrypt ``data`` and return its length. An error of the target makes it unusable."""
        if not self._open:
            raise ValueError("write to an encrypted file that is closed or failed")
        try:
            return self._payload.write(data)
        except BaseException:
            self._open = False
            raise

    def close(self) -> None:
        """Write the end of the file; to close again does nothing."""
        if self._open:
            self._open = False
            self._payload.close()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        self._open = False


def encrypt(target: Writable, recipients: Sequence[Recipient]) -> Writer:
    """Begin an age file on ``target`` for ``recipients`` and return where to write its content.

    All recipients must be of one kind: one X25519 recipient would undo the post-quantum
    protection of the others. Raises ``PolicyError``, before anything is written, for none, for
    more than ``MAX_STANZAS``, and for mixed kinds.
    """
    kinds = {recipient.kind for recipient in recipients}
    if not kinds:
        raise PolicyError("The file has no recipient. Nothing was written. Name at least one.")
    if len(kinds) > 1:
        raise PolicyError(
            "The recipients of one file must all have keys of one kind. Nothing was written. Make "
            "one file for each kind."
        )
    if len(recipients) > header.MAX_STANZAS:
        raise PolicyError(
            f"One file can have at most {header.MAX_STANZAS} recipients. Nothing was written. Make "
            "several files."
        )
    file_key = secrets.token_bytes(header.FILE_KEY_LENGTH)
    nonce = secrets.token_bytes(NONCE_LENGTH)
    head = header.build([recipient.wrap(file_key) for recipient in recipients], file_key)
    write_all(target, head + nonce)
    return Writer(PayloadWriter(target, payload_cipher(file_key, nonce)))


class Reader(Iterator[bytes]):
    """Gives the plaintext of a file being decrypted, chunk by chunk; made by ``decrypt``.

    Every chunk was authenticated, but only when the iteration has ended, and ``complete`` is
    true, is it certain that the file is whole. Act on nothing before. Once it has raised, it
    raises the same again: an abandoned file never looks like a finished one.
    """

    def __init__(self, chunks: Iterator[bytes], limit: int) -> None:
        self._chunks = chunks
        self._left = limit
        self._limit = limit
        self._error: BaseException | None = None
        self.complete = False

    def __next__(self) -> bytes:
        if self._error is not None:
            raise self._error
        try:
            return self._next()
        except StopIteration:
            self.complete = True
            raise
        except BaseException as error:
            self._error = error
            raise

    def _next(self) -> bytes:
        chunk = next(self._chunks)
        self._left -= len(chunk)
        if self._left < 0:
            raise PolicyError(
                f"This file holds more than the {self._limit:,} bytes accepted here. Nothing in "
                "it may be used. Check with the sender what it is."
            )
        return chunk


def decrypt(source: Readable, identities: Sequence[Identity], *, limit: int) -> Reader:
    """Open the age file on ``source`` and return a reader of its plaintext.

    ``limit`` is the most plaintext, in bytes, that the reader will give. Header, addressee and MAC
    are checked before this returns; the reader raises ``PayloadError`` for the content.

    Refused by ``PolicyError`` is what an age program would open: the text form, a passphrase (an
    scrypt stanza would let a stranger set us a very slow sum), and addressees of several kinds (one
    X25519 addressee undoes the post-quantum protection of the rest).

    Raises ``HeaderError``, ``NoMatchError``, ``MacError`` or ``PolicyError``.
    """
    data = ByteSource(source)
    if is_armored(data):
        raise PolicyError(
            "This is the text form of an age file, which is not accepted here. Nothing was "
            "taken from it. Ask the sender for the binary file."
        )
    head = header.parse(data)
    _refuse_kinds({stanza.kind for stanza in head.stanzas})
    return open_payload(data, head, identities, limit)


def open_payload(
    source: ByteSource, head: header.Header, identities: Sequence[Identity], limit: int
) -> Reader:
    """Return a reader of what follows a header; raises as ``decrypt``."""
    unwrapped = (identity.unwrap(head.stanzas) for identity in identities)
    file_key = next((key for key in unwrapped if key is not None), None)
    if file_key is None:
        raise NoMatchError
    head.verify(file_key)
    nonce = source.read(NONCE_LENGTH)
    if len(nonce) < NONCE_LENGTH:
        raise HeaderError("it ends right after its header")
    return Reader(decrypt_chunks(source, payload_cipher(file_key, nonce)), limit)


def encrypt_bytes(plaintext: bytes, recipients: Sequence[Recipient]) -> bytes:
    """Return a small age file from memory, for keys and the like; raises as ``encrypt``."""
    target = io.BytesIO()
    with encrypt(target, recipients) as writer:
        writer.write(plaintext)
    return target.getvalue()


def decrypt_bytes(ciphertext: bytes, identities: Sequence[Identity], *, limit: int) -> bytes:
    """Return all of a small age file, or an error and nothing; raises as ``decrypt``."""
    return b"".join(decrypt(io.BytesIO(ciphertext), identities, limit=limit))


def is_armored(source: ByteSource) -> bool:
    """Say whether what follows is, or tries to be, the text form ("armor"); takes nothing.

    Also true for text with something in front of the first line.
    """
    start = source.peek(_ARMOR_MARGIN)
    if start.startswith(b"age-encryption.org/"):
        return False
    return start.lstrip(b" \t\r\n").startswith(b"-----") or b"-----BEGIN AGE" in start


def _refuse_kinds(kinds: set[str]) -> None:
    if header.SCRYPT in kinds:
        raise PolicyError(
            "This file is locked with a passphrase, which is not accepted here. Nothing was taken "
            "from it. Ask the sender to make it for this laptop's key."
        )
    if kinds >= _KEY_KINDS:
        raise PolicyError(
            "This file is addressed to post-quantum and to older keys at once, so it is only as "
            "safe as the older ones, and is not accepted here. Nothing was taken from it. Ask the "
            "sender to make one file for each kind of key."
        )
