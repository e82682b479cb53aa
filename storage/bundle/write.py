"""Writing a bundle: streamed to a temporary name, read back whole, and only then given its own.

Memory does not grow with the bundle: ops come in batches and leave encrypted.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.bundle.errors import BundleError, NotWrittenError, TooLargeError
from storage.bundle.limits import MAX_BUNDLE_BYTES, MAX_LINE_BYTES, padded_size
from storage.bundle.manifest import Manifest, Segment
from storage.bundle.stream import END, Walk, stub_line
from storage.crypto import age
from storage.crypto.age import AgeError, KeyRecipient, Recipient
from storage.crypto.age.header import Stanza
from storage.crypto.signing import MANIFEST, Signed, sign, signature_line
from storage.durable import publish, remove, sync, sync_folder
from storage.files import owner_only
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

Row = tuple[int, bytes | None, bytes]
"""An op to be written: its seq, its bytes (none for a stub) and its digest."""

Source = Callable[[Segment], Iterable[Sequence[Row]]]
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
                    _fill(inside, content, key, tally)
                sync(file)
            self.size, self.sha256 = target.size, target.digest.hexdigest()
            self._read_back(witness, content.manifest, tally)
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

    def _read_back(self, witness: Witness, manifest: Manifest, tally: _Tally) -> None:
        # The file's own digest says that the bytes are those written; the manifest, the chains and
        # the signatures in it say that they open to what was meant.
        try:
            with self.temporary.open("rb") as file:
                source = _Counted(file)
                walk = Walk(age.decrypt(source, [witness], limit=MAX_BUNDLE_BYTES), hashed=False)
                walk.check(tally.add)
        except (AgeError, BundleError) as error:
            raise _differs(self._folder) from error
        if walk.manifest != manifest or source.digest.hexdigest() != self.sha256:
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


def _fill(inside: age.Writer, content: Content, key: Ed25519PrivateKey, tally: _Tally) -> None:
    """Write all of the plaintext."""
    written = 0

    def put(data: bytes) -> None:
        nonlocal written
        written += len(data)
        if written > MAX_BUNDLE_BYTES:
            raise TooLargeError(
                f"What is to be exported is more than the {size(MAX_BUNDLE_BYTES)} a bundle may "
                "hold. Nothing of it left this laptop. Take a receipt from central first, so that "
                "less has to be sent, and export again."
            )
        inside.write(data)

    manifest = content.manifest.encode()
    public = key.public_key().public_bytes_raw()
    put(manifest + b"\n" + signature_line(public, sign(key, MANIFEST, manifest)) + b"\n")
    for document in content.documents:
        put(document.encode())
    for signed in content.segments:
        put(signed.segment.line() + b"\n")
        for batch in content.source(signed.segment):
            put(b"\n".join((*_lines(batch), b"")))
            tally.add(len(batch))
        put(signature_line(signed.public, signed.signature) + b"\n")
    put(END + b"\n")
    put(b"\n" * (padded_size(written) - written))


def _lines(batch: Sequence[Row]) -> list[bytes]:
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
    return lines


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

    def read(self, size: int, /) -> bytes:
        data = self._file.read(size)
        self.size += len(data)
        self.digest.update(data)
        return data
