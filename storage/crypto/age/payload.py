"""The payload of an age file: ChaCha20-Poly1305 over 64 KiB chunks, the last one marked (STREAM).

Memory is two chunks whatever the size of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from storage.crypto.age.errors import PayloadError
from storage.crypto.age.header import derive_key
from storage.crypto.age.io import ByteSource, Writable, write_all

CHUNK_SIZE = 64 * 1024
NONCE_LENGTH = 16
_TAG = 16


def payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """Return the cipher for all chunks of the one file that has this file key and nonce."""
    return ChaCha20Poly1305(derive_key(file_key, nonce, b"payload"))


def _chunk_nonce(counter: int, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class PayloadWriter:
    """Encrypts what is written, a chunk at a time; without ``close`` no reader accepts it.

    A chunk is sent only once a byte after it is known, because the last one is marked and may be
    empty only if it is the only one.
    """

    def __init__(self, target: Writable, cipher: ChaCha20Poly1305) -> None:
        self._target = target
        self._cipher = cipher
        self._counter = 0
        self._held = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Take all of ``data`` and return how many bytes that is."""
        view = memoryview(data).cast("B")
        size = len(view)
        if len(self._held) + size <= CHUNK_SIZE:
            self._held += view
            return size
        while view:
            if len(self._held) == CHUNK_SIZE:
                self._send(self._held, last=False)
                self._held = bytearray()
            if not self._held and len(view) > CHUNK_SIZE:
                self._send(view[:CHUNK_SIZE], last=False)
                view = view[CHUNK_SIZE:]
                continue
            room = CHUNK_SIZE - len(self._held)
            self._held += view[:room]
            view = view[room:]
        return size

    def close(self) -> None:
        """Send the last chunk."""
        self._send(self._held, last=True)
        self._held = bytearray()

    def _send(self, chunk: bytearray | memoryview, *, last: bool) -> None:
        nonce = _chunk_nonce(self._counter, last)
        # Counted before writing: if the target fails, a repetition never reuses the nonce.
        self._counter += 1
        write_all(self._target, self._cipher.encrypt(nonce, chunk, None))


def decrypt_chunks(source: ByteSource, cipher: ChaCha20Poly1305) -> Iterator[bytes]:
    """Yield the chunks, each authenticated; ends only if the last one was verified as the last.

    Raises ``PayloadError``, possibly after some chunks: until the iterator is exhausted the file
    may still turn out to be cut short.
    """
    counter = 0
    chunk = source.read(CHUNK_SIZE + _TAG)
    while True:
        following = source.read(CHUNK_SIZE + _TAG) if len(chunk) == CHUNK_SIZE + _TAG else b""
        last = not following
        if len(chunk) < _TAG:
            raise PayloadError("it was cut short")
        try:
            plain = cipher.decrypt(_chunk_nonce(counter, last), chunk, None)
        except InvalidTag:
            raise PayloadError(_diagnosis(cipher, counter, chunk, last)) from None
        if last and counter and not plain:
            raise PayloadError("its last part is empty")
        yield plain
        if last:
            return
        counter += 1
        chunk = following


def _diagnosis(cipher: ChaCha20Poly1305, counter: int, chunk: bytes, last: bool) -> str:
    """Tell cutting and adding, which leave the chunk itself sound, from damage."""
    try:
        cipher.decrypt(_chunk_nonce(counter, not last), chunk, None)
    except InvalidTag:
        return "it was damaged or cut short" if last else "it was damaged or changed"
    return "it was cut short" if last else "something was added after its end"
