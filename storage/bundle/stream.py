"""A walk through a bundle's plaintext, in order, checking what needs no roster.

Extents, chains, digests, signatures and padding are checked here; whether the keys that signed
are to be trusted is the caller's to ask before it uses anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from storage.bundle.errors import ForgedError, MalformedBundleError
from storage.bundle.limits import MAX_CONTROL_BYTES, padded_size
from storage.bundle.lines import Lines
from storage.bundle.manifest import (
    KNOWN,
    Item,
    Manifest,
    Segment,
    malformed,
    read_manifest,
    signed_head,
)
from storage.crypto.signing import (
    MANIFEST,
    SEGMENT,
    SignatureError,
    Signed,
    WeakKeyError,
    read_hex,
    read_signature_line,
    verify,
)
from storage.ops import canonical_json
from storage.ops.canonical_json import MalformedError
from storage.ops.op import next_head

END = canonical_json.dumps({"t": "end"})
STUB = b'{"digest":'
"""How the line of a stub begins; no op's does."""
PROGRESS_BATCH = 1000
"""Ops after which a walk says how far it is."""


class Line(NamedTuple):
    """An op as it lies in a segment: its exact bytes (or none for a stub), and the chain there."""

    seq: int
    data: bytes | None
    inner: bytes
    head: bytes


class SegmentStart(NamedTuple):
    """A segment whose ops follow."""

    segment: Segment


class SegmentEnd(NamedTuple):
    """The segment is over: its chain holds, and this key signed its head."""

    segment: Segment
    public: bytes
    signature: bytes


class Document(NamedTuple):
    """A roster or a receipt that travels along."""

    kind: str
    signed: Signed


Event = SegmentStart | Line | SegmentEnd | Document


class Walk:
    """The plaintext of one bundle, walked once.

    Attributes:
        manifest: what the bundle says of itself, signed by ``public``.
        lines: how far the walk is; its digest, at the end, is that of the whole plaintext.
    """

    def __init__(self, chunks: Iterable[bytes], *, hashed: bool = True) -> None:
        """Read the manifest and check its signature; raises a ``BundleError``."""
        self.lines = Lines(chunks, hashed=hashed)
        line = self.lines.take(MAX_CONTROL_BYTES)
        self.manifest: Manifest = read_manifest(line)
        self.public, signature = self._signature()
        _verify(self.public, MANIFEST, line, signature)

    def events(self) -> Iterator[Event]:
        """Return everything after the manifest; ends only where the bundle is whole.

        Raises a ``BundleError``.
        """
        for item in self.manifest.items:
            if isinstance(item, Segment):
                yield from self._segment(item)
            elif item.kind in KNOWN:
                yield self._document(item)
            else:
                self._pass_over(item)
        self._end()

    def check(self, progress: Callable[[int], None]) -> None:
        """Walk to the end and give nothing: all that ``events`` checks, in half the time.

        ``progress`` is called with a number of ops whenever some are done. Raises a
        ``BundleError``.
        """
        for item in self.manifest.items:
            if isinstance(item, Segment):
                self._begin(item)
                self._finish(item, self._chain(item, progress))
            elif item.kind in KNOWN:
                self._document(item)
            else:
                self._pass_over(item)
        self._end()

    def _segment(self, segment: Segment) -> Iterator[Event]:
        self._begin(segment)
        yield SegmentStart(segment)
        head = segment.prev
        take = self.lines.take
        sha256 = hashlib.sha256
        for seq in range(segment.first, segment.last + 1):
            data = take()
            stub = data.startswith(STUB)
            inner = read_stub(data, seq) if stub else sha256(data).digest()
            head = next_head(head, inner)
            yield Line(seq, None if stub else data, inner, head)
        yield self._finish(segment, head)

    def _chain(self, segment: Segment, progress: Callable[[int], None]) -> bytes:
        head = segment.prev
        sha256 = hashlib.sha256
        seq = segment.first
        while seq <= segment.last:
            lines = self.lines.take_many(min(PROGRESS_BATCH, segment.last + 1 - seq))
            inners = [sha256(data).digest() for data in lines]
            for at, data in enumerate(lines):
                if data.startswith(STUB):
                    inners[at] = read_stub(data, seq + at)
            for inner in inners:
                head = sha256(head + inner).digest()
            seq += len(lines)
            progress(len(lines))
        return head

    def _begin(self, segment: Segment) -> None:
        if self.lines.take(MAX_CONTROL_BYTES) != segment.line():
            raise MalformedBundleError(malformed("a segment is not the one announced"))

    def _finish(self, segment: Segment, head: bytes) -> SegmentEnd:
        if head != segment.head:
            raise ForgedError(
                f"The entries {segment.first:,} to {segment.last:,} of laptop {segment.device} do "
                "not chain up to what the bundle announces. Nothing was used. Ask the sender to "
                "export again, and tell whoever administers central if it happens twice."
            )
        public, signature = self._signature()
        _verify(public, SEGMENT, signed_head(segment.feed, segment.last, head), signature)
        return SegmentEnd(segment, public, signature)

    def _pass_over(self, item: Item) -> None:
        for _ in range(item.lines):
            self.lines.take()

    def _end(self) -> None:
        if self.lines.take(MAX_CONTROL_BYTES) != END:
            raise MalformedBundleError(malformed("more follows than it announces"))
        content = self.lines.taken
        if self.lines.padding() != padded_size(content):
            raise MalformedBundleError(malformed("it is not padded as it must be"))

    def _document(self, item: Item) -> Document:
        body = self.lines.take(MAX_CONTROL_BYTES)
        if item.lines != 2 or hashlib.sha256(body).hexdigest() != item.sha256:
            raise MalformedBundleError(malformed(f"the {item.kind} in it is not the one announced"))
        return Document(item.kind, Signed(body, *self._signature()))

    def _signature(self) -> tuple[bytes, bytes]:
        try:
            return read_signature_line(self.lines.take(MAX_CONTROL_BYTES))
        except (MalformedError, WeakKeyError) as error:
            raise ForgedError(malformed(str(error))) from None


def _verify(public: bytes, purpose: str, data: bytes, signature: bytes) -> None:
    try:
        verify(public, purpose, data, signature)
    except SignatureError as error:
        raise ForgedError(str(error)) from None


def stub_line(seq: int, inner: bytes) -> bytes:
    """Return the line of an op whose bytes are gone: its digest, so that the chain still holds."""
    return canonical_json.dumps({"digest": inner.hex(), "seq": seq, "t": "stub"})


def read_stub(line: bytes, seq: int) -> bytes:
    """Return the digest in the line of a stub; raises ``MalformedBundleError``."""
    try:
        value = canonical_json.loads(line)
        inner = read_hex(value.get("digest"), 32)
    except (MalformedError, AttributeError):
        raise MalformedBundleError(malformed("a stub is not readable")) from None
    if line != stub_line(seq, inner):
        raise MalformedBundleError(malformed("a stub is not readable"))
    return inner
