"""Lines out of the chunks of a bundle's plaintext, with a limit on each and a sum over all."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator

from storage.bundle.errors import MalformedBundleError, TooLargeError
from storage.bundle.limits import MAX_LINE_BYTES
from storage.bundle.manifest import malformed


class Lines:
    """Takes lines one by one; ``digest`` and ``size`` are of all the plaintext given so far.

    Args:
        chunks: the plaintext.
        hashed: keep the digest; it takes a tenth of the time of a walk.
    """

    def __init__(self, chunks: Iterable[bytes], *, hashed: bool = True) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._ready: deque[bytes] = deque()
        self._part: list[bytes] = []
        self._part_size = 0
        self.digest = hashlib.sha256()
        self._hashed = hashed
        self.size = 0
        self.taken = 0

    def take(self, limit: int = MAX_LINE_BYTES) -> bytes:
        """Return the next line, without its line feed.

        Raises:
            TooLargeError: it is longer than ``limit`` bytes.
            MalformedBundleError: the plaintext ends first.
        """
        while not self._ready:
            if self._part_size > limit:
                raise _too_long(limit)
            self._more()
        line = self._ready.popleft()
        if len(line) > limit:
            raise _too_long(limit)
        self.taken += len(line) + 1
        return line

    def take_many(self, most: int) -> list[bytes]:
        """Return at least one line and at most so many, each as :meth:`take` gives it."""
        lines = [self.take()]
        if most > len(self._ready):
            lines += self._ready
            self._ready.clear()
        else:
            lines += [self._ready.popleft() for _ in range(most - 1)]
        sizes = list(map(len, lines))
        if max(sizes) > MAX_LINE_BYTES:
            raise _too_long(MAX_LINE_BYTES)
        self.taken += sum(sizes) - sizes[0] + len(lines) - 1
        return lines

    def _more(self) -> None:
        chunk = next(self._chunks, None)
        if chunk is None:
            raise MalformedBundleError(malformed("it ends before its end line"))
        if self._hashed:
            self.digest.update(chunk)
        self.size += len(chunk)
        first, *others = chunk.split(b"\n")
        if not others:
            self._part.append(first)
            self._part_size += len(first)
            return
        self._part.append(first)
        self._ready.append(b"".join(self._part))
        last = others.pop()
        self._ready.extend(others)
        self._part, self._part_size = [last], len(last)

    def padding(self) -> int:
        """Take the rest, which may be line feeds only, and return the size of everything."""
        rest = len(self._ready)
        if any(self._ready) or self._part_size:
            raise _not_padding()
        self._ready.clear()
        for chunk in self._chunks:
            if self._hashed:
                self.digest.update(chunk)
            self.size += len(chunk)
            if chunk.count(b"\n") != len(chunk):
                raise _not_padding()
            rest += len(chunk)
        if self.taken + rest != self.size:
            raise _not_padding()
        return self.size


def _not_padding() -> MalformedBundleError:
    return MalformedBundleError(malformed("something follows its end"))


def _too_long(limit: int) -> TooLargeError:
    return TooLargeError(
        f"A line of this bundle is longer than the {limit:,} bytes accepted. Nothing was used. "
        "Ask the sender what it is."
    )
