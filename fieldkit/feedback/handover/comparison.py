"""What was found beside what the force found: the three tables, and what goes into an annex."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.figures.three_tables import BOTH, FORCE, HIDDEN, NEITHER, US
from fieldkit.comparison.numbers import named, steps_phrase
from fieldkit.comparison.output.agreement_text import agreement_words
from fieldkit.feedback.document.blocks import Bullets, Heading, Paragraph, figures_grid, grid
from fieldkit.feedback.handover.draft import Draft, words
from storage.ops.text import many
from storage.records import Judgment
from storage.records.judgment import OVERALL, judgment_id

_PARTS = {
    BOTH: "by both",
    US: "by the inspectors only",
    FORCE: "by the force only",
    NEITHER: "by neither",
    HIDDEN: "not set side by side yet",
}


def comparison_blocks(draft: Draft, comparison: Comparison) -> None:
    """Write the three tables and one plain sentence on direction.

    All of it is on one basis: the grades as they are now.
    """
    say = words()["comparison"]
    assessed, alone = comparison.self_assessed, comparison.inspectors_only
    draft.add(Heading(say["heading"]))
    if assessed.cases:
        draft.add(Heading(f"1. {say['self_assessed']}", 2))
        if assessed.total:
            rows = [
                (ours, *counts, sum(counts))
                for ours, counts in zip(comparison.scale, assessed.crosstab, strict=True)
            ]
            draft.add(
                figures_grid(
                    "Inspectors",
                    [*(f"Force: {grade}" for grade in comparison.scale), "Total"],
                    [*rows, ("Total", *assessed.column_totals, assessed.total)],
                    totals=True,
                )
            )
        draft.add(Paragraph(direction(comparison)))
        for sentence in (changed_words(comparison), _parts_sentence(comparison)):
            if sentence:
                draft.add(Paragraph(sentence))
    draft.add(
        Heading(f"{2 if assessed.cases else 1}. {say['alone']}", 2),
        figures_grid(
            "Grade",
            ["Cases"],
            [
                *alone.by_grade().items(),
                *([("not judged yet", alone.not_judged)] if alone.not_judged else []),
                ("Total", alone.cases),
            ],
            totals=True,
        ),
        Heading(f"{3 if assessed.cases else 2}. {say['types']}", 2),
        figures_grid(
            "Type of case",
            [*comparison.scale, "Not judged yet", "Total"],
            [
                (row.label, *row.counts, row.not_judged, sum(row.counts) + row.not_judged)
                for row in comparison.types.rows
            ],
        ),
    )
    for note in filter(None, (comparison.types.note, say["sample"])):
        draft.add(Paragraph(note))


def direction(comparison: Comparison) -> str:
    """Say which side graded higher, of the cases that the table above counts."""
    table = comparison.self_assessed
    if not table.total:
        return str(words()["comparison"]["no_pair"])
    cells = [
        (row - column, count)
        for row, counts in enumerate(table.crosstab)
        for column, count in enumerate(counts)
    ]
    higher = sum(count for steps, count in cells if steps > 0)
    lower = sum(count for steps, count in cells if steps < 0)
    if not higher and not lower:
        both = "the one case" if table.total == 1 else f"all {table.total} cases"
        return f"The force and the inspectors gave the same grade in {both} graded by both."
    return (
        f"Of {many(table.total, 'case')} graded by both, the force's grade is higher than the "
        f"inspectors' in {higher or 'none'}, the same in {table.total - higher - lower or 'none'} "
        f"and lower in {lower or 'none'}."
    )


def changed_words(comparison: Comparison) -> str:
    """Name the cases whose grade by the inspectors changed after the force's was seen; or nothing.

    Without it a count of first grades would contradict the tables, and say nothing of why.
    """
    changed = comparison.changed
    if not changed:
        return ""
    moved = "; ".join(f"{one.reference}, from {one.initial} to {one.ours}" for one in changed)
    return (
        f"After the force's grade was seen, the inspectors changed {many(len(changed), 'grade')} "
        f"({moved}). All tables count the grades as they are now."
    )


def not_revealed(comparison: Comparison) -> list[str]:
    """Name the cases whose grade by the force is not revealed; nothing where all are."""
    hidden = [case.reference for case in (*comparison.to_reveal, *comparison.to_grade)]
    sentence = f"The force's grade is not revealed yet, so it is counted apart: {named(hidden)}."
    return [sentence] if hidden else []


def _parts_sentence(comparison: Comparison) -> str:
    """Say where each self-assessed case is counted; nothing where all were graded by both."""
    table = comparison.self_assessed
    if table.total == table.cases:
        return ""
    parts = [f"{_PARTS[name]} {count}" for name, count in table.parts.items() if count]
    return (
        f"Of {many(table.cases, 'case')} that the force chose to grade too, graded "
        f"{', '.join(parts)}."
        + (f" In the force's workbook {_without_row(table.unmatched)}." if table.unmatched else "")
    )


def _without_row(count: int) -> str:
    return f"{many(count, 'case')} {'has' if count == 1 else 'have'} no row"


def differences_blocks(draft: Draft, comparison: Comparison, *, with_rationale: bool) -> None:
    """Write the annex of cases graded differently, widest first.

    Args:
        draft: the document.
        comparison: the comparison.
        with_rationale: our own reasons beside each difference; the force has its own.
    """
    if not comparison.self_assessed.total and not comparison.force_changes:
        return
    say = words()["annex"]
    draft.begin_annex(say["differences"])
    if comparison.disparities:
        headings = ("Case", "Inspectors", "Force", "Difference")
        rows = [_difference(draft, one, with_rationale) for one in comparison.disparities]
        draft.add(
            Paragraph(say["differences_lead"]),
            grid((*headings, "The inspectors' reasons"), rows, (10, 14, 14, 20, 42))
            if with_rationale
            else grid(headings, rows, (20, 25, 25, 30)),
        )
    else:
        draft.add(Paragraph(say["no_difference"]))
    if comparison.force_changes:
        told = tuple(one.told for one in comparison.force_changes)
        draft.add(Heading(say["since"], 2), Bullets(told))


def _difference(draft: Draft, one: Disparity, with_rationale: bool) -> Sequence[str]:
    difference = steps_phrase(one.steps) + ("; referred back" if one.open_referral else "")
    row = (one.reference, one.ours, one.theirs, difference)
    if not with_rationale:
        return row
    record = judgment_id(one.case_id, OVERALL)
    reasons = draft.quote(Judgment.KIND, record, "rationale", one.our_rationale)
    return (*row, reasons or "none written")


def statistics_blocks(draft: Draft, comparison: Comparison) -> None:
    """Write the annex of statistics, which is the only place for them."""
    if not comparison.self_assessed.total and not comparison.agreement.n:
        return
    say = words()["annex"]
    apart = changed_words(comparison)
    basis = say["statistics_lead"] + (
        " The tables in the body count the grades as they are now, so the two differ by these "
        f"cases: {', '.join(one.reference for one in comparison.changed)}."
        if apart
        else ""
    )
    # What is said of the other tables in the comparison's own words has just been said in ours.
    sentences = [one for one in agreement_words(comparison.agreement) if "cross-tab" not in one]
    draft.begin_annex(say["statistics"])
    draft.add(Paragraph(basis), Bullets(tuple(sentences)))
