"""How far two people agree who grade the same cases on one ordered scale.

Small pure-Python statistics, each with its source in its docstring. Every function takes a square
table of whole counts (rows = inspectors, columns = the force, both from best to worst) and returns
an object whose value is None, with a sentence in ``why``, where the figure is not defined: never
NaN, and never 1 for want of anything to disagree about.
"""

from fieldkit.comparison.agreement.bootstrap import bootstrap_interval
from fieldkit.comparison.agreement.chisquare import chi_square_tail
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
from fieldkit.comparison.agreement.table import (
    Counts,
    Tally,
    check_counts,
    pairs_of,
    swapped,
    tally,
)
from fieldkit.comparison.agreement.weights import KINDS, Weighting

__all__ = [
    "KINDS",
    "BootstrapInterval",
    "ChiSquareTest",
    "Counts",
    "Estimate",
    "Share",
    "SignTest",
    "Tally",
    "Weighting",
    "bootstrap_interval",
    "bowker",
    "check_counts",
    "chi_square_tail",
    "cohen_kappa",
    "exact_agreement",
    "gwet_coefficient",
    "pairs_of",
    "sign_test",
    "stuart_maxwell",
    "swapped",
    "tally",
    "within_one",
]
