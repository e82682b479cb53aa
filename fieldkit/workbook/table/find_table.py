"""Finding the table of cases: which sheet, which row holds the headings, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fieldkit.workbook.errors import LayoutRefused, MappingRefused, NoTableFound
from fieldkit.workbook.load.load import RawWorkbook
from fieldkit.workbook.table.account import spans
from fieldkit.workbook.table.blocks import KEYS, Block, columns_beside, heading_rows
from fieldkit.workbook.table.columns import IGNORE, map_columns, samples_of
from fieldkit.workbook.table.headings import (
    data_like,
    headings_of,
    is_case_row,
    is_grade_row,
    is_wordy,
)
from fieldkit.workbook.table.layouts import fields_down, refusal
from fieldkit.workbook.table.meaning import heading_scores, looks_like_ref
from fieldkit.workbook.table.not_found import MUST_HAVE_ONE, check_row, last_row, nothing_found
from fieldkit.workbook.table.ownership import without_theirs
from fieldkit.workbook.table.table import SheetChoice, Table
from fieldkit.workbook.table.table_rows import OTHER_HEADINGS, Body, left_out_line
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import Sheet
from fieldkit.workbook.values.words import field_words, limit, plain
from storage.ops.text import many

_LINES = 3  # headings may run over so many lines
_GLANCE = 60  # lines looked at below headings that are only tried
_WORTH = 0.4  # of the best row's likeness to headings, from which another is tried
_SURE = 0.9  # confidence from which a column of references alone makes a table
_TRIED = 6  # rows tried in earnest for each sheet


class Finder:
    """Looks for the table of one `kind` (``self_assessment`` or ``case_list``) in a workbook."""

    def __init__(self, book: RawWorkbook, kind: str, types: CaseTypes) -> None:
        self.book = book
        self.kind = kind
        self.types = types
        self._starts: dict[tuple[str, frozenset[int]], dict[int, dict[int, str]]] = {}
        self.down = {
            sheet.name: down
            for sheet in book.sheets
            if (down := fields_down(kind, sheet)) is not None
        }
        """The sheets that are not read because their fields run down, and how."""

    def find(
        self,
        sheet: str | None = None,
        header_row: int | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> tuple[Table, tuple[SheetChoice, ...]]:
        """Return the table, and what was thought of every sheet.

        A named `sheet` and a `header_row` (0: there are no headings) are taken as given; `columns`
        as in `map_columns`. Raises `NoTableFound` and `MappingRefused`.
        """
        named = self._named(sheet)
        tables: dict[str, Table] = {}
        for candidate in [named] if named else self.book.sheets:
            there = header_row is None or header_row in range(last_row(candidate) + 1)
            there = there and not candidate.too_large and candidate.name not in self.down
            table = self._best(candidate, header_row) if there else None
            if table is not None:
                tables[candidate.name] = table
        usable = [t for t in tables.values() if t.cases or named] or list(tables.values())
        shown = [t for t in usable if t.sheet.state == "visible" and not t.missing(self.kind)]
        pool = shown or [t for t in usable if not t.missing(self.kind)] or usable
        down = [one for name, one in self.down.items() if named is None or named.name == name]
        if not pool and down:
            raise LayoutRefused(refusal(self.book.file_name, down))
        if not pool and header_row is not None:
            check_row(header_row, [named] if named else self.book.sheets)
        if not pool:
            raise NoTableFound(
                nothing_found(self.book.file_name, self.kind, self.book.sheets, named)
            )
        best = max(pool, key=lambda table: table.score)
        if columns:
            best = self._whole(best.sheet, best.first, best.last, columns)
        return best, self._choices(tables, best, named)

    def _named(self, name: str | None) -> Sheet | None:
        if name is None:
            return None
        same = [s for s in self.book.sheets if s.name == name]
        same = same or [
            s for s in self.book.sheets if s.name.strip().lower() == name.strip().lower()
        ]
        if len(same) != 1:
            names = ", ".join(f"“{s.name}”" for s in self.book.sheets)
            raise MappingRefused(
                f"{self.book.file_name} has no sheet “{name}”; its sheets are {names}."
            )
        if same[0].too_large:
            raise MappingRefused(f"Sheet “{name}” was not read: {same[0].too_large}.")
        return same[0]

    def _best(self, sheet: Sheet, header_row: int | None) -> Table | None:
        rows = sheet.rows()
        if not rows:
            return None
        spans: list[tuple[int, int]] = []
        if header_row is not None:
            spans = self._spans(sheet, header_row) if header_row else [(0, 0)]
        else:
            for row in self._likely(sheet, rows):
                spans += self._spans(sheet, row)
        tried = dict.fromkeys(spans)
        tables = [self._glance(sheet, first, last) for first, last in tried]
        if header_row is None and not any(map(self._is_table, tables)):
            bare = self._glance(sheet, 0, 0)
            if not bare.missing(self.kind) and len(bare.cases) >= 2:
                tables.append(bare)
        if header_row is None:
            tables = [table for table in tables if self._is_table(table)]
        best = max(tables, key=lambda table: table.score, default=None)
        if best is not None:  # headings repeated on every page: the first ones count
            same = [t for t in tables if t.last and _texts(t) == _texts(best)]
            best = min(same, key=lambda table: table.last, default=best)
        if best is None:
            return None
        start = (best.first, best.last)
        if header_row is None and best.last:
            start = self._begin(sheet, *start)
        return self._whole(sheet, *start, None)

    def _is_table(self, table: Table) -> bool:
        """Say whether columns were found by which this is a table of cases at all."""
        fields = [c for c in table.columns if c.field != IGNORE]
        sure = any(c.field in KEYS[self.kind] and c.confidence >= _SURE for c in fields)
        return any(c.field in MUST_HAVE_ONE[self.kind] for c in fields) and (
            len(fields) >= 2 or (sure and len(table.columns) >= 2 and len(table.cases) >= 2)
        )

    def _begin(self, sheet: Sheet, first: int, last: int) -> tuple[int, int]:
        """Return the headings of the first of several tables, where that found is a later one."""
        for row in self._heading_rows(sheet):
            if row >= first:
                break
            table = self._glance(sheet, row, row)
            if table.cases and not table.missing(self.kind):
                return row, row
        return first, last

    def _whole(
        self, sheet: Sheet, first: int, last: int, chosen: Mapping[str, str] | None
    ) -> Table:
        """Return the table with those under it that have headings of their own."""
        beside = self._beside(sheet, first, last)
        starts = self._further(sheet, first, last, beside) if last else []
        ends: list[int | None] = [*(top for top, _, _ in starts), None]
        table = self._table(sheet, first, last, chosen, beside=beside, until=ends[0])
        blocks = [table.blocks[0]]
        for (top, row, usable), end in zip(starts, ends[1:], strict=True):
            under = self._table(sheet, top, row, None, beside=beside, until=end).blocks[0]
            blocks.append(under if usable else _unread(sheet, under))
        return replace(table, blocks=tuple(blocks), beside=beside)

    def _further(
        self, sheet: Sheet, first: int, last: int, beside: frozenset[int]
    ) -> list[tuple[int, int, bool]]:
        """Return further headings, from row to row, and whether a table can be read by them."""
        starts: list[tuple[int, int, bool]] = []
        texts: Mapping[int, str] = _plain(headings_of(self.kind, sheet, first, last))
        columns = self._glance(sheet, first, last).columns
        keys = [column.number for column in columns if column.field in KEYS[self.kind]]
        for row, words in self._heading_rows(sheet, beside).items():
            if row <= last or any(looks_like_ref(sheet.at(row, key).text()) for key in keys):
                continue  # a case, with a second table beside it
            if words == texts or texts.items() >= words.items():
                continue
            top = row - 1 if self._is_upper_line(sheet, row - 1, last) else row
            starts.append((top, row, not self._glance(sheet, top, row).missing(self.kind)))
            texts = words
        return starts

    def _is_upper_line(self, sheet: Sheet, row: int, last: int) -> bool:
        """Say whether a row is the upper line of headings that run over two lines."""
        several = row > last and len(sheet.filled(row)) > 1
        return several and is_wordy(sheet, row) and not is_case_row(self.kind, sheet, row)

    def _beside(self, sheet: Sheet, first: int, last: int) -> frozenset[int]:
        if not last:
            return frozenset()
        return columns_beside(self.kind, headings_of(self.kind, sheet, first, last))

    def _glance(self, sheet: Sheet, first: int, last: int) -> Table:
        """Return the first lines of a table that is tried, up to other headings."""
        starts = self._heading_rows(sheet)
        own = starts.get(last)
        until = next((row for row, texts in starts.items() if row > last and texts != own), None)
        return self._table(sheet, first, last, None, _GLANCE, until=until)

    def _heading_rows(
        self, sheet: Sheet, beside: frozenset[int] = frozenset()
    ) -> Mapping[int, Mapping[int, str]]:
        """Return the rows that hold headings and their words; each row is looked at once."""
        if (sheet.name, beside) not in self._starts:
            rows = heading_rows(self.kind, sheet, beside)
            self._starts[sheet.name, beside] = {row: _plain(texts) for row, texts in rows}
        return self._starts[sheet.name, beside]

    def _likely(self, sheet: Sheet, rows: Sequence[int]) -> list[int]:
        """Return the rows whose texts are most like headings, best first."""
        scored: list[tuple[float, int]] = []
        for row in rows[: limit("say", "header_search_rows")]:
            cells = sheet.filled(row)
            if len(cells) < 2 or is_case_row(self.kind, sheet, row):
                continue
            if is_grade_row(self.kind, sheet, row):
                continue
            best: dict[str, float] = {}
            for cell in cells.values():
                if cell.kind == "text":
                    for field, score in heading_scores(self.kind, cell.text()).items():
                        best[field] = max(best.get(field, 0.0), score)
            score = sum(w.weight * best.get(w.field, 0.0) for w in field_words(self.kind))
            if score > 0:
                scored.append((score + min(len(cells), 8) * 0.05, row))
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return [row for score, row in scored[:_TRIED] if score >= scored[0][0] * _WORTH]

    def _spans(self, sheet: Sheet, last: int) -> list[tuple[int, int]]:
        """Return headings in this row alone, or running over the lines above or below it."""
        spans = [(last, last)]
        for lines in range(1, _LINES):
            first = last - lines
            if first < 1 or not sheet.filled(first) or is_case_row(self.kind, sheet, first):
                break
            spans.append((first, last))
        if is_wordy(sheet, last + 1):
            spans.append((last, last + 1))
        return spans

    def _table(
        self,
        sheet: Sheet,
        first: int,
        last: int,
        chosen: Mapping[str, str] | None,
        most: int | None = None,
        beside: frozenset[int] | None = None,
        until: int | None = None,
    ) -> Table:
        headings = headings_of(self.kind, sheet, first, last) if last else {}
        beside = columns_beside(self.kind, headings) if beside is None else beside
        headings = {number: text for number, text in headings.items() if number not in beside}
        end = until or last_row(sheet) + 1
        below = sheet.rows_between(last, end)
        types, base_1904 = self.types, self.book.base_1904
        columns = map_columns(
            self.kind, sheet, headings, below[:most], types, base_1904, chosen, beside
        )
        columns = without_theirs(self.kind, sheet, last, columns)
        cases, left_out = Body(sheet, self.kind, columns).split(last, most, end)
        columns = tuple(
            replace(column, samples=samples_of(sheet, cases or below[:most], column.number))
            for column in columns
        )
        weight = {words.field: words.weight for words in field_words(self.kind)}
        score = sum(weight[c.field] * c.confidence for c in columns if c.field != IGNORE)
        score += min(len(cases), 60) / 20
        score -= 0.4 * (last - first)
        score -= sum(data_like(sheet, row) for row in range(first, last + 1) if row)
        block = Block(first, last, columns, tuple(cases), tuple(left_out))
        return Table(sheet, (block,), score, beside)

    def _choices(
        self, tables: Mapping[str, Table], best: Table, named: Sheet | None
    ) -> tuple[SheetChoice, ...]:
        choices: list[SheetChoice] = []
        for sheet in self.book.sheets:
            table = tables.get(sheet.name)
            chosen = sheet is best.sheet
            cases = len(best.cases) if chosen else len(table.cases) if table else 0
            rival = False
            if chosen:
                why = "The one named by a person" if named else "The likeliest table of cases"
                where = f"headings in row {best.last}" if best.last else "no row of headings"
                reason = f"{why}: {where}, {many(cases, 'row')}."
            elif named:
                reason = "Another sheet was named."
            elif sheet.too_large:
                reason = f"It was not read: {sheet.too_large}."
            elif sheet.name in self.down:
                rival, reason = True, self.down[sheet.name].words
            elif table is None or table.missing(self.kind) or not cases:
                reason = "It has no table of cases."
            elif sheet.state != "visible":
                rival, reason = (
                    True,
                    f"It is hidden; it looks like a table of {many(cases, 'row')}.",
                )
            else:
                rival = True
                reason = (
                    f"It looks like a table of {many(cases, 'row')} too, but less so: rows "
                    f"{spans(table.cases)}."
                )
            choices.append(SheetChoice(sheet.name, sheet.state, chosen, cases, reason, rival))
        return tuple(choices)


def _plain(headings: Mapping[int, str]) -> dict[int, str]:
    return {number: words for number, text in headings.items() if (words := plain(text))}


def _unread(sheet: Sheet, block: Block) -> Block:
    """Return a block under headings without which no case can be read: all of it is left out."""
    reason = f"{OTHER_HEADINGS}, in row {block.last}"
    rows = sorted([*(line.row for line in block.left_out if not line.total), *block.cases])
    lines = [left_out_line(sheet, row, reason, shown=False) for row in rows]
    lines += [line for line in block.left_out if line.total]
    return replace(block, cases=(), left_out=tuple(sorted(lines, key=lambda line: line.row)))


def _texts(table: Table) -> list[tuple[str, str]]:
    return [(column.column, plain(column.heading)) for column in table.columns if column.heading]
