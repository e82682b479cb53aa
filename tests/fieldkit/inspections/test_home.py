from __future__ import annotations

from dataclasses import replace

from fieldkit.casework import judging, referrals
from fieldkit.casework.cases import add_case, allocate_case, withdraw_case
from fieldkit.history import conflicts
from fieldkit.inspections import home as overview
from fieldkit.inspections import inspections
from fieldkit.inspections.frame import frame
from storage.feed import drafts
from storage.records import Disclosure
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague


def home(vault: Vault, inspection: str) -> overview.Overview:
    """The overview; what the page shows first is the same without what takes longest."""
    found = vault.read_now(overview.home, inspection)
    lean = vault.read_now(overview.home, inspection, full=False)
    assert lean == replace(found, look_again=0, changed_today=0)
    return found


def test_an_empty_inspection_says_how_to_begin(vault: Vault, inspection: str) -> None:
    found = home(vault, inspection)
    assert (found.cases, found.done, found.open, found.mine) == (0, 0, 0, 0)
    assert found.next == "Add the first case, or import the list of cases."
    assert found.marking == "OFFICIAL-SENSITIVE"


def test_a_visit_is_led_to_its_areas_and_not_to_cases(vault: Vault) -> None:
    made = vault.write_now(inspections.create, force="Westshire", methodology="2018", phase="visit")
    found = home(vault, made.id)
    assert found.next == "See the areas that this visit looks at; it audits no case."
    assert found.next_page == "follow_up"


def test_counts_leave_out_what_was_withdrawn(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(withdraw_case, cases["WST-004"], "a duplicate")
    vault.write_now(judging.grade, cases["WST-001"], "overall", "good", allow_open=True)
    vault.write_now(judging.set_state, cases["WST-002"], "overall", "unable to judge", "no file")
    found = home(vault, inspection)
    assert (found.cases, found.withdrawn, found.done, found.open) == (3, 1, 2, 1)
    assert found.changed_today == 4


def test_mine_are_the_open_cases_given_to_me_by_id_or_name(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(allocate_case, cases["WST-001"], vault.person.id)
    vault.write_now(allocate_case, cases["WST-002"], vault.person.name.upper())
    vault.write_now(allocate_case, cases["WST-003"], "somebody else")
    vault.write_now(judging.grade, cases["WST-001"], "overall", "good", allow_open=True)
    found = home(vault, inspection)
    assert (found.open, found.mine) == (3, 1)
    assert found.next == "Judge WST-002 (0 of 7 criteria done)."


def test_unsent_counts_records_and_leaves_keys_apart(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    assert home(vault, inspection).unsent_of == {"case": 4, "inspection": 1}
    feed = f"{vault.author.device}/1/main"
    vault.write_now(
        lambda s: s.add(
            Disclosure.make(what="b", recipient="central", at="2026-07-06", covers={feed: 5})
        )
    )
    assert home(vault, inspection).unsent == 0
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good")
    assert home(vault, inspection).unsent_of == {"judgment": 1}


def test_the_next_thing_is_the_child_at_risk_then_what_could_be_lost_then_the_work(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    assert home(vault, inspection).next == "4 open cases are allocated to nobody."
    vault.write_now(allocate_case, cases["WST-003"], vault.person.id)
    vault.write_now(judging.grade, cases["WST-003"], "investigation", "good")
    assert home(vault, inspection).next == "Judge WST-003 (1 of 7 criteria done)."
    vault.write_now(drafts.save, "new-note/x", "text", "a note", "half")
    assert home(vault, inspection).next == "1 text typed before waits to be finished."
    raised = vault.write_now(referrals.refer, cases["WST-001"], ["child not seen"], "")
    assert home(vault, inspection).next.startswith("Tell the force about WST-001: raised 0 min ago")
    vault.write_now(referrals.step, raised.id, "told", whom="duty inspector")
    found = home(vault, inspection)
    assert found.next == "Ask the force about WST-001: told 0 min ago, not acknowledged."
    assert [one.reference for one in found.referrals] == ["WST-001"]


def test_everything_judged_and_sent_is_said(vault: Vault, inspection: str) -> None:
    case = vault.write_now(add_case, inspection, "A-1")
    vault.write_now(judging.grade, case.id, "overall", "good", allow_open=True)
    assert home(vault, inspection).next == "Every case is judged. 3 records are not sent yet."
    feed = f"{vault.author.device}/1/main"
    vault.write_now(
        lambda s: s.add(
            Disclosure.make(what="b", recipient="central", at="2026-07-06", covers={feed: 99})
        )
    )
    assert home(vault, inspection).next == "Every case is judged and everything is sent."


def test_two_answers_are_counted_as_their_page_lists_them(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good", rationale="seen")
    assert home(vault, inspection).conflicts == 0
    colleague = Colleague("aaaa000000000000")
    record = ("judgment", judgment_id(cases["WST-001"], "investigation"))
    theirs = {"grade": "inadequate", "rationale": "not seen"}
    vault.write_now(colleague.hand_over, [colleague.write(record, theirs)])
    # One record, and two things to decide of it.
    found = home(vault, inspection)
    assert found.conflicts == len(vault.read_now(conflicts.listing, inspection)) == 2
    assert found.next == "2 conflicts wait for a decision."
    assert ("two answers", "2") in vault.read_now(frame, inspection).alarms
    assert found.conflicts_elsewhere == ""


def test_conflicts_of_another_inspection_are_named_apart(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    vault.write_now(judging.grade, cases["WST-001"], "investigation", "good")
    colleague = Colleague("aaaa000000000000")
    record = ("judgment", judgment_id(cases["WST-001"], "investigation"))
    vault.write_now(colleague.hand_over, [colleague.write(record, {"grade": "inadequate"})])
    other = vault.write_now(inspections.create, force="Northshire", methodology="2018")
    found = home(vault, other.id)
    assert found.conflicts == 0
    assert found.conflicts_elsewhere == "1 more in Westshire Constabulary, inspection"
    assert vault.read_now(frame, other.id).alarms == ()
    assert vault.read_now(conflicts.listing, other.id) == []
