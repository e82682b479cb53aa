"""What the statistics return. A figure that is not defined is None, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

NO_PAIRS = "cannot be calculated: no case was graded by both"
ONE_GRADE = "cannot be calculated: every case has the same grade; agreement 100 %"
NO_DIFFERENCE = "cannot be calculated: no case was graded differently"


@dataclass(frozen=True, slots=True)
class Share:
    """Holds a count out of a total, as a proportion between 0 and 1.

    Attributes:
        value: ``count / n``, or None when there is no pair.
        count: pairs that agree.
        n: pairs graded by both.
        why: the reason in words when value is None.
    """

    value: float | None
    count: int
    n: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Holds a coefficient with its large-sample standard error and 95 % interval.

    Attributes:
        value: the coefficient, or None when it is not defined.
        ase: asymptotic standard error.
        low: lower end, value - 1.96 standard errors; not cut off at the end of the coefficient's
            range, so that it can be checked against other programs.
        high: upper end, likewise.
        why: the reason in words when value is None; otherwise a caution, or empty.
    """

    value: float | None
    ase: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class BootstrapInterval:
    """Holds a percentile interval from drawing whole cases again with replacement.

    Attributes:
        low: lower end, or None when too many draws left the coefficient undefined.
        high: upper end, likewise.
        draws: how many draws were made.
        undefined: how many of them left the coefficient undefined; these are left out.
        why: the reason in words when there is no interval; otherwise a caution, or empty.
    """

    low: float | None
    high: float | None
    draws: int
    undefined: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class SignTest:
    """Holds the exact two-sided sign test on the pairs that differ.

    Attributes:
        p: probability of a split at least as uneven if either direction were as likely; None when
            no pair differs.
        force_higher: pairs in which the column's grade is the better one (below the diagonal).
        force_lower: pairs in which the column's grade is the worse one (above the diagonal).
        why: the reason in words when p is None.
    """

    p: float | None
    force_higher: int
    force_lower: int
    why: str = ""

    @property
    def discordant(self) -> int:
        """Say how many pairs differ."""
        return self.force_higher + self.force_lower


@dataclass(frozen=True, slots=True)
class ChiSquareTest:
    """Holds a chi-square test on a square table.

    Attributes:
        statistic: the test statistic, or None when it is not defined.
        df: degrees of freedom that p rests on.
        p: upper tail probability.
        df_all_pairs: Bowker only: k(k-1)/2, which some programs use whatever cells are empty.
        dropped: Stuart-Maxwell only: positions of the grades on which nobody differed, which say
            nothing about the margins.
        why: the reason in words when statistic is None.
    """

    statistic: float | None
    df: int
    p: float | None
    df_all_pairs: int | None = None
    dropped: tuple[int, ...] = ()
    why: str = ""
