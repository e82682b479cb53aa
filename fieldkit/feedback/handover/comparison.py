"""The comparison as the force is given it: tables, agreement in words, differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.numbers import named, parts_words, steps_phrase
from fieldkit.comparison.output import layout
from fieldkit.comparison.output.agreement_text import agreement_words
from fieldkit.feedback.handover.blocks import Block, Heading, Items, Words, table
from storage.ops.text import many


def comparison_blocks(found: Comparison, *, with_rationale: bool) -> list[Block]:
    """Everything but what names an inspector, a reference of the force's, or a cell of its book.

    Args:
        found: the comparison.
        with_rationale: our own reasons beside each difference; the force has its own.
    """
    blocks: list[Block] = [
        Heading("What was audited"),
        Words(f"Inspectors {found.sentence}."),
        Words(
            f"Not judged: {found.all_cases.not_judged}. Withdrawn, in no count: "
            f"{found.all_cases.withdrawn}."
        ),
    ]
    one = found.self_assessed
    if one.cases:
        blocks += _self_assessed(found)
    blocks += [
        Heading("Cases assessed by inspectors only", 3),
        table(
            ("grade", "cases"),
            [*found.inspectors_only.by_grade().items(), ("not judged", _not_judged(found))],
        ),
        Heading("Case type by our grade", 3),
        _printed(layout.case_types(found)),
    ]
    if found.types.note:
        blocks.append(Words(found.types.note))
    if one.cases:
        blocks += _agreement(found, with_rationale)
    if found.checks:
        blocks += [Heading("To be kept in mind with these tables", 3), Items(found.checks)]
    return blocks


def not_revealed(found: Comparison) -> list[str]:
    """The cases whose grade by the force is not revealed, as a sentence; nothing where all are."""
    hidden = [case.reference for case in (*found.to_reveal, *found.to_grade)]
    said = f"The force's grade is not revealed yet, so it is counted apart: {named(hidden)}."
    return [said] if hidden else []


def _not_judged(found: Comparison) -> int:
    return found.inspectors_only.not_judged


def _self_assessed(found: Comparison) -> list[Block]:
    one, crossed = found.self_assessed, layout.crosstab(found)
    columns = [
        replace(column, heading=f"force: {column.heading}") if column.kind == "grade" else column
        for column in crossed.columns
    ]
    return [
        Heading("Cases the force assessed too", 3),
        Words(
            f"{many(one.cases, 'case')}, of which {one.total} were graded by both. Rows are the "
            "inspectors' grades, columns the force's. + the force's grade is one higher, ++ two; "
            "- one lower. A difference is a difference between two readings of a case."
        ),
        _printed(replace(crossed, corner="inspectors", columns=tuple(columns))),
        Words(
            parts_words(one.parts, no_grade=one.not_judged_by_force, unmatched=one.unmatched)
            + f" Withdrawn, in no count: {one.withdrawn}."
        ),
        *map(Words, not_revealed(found)),
    ]


def _printed(laid: layout.Table) -> layout.Table:
    headings, *rows = laid.texts
    return table(headings, rows)


def _agreement(found: Comparison, with_rationale: bool) -> list[Block]:
    blocks: list[Block] = [
        Heading("How far the grades agree", 3),
        Items(tuple(agreement_words(found.agreement))),
    ]
    if found.disparities:
        headings = ("case", "inspectors", "force", "difference")
        blocks += [
            Heading("Differences, worst first", 3),
            table(
                (*headings, "our reasons") if with_rationale else headings,
                [_difference(one, with_rationale) for one in found.disparities],
            ),
        ]
    if found.force_changes:
        blocks += [
            Heading("The force's grade after it was revealed", 3),
            Items(tuple(one.told for one in found.force_changes)),
        ]
    if found.changed:
        blocks += [
            Heading("Changed after discussion", 3),
            Items(
                tuple(
                    f"{one.reference}: {one.initial} at first, {one.ours} now"
                    for one in found.changed
                )
            ),
        ]
    return blocks


def _difference(one: Disparity, with_rationale: bool) -> Sequence[str]:
    said = steps_phrase(one.steps) + ("; referred back" if one.open_referral else "")
    row = (one.reference, one.ours, one.theirs, said)
    return (*row, one.our_rationale or "none written") if with_rationale else row
