"""The words a methodology offers are words that the records take."""

from __future__ import annotations

import pytest

from fieldkit.methodology import OVERALL, Methodology, load, versions
from storage.records import (
    Case,
    CaseAudit,
    Inspection,
    Interview,
    Judgment,
    Note,
    Point,
    Recommendation,
    judgment,
)


@pytest.fixture(params=versions())
def methodology(request: pytest.FixtureRequest) -> Methodology:
    return load(request.param)


def test_words_with_one_meaning_are_taken_as_they_stand(methodology: Methodology) -> None:
    here = "an inspection"
    for one in methodology.states:
        Judgment.make(inspection_id=here, case_id="c", criterion="overall", state=one.key)
    for one in methodology.origins:
        Case.make(inspection_id=here, reference="WSH-001", origin=one.key)
    for one in methodology.meetings:
        Interview.make(inspection_id=here, role="inspector", meeting=one.key)
    for one in methodology.polarities:
        Note.make(inspection_id=here, parent_kind="case", parent_id="c", text="t", polarity=one.key)
    for one in methodology.point_sorts:
        Point.make(inspection_id=here, wording="w", sort=one.key)
    for phase in methodology.phases:
        Inspection.make(force="Westshire", methodology=methodology.version, phase=phase.key)
    for deadline in methodology.deadlines:
        Recommendation.make(inspection_id=here, number=1, wording="w", deadline=deadline.key)
    for one in methodology.recommendation_statuses:
        Recommendation.make(inspection_id=here, number=1, wording="w", status=one.key)
    for one in methodology.recommendation_endings:
        Recommendation.make(inspection_id=here, number=1, wording="w", ended=one.key)


def test_questions_are_fields_of_the_case_audit(methodology: Methodology) -> None:
    known = set(CaseAudit.field_names())
    asked = {
        one.key
        for one in (
            *methodology.voice,
            *methodology.timeliness,
            *methodology.supervision,
            *methodology.risk,
        )
    }
    assert asked <= known
    parts = ("voice_", "supervision_", "risk_")
    fields = {
        name
        for name in known
        if (name.startswith(parts) or name.endswith("_at")) and not name.endswith("_note")
    }
    assert fields == asked, "no field of the audit is left without its question"


def test_the_overall_assessment_has_one_name() -> None:
    assert OVERALL == judgment.OVERALL
