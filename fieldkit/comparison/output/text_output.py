"""A comparison as a plain-text page: no colour, no pictures, no signs beyond ordinary letters."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.case_types import TYPES_TITLE
from fieldkit.comparison.figures.criteria import CRITERIA_TITLE
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.figures.three_tables import (
    AS_REVEALED,
    INSPECTORS_ONLY_TITLE,
    SELF_ASSESSED_TITLE,
)
from fieldkit.comparison.numbers import (
    below_words,
    hidden_words,
    named,
    parts_words,
    plain,
    sides_words,
    steps_phrase,
    their_words,
)
from fieldkit.comparison.output import layout
from fieldkit.comparison.output.agreement_text import agreement_section, parts_section
from fieldkit.comparison.output.grid import bars, grid, wrap
from storage.ops.text import many

NARROWEST = 60
SUMS_AGREE = "Sums agree with the cases."
_MARKS = "+ the force's grade is one higher than ours, ++ two, and so on; - one lower."


def to_text(comparison: Comparison, width: int = 80) -> str:
    """Return the whole comparison as a page.

    Args:
        comparison: what to show.
        width: columns to keep within; at least NARROWEST.
    """
    width = max(width, NARROWEST)
    sections: list[Callable[[Comparison, int], list[str]]] = [
        _self_assessed,
        _inspectors_only,
        _types,
        _criteria,
        _disparities,
        agreement_section,
        parts_section,
        _previous,
        _matching,
        _checks,
    ]
    pages = [page for section in sections if (page := section(comparison, width))]
    lines = []
    for number, (title, *body) in enumerate(pages, 1):
        heading = wrap(f"{number}. {title}", width)
        lines += [*heading, "=" * max(map(len, heading)), *body, ""]
    return "\n".join(lines)


def _self_assessed(comparison: Comparison, width: int) -> list[str]:
    table = comparison.self_assessed
    lines = [f"{SELF_ASSESSED_TITLE}: {table.cases}"]
    lines += wrap(
        f"{many(table.total, 'case')} graded by both. Rows: our grade now. Columns: the force's"
        " grade.",
        width,
    )
    lines += ["", *grid(layout.crosstab(comparison), width)]
    lines += wrap(_MARKS, width)
    lines += ["", *wrap(sides_words(sum(table.inspectors), sum(table.force)), width)]
    lines += [*bars(layout.side_bars(comparison, "force", "ours"), width), ""]
    parts = parts_words(table.parts, no_grade=table.not_judged_by_force, unmatched=table.unmatched)
    lines += wrap(f"{parts} Withdrawn and in no count: {table.withdrawn}.", width)
    lines += wrap(
        hidden_words(
            [case.reference for case in comparison.to_reveal],
            [case.reference for case in comparison.to_grade],
            "reveal --all",
        ),
        width,
    )
    for case in comparison.no_force_grade:
        lines += wrap(
            f"{plain(case.reference)}: the force gives {their_words(None, case.their_word)}.",
            width,
        )
    lines += _sums(table.checks, width)
    return lines + [line for note in table.notes for line in wrap(f"! {plain(note)}", width)]


def _inspectors_only(comparison: Comparison, width: int) -> list[str]:
    table = comparison.inspectors_only
    lines = [f"{INSPECTORS_ONLY_TITLE}: {table.cases}"]
    lines += bars([(grade, "", n) for grade, n in table.by_grade().items()], width)
    lines += [
        "",
        *wrap(
            f"Not judged: {table.not_judged}. Withdrawn and in no count: {table.withdrawn}.", width
        ),
    ]
    lines += [*_sums(table.checks, width), ""]
    total = comparison.all_cases
    lines += wrap(f"All cases: inspectors {comparison.sentence}.", width)
    withdrawn = [case.reference for case in comparison.withdrawn]
    lines += wrap(
        f"Not judged: {total.not_judged}. Withdrawn and in no table:"
        f" {named(withdrawn, len(withdrawn))}.",
        width,
    )
    return lines + _sums(total.checks, width)


def _types(comparison: Comparison, width: int) -> list[str]:
    table = comparison.types
    lines = [TYPES_TITLE, *grid(layout.case_types(comparison), width), *wrap(table.note, width)]
    withdrawn = [f"{plain(row.label)} {row.withdrawn}" for row in table.rows if row.withdrawn]
    named = f" ({', '.join(withdrawn)})" if withdrawn else ""
    lines += wrap(f"Withdrawn and in no count: {table.withdrawn}{named}.", width)
    return lines + _sums(table.checks, width)


def _criteria(comparison: Comparison, width: int) -> list[str]:
    table = comparison.criteria
    if not table.rows:
        return []
    lines = [CRITERIA_TITLE, *grid(layout.criteria(comparison), width)]
    if table.force_higher:
        below = layout.below_bars(table)
        lines += ["", *wrap(below_words(table.force_higher, found=bool(below)), width)]
        lines += bars(below, width)
    lines += wrap(f"Withdrawn and in no count: {table.withdrawn}.", width)
    return lines + _sums(table.checks, width)


def _disparities(comparison: Comparison, width: int) -> list[str]:
    lines = [f"Differences, worst first: {len(comparison.disparities)}"]
    if not comparison.disparities:
        lines.append("No case graded by both has a different grade.")
    for number, disparity in enumerate(comparison.disparities, 1):
        lines += _one_disparity(number, disparity, width)
    if comparison.criterion_disparities:
        lines += ["", f"By criterion: {len(comparison.criterion_disparities)}"]
        for number, disparity in enumerate(comparison.criterion_disparities, 1):
            lines += _one_disparity(number, disparity, width)
    if comparison.force_changes:
        lines += ["", "The force's grade after the reveal:"]
        for moved in comparison.force_changes:
            lines += wrap(plain(moved.sentence), width, "  ")
    if comparison.changed:
        lines += ["", "Changed after the force's grade was seen:"]
        for change in comparison.changed:
            lines += wrap(
                f"{plain(change.reference)}: from {change.initial} to {change.ours}"
                f" (force: {their_words(change.theirs, change.their_word)})"
                + (f", because {plain(change.reason)}" if change.reason else ""),
                width,
                "  ",
            )
    return lines


def _one_disparity(number: int, disparity: Disparity, width: int) -> list[str]:
    criterion = f", {plain(disparity.criterion)}" if disparity.criterion else ""
    head = (
        f"{number}. {plain(disparity.reference)}{criterion}: ours {disparity.ours},"
        f" force {disparity.theirs} {disparity.mark} ({steps_phrase(disparity.steps)})"
    )
    if disparity.open_referral:
        head += "; referred back, open"
    if disparity.changed:
        head += f"; ours was {disparity.initial} at first"
    return [
        *textwrap.wrap(head, width, subsequent_indent="   "),
        *wrap(f"Ours:  {plain(disparity.our_rationale) or 'no rationale'}", width, "     "),
        *wrap(f"Force: {plain(disparity.their_rationale) or 'no rationale'}", width, "     "),
    ]


def _previous(comparison: Comparison, width: int) -> list[str]:
    previous = comparison.previous
    if previous is None:
        return []
    lines = [
        f"Then and now: {plain(previous.label)}",
        *grid(layout.then_and_now(previous), width),
        "",
        *bars(layout.then_and_now_bars(previous), width),
        "",
    ]
    for note in previous.notes:
        lines += wrap(note, width)
    return lines + _sums(previous.checks, width)


def _matching(comparison: Comparison, width: int) -> list[str]:
    lines = ["Not matched, and not read"]
    ours = comparison.unmatched_cases
    without = ", ".join(case.reference for case in ours if not case.without_row)
    counted = [f"{case.reference}, {AS_REVEALED}" for case in ours if case.without_row]
    unmatched = f"{len(ours)} ({plain('; '.join(filter(None, [without, *counted])))})"
    lines += wrap(
        f"Cases of ours matched to no row of the force: {unmatched if ours else 'none'}.", width
    )
    lines.append(f"Rows of the force matched to no case: {len(comparison.unmatched_rows)}.")
    for row in comparison.unmatched_rows:
        lines += wrap(
            f"{plain(row.sheet)} row {row.row}: {plain(row.reference) or 'no reference'},"
            f" {plain(row.said)}",
            width,
            "  ",
        )
    lines.append(f"Rows of the force left out by us: {len(comparison.skipped_rows)}.")
    for row in comparison.skipped_rows:
        lines += wrap(
            f"{plain(row.sheet)} row {row.row}: {plain(row.reference) or 'no reference'}."
            f" {plain(row.skipped)}",
            width,
            "  ",
        )
    lines.append(f"Problems in the force's workbook: {len(comparison.problems)}.")
    for problem in comparison.problems:
        value = f"“{plain(problem.value)}”: " if plain(problem.value) else ""
        lines += wrap(
            f"{plain(problem.sheet)} {plain(problem.cell)}: {value}{plain(problem.reason)}",
            width,
            "  ",
        )
    return lines


def _checks(comparison: Comparison, width: int) -> list[str]:
    if not comparison.checks:
        return []
    lines = [f"To be put right: {many(len(comparison.checks), 'sentence')}"]
    for sentence in comparison.checks:
        lines += wrap(f"! {plain(sentence)}", width)
    return lines


def _sums(checks: Sequence[str], width: int) -> list[str]:
    if not checks:
        return [SUMS_AGREE]
    return [line for sentence in checks for line in wrap(f"! {plain(sentence)}", width)]
