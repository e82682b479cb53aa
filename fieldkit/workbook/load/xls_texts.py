"""The texts of an old .xls that tell more than their words: runs that are struck out, and notes.

Layouts: [MS-XLS] 2.4.265 (SST), 2.5.293 (XLUnicodeRichExtendedString), 2.4.179 (Note), 2.4.181
(Obj), 2.4.329 (TxO).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from fieldkit.workbook.values.struck import Run
from fieldkit.workbook.values.words import limit

Formats = tuple[tuple[int, int], ...]
"""From which character on which font holds."""
_NOTE_OBJECT = 0x19


def runs_of(text: str, formats: Formats, struck: Sequence[bool], base: bool) -> tuple[Run, ...]:
    """Return a text in runs.

    Args:
        text: all of it.
        formats: where other fonts begin.
        struck: font by its number, whether it strikes out.
        base: whether the cell's own font does.
    """
    runs: list[Run] = []
    at, now = 0, base
    for begin, font in formats:
        runs.append((text[at:begin], now))
        at, now = max(begin, at), is_struck_font(struck, font)
    runs.append((text[at:], now))
    return tuple(run for run in runs if run[0])


def is_struck_font(struck: Sequence[bool], font: int) -> bool:
    """Say whether a font strikes out; there is none of the number 4."""
    at = font - 1 if font > 4 else font
    return at < len(struck) and struck[at]


class _Pieces:
    """Reads a record that goes on in others; each further one says anew how wide its text is."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    def take(self, count: int) -> bytes:
        """Return so many bytes, across pieces; raises `ValueError` behind the end."""
        out = b""
        while len(out) < count:
            if self._piece >= len(self._pieces):
                raise ValueError("a text beyond its record")
            piece = self._pieces[self._piece]
            part = piece[self._at : self._at + count - len(out)]
            out += part
            self._at += len(part)
            if self._at >= len(piece) and len(out) < count:
                self._piece, self._at = self._piece + 1, 0
        return out

    def number(self, form: str) -> int:
        """Return a number."""
        value: int = struct.unpack(form, self.take(struct.calcsize(form)))[0]
        return value

    def text(self, count: int, is_wide: bool) -> str:
        """Return so many characters."""
        out: list[str] = []
        while count > 0:
            if self._piece >= len(self._pieces):
                raise ValueError("a text beyond its record")
            piece = self._pieces[self._piece]
            if self._at >= len(piece):
                self._piece, self._at = self._piece + 1, 0
                is_wide = bool(self.take(1)[0] & 1)
                continue
            size = 2 if is_wide else 1
            here = min(count, (len(piece) - self._at) // size)
            if here == 0:
                raise ValueError("a character cut in two")
            data = self.take(here * size)
            out.append(data.decode("utf-16-le" if is_wide else "latin-1", "replace"))
            count -= here
        return "".join(out)


def rich_texts(pieces: Sequence[bytes]) -> dict[int, tuple[str, Formats]]:
    """Return the shared texts that have runs, by their number.

    Raises `ValueError` or `struct.error` for damage.
    """
    reader = _Pieces(pieces)
    reader.take(4)
    rich: dict[int, tuple[str, Formats]] = {}
    for number in range(min(reader.number("<I"), limit("sheet", "cells"))):
        count, flags = reader.number("<H"), reader.take(1)[0]
        formats = reader.number("<H") if flags & 8 else 0
        more = reader.number("<I") if flags & 4 else 0
        text = reader.text(count, bool(flags & 1))
        if formats:
            listed = struct.iter_unpack("<HH", reader.take(4 * formats))
            rich[number] = (text, tuple((begin, font) for begin, font in listed))
        reader.take(more)
    return rich


@dataclass(slots=True)
class Notes:
    """Gathers the notes of one sheet from the records in which they come in parts."""

    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    old: dict[tuple[int, int], str] = field(default_factory=dict)
    _object: int = 0
    _left: int = 0

    def take(self, kind: int, body: bytes, is_old: bool) -> None:
        """Take in a record of a sheet; of the kinds before 1997 where `is_old`."""
        if kind == 0x001C and len(body) >= 8:
            row, column, third, fourth = struct.unpack_from("<4H", body)
            if is_old:
                words = body[6 : 6 + third].decode("cp1252", "replace").strip()
                if words:
                    self.old[row + 1, column + 1] = words
            else:
                self.places[fourth] = (row + 1, column + 1)
        elif kind == 0x005D and len(body) >= 8:
            what, number = struct.unpack_from("<HH", body, 4)
            self._object = number if what == _NOTE_OBJECT else 0
        elif kind == 0x01B6 and len(body) >= 12:
            self._left = struct.unpack_from("<H", body, 10)[0] if self._object else 0
        elif kind == 0x003C and self._left > 0 and len(body) > 1:
            wide = body[0] & 1
            text = body[1:].decode("utf-16-le" if wide else "latin-1", "replace")[: self._left]
            self.texts[self._object] = self.texts.get(self._object, "") + text
            self._left -= len(text)

    def by_place(self) -> dict[tuple[int, int], str]:
        """Return the notes by row and column."""
        most = limit("sheet", "comment_characters")
        notes = {
            place: self.texts[number].strip()[:most]
            for number, place in self.places.items()
            if self.texts.get(number, "").strip()
        }
        listed = list((self.old | notes).items())[: limit("sheet", "comments")]
        return dict(listed)
