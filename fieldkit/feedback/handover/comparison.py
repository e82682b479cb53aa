"""The comparison as the force is given it: tables, agreement in words, differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.numbers import named, parts_words, steps_phrase
from fieldkit.comparison.output import layout
from fieldkit.comparison.output.agreement_text import agreement_words
from fieldkit.feedback.handover.blocks import Block, Bullets, Heading, Paragraph, table
from storage.ops.text import many

FIRST_GRADES = (
    "Compared here are the grades that inspectors gave before they saw the force's. The tables "
    "count the grades as they are now."
)
"""What agreement is of: a grade changed after discussion is no independent one."""


def comparison_blocks(comparison: Comparison, *, with_rationale: bool) -> list[Block]:
    """Lay out all but what names an inspector, a force's reference, or a cell of its book.

    Args:
        comparison: the comparison.
        with_rationale: our own reasons beside each difference; the force has its own.
    """
    blocks: list[Block] = [
        Heading("What was audited"),
        Paragraph(f"Inspectors {comparison.sentence}."),
        Paragraph(
            f"Not judged: {comparison.all_cases.not_judged}. Withdrawn, in no count: "
            f"{comparison.all_cases.withdrawn}."
        ),
    ]
    assessed, alone = comparison.self_assessed, comparison.inspectors_only
    if assessed.cases:
        blocks += _self_assessed(comparison)
    blocks += [
        Heading("Cases assessed by inspectors only", 3),
        table(
            ("grade", "cases"),
            [*alone.by_grade().items(), ("not judged", alone.not_judged)],
        ),
        Heading("Case type by our grade", 3),
        _printed(layout.case_types(comparison)),
    ]
    if comparison.types.note:
        blocks.append(Paragraph(comparison.types.note))
    if assessed.cases:
        blocks += _agreement(comparison, with_rationale)
    if comparison.checks:
        blocks += [Heading("To be kept in mind with these tables", 3), Bullets(comparison.checks)]
    return blocks


def not_revealed(comparison: Comparison) -> list[str]:
    """Name the cases whose grade by the force is not revealed; nothing where all are."""
    hidden = [case.reference for case in (*comparison.to_reveal, *comparison.to_grade)]
    sentence = f"The force's grade is not revealed yet, so it is counted apart: {named(hidden)}."
    return [sentence] if hidden else []


def _self_assessed(comparison: Comparison) -> list[Block]:
    counts, crossed = comparison.self_assessed, layout.crosstab(comparison)
    columns = [
        replace(column, heading=f"force: {column.heading}") if column.kind == "grade" else column
        for column in crossed.columns
    ]
    return [
        Heading("Cases the force assessed too", 3),
        Paragraph(
            f"{many(counts.cases, 'case')}, of which {counts.total} were graded by both. Rows are "
            "the inspectors' grades, columns the force's. + the force's grade is one higher, "
            "++ two; - one lower. A difference is a difference between two readings of a case."
        ),
        _printed(replace(crossed, corner="inspectors", columns=tuple(columns))),
        Paragraph(
            parts_words(
                counts.parts, no_grade=counts.not_judged_by_force, unmatched=counts.unmatched
            )
            + f" Withdrawn, in no count: {counts.withdrawn}."
        ),
        *map(Paragraph, not_revealed(comparison)),
    ]


def _printed(laid: layout.Table) -> layout.Table:
    headings, *rows = laid.texts
    return table(headings, rows)


def _agreement(comparison: Comparison, with_rationale: bool) -> list[Block]:
    blocks: list[Block] = [
        Heading("How far the first grades agree", 3),
        Paragraph(FIRST_GRADES),
        Bullets(tuple(agreement_words(comparison.agreement))),
    ]
    if comparison.disparities:
        headings = ("case", "inspectors", "force", "difference")
        blocks += [
            Heading("Differences, worst first", 3),
            table(
                (*headings, "our reasons") if with_rationale else headings,
                [_difference(one, with_rationale) for one in comparison.disparities],
            ),
        ]
    if comparison.force_changes:
        blocks += [
            Heading("The force's grade after it was revealed", 3),
            Bullets(tuple(one.told for one in comparison.force_changes)),
        ]
    if comparison.changed:
        blocks += [
            Heading("Changed after discussion", 3),
            Bullets(
                tuple(
                    f"{change.reference}: {change.initial} at first, {change.ours} now"
                    for change in comparison.changed
                )
            ),
        ]
    return blocks


def _difference(disparity: Disparity, with_rationale: bool) -> Sequence[str]:
    words = steps_phrase(disparity.steps) + ("; referred back" if disparity.open_referral else "")
    row = (disparity.reference, disparity.ours, disparity.theirs, words)
    return (*row, disparity.our_rationale or "none written") if with_rationale else row
