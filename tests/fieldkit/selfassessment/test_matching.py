"""References made comparable, the exact group, the queue, ties, decisions, and dip samples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.selfassessment.matching.finder import CANDIDATES
from fieldkit.selfassessment.matching.match_plan import (
    OWN_REFERENCE,
    MatchRefused,
    OurCase,
    RowToMatch,
    match,
)
from fieldkit.selfassessment.matching.references import canonical, reference
from tests.fieldkit.selfassessment.dip_samples import SEEDS, STYLES, dip_sample, write

SAME = {
    "42/42099/26": [
        "42 / 42099 / 26", "42-42099-26", "42–42099–26", "42\u00a042099 26", "42\\42099\\26",
        "042/42099/26", "42/042099/26", "42/42099/2026", "42/42O99/26", "Crime no. 42/42099/26",
        "CRIME REF: 42/42099/26", "Ref 42/42099/26", "42/42099/26 (linked)", "42/42099/26/PPN",
        "'42/42099/26", "\uff14\uff12/42099/26", "Crime Number - 42/42099/26", "42/42099/26\u200b",
    ],
    "CRI-2023-000481": [
        "cri/2023/481", "CRI-23-481", "CRI 2023 000481", "CRI-2023-OOO481", "cri2023-481",
    ],
    "421234526": ["421234526.0", " 421234526 ", "0421234526"],
    "13CD/01234/23": ["13cd/1234/23", "13 CD 1234 2023", "13CD-1234-23"],
}  # fmt: skip
OTHER = [
    ("42/42099/26", "42/42909/26"),
    ("42/42099/26", "424/2099/26"),
    ("42/2023/23", "42/23/23"),
    ("CRI-2023-2024", "CRI-2023-24"),
    ("WST/2023/26", "WST/23/26"),
    ("O/123/26", "0/123/26"),
    ("PO1/26", "P1/26"),
    ("42/42099/26", "42/42099/1926"),
]
REFS = st.tuples(
    st.sampled_from(STYLES), st.integers(1, 99_999), st.integers(20, 29)
).map(lambda t: write(*t))  # fmt: skip


@pytest.mark.parametrize(("ref", "written"), [(r, w) for r in SAME for w in SAME[r]])
def test_the_same_reference(ref: str, written: str) -> None:
    assert canonical(written) == canonical(ref)
    assert reference(written).raw == written


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_reference(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text(max_size=40))
def test_any_text_has_a_form_that_is_its_own_form(text: str) -> None:
    form = canonical(text)
    assert form == "" or any(character.isalnum() for character in form)


@given(REFS, REFS)
def test_undamaged_references_are_equal_only_to_themselves(one: str, other: str) -> None:
    assert (canonical(one) == canonical(other)) == (one == other)


def _case(case_id: str, ref: str, kind: str = "DA", date: str | None = "2026-03-01",
          origin: str | None = None) -> OurCase:  # fmt: skip
    return OurCase(case_id, ref, (kind,), date, origin)


def test_equal_and_unique_is_exact() -> None:
    plan = match([RowToMatch(6, "Crime no. 42 / 1234 / 2026", ("DA",), "2026-03-20")],
                 [_case("a", "42/1234/26"), _case("b", "42/1235/26")])  # fmt: skip
    assert [(pair.row, pair.case_id) for pair in plan.exact] == [(6, "a")]
    assert plan.queue == () and plan.unmatched_cases == ("b",)
    assert plan.exact[0].reasons[0].startswith("same reference once signs")


@pytest.mark.parametrize(("row", "case", "because"), [
    (RowToMatch(6, "42/1/26", ("DA",), "2026-04-02"), _case("a", "42/1/26"), "32 days apart"),
    (RowToMatch(6, "42/1/26", ("CSE",), "2026-03-01"), _case("a", "42/1/26"), "CSE there and DA"),
    (RowToMatch(6, "Incident 42/1/26", ("DA",), None), _case("a", "Crime no. 42/1/26"), "incident"),
])  # fmt: skip
def test_a_secondary_mismatch_takes_the_tick_away(
    row: RowToMatch, case: OurCase, because: str
) -> None:
    plan = match([row], [case])
    assert plan.exact == ()
    assert because in plan.queue[0].note
    assert plan.queue[0].candidates[0].case_id == "a"


def test_a_gap_of_31_days_keeps_the_tick() -> None:
    assert match([RowToMatch(6, "42/1/26", ("DA",), "2026-04-01")], [_case("a", "42/1/26")]).exact


def test_origin_counts_only_in_a_list_that_tells_it() -> None:
    row = RowToMatch(6, "42/1/26", ("DA",), "2026-03-01")
    alone = match([row], [_case("a", "42/1/26", origin="inspectors")])
    assert [pair.case_id for pair in alone.exact] == ["a"]
    both = match([row], [_case("a", "42/1/26", origin="inspectors"),
                         _case("b", "42/9/26", origin="self-assessed")])  # fmt: skip
    assert both.exact == () and "inspectors only" in both.queue[0].note


def test_a_reference_twice_on_either_side_is_never_ticked() -> None:
    twice_theirs = match(
        [RowToMatch(6, "42/1/26"), RowToMatch(7, "42/01/26")], [_case("a", "42/1/26")]
    )
    assert twice_theirs.exact == ()
    assert [item.note.split(".")[0] for item in twice_theirs.queue] == [
        "2 rows have this reference"] * 2  # fmt: skip
    assert twice_theirs.queue[0].candidates[0].wanted_by == (7,)
    twice_ours = match([RowToMatch(6, "42/1/26")], [_case("a", "42/1/26"), _case("b", "42-1-26")])
    assert twice_ours.exact == ()
    assert [c.tied for c in twice_ours.queue[0].candidates] == [True, True]
    assert "equally well" in twice_ours.queue[0].note


def test_ties_beyond_the_third_are_counted() -> None:
    cases = [_case(f"c{n}", f"42/1234{n}/26") for n in range(1, 7)]
    item = match([RowToMatch(6, "42/12340/26", ("DA",), "2026-03-01")], cases).queue[0]
    assert len(item.candidates) == CANDIDATES and all(c.tied for c in item.candidates)
    assert "3 more cases fit" in item.note


def test_a_row_without_a_reference_is_offered_the_same_date() -> None:
    rows = [RowToMatch(6, "", ("DA",), "2026-03-01"), RowToMatch(7, "", ("DA",), "2025-01-01")]
    plan = match(rows, [_case("a", "42/1/26"), _case("b", "")])
    assert {c.case_id for c in plan.queue[0].candidates} == {"a", "b"}
    assert plan.exact == () and plan.unmatched_rows == (7,)


def test_decisions_take_rows_and_cases_out_of_the_plan() -> None:
    rows = [RowToMatch(6, "42/12340/26"), RowToMatch(7, "42/12341/26")]
    cases = [_case("a", "42/12342/26"), _case("b", "42/12343/26")]
    plan = match(rows, cases, decided={6: "a"})
    assert [item.row for item in plan.queue] == [7]
    assert [c.case_id for c in plan.queue[0].candidates] == ["b"]
    assert match(rows, cases, decided={6: None, 7: "b"}).queue == ()


@pytest.mark.parametrize("decided", [{9: "a"}, {6: "z"}, {6: "a", 7: "a"}])
def test_impossible_decisions_are_refused(decided: dict[int, str | None]) -> None:
    rows = [RowToMatch(6, "42/1/26"), RowToMatch(7, "42/2/26")]
    with pytest.raises(MatchRefused, match=r"\.$"):
        match(rows, [_case("a", "42/1/26")], decided=decided)


@given(st.lists(REFS, max_size=12), st.lists(REFS, max_size=12))
def test_a_plan_has_every_row_once_and_no_case_ticked_twice(
    theirs: list[str], ours: list[str]
) -> None:
    rows = [RowToMatch(n, ref) for n, ref in enumerate(theirs, 2)]
    cases = [OurCase(f"c{n}", ref) for n, ref in enumerate(ours)]
    plan = match(rows, cases)
    placed = [pair.row for pair in plan.exact] + [item.row for item in plan.queue]
    assert sorted(placed) == [row.row for row in rows]
    ticked = [pair.case_id for pair in plan.exact]
    assert len(ticked) == len(set(ticked))
    offered = {c.case_id for item in plan.queue for c in item.candidates}
    assert not offered & set(ticked)
    assert all(len(item.candidates) <= CANDIDATES for item in plan.queue)
    assert set(plan.unmatched_cases) == {c.id for c in cases} - offered - set(ticked)


def test_a_reference_that_nothing_confirms_waits_where_a_slip_may_have_made_it() -> None:
    ours = [OurCase("a", "42/41234/26"), OurCase("b", "42/42134/26"), OurCase("c", "42/90000/26")]
    row = RowToMatch(6, "42/41234/26")
    item = match([row], ours).queue[0]
    assert "no date or type confirms it" in item.note and "one slip" in item.note
    assert [c.case_id for c in item.candidates][:2] == ["a", "b"]
    # The neighbour has a row of its own, or something else confirms the reference.
    both = match([row, RowToMatch(7, "42/42134/26")], ours)
    assert [(pair.row, pair.case_id) for pair in both.exact] == [(6, "a"), (7, "b")]
    dated = [OurCase(one.id, one.ref, (), "2026-03-01") for one in ours]
    assert match([RowToMatch(6, "42/41234/26", (), "2026-03-02")], dated).exact
    # A wrong character explains many references, so it takes more than two neighbours.
    near = [OurCase(f"n{n}", f"42/4123{n}/26") for n in range(5, 8)]
    assert match([row], [ours[0], *near[:2]]).exact
    assert not match([row], [ours[0], *near]).exact


@pytest.mark.parametrize(
    ("bare", "most_asked"),
    [
        pytest.param(False, 13, id="with dates and types"),
        # Without a second field, neighbouring references are asked about.
        pytest.param(True, 17, id="references alone"),
    ],
)
def test_dip_samples(bare: bool, most_asked: int) -> None:
    ticked = wrong = true_pairs = true_ticked = in_three = asked = 0
    for seed in SEEDS:
        sample = dip_sample(seed, bare=bare)
        plan = match(sample.rows, sample.cases)
        exact = {pair.row: pair.case_id for pair in plan.exact}
        queue = {item.row: [c.case_id for c in item.candidates] for item in plan.queue}
        asked += len(queue)
        ticked += len(exact)
        wrong += sum(sample.truth[row] != case_id for row, case_id in exact.items())
        for row, case_id in sample.truth.items():
            if case_id is not None:
                true_pairs += 1
                true_ticked += exact.get(row) == case_id
                in_three += exact.get(row) == case_id or case_id in queue.get(row, [])
    figures = (
        f"pre-ticked {true_ticked / true_pairs:.1%} of true pairs, {wrong} of {ticked} wrong, "
        f"truth among three {in_three / true_pairs:.2%}, {asked / len(SEEDS):.1f} rows a sample "
        "left for a person"
    )
    assert wrong <= 0.001 * ticked, figures
    assert true_ticked >= 0.55 * true_pairs, figures
    assert in_three >= 0.97 * true_pairs, figures
    assert asked <= most_asked * len(SEEDS), figures


def test_a_case_of_the_inspectors_is_named_so_also_once_all_others_are_matched() -> None:
    cases = [
        OurCase("a", "42/10001/26", date="2026-02-01", origin="self-assessed"),
        OurCase("b", "42/10002/26", date="2026-02-02", origin="inspectors"),
    ]
    rows = [RowToMatch(2, "42/10001/26"), RowToMatch(3, "42/10002/26")]
    plan = match(rows, cases, decided={2: "a"})
    (item,) = plan.queue
    assert "our list has it as assessed by inspectors only" in item.candidates[0].reasons
    assert "inspectors only" in item.note and plan.exact == ()


def test_a_workbook_that_carries_our_own_references_is_recognised() -> None:
    cases = [OurCase(f"id-{n}", f"42/{4000 + n * 37}/26", own=f"WST-{n:03}") for n in range(1, 9)]
    written = ["WST-001", "wst-002", "WST\u2013003", "WST - 004", "WST-5", "WST\u200b-006"]
    plan = match([RowToMatch(n, ref) for n, ref in enumerate(written, 2)], cases)
    assert {pair.row: pair.case_id for pair in plan.exact} == {
        n + 1: f"id-{n}" for n in range(1, 7)
    }
    assert all(OWN_REFERENCE in pair.reasons for pair in plan.exact)


def test_the_number_of_a_row_is_no_reference_of_ours() -> None:
    cases = [OurCase(f"id-{n}", "", own=str(n)) for n in range(1, 9)]
    assert match([RowToMatch(n, str(n)) for n in range(1, 9)], cases).exact == ()


def test_our_own_reference_and_that_of_another_case_are_asked_about() -> None:
    cases = [OurCase("a", "42/1/26", own="WST-001"), OurCase("b", "WST-001", own="WST-002")]
    plan = match([RowToMatch(2, "WST-001")], cases)
    assert plan.exact == ()
    assert "2 cases of ours" in plan.queue[0].note
