"""Workbooks of Excel 97 in bytes: just as many records as say a table, its fonts and its notes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

Run = tuple[str, bool]
Value = str | int | Sequence[Run]
Place = tuple[int, int]
PLAIN, STRUCK, SLASHES = 0, 1, 2
"""Styles: the usual one, one that strikes out, one that shows a number as a reference."""
CODE = '00"/"00000"/"00'
_END_OF_CHAIN, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(words: str, runs: Sequence[Run] = ()) -> bytes:
    """Return a text of the shared ones, in two bytes a character; struck runs have font 5."""
    head = struct.pack("<HB", len(words), 1 | (8 if runs else 0))
    formats, at = b"", 0
    for part, is_struck in runs:
        formats += struct.pack("<HH", at, 5 if is_struck else 0)
        at += len(part)
    count = struct.pack("<H", len(runs)) if runs else b""
    return head + count + words.encode("utf-16-le") + formats


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _font(struck: bool) -> bytes:
    marks = 8 if struck else 0
    return _record(
        0x0031, struct.pack("<5H6B", 200, marks, 0x7FFF, 400, 0, 0, 0, 0, 0, 1, 0) + b"A"
    )


def _note(number: int, place: Place, words: str) -> bytes:
    row, column = place
    what = struct.pack("<HHHHH12x", 0x15, 0x12, 0x19, number, 0x4011) + struct.pack("<HH", 0, 0)
    half = len(words) // 2
    return (
        _record(0x005D, what)
        + _record(0x01B6, struct.pack("<HHHHHHHI", 0x212, 0, 0, 0, 0, len(words), 16, 0))
        + _record(0x003C, b"\0" + words[:half].encode("latin-1"))
        + _record(0x003C, b"\1" + words[half:].encode("utf-16-le"))
        + _record(0x003C, bytes(16))
        + _record(0x001C, struct.pack("<HHHHHB", row - 1, column - 1, 0, number, 2, 0) + b"QA\0")
    )


def workbook(
    cells: Mapping[Place, Value],
    styles: Mapping[Place, int] | None = None,
    notes: Mapping[Place, str] | None = None,
    *,
    cut_at: int = 0,
) -> bytes:
    """Return the file of one sheet “Cases”.

    Args:
        cells: what stands at row and column, from 1: a text, a whole number, or runs.
        styles: the style of a cell, where it is not the plain one.
        notes: comments.
        cut_at: after how many bytes of the shared texts they go on in another record.
    """
    fonts = [_font(struck) for struck in (False, False, False, False, True)]
    code = struct.pack("<HHB", 170, len(CODE), 0) + CODE.encode()
    usual = ((0, 0), (5, 0), (0, 170))
    xfs = [_record(0x00E0, struct.pack("<HHH14x", font, form, 0)) for font, form in usual]
    texts: list[bytes] = []
    body = b""
    for (row, column), value in sorted(cells.items()):
        head = struct.pack("<HHH", row - 1, column - 1, (styles or {}).get((row, column), PLAIN))
        if isinstance(value, int):
            body += _record(0x0203, head + struct.pack("<d", value))
            continue
        body += _record(0x00FD, head + struct.pack("<I", len(texts)))
        if isinstance(value, str):
            texts.append(_text(value))
        else:
            texts.append(_text("".join(part for part, _ in value), value))
    for number, (place, words) in enumerate((notes or {}).items(), 1):
        body += _note(number, place, words)
    shared = struct.pack("<II", len(texts), len(texts)) + b"".join(texts)
    strings = _record(0x00FC, shared)
    if cut_at:  # within a text, so that it says anew how wide it is
        strings = _record(0x00FC, shared[:cut_at]) + _record(0x003C, b"\1" + shared[cut_at:])
    filler = _record(0x0FFF, bytes(5000))
    end = _record(0x000A)
    name = b"Cases"
    before = _begin(5) + b"".join([*fonts, _record(0x041E, code), *xfs])
    after = strings + filler + end
    sheet_at = len(before) + 4 + 8 + len(name) + len(after)
    listed = _record(0x0085, struct.pack("<IBBBB", sheet_at, 0, 0, len(name), 0) + name)
    size = _record(0x0200, struct.pack("<IIHHH", 0, 50, 0, 10, 0))
    return compound(before + listed + after + _begin(0x10) + size + body + end)


def compound(stream: bytes) -> bytes:
    """Return a compound file with one stream “Workbook” of at least 4,096 bytes."""
    count = -(-len(stream) // 512)
    links = [_TABLE, _END_OF_CHAIN, *(at + 3 for at in range(count - 1)), _END_OF_CHAIN]
    links += [_FREE] * (128 - len(links))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END_OF_CHAIN, 0, _END_OF_CHAIN, 0, 0,
    )  # fmt: skip
    header += struct.pack("<I", _FREE) * 108
    directory = _entry("Root Entry", 5, _END_OF_CHAIN, 0, child=1)
    directory += _entry("Workbook", 2, 2, len(stream))
    table = struct.pack("<128I", *links)
    return header + table + directory.ljust(512, b"\0") + stream.ljust(count * 512, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    title = name.encode("utf-16-le").ljust(64, b"\0")
    return (
        title
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
