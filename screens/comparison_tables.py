"""The panes of a comparison: the three tables, agreement, its parts, and what is left over."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from fieldkit.comparison import Agreement, Comparison, Group
from fieldkit.comparison.tables import SelfAssessedTable
from fieldkit.comparison.wording import cases_phrase, coefficient, interval, p_text, percent
from screens.comparison_grid import Cell, bars, joined, table, text

SUMS_AGREE = "Sums agree with the cases they were made from."
BLANK = Content("")


def crosstab(comparison: Comparison, width: int, hidden: int = 0) -> Content:
    """Table 1: the force's grades against ours, as far as they may be shown.

    Args:
        comparison: what is compared.
        width: columns there are.
        hidden: self-assessed cases with a row of the force whose grade is not shown yet.
    """
    one, scale = comparison.self_assessed, comparison.scale
    if not one.cases:
        return joined(
            text(
                "No case is marked as self-assessed by the force. On the list of cases, e changes "
                "the origin of a case; an imported list says it in its column “origin”.",
                width,
            )
        )
    if hidden and not any(one.force):
        return _ours_beside_nothing(one, width, hidden)
    shares = 22 + len(scale) * 14 + 7 <= width
    rows = [
        (ours, [*_crossed(comparison, at, shares), Cell(str(one.row_totals[at]), "bold")])
        for at, ours in enumerate(scale)
    ]
    totals = [Cell(f"{n}   ", "bold") for n in one.column_totals]
    rows.append(("total", [*totals, Cell(str(one.total), "bold")]))
    headings = [*scale, "total"]
    title = f"Self-assessed cases: {one.cases}, of which {one.total} graded by both"
    sides = []
    for grade, theirs, ours in zip(scale, one.force, one.inspectors, strict=True):
        sides += [(grade, "force", theirs), (grade, "ours", ours)]
    return joined(
        [
            Content.styled(title, "bold"),
            *table("ours ↓   the force →", headings, rows, width, total=True),
            *text("+ the force one grade higher than we are, ++ two; - one lower.", width, "dim"),
            *bars(sides, width),
            *text(
                f"Not judged by us: {one.not_judged_by_us}. Not judged by the force: "
                f"{one.not_judged_by_force - hidden}. {_not_shown(hidden)}"
                f"Without a row of the force: {one.unmatched}.",
                width,
            ),
            *_sums(one.checks, width),
        ]
    )


def _ours_beside_nothing(one: SelfAssessedTable, width: int, hidden: int) -> Content:
    """Our grades alone, while no grade of the force is shown: a nought would be read as a fact."""
    return joined(
        [
            Content.styled(f"Self-assessed cases: {one.cases}", "bold"),
            *text(
                "The cross-tab of the force's grades against ours stands here once they are shown: "
                "press v. Until then only our own grades are counted.",
                width,
            ),
            BLANK,
            *bars(
                [(grade, "ours", n) for grade, n in zip(one.scale, one.inspectors, strict=True)],
                width,
            ),
            *text(
                f"Not judged by us: {one.not_judged_by_us}. {_not_shown(hidden)}"
                f"Without a row of the force: {one.unmatched}.",
                width,
            ),
        ]
    )


def _not_shown(hidden: int) -> str:
    return f"The force's grade not shown yet: {hidden} (press v). " if hidden else ""


def _crossed(comparison: Comparison, row: int, shares: bool) -> list[Cell]:
    one = comparison.self_assessed
    cells = []
    for column, count in enumerate(one.crosstab[row]):
        mark = one.mark(row, column) if count else ""
        share = one.row_share(row, column) if shares else None
        before = f"{'' if share is None or not count else percent(share):>5} " if shares else ""
        style = "dim" if not count else "bold" if len(mark) > 1 else ""
        cells.append(Cell(f"{before}{count:>3} {mark:<2}", style))
    return cells


def ours_alone(comparison: Comparison, width: int) -> Content:
    """Table 2: the cases that inspectors alone assessed, and all together."""
    one, total = comparison.inspectors_only, comparison.all_cases
    withdrawn = ", ".join(case.reference for case in comparison.withdrawn) or "none"
    return joined(
        [
            Content.styled(f"Cases assessed by inspectors only: {one.cases}", "bold"),
            *bars([(grade, "", n) for grade, n in one.by_grade().items()], width),
            *text(f"Not judged: {one.not_judged}.", width),
            *_sums(one.checks, width),
            BLANK,
            Content.styled(f"All cases audited: {total.cases}", "bold"),
            *bars([(grade, "", n) for grade, n in total.by_grade().items()], width),
            *text(f"Inspectors {comparison.sentence}.", width),
            *text(f"Not judged: {total.not_judged}. Withdrawn, in no table: {withdrawn}.", width),
            *_sums(total.checks, width),
        ]
    )


def types(comparison: Comparison, width: int) -> Content:
    """Table 3: case type by grade."""
    one = comparison.types
    rows = [
        (
            row.label,
            [
                *(Cell(str(n), "" if n else "dim") for n in row.counts),
                Cell(str(row.not_judged), "" if row.not_judged else "dim"),
                Cell(str(sum(row.counts) + row.not_judged), "bold"),
            ],
        )
        for row in one.rows
    ]
    if not rows:
        return joined(text("There is no case yet. On home, c goes to the list of cases.", width))
    return joined(
        [
            Content.styled(f"Case type by our grade: {one.cases} cases", "bold"),
            *table("case type", [*comparison.scale, "not judged", "total"], rows, width),
            *(text(one.note, width) if one.note else []),
            *_sums(one.checks, width),
        ]
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
    if comparison.changed:
        lines += [BLANK, Content.styled("Changed after the force's grade was seen", "bold")]
        for case in comparison.changed:
            lines += text(
                f"{case.reference}: {case.initial} at first, {case.ours} now; "
                f"force: {case.theirs or 'no grade'}",
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


def left_over(comparison: Comparison, width: int) -> Content:
    """What is matched to nothing, what could not be read, and what does not add up."""
    ours = ", ".join(case.reference for case in comparison.unmatched_cases)
    rows = comparison.unmatched_rows
    lines = [
        Content.styled(
            f"Self-assessed cases of ours without a row: {len(comparison.unmatched_cases)}", "bold"
        )
    ]
    if ours:
        lines += text(ours, width)
    lines += [BLANK, Content.styled(f"Rows of the force without a case: {len(rows)}", "bold")]
    for row in rows:
        said = [row.reference or "no reference", row.case_type, row.date]
        lines += text(f"{row.sheet} row {row.row}: {', '.join(filter(None, said))}", width)
    count = len(comparison.problems)
    lines += [BLANK, Content.styled(f"Problems in the force's workbook: {count}", "bold")]
    for one in comparison.problems:
        value = f" “{one.value}”" if one.value.strip() else ""
        lines += text(f"{one.sheet} {one.cell}{value}: {one.reason}", width)
    if comparison.checks:
        found = f"{len(comparison.checks)} to be put right"
        lines += [BLANK, Content.styled(found, "bold"), *_sums(comparison.checks, width)]
    return joined(lines)


def _sums(checks: Sequence[str], width: int) -> list[Content]:
    if not checks:
        return text(SUMS_AGREE, width, "dim")
    return [line for sentence in checks for line in text(f"! {sentence}", width, "bold")]


def hidden_words(hidden: int) -> str:
    """What is said of the cases whose grade by the force is not shown yet."""
    if not hidden:
        return ""
    verb = "waits" if hidden == 1 else "wait"
    return f"{cases_phrase(hidden)} with our overall grade {verb} to be revealed: press v."
