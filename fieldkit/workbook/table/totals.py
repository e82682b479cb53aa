"""Whether the totals a force wrote agree with its own rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from fieldkit.wording.format import line
from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.table.table_rows import LeftOut
from fieldkit.workbook.values.case_types import CaseTypes
from fieldkit.workbook.values.cells import Cell, Sheet, address
from fieldkit.workbook.values.grades import read_grade
from fieldkit.workbook.values.words import plain, word_set
from storage.ops.text import many


def check_totals(
    sheets: Sequence[Sheet],
    table: Sheet,
    body: range,
    left_out: Sequence[LeftOut],
    scale: Sequence[str],
    types: CaseTypes,
    graded: Sequence[tuple[Sequence[str], str | None]],
) -> list[Problem]:
    """Compare every stated count with the rows read.

    `graded` has, for each row, its case types and its grade or None; `body` is where the table
    itself stands. Blocks of grade words with whole numbers beside or under them are looked for in
    all sheets outside the table, and total rows under it. Differences are problems at their cell;
    each sheet with totals has one sentence more, which says nothing of how they come out.
    """
    counts = Counter(grade for _, grade in graded if grade is not None)
    by_type: Counter[tuple[str, str]] = Counter()
    for named, grade in graded:
        for label in named:
            if grade is not None:
                by_type[label, grade] += 1
    check = _Checker(counts, by_type, len(graded), scale, types)
    problems = [
        problem for left in left_out if left.total for problem in check.total_row(table, left.row)
    ]
    for sheet in sheets:
        skip = body if sheet is table else range(0)
        problems += check.blocks(sheet, skip)
    return problems + [Code.TOTALS_COMPARED.at(name, name=line(name)) for name in check.compared]


class _Checker:
    def __init__(
        self,
        counts: Mapping[str, int],
        by_type: Mapping[tuple[str, str], int],
        rows: int,
        scale: Sequence[str],
        types: CaseTypes,
    ) -> None:
        self.counts, self.by_type, self.rows = counts, by_type, rows
        self.scale, self.types = scale, types
        self.graded = sum(counts.values())
        self.compared: dict[str, None] = {}
        """The sheets that state a total, in order."""

    def total_row(self, sheet: Sheet, row: int) -> Iterator[Problem]:
        """Check that a lone whole number in a total row is that of rows, or of graded rows."""
        numbers = [
            (c, n) for c, cell in sheet.filled(row).items() if (n := _whole(cell)) is not None
        ]
        if len(numbers) == 1:
            yield from self._total(sheet, row, *numbers[0])

    def blocks(self, sheet: Sheet, skip: range) -> Iterator[Problem]:
        """Check grade words standing under each other with numbers beside, or beside each other."""
        places: dict[tuple[int, int], str] = {}
        for row in sheet.rows():
            if row in skip:
                continue
            for column, cell in sheet.filled(row).items():
                if cell.kind != "text" or len(cell.text()) > 40:
                    continue
                grade, _ = read_grade(cell.text(), self.scale)
                if grade is not None and len(plain(cell.text())) > 1:
                    places[row, column] = grade
        seen: set[tuple[int, int]] = set()
        for row, column in places:
            if (row, column) in seen:
                continue
            across = {c: g for (r, c), g in places.items() if r == row}
            if _once_each(across.values()):
                seen |= {(row, c) for c in across}
                yield from self._under(sheet, row, across, skip)
                continue
            down = {r: g for (r, c), g in places.items() if c == column}
            seen |= {(r, column) for r in down}
            if _once_each(down.values()):
                yield from self._beside(sheet, column, down, skip)

    def _beside(
        self, sheet: Sheet, column: int, down: Mapping[int, str], skip: range
    ) -> Iterator[Problem]:
        for at in (column + 1, column + 2):
            numbers = {row: _whole(sheet.at(row, at)) for row in down}
            if all(n is None for n in numbers.values()):
                continue
            if self._is_key(sheet, min(down), at, numbers.values()):
                return
            for row, grade in down.items():
                yield from self._grade(sheet, row, at, numbers[row], grade, None)
            for row in range(min(down), max(down) + 4):
                if row not in down and row not in skip and _total_word(sheet.at(row, column)):
                    yield from self._total(sheet, row, at, _whole(sheet.at(row, at)))
            return

    def _is_key(self, sheet: Sheet, row: int, at: int, numbers: Iterable[int | None]) -> bool:
        """Say whether the numbers are a key ("good 1, requires improvement 2 …") and no totals."""
        listed = list(numbers)
        # Not the graded rows: whether totals were found must not tell how they come out.
        if {*listed} != {*range(1, len(listed) + 1)} or sum(n or 0 for n in listed) == self.rows:
            return False
        above = plain(sheet.at(row - 1, at).text()).split()
        return not word_set("totals", "headings") & {*above}

    def _under(
        self, sheet: Sheet, row: int, across: Mapping[int, str], skip: range
    ) -> Iterator[Problem]:
        lines: list[tuple[int, Cell]] = []
        for below in range(row + 1, row + 60):
            if below in skip or all(_whole(sheet.at(below, c)) is None for c in across):
                break
            lines.append((below, next(iter(sheet.filled(below).values()))))
        for below, label in lines:
            named = self.types.read(label.text()) if label.kind == "text" else ()
            whole_sample = len(lines) == 1 or _total_word(label)
            for column, grade in across.items():
                number = _whole(sheet.at(below, column))
                if len(named) == 1 and not _total_word(label):
                    yield from self._grade(sheet, below, column, number, grade, named[0])
                elif whole_sample:
                    yield from self._grade(sheet, below, column, number, grade, None)

    def _grade(
        self, sheet: Sheet, row: int, column: int, stated: int | None, grade: str, kind: str | None
    ) -> Iterator[Problem]:
        if stated is None:
            return
        self.compared[sheet.name] = None
        counted = self.by_type.get((kind, grade), 0) if kind else self.counts.get(grade, 0)
        if stated != counted:
            yield Code.GRADE_TOTAL.at(
                sheet.name,
                address(row, column),
                str(stated),
                what=f"{grade}, {kind}" if kind else grade,
                stated=stated,
                counted=counted,
            )

    def _total(self, sheet: Sheet, row: int, column: int, stated: int | None) -> Iterator[Problem]:
        if stated is None:
            return
        self.compared[sheet.name] = None
        if stated not in (self.rows, self.graded):
            rows = many(self.rows, "row was", "rows were")
            at = (sheet.name, address(row, column), str(stated))
            yield Code.ROW_TOTAL.at(*at, stated=stated, rows=rows, graded=self.graded)


def _once_each(grades: Iterable[str]) -> bool:
    """Say whether two grades or more are listed, each once: a summary, not a column of cases."""
    listed = list(grades)
    return len(listed) >= 2 and len(set(listed)) == len(listed)


def _whole(cell: Cell) -> int | None:
    if cell.kind == "number" and isinstance(cell.value, int | float):
        return int(cell.value) if float(cell.value).is_integer() else None
    text = cell.text().strip()
    return int(text) if text.isdecimal() and len(text) < 7 and cell.kind == "text" else None


def _total_word(cell: Cell) -> bool:
    words = plain(cell.text())
    return words in word_set("totals", "words") or any(
        words.startswith(f"{start} ") for start in word_set("totals", "starts")
    )
