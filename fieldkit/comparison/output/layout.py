"""The tables of a comparison, each laid out once for text, CSV, pages and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.criteria import CriteriaTable
from fieldkit.comparison.figures.previous import PreviousComparison
from fieldkit.comparison.figures.verdict import Group
from fieldkit.comparison.numbers import coefficient, percent, plain

Bar = tuple[str, str, int]
"""What is counted, by whom, and how many."""


@dataclass(frozen=True, slots=True)
class Column:
    """Names a column of figures; without a heading it is only in the CSV, without a name not."""

    heading: str
    kind: Literal["grade", "state", "total", "other"] = "other"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Holds a figure as printed, and how many cases it counts, if any.

    In a cross-tab ``mark`` says which side is higher, by how many grades; ``share`` is of the row.
    """

    text: str
    count: int | None = None
    mark: str = ""
    share: float | None = None


Row = tuple[str, tuple[Cell, ...]]
"""The label of a row, and a cell for each column."""


@dataclass(frozen=True, slots=True)
class Table:
    """Lays out labels in the first column, figures in the others, totals last if there are any.

    ``name`` is what the CSV calls it, ``corner`` the heading of the labels.
    """

    name: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: Row | None = None
    note: str = ""

    @property
    def headings(self) -> list[str]:
        """Return the headings of the columns that are shown."""
        return [column.heading for column in self.columns if column.heading]

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """Return the rows with the totals below them."""
        return (*self.rows, self.totals) if self.totals else self.rows

    @property
    def shown(self) -> list[tuple[str, list[tuple[Column, Cell]]]]:
        """Return every row, the totals last, with the columns that are shown."""
        return [
            (label, [pair for pair in zip(self.columns, cells, strict=True) if pair[0].heading])
            for label, cells in self.all_rows
        ]

    @property
    def texts(self) -> list[list[str]]:
        """Return the headings, then every row as it is printed, its label first."""
        printed = [[label, *(cell.text for _, cell in pairs)] for label, pairs in self.shown]
        return [[self.corner, *self.headings], *printed]


def crosstab(comparison: Comparison) -> Table:
    """Lay out our grades of the self-assessed cases against the force's."""
    table, size = comparison.self_assessed, len(comparison.scale)
    widest = max(len(table.mark(0, size - 1)), 1)

    def cell(row: int, column: int) -> Cell:
        count = table.crosstab[row][column]
        mark = table.mark(row, column) if count else ""
        return Cell(f"{count} {mark:<{widest}}", count, mark, table.row_share(row, column))

    return Table(
        "self-assessed: our grade by the force's",
        "our grade",
        (*_grades(comparison.scale), Column("total", "total", "total")),
        tuple(
            (ours, (*(cell(row, column) for column in range(size)), _count(table.row_totals[row])))
            for row, ours in enumerate(comparison.scale)
        ),
        (
            "total",
            (
                *(Cell(f"{count} {'':<{widest}}", count) for count in table.column_totals),
                _count(table.total),
            ),
        ),
    )


def case_types(comparison: Comparison) -> Table:
    """Lay out case type by our grade."""
    table = comparison.types
    return Table(
        "case type by grade",
        "case type",
        (
            *_grades(comparison.scale),
            Column("not judged", "state", "not judged"),
            Column("total", "total"),
            Column("", name="withdrawn"),
        ),
        tuple(
            _row(row.label, *row.counts, row.not_judged, sum(row.counts) + row.not_judged,
                 row.withdrawn)
            for row in table.rows
        ),
        note=table.note,
    )  # fmt: skip


def criteria(comparison: Comparison) -> Table:
    """Lay out criterion by our grade."""
    return Table(
        "criterion by grade",
        "criterion",
        (
            *_grades(comparison.scale),
            Column("not judged", "state", "not judged"),
            Column("n/a", "state", "not applicable"),
            Column("unable", "state", "unable to judge"),
            Column("total", "total"),
            Column("", name="below the force's overall grade"),
        ),
        tuple(
            _row(row.label, *row.counts, row.not_judged, row.not_applicable, row.unable, row.total,
                 row.below_force)
            for row in comparison.criteria.rows
        ),
    )  # fmt: skip


def groups_by(comparison: Comparison) -> tuple[tuple[str, tuple[Group, ...]], ...]:
    """Return what the agreement is given by, and within which groups."""
    return (
        ("criterion", comparison.by_criterion),
        ("case type", comparison.by_type),
        ("auditor", comparison.by_auditor),
    )


def agreement_by(
    name: str, groups: Sequence[Group], *, kappa: str = "kappa linear", none: str = "none"
) -> Table:
    """Lay out the agreement within groups; ``none`` stands where there is no coefficient."""

    def row(group: Group) -> Row:
        agreement, value = group.agreement, group.agreement.kappa_linear.value
        word = none if value is None else coefficient(value) + "?" * agreement.indicative
        label, counts = _row(
            group.label, agreement.n, agreement.exact.count, agreement.within_one.count,
            agreement.sign.force_higher, agreement.sign.force_lower,
        )  # fmt: skip
        return label, (*counts, Cell(word))

    headings = ("pairs", "same grade", "within one", "force higher", "force lower")
    columns = (*(Column(heading, "state") for heading in headings), Column(kappa))
    return Table(f"agreement by {name}", name, columns, tuple(map(row, groups)))


def then_and_now(previous: PreviousComparison) -> Table:
    """Lay out the grades of an earlier inspection beside those of this one."""

    def cell(count: int | None, share: float | None) -> Cell:
        if count is None:
            return Cell("not used")
        return Cell(str(count) if share is None else f"{count} ({percent(share)})", count)

    return Table(
        f"previous: {previous.label}",
        "grade",
        (Column("then", name="then"), Column("now", name="now"), Column("change")),
        tuple(
            (
                row.grade,
                (
                    cell(row.before, row.before_share),
                    cell(row.now, row.now_share),
                    Cell("" if row.change is None else f"{row.change:+.0f} points"),
                ),
            )
            for row in previous.rows
        ),
        ("total", (_count(previous.before_total), _count(previous.now_total), Cell(""))),
    )


def then_and_now_bars(previous: PreviousComparison) -> list[Bar]:
    """Return the cases of each grade then and now; none for a grade that a scale had not."""
    return [
        (row.grade, when, count)
        for row in previous.rows
        for when, count in (("then", row.before), ("now", row.now))
        if count is not None
    ]


def side_bars(comparison: Comparison, force: str, ours: str) -> list[Bar]:
    """Return the self-assessed cases of each grade by both sides, called as given."""
    table = comparison.self_assessed
    return [
        (grade, side, counts[place])
        for place, grade in enumerate(comparison.scale)
        for side, counts in ((force, table.force), (ours, table.inspectors))
    ]


def below_bars(table: CriteriaTable) -> list[Bar]:
    """Return the criteria below a force's higher overall grade, the most frequent first."""
    bars = [(plain(row.label), "", row.below_force) for row in table.rows if row.below_force]
    return sorted(bars, key=lambda bar: -bar[2])


def _grades(scale: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(grade, "grade", grade) for grade in scale)


def _count(count: int) -> Cell:
    return Cell(str(count), count)


def _row(label: str, *counts: int) -> Row:
    return plain(label), tuple(map(_count, counts))
