"""Leaving the site: what is open, the reason, changes afterwards, states and corrections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fieldkit.casework import judging, referrals
from fieldkit.casework.cases import add_case, withdraw_case
from fieldkit.casework.queries import ask
from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview, edit_entry
from fieldkit.evidence.notes import add_note
from fieldkit.feedback.debriefs.debrief import (
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.feedback.leaving import StillOpen, leave, still_open
from fieldkit.inspections.home import home
from fieldkit.inspections.states import change_state, changed_afterwards, changed_text, steps
from fieldkit.service import RefusedError
from storage.errors import ReasonNeededError
from storage.feed import drafts
from storage.feed.replay import differences
from storage.history.history import history
from storage.history.undo import NothingToUndoError, undo
from storage.records import Case, Disclosure, Inspection, KnownName, Receipt
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague

LATER = 4 * 10**12
"""Milliseconds since 1970, long after any clock of a test."""


def opened(vault: Vault, inspection: str) -> dict[str, StillOpen]:
    return {one.what: one for one in vault.read_now(still_open, inspection)}


@pytest.fixture
def left(vault: Vault, inspection: str, cases: dict[str, str]) -> dict[str, str]:
    """Cases, a point and an interview, all written before the team left the site."""
    point = vault.write_now(points.add_point, inspection, "Logs wait", "concern").id
    met = vault.write_now(add_interview, inspection, role="sergeant").id
    vault.write_now(judging.grade, cases["WST-002"], "investigation", "good")
    vault.write_now(leave, inspection, "the rest is done from the office")
    return {**cases, "point": point, "interview": met}


def test_everything_open_is_named_with_its_key(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    assert set(opened(vault, inspection)) == {"cases", "unsent", "backup"}
    vault.write_now(drafts.save, "case/x", "text", "WST-001, note", "half a")
    vault.write_now(add_note, "inspection", inspection, "look at this")
    vault.write_now(add_note, "inspection", inspection, "sorted", polarity="concern")
    point = vault.write_now(points.add_point, inspection, "Logs wait", "concern").id
    vault.write_now(withdraw_case, cases["WST-004"], "a duplicate")
    vault.write_now(judging.grade, cases["WST-001"], "overall", "good", allow_open=True)
    raised = vault.write_now(referrals.refer, cases["WST-001"], ["no supervision"], "nobody")
    vault.write_now(referrals.step, raised.id, "told", whom="DCI")
    vault.write_now(add_document, inspection, title="Policy", asked_on="1 July 2026")
    vault.write_now(add_document, inspection, title="Minutes", received_on="1 July 2026")
    found = opened(vault, inspection)
    assert {what: (one.count, one.names) for what, one in found.items()} == {
        "drafts": (1, ("WST-001, note",)),
        "remarks": (1, ()),
        "cases": (2, ("WST-002", "WST-003")),
        "points": (1, ("1 Logs wait",)),
        "referrals": (1, ("WST-001",)),
        "documents": (1, ("Document: Policy",)),
        "unsent": (found["unsent"].count, ()),
        "backup": (1, ()),
    }
    assert all(one.key and one.command.startswith("fieldkit ") for one in found.values())
    debrief = vault.write_now(open_debrief, inspection, "daily", "2026-07-06").id
    told = vault.write_now(include_point, debrief, point)
    vault.write_now(freeze_wording, told.id, "Logs wait")
    vault.write_now(
        record_response, told.id, outcome="disputed", action="a new sheet", action_owner="Supt"
    )
    vault.write_now(referrals.step, raised.id, "acknowledged", whom="DCI")
    found = opened(vault, inspection)
    assert found["disputed"].names == ("Logs wait",)
    assert found["actions"].names == ("a new sheet (Supt)",)
    assert "referrals" not in found


def test_leaving_with_something_open_needs_a_reason(vault: Vault, inspection: str) -> None:
    with pytest.raises(RefusedError, match=r"Still open: .*not sent; backup: none yet"):
        vault.write_now(leave, inspection)
    vault.write_now(leave, inspection, "the bundle goes tonight")
    (step,) = vault.read_now(steps, inspection)
    assert (step.before, step.after, step.who, step.reason) == (
        "fieldwork",
        "left site",
        vault.person.name,
        "the bundle goes tonight",
    )
    assert vault.read_now(home, inspection).state == "left site"
    with pytest.raises(RefusedError, match="not in fieldwork"):
        vault.write_now(leave, inspection, "again")


WRITES: dict[str, Callable[[Any, dict[str, str]], object]] = {
    "a grade": lambda s, of: judging.grade(s, of["WST-001"], "investigation", "good"),
    "a grade with criteria open": lambda s, of: judging.grade(
        s, of["WST-001"], "overall", "good", allow_open=True
    ),
    "a rationale": lambda s, of: judging.write(s, of["WST-001"], "investigation", rationale="x"),
    "a case": lambda s, of: add_case(s, _inspection(s, of), reference="WST-099"),
    "a note": lambda s, of: add_note(s, "interview", of["interview"], "more"),
    "an interview": lambda s, of: edit_entry(s, "interview", of["interview"], agreed="agreed"),
    "a point": lambda s, of: points.edit_point(s, of["point"], wording="Logs wait for days"),
    "a support": lambda s, of: points.support(s, of["point"], "interview", of["interview"]),
    "a referral": lambda s, of: referrals.refer(s, of["WST-001"], ["no supervision"], "nobody"),
    "a debrief": lambda s, of: open_debrief(s, _inspection(s, of), "daily", "2026-07-06"),
    "an assessment": lambda s, of: judging.assess(
        s, _inspection(s, of), "leadership", "good", rationale="x"
    ),
    "a deletion": lambda s, of: s.delete(s.get(Case, of["WST-003"])),
}


def _inspection(s: Any, of: dict[str, str]) -> str:
    return str(s.get(Case, of["WST-001"]).inspection_id)


@pytest.mark.parametrize("state", ["left site", "published", "followed up"])
def test_afterwards_every_change_carries_a_reason(
    vault: Vault, inspection: str, left: dict[str, str], state: str
) -> None:
    if state != "left site":
        vault.write_now(change_state, inspection, state, "a trial")
    for write in WRITES.values():
        with pytest.raises(ReasonNeededError, match="Nothing was changed"):
            vault.write_now(write, left)
    before = len(vault.read_now(history, "case", left["WST-001"]))
    vault.author.reason = "typed from paper"
    for write in (WRITES["a grade"], WRITES["a note"], WRITES["a deletion"]):
        vault.write_now(write, left)
    judged = vault.read_now(history, "judgment", judgment_id(left["WST-001"], "investigation"))
    assert judged[-1].reason == "typed from paper"
    assert len(vault.read_now(history, "case", left["WST-001"])) == before
    # What has a reason of its own keeps it.
    vault.write_now(points.withdraw_point, left["point"], "the log was found")
    assert vault.read_now(history, "point", left["point"])[-1].reason == "the log was found"
    vault.author.reason = ""
    vault.write_now(points_of_their_own, left["WST-002"])
    assert vault.read_now(lambda s: differences(s.connection())) == []


def points_of_their_own(s: Any, case: str) -> None:
    withdraw_case(s, case, "a duplicate")


def test_sending_looking_and_asking_need_no_reason(
    vault: Vault, inspection: str, left: dict[str, str]
) -> None:
    vault.author.consult("case", left["WST-001"])
    vault.write_now(
        lambda s: s.add_all(
            [
                Disclosure.make(
                    inspection_id=inspection, what="b", recipient="central", at="2026-07-06"
                ),
                Receipt.make(central="aa", at="2026-07-06"),
            ]
        )
    )
    vault.write_now(lambda s: s.add(KnownName.make(inspection_id=inspection, name="Ada")))
    vault.write_now(ask, left["WST-002"], "investigation", "how sure are you?")
    vault.write_now(drafts.save, "case/x", "text", "WST-001, note", "half a")
    assert vault.read_now(changed_afterwards, inspection) == []


def test_another_inspection_asks_for_nothing(vault: Vault, left: dict[str, str]) -> None:
    vault.write_now(
        lambda s: s.add(Inspection.make(id="other", force="Eastshire", methodology="2018"))
    )
    vault.write_now(add_case, "other", reference="EST-001")


def test_a_colleague_who_has_not_heard_of_it_is_taken_in_and_named(
    vault: Vault, inspection: str, left: dict[str, str]
) -> None:
    bea = Colleague("bb" * 8)
    early = bea.write(("point", left["point"]), {"criterion": "investigation"}, ms=1000)
    late = bea.write(("point", left["point"]), {"wording": "Logs wait for days"}, ms=LATER)
    vault.write_now(bea.hand_over, [early, late])
    (line,) = vault.read_now(points.point_lines, inspection)
    assert (line.wording, line.criterion) == ("Logs wait for days", "investigation")
    (changed,) = vault.read_now(changed_afterwards, inspection)
    assert (changed.kind, changed.who, changed.reason) == ("point", "colleague", "")
    assert "had not heard of it" in changed.words
    vault.author.reason = "typed from paper"
    vault.write_now(add_note, "interview", left["interview"], "more")
    both = vault.read_now(changed_afterwards, inspection)
    assert changed_text(both) == (
        "Changed after leaving the site: 2 records, 1 of them without a reason"
    )


def test_states_go_on_step_by_step_and_are_corrected_with_a_reason(
    vault: Vault, inspection: str, left: dict[str, str]
) -> None:
    vault.write_now(change_state, inspection, " Published ")
    for state, match in (
        ("fieldwork", r"reason .* missing"),
        ("left site", r"reason .* missing"),
        ("published", "already"),
        ("over", "not a state"),
    ):
        with pytest.raises(RefusedError, match=match):
            vault.write_now(change_state, inspection, state)
    vault.write_now(change_state, inspection, "fieldwork", "a day was added")
    assert [(one.before, one.after, one.reason) for one in vault.read_now(steps, inspection)] == [
        ("fieldwork", "left site", "the rest is done from the office"),
        ("left site", "published", ""),
        ("published", "fieldwork", "a day was added"),
    ]
    vault.write_now(add_note, "interview", left["interview"], "more")
    assert vault.read_now(changed_afterwards, inspection) == []
    with pytest.raises(RefusedError, match=r"reason .* missing"):
        vault.write_now(change_state, inspection, "published")
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_undo_does_not_take_a_step_back(vault: Vault, left: dict[str, str]) -> None:
    with pytest.raises(NothingToUndoError, match="stays on record"):
        vault.write_now(undo)
