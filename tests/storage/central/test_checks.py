"""What central lets onto a roster: inspections that can be, and one new key at a time."""

from __future__ import annotations

import pytest

from storage.central import Root
from storage.trust.roster import PlannedInspection, RosterError
from tests.storage.conftest import Desk
from tests.storage.travelling import PASSPHRASE

WESTSHIRE = PlannedInspection("i-1", "Westshire", "2026-07-06", "2026-07-17")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (PlannedInspection("i-1", "Westshire", "2026-13-45"), "“2026-13-45” is not a day"),
        (PlannedInspection("i-1", "Westshire", "", "tomorrow"), "“tomorrow” is not a day"),
        (PlannedInspection("i-1", "Westshire", "20260706"), "is not a day"),
        (PlannedInspection("i-1", "Westshire", "2026-07-17", "2026-07-06"), "before it starts"),
        (PlannedInspection("i-1", ""), "no force is named"),
    ],
)
def test_what_cannot_be_planned(desk: Desk, wrong: PlannedInspection, why: str) -> None:
    with pytest.raises(RosterError, match=rf"{why}.*Nothing was changed"):
        desk.central.plan(wrong)
    assert desk.central.proposal is None


def test_a_second_one_of_a_force_and_its_dates_has_to_be_meant(desk: Desk) -> None:
    desk.central.plan(WESTSHIRE)
    again = PlannedInspection("i-2", "WESTSHIRE POLICE", "2026-07-17", "2026-07-20")
    with pytest.raises(RosterError, match=r"i-1, 6 to 17 July 2026.*--second"):
        desk.central.plan(again)
    with pytest.raises(RosterError, match="--second"):
        desk.central.plan(PlannedInspection("i-3", "Westshire"))
    desk.central.plan(again, second=True)
    desk.central.plan(PlannedInspection("i-4", "Westshire", "2027-07-06", "2027-07-17"))
    desk.central.plan(PlannedInspection("i-5", "Eastshire", "2026-07-06", "2026-07-17"))
    # And one that is changed is no second one.
    desk.central.withdraw("i-2")
    desk.central.plan(PlannedInspection("i-1", "Westshire", "2026-07-07", "2026-07-17"))
    assert [one.id for one in desk.central.planned()] == ["i-4", "i-5", "i-1"]


def test_one_is_taken_off_the_next_roster(desk: Desk) -> None:
    desk.central.plan(WESTSHIRE)
    assert desk.central.withdraw("i-1") == WESTSHIRE
    assert desk.central.planned() == ()
    with pytest.raises(RosterError, match="no inspection i-1"):
        desk.central.withdraw("i-1")


def test_one_new_key_waits_for_the_signature_at_a_time(desk: Desk) -> None:
    made = desk.central.rotate()
    for signing in (False, True):
        with pytest.raises(RosterError, match=f"version {made.version} of the roster.*root sign"):
            desk.central.rotate(signing=signing)
    assert len(desk.central.keys.opening()) == 2
    # The key before is named until then, so no time brings one that could go.
    assert desk.central.forgettable_from(0) == ""
    assert desk.central.proposal is not None
    with Root.open(desk.team.folder / "root", PASSPHRASE) as root:
        desk.central.take_roster(root.sign(desk.central.proposal))
    replaced = desk.central.keys.opening()[0].replaced[:10]
    assert desk.central.forgettable_from() > desk.central.forgettable_from(0) > replaced
    desk.central.rotate()
    assert len(desk.central.keys.opening()) == 3
