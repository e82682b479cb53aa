"""Revealing: refused where there is nothing to show, and never half of what was asked for."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, reveals
from fieldkit.casework.cases import withdraw_case
from fieldkit.service import RefusedError
from fieldkit.visibility import is_revealed
from storage.records import Case, ForceRow, Reveal
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row


def graded(vault: Vault, case: str) -> str:
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    return case


def no_workbook(s: Session, inspection: str, cases: dict[str, str]) -> None:
    """The force has sent nothing."""


def undecided_row(s: Session, inspection: str, cases: dict[str, str]) -> None:
    add_row(s, inspection, 1)


def row_of_another_case(s: Session, inspection: str, cases: dict[str, str]) -> None:
    add_row(s, inspection, 1, case=cases["WST-002"])


def row_taken_back(s: Session, inspection: str, cases: dict[str, str]) -> None:
    row = s.get(ForceRow, add_row(s, inspection, 1, case=cases["WST-001"]))
    assert row is not None
    row.change(decision="none", case_id="")


@pytest.mark.parametrize(
    "standing", [no_workbook, undecided_row, row_of_another_case, row_taken_back]
)
def test_a_case_without_a_matched_row_is_not_revealed(
    vault: Vault, inspection: str, cases: dict[str, str], standing: object
) -> None:
    case = graded(vault, cases["WST-001"])
    vault.write_now(standing, inspection, cases)  # type: ignore[arg-type]
    for service in (reveals.case_to_reveal, reveals.reveal):
        with pytest.raises(RefusedError, match="No row of the force is matched to WST-001"):
            vault.write_now(service, case)
    assert not vault.read_now(is_revealed, case)
    # No moderation follows from what was never shown.
    vault.write_now(judging.grade, case, "overall", "inadequate", allow_open=True)


def test_all_that_is_ready_is_revealed_once(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    """One that is ready, one of another origin, one not graded and one withdrawn."""
    ours = {name: graded(vault, cases[name]) for name in ("WST-001", "WST-003")}
    for row, name in enumerate(("WST-001", "WST-002", "WST-003"), 1):
        vault.write_now(add_row, inspection, row, case=cases[name])
    for name, origin in (("WST-001", "self-assessed"), ("WST-003", "inspectors")):

        def of_origin(s: Session, case: str = cases[name], origin: str = origin) -> None:
            record = s.get(Case, case)
            assert record is not None
            record.change(origin=origin)

        vault.write_now(of_origin)
    made = vault.write_now(reveals.reveal_all, inspection)
    assert [one.case_id for one in made] == [ours["WST-001"]]
    assert vault.write_now(reveals.reveal_all, inspection) == []
    assert len(vault.read_now(records_in, Reveal, inspection)) == 1


def test_a_withdrawn_case_is_not_revealed_with_the_others(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = graded(vault, cases["WST-001"])
    vault.write_now(add_row, inspection, 1, case=case)
    vault.write_now(withdraw_case, case, "a duplicate")
    assert vault.write_now(reveals.reveal_all, inspection) == []
