from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit import visibility
from fieldkit.casework import judging, reveals
from fieldkit.casework.case_file import open_case
from fieldkit.history import record_history, search
from storage.records import ForceRow
from storage.records.self_assessment import force_row_key_id
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row


def shown(vault: Vault, inspection: str, case: str, row: str) -> dict[str, object]:
    """Every way by which the force's view could reach a person."""

    def look(s: Session) -> dict[str, object]:
        key = force_row_key_id(row)
        told = [
            *record_history.record_history(s, "force_row", row),
            *record_history.record_history(s, "force_row_key", key),
        ]
        return {
            "view": visibility.force_view(s, case) is not None,
            "file": open_case(s, case).force is not None,
            "row": visibility.visible(s, "force_row", row),
            "key": visibility.visible(s, "force_row_key", key),
            "search": bool(search.search(s, inspection, "zanzibar")),
            "history": any("Zanzibar" in one.text for one in told),
            "grade in history": any(
                change.field == "grade" and change.after == "good"
                for one in told
                for change in one.changes
            ),
        }

    return vault.read_now(look)


def settle_overall(vault: Vault, case: str) -> None:
    vault.write_now(judging.grade, case, "overall", "inadequate", allow_open=True)


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("judged", [True, False])
def test_nothing_of_the_forces_view_shows_before_a_reveal(
    vault: Vault, inspection: str, cases: dict[str, str], linked: bool, judged: bool
) -> None:
    case = cases["WST-001"]
    row = vault.write_now(add_row, inspection, 1, case=case if linked else "")
    if judged:
        settle_overall(vault, case)
    assert not any(shown(vault, inspection, case, row).values())


def test_a_reveal_shows_it_everywhere(vault: Vault, inspection: str, cases: dict[str, str]) -> None:
    case = cases["WST-001"]
    row = vault.write_now(add_row, inspection, 1, case=case)
    settle_overall(vault, case)
    vault.write_now(reveals.reveal, case)
    assert all(shown(vault, inspection, case, row).values())
    view = vault.read_now(visibility.force_view, case)
    assert view is not None
    assert (view.grade, view.written, view.rationale) == ("good", "Good", "Zanzibar was thorough.")
    assert (view.sheet, view.row, view.decided_by) == ("Cases", 1, "somebody")


def test_a_reveal_shows_nothing_of_another_case_or_an_open_row(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    settle_overall(vault, case)
    vault.write_now(add_row, inspection, 1, case=case, rationale="A heron was seen.")
    vault.write_now(reveals.reveal, case)
    other = vault.write_now(add_row, inspection, 2, case=cases["WST-002"])
    unlinked = vault.write_now(add_row, inspection, 3)
    for row in (other, unlinked):
        assert not any(shown(vault, inspection, cases["WST-002"], row).values())


def test_a_row_taken_back_is_hidden_again(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    row = vault.write_now(add_row, inspection, 1, case=case)
    settle_overall(vault, case)
    vault.write_now(reveals.reveal, case)

    def unlink(s: Session) -> None:
        found = s.get(ForceRow, row)
        assert found is not None
        found.change(case_id="", decision="open", decided_at="", decided_by="")

    vault.write_now(unlink)
    assert not any(shown(vault, inspection, case, row).values())


def test_a_row_said_to_be_no_case_stays_hidden(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """Even where a case still stands in it, as a merge may leave it."""
    case = cases["WST-001"]
    row = vault.write_now(add_row, inspection, 1, case=case)
    settle_overall(vault, case)
    vault.write_now(reveals.reveal, case)

    def no_case(s: Session) -> None:
        found = s.get(ForceRow, row)
        assert found is not None
        found.change(decision="none")

    vault.write_now(no_case)
    assert not any(shown(vault, inspection, case, row).values())


def test_a_row_that_is_gone_tells_nothing_in_its_history(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    row = vault.write_now(add_row, inspection, 1, case=case)
    settle_overall(vault, case)
    vault.write_now(reveals.reveal, case)
    vault.write_now(lambda s: s.delete(s.get(ForceRow, row)))
    assert not any(shown(vault, inspection, case, row).values())


def test_without_the_key_the_grade_still_shows(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """On a laptop that did not receive the force's own words."""
    case = cases["WST-001"]
    row = vault.write_now(add_row, inspection, 1, case=case)
    settle_overall(vault, case)
    vault.write_now(reveals.reveal, case)

    def forget_key(s: Session) -> None:
        from storage.records import ForceRowKey

        s.delete(s.get(ForceRowKey, force_row_key_id(row)))

    vault.write_now(forget_key)
    view = vault.read_now(visibility.force_view, case)
    assert view is not None
    assert (view.grade, view.has_key, view.rationale) == ("good", False, "")


def test_our_own_records_are_never_hidden(vault: Vault, cases: dict[str, str]) -> None:
    assert vault.read_now(visibility.visible, "case", cases["WST-001"])
    assert vault.read_now(visibility.hidden_fields, "judgment", "anything") == frozenset()


def test_the_reference_of_an_open_row_may_be_told(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    row = vault.write_now(add_row, inspection, 1)
    hidden = vault.read_now(visibility.hidden_fields, "force_row_key", force_row_key_id(row))
    assert hidden == {"written", "rationale", "cells"}
