"""Imports in slices: one step for undo, whole or not at all wherever they are cut short."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework.import_list import CaseListJob, import_cases, read_list, take_list
from fieldkit.casework.list_changes import THEIRS, ListAnswers
from fieldkit.history import staged_records
from fieldkit.history.staged_records import StagedRecords
from fieldkit.inspections.unfinished import jobs
from fieldkit.selfassessment.import_workbook import (
    import_reading,
    read_force_workbook,
    take_reading,
)
from fieldkit.workbook.case_list import CaseListReading
from storage.database.connection import driver
from storage.database.errors import DiskError
from storage.feed import drafts
from storage.feed.replay import differences
from storage.feed.writer import UnfitError
from storage.history.undo import redo, undo
from storage.records import Case, ForceRow, Note, SelfAssessment
from storage.records.case import case_id
from storage.records.lookup import records_in
from storage.vault.stage import UnfinishedError, resume
from storage.vault.unlock import open_vault
from storage.vault.vault import STAGED, Vault
from tests.conftest import PASSPHRASE

LIST = [
    ("Case", "Type", "Date of incident", "Force ref", "Overall grade", "Rationale"),
    *(
        (f"N-{n}", "Missing", "2026-02-03", f"42/{n}/26", "Good" if n % 2 else "", f"Why {n}")
        for n in range(1, 8)
    ),
]
SENT = [
    ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Why"),
    *((f"42/{n}/26", "Missing", "2026-02-03", "Good", f"Reason {n}") for n in range(1, 8)),
]
OP_ROWS = "SELECT COUNT(*) FROM op"


def table(path: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged_records, "SLICE", 4)


@pytest.fixture
def listed(tmp_path: Path) -> CaseListReading:
    return read_list(table(tmp_path / "list.csv", LIST), "2018")


def sound(vault: Vault) -> bool:
    return vault.read_now(lambda s: differences(s.connection())) == []


def ops(vault: Vault) -> int:
    return vault.read_now(lambda s: int(driver(s.connection()).execute(OP_ROWS).fetchone()[0]))


def references(vault: Vault, inspection: str) -> list[str]:
    return sorted(one.reference for one in vault.read_now(records_in, Case, inspection))


NEW = [row[0] for row in LIST[1:]]


def failing(monkeypatch: pytest.MonkeyPatch, at: int, fail: Callable[[], object]) -> None:
    """Do something wrong at the end of a slice, counted from 1."""
    applied, apply = [0], StagedRecords.apply

    def wrongly(self: StagedRecords, session: Session, payload: bytes) -> None:
        apply(self, session, payload)
        applied[0] += 1
        if applied[0] == at:
            fail()

    monkeypatch.setattr(StagedRecords, "apply", wrongly)


def no_space() -> None:
    raise DiskError("There is no space left.")


def test_all_slices_are_one_step_for_undo(
    vault: Vault, inspection: str, listed: CaseListReading
) -> None:
    told: list[tuple[int, int]] = []
    vault.write_now(drafts.save, "place", "answer", "a label", "typed")
    place = ("place", ["answer"])
    summary = take_list(
        vault,
        inspection,
        listed,
        drafts=place,
        progress=lambda _, done, total: told.append((done, total)),
    )
    assert (len(summary.new), summary.graded) == (7, 4)
    assert told[-1][0] == told[-1][1] > 3
    assert references(vault, inspection) == NEW
    assert vault.read_now(drafts.listed) == []
    assert (
        vault.read_now(lambda s: s.connection().exec_driver_sql("SELECT * FROM stage").all()) == []
    )
    vault.write_now(undo)
    assert references(vault, inspection) == [] and sound(vault)
    vault.write_now(redo)
    assert references(vault, inspection) == NEW and sound(vault)


def test_what_is_typed_between_slices_is_a_step_of_its_own(
    vault: Vault, inspection: str, listed: CaseListReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = {"inspection_id": inspection, "parent_kind": "inspection", "parent_id": inspection}
    note = Note.make(text="typed meanwhile", **at)
    failing(monkeypatch, 2, lambda: vault.write_later(lambda s: s.add(note)))
    take_list(vault, inspection, listed)
    vault.write_now(undo)
    assert vault.read_now(lambda s: s.get(Note, note.id)) is None
    assert references(vault, inspection) == NEW
    vault.write_now(undo)
    assert references(vault, inspection) == [] and sound(vault)


@pytest.mark.parametrize("at", [1, 3])
def test_cut_short_once_it_is_certain_it_is_finished_and_undone_whole(
    at: int,
    vault: Vault,
    inspection: str,
    listed: CaseListReading,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, at, no_space)
        with pytest.raises(UnfinishedError, match=r"list\.csv .* no space left"):
            take_list(vault, inspection, listed)
    vault.lock()
    with open_vault(vault.folder, PASSPHRASE) as again:
        (said,) = resume(again, jobs)
        assert said == "The list list.csv, cut short before, is taken in wholly now."
        assert references(again, inspection) == NEW and sound(again)
        again.write_now(undo)
        assert references(again, inspection) == [] and sound(again)


def test_cut_short_before_it_is_certain_nothing_of_it_counts(
    vault: Vault, inspection: str, listed: CaseListReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, slices = ops(vault), StagedRecords.slices

    def locked(entries: Any) -> Iterator[bytes]:
        for at, payload in enumerate(slices(entries)):
            if at == 2:
                vault.lock()
            yield payload

    monkeypatch.setattr(CaseListJob, "slices", locked)
    with pytest.raises(Exception, match="locked"):
        take_list(vault, inspection, listed)
    with open_vault(vault.folder, PASSPHRASE) as again:
        (said,) = resume(again, jobs)
        assert "nothing of it counts" in said
        assert (references(again, inspection), ops(again)) == ([], before)
        assert again.fact_now(STAGED) is None


def test_a_case_that_came_meanwhile_stays(
    vault: Vault, inspection: str, listed: CaseListReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, 1, no_space)
        with pytest.raises(UnfinishedError):
            take_list(vault, inspection, listed)
    here = set(references(vault, inspection))
    reference = next(one for one in NEW if one not in here)
    of = {"inspection_id": inspection, "reference": reference}
    own = Case.make(id=case_id(inspection, reference), unit="Northtown", **of)
    vault.write_now(lambda s: s.add(own))
    resume(vault, jobs)
    assert references(vault, inspection) == NEW and sound(vault)
    assert [
        one.unit for one in vault.read_now(records_in, Case, inspection) if one.id == own.id
    ] == ["Northtown"]


def test_cases_that_are_here_take_what_is_theirs_slice_by_slice(
    vault: Vault, inspection: str, listed: CaseListReading, tmp_path: Path
) -> None:
    vault.write_now(import_cases, inspection, listed)
    changed = [
        LIST[0],
        *(
            (ref, "Missing", "2026-02-04", key, "Inadequate", "x")
            for ref, _, _, key, *_ in LIST[1:]
        ),
    ]
    again = read_list(table(tmp_path / "again.csv", changed), "2018")
    summary = take_list(vault, inspection, again, ListAnswers(all=THEIRS))
    assert (summary.changed, summary.graded) == (tuple(NEW), 7)
    days = {one.incident_on for one in vault.read_now(records_in, Case, inspection)}
    assert days == {"2026-02-04"} and sound(vault)
    vault.write_now(undo)
    days = {one.incident_on for one in vault.read_now(records_in, Case, inspection)}
    assert days == {"2026-02-03"} and sound(vault)


def test_a_corrected_workbook_takes_the_place_of_the_one_before(
    vault: Vault, inspection: str, listed: CaseListReading, tmp_path: Path
) -> None:
    vault.write_now(import_cases, inspection, listed)
    sent = read_force_workbook(table(tmp_path / "sent.csv", SENT), "2018")
    before = vault.write_now(import_reading, inspection, sent, accept_exact=True)
    better = read_force_workbook(
        table(tmp_path / "better.csv", [*SENT[:-1], ("42/9/26", *SENT[-1][1:])]), "2018"
    )
    imported = take_reading(vault, inspection, better, accept_exact=True, corrects=before)
    assert [one.id for one in vault.read_now(records_in, SelfAssessment, inspection)] == [
        imported.id
    ]
    rows = vault.read_now(records_in, ForceRow, inspection)
    assert [one.decision for one in rows] == ["exact"] * 6 + ["open"] and sound(vault)
    vault.write_now(undo)
    assert [one.id for one in vault.read_now(records_in, SelfAssessment, inspection)] == [before.id]
    assert len(vault.read_now(records_in, ForceRow, inspection)) == 7 and sound(vault)


def test_a_row_longer_than_every_reader_takes_is_refused_before_anything_is_written(
    vault: Vault, inspection: str, listed: CaseListReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ops(vault)
    monkeypatch.setattr(staged_records, "MAX_OP_BYTES", staged_records._BESIDES + 100)
    with pytest.raises(UnfitError, match="a row of it is longer"):
        take_list(vault, inspection, listed)
    assert (ops(vault), vault.fact_now(STAGED)) == (before, None)
