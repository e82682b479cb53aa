"""A part of a segment, as it lies on the stage while a large bundle is taken in slice by slice.

A slice holds parts of one or several segments: a line of JSON that says what they are, then their
ops line by line, as they came. Only lines that change something are among them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storage.bundle.manifest import Segment
from storage.bundle.stream import STUB, Line, SegmentEnd, read_stub
from storage.ops.op import digest, next_head


@dataclass(frozen=True)
class Part:
    """Names a stretch of a segment that is taken in by itself.

    Attributes:
        number: which of the bundle's segments it is of, from 0.
        start: the last op of its feed that was known before the segment, and the head there.
        first: the first of its ops.
        prev: the head before that.
        lines: how many ops it has, one after the other.
        ended: the key that signed the segment and its signature, where it is the segment's end.
        alarm: why the rest of the segment is left out, where it ends for that.
    """

    number: int
    start: tuple[int, bytes]
    first: int
    prev: bytes
    lines: int = 0
    ended: tuple[bytes, bytes] | None = None
    alarm: str = ""

    @property
    def last(self) -> int:
        """Return the last of its ops; the one before the first where it has none."""
        return self.first + self.lines - 1

    def end_of(self, segment: Segment) -> SegmentEnd | None:
        """Return the end of its segment, where that is in it."""
        return None if self.ended is None else SegmentEnd(segment, *self.ended)


def pack(parts: Sequence[Part], lines: Iterable[bytes]) -> bytes:
    """Return parts and their lines as a slice of a stage."""
    value = [
        [
            part.number,
            [part.start[0], part.start[1].hex()],
            part.first,
            part.prev.hex(),
            part.lines,
            None if part.ended is None else [one.hex() for one in part.ended],
            part.alarm,
        ]
        for part in parts
    ]
    return b"\n".join([json.dumps(value).encode(), *lines])


def unpack(payload: bytes) -> list[tuple[Part, list[Line]]]:
    """Return what :func:`pack` packed, each op with its place in the chain."""
    begin, *lines = payload.split(b"\n")
    at = 0
    parts: list[tuple[Part, list[Line]]] = []
    for number, (seq, known), first, prev, count, ended, alarm in json.loads(begin):
        part = Part(
            number,
            (seq, bytes.fromhex(known)),
            first,
            bytes.fromhex(prev),
            count,
            None if ended is None else (bytes.fromhex(ended[0]), bytes.fromhex(ended[1])),
            alarm,
        )
        parts.append((part, _chained(part, lines[at : at + count])))
        at += count
    return parts


def _chained(part: Part, lines: Sequence[bytes]) -> list[Line]:
    head = part.prev
    chained: list[Line] = []
    for seq, data in enumerate(lines, part.first):
        stub = data.startswith(STUB)
        inner = read_stub(data, seq) if stub else digest(data)
        head = next_head(head, inner)
        chained.append(Line(seq, None if stub else data, inner, head))
    return chained
