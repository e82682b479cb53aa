"""The panes of a comparison: the three tables, agreement, its parts, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.three_tables import AS_REVEALED
from fieldkit.comparison.inputs import ForceRowView, ProblemView
from fieldkit.comparison.numbers import (
    below_words,
    hidden_words,
    parts_words,
    their_words,
)
from fieldkit.comparison.output import layout
from fieldkit.wording.dates import short_day
from screens.comparison.grid import bars, drawn, joined, text
from screens.kit.drawing.chips import Grades, late
from screens.kit.drawing.rows import MUTED, strong
from screens.kit.drawing.signs import sign
from storage.ops.text import many

SUMS_AGREE = "Sums agree with the cases they were made from."
BLANK = Content("")


def apart(comparison: Comparison, width: int, *, agrees: bool = False) -> list[Content]:
    """Return every self-assessed case once, by who graded it, and which are not revealed.

    With ``agrees`` it is also said that the sums agree with the cases.
    """
    counts = comparison.self_assessed
    parts = parts_words(
        counts.parts, no_grade=counts.not_judged_by_force, unmatched=counts.unmatched
    )
    ready, early = (
        [case.reference for case in cases] for cases in (comparison.to_reveal, comparison.to_grade)
    )
    hidden = hidden_words(ready, early, "v")
    told = " ".join(filter(None, (parts, hidden, SUMS_AGREE if agrees else "")))
    first, *more = text(told, width - 2 * agrees)
    if not agrees:
        return [first, *more]
    return [Content.assemble(sign("done"), " ", first), *(one.pad_left(2) for one in more)]


def once_shown(comparison: Comparison) -> str:
    """Return what is waited for while no grade of the force is shown."""
    key = "press v" if comparison.to_reveal else "grade the cases first"
    return f"once the force's grades are shown: {key}."


def nothing_crossed(comparison: Comparison, width: int) -> Content:
    """Say what stands in the place of the cross-tab while no case can be in it."""
    if not comparison.self_assessed.cases:
        return joined(
            text(
                "No case is marked as self-assessed by the force. On the list of cases, e changes "
                "the origin of a case; an imported list says it in its column “origin”.",
                width,
            )
        )
    return joined(
        text(
            "The cross-tab of both sides' grades stands here "
            f"{once_shown(comparison)} Until then only our own grades are counted.",
            width,
        )
    )


def warning(sentence: str, width: int) -> list[Content]:
    """Draw a sentence that says what is not right."""
    return [
        Content.assemble(late(""), " ", strong(one)) if number == 0 else strong(one).pad_left(4)
        for number, one in enumerate(text(sentence, width - 4))
    ]


def ours_alone(comparison: Comparison, grades: Grades, width: int) -> Content:
    """Return table 2: the cases that inspectors alone assessed, and all together."""
    alone, total = comparison.inspectors_only, comparison.all_cases
    withdrawn = ", ".join(case.reference for case in comparison.withdrawn) or "none"
    return joined(
        [
            Content.styled(f"Cases assessed by inspectors only: {alone.cases}", "bold"),
            grades.shares(alone.by_grade(), width),
            *text(f"Not judged: {alone.not_judged}. {gone(alone.withdrawn)}", width),
            *sums(alone.checks, width),
            BLANK,
            Content.styled(f"All cases: {total.cases}", "bold"),
            grades.shares(total.by_grade(), width),
            *bars([(grade, "", n) for grade, n in total.by_grade().items()], width),
            *text(f"Inspectors {comparison.sentence}.", width),
            *text(f"Not judged: {total.not_judged}. Withdrawn, in no table: {withdrawn}.", width),
            *sums(total.checks, width),
        ]
    )


def types(comparison: Comparison, grades: Grades, width: int) -> Content:
    """Return table 3: case type by grade."""
    counts = comparison.types
    withdrawn = [f"{row.label} {row.withdrawn}" for row in counts.rows if row.withdrawn]
    named = f" Of them {', '.join(withdrawn)}." if withdrawn else ""
    if not counts.rows:
        return joined(text("There is no case yet. On home, c goes to the list of cases.", width))
    return joined(
        [
            Content.styled(f"Case type by our grade: {counts.cases} cases", "bold"),
            *drawn(layout.case_types(comparison), width, grades),
            *text(f"{gone(counts.withdrawn)}{named}", width, MUTED),
            *(text(counts.note, width) if counts.note else []),
            *sums(counts.checks, width),
        ]
    )


def criteria(comparison: Comparison, grades: Grades, width: int) -> Content:
    """Return our grades criterion by criterion, and where they explain a force's higher grade."""
    counts = comparison.criteria
    lines = [
        Content.styled(f"Criterion by our grade: {counts.cases} cases", "bold"),
        *drawn(layout.criteria(comparison), width, grades),
        *text(f"{gone(counts.withdrawn)}", width, MUTED),
    ]
    if below := layout.below_bars(counts):
        lines += [*text(below_words(counts.force_higher), width), *bars(below, width)]
    return joined([*lines, *sums(counts.checks, width)])


def gone(withdrawn: int) -> str:
    """Return how many cases were taken out of the sample, in a sentence."""
    return f"Withdrawn, in no count: {withdrawn}."


def section(heading: str, sentences: Iterable[str], width: int) -> list[Content]:
    """Draw sentences under a heading, after an empty line."""
    return [
        BLANK,
        Content.styled(heading, "bold"),
        *(line for sentence in sentences for line in text(sentence, width)),
    ]


def changes(comparison: Comparison, width: int) -> list[Content]:
    """Draw where the force's grade is another now than when it was revealed; nothing for none."""
    sentences = [change.sentence for change in comparison.force_changes]
    return section("The force's grade after the reveal", sentences, width) if sentences else []


def left_over(comparison: Comparison, grades: Grades, width: int) -> Content:
    """Return what is matched to nothing, what could not be read, and what does not add up."""
    cases, rows = comparison.unmatched_cases, comparison.unmatched_rows
    ungraded, skipped = comparison.no_force_grade, comparison.skipped_rows
    named = [case.reference + f" ({AS_REVEALED})" * case.without_row for case in cases]
    lines = changes(comparison, width)
    if ungraded:
        lines += section(
            f"Rows of the force without a grade of the scale: {len(ungraded)}",
            (
                f"{case.reference}: the force gives {their_words(None, case.their_word)}"
                for case in ungraded
            ),
            width,
        )
    heading = f"Self-assessed cases of ours without a row: {len(cases)}"
    lines += section(heading, [", ".join(named)] if named else [], width)
    lines += section(f"Rows of the force without a case: {len(rows)}", map(_row_words, rows), width)
    if skipped:
        lines += section(
            f"Rows of the force left out by us: {len(skipped)}",
            (
                f"{row.sheet} row {row.row}, {row.reference or 'no reference'}: {row.skipped}"
                for row in skipped
            ),
            width,
        )
    heading = f"Problems in the force's workbook: {len(comparison.problems)}"
    lines += section(heading, map(_problem_words, comparison.problems), width)
    if comparison.checks:
        heading = f"{len(comparison.checks)} to be put right"
        lines += [*section(heading, (), width), *sums(comparison.checks, width)]
    return joined(lines[1:])


def _row_words(row: ForceRowView) -> str:
    waits = row.said if row.waits_for else ""
    details = [row.reference or "no reference", row.case_type, short_day(row.date), waits]
    return f"{row.sheet} row {row.row}: {', '.join(filter(None, details))}"


def _problem_words(problem: ProblemView) -> str:
    value = f" “{problem.value}”" if problem.value.strip() else ""
    return f"{problem.sheet} {problem.cell}{value}: {problem.reason}"


def sums(checks: Sequence[str], width: int) -> list[Content]:
    """Return what does not add up, or that all does."""
    if not checks:
        first, *more = text(SUMS_AGREE, width - 2, MUTED)
        return [Content.assemble(sign("done"), " ", first), *more]
    return [line for sentence in checks for line in warning(sentence, width)]


def ready_words(hidden: int) -> str:
    """Return what is said of the cases whose grade by the force is not shown yet."""
    if not hidden:
        return ""
    verb = "waits" if hidden == 1 else "wait"
    return f"{many(hidden, 'case')} with our overall grade {verb} to be revealed: press v."
