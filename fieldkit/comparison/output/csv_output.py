"""A comparison as CSV: one figure to a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.three_tables import AS_REVEALED, GradeTable
from fieldkit.comparison.figures.verdict import Agreement
from fieldkit.comparison.numbers import plain
from fieldkit.comparison.output import layout
from fieldkit.comparison.output.layout import Table

FIGURE_HEADINGS = ("table", "row", "column", "value", "note")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

WHOLE = "all self-assessed"

Cell = str | int | float | None
Line = tuple[Cell, ...]


def to_csv(comparison: Comparison, marking: str = "") -> str:
    """Write every figure of a comparison, one to a line: table, row, column, value, note.

    A marking is the first line under the headings, so that the file stays a table.
    """
    lines: list[Line] = [("marking", "", "", marking)] if marking else []
    lines += _self_assessed(comparison)
    lines += _grades("inspectors only", comparison.inspectors_only)
    lines += _grades("all cases", comparison.all_cases)
    lines += _figures(layout.case_types(comparison))
    lines += _figures(layout.criteria(comparison))
    lines += _agreement("agreement", WHOLE, comparison.agreement)
    for what, groups in (
        ("case type", comparison.by_type),
        ("auditor", comparison.by_auditor),
        ("criterion", comparison.by_criterion),
    ):
        for group in groups:
            lines += _agreement(f"agreement by {what}", group.label, group.agreement)
    if comparison.previous:
        lines += _figures(replace(layout.then_and_now(comparison.previous), totals=None))
    for disparity in (*comparison.disparities, *comparison.criterion_disparities):
        where = ("difference", f"{disparity.reference} {disparity.criterion}".strip())
        lines += [
            (*where, "ours", disparity.ours, disparity.our_rationale),
            (*where, "force", disparity.theirs, disparity.their_rationale),
            (*where, "grades the force is higher", disparity.steps),
            (*where, "ours at first", disparity.initial),
            (*where, "open referral", "yes" if disparity.open_referral else "no"),
        ]
    lines += _cases(comparison)
    lines += [("check", "", "", "", sentence) for sentence in comparison.checks]
    return _write(lines)


def _figures(table: Table) -> list[Line]:
    """Return the figures of a table that the CSV has, row by row."""
    return [
        (table.name, label, column.name, cell.count, table.note if column.heading else "")
        for label, cells in table.all_rows
        for column, cell in zip(table.columns, cells, strict=True)
        if column.name
    ]


def _counted(name: str, counts: Mapping[str, int]) -> list[Line]:
    return [(name, row, "cases", count) for row, count in counts.items()]


def _grades(name: str, table: GradeTable) -> list[Line]:
    missing = {"not judged": table.not_judged, "withdrawn": table.withdrawn}
    return _counted(name, table.by_grade() | missing)


def _self_assessed(comparison: Comparison) -> list[Line]:
    table = comparison.self_assessed
    ours = dict(zip(table.scale, table.inspectors, strict=True))
    force = dict(zip(table.scale, table.force, strict=True))
    missing = {
        "not judged": table.not_judged_by_force,
        "not revealed yet": table.not_revealed,
        "unmatched": table.unmatched,
    }
    hidden = (
        ("ready to be revealed", comparison.to_reveal),
        ("to be graded by us first", comparison.to_grade),
    )
    return [
        *_figures(layout.crosstab(comparison)),
        *_counted("self-assessed: inspectors", ours | {"not judged": table.not_judged_by_us}),
        *_counted("self-assessed: force", force | missing),
        *_counted("self-assessed: graded by", table.parts),
        *(
            ("self-assessed: no grade of the force", case.reference, "written", case.their_word)
            for case in comparison.no_force_grade
        ),
        *(
            ("self-assessed: not revealed", case.reference, what)
            for what, waiting in hidden
            for case in waiting
        ),
        ("self-assessed: withdrawn", "withdrawn", "cases", table.withdrawn),
    ]


def _cases(comparison: Comparison) -> list[Line]:
    """Return what is said of single cases beside the differences."""
    changed = "changed after the force's grade was seen"
    since = "force's grade after the reveal"
    return [
        *((changed, change.reference, change.initial, change.ours, change.reason)
          for change in comparison.changed),
        *(("withdrawn", case.reference, "origin", case.origin) for case in comparison.withdrawn),
        *(("matched to no row", case.reference, "counted", AS_REVEALED * case.without_row)
          for case in comparison.unmatched_cases),
        *((since, change.reference, change.before, change.now, change.sentence)
          for change in comparison.force_changes),
    ]  # fmt: skip


def _agreement(name: str, label: str, agreement: Agreement) -> list[Line]:
    kappas = (
        ("kappa", agreement.kappa),
        ("kappa, linear weights", agreement.kappa_linear),
        ("kappa, quadratic weights", agreement.kappa_quadratic),
    )
    gwet = (("Gwet AC1", agreement.ac1), ("Gwet AC2, linear weights", agreement.ac2))
    figures: list[Line] = [
        ("pairs", agreement.n),
        ("same grade", agreement.exact.count, agreement.exact.why),
        ("within one grade", agreement.within_one.count, agreement.within_one.why),
        ("force higher", agreement.sign.force_higher),
        ("force lower", agreement.sign.force_lower),
        *((figure, one.value, one.why) for figure, one in (*kappas, *gwet)),
        ("exact sign test p", agreement.sign.p, agreement.sign.why),
    ]
    for figure, estimate in (*kappas, *gwet):
        if estimate.ase is not None:
            figures.append((f"{figure}, standard error", estimate.ase))
    drawn = ("kappa, linear weights, cases drawn again", agreement.interval)
    for figure, ends in (*kappas, drawn):
        if ends is not None and ends.low is not None and ends.high is not None:
            figures.append((f"{figure}, 95 % interval, low", ends.low))
            figures.append((f"{figure}, 95 % interval, high", ends.high))
    figures += [("note", "", note) for note in agreement.notes if label == WHOLE]
    return [(name, label, *figure) for figure in figures]


def _write(lines: Iterable[Line]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(FIGURE_HEADINGS)
    for line in lines:
        padded = (*line, *[""] * (len(FIGURE_HEADINGS) - len(line)))
        writer.writerow([safe_cell(cell) for cell in padded])
    return out.getvalue()


def safe_cell(cell: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
