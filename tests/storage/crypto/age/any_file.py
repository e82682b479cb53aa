"""Any age file there is, also those that fieldkit refuses by name: for the public test vectors."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, TypeAlias

from storage.crypto import age
from storage.crypto.age.file import is_armored, open_payload
from storage.crypto.age.header import parse
from storage.crypto.age.io import ByteSource, Readable, Writable, write_all
from tests.storage.crypto.age.armor import ArmorReader, ArmorWriter

Decrypt: TypeAlias = Callable[..., age.Reader]
"""``age.decrypt``, or ``decrypt_any`` with the same parameters."""


def decrypt_any(source: Readable, identities: Sequence[age.Identity], *, limit: int) -> age.Reader:
    """Open an age file of any kind: armored, locked with a passphrase, for mixed kinds of keys."""
    data = ByteSource(source)
    if is_armored(data):
        data = ByteSource(ArmorReader(data))
    return open_payload(data, parse(data), identities, limit)


def decrypt_any_bytes(
    ciphertext: bytes, identities: Sequence[age.Identity], *, limit: int
) -> bytes:
    """Return all of a small age file of any kind, or an error and nothing."""
    return b"".join(decrypt_any(io.BytesIO(ciphertext), identities, limit=limit))


def decrypt_to(
    source: Readable,
    spool: BinaryIO,
    identities: Sequence[age.Identity],
    *,
    limit: int,
    decrypt: Decrypt = age.decrypt,
) -> int:
    """Decrypt all of ``source`` into ``spool`` and return the number of plaintext bytes.

    Whatever goes wrong, ``spool`` is cut back to where it stood, so that nothing partial is left;
    on success it stands at the first plaintext byte.
    """
    start = spool.tell()
    size = 0
    try:
        for chunk in decrypt(source, identities, limit=limit):
            write_all(spool, chunk)
            size += len(chunk)
        spool.seek(start)
    except BaseException:
        spool.seek(start)
        spool.truncate()
        raise
    return size


@contextmanager
def encrypt_armored(target: Writable, recipients: Sequence[age.Recipient]) -> Iterator[age.Writer]:
    """Write an age file in the text form."""
    text = ArmorWriter(target)
    with age.encrypt(text, recipients) as writer:
        yield writer
    text.close()
