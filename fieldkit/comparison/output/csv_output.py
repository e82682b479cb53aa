"""A comparison as CSV: one figure to a line, or one difference to a line with both rationales."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.tables import AS_REVEALED
from fieldkit.comparison.figures.verdict import Agreement
from fieldkit.comparison.numbers import plain

FIGURE_HEADINGS = ("table", "row", "column", "value", "note")
DISPARITY_HEADINGS = (
    "case", "criterion", "our grade", "force's grade", "grades apart", "direction",
    "our grade at first", "open referral", "our rationale", "force's rationale",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

WHOLE = "all self-assessed"

Cell = str | int | float | None


def to_csv(comparison: Comparison, marking: str = "") -> str:
    """Every figure of a comparison, one to a line: table, row, column, value, note.

    A marking is the first line under the headings, so that the file stays a table.
    """
    lines: list[tuple[Cell, ...]] = [("marking", "", "", marking, "")] if marking else []
    scale = comparison.scale
    table = comparison.self_assessed
    cross = "self-assessed: our grade by the force's"
    for ours, row in zip(scale, table.crosstab, strict=True):
        lines += [(cross, ours, theirs, n, "") for theirs, n in zip(scale, row, strict=True)]
        lines.append((cross, ours, "total", sum(row), ""))
    lines += [
        (cross, "total", grade, n, "") for grade, n in zip(scale, table.column_totals, strict=True)
    ]
    lines.append((cross, "total", "total", table.total, ""))
    for who, counts, missing in (
        ("inspectors", table.inspectors, table.not_judged_by_us),
        ("force", table.force, table.not_judged_by_force),
    ):
        name = f"self-assessed: {who}"
        lines += [(name, grade, "cases", n, "") for grade, n in zip(scale, counts, strict=True)]
        lines.append((name, "not judged", "cases", missing, ""))
    lines.append(("self-assessed: force", "not revealed yet", "cases", table.not_revealed, ""))
    lines.append(("self-assessed: force", "unmatched", "cases", table.unmatched, ""))
    lines += [("self-assessed: graded by", who, "cases", n, "") for who, n in table.parts.items()]
    lines += [
        ("self-assessed: no grade of the force", one.reference, "written", one.their_word, "")
        for one in comparison.no_force_grade
    ]
    for what, waiting in (
        ("ready to be revealed", comparison.to_reveal),
        ("to be graded by us first", comparison.to_grade),
    ):
        lines += [("self-assessed: not revealed", one.reference, what, "", "") for one in waiting]
    lines.append(("self-assessed: withdrawn", "withdrawn", "cases", table.withdrawn, ""))
    for name, grades in (
        ("inspectors only", comparison.inspectors_only),
        ("all cases", comparison.all_cases),
    ):
        lines += [(name, grade, "cases", n, "") for grade, n in grades.by_grade().items()]
        lines.append((name, "not judged", "cases", grades.not_judged, ""))
        lines.append((name, "withdrawn", "cases", grades.withdrawn, ""))
    for line in comparison.types.rows:
        lines += [
            ("case type by grade", line.label, grade, n, comparison.types.note)
            for grade, n in zip(scale, line.counts, strict=True)
        ]
        lines.append(
            ("case type by grade", line.label, "not judged", line.not_judged, comparison.types.note)
        )
        lines.append(("case type by grade", line.label, "withdrawn", line.withdrawn, ""))
    for one in comparison.criteria.rows:
        name = "criterion by grade"
        lines += [
            (name, one.label, grade, n, "") for grade, n in zip(scale, one.counts, strict=True)
        ]
        lines += [
            (name, one.label, "not judged", one.not_judged, ""),
            (name, one.label, "not applicable", one.not_applicable, ""),
            (name, one.label, "unable to judge", one.unable, ""),
            (name, one.label, "below the force's overall grade", one.below_force, ""),
        ]
    lines += _agreement_lines("agreement", WHOLE, comparison.agreement)
    for name, groups in (
        ("agreement by case type", comparison.by_type),
        ("agreement by auditor", comparison.by_auditor),
        ("agreement by criterion", comparison.by_criterion),
    ):
        for group in groups:
            lines += _agreement_lines(name, group.label, group.agreement)
    if comparison.previous:
        for then in comparison.previous.rows:
            name = f"previous: {comparison.previous.label}"
            lines.append((name, then.grade, "then", then.before, ""))
            lines.append((name, then.grade, "now", then.now, ""))
    for different in (*comparison.disparities, *comparison.criterion_disparities):
        where = ("difference", f"{different.reference} {different.criterion}".strip())
        lines += [
            (*where, "ours", different.ours, different.our_rationale),
            (*where, "force", different.theirs, different.their_rationale),
            (*where, "grades the force is higher", different.steps, ""),
            (*where, "ours at first", different.initial, ""),
            (*where, "open referral", "yes" if different.open_referral else "no", ""),
        ]
    lines += [
        ("changed after the force's grade was seen", one.reference, one.initial, one.ours,
         one.reason)
        for one in comparison.changed
    ]  # fmt: skip
    lines += [
        ("withdrawn", one.reference, "origin", one.origin, "") for one in comparison.withdrawn
    ]
    lines += [
        ("matched to no row", one.reference, "counted", AS_REVEALED if one.without_row else "", "")
        for one in comparison.unmatched_cases
    ]
    lines += [
        ("force's grade after the reveal", one.reference, one.before, one.now, one.sentence)
        for one in comparison.force_changes
    ]
    lines += [("check", "", "", "", sentence) for sentence in comparison.checks]
    return _write(FIGURE_HEADINGS, lines)


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


def _agreement_lines(name: str, label: str, agreement: Agreement) -> list[tuple[Cell, ...]]:
    figures: list[tuple[str, Cell, str]] = [
        ("pairs", agreement.n, ""),
        ("same grade", agreement.exact.count, agreement.exact.why),
        ("within one grade", agreement.within_one.count, agreement.within_one.why),
        ("force higher", agreement.sign.force_higher, ""),
        ("force lower", agreement.sign.force_lower, ""),
        ("kappa", agreement.kappa.value, agreement.kappa.why),
        ("kappa, linear weights", agreement.kappa_linear.value, agreement.kappa_linear.why),
        (
            "kappa, quadratic weights",
            agreement.kappa_quadratic.value,
            agreement.kappa_quadratic.why,
        ),
        ("Gwet AC1", agreement.ac1.value, agreement.ac1.why),
        ("Gwet AC2, linear weights", agreement.ac2.value, agreement.ac2.why),
        ("exact sign test p", agreement.sign.p, agreement.sign.why),
    ]
    kappas = (
        ("kappa", agreement.kappa),
        ("kappa, linear weights", agreement.kappa_linear),
        ("kappa, quadratic weights", agreement.kappa_quadratic),
        ("Gwet AC1", agreement.ac1),
        ("Gwet AC2, linear weights", agreement.ac2),
    )
    for figure, one in kappas:
        if one.ase is not None:
            figures.append((f"{figure}, standard error", one.ase, ""))
    drawn = ("kappa, linear weights, cases drawn again", agreement.interval)
    for figure, ends in (*kappas[:3], drawn):
        if ends is not None and ends.low is not None and ends.high is not None:
            figures.append((f"{figure}, 95 % interval, low", ends.low, ""))
            figures.append((f"{figure}, 95 % interval, high", ends.high, ""))
    figures += [("note", "", note) for note in agreement.notes if label == WHOLE]
    return [(name, label, figure, value, note) for figure, value, note in figures]


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
