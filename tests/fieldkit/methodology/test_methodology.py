"""What a methodology answers: criteria, grades, types, labels, dates and the published sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.methodology import Methodology, canonical, find, load, months_after, versions

EVERY = [load(version) for version in versions()]
every_version = pytest.mark.parametrize("methodology", EVERY, ids=lambda one: one.version)


@every_version
def test_leadership_is_judged_on_the_force_and_overall_comes_last(
    methodology: Methodology,
) -> None:
    on_case = [one.key for one in methodology.criteria_on("case", overall=True)]
    assert "leadership" not in on_case
    assert "leadership" in [one.key for one in methodology.criteria_on("force", overall=True)]
    assert on_case[-1] == "overall"
    assert "overall" not in [one.key for one in methodology.criteria_on("case")]
    judged = {one.key for subject in ("case", "force") for one in methodology.criteria_on(subject)}
    assert judged == {one.key for one in methodology.areas}, "every area is judged on something"


def test_the_areas_stand_in_the_published_order() -> None:
    labels = {one.version: [area.label for area in one.areas] for one in EVERY}
    assert labels["2014"][0] == "Initial contact"
    assert labels["2014"][-1] == "Leadership, management and governance"
    assert labels["2018"] == [
        labels["2014"][-1],
        "Initial contact",
        "Assessment and help",
        "Investigation",
        "Decision-making",
        "Trusted adult",
        "Managing those who pose a risk to children",
        "Police detention",
    ]
    assert labels["2024"] == [
        "Leadership",
        "Partnership working",
        "Initial response",
        "Risk assessment and referral",
        "Investigation",
    ]
    assert load("2018").overall_shown == "first"


@pytest.mark.parametrize(
    ("written", "place"),
    [("1", 0), ("4", 3), (" #8 ", 7), ("0", None), ("9", None), ("04", None), ("four", None)],
)
def test_a_criterion_has_a_number(written: str, place: int | None) -> None:
    words = load("2018")
    expected = None if place is None else words.areas[place]
    assert words.numbered(written) == expected


def test_the_scales_run_from_best_to_worst() -> None:
    assert load("2014").scale_for("case").labels == (
        "good",
        "adequate",
        "requires improvement",
        "inadequate",
    )
    assert load("2018").scale_for("case").labels == ("good", "requires improvement", "inadequate")
    scale = load("2024").scale_for("force")
    assert scale.labels == (
        "outstanding",
        "good",
        "adequate",
        "requires improvement",
        "inadequate",
    )
    assert scale.verified and not load("2024").scale_for("case").verified
    assert load("2018").scale_for("case").steps("inadequate", "good") == 2
    assert load("2018").scale_for("case").steps("good", "requires improvement") == -1


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("RI", "requires improvement"),
        ("Req. Improvement", "requires improvement"),
        ("Requires  improvement", "requires improvement"),
        ("REQUIRES-IMPROVEMENT", "requires improvement"),
        ("GOOD ", "good"),
        ("G", "good"),
        ("\u00a0Inadequate\n", "inadequate"),
        ("I", "inadequate"),
        ("TBC", None),
        ("", None),
        (" ", None),
        ("3", None),
        ("adequate", None),
        ("good / requires improvement", None),
        ("not judged", None),
        ("n/a", None),
    ],
)
def test_grade_words(written: str, means: str | None) -> None:
    assert load("2018").grade(written) == means


def test_adequate_is_a_grade_only_where_the_scale_has_it() -> None:
    assert load("2014").grade("Adequate") == "adequate"
    assert load("2024").grade("adequate") is None
    assert load("2024").grade("adequate", "force") == "adequate"


@every_version
def test_a_state_is_never_a_grade(methodology: Methodology) -> None:
    for state in methodology.states:
        for spelling in state.spellings:
            assert methodology.state(spelling) == state.key
            for subject in ("case", "force"):
                assert methodology.grade(spelling, subject) is None


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("section 46", "Police protection"),
        ("S.46", "Police protection"),
        ("Sec 46", "Police protection"),
        ("police protection", "Police protection"),
        ("CSE", "Child sexual exploitation"),
        ("Child sexual exploitation (CSE)", "Child sexual exploitation"),
        ("s47", "Section 47 enquiries"),
        ("Section 47 enquiry", "Section 47 enquiries"),
        ("County Lines", "Criminal exploitation"),
        ("domestic  ABUSE", "Domestic abuse"),
        ("misper", "Missing children"),
        ("children-detained in police custody", "Children detained in police custody"),
    ],
)
def test_case_types_by_alias(written: str, label: str) -> None:
    found = load("2018").case_type(written)
    assert found is not None and found.label == label


@pytest.mark.parametrize("written", ["", "  ", "()", "burglary", "section 4", "section 467"])
def test_what_is_no_case_type(written: str) -> None:
    assert load("2018").case_type(written) is None


def test_origins_are_read_however_they_are_written() -> None:
    origin = load("2018").origin
    assert [origin("Self-assessed"), origin("self assessed by the force")] == ["self-assessed"] * 2
    assert [origin("inspectors"), origin("Inspectors only")] == ["inspectors"] * 2
    assert origin("someone else") is None


def test_the_safeguarding_body_follows_version_country_and_year() -> None:
    before, after = date(2019, 3, 31), date(2019, 4, 1)
    assert "LSCB" in load("2018").labels("Derbyshire", before).safeguarding_body
    assert "LSCP" in load("2018").labels("Derbyshire", after).safeguarding_body
    assert "LSCB" in load("2014").labels("Derbyshire", after).safeguarding_body
    assert "LSCP" in load("2024").labels("Derbyshire", before).safeguarding_body
    welsh = load("2018").labels("Gwent Police", after)
    assert welsh.safeguarding_body == "regional safeguarding board"
    assert welsh.children_director == "director of social services"
    assert load("2018").is_welsh("Heddlu Dyfed-Powys")
    assert load("2018").is_welsh("dyfed–powys police")
    assert not load("2018").is_welsh("Westshire Constabulary")
    groups = {one.key: one for one in load("2018").source_groups}
    label = load("2018").source_group_label
    assert "LSCP" in label(groups["partnership chair"], "Kent", after)
    assert label(groups["children's services director"], "Gwent", after) == welsh.children_director


def test_the_follow_up_is_timed_from_publication_and_visit() -> None:
    methodology = load("2018")
    published, visit = date(2026, 8, 31), date(2026, 12, 1)
    assert methodology.timing("action plan").due(published) == date(2026, 10, 12)
    assert methodology.timing("revisit").due(published) == date(2027, 2, 28)
    assert methodology.timing("visit notice").due(visit) == date(2026, 11, 17)
    assert methodology.timing("written feedback").due(visit) == date(2026, 12, 22)
    deadlines = {one.key: one.due(published) for one in methodology.deadlines}
    assert deadlines == {
        "immediately": published,
        "within three months": date(2026, 11, 30),
        "within six months": date(2027, 2, 28),
    }


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(-60, 60))
def test_months_after_lands_in_the_right_month(day: date, months: int) -> None:
    there = months_after(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there.day < day.day and months_after(there, 0) == there)
    assert day.day - there.day <= 3


def test_the_published_sentence() -> None:
    assert load("2018").published_sentence(
        {"good": 20, "requires improvement": 31, "inadequate": 28}
    ) == (
        "audited 79 child protection cases "
        "(20 cases were good, 31 required improvement and 28 were inadequate)"
    )
    assert load("2018").published_sentence({"good": 1, "inadequate": 1}) == (
        "audited 2 child protection cases "
        "(1 case was good, 0 required improvement and 1 was inadequate)"
    )
    with pytest.raises(ValueError, match="not judged"):
        load("2018").published_sentence({"good": 1, "not judged": 2})


@every_version
def test_every_list_of_words_finds_its_own(methodology: Methodology) -> None:
    for terms in (
        methodology.case_types,
        methodology.modes,
        methodology.point_sorts,
        methodology.referral_reasons,
        methodology.answers,
    ):
        for term in terms:
            assert find(terms, term.label.upper()) is term
            assert all(find(terms, alias) is term for alias in term.aliases)


@given(st.text(max_size=40))
def test_canonical_is_settled_after_once(written: str) -> None:
    assert canonical(canonical(written)) == canonical(written)
