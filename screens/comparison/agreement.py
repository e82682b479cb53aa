"""The panes of a comparison that speak of agreement, whole and in parts, and of earlier grades."""

from __future__ import annotations

from dataclasses import replace

from textual.content import Content

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.verdict import Agreement
from fieldkit.comparison.numbers import chance_words, coefficient, their_words
from fieldkit.comparison.output import layout
from fieldkit.comparison.output.agreement_text import (
    chi_square_words,
    kappa_interval,
    shares,
    standard_errors,
)
from fieldkit.comparison.output.layout import agreement_by, groups_by
from screens.comparison.grid import bars, drawn, joined, text
from screens.comparison.panes import BLANK, changes, gone, section, sums
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.rows import MUTED
from storage.ops.text import many

NO_PREVIOUS = (
    "No earlier inspection of this force is kept here. Press e to choose another inspection; "
    "distributions stand side by side then, and no agreement is calculated between them."
)


def agreement(comparison: Comparison, grades: Grades, width: int) -> Content:
    """Draw how far the force's grades agree with our first ones, with every caution."""
    measured = comparison.agreement
    lines = [
        Content.styled("Agreement of the force's grades with our first grades", "bold"),
        *in_words(measured, width),
        BLANK,
    ]
    for label, share, part in shares(measured):
        beside = f"   {part}" if part else ""
        lines.append(Content(f"{label:<18} {share.count:>3} of {share.n}{beside}"))
    lines += _coefficients(measured, width)
    for note in measured.notes:
        lines += [BLANK, *text(note, width)]
    lines += changes(comparison, width)
    if comparison.changed:
        sentences = (
            f"{case.reference}: {case.initial} at first, {case.ours} now; "
            f"force: {their_words(case.theirs, case.their_word)}"
            + (f"; because {case.reason}" if case.reason else "")
            for case in comparison.changed
        )
        lines += section("Changed after the force's grade was seen", sentences, width)
    return joined(lines)


def in_words(measured: Agreement, width: int) -> list[Content]:
    """Say how far the grades agree before any figure is given."""
    if not measured.n:
        return text(measured.direction, width)
    far = measured.n - measured.within_one.count
    sentence = (
        f"The force and we gave the same grade in {measured.exact.count or 'none'} of "
        f"{many(measured.n, 'case')}"
        + (f"; in {far} they are two grades or more apart. " if far else ". ")
        + measured.direction
    )
    if measured.sign.p is not None and measured.sign.discordant:
        often = chance_words(measured.sign.p)
        sentence += f" A split as one-sided, either way, comes by chance alone {often}."
    return text(sentence, width)


def _coefficients(measured: Agreement, width: int) -> list[Content]:
    linear = measured.kappa_linear
    if linear.value is None:
        return []
    ends, _ = kappa_interval(measured)
    shown = f"Kappa, linear      {coefficient(linear.value):>5}" + (f"   {ends}" if ends else "")
    lines = [Content(shown + ("   indicative only" if measured.indicative else ""))]
    estimates = [
        ("Kappa, unweighted ", measured.kappa),
        ("Kappa, quadratic  ", measured.kappa_quadratic),
    ]
    if measured.paradox:
        estimates += [("Gwet's AC1        ", measured.ac1), ("Gwet's AC2        ", measured.ac2)]
    for label, estimate in estimates:
        if estimate.value is not None:
            lines.append(Content(f"{label} {coefficient(estimate.value):>5}"))
    lines += text(standard_errors(measured), width, MUTED)
    for label, test in (("Bowker", measured.bowker), ("Stuart–Maxwell", measured.stuart_maxwell)):
        words = f"{label}: {chi_square_words(test)}"
        lines += text(words, width, MUTED) if test.p is None else [Content(words)]
    return lines


def parts(comparison: Comparison, grades: Grades, width: int) -> Content:
    """Return the agreement by criterion, by case type and by auditor."""
    lines: list[Content] = []
    for name, groups in groups_by(comparison):
        if groups:
            table = agreement_by(name, groups, kappa="kappa", none="–")
            lines += [*drawn(replace(table, corner=f"by {name}"), width), BLANK]
        elif name == "criterion":
            lines += [*text("By criterion: the force's workbook gives no grades by criterion.",
                            width, MUTED), BLANK]  # fmt: skip
    shown = [group.agreement for _, groups in groups_by(comparison) for group in groups]
    if any(one.kappa_linear.value is None for one in shown):
        lines += text("–: too few cases, or all of one grade; counts only.", width, MUTED)
    if any(one.indicative and one.kappa_linear.value is not None for one in shown):
        lines += text("?: indicative only.", width, MUTED)
    return joined(lines)


def then_and_now(comparison: Comparison, grades: Grades, width: int) -> Content:
    """Draw our grades beside those of an earlier inspection, whose cases differ."""
    previous = comparison.previous
    if previous is None:
        return joined(text(NO_PREVIOUS, width))
    lines = [
        Content.styled(f"Then and now: {previous.label}", "bold"),
        *drawn(layout.then_and_now(previous), width),
        BLANK,
        *bars(layout.then_and_now_bars(previous), width),
        BLANK,
    ]
    for note in previous.notes:
        lines += text(note, width)
    lines += text(
        f"Now not judged: {comparison.all_cases.not_judged}. "
        f"{gone(comparison.all_cases.withdrawn)}",
        width,
    )
    return joined([*lines, *sums(previous.checks, width)])
