"""Do the two sides use the grades alike? Bowker's and the Stuart-Maxwell test.

Both are large-sample tests; whoever shows them decides whether enough pairs differ.
"""

from __future__ import annotations

from fractions import Fraction

from fieldkit.comparison.agreement.chisquare import chi_square_tail
from fieldkit.comparison.agreement.results import NO_DIFFERENCE, ChiSquareTest
from fieldkit.comparison.agreement.table import Counts, check_counts, margins


def bowker(counts: Counts) -> ChiSquareTest:
    """Make Bowker's test of symmetry (1948, J. American Statistical Association 43, 572-574).

    The sum over i < j of (n_ij - n_ji)² / (n_ij + n_ji). A pair of cells that are both empty adds
    nothing and takes no degree of freedom; ``df_all_pairs`` is what programs give that count them.

    Raises:
        ValueError: the table is not a square of whole counts.
    """
    check_counts(counts)
    size = len(counts)
    statistic = Fraction(0)
    df = 0
    for i in range(size):
        for j in range(i + 1, size):
            both = counts[i][j] + counts[j][i]
            if both:
                df += 1
                statistic += Fraction((counts[i][j] - counts[j][i]) ** 2, both)
    all_pairs = size * (size - 1) // 2
    if df == 0:
        return ChiSquareTest(None, 0, None, all_pairs, why=NO_DIFFERENCE)
    value = float(statistic)
    return ChiSquareTest(value, df, chi_square_tail(value, df), all_pairs)


def stuart_maxwell(counts: Counts) -> ChiSquareTest:
    """Make the Stuart-Maxwell test that both sides use each grade equally often.

    Stuart (1955), Biometrika 42, 412-416; Maxwell (1970), British J. of Psychiatry 116, 651-655.
    d' S⁻¹ d, with d the differences of the margins and S their covariance under equal margins. The
    rows of S add up to 0, so one grade of every group of grades that differing pairs connect is
    left out; a grade on which nobody differed is a group of its own, adds nothing and is named in
    ``dropped``. Solved in whole numbers, so that no rounding decides whether S can be inverted.

    Raises:
        ValueError: the table is not a square of whole counts.
    """
    check_counts(counts)
    rows, columns, _ = margins(counts)
    statistic = Fraction(0)
    df = 0
    dropped = []
    for group in _connected(counts):
        if len(group) == 1:
            dropped.append(group[0])
            continue
        grades = group[:-1]
        df += len(grades)
        gaps = [rows[i] - columns[i] for i in grades]
        covariance = [
            [
                rows[i] + columns[i] - 2 * counts[i][i]
                if i == j
                else -(counts[i][j] + counts[j][i])
                for j in grades
            ]
            for i in grades
        ]
        statistic += _quadratic_form(covariance, gaps)
    if df == 0:
        return ChiSquareTest(None, 0, None, dropped=tuple(dropped), why=NO_DIFFERENCE)
    value = float(statistic)
    return ChiSquareTest(value, df, chi_square_tail(value, df), dropped=tuple(sorted(dropped)))


def _connected(counts: Counts) -> list[list[int]]:
    """Grades grouped by the pairs that differ: i and j are together if either cell is not empty."""
    ungrouped = set(range(len(counts)))
    groups = []
    while ungrouped:
        group = [min(ungrouped)]
        ungrouped.discard(group[0])
        for i in group:
            near = sorted(j for j in ungrouped if counts[i][j] or counts[j][i])
            group.extend(near)
            ungrouped.difference_update(near)
        groups.append(sorted(group))
    return groups


def _quadratic_form(matrix: list[list[int]], vector: list[int]) -> Fraction:
    """The form v' M⁻¹ v for the positive definite M of one connected group, in whole numbers.

    It is -det(M bordered by v) / det(M). Elimination without fractions (Bareiss 1968, Mathematics
    of Computation 22, 565-578) leaves the first determinant in the corner and the second as its
    last pivot; no pivot is 0, as each is a leading minor of M.
    """
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)] + [[*vector, 0]]
    before = 1
    for i in range(len(vector)):
        pivot = rows[i][i]
        for k in range(i + 1, len(rows)):
            factor = rows[k][i]
            rows[k] = [
                (pivot * a - factor * b) // before for a, b in zip(rows[k], rows[i], strict=True)
            ]
        before = pivot
    return Fraction(-rows[-1][-1], before)
