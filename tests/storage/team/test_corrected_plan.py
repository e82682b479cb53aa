"""Central plans a follow-up and corrects it with a reason; every laptop takes it over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.history import conflicts
from fieldkit.inspections import join
from fieldkit.inspections.corrected import held_back
from storage.feed.replay import differences
from storage.history.history import history
from storage.ops import canonical_json
from storage.records import Inspection
from storage.records.inspection import inspections
from storage.trust.roster import PlannedInspection
from storage.trust.roster_document import roster_from_value
from storage.vault.vault import Vault
from tests.storage.team.three import Three

BEFORE = "88888888-2222-4333-8444-555555555555"
PLANNED = PlannedInspection(
    "99999999-2222-4333-8444-555555555555", "Southshire", "2026-07-06", "2026-07-17"
)


def of(vault: Vault) -> Inspection:
    found = vault.read_now(lambda s: s.get(Inspection, PLANNED.id))
    assert found is not None
    return found


def spread(three: Three, planned: PlannedInspection) -> None:
    three.roster(inspections=(planned,), methodology="2018")
    for _ in range(2):
        for one in three.all:
            three.exchange(one)
            one.write_now(join.join_all)


def test_phase_dates_marking_and_methodology_are_corrected_for_all(three: Three) -> None:
    spread(three, PLANNED)
    assert {(of(one).phase, of(one).version) for one in three.all} == {("inspection", "2018")}
    corrected = replace(
        PLANNED,
        ends="2026-07-09",
        phase="review",
        follows=BEFORE,
        marking="OFFICIAL",
        methodology="2024",
        reason="it was planned as an inspection",
    )
    spread(three, corrected)
    for one in three.all:
        found = of(one)
        assert (found.phase, found.follows, found.ends) == ("review", BEFORE, "2026-07-09")
        assert (found.marking, found.version, found.methodology) == ("OFFICIAL", "2024", "2018")
        assert one.read_now(conflicts.listing) == []
        assert one.read_now(lambda s: differences(s.connection())) == []
    last = three.ada.read_now(history, "inspection", PLANNED.id)[-1]
    assert (last.reason or "").endswith("it was planned as an inspection")
    # And back; once a case is graded the scale stays, and it is said.
    spread(three, replace(PLANNED, phase="inspection", methodology="2018", reason="it was right"))
    assert {(of(one).phase, of(one).follows, of(one).version) for one in three.all} == {
        ("inspection", "", "2018")
    }
    case = three.ada.write_now(add_case, PLANNED.id, "SST-001")
    three.ada.write_now(judging.grade, case.id, "investigation", "good")
    three.round()
    three.round()
    spread(three, corrected)
    assert {(of(one).phase, of(one).version) for one in three.all} == {("review", "2018")}
    (told,) = three.ada.read_now(held_back)
    assert "criteria of 2024" in told and "graded by those of 2018" in told


def test_a_laptop_that_joins_later_begins_as_planned(three: Three) -> None:
    spread(three, replace(PLANNED, phase="visit", follows=BEFORE, methodology="2014"))
    found = of(three.ben)
    assert (found.phase, found.follows, found.version) == ("visit", BEFORE, "2014")
    assert found.judged_by == "2014+follow-up"
    # As an earlier fieldkit pins it, so that its making of the record is the same as ours.
    assert found.methodology == "2018"


@pytest.mark.parametrize("later", [{"methodology": "2031"}, {"phase": "joint visit"}])
def test_a_plan_of_a_later_fieldkit_is_held_back_and_keeps_no_other_from_being_joined(
    three: Three, later: dict[str, Any]
) -> None:
    spread(three, PLANNED)
    corrected = replace(PLANNED, ends="2026-07-09", reason="it was short", **later)
    new = replace(corrected, id=BEFORE, force="Eastshire")
    plain = replace(PLANNED, id=PLANNED.id[::-1], force="Northshire")
    three.roster(inspections=(new, corrected, plain), methodology="2018")
    three.exchange(three.ada)
    joined = three.ada.read_now(inspections)
    assert {(one.force, one.phase, one.version, one.ends) for one in joined} == {
        (force, "inspection", "2018", "2026-07-17") for force in ("Southshire", "Northshire")
    }
    assert three.ada.read_now(join.offers) == []
    told = three.ada.read_now(held_back)
    assert [next(iter(later.values())) in one for one in told] == [True, True]
    assert "Eastshire" in told[0] and "Install the fieldkit that central has" in told[0]


def test_an_earlier_roster_says_what_it_said_and_a_later_one_keeps_its_members() -> None:
    plain = PLANNED.value()
    assert plain == {
        "ends": "2026-07-17", "force": "Southshire", "id": PLANNED.id, "starts": "2026-07-06"
    }  # fmt: skip
    later = plain | {"phase": "review", "duration": {"days": 4}}
    document = {
        "t": "roster",
        "org": "O",
        "team": "t",
        "version": 1,
        "issued": "",
        "expires": "",
        "devices": [],
        "methodology": "2018",
        "grace_days": 30,
        "root": "",
        "inspections": [later],
        "central": _central(),
    }
    read = roster_from_value(document)
    (planned,) = read.inspections
    assert (planned.phase, planned.follows) == ("review", "")
    assert canonical_json.dumps(planned.value()) == canonical_json.dumps(later)


def _central() -> dict[str, object]:
    return {
        "kind": "x25519",
        "recipients": ["age1gpy4qtde9j3rgtpljtdvt4k70jzakh04gpa9kjvkecul9mahaqnspp4r62"],
        "sign_pk": "a7f6dfaf8f38b89ba8ce649b594f91e4d01fdc57f9c9493df43b5e50a9987367",
    }
