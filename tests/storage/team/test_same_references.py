"""Cases whose references look the same, added on two laptops: one case, or a question."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import add_case, edit_case, withdraw_case
from fieldkit.casework.find_case import find_case
from fieldkit.history import conflicts
from fieldkit.inspections.reminders import warnings
from storage.feed.replay import differences
from storage.records import Case
from storage.records.model.base import named_id
from storage.vault.vault import Vault
from tests.storage.team.three import Three
from tests.storage.travelling import INSPECTION, work


def references(vault: Vault) -> list[str]:
    lines = vault.read_now(case_lines, INSPECTION)
    return [one.reference for one in lines if one.reference != "WST-001"]


@pytest.mark.parametrize("other", ["WST\u2013020", "WST - 020", "\uff37ST-\u200b020"])
def test_two_who_add_a_case_under_other_signs_made_one(three: Three, other: str) -> None:
    three.ada.write_now(work)
    three.round()
    three.ada.write_now(add_case, INSPECTION, "WST-020", unit="north")
    three.ben.write_now(add_case, INSPECTION, other, child_label="child 1")
    three.round()
    three.round()
    for vault in three.all:
        assert references(vault) == ["WST-020"]
        case = vault.read_now(find_case, INSPECTION, other)
        assert (case.unit, case.child_label) == ("north", "child 1")


def test_small_and_large_letters_are_one_case_and_a_question_how_it_is_written(
    three: Three,
) -> None:
    three.ada.write_now(work)
    three.round()
    three.ada.write_now(add_case, INSPECTION, "WST-020")
    three.ben.write_now(add_case, INSPECTION, "wst-020")
    three.round()
    three.round()
    for vault in three.all:
        assert len(references(vault)) == 1
        found = [vault.read_now(find_case, INSPECTION, one) for one in ("WST-020", "wst-020")]
        assert found[0].id == found[1].id
    (asked,) = three.ada.read_now(conflicts.listing, INSPECTION)
    assert "reference" in str(asked)


def as_earlier_programs_did(s: Session, reference: str) -> Case:
    case = Case.make(
        id=named_id("case", INSPECTION, reference), inspection_id=INSPECTION, reference=reference
    )
    s.add(case)
    return case


def test_a_case_of_an_earlier_program_keeps_its_id_and_is_asked_about(three: Three) -> None:
    three.ada.write_now(work)
    three.round()
    case = three.ben.write_now(as_earlier_programs_did, "wst-020")
    three.ada.write_now(add_case, INSPECTION, "WST-020")
    three.round()
    three.round()
    for vault in three.all:
        assert sorted(references(vault)) == ["WST-020", "wst-020"]
        assert vault.read_now(find_case, INSPECTION, "wst-020").id == case.id
        assert vault.read_now(find_case, INSPECTION, "WST-020").id != case.id
        asked = [one for one in vault.read_now(case_lines, INSPECTION) if one.same_as]
        assert len(asked) == 2
        assert "WST-020 and wst-020 are 2 cases" in " ".join(vault.read_now(warnings))
    three.cas.write_now(withdraw_case, case.id, "the same case", "WST-020")
    three.round()
    three.round()
    for vault in three.all:
        assert not any(one.same_as for one in vault.read_now(case_lines, INSPECTION))


def test_a_corrected_reference_is_the_same_case_on_every_laptop(three: Three) -> None:
    """Its grades and notes stay with it, and the reference is free for the case it belongs to."""
    three.ada.write_now(work)
    three.round()
    case = three.ada.read_now(find_case, INSPECTION, "WST-001")
    three.ada.write_now(edit_case, case.id, reference="WST-101")
    three.ben.write_now(judging.grade, case.id, "investigation", "good")
    three.ada.write_now(add_case, INSPECTION, "WST-001", another=True)
    three.cas.write_now(edit_case, case.id, reference="WST-201")
    three.round()
    three.round()
    (asked,) = three.ben.read_now(conflicts.listing, INSPECTION)
    assert "reference" in str(asked)
    for vault in three.all:
        lines = {one.id: one for one in vault.read_now(case_lines, INSPECTION)}
        assert len(lines) == 2
        assert lines[case.id].graded == 1
        (other,) = set(lines) - {case.id}
        assert lines[other].reference == "WST-001"
        assert vault.read_now(lambda s: differences(s.connection())) == []
