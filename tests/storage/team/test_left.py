"""One laptop leaves the site while a colleague, who has not heard of it, goes on writing."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.feedback.leaving import leave
from fieldkit.inspections import inspections
from fieldkit.inspections.states import change_state, changed_afterwards, steps
from fieldkit.service import existing
from storage.errors import ReasonNeededError
from storage.feed.replay import differences
from storage.records import Case, Inspection
from storage.records.lookup import records_in
from tests.storage.team.three import Three


def begin(session: Session) -> str:
    return inspections.create(session, force="Southshire", methodology="2018").id


def test_what_a_colleague_wrote_meanwhile_is_taken_in_and_named(three: Three) -> None:
    of = three.ada.write_now(begin)
    three.exchange(three.ada)
    three.exchange(three.ben)
    three.ada.write_now(leave, of, "the rest is done from the office")
    three.ben.write_now(add_case, of, reference="SST-001")
    for _ in range(2):
        for one in (three.ada, three.ben):
            three.exchange(one)
    for one in (three.ada, three.ben):
        assert one.read_now(lambda s: [case.reference for case in records_in(s, Case, of)]) == [
            "SST-001"
        ]
        (changed,) = one.read_now(changed_afterwards, of)
        assert (changed.label, changed.who, changed.reason) == ("SST-001", "Ben", "")
        assert one.read_now(lambda s: differences(s.connection())) == []
    # Ben has heard of it now, and is asked; the correction of the state reaches both.
    with pytest.raises(ReasonNeededError):
        three.ben.write_now(add_case, of, reference="SST-002")
    three.ben.write_now(change_state, of, "fieldwork", "a day was added")
    three.exchange(three.ben)
    three.exchange(three.ada)
    assert three.ada.read_now(lambda s: existing(s, Inspection, of).state) == "fieldwork"
    assert [one.who for one in three.ada.read_now(steps, of)] == ["Ada", "Ben"]
    three.ada.write_now(add_case, of, reference="SST-003")
