"""How far two people agree who grade the same cases on one ordered scale.

Small pure-Python statistics, each with its source in its docstring. Every function takes a square
table of whole counts (rows = inspectors, columns = the force, both from best to worst) and returns
an object whose value is None, with a sentence in ``why``, where the figure is not defined: never
NaN, and never 1 for want of anything to disagree about.
"""

from fieldkit.agreement.bootstrap import bootstrap_interval
from fieldkit.agreement.chisquare import chi_square_tail
from fieldkit.agreement.gwet import gwet_coefficient
from fieldkit.agreement.kappa import cohen_kappa
from fieldkit.agreement.results import BootstrapInterval, ChiSquareTest, Estimate, Share, SignTest
from fieldkit.agreement.shares import exact_agreement, within_one
from fieldkit.agreement.signtest import sign_test
from fieldkit.agreement.symmetry import bowker, stuart_maxwell
from fieldkit.agreement.table import Counts, Tally, check_counts, pairs_of, swapped, tally
from fieldkit.agreement.weights import KINDS, Weighting

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
