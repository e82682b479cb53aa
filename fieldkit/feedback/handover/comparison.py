"""What was found beside what the force found: the three tables, and what goes into an annex."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.figures.three_tables import BOTH, FORCE, HIDDEN, NEITHER, US
from fieldkit.comparison.numbers import named, series, steps_phrase
from fieldkit.comparison.output.agreement_text import agreement_words
from fieldkit.feedback.document.blocks import Bullets, Heading, Paragraph, figures_grid, grid
from fieldkit.feedback.handover.draft import Draft, words
from storage.ops.text import many
from storage.records import Judgment
from storage.records.judgment import OVERALL, judgment_id

_PARTS = {
    BOTH: ("was", "were", "graded by both"),
    US: ("was", "were", "graded by the inspectors only"),
    FORCE: ("was", "were", "graded by the force only"),
    NEITHER: ("was", "were", "graded by neither"),
    HIDDEN: ("is", "are", "not set side by side yet"),
}


def comparison_blocks(draft: Draft, comparison: Comparison) -> None:
    """Write the three tables and one plain sentence on direction.

    All of it is on one basis: the grades as they are now.
    """
    say = words()["comparison"]
    assessed, alone = comparison.self_assessed, comparison.inspectors_only
    if not comparison.all_cases.cases:
        return
    draft.add(Heading(say["heading"] if assessed.cases else say["ours"]))
    numbers = count(1)
    if assessed.cases:
        draft.add(Heading(f"{next(numbers)}. {say['self_assessed']}", 2))
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
    if alone.cases:
        draft.add(
            Heading(f"{next(numbers)}. {say['alone']}", 2),
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
        )
    types = comparison.types.rows
    if types:
        waiting = any(row.not_judged for row in types)
        draft.add(
            Heading(f"{next(numbers)}. {say['types']}", 2),
            figures_grid(
                "Type of case",
                [*comparison.scale, *(["Not judged yet"] if waiting else []), "Total"],
                [
                    (
                        row.label,
                        *row.counts,
                        *([row.not_judged] if waiting else []),
                        sum(row.counts) + row.not_judged,
                    )
                    for row in types
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
        (row - column, number)
        for row, counts in enumerate(table.crosstab)
        for column, number in enumerate(counts)
    ]
    higher = sum(number for steps, number in cells if steps > 0)
    lower = sum(number for steps, number in cells if steps < 0)
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
    parts = [
        f"{number} {one if number == 1 else several} {graded}"
        for name, number in table.parts.items()
        if number
        for one, several, graded in [_PARTS[name]]
    ]
    chose: str = words()["comparison"]["parts"]
    return chose.format(cases=many(table.cases, "case"), parts=series(parts)) + (
        f" In the force's workbook {_without_row(table.unmatched)}." if table.unmatched else ""
    )


def _without_row(number: int) -> str:
    return f"{many(number, 'case')} {'has' if number == 1 else 'have'} no row"


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
