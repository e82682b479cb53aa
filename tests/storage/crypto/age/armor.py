"""The text form of an age file, strict PEM (RFC 7468), which fieldkit itself refuses."""

from __future__ import annotations

import binascii

from storage.crypto.age.errors import AgeError
from storage.crypto.age.io import ByteSource, Writable, write_all

_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_LINE = _COLUMNS // 4 * 3
_MARGIN = 1024
_SPACE = b" \t\r\n"


class ArmorError(AgeError):
    """The text form ("armor") around an age file is not canonical."""

    def __init__(self, detail: str) -> None:
        """``detail`` is a clause: what about the armor is wrong."""
        super().__init__(
            f"The text form of this age file is damaged: {detail}. Nothing in it may be used. "
            "Ask the sender for the binary file."
        )


class ArmorReader:
    """Reads the bytes inside the text form; raises ``ArmorError`` where it is not canonical.

    White space is allowed before and after (at most 1 KiB each), LF and CRLF both end a line.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._held = bytearray()
        self._ended = False
        margin = source.peek(_MARGIN)
        source.read(len(margin) - len(margin.lstrip(_SPACE)))
        if self._line() != _BEGIN:
            raise ArmorError("its first line is wrong")

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none only after the last line was checked."""
        while len(self._held) < size and not self._ended:
            self._take_line()
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _line(self) -> bytes:
        line = self._source.read_line(_COLUMNS + 2)
        if line.endswith(b"\n"):
            line = line[:-1].removesuffix(b"\r")
        return line

    def _take_line(self) -> None:
        line = self._line()
        if line != _END:
            data = _decode(line)
            self._held += data
            if len(data) == _LINE:
                return
            if self._line() != _END:
                raise ArmorError("a line in its middle is short, or its last line is missing")
        rest = self._source.read(_MARGIN + 1)
        if rest.strip(_SPACE) or len(rest) > _MARGIN:
            raise ArmorError("something follows its last line")
        self._ended = True


class ArmorWriter:
    """Writes bytes in the text form; ``close`` writes the last line and leaves the target open."""

    def __init__(self, target: Writable) -> None:
        self._target = target
        self._held = b""
        write_all(target, _BEGIN + b"\n")

    def write(self, data: bytes, /) -> int:
        """Take all of ``data``."""
        self._held += data
        whole = len(self._held) // _LINE * _LINE
        lines, self._held = self._held[:whole], self._held[whole:]
        write_all(self._target, _lines(lines))
        return len(data)

    def close(self) -> None:
        """Write what is held back and the last line."""
        write_all(self._target, _lines(self._held) + _END + b"\n")
        self._held = b""


def _lines(data: bytes) -> bytes:
    return b"".join(
        binascii.b2a_base64(data[start : start + _LINE]) for start in range(0, len(data), _LINE)
    )


def _decode(line: bytes) -> bytes:
    try:
        data = binascii.a2b_base64(line)
    except binascii.Error:
        data = b""
    if not data or len(line) > _COLUMNS or binascii.b2a_base64(data, newline=False) != line:
        raise ArmorError("one of its lines is empty or not canonical base64, or it was cut short")
    return data
