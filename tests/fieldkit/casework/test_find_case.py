from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import add_case, edit_case, withdraw_case
from fieldkit.casework.find_case import NearReferenceError, find_case
from fieldkit.history.undo import undo_last
from fieldkit.selfassessment.matching.references import near_forms
from fieldkit.service import NotThereError, RefusedError
from storage.feed.replay import differences
from storage.records import Case, ForceRow, ForceRowKey
from storage.records.case import MAX_USES
from storage.records.model.base import named_id
from storage.records.self_assessment import force_row_key_id
from storage.vault.vault import Vault

SAME = ("wst-004", "WST\u2013004", "WST\u2011004", "WST - 004", "WST-\u200b004", "\uff37ST-004")
NEAR = ("WST-4", "WST004", "WST 004", "WST/004", "WST-O04", "WST-0004")


@pytest.mark.parametrize("written", SAME)
def test_a_reference_that_looks_the_same_is_the_same_by_hand(
    vault: Vault, inspection: str, written: str
) -> None:
    case = vault.write_now(add_case, inspection, "WST-004")
    with pytest.raises(RefusedError, match="already"):
        vault.write_now(add_case, inspection, written)
    assert vault.read_now(find_case, inspection, written).id == case.id


@pytest.mark.parametrize("written", NEAR)
def test_a_reference_that_is_near_is_asked_about(
    vault: Vault, inspection: str, written: str
) -> None:
    vault.write_now(add_case, inspection, "WST-004")
    with pytest.raises(NearReferenceError, match="WST-004") as refused:
        vault.write_now(add_case, inspection, written)
    assert [one.reference for one in refused.value.cases] == ["WST-004"]
    with pytest.raises(NotThereError, match="WST-004 looks like it"):
        vault.read_now(find_case, inspection, written)
    vault.write_now(add_case, inspection, written, another=True)
    assert vault.read_now(find_case, inspection, written).reference == written


def test_what_is_kept_shows_nothing_that_cannot_be_typed(vault: Vault, inspection: str) -> None:
    case = vault.write_now(add_case, inspection, " wst \u2013 0\u00ad20")
    assert case.reference == "wst-020"


def with_an_old_twin(s: Session, inspection: str) -> tuple[Case, Case]:
    """Two cases as two laptops made them before references that look the same were the same."""
    cases = tuple(
        Case.make(
            id=named_id("case", inspection, reference),
            inspection_id=inspection,
            reference=reference,
        )
        for reference in ("WST-020", "wst-020")
    )
    s.add_all(cases)
    s.flush()
    return cases[0], cases[1]


def test_two_old_cases_that_look_the_same_can_both_be_addressed_and_are_asked_about(
    vault: Vault, inspection: str
) -> None:
    large, small = vault.write_now(with_an_old_twin, inspection)
    for case in (large, small):
        assert vault.read_now(find_case, inspection, case.reference).id == case.id
        assert vault.read_now(find_case, inspection, case.id[:8]).id == case.id
    with pytest.raises(NotThereError, match=r"WST-020 \([0-9a-f]{8}\), wst-020 \("):
        vault.read_now(find_case, inspection, "Wst-020")
    with pytest.raises(RefusedError, match="already"):
        vault.write_now(add_case, inspection, "wST-020")
    lines = {line.id: line for line in vault.read_now(case_lines, inspection)}
    assert (lines[large.id].same_as, lines[small.id].same_as) == ((small.id,), (large.id,))
    vault.write_now(withdraw_case, small.id, "the same case", large.id)
    assert not any(line.same_as for line in vault.read_now(case_lines, inspection))


def test_no_two_of_a_long_list_are_near() -> None:
    forms: dict[tuple[str, str], str] = {}
    for number in range(1, 5001):
        reference = f"WST-{number:04}"
        assert not [forms[form] for form in near_forms(reference) if form in forms]
        forms |= dict.fromkeys(near_forms(reference), reference)


def test_a_reference_is_corrected_and_the_case_stays_the_same(
    vault: Vault, inspection: str
) -> None:
    case = vault.write_now(add_case, inspection, "WST-004")
    vault.write_now(add_case, inspection, "WST-007")
    vault.write_now(edit_case, case.id, reference=" wst – 114 ")
    assert vault.read_now(find_case, inspection, "WST-114").id == case.id
    with pytest.raises(RefusedError, match="There is a case WST-007 already"):
        vault.write_now(edit_case, case.id, reference="WST–007")
    with pytest.raises(NearReferenceError, match="WST-007"):
        vault.write_now(edit_case, case.id, reference="WST-7")
    with pytest.raises(RefusedError, match="Nothing was changed"):
        vault.write_now(edit_case, case.id, reference=" ")
    # Its own reference in other letters is no other case's.
    vault.write_now(edit_case, case.id, reference="WST-114")
    vault.write_now(undo_last)
    assert vault.read_now(find_case, inspection, "wst-114").reference == "wst-114"


def test_a_reference_that_was_corrected_is_asked_about_and_then_free(
    vault: Vault, inspection: str
) -> None:
    first = vault.write_now(add_case, inspection, "WST-004")
    vault.write_now(edit_case, first.id, reference="WST-114")
    with pytest.raises(NearReferenceError, match=r"WST-114 \(added under this reference"):
        vault.write_now(add_case, inspection, "WST-004")
    with pytest.raises(NotThereError, match="WST-114 looks like it"):
        vault.read_now(find_case, inspection, "WST-004")
    second = vault.write_now(add_case, inspection, "WST-004", another=True)
    assert second.id != first.id
    # Both change places.
    vault.write_now(edit_case, second.id, reference="WST-999")
    vault.write_now(edit_case, first.id, reference="WST-004", another=True)
    vault.write_now(edit_case, second.id, reference="WST-114", another=True)
    for wanted, case in (("WST-004", first), ("WST-114", second)):
        assert vault.read_now(find_case, inspection, wanted).id == case.id
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_a_reference_is_used_nine_times_at_most(vault: Vault, inspection: str) -> None:
    for use in range(MAX_USES):
        case = vault.write_now(add_case, inspection, "WST-004", another=True)
        vault.write_now(edit_case, case.id, reference=f"OTHER-{use}")
    with pytest.raises(RefusedError, match="another reference"):
        vault.write_now(add_case, inspection, "WST-004", another=True)


def test_a_reference_by_which_a_row_of_the_force_is_matched_is_not_corrected(
    vault: Vault, inspection: str
) -> None:
    case = vault.write_now(add_case, inspection, "WST-004", force_ref="42/1/26")

    def matched(s: Session, reference: str, row: int) -> None:
        made = ForceRow.make(
            id=f"row-{row}",
            inspection_id=inspection,
            self_assessment_id="book",
            row=row,
            case_id=case.id,
            decision="exact",
        )
        key = ForceRowKey.make(
            id=force_row_key_id(made.id),
            inspection_id=inspection,
            force_row_id=made.id,
            sheet="Cases",
            row=row,
            reference=reference,
        )
        s.add_all([made, key])

    vault.write_now(matched, "42/1/26", 3)
    vault.write_now(edit_case, case.id, reference="WST-104")
    vault.write_now(matched, "", 4)
    with pytest.raises(RefusedError, match="Row 4 of the force's workbook is matched to WST-104"):
        vault.write_now(edit_case, case.id, reference="WST-014")
    assert vault.read_now(find_case, inspection, "WST-104").id == case.id
