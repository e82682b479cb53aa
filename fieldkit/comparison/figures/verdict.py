"""What the figures allow to be said about agreement, and what they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass

from fieldkit.comparison.agreement.bootstrap import bootstrap_interval
from fieldkit.comparison.agreement.gwet import gwet_coefficient
from fieldkit.comparison.agreement.kappa import cohen_kappa
from fieldkit.comparison.agreement.results import (
    BootstrapInterval,
    ChiSquareTest,
    Estimate,
    Share,
    SignTest,
)
from fieldkit.comparison.agreement.shares import exact_agreement, within_one
from fieldkit.comparison.agreement.signtest import sign_test
from fieldkit.comparison.agreement.symmetry import bowker, stuart_maxwell
from fieldkit.comparison.agreement.table import pairs_of
from fieldkit.comparison.figures.case_types import ordered_labels, types_of
from fieldkit.comparison.figures.three_tables import check_sum
from fieldkit.comparison.inputs import CriterionPair
from fieldkit.comparison.numbers import coefficient, direction_sentence, percent
from fieldkit.comparison.read_grades import ReadCase, position
from fieldkit.comparison.rules import Rules, standard_rules
from storage.ops.text import many

NOT_A_SAMPLE = (
    "The cases were chosen, not drawn at random: the figures describe these cases, not the force's"
    " whole caseload."
)
NOT_RECORDED = "not recorded"
MOST_DRAWN = 5000
"""Pairs up to which cases are drawn again; beyond, the standard error is as good and at once."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Holds how far the force's grades and our first grades agree.

    Every coefficient and test has already been through the small-sample rules: one that may not be
    shown has value None and the reason in ``why``.

    Attributes:
        scale: grades from best to worst.
        counts: rows = our first grade, columns = the force's.
        n: pairs.
        exact: share with the same grade.
        within_one: share at most one step apart.
        kappa: Cohen's kappa, unweighted.
        kappa_linear: with linear weights: the one to quote.
        kappa_quadratic: with quadratic weights.
        interval: percentile bootstrap interval of the linear kappa; None where not asked for.
        ac1: Gwet's AC1.
        ac2: Gwet's AC2, linear weights.
        sign: exact sign test; the counts stand whatever the sample, p only where it may be shown.
        bowker: test of symmetry.
        stuart_maxwell: test of the margins.
        counts_only: whether there are so few pairs that no coefficient or test is given.
        indicative: whether the sample is so small that coefficients are indicative only.
        paradox: whether kappa is low although the grades agree, because one grade dominates.
        not_first: cases both graded that have no first grade of ours made blind; left out.
        direction: who graded higher, as a sentence.
        notes: what to keep in mind, as sentences.
    """

    scale: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    n: int
    exact: Share
    within_one: Share
    kappa: Estimate
    kappa_linear: Estimate
    kappa_quadratic: Estimate
    interval: BootstrapInterval | None
    ac1: Estimate
    ac2: Estimate
    sign: SignTest
    bowker: ChiSquareTest
    stuart_maxwell: ChiSquareTest
    counts_only: bool
    indicative: bool
    paradox: bool
    not_first: int
    direction: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Holds the agreement within one criterion, case type or auditor."""

    label: str
    agreement: Agreement


def agree(
    pairs: Iterable[tuple[int, int]],
    scale: Sequence[str],
    *,
    not_first: int = 0,
    with_interval: bool = True,
    rules: Rules | None = None,
) -> Agreement:
    """Judge a set of pairs, one for each case.

    Args:
        pairs: (our first grade, the force's grade) as positions on the scale.
        scale: grades from best to worst.
        not_first: cases left out for want of a first grade, to be said.
        with_interval: whether to draw the bootstrap interval (tens of milliseconds).
        rules: other limits than the shipped ones.
    """
    rules = rules or standard_rules()
    counts = _table(pairs, len(scale))
    n = sum(map(sum, counts))
    enough = n >= rules.counts_only_below
    exact = exact_agreement(counts)
    kappas = [cohen_kappa(counts, kind) for kind in ("unweighted", "linear", "quadratic")]
    ac1, ac2 = gwet_coefficient(counts), gwet_coefficient(counts, "linear")
    sign = sign_test(counts)
    symmetry, homogeneity = bowker(counts), stuart_maxwell(counts)
    if n and not enough:
        few = _few(n, rules)
        kappas = [Estimate(None, why=few) for _ in kappas]
        ac1 = ac2 = Estimate(None, why=few)
        sign = SignTest(None, sign.force_higher, sign.force_lower, few)
    if sign.discordant and (not enough or sign.discordant < rules.least_differing_for_chi_square):
        symmetry = _too_few(symmetry, sign.discordant, rules)
        homogeneity = _too_few(homogeneity, sign.discordant, rules)
    plain, linear, quadratic = kappas
    low = [kappa.value for kappa in (plain, linear) if kappa.value is not None]
    paradox = (
        bool(low)
        and min(low) < rules.paradox_kappa_below
        and exact.value is not None
        and exact.value > rules.paradox_agreement_above
    )
    interval = None
    if with_interval and linear.value is not None and n <= MOST_DRAWN:
        cases = [[pair] for pair in pairs_of(counts)]
        interval = bootstrap_interval(cases, len(scale), draws=rules.draws, seed=rules.seed)
    indicative = enough and n < rules.indicative_below
    notes = _notes(n, linear, sign, enough=enough, indicative=indicative, rules=rules)
    if paradox and exact.value is not None and ac1.value is not None and ac2.value is not None:
        notes.append(
            f"Kappa is low although {percent(exact.value)} of the grades are the same, because one"
            f" grade dominates. Gwet's AC1 ({coefficient(ac1.value)}) and AC2"
            f" ({coefficient(ac2.value)}) are less moved by that."
        )
    if not_first:
        notes.append(
            f"{many(not_first, 'case')} left out: we had no grade of our own when the force's was"
            " shown."
        )
    notes.append(NOT_A_SAMPLE)
    return Agreement(
        scale=tuple(scale),
        counts=counts,
        n=n,
        exact=exact,
        within_one=within_one(counts),
        kappa=plain,
        kappa_linear=linear,
        kappa_quadratic=quadratic,
        interval=interval,
        ac1=ac1,
        ac2=ac2,
        sign=sign,
        bowker=symmetry,
        stuart_maxwell=homogeneity,
        counts_only=n > 0 and not enough,
        indicative=indicative,
        paradox=paradox,
        not_first=not_first,
        direction=direction_sentence(n, sign, with_test=enough),
        notes=tuple(notes),
    )


def case_agreement(
    read: Iterable[ReadCase], scale: Sequence[str], *, with_interval: bool = True
) -> Agreement:
    """Return the agreement on the overall grade of the self-assessed cases, on our first grades."""
    pairs, not_first = _pairs(read)
    return agree(pairs, scale, not_first=not_first, with_interval=with_interval)


def by_type(
    read: Iterable[ReadCase], scale: Sequence[str], order: Sequence[str] = ()
) -> tuple[Group, ...]:
    """Return the agreement within each case type; a case with several types counts under each."""
    return _within(read, scale, lambda row: types_of(row.case), order)


def by_auditor(read: Iterable[ReadCase], scale: Sequence[str]) -> tuple[Group, ...]:
    """Return the agreement within each auditor's cases."""
    return _within(read, scale, lambda row: {row.case.auditor or NOT_RECORDED})


def _within(
    read: Iterable[ReadCase],
    scale: Sequence[str],
    labels_of: Callable[[ReadCase], Set[str]],
    order: Sequence[str] = (),
) -> tuple[Group, ...]:
    rows = [(row, labels_of(row)) for row in read if row.self_assessed]
    labels = ordered_labels({label for _, own in rows for label in own}, order)
    return tuple(
        Group(
            label,
            case_agreement([row for row, own in rows if label in own], scale, with_interval=False),
        )
        for label in labels
    )


def by_criterion(
    pairs: Iterable[CriterionPair], scale: Sequence[str], order: Sequence[str] = ()
) -> tuple[Group, ...]:
    """Return the agreement within each criterion; those of one case are not independent.

    Args:
        pairs: at most one for each criterion and case; a pair with a side missing is left out.
        scale: grades from best to worst.
        order: the criteria in the methodology's order; others follow by alphabet.
    """
    rows = list(pairs)
    return tuple(
        Group(
            label,
            agree(
                [
                    (ours, theirs)
                    for row in rows
                    if row.criterion == label
                    and (ours := position(row.ours, scale)) is not None
                    and (theirs := position(row.theirs, scale)) is not None
                ],
                scale,
                with_interval=False,
            ),
        )
        for label in ordered_labels({row.criterion for row in rows}, order)
    )


def check_agreement(
    read: Iterable[ReadCase],
    scale: Sequence[str],
    whole: Agreement,
    auditors: Sequence[Group],
) -> tuple[str, ...]:
    """Hold the table of first grades against the cases, and its parts by auditor against it."""
    again = Counter(
        (row.case.initial, row.case.theirs)
        for row in read
        if row.case.initial in scale and row.case.theirs in scale and row.self_assessed
    )
    checks: list[str] = []
    for i, ours in enumerate(scale):
        for j, theirs in enumerate(scale):
            what = f"First grades, {ours} by us and {theirs} by the force"
            checks += check_sum(what, whole.counts[i][j], again[ours, theirs])
    checks += check_sum(
        "Agreement by auditor", sum(one.agreement.n for one in auditors), whole.n, "pairs"
    )
    return tuple(checks)


def _pairs(read: Iterable[ReadCase]) -> tuple[list[tuple[int, int]], int]:
    pairs = []
    not_first = 0
    for row in read:
        if not row.self_assessed or row.theirs is None:
            continue
        if row.initial is not None:
            pairs.append((row.initial, row.theirs))
        elif row.ours is not None:
            not_first += 1
    return pairs, not_first


def _table(pairs: Iterable[tuple[int, int]], size: int) -> tuple[tuple[int, ...], ...]:
    counts = [[0] * size for _ in range(size)]
    for ours, theirs in pairs:
        counts[ours][theirs] += 1
    return tuple(tuple(row) for row in counts)


def _few(n: int, rules: Rules) -> str:
    return (
        f"not given: {many(n, 'case')} graded by both, fewer than {rules.counts_only_below}; counts"
        " and agreement only"
    )


def _too_few(test: ChiSquareTest, differing: int, rules: Rules) -> ChiSquareTest:
    why = (
        f"not given: needs at least {rules.least_differing_for_chi_square} differing pairs, here"
        f" {differing}"
    )
    return ChiSquareTest(None, test.df, None, test.df_all_pairs, test.dropped, why)


def _notes(
    n: int, linear: Estimate, sign: SignTest, *, enough: bool, indicative: bool, rules: Rules
) -> list[str]:
    if n == 0:
        return ["No case has been graded by both yet, so there is nothing to compare."]
    if not enough:
        return [f"Coefficients are {_few(n, rules)}."]
    notes = []
    if indicative:
        notes.append(
            f"Indicative only: with {many(n, 'case')} (fewer than {rules.indicative_below}) a"
            " coefficient is uncertain; read it with its interval."
        )
    if linear.why:
        notes.append(f"Kappa {linear.why}." if linear.value is None else f"Note: {linear.why}.")
    if 0 < sign.discordant < rules.least_differing_for_sign_test:
        notes.append(
            f"With fewer than {rules.least_differing_for_sign_test} differing grades no split can"
            " reach p < 0.05."
        )
    return notes
