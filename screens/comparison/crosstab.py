"""The cross-tab of both sides' grades as panels: cells, direction, agreement, worst, sides."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.verdict import Agreement
from fieldkit.comparison.numbers import chance_words, coefficient, interval, p_text, percent
from fieldkit.methodology.terms import Scale
from screens.comparison import panes
from screens.comparison.rows import difference_sign
from screens.kit.drawing import heat
from screens.kit.drawing.bars import bar
from screens.kit.drawing.chips import Grades
from screens.kit.drawing.keys import key
from screens.kit.drawing.panel import Panel
from screens.kit.drawing.rows import between, cut, fit, lines, muted, strong, wrapped
from screens.kit.drawing.signs import glyph, sign, style

LEGEND = (("same", "same"), ("higher", "force higher"), ("lower", "lower"))
BLANK = Content("")
WORDS_FROM = 76
"""Columns inside the panel from which the word of a grade stands beside its letter."""
LEAST_CELL, MOST_CELL = 7, 16
ROOM_FOR_LABEL, LEAST_LABEL, TOTAL = 12, 4, 6
TALL = 36
"""Lines of the terminal from which the rows of the table are taller."""


class CrossTab(VerticalScroll):
    """Shows the self-assessed cases by both grades, and what that says."""

    def compose(self) -> Iterable[Widget]:
        """Yield the panels; those that only a wide terminal has room for are hidden elsewhere."""
        with Horizontal(id="halves"):
            with Vertical(id="half-left"):
                cross = Panel("Self-assessed cases", id="cross")
                cross.add_class("-chosen")
                yield cross
                yield Panel("Both sides", id="sides-beside")
            with Vertical(id="half-right"):
                yield Panel("Direction", id="direction")
                yield Panel("Agreement", id="agreement")
                yield Panel("Worst first", id="worst")
        yield Panel("Both sides", id="sides-below")

    def show(self, comparison: Comparison, scale: Scale, hidden: bool) -> None:
        """Show a comparison.

        Args:
            comparison: what was compared.
            scale: the grades of a case.
            hidden: no grade of the force may be shown yet, so that a nought would read as a fact.
        """
        grades = Grades(scale)
        table = comparison.self_assessed
        tall = self.app.size.height >= TALL
        shown = bool(table.cases) and not hidden
        self.panel("cross").show(
            (lambda width: cells(comparison, scale, grades, width, tall))
            if shown
            else (lambda width: panes.nothing_crossed(comparison, width)),
            figure=Content.assemble((f"{table.total}", "bold $foreground"), " graded by both")
            if shown
            else f"{table.cases} cases" * bool(table.cases),
            legend=_legend() if shown else "",
        )
        for name in ("direction", "agreement", "worst"):
            self.panel(name).set_class(not shown, "-absent")
        self.panel("direction").show(lambda width: direction(comparison.agreement, width))
        self.panel("agreement").show(lambda width: measured(comparison.agreement, width))
        differing = len(comparison.disparities)
        self.panel("worst").show(
            lambda width: worst(comparison, grades, width), figure=f"{differing} differ"
        )
        for name in ("sides-beside", "sides-below"):
            self.panel(name).show(lambda width: sides(comparison, grades, hidden, width))
            self.panel(name).set_class(not table.cases, "-absent")

    def panel(self, name: str) -> Panel:
        """Return one of the panels by its id."""
        return self.query_one(f"#{name}", Panel)


def _legend() -> Content:
    each = [Content.assemble(sign(name), f" {words}") for name, words in LEGEND]
    return Content.assemble(muted("  ").join(each), " · % from 10 cases")


def cells(
    comparison: Comparison, scale: Scale, grades: Grades, width: int, tall: bool = False
) -> Content:
    """Draw the table: our grades down, the force's across, each cell as warm as it is heavy."""
    table, size = comparison.self_assessed, len(scale.grades)
    words = width >= WORDS_FROM
    longest = max(len(one.label) for one in scale.grades)
    label = longest + 4 if words else ROOM_FOR_LABEL
    if width - label - TOTAL < size * (LEAST_CELL + 1):
        label = LEAST_LABEL if width - longest - TOTAL < size * LEAST_CELL else label
        words = False
    cell = min(max((width - label - TOTAL) // size - 1, LEAST_CELL), MOST_CELL if words else 10)
    height = (5 if tall and size < 4 else 3) if size < 5 or tall else 2
    most = max(map(max, table.crosstab), default=0)
    gap = Content(" ")
    across = "the force's own grade " + glyph("arrow")
    rows = [
        between(
            Content.assemble(muted(fit("ours " + glyph("down"), max(label, 7))), muted(across)),
            muted("total"),
            width,
        ),
        Content.assemble(
            " " * label,
            gap.join(_centred(grades.chip(one.label), cell) for one in scale.grades),
        ),
    ]
    if words:
        named = gap.join(_centred(grades.word(one.label, cell), cell) for one in scale.grades)
        rows.append(Content.assemble(" " * label, muted(named)))
    for at, grade in enumerate(scale.grades):
        blocks = []
        for place, count in enumerate(table.crosstab[at]):
            part = table.row_share(at, place)
            share = percent(part) if part is not None and count else ""
            blocks.append(heat.block(count, most, at - place, share, cell, height))
        middle = 1 if height > 2 else 0
        middle += (height - 3) // 2 if height > 3 else 0
        for line in range(height):
            head, tail = Content(""), Content("")
            if line == middle:
                chip = grades.chip(grade.label)
                head = Content.assemble(chip, " ", grade.label) if words else chip
                tail = strong(f"{table.row_totals[at]:,}")
            body = gap.join(block[line] for block in blocks)
            rows.append(between(Content.assemble(fit(head, label), body), tail, width))
    totals = gap.join(_centred(strong(f"{one:,}"), cell) for one in table.column_totals)
    name = muted("total") if label > LEAST_LABEL else Content("")
    body = Content.assemble(fit(name, label), totals)
    rows.append(between(body, strong(f"{table.total:,}"), width))
    return lines(rows)


def _centred(content: Content, width: int) -> Content:
    free = max(width - content.cell_length, 0)
    return content.pad(free // 2, free - free // 2)


def direction(measured_: Agreement, width: int) -> Content:
    """Say which side graded higher: counts with bars, then what chance alone would do."""
    higher, lower = measured_.sign.force_higher, measured_.sign.force_lower
    same = measured_.n - higher - lower
    parts = (
        (same, " the same", "", style("bar done")),
        (higher, " force higher ", "higher", style("higher")),
        (lower, " force lower ", "lower", style("lower")),
    )
    rows: list[Content] = []
    for count, words, name, colour in parts:
        shown = Content.assemble((f"{count:,}", "bold"), words)
        rows.append(cut(Content.assemble(shown, sign(name)) if name else shown, width))
        rows.append(bar(count, measured_.n, width, colour))
    rows.append(BLANK)
    if measured_.sign.p is None or not measured_.sign.discordant:
        rows += wrapped(measured_.direction, width)
        return lines(rows)
    often = chance_words(measured_.sign.p)
    if width < 30:
        rows += wrapped(f"So one-sided, either way, by chance: {often}.", width)
    else:
        differ = higher + lower
        most, side = max((higher, "higher"), (lower, "lower"))
        rows += wrapped(
            f"The force graded {side} than we did in {most} of {differ} cases that differ. A split "
            f"as one-sided, either way, comes by chance alone {often}.",
            width,
        )
    test = f"{p_text(measured_.sign.p)}, exact" + " sign test" * (width >= 30)
    rows += [muted(one) for one in wrapped(test, width)]
    return lines(rows)


def measured(agreement: Agreement, width: int) -> Content:
    """Say how far the first grades agree, in the fewest figures."""
    rows = []
    for label, share in (("The same grade", agreement.exact), ("Within one", agreement.within_one)):
        told = Content.assemble((f"{share.count}", "bold"), muted(f" of {share.n}"))
        if share.value is not None and not agreement.counts_only:
            told = Content.assemble(told, muted(f", {percent(share.value)}"))
        rows.append(between(label, told, width))
    kappa = agreement.kappa_linear
    if kappa.value is not None:
        told = strong(coefficient(kappa.value))
        ends = agreement.interval or kappa
        if ends.low is not None and ends.high is not None:
            told = Content.assemble(told, muted(f"  {interval(ends.low, ends.high)}"))
        rows.append(between("κ, linear", told, width))
    about = "of first grades, chosen cases"
    rows += [muted(one) for one in wrapped(
        f"{about}; indicative only" if agreement.indicative else about, width)]  # fmt: skip
    return lines(rows)


def worst(comparison: Comparison, grades: Grades, width: int, most: int = 3) -> Content:
    """List the first few differences, worst first."""
    rows = []
    for one in comparison.disparities[:most]:
        rows.append(
            cut(
                Content.assemble(
                    fit(difference_sign(one.steps), 4),
                    fit(strong(one.reference), 12),
                    grades.chip(one.ours),
                    muted(f" {glyph('arrow')} "),
                    grades.chip(one.theirs),
                ),
                width,
            )
        )
    if not rows:
        return lines(wrapped("Every grade is the same.", width))
    if more := len(comparison.disparities) - most:
        rows.append(
            Content.assemble(muted(f"and {more} more "), key("d")) if more > 0 else key("d")
        )
    return lines(rows)


def sides(comparison: Comparison, grades: Grades, hidden: bool, width: int) -> Content:
    """Draw each side's grades as one bar, and say by whom the cases were graded."""
    table = comparison.self_assessed
    both = [("Ours", table.by_us)]
    if not hidden:
        both.append(("The force's", table.by_force))
    label = 18
    rows = [
        Content.assemble(
            fit(f"{who}, {sum(counts.values())}", label), grades.shares(counts, width - label)
        )
        for who, counts in both
    ]
    if width >= WORDS_FROM + 1:
        rows.append(BLANK)
    agrees = not hidden and not table.checks
    rows += panes.apart(comparison, width, agrees=agrees)
    for sentence in (*(() if hidden else table.checks), *table.notes):
        rows += panes.warning(sentence, width)
    return lines(rows)
