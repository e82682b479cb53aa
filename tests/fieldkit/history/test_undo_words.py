"""What undo and redo say of a step with many records."""

from __future__ import annotations

from sqlmodel import Session

from fieldkit.casework.cases import add_case
from fieldkit.casework.judging import grade
from fieldkit.history.undo import redo_last, undo_last
from storage.vault.vault import Vault


def test_a_step_of_many_records_is_counted_as_a_person_counts(
    vault: Vault, inspection: str
) -> None:
    def job(s: Session) -> None:
        for number in range(101, 124):
            case = add_case(s, inspection, f"WST-{number}", force_ref=f"71/{number}")
            if number < 103:
                grade(s, case.id, "investigation", "good")

    vault.write_now(job)
    said = vault.write_now(undo_last)
    assert said == "Undone: WST-101 and 22 more cases, with 2 judgments."
    assert vault.write_now(redo_last) == said.replace("Undone", "Done again")
