"""The panes of a comparison that speak of agreement, whole and in parts, and of earlier grades."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.verdict import Agreement, Group
from fieldkit.comparison.numbers import coefficient, interval, p_text, percent, their_words
from fieldkit.comparison.output.agreement_text import standard_errors
from screens.comparison.grid import Cell, bars, joined, table, text
from screens.comparison.tables import BLANK, gone, sums

NO_PREVIOUS = (
    "No earlier inspection of this force is kept here. Press e to choose another inspection; "
    "distributions stand side by side then, and no agreement is calculated between them."
)


def agreement(comparison: Comparison, width: int) -> Content:
    """How far the force's grades agree with our first ones, with every caution that applies."""
    one = comparison.agreement
    lines = [
        Content.styled("Agreement of the force's grades with our first grades", "bold"),
        *text(one.direction, width),
        BLANK,
    ]
    if one.n:
        shares = [
            ("Same grade", one.exact.count, one.exact.value),
            ("Within one grade", one.within_one.count, one.within_one.value),
        ]
        for label, count, value in shares:
            beside = "" if value is None or one.counts_only else f"   {percent(value)}"
            lines.append(Content(f"{label:<18} {count:>3} of {one.n}{beside}"))
    lines += _coefficients(one, width)
    for note in one.notes:
        lines += [BLANK, *text(note, width)]
    if comparison.force_changes:
        lines += [BLANK, Content.styled("The force's grade after the reveal", "bold")]
        for moved in comparison.force_changes:
            lines += text(moved.sentence, width)
    if comparison.changed:
        lines += [BLANK, Content.styled("Changed after the force's grade was seen", "bold")]
        for case in comparison.changed:
            lines += text(
                f"{case.reference}: {case.initial} at first, {case.ours} now; "
                f"force: {their_words(case.theirs, case.their_word)}"
                + (f"; because {case.reason}" if case.reason else ""),
                width,
            )
    return joined(lines)


def _coefficients(one: Agreement, width: int) -> list[Content]:
    linear = one.kappa_linear
    if linear.value is None:
        return []
    shown = f"Kappa, linear      {coefficient(linear.value):>5}"
    drawn = one.interval
    if drawn and drawn.low is not None and drawn.high is not None:
        shown += f"   95 % interval {interval(drawn.low, drawn.high)}"
    elif linear.low is not None and linear.high is not None:
        shown += f"   95 % interval {interval(linear.low, linear.high)}"
    lines = [Content(shown + ("   indicative only" if one.indicative else ""))]
    for label, estimate in (
        ("unweighted", one.kappa),
        ("quadratic", one.kappa_quadratic),
    ):
        if estimate.value is not None:
            lines.append(Content(f"Kappa, {label:<11} {coefficient(estimate.value):>5}"))
    if one.paradox:
        for label, estimate in (("AC1", one.ac1), ("AC2", one.ac2)):
            if estimate.value is not None:
                lines.append(Content(f"Gwet's {label:<11} {coefficient(estimate.value):>5}"))
    lines += text(standard_errors(one), width, "dim")
    for label, test in (("Bowker", one.bowker), ("Stuart–Maxwell", one.stuart_maxwell)):
        if test.statistic is None or test.p is None:
            lines += text(f"{label}: {test.why}.", width, "dim")
        else:
            figures = f"chi-square {test.statistic:.2f}, df {test.df}, {p_text(test.p)}"
            lines.append(Content(f"{label}: {figures}."))
    return lines


def parts(comparison: Comparison, width: int) -> Content:
    """The agreement by criterion, by case type and by auditor."""
    lines: list[Content] = []
    for name, groups in (
        ("criterion", comparison.by_criterion),
        ("case type", comparison.by_type),
        ("auditor", comparison.by_auditor),
    ):
        if groups:
            lines += [*_groups(name, groups, width), BLANK]
        elif name == "criterion":
            lines += [*text("By criterion: the force's workbook gives no grades by criterion.",
                            width, "dim"), BLANK]  # fmt: skip
    shown = [group.agreement for groups in (comparison.by_criterion, comparison.by_type,
             comparison.by_auditor) for group in groups]  # fmt: skip
    if any(one.kappa_linear.value is None for one in shown):
        lines += text("–: too few cases, or all of one grade; counts only.", width, "dim")
    if any(one.indicative and one.kappa_linear.value is not None for one in shown):
        lines += text("?: indicative only.", width, "dim")
    return joined(lines)


def _groups(name: str, groups: Sequence[Group], width: int) -> list[Content]:
    headings = ["pairs", "same grade", "within one", "force higher", "force lower", "kappa"]
    rows = []
    for group in groups:
        one = group.agreement
        kappa = one.kappa_linear.value
        figures = [one.n, one.exact.count, one.within_one.count, one.sign.force_higher,
                   one.sign.force_lower]  # fmt: skip
        word = "–" if kappa is None else coefficient(kappa) + ("?" if one.indicative else "")
        cells = [*(Cell(str(n), "" if n else "dim") for n in figures), Cell(word)]
        rows.append((group.label, cells))
    return table(f"by {name}", headings, rows, width)


def then_and_now(comparison: Comparison, width: int) -> Content:
    """Our grades beside those of an earlier inspection: distributions, as the cases differ."""
    one = comparison.previous
    if one is None:
        return joined(text(NO_PREVIOUS, width))
    rows = []
    sides = []
    for row in one.rows:
        both = ((row.before, row.before_share), (row.now, row.now_share))
        change = "" if row.change is None else f"{row.change:+.0f} points"
        rows.append((row.grade, [*(Cell(_counted(*side)) for side in both), Cell(change)]))
        named = (("then", row.before), ("now", row.now))
        sides += [(row.grade, who, count) for who, count in named if count is not None]
    totals = [Cell(str(one.before_total)), Cell(str(one.now_total)), Cell("")]
    rows.append(("total", totals))
    lines = [
        Content.styled(f"Then and now: {one.label}", "bold"),
        *table("grade", ["then", "now", "change"], rows, width, total=True),
        BLANK,
        *bars(sides, width),
        BLANK,
    ]
    for note in one.notes:
        lines += text(note, width)
    lines += text(
        f"Now not judged: {comparison.all_cases.not_judged}. "
        f"{gone(comparison.all_cases.withdrawn)}",
        width,
    )
    return joined([*lines, *sums(one.checks, width)])


def _counted(count: int | None, share: float | None) -> str:
    if count is None:
        return "not used"
    return str(count) if share is None else f"{count} ({percent(share)})"
