"""A look over the records of an old .xls workbook before python-calamine reads it.

calamine reserves memory for the rectangle up to the furthest cell, and tells neither hidden rows,
formulas nor errors. The container is a compound file ([MS-CFB]: sectors chained by a table) and
its ``Workbook`` stream a run of records ([MS-XLS] 2.3: two bytes kind, two bytes length, body).
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldkit.workbook.load.survey import Survey
from fieldkit.workbook.load.xls_texts import Formats, Notes, is_struck_font, rich_texts, runs_of
from fieldkit.workbook.values.struck import Run

_END = 0xFFFFFFFA  # this and above: the marks that end a chain
_BOF, _FILEPASS, _BOUNDSHEET, _SUPBOOK = 0x0809, 0x002F, 0x0085, 0x01AE
_ROW, _COLINFO, _FORMULA, _BOOLERR, _MULRK = 0x0208, 0x007D, 0x0006, 0x0205, 0x00BD
_FONT, _XF, _FORMAT, _SST, _CONTINUE = 0x0031, 0x00E0, 0x041E, 0x00FC, 0x003C
_LABELSST, _RSTRING = 0x00FD, 0x00D6
_NUMBERS = {0x0203, 0x027E, _FORMULA}
_SINGLE = {0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6, _FORMULA, _BOOLERR}
_ERROR_WORDS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass(slots=True)
class XlsSurvey(Survey):
    """Holds what the records of one sheet say beside its values.

    ``formats`` are the number formats that the book has of its own, ``runs`` the texts of which
    words may be struck out.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    struck: set[tuple[int, int]] = field(default_factory=set)
    runs: dict[tuple[int, int], tuple[Run, ...]] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)


@dataclass(slots=True)
class XlsBook:
    """Holds the sheets by the offset of their first record, and what the whole book carries."""

    sheets: list[XlsSurvey] = field(default_factory=list)
    protected: bool = False
    links: bool = False
    is_old: bool = False
    fonts: list[bool] = field(default_factory=list)
    styles: list[tuple[int, int]] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    strings: list[bytes] = field(default_factory=list)
    rich: dict[int, tuple[str, Formats]] = field(default_factory=dict)

    def take(self, kind: int, body: bytes, before: int) -> None:
        """Take in a record of the whole book: its fonts, styles, formats and shared texts."""
        if kind == _FONT and len(body) >= 4:
            self.fonts.append(bool(body[2] & 8))
        elif kind == _XF and len(body) >= 4:
            font, number_format = struct.unpack_from("<HH", body)
            self.styles.append((font, number_format))
        elif kind == _FORMAT and len(body) > 5:
            if self.is_old:
                code = body[3 : 3 + body[2]].decode("cp1252", "replace")
            else:
                wide = body[4] & 1
                count = struct.unpack_from("<H", body, 2)[0] * (2 if wide else 1)
                text = body[5 : 5 + count]
                code = text.decode("utf-16-le" if wide else "latin-1", "replace")
            self.formats[struct.unpack_from("<H", body)[0]] = code
        elif kind == _SST or (kind == _CONTINUE and before == _SST):
            self.strings.append(body)

    def finish(self) -> None:
        """Look for words that are struck out among the shared texts, where any font strikes out."""
        if any(self.fonts) and self.strings:
            with contextlib.suppress(ValueError, struct.error):
                self.rich = rich_texts(self.strings)

    def is_struck(self, style: int) -> bool:
        """Say whether a style strikes out."""
        if style >= len(self.styles):
            return False
        return is_struck_font(self.fonts, self.styles[style][0])

    def number_format(self, style: int) -> str:
        """Return the number format of a style that the book has of its own; or nothing."""
        return self.formats.get(self.styles[style][1], "") if style < len(self.styles) else ""


def workbook_stream(data: bytes) -> bytes:
    """Return the bytes of the ``Workbook`` (or ``Book``) stream of a compound file.

    Raises `ValueError` or `struct.error` for a damaged container.
    """
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise ValueError("not a compound file")
    size = 1 << shift
    first_dir, cutoff = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0]
    first_mini, first_difat = (struct.unpack_from("<I", data, at)[0] for at in (60, 68))

    def sector(number: int) -> bytes:
        start = (number + 1) << shift
        if start >= len(data):
            raise ValueError("a sector outside the file")
        return data[start : start + size].ljust(size, b"\0")

    difat = list(struct.unpack_from("<109I", data, 76))
    seen: set[int] = set()
    while first_difat < _END and first_difat not in seen:
        seen.add(first_difat)
        numbers = struct.unpack(f"<{size // 4}I", sector(first_difat))
        difat += numbers[:-1]
        first_difat = numbers[-1]
    table: list[int] = []
    for number in difat:
        if number < _END:
            table += struct.unpack(f"<{size // 4}I", sector(number))

    def chain(start: int, links: list[int]) -> Iterator[int]:
        for _ in range(len(links) + 1):
            if start >= _END:
                return
            if start >= len(links):
                raise ValueError("a chain outside the table")
            yield start
            start = links[start]
        raise ValueError("a chain that never ends")

    directory = b"".join(sector(n) for n in chain(first_dir, table))
    root_start, found = _END, None
    for at in range(0, len(directory) - 127, 128):
        entry = directory[at : at + 128]
        length = struct.unpack_from("<H", entry, 64)[0]
        title = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        start, bytes_long = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:
            root_start = start
        elif entry[66] == 2 and title.lower() in ("workbook", "book") and found is None:
            found = (start, bytes_long)
    if found is None:
        raise ValueError("no workbook stream")
    start, bytes_long = found
    if bytes_long >= cutoff:
        return b"".join(sector(n) for n in chain(start, table))[:bytes_long]
    mini = b"".join(sector(n) for n in chain(root_start, table))
    mini_table: list[int] = []
    for number in chain(first_mini, table):
        mini_table += struct.unpack(f"<{size // 4}I", sector(number))
    return b"".join(mini[n << 6 : (n + 1) << 6] for n in chain(start, mini_table))[:bytes_long]


def survey_xls(stream: bytes) -> XlsBook:
    """Look over the records of a workbook stream: one survey a worksheet, in the book's order.

    Raises `ValueError` or `struct.error` for damage.
    """
    book = XlsBook()
    by_offset: dict[int, XlsSurvey] = {}
    current: XlsSurvey | None = None
    nested = 0
    at = before = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if kind == _BOF:
            nested += 1
            if nested == 1:
                current = by_offset.get(at)
                book.is_old = body[:2] == b"\0\x05"
        elif kind == 0x000A:  # end of a substream
            nested = max(nested - 1, 0)
            current = None if nested == 0 else current
        elif kind == _FILEPASS:
            book.protected = True
            return book
        elif kind == _SUPBOOK and length > 4:
            book.links = True
        elif kind == _BOUNDSHEET and length >= 6:
            sheet = XlsSurvey()
            by_offset[struct.unpack_from("<I", body)[0]] = sheet
            book.sheets.append(sheet)
        elif current is not None and nested == 1:
            _sheet_record(current, kind, body)
            _beside(book, current, kind, body)
        elif nested == 1:
            book.take(kind, body, before)
        if kind == 0x000A and nested == 0:
            book.finish()
            book.strings = []
        before = before if kind == _CONTINUE else kind
        at += 4 + length
    return book


def _sheet_record(sheet: XlsSurvey, kind: int, body: bytes) -> None:
    if kind == _ROW and len(body) >= 16:
        if body[12] & 0x20:
            sheet.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == _COLINFO and len(body) >= 10:
        first, last, _, _, flags = struct.unpack_from("<5H", body)
        if flags & 1:
            sheet.hidden_columns.update(range(first + 1, min(last, 255) + 2))
    elif kind in _SINGLE and len(body) >= 6:
        row, column = struct.unpack_from("<HH", body)
        _value(sheet, row + 1, column + 1)
        if kind == _FORMULA:
            sheet.formulas.add((row + 1, column + 1))
            if len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
                sheet.errors[row + 1, column + 1] = _ERROR_WORDS.get(body[8], "#VALUE!")
        elif kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
            sheet.errors[row + 1, column + 1] = _ERROR_WORDS.get(body[6], "#VALUE!")
    elif kind == _MULRK and len(body) >= 12:
        row = struct.unpack_from("<H", body)[0]
        last = struct.unpack_from("<H", body, len(body) - 2)[0]
        _value(sheet, row + 1, last + 1, (len(body) - 6) // 6)


def _beside(book: XlsBook, sheet: XlsSurvey, kind: int, body: bytes) -> None:
    """Take in what a record of a sheet says beside a value."""
    sheet.notes.take(kind, body, book.is_old)
    if kind == _MULRK and len(body) >= 12:
        row, first = struct.unpack_from("<HH", body)
        for at in range((len(body) - 6) // 6):
            style = struct.unpack_from("<H", body, 4 + 6 * at)[0]
            _style(book, sheet, (row + 1, first + 1 + at), style, is_number=True)
    elif kind in _SINGLE and len(body) >= 6:
        row, column, style = struct.unpack_from("<3H", body)
        place = (row + 1, column + 1)
        _style(book, sheet, place, style, is_number=kind in _NUMBERS)
        if kind == _LABELSST and len(body) >= 10:
            rich = book.rich.get(struct.unpack_from("<I", body, 6)[0])
            if rich is not None:
                _runs(book, sheet, place, style, *rich)
        elif kind == _RSTRING and book.is_old and len(body) > 9:
            count = struct.unpack_from("<H", body, 6)[0]
            text, rest = body[8 : 8 + count].decode("cp1252", "replace"), body[9 + count :]
            formats = tuple(zip(rest[0::2], rest[1::2], strict=False))
            _runs(book, sheet, place, style, text, formats)


def _style(
    book: XlsBook, sheet: XlsSurvey, place: tuple[int, int], style: int, *, is_number: bool
) -> None:
    if book.is_struck(style):
        sheet.struck.add(place)
    if is_number and (code := book.number_format(style)):
        sheet.formats[place] = code


def _runs(
    book: XlsBook,
    sheet: XlsSurvey,
    place: tuple[int, int],
    style: int,
    text: str,
    formats: Formats,
) -> None:
    runs = runs_of(text, formats, book.fonts, book.is_struck(style))
    if any(is_struck for _, is_struck in runs):
        sheet.runs[place] = runs
    sheet.struck.discard(place)


def _value(sheet: XlsSurvey, row: int, column: int, count: int = 1) -> None:
    sheet.valued += count
    sheet.last_row = max(sheet.last_row, row)
    sheet.last_column = max(sheet.last_column, column)
