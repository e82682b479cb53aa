"""Records looked up many at once are what they are one by one."""

from __future__ import annotations

from sqlmodel import Session

from storage.database.connection import driver
from storage.records import Case, Judgment
from storage.records.judgment import marks, marks_by_case
from storage.records.lookup import records_in, rows_in
from storage.vault.vault import Vault


def write(s: Session) -> None:
    for number in range(12):
        said = {"types": ["a", "b"][: number % 3], "withdrawn": number % 4 == 0}
        case = Case.make(inspection_id="i", reference=f"WST-{12 - number}", unit="x", **said)
        s.add(case)
        for criterion in ("investigation", "planning")[: number % 3]:
            known = {"inspection_id": "i", "case_id": case.id, "criterion": criterion}
            s.add(Judgment.make(**known, state="graded", grade=f"grade {number}"))
    s.add(Case.make(inspection_id="other", reference="WST-1"))


def test_rows_say_what_records_do_in_their_order(vault: Vault) -> None:
    vault.write_now(write)
    for kind in (Case, Judgment):
        records = vault.read_now(records_in, kind, "i")
        if not kind.ORDER:
            records = sorted(records, key=lambda one: one.id)
        rows = vault.read_now(rows_in, kind, "i")
        names = ("id", *kind.field_names())
        assert [[getattr(one, name) for name in names] for one in rows] == [
            [getattr(one, name) for name in names] for one in records
        ]
        assert len(rows) == 12
    assert {type(one.withdrawn) for one in vault.read_now(rows_in, Case, "i")} == {bool}


def test_as_many_rows_as_there_are_take_one_statement(vault: Vault) -> None:
    vault.write_now(write)

    def job(s: Session) -> int:
        sent: list[str] = []
        driver(s.connection()).set_trace_callback(sent.append)
        try:
            rows_in(s, Case, "i")
        finally:
            driver(s.connection()).set_trace_callback(None)
        return len(sent)

    assert vault.read_now(job) == 1


def test_marks_by_case_are_the_marks(vault: Vault) -> None:
    vault.write_now(write)
    by_case = vault.read_now(marks_by_case, "i")
    assert {
        (case, criterion, answer.state, answer.grade)
        for case, answers in by_case.items()
        for criterion, answer in answers.items()
    } == {tuple(one) for one in vault.read_now(marks, "i")}
