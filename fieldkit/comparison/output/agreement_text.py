"""The pages of a comparison's text that speak of agreement."""

from __future__ import annotations

from collections.abc import Sequence

from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.verdict import Agreement, Group
from fieldkit.comparison.numbers import coefficient, interval, p_text, percent, plain
from fieldkit.comparison.output.grid import grid, wrap


def agreement_section(comparison: Comparison, width: int) -> list[str]:
    """How far the first grades agree, with every caution that applies."""
    lines = ["Agreement on our first grades"]
    for sentence in agreement_words(comparison.agreement):
        lines += wrap(sentence, width)
    return lines


def agreement_words(agreement: Agreement) -> list[str]:
    """The same as sentences."""
    said = [agreement.direction]
    if agreement.n:
        said += [_share("Same grade", agreement, exact=True),
                 _share("Within one grade", agreement, exact=False)]  # fmt: skip
    if agreement.kappa_linear.value is not None:
        said += _coefficients(agreement)
    return [*said, *agreement.notes]


def _share(label: str, agreement: Agreement, *, exact: bool) -> str:
    share = agreement.exact if exact else agreement.within_one
    counted = f"{label}: {share.count} of {share.n}"
    if share.value is None or agreement.counts_only:
        return f"{counted}."
    return f"{counted} ({percent(share.value)})."


def _coefficients(agreement: Agreement) -> list[str]:
    linear = agreement.kappa_linear
    if linear.value is None:
        return []
    text = f"Kappa (linear weights): {coefficient(linear.value)}"
    drawn = agreement.interval
    if drawn and drawn.low is not None and drawn.high is not None:
        text += f", 95 % interval {interval(drawn.low, drawn.high)} (cases drawn again)"
    elif linear.low is not None and linear.high is not None:
        text += f", 95 % interval {interval(linear.low, linear.high)} (standard error)"
    text += ", indicative only." if agreement.indicative else "."
    lines = [text]
    others = [
        ("unweighted", agreement.kappa.value),
        ("quadratic weights", agreement.kappa_quadratic.value),
    ]
    known = [f"{name} {coefficient(value)}" for name, value in others if value is not None]
    lines += [f"Kappa {', '.join(known)}."] if known else []
    lines += filter(None, [standard_errors(agreement)])
    for name, test in (("Bowker", agreement.bowker), ("Stuart-Maxwell", agreement.stuart_maxwell)):
        if test.statistic is None or test.p is None:
            lines.append(f"{name}: {test.why}.")
        else:
            lines.append(
                f"{name}: chi-square {test.statistic:.2f}, df {test.df}, {p_text(test.p)}."
            )
    return lines


def standard_errors(agreement: Agreement) -> str:
    """The large-sample standard errors of the three kappas, in a sentence; empty without any."""
    each = (
        ("linear", agreement.kappa_linear.ase),
        ("unweighted", agreement.kappa.ase),
        ("quadratic", agreement.kappa_quadratic.ase),
    )
    known = [f"{name} {value:.3f}" for name, value in each if value is not None]
    return f"Kappa's standard error: {', '.join(known)}." if known else ""


def parts_section(comparison: Comparison, width: int) -> list[str]:
    """The same by criterion, case type and auditor; nothing when there is none."""
    lines: list[str] = []
    for name, groups in (
        ("criterion", comparison.by_criterion),
        ("case type", comparison.by_type),
        ("auditor", comparison.by_auditor),
    ):
        if groups:
            lines += (
                ["", *_group_table(name, groups, width)]
                if lines
                else _group_table(name, groups, width)
            )
    if not lines:
        return []
    return ["Agreement in parts, on our first grades", *lines]


def _group_table(name: str, groups: Sequence[Group], width: int) -> list[str]:
    headings = ["pairs", "same grade", "within one", "force higher", "force lower",
                "kappa linear"]  # fmt: skip
    rows = []
    for group in groups:
        one = group.agreement
        kappa = one.kappa_linear.value
        rows.append([
            plain(group.label), str(one.n), str(one.exact.count), str(one.within_one.count),
            str(one.sign.force_higher), str(one.sign.force_lower),
            "none" if kappa is None else coefficient(kappa) + ("?" if one.indicative else ""),
        ])  # fmt: skip
    lines = grid(name, headings, rows, width)
    if any(group.agreement.counts_only for group in groups):
        lines += wrap("none: too few cases for a coefficient; counts only.", width)
    reasons = dict.fromkeys(
        group.agreement.kappa_linear.why
        for group in groups
        if not group.agreement.counts_only and group.agreement.kappa_linear.value is None
    )
    for reason in reasons:
        lines += wrap(f"none: {reason}.", width)
    if any(group.agreement.indicative for group in groups):
        lines += wrap("?: indicative only.", width)
    return lines
