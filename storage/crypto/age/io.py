"""Reading bytes in measured pieces from any binary stream, files and pipes alike."""

from __future__ import annotations

from typing import Protocol


class Readable(Protocol):
    """Has the one method needed of a binary stream that is read."""

    def read(self, size: int, /) -> bytes | None:
        """Return at most ``size`` bytes; none at the end."""


class Writable(Protocol):
    """Has the one method needed of a binary stream that is written."""

    def write(self, data: bytes, /) -> int | None:
        """Write ``data`` and return how many bytes were taken."""


def write_all(target: Writable, data: bytes) -> None:
    """Write all of ``data``, also to an unbuffered stream that takes only a part at a time."""
    taken = target.write(data)
    while taken is not None and taken < len(data):
        data = data[taken:]
        taken = target.write(data)


class ByteSource:
    """Looks ahead in a binary stream and holds no more than it was asked for."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._held = b""

    def peek(self, size: int) -> bytes:
        """Return up to ``size`` bytes without taking them; fewer only at the end."""
        self._hold(size)
        return self._held[:size]

    def read(self, size: int) -> bytes:
        """Take exactly ``size`` bytes; fewer only at the end."""
        self._hold(size)
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def read_line(self, limit: int) -> bytes:
        """Take a line with its LF; without LF if the end or ``limit`` bytes come first."""
        size = 0
        while size < limit:
            size = min(limit, size + 4096)
            end = self.peek(size).find(b"\n") + 1
            if end or len(self._held) < size:
                return self.read(end or len(self._held))
        return self.read(limit)

    def _hold(self, size: int) -> None:
        if len(self._held) >= size:
            return
        pieces = [self._held]
        missing = size - len(self._held)
        while missing:
            piece = self._stream.read(missing)
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        self._held = b"".join(pieces)
