"""Before it leaves: what keeps the written feedback back, what is worth a look, what settles it."""

from __future__ import annotations

import pytest

from fieldkit.casework import judging, referrals
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_observation
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.handover.gather import prepare
from fieldkit.feedback.handover.preflight import Check, NotReadyError, check, refuse_unready
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague

LATER = 4 * 10**12


def rows(vault: Vault, inspection: str) -> dict[str, Check]:
    return {one.what: one for one in vault.read_now(check, inspection) if one.count}


def told(vault: Vault, inspection: str, wording: str, day: str = "2026-07-06") -> tuple[str, str]:
    """The ids of a point and of its place in a debrief, its words frozen."""
    point = vault.write_now(points.add_point, inspection, wording, "concern").id
    debrief = vault.write_now(open_debrief, inspection, "daily", day).id
    place = vault.write_now(include_point, debrief, point).id
    vault.write_now(freeze_wording, place, wording)
    return point, place


def test_an_inspection_with_nothing_in_it_is_in_order(vault: Vault, inspection: str) -> None:
    found = vault.read_now(check, inspection)
    assert {one.sign for one in found} == {"✓"}
    refuse_unready(vault.read_now(prepare, inspection))


def test_a_dispute_without_a_decision_keeps_it_back(vault: Vault, inspection: str) -> None:
    point, place = told(vault, inspection, "Logs wait.")
    vault.write_now(record_response, place, response="That is not so.", outcome="disputed")
    row = rows(vault, inspection)["disputed"]
    assert (row.sign, row.names, row.key) == ("!", ("Logs wait.",), "d")
    with pytest.raises(NotReadyError, match=r"disputed by the force.*Nothing was written"):
        refuse_unready(vault.read_now(prepare, inspection))
    seen = vault.write_now(add_observation, inspection, place="custody").id
    vault.write_now(points.support, point, "observation", seen)
    vault.write_now(record_response, place, outcome="kept with evidence")
    found = rows(vault, inspection)
    assert "disputed" not in found
    assert (found["not_agreed"].sign, found["not_agreed"].count) == ("▲", 1)
    refuse_unready(vault.read_now(prepare, inspection))


def test_a_dispute_is_settled_by_other_words_and_by_withdrawing(
    vault: Vault, inspection: str
) -> None:
    first, place = told(vault, inspection, "Logs wait.")
    second, other = told(vault, inspection, "Nobody reads them.")
    for one in (place, other):
        vault.write_now(record_response, one, outcome="disputed")
    assert rows(vault, inspection)["disputed"].count == 2
    vault.write_now(points.withdraw_point, second, "the log was found")
    debrief = vault.write_now(open_debrief, inspection, "hot", "2026-07-07").id
    again = vault.write_now(include_point, debrief, first).id
    vault.write_now(freeze_wording, again, "Some logs wait.")
    vault.write_now(record_response, again, outcome="agreed")
    assert not {"disputed", "not_agreed"} & rows(vault, inspection).keys()


def test_words_that_two_laptops_tell_differently_keep_it_back(
    vault: Vault, inspection: str
) -> None:
    _, place = told(vault, inspection, "Logs wait.")
    vault.write_now(record_response, place, response="We agree.")
    bea = Colleague("bb" * 8)
    vault.write_now(
        bea.hand_over,
        [bea.write(("debrief_point", place), {"response": "We do not."}, ms=LATER)],
    )
    found = rows(vault, inspection)
    assert (found["unsettled"].sign, found["unsettled"].key) == ("!", "k")
    assert found["conflicts"].sign == "▲"
    with pytest.raises(NotReadyError, match="with two answers"):
        refuse_unready(vault.read_now(prepare, inspection))


def test_the_rest_is_worth_a_look(vault: Vault, inspection: str, cases: dict[str, str]) -> None:
    point = vault.write_now(points.add_point, inspection, "Never told", "strength").id
    vault.write_now(
        points.support,
        point,
        "observation",
        vault.write_now(add_observation, inspection, place="custody").id,
    )
    vault.write_now(judging.grade, cases["WST-001"], "overall", "inadequate", allow_open=True)
    raised = vault.write_now(referrals.refer, cases["WST-001"], ["no supervision"], "nobody")
    found = rows(vault, inspection)
    assert {what: (one.sign, one.count) for what, one in found.items()} == {
        "untold": ("▲", 1),
        "referrals": ("▲", 1),
        "unjudged": ("▲", 3),
        "look_again": ("▲", 1),
    }
    assert found["referrals"].names == ("WST-001 (raised)",)
    vault.write_now(referrals.step, raised.id, "closed", reason="the child is safe")
    assert "referrals" not in rows(vault, inspection)
    judged = ("judgment", judgment_id(cases["WST-001"], "overall"))
    bea = Colleague("bb" * 8)
    vault.write_now(
        bea.hand_over, [bea.write(judged, {"state": "graded", "grade": "good"}, ms=LATER)]
    )
    assert rows(vault, inspection)["conflicts"].count == 1
    refuse_unready(vault.read_now(prepare, inspection))


def test_a_date_of_birth_keeps_it_back_at_its_own_door_and_only_where_it_leaves(
    vault: Vault, inspection: str
) -> None:
    _, place = told(vault, inspection, "Logs wait.")
    vault.write_now(record_response, place, response="She was born on 14 March 2009.")
    row = rows(vault, inspection)["identifiers"]
    assert (row.sign, row.count) == ("!", 1)
    # What leaves is looked through at the door itself, which names each with its key.
    refuse_unready(vault.read_now(prepare, inspection))
    vault.write_now(record_response, place, response="Her age is known.")
    assert "identifiers" not in rows(vault, inspection)
