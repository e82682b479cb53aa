"""Joining the team's inspection takes nothing away that anybody else may have written in."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.history import conflicts
from fieldkit.inspections import inspections, join
from fieldkit.inspections.join import doubles
from fieldkit.inspections.reminders import warnings
from fieldkit.inspections.states import change_state
from fieldkit.service import NotThereError
from storage.feed.replay import differences
from storage.history.deleted import NotDeletedError, bring_back_inspection, deleted_inspections
from storage.records import Case, Inspection, Note
from storage.records.case import case_id
from storage.trust.roster import PlannedInspection
from storage.vault.vault import Vault
from tests.storage.team.three import Three

PLANNED = PlannedInspection(
    "99999999-2222-4333-8444-555555555555", "Southshire", "2026-07-06", "2026-07-17"
)


def begin(session: Session) -> str:
    return inspections.create(
        session, force="Southshire", methodology="2018", starts="2026-07-07", ends="2026-07-10"
    ).id


def enter(session: Session, inspection: str) -> None:
    case = case_id(inspection, "SST-001")
    session.add(Case.make(id=case, inspection_id=inspection, reference="SST-001"))
    session.add(
        Note.make(inspection_id=inspection, parent_kind="case", parent_id=case, text="no record")
    )


def kept(vault: Vault) -> set[str]:
    return {one.id for one in vault.read_now(inspections.listing)}


def delete(vault: Vault, inspection: str) -> None:
    def job(session: Session) -> None:
        session.delete(session.get(Inspection, inspection))

    vault.write_now(job)


def test_a_colleagues_own_inspection_stays_where_another_joins_the_teams(three: Three) -> None:
    adas = three.ada.write_now(begin)
    three.exchange(three.ada)
    three.exchange(three.cas)
    three.ada.write_now(enter, adas)
    three.roster(inspections=(PLANNED,))
    three.exchange(three.cas)
    (offer,) = three.cas.read_now(join.offers)
    assert "Ada has begun one for it" in offer.question
    assert "Ada's stays beside it" in offer.question
    assert "your own" not in offer.question
    three.cas.write_now(join.join, PLANNED.id, beside_own=True)
    three.round()
    three.round()
    for one in three.all:
        assert {adas, PLANNED.id} <= kept(one)
        assert one.read_now(deleted_inspections) == []
        assert one.read_now(lambda s: s.get(Case, case_id(adas, "SST-001"))) is not None


def test_ones_own_empty_one_stays_once_a_colleague_may_have_it(three: Three) -> None:
    own = three.ada.write_now(begin)
    three.exchange(three.ada)
    three.roster(inspections=(PLANNED,))
    three.exchange(three.ada)
    (offer,) = three.ada.read_now(join.offers)
    assert "on other laptops too" in offer.question
    assert "Yours stays beside it" in offer.question
    three.ada.write_now(join.join, PLANNED.id, beside_own=True)
    assert kept(three.ada) == {own, PLANNED.id}


def test_ones_own_empty_one_that_never_left_gives_place(three: Three) -> None:
    three.roster(inspections=(PLANNED,))
    three.exchange(three.ada)
    delete(three.ada, PLANNED.id) if PLANNED.id in kept(three.ada) else None
    three.ada.write_now(begin)
    (offer,) = three.ada.read_now(join.offers)
    assert "in its place?" in offer.question
    three.ada.write_now(join.join, PLANNED.id, beside_own=True)
    assert kept(three.ada) == {PLANNED.id}


def test_a_deleted_inspection_with_records_is_seen_and_brought_back(three: Three) -> None:
    adas = three.ada.write_now(begin)
    three.exchange(three.ada)
    three.exchange(three.cas)
    three.ada.write_now(enter, adas)
    # As an earlier version of the program did on joining.
    delete(three.cas, adas)
    three.round()
    three.round()
    for one in three.all:
        (found,) = one.read_now(deleted_inspections)
        assert (found.inspection.id, found.inspection.force, found.records) == (
            adas,
            "Southshire",
            2,
        )
        assert one.read_now(lambda s: s.get(Inspection, adas)) is None
    # Two who do so at once do not get into a conflict.
    three.ada.write_now(bring_back_inspection, adas)
    three.ben.write_now(bring_back_inspection, adas)
    with pytest.raises(NotDeletedError, match="Nothing was changed"):
        three.ada.write_now(bring_back_inspection, adas)
    three.round()
    three.round()
    for one in three.all:
        assert adas in kept(one)
        assert one.read_now(deleted_inspections) == []
        assert one.read_now(conflicts.listing) == []
        assert one.read_now(lambda s: differences(s.connection())) == []
        back = one.read_now(lambda s: s.get(Inspection, adas))
        assert back is not None and (back.starts, back.ends) == ("2026-07-07", "2026-07-10")


def test_two_of_the_same_force_and_dates_are_told_apart(three: Three) -> None:
    adas = three.ada.write_now(begin)
    three.ada.write_now(enter, adas)
    three.roster(inspections=(PLANNED,))
    three.round()
    three.cas.write_now(join.join, PLANNED.id, beside_own=True)
    lines = {one.id: one for one in three.cas.read_now(inspections.listing)}
    assert (lines[adas].by, lines[adas].cases) == ("Ada", 1)
    assert (lines[PLANNED.id].by, lines[PLANNED.id].cases) == ("the team's", 0)
    (said,) = three.cas.read_now(doubles)
    assert f"Ada's ({adas[:8]})" in said
    assert "Work in the team's" in said
    three.cas.write_now(change_state, adas, "left site")
    assert three.cas.read_now(doubles) == []


def test_a_deleted_one_is_listed_and_warned_of_until_it_is_back(three: Three) -> None:
    adas = three.ada.write_now(begin)
    three.ada.write_now(enter, adas)
    three.exchange(three.ada)
    three.exchange(three.cas)
    delete(three.cas, adas)
    (line,) = three.cas.read_now(inspections.listing)
    assert (line.deleted, line.deleted_by) == (2, "Cas")
    with pytest.raises(NotThereError, match="was deleted by Cas, while 2 records of it are here"):
        three.cas.read_now(inspections.the_open_one)
    assert [one for one in three.cas.read_now(warnings) if "bring-back" in one]
    with pytest.raises(NotThereError, match="Nothing was changed"):
        three.cas.write_now(inspections.bring_back, "abcd")
    assert three.cas.write_now(inspections.bring_back, adas[:8]).force == "Southshire"
    assert three.cas.read_now(inspections.the_open_one).id == adas
    assert not [one for one in three.cas.read_now(warnings) if "bring-back" in one]


def test_central_corrects_the_dates_and_nobody_has_to_decide(three: Three) -> None:
    three.roster(inspections=(PLANNED,))
    three.round()
    three.ada.write_now(join.join_all)
    three.round()
    corrected = PlannedInspection(PLANNED.id, PLANNED.force, "2026-08-06", "2026-08-14")
    three.roster(inspections=(corrected,))
    # Ben never joined under the dates before; Cas had them from Ada.
    for _ in range(3):
        for one in three.all:
            three.exchange(one)
            one.write_now(join.join_all)
    for one in three.all:
        found = one.read_now(lambda s: s.get(Inspection, PLANNED.id))
        assert found is not None
        assert (found.starts, found.ends) == (corrected.starts, corrected.ends)
        assert one.read_now(conflicts.listing) == []
        assert one.read_now(lambda s: differences(s.connection())) == []


def test_what_central_has_not_changed_stays_as_it_is_here(three: Three) -> None:
    """A roster that is only renewed takes nothing back that an inspector has entered."""
    three.roster(inspections=(PlannedInspection(PLANNED.id, PLANNED.force),))
    three.round()
    three.ada.write_now(join.join_all)

    def enter_dates(session: Session) -> None:
        found = session.get(Inspection, PLANNED.id)
        assert found is not None
        found.change(starts="2026-01-04", ends="2026-01-15")

    three.ada.write_now(enter_dates)
    three.roster()
    three.exchange(three.ada)
    three.ada.write_now(join.join_all)
    found = three.ada.read_now(lambda s: s.get(Inspection, PLANNED.id))
    assert found is not None
    assert (found.starts, found.ends) == ("2026-01-04", "2026-01-15")
