"""The practice inspection is whole, plausible, and the same on every machine."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import asdict
from datetime import date

import pytest

from fieldkit.demo.practice import Practice, practice
from fieldkit.methodology import Methodology, find, load

GRADES = ("good", "requires improvement", "inadequate")


@pytest.fixture(scope="module")
def whole() -> Practice:
    return practice()


@pytest.fixture(scope="module")
def methodology(whole: Practice) -> Methodology:
    return load(whole.methodology)


def test_the_proportions_are_those_of_the_model(whole: Practice) -> None:
    both = [one for one in whole.cases if one["origin"] == "self-assessed"]
    alone = [one for one in whole.cases if one["origin"] == "inspectors"]
    assert (len(whole.cases), len(both), len(alone)) == (97, 33, 64)

    def counts(words: list[str]) -> tuple[int, ...]:
        return tuple(Counter(words)[grade] for grade in GRADES)

    assert counts([one["force_grade"] for one in both]) == (17, 8 + 5, 3)
    assert counts([one["overall"] for one in both]) == (9, 8 + 7 - 1, 10)
    assert counts([one["overall"] for one in alone]) == (17, 20 + 12, 64 - 17 - 20 - 12)
    assert not any(one["force_grade"] or one["force_rationale"] for one in alone)


def test_it_is_the_same_everywhere(whole: Practice) -> None:
    told = "\n".join(
        f"{one['reference']} {one['force_ref']} {one['overall']}" for one in whole.cases
    )
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == "83767abcbaa666d9"


def test_it_can_be_held_on_another_day(whole: Practice) -> None:
    later = practice(date(2027, 6, 7))
    assert (later.starts, later.today) == ("2027-06-07", "2027-06-09")
    assert [one["overall"] for one in later.cases] == [one["overall"] for one in whole.cases]
    shift = date(2027, 6, 7) - date.fromisoformat(whole.starts)
    for ours, theirs in zip(whole.cases, later.cases, strict=True):
        moved = date.fromisoformat(ours["incident_on"]) + shift
        assert theirs["incident_on"] == moved.isoformat()
        assert theirs["force_ref"].endswith(f"/{moved:%y}")


def test_references_are_of_one_style_and_close_together(whole: Practice) -> None:
    refs = [one["force_ref"] for one in whole.cases]
    assert len(set(refs)) == len({one["reference"] for one in whole.cases}) == 97
    numbers = []
    for ref, case in zip(refs, whole.cases, strict=True):
        found = re.fullmatch(r"71/(\d{5})/(\d\d)", ref)
        assert found and found[2] == case["incident_on"][2:4]
        numbers.append(int(found[1]))
    assert max(numbers) - min(numbers) < 1_500
    assert len(set(numbers)) == 97, "no two differ in the year alone"


def test_words_are_the_methodologys_own(whole: Practice, methodology: Methodology) -> None:
    criteria = {one.key for one in methodology.criteria_on("case")}
    keys = {
        one.key
        for one in (
            *methodology.voice,
            *methodology.timeliness,
            *methodology.supervision,
            *methodology.risk,
        )
    }
    answers = {one.key for one in methodology.answers}
    labels = {one.label for one in methodology.case_types}
    for case in whole.cases:
        assert set(case["types"]) <= labels
        assert case["overall"] in GRADES
        assert set(case["judgments"]) == criteria
        for judged in case["judgments"].values():
            state = judged.get("state", "graded")
            assert (state == "graded") == (judged.get("grade") in GRADES) == ("rationale" in judged)
            assert state == "graded" or methodology.state(state) == state
            assert state != "unable to judge" or judged["reason"]
        assert set(case["audit"]) <= keys | {"context", "notable_practice"}
        for name, value in case["audit"].items():
            if name.startswith(("voice_", "supervision_", "risk_")):
                assert value in answers
    every = {one.key for one in methodology.areas}
    for note in whole.notes.values():
        assert set(note["criteria"]) <= every and note["criteria"]
        assert find(methodology.polarities, note["polarity"])
    for interview in whole.interviews:
        assert find(methodology.source_groups, interview["source_group"])
        assert find(methodology.modes, interview["mode"]) and find(
            methodology.meetings, interview["meeting"]
        )
    assert set(whole.referral["reasons"]) <= {one.key for one in methodology.referral_reasons}
    assert len(whole.referral["reasons"]) == 2
    states = {
        judged.get("state", "graded")
        for case in whole.cases
        for judged in case["judgments"].values()
    }
    assert states == {"graded", "not applicable", "unable to judge"}


def test_nothing_happens_before_its_time(whole: Practice) -> None:
    for case in whole.cases:
        assert case["incident_on"] < whole.starts
        assert "{" not in case["rationale"]
        moments = [value for name, value in case["audit"].items() if name.endswith("_at")]
        assert moments == sorted(moments), "timeliness runs forward"
        assert moments[0][:10] == case["incident_on"]
        told = re.search(r"(\d+) months", case["rationale"])
        ago = (date.fromisoformat(whole.starts) - date.fromisoformat(case["incident_on"])).days
        assert not told or int(told[1]) * 31 < ago, "a delay fits between report and fieldwork"
    places = (*whole.interviews, *whole.observations)
    days = {date.fromisoformat(place["held_on"]).isoformat() for place in places}
    assert min(days) == whole.starts and max(days) == whole.today
    for document in whole.documents:
        asked, received = document["asked_on"], document.get("received_on", whole.today)
        assert asked <= whole.starts and asked < received <= whole.today
        assert document.get("dated", "") < received
    due = [point["action_due"] for point in whole.points if "action_due" in point]
    assert len(due) == 2 and min(due) > whole.today


def test_every_point_rests_on_two_pieces_of_evidence_or_more(
    whole: Practice, methodology: Methodology
) -> None:
    known = {*whole.notes} | {one["reference"] for one in whole.cases}
    assert len(known) == len(whole.notes) + len(whole.cases)
    sorts = set()
    for point in whole.points:
        sorts.add(point["sort"])
        assert methodology.criterion(point["criterion"])
        evidence = [whole.evidence(piece) for piece in point["support"]]
        assert set(evidence) <= known and len(set(evidence)) == len(evidence) >= 2
        assert all("why" in piece for piece in point["support"] if "relation" in piece)
        assert ("agreed_wording" in point) == ("response" in point) == ("outcome" in point)
    assert sorts == {"concern", "notable practice", "to clarify"}
    assert {
        piece.get("relation", "supports") for point in whole.points for piece in point["support"]
    } == {
        "supports",
        "contradicts",
        "context",
    }
    assert sum("agreed_wording" in point for point in whole.points) >= 3


def test_the_referral_is_of_an_inadequate_case(whole: Practice) -> None:
    reference = whole.evidence(whole.referral["case"])
    (case,) = (one for one in whole.cases if one["reference"] == reference)
    assert case["overall"] == "inadequate"
    assert "two children" in case["rationale"]


def test_people_are_roles_and_labels(whole: Practice) -> None:
    told = str(asdict(whole))
    assert not re.search(r"\b(?:Mr|Mrs|Ms|Miss|PC|DC|DS|DI|Insp)\.? [A-Z]", told)
    assert not re.search(r"\b\d{2}/\d{2}/\d{4}\b", told), "no date of birth"
    assert {one["child_label"] for one in whole.cases} == {"child 1"}


def test_the_words_to_search_for_are_found_in_more_than_one_place(whole: Practice) -> None:
    for word in whole.search_words:
        assert sum(word in note["text"] for note in whole.notes.values()) >= 1
        assert sum(word in one["rationale"] for one in whole.cases) >= 1
