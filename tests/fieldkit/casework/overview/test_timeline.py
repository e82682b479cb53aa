"""The timeline of a case: its order, its spans, and what came before the report."""

from __future__ import annotations

from fieldkit.casework.overview.timeline import timeline
from fieldkit.methodology import load
from storage.records import CaseAudit

WORDS = load("2018")


def audit(**moments: str) -> CaseAudit:
    return CaseAudit.make(inspection_id="i", case_id="c", **moments)


def test_moments_stand_in_their_order_with_the_spans_between() -> None:
    shown = timeline(
        WORDS,
        audit(
            child_seen_at="2024-06-09T11:20+01:00",
            reported_at="2024-06-08T21:40+01:00",
            graded_at="2024-06-08T21:52+01:00",
        ),
    )
    assert [(one.field, one.seconds) for one in shown.moments] == [
        ("reported_at", None),
        ("graded_at", 12 * 60),
        ("child_seen_at", (13 * 60 + 28) * 60),
    ]
    assert shown.summary == "seen 13 h 40"
    assert [one.field for one in shown.missing][:2] == ["deployed_at", "strategy_at"]
    assert not shown.too_early


def test_a_deployment_before_the_report_is_pointed_out() -> None:
    early = audit(reported_at="2024-06-08T21:40+01:00", deployed_at="2024-06-08T21:10+01:00")
    assert [one.field for one in timeline(WORDS, early).too_early] == ["deployed_at"]
    on_the_day = audit(reported_at="2024-06-08", deployed_at="2024-06-08T21:10+01:00")
    assert not timeline(WORDS, on_the_day).too_early
    day_before = audit(reported_at="2024-06-08T12:10+01:00", deployed_at="2024-06-07")
    assert [one.field for one in timeline(WORDS, day_before).too_early] == ["deployed_at"]


def test_no_span_is_told_where_a_time_of_day_is_missing() -> None:
    shown = timeline(WORDS, audit(reported_at="2024-06-08", child_seen_at="2024-06-09T11:20+01:00"))
    assert [one.seconds for one in shown.moments] == [None, None]
    assert shown.seen_after is None and shown.summary == ""


def test_a_case_without_an_audit_has_nothing_recorded() -> None:
    shown = timeline(WORDS, None)
    assert not shown.moments and len(shown.missing) == len(WORDS.timeliness)


def test_a_child_seen_before_the_report_has_no_span() -> None:
    shown = timeline(
        WORDS,
        audit(
            reported_at="2024-06-09T11:20+01:00",
            child_seen_at="2024-06-08T11:20+01:00",
        ),
    )
    assert shown.summary == "" and shown.too_early
