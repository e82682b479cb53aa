"""Writing a bundle: streamed to a temporary name, read back whole, and only then given its own.

Memory does not grow with the bundle: ops come in batches and leave encrypted.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.bundle.errors import BundleError, NotWrittenError, TooLargeError
from storage.bundle.limits import MAX_BUNDLE_BYTES, MAX_LINE_BYTES, padded_size
from storage.bundle.lines import Lines
from storage.bundle.manifest import Manifest, Segment
from storage.bundle.stream import END, Walk, stub_line
from storage.crypto import age
from storage.crypto.age import AgeError, KeyRecipient, Recipient
from storage.crypto.age.header import Stanza
from storage.crypto.signing import MANIFEST, Signed, sign, signature_line
from storage.durable import publish, remove, sync, sync_folder
from storage.files import digest, owner_only
from storage.ops.text import size
from storage.progress import Progress, silent


class Witness:
    """Sees the file key while a recipient wraps it, and is an identity for that one file."""

    def __init__(self) -> None:
        self._file_key: bytes | None = None

    def beside(self, recipient: Recipient) -> Recipient:
        """Return the same recipient, watched."""
        return _Watched(recipient, self)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key that was seen; the header's own seal proves whose it is."""
        return self._file_key

    def see(self, file_key: bytes) -> None:
        """Remember the key until the witness is let go."""
        self._file_key = file_key


class _Watched:
    def __init__(self, recipient: Recipient, witness: Witness) -> None:
        self._recipient = recipient
        self._witness = witness

    @property
    def kind(self) -> str:
        """Return the stanza kind."""
        return self._recipient.kind

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap as the recipient does."""
        self._witness.see(file_key)
        return self._recipient.wrap(file_key)


SUFFIX = ".fkb.age"
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_NAME = 8
PART = 1 << 20
"""Bytes that are read back between two words of how far that is."""

Row = tuple[int, bytes | None, bytes]
"""An op to be written: its seq, its bytes (none for a stub) and its digest."""

Batch = Sequence[Row] | bytes
"""Some ops: one by one, or as they stand in a bundle, each a line no longer than it carries."""

Source = Callable[[Segment], Iterable[Batch]]
"""Gives the ops of a segment, in batches."""


@dataclass(frozen=True)
class SignedSegment:
    """A segment and its device's signature of the head at its end."""

    segment: Segment
    public: bytes
    signature: bytes


@dataclass(frozen=True)
class Content:
    """What a bundle is made of; the segments and documents stand in the manifest's order."""

    manifest: Manifest
    segments: tuple[SignedSegment, ...]
    documents: tuple[Signed, ...]
    source: Source


class Draft:
    """A bundle under its temporary name, verified; ``publish`` or ``discard`` ends it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        while True:
            stem = "".join(secrets.choice(_LETTERS) for _ in range(_NAME))
            self.path = folder / (stem + SUFFIX)
            self.temporary = folder / f".{stem}.part"
            if not self.path.exists() and not self.temporary.exists():
                break
        self.size = 0
        self.sha256 = ""

    def write(
        self,
        content: Content,
        key: Ed25519PrivateKey,
        recipients: Sequence[KeyRecipient],
        progress: Progress = silent,
    ) -> Draft:
        """Write and read back.

        Raises:
            NotWrittenError: the folder cannot be written, or reading back gave something else.
            TooLargeError: it would go over a limit.
            AgeError: the recipients cannot share a file.
        """
        witness = Witness()
        tally = _Tally(progress, 2 * content.manifest.ops)
        try:
            with open(self.temporary, "xb", opener=owner_only) as file:
                target = _Counted(file)
                watched = [witness.beside(one) for one in recipients]
                with age.encrypt(target, watched) as inside:
                    plain = self._fill(inside, content, key, tally)
                sync(file)
            self.size, self.sha256 = target.size, target.digest.hexdigest()
            self._read_back(witness, plain, content.manifest.ops, tally)
        except OSError as error:
            self.discard()
            raise NotWrittenError(
                f"The bundle could not be written to {self._folder} ({error.strerror or error}). "
                "Nothing of it left this laptop and nothing was lost. Check that the folder can "
                "be written and has space, and try again."
            ) from error
        except BaseException:
            self.discard()
            raise
        return self

    def _fill(
        self, inside: age.Writer, content: Content, key: Ed25519PrivateKey, tally: _Tally
    ) -> Lines:
        """Write all of the plaintext, and walk through it on its way as whoever reads it will.

        The walk says that the manifest, the chains and the signatures are what was meant, while the
        next ops are being read; that the same lies in the file, reading back says. Returns what
        was walked through.
        """
        written = _Written(inside, _plaintext(content, key))
        try:
            walk = Walk(written)
            walk.check(tally.add)
        except BundleError as error:
            if written.error is error:
                raise
            raise _differs(self._folder) from error
        if walk.manifest != content.manifest:
            raise _differs(self._folder)
        return walk.lines

    def _read_back(self, witness: Witness, plain: Lines, ops: int, tally: _Tally) -> None:
        # The file's own digest says that the bytes are those written; that of the plaintext, that
        # they open to what was walked through.
        opened, size, told = hashlib.sha256(), 0, 0
        try:
            with ThreadPoolExecutor(1) as beside, self.temporary.open("rb") as file:
                whole = beside.submit(_sha256, self.temporary)
                for chunk in age.decrypt(file, [witness], limit=MAX_BUNDLE_BYTES):
                    opened.update(chunk)
                    size += len(chunk)
                    if size - told > PART or size == plain.size:
                        tally.add(ops * size // plain.size - ops * told // plain.size)
                        told = size
        except AgeError as error:
            raise _differs(self._folder) from error
        if opened.digest() != plain.digest.digest() or whole.result() != self.sha256:
            raise _differs(self._folder)

    def publish(self) -> Path:
        """Give the file its own name; raises :class:`NotWrittenError`, the file then gone."""
        try:
            publish(self.temporary, self.path)
        except OSError as error:
            self.discard()
            raise NotWrittenError(
                f"The bundle could not be given its name in {self._folder} "
                f"({error.strerror or error}). Nothing was lost. Export again."
            ) from error
        self.discard()  # once more, where the disk refused to remove its first name
        # Not every stick and network folder can; what was written has been read back.
        with suppress(OSError):
            sync_folder(self._folder)
        return self.path

    def discard(self) -> None:
        """Take the temporary file away."""
        remove(self.temporary)


def _differs(folder: Path) -> NotWrittenError:
    return NotWrittenError(
        f"The bundle written to {folder} could not be read back as it was written, so it was "
        "removed and does not count as exported. Nothing was lost. The disk may be failing: try "
        "another."
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return digest(file)


class _Written(Iterator[bytes]):
    """Gives parts of the plaintext, each once it is written, to be walked through.

    Attributes:
        error: why the plaintext ended before its end, if it did.
    """

    def __init__(self, inside: age.Writer, parts: Iterator[bytes]) -> None:
        self._inside, self._parts = inside, parts
        self.error: BaseException | None = None

    def __next__(self) -> bytes:
        try:
            part = next(self._parts)
            self._inside.write(part)
        except BaseException as error:
            self.error = error
            raise
        return part


def _plaintext(content: Content, key: Ed25519PrivateKey) -> Iterator[bytes]:
    """Yield all of the plaintext."""
    written = 0
    for part in _parts(content, key):
        written += len(part)
        if written > MAX_BUNDLE_BYTES:
            raise TooLargeError(
                f"What is to be exported is more than the {size(MAX_BUNDLE_BYTES)} a bundle may "
                "hold. Nothing of it left this laptop. Take a receipt from central first, so that "
                "less has to be sent, and export again."
            )
        yield part
    yield b"\n" * (padded_size(written) - written)


def _parts(content: Content, key: Ed25519PrivateKey) -> Iterator[bytes]:
    """Yield the plaintext without its padding."""
    manifest = content.manifest.encode()
    public = key.public_key().public_bytes_raw()
    yield manifest + b"\n" + signature_line(public, sign(key, MANIFEST, manifest)) + b"\n"
    for document in content.documents:
        yield document.encode()
    for signed in content.segments:
        yield signed.segment.line() + b"\n"
        for batch in content.source(signed.segment):
            yield batch if isinstance(batch, bytes) else _joined(batch)
        yield signature_line(signed.public, signed.signature) + b"\n"
    yield END + b"\n"


def _joined(batch: Sequence[Row]) -> bytes:
    lines = [stub_line(seq, inner) if data is None else data for seq, data, inner in batch]
    if max(map(len, lines), default=0) > MAX_LINE_BYTES:
        seq = next(
            row[0] for row, line in zip(batch, lines, strict=True) if len(line) > MAX_LINE_BYTES
        )
        raise TooLargeError(
            f"Entry {seq} is longer than the {size(MAX_LINE_BYTES)} a bundle carries in one "
            "line. Nothing of it left this laptop. Shorten the record it belongs to and export "
            "again."
        )
    return b"\n".join((*lines, b""))


class _Tally:
    """Counts ops, each when it is written and when it is read back, and says how far that is."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, number: int) -> None:
        self._done += number
        self._progress("writing", self._done, self._total)


class _Counted:
    """A file whose bytes are counted and hashed on their way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self._file.write(data)
        self.size += len(data)
        self.digest.update(data)
        return len(data)
