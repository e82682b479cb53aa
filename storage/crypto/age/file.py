"""Whole age files: made for recipients, opened with identities, streamed both ways."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import BinaryIO

from storage.crypto.age import header, pq, scrypt, x25519
from storage.crypto.age.armor import ArmorReader, ArmorWriter, is_armored
from storage.crypto.age.errors import HeaderError, NoMatchError, PolicyError
from storage.crypto.age.io import ByteSource, Readable, Writable, write_all
from storage.crypto.age.policy import IMPORT, MAX_STANZAS, Policy
from storage.crypto.age.recipients import Identity, Recipient
from storage.crypto.age.stream import NONCE_LENGTH, PayloadWriter, decrypted, payload_cipher

_KNOWN_KINDS = frozenset({x25519.KIND, pq.KIND, scrypt.KIND})


class Writer:
    """The plaintext end of a file being encrypted; made by ``encrypt``.

    As a context manager it closes itself on success and leaves the file without its end, so that
    every reader refuses it, if the block raised. The target is never closed here.
    """

    def __init__(self, payload: PayloadWriter, armor: ArmorWriter | None) -> None:
        self._payload = payload
        self._armor = armor
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
            if self._armor is not None:
                self._armor.close()

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


def encrypt(target: Writable, recipients: Sequence[Recipient], *, armor: bool = False) -> Writer:
    """Begin an age file on ``target`` for ``recipients`` and return where to write its content.

    All recipients must be of one kind: one X25519 recipient would undo the post-quantum
    protection of the others. Raises ``PolicyError``, before anything is written, for none, for
    more than ``MAX_STANZAS``, for mixed kinds, and for a passphrase beside anything else.
    """
    kinds = {recipient.kind for recipient in recipients}
    if not kinds:
        raise PolicyError("The file has no recipient. Nothing was written. Name at least one.")
    if len(kinds) > 1 or (scrypt.KIND in kinds and len(recipients) > 1):
        raise PolicyError(
            "The recipients of one file must all have keys of one kind, and a passphrase stands "
            "alone. Nothing was written. Make one file for each kind."
        )
    if len(recipients) > MAX_STANZAS:
        raise PolicyError(
            f"One file can have at most {MAX_STANZAS} recipients. Nothing was written. Make "
            "several files."
        )
    file_key = secrets.token_bytes(header.FILE_KEY_LENGTH)
    nonce = secrets.token_bytes(NONCE_LENGTH)
    head = header.build([recipient.wrap(file_key) for recipient in recipients], file_key)
    text = ArmorWriter(target) if armor else None
    binary: Writable = target if text is None else text
    write_all(binary, head + nonce)
    return Writer(PayloadWriter(binary, payload_cipher(file_key, nonce)), text)


class Reader(Iterator[bytes]):
    """The plaintext of a file being decrypted, chunk by chunk; made by ``decrypt``.

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


def decrypt(
    source: Readable,
    identities: Sequence[Identity],
    *,
    limit: int,
    policy: Policy = IMPORT,
) -> Reader:
    """Open the age file on ``source`` and return a reader of its plaintext.

    ``limit`` is the most plaintext, in bytes, that the reader will give. Header, addressee, MAC
    and policy are checked before this returns; the reader raises ``PayloadError`` (or
    ``ArmorError``) for the content. Prefer ``decrypt_to`` where partial plaintext is a danger.

    Raises ``HeaderError``, ``NoMatchError``, ``MacError``, ``ArmorError`` or ``PolicyError``.
    """
    data = ByteSource(source)
    if is_armored(data):
        if not policy.armor:
            raise PolicyError(
                "This is the text form of an age file, which is not accepted here. Nothing was "
                "taken from it. Ask the sender for the binary file."
            )
        data = ByteSource(ArmorReader(data))
    head = header.parse(data, policy)
    _demand_kinds(head, policy)
    file_key = _unwrap(head, identities)
    head.verify(file_key)
    nonce = data.read(NONCE_LENGTH)
    if len(nonce) < NONCE_LENGTH:
        raise HeaderError("it ends right after its header")
    return Reader(decrypted(data, payload_cipher(file_key, nonce)), limit)


def decrypt_to(
    source: Readable,
    spool: BinaryIO,
    identities: Sequence[Identity],
    *,
    limit: int,
    policy: Policy = IMPORT,
) -> int:
    """Decrypt all of ``source`` into ``spool`` and return the number of plaintext bytes.

    Act on plaintext only after this returned: until the last chunk is verified, the file may
    prove to be cut short. Whatever goes wrong, ``spool`` is cut back to where it stood, so
    nothing partial is left; on success it stands at the first plaintext byte. ``spool`` must be
    seekable, and being plaintext must itself be in memory or encrypted. Raises as ``decrypt``.
    """
    start = spool.tell()
    size = 0
    try:
        for chunk in decrypt(source, identities, limit=limit, policy=policy):
            write_all(spool, chunk)
            size += len(chunk)
        spool.seek(start)
    except BaseException:
        spool.seek(start)
        spool.truncate()
        raise
    return size


def encrypt_bytes(plaintext: bytes, recipients: Sequence[Recipient]) -> bytes:
    """A small age file in memory, for keys and the like; raises as ``encrypt``."""
    target = io.BytesIO()
    with encrypt(target, recipients) as writer:
        writer.write(plaintext)
    return target.getvalue()


def decrypt_bytes(
    ciphertext: bytes,
    identities: Sequence[Identity],
    *,
    limit: int,
    policy: Policy = IMPORT,
) -> bytes:
    """All of a small age file, or an error and nothing; raises as ``decrypt``."""
    return b"".join(decrypt(io.BytesIO(ciphertext), identities, limit=limit, policy=policy))


def _demand_kinds(head: header.Header, policy: Policy) -> None:
    kinds = {stanza.kind for stanza in head.stanzas} & _KNOWN_KINDS
    if scrypt.KIND in kinds and not policy.scrypt:
        raise PolicyError(
            "This file is locked with a passphrase, which is not accepted here. Nothing was taken "
            "from it. Ask the sender to make it for this laptop's key."
        )
    if len(kinds) > 1 and not policy.mixed:
        raise PolicyError(
            "This file is addressed to post-quantum and to older keys at once, so it is only as "
            "safe as the older ones, and is not accepted here. Nothing was taken from it. Ask the "
            "sender to make one file for each kind of key."
        )


def _unwrap(head: header.Header, identities: Sequence[Identity]) -> bytes:
    for identity in identities:
        file_key = identity.unwrap(head.stanzas)
        if file_key is not None:
            return file_key
    raise NoMatchError
