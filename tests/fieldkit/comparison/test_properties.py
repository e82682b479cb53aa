"""What must hold of every comparison."""

from __future__ import annotations

import csv
import io
import json
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.comparison.compare import Comparison, compare
from fieldkit.comparison.figures.case_types import types_of
from fieldkit.comparison.inputs import ComparedCase
from fieldkit.comparison.output.csv_output import to_csv
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text

SCALES = (
    ("good", "requires improvement", "inadequate"),
    ("good", "adequate", "requires improvement", "inadequate"),
    ("outstanding", "good", "adequate", "requires improvement", "inadequate"),
)
TYPES = ("Domestic abuse", "Missing children", "Police protection")
MODEST = settings(max_examples=25, deadline=None)


@st.composite
def inspections(draw: st.DrawFn) -> tuple[list[ComparedCase], tuple[str, ...]]:
    scale = draw(st.sampled_from(SCALES))
    grade = st.sampled_from([*scale, None])
    cases = []
    for number in range(draw(st.integers(0, 25))):
        own = draw(st.booleans())
        theirs = draw(grade) if own else None
        ours = draw(grade)
        cases.append(
            ComparedCase(
                f"id-{number}",
                f"WST-{number % 20}",  # references may repeat; ids may not
                tuple(draw(st.lists(st.sampled_from(TYPES), max_size=3))),
                "self-assessed" if own else "inspectors only",
                ours,
                draw(grade) if ours else None,
                theirs,
                our_rationale=draw(st.text(max_size=8)),
                their_state=draw(st.sampled_from(["", "not judged", "not revealed"]))
                if own
                else "",
                withdrawn=draw(st.integers(0, 9)) == 0,
                auditor=draw(st.sampled_from(["", "AB", "CD"])),
            )
        )
    return cases, scale


@MODEST
@given(inspections())
def test_all_sums_agree_with_the_cases(given_: tuple[list[ComparedCase], tuple[str, ...]]) -> None:
    cases, scale = given_
    result = compare(cases, scale)
    assert result.checks == ()
    kept = [case for case in cases if not case.withdrawn]
    table = result.self_assessed
    assert table.cases + result.inspectors_only.cases == len(kept)
    assert len(result.withdrawn) == len(cases) - len(kept)
    without = table.not_judged_by_force + table.not_revealed + table.unmatched
    assert sum(table.force) + without == table.cases
    assert sum(table.parts.values()) == table.cases
    assert table.parts["only us"] + table.parts["both"] <= sum(table.inspectors)
    assert sum(table.inspectors) + table.not_judged_by_us == table.cases
    assert table.unmatched == len(result.unmatched_cases)
    assert sum(sum(row.counts) + row.not_judged for row in result.types.rows) == sum(
        len(types_of(case)) for case in kept
    )
    same = sum(table.crosstab[i][i] for i in range(len(scale)))
    assert len(result.disparities) == table.total - same
    higher = sum(one.steps > 0 for one in result.disparities)
    assert higher == sum(table.crosstab[i][j] for i in range(len(scale)) for j in range(i))
    assert sum(group.agreement.n for group in result.by_auditor) == result.agreement.n


@MODEST
@given(inspections(), st.randoms(use_true_random=False))
def test_the_order_of_the_cases_makes_no_difference(
    given_: tuple[list[ComparedCase], tuple[str, ...]], rng: random.Random
) -> None:
    cases, scale = given_
    shuffled = list(cases)
    rng.shuffle(shuffled)
    assert compare(shuffled, scale) == compare(cases, scale)


@MODEST
@given(inspections())
def test_every_output_can_be_written(
    given_: tuple[list[ComparedCase], tuple[str, ...]],
) -> None:
    cases, scale = given_
    result: Comparison = compare(cases, scale)
    json.dumps(to_json(result), allow_nan=False)
    assert max(map(len, to_text(result, 80).splitlines())) <= 80
    widths = {len(line) for line in csv.reader(io.StringIO(to_csv(result)))}
    assert widths == {5}
    rows = [line for line in csv.reader(io.StringIO(to_csv(result))) if line[0] == "difference"]
    assert len(rows) == 5 * len(result.disparities)


@MODEST
@given(inspections())
def test_swapping_the_sides_turns_the_tables_and_the_direction(
    given_: tuple[list[ComparedCase], tuple[str, ...]],
) -> None:
    cases, scale = given_
    both = [case for case in cases if case.ours and case.theirs and not case.withdrawn]
    pairs = [
        ComparedCase(case.case_id, case.reference, ours=a, initial=a, theirs=b)
        for case in both
        for a, b in [(case.ours, case.theirs)]
    ]
    turned = [
        ComparedCase(case.case_id, case.reference, ours=b, initial=b, theirs=a)
        for case in both
        for a, b in [(case.ours, case.theirs)]
    ]
    one, other = compare(pairs, scale), compare(turned, scale)
    assert one.self_assessed.crosstab == tuple(zip(*other.self_assessed.crosstab, strict=True))
    assert one.self_assessed.force == other.self_assessed.inspectors
    assert one.agreement.kappa_linear == other.agreement.kappa_linear
    assert one.agreement.exact == other.agreement.exact
    assert one.agreement.sign.p == other.agreement.sign.p
    assert one.agreement.sign.force_higher == other.agreement.sign.force_lower
    assert sorted(d.steps for d in one.disparities) == sorted(-d.steps for d in other.disparities)
