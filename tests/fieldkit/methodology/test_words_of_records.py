"""The words a methodology offers are words that the records take."""

from __future__ import annotations

import pytest

from fieldkit.methodology import OVERALL, Methodology, load, versions
from storage.records import case, judgment
from storage.records.case import CaseForm
from storage.records.fieldwork import InterviewForm
from storage.records.inspection import InspectionForm
from storage.records.judgment import JudgmentForm
from storage.records.note import NoteForm
from storage.records.point import PointForm
from storage.records.recommendation import RecommendationForm


@pytest.fixture(params=versions())
def methodology(request: pytest.FixtureRequest) -> Methodology:
    return load(request.param)


def test_words_with_one_meaning_are_taken_as_they_stand(methodology: Methodology) -> None:
    here = "an inspection"
    for one in methodology.states:
        JudgmentForm(inspection_id=here, case_id="c", criterion="overall", state=one.key)
    for one in methodology.origins:
        CaseForm(inspection_id=here, reference="WSH-001", origin=one.key)
    for one in methodology.meetings:
        InterviewForm(inspection_id=here, role="inspector", meeting=one.key)
    for one in methodology.polarities:
        NoteForm(inspection_id=here, parent_kind="case", parent_id="c", text="t", polarity=one.key)
    for one in methodology.point_sorts:
        PointForm(inspection_id=here, wording="w", sort=one.key)
    for phase in methodology.phases:
        InspectionForm(force="Westshire", methodology=methodology.version, phase=phase.key)
    for deadline in methodology.deadlines:
        RecommendationForm(inspection_id=here, number=1, wording="w", deadline=deadline.key)
    for one in methodology.recommendation_statuses:
        RecommendationForm(inspection_id=here, number=1, wording="w", status=one.key)


def test_questions_are_fields_of_the_case_audit(methodology: Methodology) -> None:
    known = set(case.CaseAuditForm.model_fields)
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
