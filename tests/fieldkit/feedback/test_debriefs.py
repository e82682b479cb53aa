"""Debriefs: wording frozen, answers and actions, what is new since the last, the sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldkit.casework import judging, referrals
from fieldkit.evidence import points
from fieldkit.evidence.choices import evidence_choices
from fieldkit.evidence.entries import add_document, add_interview
from fieldkit.evidence.notes import add_note, edit_note
from fieldkit.feedback.debriefs.choices import point_choices
from fieldkit.feedback.debriefs.debrief import (
    FrozenError,
    close_debrief,
    exclude_point,
    freeze_wording,
    gather_points,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.debriefs.news import since_last
from fieldkit.feedback.debriefs.prepare import preparation_of, preparation_text
from fieldkit.feedback.debriefs.printed_sheet import sheet_text
from fieldkit.feedback.debriefs.sheet import EMERGING, sheet_of
from fieldkit.service import RefusedError
from storage.feed.replay import differences
from storage.history.undo import NothingToUndoError, undo
from storage.records import Debrief, DebriefPoint, Point
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault

CHIEF = "assistant chief constable, head of public protection"


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def point(vault: Vault, inspection: str, wording: str, sort: str = "concern", on: str = "") -> str:
    return vault.write_now(points.add_point, inspection, wording, sort, on).id


def daily(vault: Vault, inspection: str, day: str = "2026-07-06") -> str:
    return vault.write_now(open_debrief, inspection, "daily", day).id


def told(vault: Vault, debrief: str, point_id: str) -> str:
    return vault.write_now(include_point, debrief, point_id).id


def kept(vault: Vault, record: str) -> DebriefPoint:
    found = vault.read_now(lambda s: s.get(DebriefPoint, record))
    assert found is not None
    return found


def state(vault: Vault, point_id: str) -> str:
    found = vault.read_now(lambda s: s.get(Point, point_id))
    assert found is not None
    return found.state


def test_there_is_one_debrief_of_each_sort_a_day(vault: Vault, inspection: str) -> None:
    first = daily(vault, inspection)
    assert daily(vault, inspection) == first
    for typed in ("6/7/2026", "2026-07-06", "6 July 2026"):
        assert daily(vault, inspection, typed) == daily(vault, inspection, "2026-07-06")
    assert vault.write_now(open_debrief, inspection, "hot", "2026-07-06").id != first
    with pytest.raises(InvalidError, match="“Day” needs a date such as"):
        daily(vault, inspection, "some day")
    with pytest.raises(InvalidError, match="“Sort” can be"):
        vault.write_now(open_debrief, inspection, "weekly", "2026-07-06")


def test_points_keep_their_place_and_can_leave_the_list(vault: Vault, inspection: str) -> None:
    debrief = daily(vault, inspection)
    ids = [point(vault, inspection, text) for text in ("one", "two", "three")]
    places = [told(vault, debrief, one) for one in ids]
    assert told(vault, debrief, ids[0]) == places[0]
    vault.write_now(exclude_point, places[1])
    sheet = vault.read_now(sheet_of, debrief)
    assert [one.wording for one in sheet.points] == ["one", "three"]
    assert [one.wording for one in vault.read_now(point_choices, inspection, "daily", debrief)] == [
        "two"
    ]
    vault.write_now(points.withdraw_point, ids[1], "wrong force")
    with pytest.raises(RefusedError, match="withdrawn"):
        vault.write_now(include_point, debrief, ids[1])
    assert vault.read_now(point_choices, inspection, "daily", debrief) == []


def test_an_agreed_wording_is_frozen(vault: Vault, inspection: str) -> None:
    debrief = daily(vault, inspection)
    made = point(vault, inspection, "Logs are not checked")
    place = told(vault, debrief, made)
    with pytest.raises(RefusedError, match="agreed wording is missing"):
        vault.write_now(freeze_wording, place, " ")
    vault.write_now(freeze_wording, place, "Logs are not checked at night.")
    assert state(vault, made) == "raised"
    vault.write_now(freeze_wording, place, "Logs are not checked at night.")
    for refused in (
        lambda s: freeze_wording(s, place, "All is well."),
        lambda s: exclude_point(s, place),
    ):
        with pytest.raises(FrozenError):
            vault.write_now(refused)
    vault.write_now(points.edit_point, made, wording="Logs are sometimes checked")
    sheet = vault.read_now(sheet_of, debrief)
    assert sheet.points[0].wording == "Logs are not checked at night."


def test_undo_does_not_take_back_what_was_agreed(vault: Vault, inspection: str) -> None:
    place = told(vault, daily(vault, inspection), point(vault, inspection, "Logs"))
    vault.write_now(freeze_wording, place, "Logs.")
    with pytest.raises(NothingToUndoError, match="stays on record"):
        vault.write_now(undo)
    assert kept(vault, place).agreed_wording == "Logs."


def test_the_force_answers_and_acts(vault: Vault, inspection: str) -> None:
    debrief = daily(vault, inspection)
    made = point(vault, inspection, "Logs")
    place = told(vault, debrief, made)
    with pytest.raises(RefusedError, match="“shrugged” is not an outcome"):
        vault.write_now(record_response, place, response="Well.", outcome="shrugged")
    with pytest.raises(InvalidError, match="“Day the action is due” needs"):
        vault.write_now(record_response, place, action="Check", action_due="soon")
    assert (kept(vault, place).response, state(vault, made)) == ("", "open")
    vault.write_now(
        record_response,
        place,
        response="We did not know.",
        outcome="Agreed",
        action="Sergeants check every log",
        action_owner="head of response",
        action_due="2026-07-08",
    )
    assert state(vault, made) == "agreed"
    vault.write_now(close_debrief, debrief, CHIEF)
    vault.write_now(record_response, place, action_done="2026-07-07")
    assert kept(vault, place).action_done == "2026-07-07"
    assert kept(vault, place).response == "We did not know."


def test_a_closed_debrief_stays_as_it_was_said(vault: Vault, inspection: str) -> None:
    debrief = daily(vault, inspection)
    one, other = point(vault, inspection, "Logs"), point(vault, inspection, "Cells")
    place = told(vault, debrief, one)
    with pytest.raises(RefusedError, match="Who was present, by role, is missing"):
        vault.write_now(close_debrief, debrief, "")
    vault.write_now(close_debrief, debrief, CHIEF)
    assert kept(vault, place).agreed_wording == "Logs"
    for refused in (
        lambda s: include_point(s, debrief, other),
        lambda s: exclude_point(s, place),
        lambda s: freeze_wording(s, place, "Cells"),
        lambda s: close_debrief(s, debrief, CHIEF),
    ):
        with pytest.raises(FrozenError):
            vault.write_now(refused)
    closed = vault.read_now(lambda s: s.get(Debrief, debrief))
    assert closed is not None and closed.present == CHIEF and closed.held_at


def test_what_is_new_since_the_last_debrief(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    meeting = vault.write_now(add_interview, inspection, role="constable").id
    old = vault.write_now(add_note, "interview", meeting, "Nobody checks").id
    steady, moved = point(vault, inspection, "Steady"), point(vault, inspection, "Moved")
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good")
    first = vault.read_now(since_last, inspection)
    assert (first.since, first.new) == ("", {"note": 1, "judgment": 1, "interview": 1})
    assert [one.wording for one in first.new_points] == ["Steady", "Moved"]
    assert (first.grades, first.overall, first.changed_points) == (1, 0, ())

    debrief = daily(vault, inspection)
    place = told(vault, debrief, steady)
    vault.write_now(record_response, place, action="Check them", action_owner="sergeants")
    vault.write_now(close_debrief, debrief, CHIEF)
    quiet = vault.read_now(since_last, inspection)
    assert (quiet.held_on, quiet.new, quiet.changed, quiet.grades) == ("2026-07-06", {}, {}, 0)
    assert (quiet.new_points, quiet.changed_points) == ((), ())
    assert [one.action for one in quiet.actions] == ["Check them"]

    vault.write_now(edit_note, old, text="Nobody checks at night")
    vault.write_now(add_note, "interview", meeting, "Another")
    vault.write_now(judging.write, cases["WST-001"], "investigation", rationale="Quick")
    vault.write_now(judging.grade, cases["WST-002"], "investigation", "inadequate")
    link = vault.write_now(points.support, moved, "note", old)
    vault.write_now(points.unsupport, link.id)
    vault.write_now(points.withdraw_point, steady, "the log was found")
    vault.write_now(add_document, inspection, title="Policy", asked_on="2026-07-06")
    vault.write_now(referrals.refer, cases["WST-002"], ["child not seen"], "Not seen since May")
    vault.write_now(record_response, place, action_done="2026-07-07")
    news = vault.read_now(since_last, inspection)
    assert news.new == {"note": 1, "judgment": 1, "document": 1}
    assert news.changed == {"note": 1, "judgment": 1}
    assert (news.grades, news.overall) == (1, 0)
    assert [one.wording for one in news.changed_points] == ["Steady", "Moved"]
    assert news.awaited == ("Policy",)
    assert [one.reference for one in news.referrals] == ["WST-002"]
    assert news.actions == ()


def test_the_sheet_says_what_was_told_and_names_nobody(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    yesterday = daily(vault, inspection)
    place = told(vault, yesterday, point(vault, inspection, "Cells are cold"))
    vault.write_now(
        record_response, place, action="Heat them", action_owner="estates", action_due="2026-07-09"
    )
    vault.write_now(close_debrief, yesterday, CHIEF)
    case = cases["WST-002"]
    vault.write_now(judging.grade, case, "investigation", "inadequate")
    judged = vault.read_now(evidence_choices, inspection)[0]
    made = point(vault, inspection, "Investigations stall", "concern", "Investigation")
    vault.write_now(points.support, made, judged.kind, judged.id)
    today = daily(vault, inspection, "2026-07-07")
    agreed = told(vault, today, made)
    told(vault, today, point(vault, inspection, "Good work with schools", "strength"))
    vault.write_now(freeze_wording, agreed, "Some investigations stall.")
    vault.write_now(record_response, agreed, response="Staff are short.", outcome="disputed")
    vault.write_now(referrals.refer, case, ["child not seen"], "Not seen since May")
    text = sheet_text(vault.read_now(sheet_of, today))
    lines = text.splitlines()
    assert lines[0].strip() == lines[-1].strip() == "OFFICIAL-SENSITIVE"
    assert lines[0].index("O") > 25
    for expected in (
        "Daily debrief: Westshire Constabulary, 7 July 2026",
        "Not held yet.",
        EMERGING,
        "  - Heat them (estates, by 9 July 2026, promised 6 July 2026)",
        "Points: 1 concern\n",
        "1. Concern, Investigation\n   Some investigations stall.\n   The force's response: Staff "
        "are short.\n   Outcome: disputed",
        "Cases referred back and not closed: 1",
    ):
        assert expected in text
    for ours in (vault.person.name, "Good work", "rests", "Thin", "method", "not agreed"):
        assert ours not in text
    sheet = vault.read_now(sheet_of, today)
    assert sheet.left_out == ("Not on the sheet, as the wording is not agreed yet: point 2.",)
    prepared = preparation_text(vault.read_now(preparation_of, today))
    for expected in (
        "For us alone",
        "It rests on 1 case audit (1 inadequate). Thin: 1 method, 1 source group, 1 inspector.",
        "2. Strength (not told yet)\n   Good work with schools\n   Nothing supports it yet.",
        "Our draft reads: Investigations stall",
        "Not on the sheet, as the wording is not agreed yet: point 2.",
    ):
        assert expected in prepared


def test_the_hot_debrief_gathers_what_was_agreed_or_carried_strengths_first(
    vault: Vault, inspection: str
) -> None:
    day = daily(vault, inspection)
    wordings = {
        "Custody": ("concern", "police_detention", {"outcome": "carried"}),
        "Calls": ("concern", "initial_contact", {"outcome": "agreed", "response": "We know."}),
        "Schools": ("strength", "police_detention", {"outcome": "agreed"}),
        "Leaders": ("strength", "leadership", {"outcome": "disputed"}),
        "Ward": ("concern", "leadership", {}),
    }
    ids = {
        text: point(vault, inspection, text, sort, key) for text, (sort, key, _) in wordings.items()
    }
    point(vault, inspection, "Never told")
    for text, (_, _, answer) in wordings.items():
        place = told(vault, day, ids[text])
        if text in ("Calls", "Custody"):
            words = "Some calls wait." if text == "Calls" else text
            vault.write_now(freeze_wording, place, words)
        vault.write_now(record_response, place, **answer)
    vault.write_now(close_debrief, day, CHIEF)
    next_day = daily(vault, inspection, "2026-07-07")
    offered = vault.read_now(point_choices, inspection, "daily", next_day)
    assert [one.wording for one in offered] == ["Custody", "Never told"]
    unbegun = vault.read_now(point_choices, inspection, "hot", "")
    assert [one.wording for one in unbegun] == [
        "Custody", "Some calls wait.", "Schools", "Leaders", "Ward", "Never told",
    ]  # fmt: skip
    hot = vault.write_now(open_debrief, inspection, "hot", "2026-07-17").id
    offered = vault.read_now(point_choices, inspection, "hot", hot)
    assert [one.wording for one in offered] == ["Leaders", "Ward", "Never told"]
    told(vault, hot, ids["Leaders"])
    sheet = vault.read_now(sheet_of, hot)
    listed = ["Leaders", "Schools", "Some calls wait.", "Custody"]
    assert [(one.number, one.wording) for one in sheet.points] == list(enumerate(listed, 1))
    text = sheet_text(sheet)
    assert text.index("1. Strength") < text.index("Some calls wait.") < text.index("Custody")
    assert "Leaders" not in text, "it is disputed and not told here yet"
    assert "The force's response on 6 July 2026: We know." in text and EMERGING in text
    vault.write_now(exclude_point, sheet.points[1].id)
    assert vault.write_now(open_debrief, inspection, "hot", "2026-07-17").id == hot
    assert len(vault.read_now(sheet_of, hot).points) == 3, "what was left out stays out"
    vault.write_now(gather_points, hot)
    assert len(vault.read_now(sheet_of, hot).points) == 4
