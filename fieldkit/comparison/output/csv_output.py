"""A comparison as CSV: one figure to a line, or one difference to a line with both rationales."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.tables import AS_REVEALED, GradeTable
from fieldkit.comparison.figures.verdict import Agreement
from fieldkit.comparison.numbers import plain
from fieldkit.comparison.output import layout
from fieldkit.comparison.output.layout import Table

FIGURE_HEADINGS = ("table", "row", "column", "value", "note")
DISPARITY_HEADINGS = (
    "case", "criterion", "our grade", "force's grade", "grades apart", "direction",
    "our grade at first", "open referral", "our rationale", "force's rationale",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

WHOLE = "all self-assessed"

Cell = str | int | float | None


class Line(NamedTuple):
    """One figure: where it stands, what it is, and what is to be known of it."""

    table: str
    row: str = ""
    column: str | None = ""
    value: Cell = ""
    note: str = ""


def to_csv(comparison: Comparison, marking: str = "") -> str:
    """Write every figure of a comparison, one to a line: table, row, column, value, note.

    A marking is the first line under the headings, so that the file stays a table.
    """
    return _write(
        FIGURE_HEADINGS,
        [
            *([Line("marking", value=marking)] if marking else []),
            *_self_assessed(comparison),
            *_grade_table("inspectors only", comparison.inspectors_only),
            *_grade_table("all cases", comparison.all_cases),
            *_figures(layout.case_types(comparison)),
            *_figures(layout.criteria(comparison)),
            *_agreement("agreement", WHOLE, comparison.agreement),
            *(
                line
                for name, groups in (
                    ("agreement by case type", comparison.by_type),
                    ("agreement by auditor", comparison.by_auditor),
                    ("agreement by criterion", comparison.by_criterion),
                )
                for group in groups
                for line in _agreement(name, group.label, group.agreement)
            ),
            *(
                _figures(replace(layout.then_and_now(comparison.previous), totals=None))
                if comparison.previous
                else ()
            ),
            *_differences(comparison),
            *_cases(comparison),
            *(Line("check", note=sentence) for sentence in comparison.checks),
        ],
    )


def _figures(table: Table) -> list[Line]:
    """Every figure of a table that the CSV has, row by row; what it is to be known of them."""
    return [
        Line(table.name, label, column.name, cell.count, table.note if column.heading else "")
        for label, cells in table.all_rows
        for column, cell in zip(table.columns, cells, strict=True)
        if column.name
    ]


def _counted(name: str, counts: Mapping[str, int]) -> list[Line]:
    return [Line(name, row, "cases", count) for row, count in counts.items()]


def _grade_table(name: str, table: GradeTable) -> list[Line]:
    missing = {"not judged": table.not_judged, "withdrawn": table.withdrawn}
    return _counted(name, table.by_grade() | missing)


def _self_assessed(comparison: Comparison) -> list[Line]:
    table = comparison.self_assessed
    ours, force = (
        dict(zip(table.scale, counts, strict=True)) for counts in (table.inspectors, table.force)
    )
    ours["not judged"] = table.not_judged_by_us
    force |= {
        "not judged": table.not_judged_by_force,
        "not revealed yet": table.not_revealed,
        "unmatched": table.unmatched,
    }
    return [
        *_figures(layout.crosstab(comparison)),
        *_counted("self-assessed: inspectors", ours),
        *_counted("self-assessed: force", force),
        *_counted("self-assessed: graded by", table.parts),
        *(
            Line("self-assessed: no grade of the force", one.reference, "written", one.their_word)
            for one in comparison.no_force_grade
        ),
        *(
            Line("self-assessed: not revealed", one.reference, what)
            for what, waiting in (
                ("ready to be revealed", comparison.to_reveal),
                ("to be graded by us first", comparison.to_grade),
            )
            for one in waiting
        ),
        *_counted("self-assessed: withdrawn", {"withdrawn": table.withdrawn}),
    ]


def _differences(comparison: Comparison) -> list[Line]:
    return [
        Line("difference", f"{one.reference} {one.criterion}".strip(), *figure)
        for one in (*comparison.disparities, *comparison.criterion_disparities)
        for figure in (
            ("ours", one.ours, one.our_rationale),
            ("force", one.theirs, one.their_rationale),
            ("grades the force is higher", one.steps),
            ("ours at first", one.initial),
            ("open referral", "yes" if one.open_referral else "no"),
        )
    ]


def _cases(comparison: Comparison) -> list[Line]:
    """What is said of single cases besides the differences."""
    return [
        *(
            Line("changed after the force's grade was seen", one.reference, one.initial, one.ours,
                 one.reason)
            for one in comparison.changed
        ),
        *(Line("withdrawn", one.reference, "origin", one.origin) for one in comparison.withdrawn),
        *(
            Line("matched to no row", one.reference, "counted", AS_REVEALED * one.without_row)
            for one in comparison.unmatched_cases
        ),
        *(
            Line("force's grade after the reveal", one.reference, one.before, one.now, one.sentence)
            for one in comparison.force_changes
        ),
    ]  # fmt: skip


def disparities_to_csv(comparison: Comparison) -> str:
    """Every difference, overall grades first, worst first, with both rationales."""
    return _write(
        DISPARITY_HEADINGS,
        (
            (
                one.reference,
                one.criterion or "overall",
                one.ours,
                one.theirs,
                abs(one.steps),
                "force higher" if one.steps > 0 else "force lower",
                one.initial or "",
                "yes" if one.open_referral else "no",
                one.our_rationale,
                one.their_rationale,
            )
            for one in (*comparison.disparities, *comparison.criterion_disparities)
        ),
    )


def _agreement(name: str, label: str, agreement: Agreement) -> list[Line]:
    sign = agreement.sign
    kappas = (
        ("kappa", agreement.kappa),
        ("kappa, linear weights", agreement.kappa_linear),
        ("kappa, quadratic weights", agreement.kappa_quadratic),
    )
    estimates = (
        *kappas,
        ("Gwet AC1", agreement.ac1),
        ("Gwet AC2, linear weights", agreement.ac2),
    )
    drawn = ("kappa, linear weights, cases drawn again", agreement.interval)
    figures: list[tuple[str, Cell, str]] = [
        ("pairs", agreement.n, ""),
        ("same grade", agreement.exact.count, agreement.exact.why),
        ("within one grade", agreement.within_one.count, agreement.within_one.why),
        ("force higher", sign.force_higher, ""),
        ("force lower", sign.force_lower, ""),
        *((figure, one.value, one.why) for figure, one in estimates),
        ("exact sign test p", sign.p, sign.why),
        *(
            (f"{figure}, standard error", one.ase, "")
            for figure, one in estimates
            if one.ase is not None
        ),
        *(
            (f"{figure}, 95 % interval, {end}", value, "")
            for figure, ends in (*kappas, drawn)
            if ends is not None and ends.low is not None and ends.high is not None
            for end, value in (("low", ends.low), ("high", ends.high))
        ),
        *(("note", "", note) for note in agreement.notes if label == WHOLE),
    ]
    return [Line(name, label, *figure) for figure in figures]


def _write(headings: Sequence[str], lines: Iterable[Sequence[Cell]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([_cell(cell) for cell in line] for line in lines)
    return out.getvalue()


def _cell(cell: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
