"""The records of separated text: a quotation mark that has no partner costs its own cell alone.

RFC 4180 has no word for a mark that is never closed, and any reader that follows it takes all rows
up to the next mark for one cell. Here a quoted cell may run over lines only where these lines do
not look like records of their own.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

_SEPARATORS = ",;\t|"
_LINE_END = re.compile(r"\r\n|\n|\r")
_MOST_LINES, _MOST_CHARACTERS = 300, 40_000
"""How far a cell may run; a spreadsheet's cell ends at 254 lines and 32,767 characters."""
_FEW_SHAPES = 6
"""Shapes of the first cell of a record up to which they tell a record from a line of text."""
_LOOKED_AT = 2_000
"""Lines from which the width and the shapes of records are taken."""
_RUNS = re.compile(r"(\d+)|([^\W\d_]+)|(\s+)")


@dataclass(slots=True)
class Record:
    """Holds the cells of one record; `stray` and `odd` are places of cells from 0.

    In a cell of `stray` a quotation mark has no partner; in one of `odd` words stand behind the
    mark that closes.
    """

    fields: list[str]
    stray: list[int] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Quoted:
    """Holds a cell in quotation marks: its text, where it ends, and what is unusual about it."""

    place: tuple[int, int]
    text: str
    line: int
    end: int
    is_irregular: bool
    is_reopened: bool


def single(line: str, separator: str) -> list[str]:
    """Return the cells of a line that is looked at alone."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def find_separator(text: str) -> str:
    """Return the character that separates columns: that which cuts most lines into as many."""
    lines = [line for line in text[:65536].splitlines()[:40] if line.strip()]
    best, best_score = ",", 0.0
    for mark in _SEPARATORS:
        widths = [len(single(line, mark)) for line in lines]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        common = max(set(wide), key=lambda width: (wide.count(width), width))
        score = wide.count(common) / len(widths) * (1 + min(common, 12) / 24)
        if score > best_score:
            best, best_score = mark, score
    return best


def read_records(text: str, separator: str) -> Iterator[Record]:
    """Yield the records of a text, one for each row that a spreadsheet program would show."""
    if (records := _as_written(text, separator)) is not None:
        yield from records
        return
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    yield from _Reader(lines, separator).records()


def _as_written(text: str, separator: str) -> list[Record] | None:
    """Return the records of a text that a program wrote by the rules; None for any other."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return None
    width = max(map(len, rows), default=0)
    if any(len(row) not in (0, width) for row in rows):
        return None
    records = [Record(row) for row in rows]
    if '"' not in text:
        return records
    shapes: set[str] | None = None
    for record in records:
        for at, value in enumerate(record.fields):
            if '"' not in value and "\n" not in value:
                continue  # most cells
            if value[:1] == " " and value.lstrip(" ")[:1] == '"':
                return None
            if width > 2 and "\n" in value:
                if shapes is None:
                    first = [row[0] for row in rows if row]
                    shapes = {_shape(text) for text in first if any(map(str.isdigit, text))}
                if _may_hold_record(value, separator, width, shapes):
                    return None
            if value.count('"') % 2 and '"{}"'.format(value.replace('"', '""')) not in text:
                record.stray.append(at)
    return records


def _may_hold_record(value: str, separator: str, width: int, shapes: Collection[str]) -> bool:
    """Say whether a line of a cell may be a record of its own, swallowed by a stray mark."""
    return any(
        line.count(separator) >= width - 1 and _shape(line.split(separator, 1)[0]) in shapes
        for line in _LINE_END.split(value)[1:]
    )


class _Reader:
    def __init__(self, lines: Sequence[str], separator: str) -> None:
        self._lines, self._separator = lines, separator
        self._blanks = re.compile(rf'(?:^|{re.escape(separator)}) +"')
        self._width, self._shapes = self._usual()

    def records(self) -> Iterator[Record]:
        """Yield every record."""
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            if '"' not in line:
                yield Record(line.split(self._separator) if line else [])
                at += 1
            elif (fields := self._strict(line)) is not None:
                yield self._with_stray(Record(fields), line)
                at += 1
            else:
                record, at = self._record(at)
                yield record

    def _strict(self, line: str) -> list[str] | None:
        """Return the cells of a line that is right by itself and as wide as others."""
        if self._blanks.search(line):
            return None
        try:
            fields = next(csv.reader([line], delimiter=self._separator, strict=True))
        except csv.Error:
            return None
        return fields if len(fields) >= self._width else None

    def _usual(self) -> tuple[int, frozenset[str]]:
        """Return how many cells most records have, and the shapes of their first cells."""
        looked_at = [line for line in self._lines[:_LOOKED_AT] if line]
        plain = [line for line in looked_at if '"' not in line]
        rows = [line.split(self._separator) for line in plain]
        if len(rows) < 2:
            whole = [line for line in looked_at if line[:1] == line[-1:] == '"']
            rows += [single(line, self._separator) for line in whole]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return 0, frozenset()
        width = max(widths, key=lambda each: (widths[each], each))
        shapes = Counter(_shape(row[0]) for row in rows if len(row) == width and row[0].strip())
        usual = {shape for shape, count in shapes.items() if count > 1 or len(shapes) == 1}
        return width, frozenset(usual)

    def _record(self, at: int) -> tuple[Record, int]:
        """Return the record that begins in a line, and the line behind it."""
        literal: set[tuple[int, int]] = set()
        looked_at: set[tuple[int, int]] = set()
        while True:
            record, after, quoted = self._parsed(at, literal)
            doubtful = next((q for q in quoted if q.place not in looked_at), None)
            if doubtful is None:
                if after == at + 1:
                    record = self._with_stray(record, self._lines[at])
                return record, after
            looked_at.add(doubtful.place)
            if self._is_stray(at, doubtful, record, literal):
                literal.add(doubtful.place)

    def _is_stray(
        self, at: int, quoted: _Quoted, record: Record, literal: set[tuple[int, int]]
    ) -> bool:
        """Say whether the mark that opens a cell is none that opens."""
        if quoted.is_reopened:
            return True
        first = quoted.place[0]
        if any(self._is_record(line) for line in self._lines[first + 1 : quoted.line + 1]):
            return True
        if len(record.fields) >= self._width and not quoted.is_irregular:
            return False
        if len(record.fields) == self._width or self._separator not in quoted.text:
            return False
        other, _, _ = self._parsed(at, literal | {quoted.place})
        return len(other.fields) == self._width

    def _is_record(self, line: str) -> bool:
        """Say whether a line looks like a whole record.

        The line that closes a cell begun above it has an odd number of marks.
        """
        if line.count('"') % 2:
            fields = line.split(self._separator)
            known = _shape(fields[0]) in self._shapes and any(map(str.isdigit, fields[0]))
            return self._width > 3 and len(fields) >= self._width and known
        fields = single(line, self._separator)
        if len(fields) != self._width or self._width < 2:
            return False
        many_shapes = len(self._shapes) > _FEW_SHAPES and fields[0].strip() != ""
        return many_shapes or _shape(fields[0]) in self._shapes

    def _parsed(self, at: int, literal: set[tuple[int, int]]) -> tuple[Record, int, list[_Quoted]]:
        """Return a record, the line behind it and its quoted cells that are out of the usual.

        Marks at places in `literal` open nothing.
        """
        record, unusual = Record([]), list[_Quoted]()
        line, position = self._lines[at], 0
        while True:
            begin = position
            while line[begin : begin + 1] == " ":
                begin += 1
            quoted = None
            if line[begin : begin + 1] == '"':
                quoted = None if (at, begin) in literal else self._quoted(at, begin)
                if quoted is None:
                    position = self._unclosed(record, line, begin)
            else:
                position = self._to_separator(record, line, position)
            if quoted is not None:
                record.fields.append(quoted.text)
                if quoted.is_irregular:
                    record.odd.append(len(record.fields) - 1)
                if quoted.is_irregular or quoted.line != at or self._separator in quoted.text:
                    unusual.append(quoted)
                at, line, position = quoted.line, self._lines[quoted.line], quoted.end
            if position >= len(line):
                return record, at + 1, unusual
            position += 1
            if position == len(line):
                record.fields.append("")
                return record, at + 1, unusual

    def _to_separator(self, record: Record, line: str, position: int) -> int:
        end = line.find(self._separator, position)
        end = len(line) if end < 0 else end
        record.fields.append(line[position:end])
        return end

    def _unclosed(self, record: Record, line: str, begin: int) -> int:
        """Take in a cell that begins with a mark which is not closed before a separator."""
        cut = line.find(self._separator, begin)
        cut = len(line) if cut < 0 else cut
        closing = line.find('"', begin + 1)
        reopened = closing > 0 and line[closing - 1] == self._separator
        whole = closing > 0 and not reopened and (closing < cut or line.count('"', begin) % 2 == 0)
        if not whole:
            record.stray.append(len(record.fields))
            record.fields.append(line[begin + 1 : cut])
            return cut
        end = line.find(self._separator, closing)
        end = len(line) if end < 0 else end
        is_even = line.count('"', begin, end) % 2 == 0
        (record.odd if is_even else record.stray).append(len(record.fields))
        record.fields.append(line[begin:end])
        return end

    def _quoted(self, at: int, begin: int) -> _Quoted | None:
        """Return the cell that a mark opens; None where nothing closes it within reach."""
        place, pieces, length = (at, begin), list[str](), 0
        irregular = reopened = False
        line, position = self._lines[at], begin + 1
        for number in range(at, min(at + _MOST_LINES, len(self._lines))):
            if number > at:
                line, position = self._lines[number], 0
                pieces.append("\n")
            while (mark := line.find('"', position)) >= 0:
                pieces.append(line[position:mark])
                if line[mark + 1 : mark + 2] == '"':
                    pieces.append('"')
                    position = mark + 2
                    continue
                end = mark + 1
                while line[end : end + 1] == " ":
                    end += 1
                if end == len(line) or line[end] == self._separator:
                    text = "".join(pieces)
                    return _Quoted(place, text, number, end, irregular, reopened)
                irregular = True
                reopened |= mark == 0 or line[mark - 1] == self._separator
                pieces.append('"')
                position = mark + 1
            pieces.append(line[position:])
            length += len(line)
            if length > _MOST_CHARACTERS:
                return None
        return None

    def _with_stray(self, record: Record, line: str) -> Record:
        """Return a record of one line with a mark named that has no partner inside of a cell."""
        if line.count('"') % 2 and not record.stray:
            odd = [at for at, text in enumerate(record.fields) if text.count('"') % 2]
            record.stray += [at for at in odd[:1] if at not in record.odd]
        return record


def _shape(text: str) -> str:
    """Return how a text is made: its runs of digits, letters and blanks, and its signs."""
    return _RUNS.sub(lambda run: "9" if run[1] else "a" if run[2] else " ", text.strip(' "')[:80])
