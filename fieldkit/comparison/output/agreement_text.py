"""The pages of a comparison's text that speak of agreement."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.comparison.agreement.results import ChiSquareTest, Share
from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.verdict import Agreement, Group
from fieldkit.comparison.numbers import coefficient, interval, p_text, percent
from fieldkit.comparison.output.grid import grid, wrap
from fieldkit.comparison.output.layout import agreement_by, groups_by


def agreement_section(comparison: Comparison, width: int) -> list[str]:
    """Write how far the first grades agree, with every caution that applies."""
    lines = ["Agreement on our first grades"]
    for sentence in agreement_words(comparison.agreement):
        lines += wrap(sentence, width)
    return lines


def agreement_words(agreement: Agreement) -> list[str]:
    """Say the same in sentences."""
    sentences = [agreement.direction]
    for label, share, part in shares(agreement):
        sentences.append(f"{label}: {share.count} of {share.n}{f' ({part})' if part else ''}.")
    if agreement.kappa_linear.value is not None:
        sentences += _coefficients(agreement, agreement.kappa_linear.value)
    return [*sentences, *agreement.notes]


def shares(agreement: Agreement) -> list[tuple[str, Share, str]]:
    """Return plain agreement: its label, the counts, and the percentage where it may be given."""
    known = (("Same grade", agreement.exact), ("Within one grade", agreement.within_one))
    return [
        (label, share, "" if share.value is None or agreement.counts_only else percent(share.value))
        for label, share in known
        if agreement.n
    ]


def kappa_interval(agreement: Agreement) -> tuple[str, str]:
    """Return the interval of the linear kappa and how it was made; both empty without one."""
    for ends, how in (
        (agreement.interval, "cases drawn again"),
        (agreement.kappa_linear, "standard error"),
    ):
        if ends and ends.low is not None and ends.high is not None:
            return f"95 % interval {interval(ends.low, ends.high)}", how
    return "", ""


def chi_square_words(test: ChiSquareTest) -> str:
    """Say what a test gives, or why it is not given."""
    if test.statistic is None or test.p is None:
        return f"{test.why}."
    return f"chi-square {test.statistic:.2f}, df {test.df}, {p_text(test.p)}."


def standard_errors(agreement: Agreement) -> str:
    """Say the large-sample standard errors of the three kappas; empty without any."""
    each = (
        ("linear", agreement.kappa_linear.ase),
        ("unweighted", agreement.kappa.ase),
        ("quadratic", agreement.kappa_quadratic.ase),
    )
    known = [f"{name} {value:.3f}" for name, value in each if value is not None]
    return f"Kappa's standard error: {', '.join(known)}." if known else ""


def _coefficients(agreement: Agreement, linear: float) -> list[str]:
    ends, how = kappa_interval(agreement)
    other_kappas = (
        ("unweighted", agreement.kappa),
        ("quadratic weights", agreement.kappa_quadratic),
    )
    known = [
        f"{name} {coefficient(one.value)}" for name, one in other_kappas if one.value is not None
    ]
    lines = [
        f"Kappa (linear weights): {coefficient(linear)}"
        + (f", {ends} ({how})" if ends else "")
        + (", indicative only." if agreement.indicative else "."),
        f"Kappa {', '.join(known)}." if known else "",
        standard_errors(agreement),
        f"Bowker: {chi_square_words(agreement.bowker)}",
        f"Stuart-Maxwell: {chi_square_words(agreement.stuart_maxwell)}",
    ]
    return list(filter(None, lines))


def parts_section(comparison: Comparison, width: int) -> list[str]:
    """Write the same by criterion, case type and auditor; nothing when there is none."""
    lines: list[str] = []
    for name, groups in groups_by(comparison):
        if groups:
            lines += [*([""] if lines else []), *_group_table(name, groups, width)]
    return ["Agreement in parts, on our first grades", *lines] if lines else []


def _group_table(name: str, groups: Sequence[Group], width: int) -> list[str]:
    lines = grid(agreement_by(name, groups), width)
    within = [group.agreement for group in groups]
    if any(one.counts_only for one in within):
        lines += wrap("none: too few cases for a coefficient; counts only.", width)
    undefined = (
        agreement.kappa_linear.why
        for agreement in within
        if not agreement.counts_only and agreement.kappa_linear.value is None
    )
    for reason in dict.fromkeys(undefined):
        lines += wrap(f"none: {reason}.", width)
    if any(one.indicative for one in within):
        lines += wrap("?: indicative only.", width)
    return lines
