"""Comparing the force's own grades with ours: records in, records out, and three ways to show them.

A difference between the two is called a difference, never an error. The tables rest on current
grades; agreement rests on our first grades, given before the force's were seen.
"""

from fieldkit.comparison.compare import Comparison, compare
from fieldkit.comparison.figures.case_types import TypeRow, TypeTable
from fieldkit.comparison.figures.criteria import CriteriaTable, CriterionRow
from fieldkit.comparison.figures.disparities import (
    Changed,
    Disparity,
    case_disparities,
    criterion_disparities,
    worst_first,
)
from fieldkit.comparison.figures.previous import (
    PreviousComparison,
    PreviousRow,
    against_previous,
)
from fieldkit.comparison.figures.tables import (
    GradeTable,
    SelfAssessedTable,
    check_sum,
    direction_mark,
)
from fieldkit.comparison.figures.verdict import Agreement, Group, agree, by_criterion
from fieldkit.comparison.inputs import (
    INSPECTORS_ONLY,
    NOT_APPLICABLE,
    NOT_JUDGED,
    NOT_REVEALED,
    SELF_ASSESSED,
    STATES,
    UNABLE,
    UNMATCHED,
    ComparedCase,
    CriterionJudged,
    CriterionPair,
    ForceChange,
    ForceRowView,
    PreviousInspection,
    ProblemView,
)
from fieldkit.comparison.numbers import direction_sentence, published_sentence
from fieldkit.comparison.output.csv_output import disparities_to_csv, to_csv
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text import to_text
from fieldkit.comparison.rules import Rules, standard_rules

__all__ = [
    "INSPECTORS_ONLY",
    "NOT_APPLICABLE",
    "NOT_JUDGED",
    "NOT_REVEALED",
    "SELF_ASSESSED",
    "STATES",
    "UNABLE",
    "UNMATCHED",
    "Agreement",
    "Changed",
    "ComparedCase",
    "Comparison",
    "CriteriaTable",
    "CriterionJudged",
    "CriterionPair",
    "CriterionRow",
    "Disparity",
    "ForceChange",
    "ForceRowView",
    "GradeTable",
    "Group",
    "PreviousComparison",
    "PreviousInspection",
    "PreviousRow",
    "ProblemView",
    "Rules",
    "SelfAssessedTable",
    "TypeRow",
    "TypeTable",
    "against_previous",
    "agree",
    "by_criterion",
    "case_disparities",
    "check_sum",
    "compare",
    "criterion_disparities",
    "direction_mark",
    "direction_sentence",
    "disparities_to_csv",
    "published_sentence",
    "standard_rules",
    "to_csv",
    "to_json",
    "to_text",
    "worst_first",
]
