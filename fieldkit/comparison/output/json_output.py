"""A comparison as plain data for `compare --json`. Keys are for ever; more may be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fieldkit.comparison.agreement.results import BootstrapInterval, ChiSquareTest, Estimate
from fieldkit.comparison.compare import Comparison
from fieldkit.comparison.figures.disparities import Disparity
from fieldkit.comparison.figures.previous import PreviousComparison
from fieldkit.comparison.figures.verdict import Agreement, Group

Data = dict[str, Any]


def to_json(comparison: Comparison) -> Data:
    """Lay a comparison out as data that `json.dumps` takes.

    ``steps`` of a disparity is how many grades apart, never negative; ``direction`` says which
    side is higher. Figures that may not or cannot be given are null, with the reason in ``note``
    or beside them in ``why``.
    """
    table = comparison.self_assessed

    def by_grade(counts: Sequence[int]) -> dict[str, int]:
        return dict(zip(comparison.scale, counts, strict=True))

    return {
        "grades": list(comparison.scale),
        "tables": {
            "self_assessed": {
                "crosstab": {
                    ours: by_grade(row)
                    for ours, row in zip(comparison.scale, table.crosstab, strict=True)
                },
                "force": by_grade(table.force),
                "inspectors": by_grade(table.inspectors),
                "not_judged": {
                    "by_us": table.not_judged_by_us,
                    "by_force": table.not_judged_by_force,
                },
                "cases": table.cases,
                "unmatched": table.unmatched,
                "not_revealed": table.not_revealed,
                "graded_by": dict(table.parts),
                "withdrawn": table.withdrawn,
                "no_force_grade": [
                    {"case": case.reference, "written": case.their_word}
                    for case in comparison.no_force_grade
                ],
                "notes": list(table.notes),
            },
            "inspectors_only": comparison.inspectors_only.by_grade(),
            "type_by_grade": {row.label: by_grade(row.counts) for row in comparison.types.rows},
            "criterion_by_grade": {
                row.label: by_grade(row.counts)
                | {
                    "not judged": row.not_judged,
                    "not applicable": row.not_applicable,
                    "unable to judge": row.unable,
                    "below the force's": row.below_force,
                }
                for row in comparison.criteria.rows
            },
        },
        "not_revealed": {
            "ready": [case.reference for case in comparison.to_reveal],
            "to_be_graded": [case.reference for case in comparison.to_grade],
        },
        "not_judged": {
            "self_assessed": table.not_judged_by_us,
            "inspectors_only": comparison.inspectors_only.not_judged,
            "by_type": {row.label: row.not_judged for row in comparison.types.rows},
        },
        "withdrawn": [case.reference for case in comparison.withdrawn],
        "withdrawn_by": {
            "self_assessed": table.withdrawn,
            "inspectors_only": comparison.inspectors_only.withdrawn,
            "type": {row.label: row.withdrawn for row in comparison.types.rows},
        },
        "sentence": comparison.sentence,
        "disparities": [_disparity(one) for one in comparison.disparities],
        "criterion_disparities": [_disparity(one) for one in comparison.criterion_disparities],
        "changed": [
            {
                "case": change.reference,
                "from": change.initial,
                "to": change.ours,
                "force": change.theirs,
                "force_written": change.their_word,
                "reason": change.reason,
            }
            for change in comparison.changed
        ],
        "force_changes": [
            {
                "case": change.reference,
                "what": change.what,
                "revealed": change.before,
                "now": change.now,
                "counted": "as revealed" if change.as_revealed else "as it is now",
                "sentence": change.sentence,
            }
            for change in comparison.force_changes
        ],
        "agreement": _agreement(comparison.agreement),
        "by_type": _groups(comparison.by_type),
        "by_auditor": _groups(comparison.by_auditor),
        "by_criterion": _groups(comparison.by_criterion),
        "previous": _previous(comparison.previous) if comparison.previous else None,
        "unmatched": {
            "force_rows": [
                {
                    "row": row.row,
                    "sheet": row.sheet,
                    "ref": row.reference,
                    "grade": row.grade,
                    "hidden": row.hidden,
                    "waits_for": row.waits_for or None,
                    "type": row.case_type,
                    "date": row.date,
                }
                for row in comparison.unmatched_rows
            ],
            "our_cases": [case.reference for case in comparison.unmatched_cases],
            "counted_as_revealed": [
                case.reference for case in comparison.unmatched_cases if case.without_row
            ],
            "skipped_rows": [
                {"row": row.row, "sheet": row.sheet, "ref": row.reference, "reason": row.skipped}
                for row in comparison.skipped_rows
            ],
        },
        "problems": [asdict(problem) for problem in comparison.problems],
        "notes": [comparison.types.note] if comparison.types.note else [],
        "checks": list(comparison.checks),
    }


def _disparity(disparity: Disparity) -> Data:
    return {
        "case": disparity.reference,
        "criterion": disparity.criterion or None,
        "ours": disparity.ours,
        "force": disparity.theirs,
        "steps": abs(disparity.steps),
        "direction": "force higher" if disparity.steps > 0 else "force lower",
        "changed": disparity.changed,
        "open_referral": disparity.open_referral,
    }


def _agreement(agreement: Agreement) -> Data:
    kappas = {
        "kappa": agreement.kappa,
        "kappa_linear": agreement.kappa_linear,
        "kappa_quadratic": agreement.kappa_quadratic,
    }
    estimates = kappas | {"ac1": agreement.ac1, "ac2_linear": agreement.ac2}
    return {
        "n": agreement.n,
        "exact": agreement.exact.value,
        "within_one": agreement.within_one.value,
        "kappa": agreement.kappa.value,
        "kappa_linear": agreement.kappa_linear.value,
        "sign_p": agreement.sign.p,
        "note": " ".join(agreement.notes),
        "kappa_quadratic": agreement.kappa_quadratic.value,
        "ac1": agreement.ac1.value,
        "ac2_linear": agreement.ac2.value,
        "standard_errors": {name: estimate.ase for name, estimate in estimates.items()},
        "counts": [list(row) for row in agreement.counts],
        "intervals": {name: _ends(estimate) for name, estimate in kappas.items()}
        | {"kappa_linear_bootstrap": _ends(agreement.interval)},
        "force_higher": agreement.sign.force_higher,
        "force_lower": agreement.sign.force_lower,
        "direction": agreement.direction,
        "bowker": _test(agreement.bowker),
        "stuart_maxwell": _test(agreement.stuart_maxwell),
        "indicative": agreement.indicative,
        "paradox": agreement.paradox,
        "left_out": agreement.not_first,
        "notes": list(agreement.notes),
    }


def _ends(interval: Estimate | BootstrapInterval | None) -> Sequence[float] | None:
    if interval is None or interval.low is None or interval.high is None:
        return None
    return [interval.low, interval.high]


def _test(test: ChiSquareTest) -> Data:
    return {"statistic": test.statistic, "df": test.df, "p": test.p, "why": test.why}


def _groups(groups: Sequence[Group]) -> list[Data]:
    return [
        {
            "label": group.label,
            "n": group.agreement.n,
            "exact": group.agreement.exact.value,
            "within_one": group.agreement.within_one.value,
            "force_higher": group.agreement.sign.force_higher,
            "force_lower": group.agreement.sign.force_lower,
            "kappa_linear": group.agreement.kappa_linear.value,
            "why": group.agreement.kappa_linear.why,
        }
        for group in groups
    ]


def _previous(previous: PreviousComparison) -> Data:
    return {
        "label": previous.label,
        "grades": [asdict(row) for row in previous.rows],
        "before_total": previous.before_total,
        "now_total": previous.now_total,
        "notes": list(previous.notes),
        "checks": list(previous.checks),
    }
