"""What a visit, a review and a re-inspection are, and the four aims beside the criteria."""

from __future__ import annotations

import pytest

from fieldkit.methodology import load, load_known, versions
from fieldkit.methodology.follow_up import EVERY, NO_AUDITS, OF_CONCERN, activity, aims
from fieldkit.methodology.loader import FOLLOW_UP, MethodologyError
from storage.records.inspection import FOLLOW_UP as OF_RECORD
from storage.records.inspection import PHASES


def test_each_phase_consists_of_what_the_methodology_names() -> None:
    assert activity("inspection") is None and activity("thematic") is None
    visit, review, whole = (activity(one) for one in PHASES[1:])
    assert visit and review and whole
    assert [one.audits for one in (visit, review, whole)] == [NO_AUDITS, OF_CONCERN, EVERY]
    assert [one.all_areas for one in (visit, review, whole)] == [False, False, True]
    assert [one.key for one in visit.interviews] == [
        "discussion",
        "chief officers",
        "pvp lead",
        "frontline",
        "partnership chair",
        "children's services director",
    ]
    assert [one.key for one in review.documents] == [
        "updated action plan",
        "progress reports",
        "policies and procedures",
        "minutes",
        "internal audits",
        "performance information",
        "problem profiles",
    ]
    assert set(visit.documents) < set(review.documents) == set(whole.documents)
    groups = {one.key for one in load("2018").source_groups}
    assert {one.group for one in review.interviews} - {""} <= groups


def test_phases_and_activities_agree() -> None:
    for phase in load("2018").phases:
        said = activity(phase.key)
        assert phase.audits == (said.audits if said else EVERY)


def test_a_version_that_nobody_knows_is_refused_however_long() -> None:
    for version in ("2031", f"2018{FOLLOW_UP * 2}", f"2018{FOLLOW_UP * 5000}"):
        assert load_known(version) is None
        with pytest.raises(MethodologyError):
            load(version)


@pytest.mark.parametrize("version", versions())
def test_the_four_aims_are_criteria_of_a_follow_up_alone(version: str) -> None:
    plain, follow_up = load(version), load(f"{version}{FOLLOW_UP}")
    assert load_known(f"{version}{FOLLOW_UP}") == follow_up
    assert follow_up.areas[-4:] == aims()
    assert [one.key for one in follow_up.areas[:-4]] == [one.key for one in plain.areas]
    assert {"force"} == {subject for one in aims() for subject in one.judged_on}
    assert all("force" in one.judged_on for one in follow_up.areas)
    assert follow_up.criteria_on("case") != () and [
        one.key for one in follow_up.criteria_on("case")
    ] == [one.key for one in plain.criteria_on("case")]
    assert not {one.key for one in aims()} & {one.key for one in plain.areas}


def test_the_word_that_asks_for_it_is_one() -> None:
    assert FOLLOW_UP == OF_RECORD
