"""The practice inspection with the force's workbook in the person's folder for downloads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.demo.practice import Practice, practice
from fieldkit.demo.workbook import Truth, write_workbook
from fieldkit.inspections import inspections
from fieldkit.selfassessment.decide import link_row, queue_lines, set_no_case
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from storage.vault.unlock import create_vault, open_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE


def add_cases(session: Session, inspection: str, of: Practice) -> None:
    """Every practice case with our overall grade and rationale."""
    for one in of.cases:
        made = add_case(
            session,
            inspection,
            one["reference"],
            types=one["types"],
            origin=one["origin"],
            incident_on=one["incident_on"],
            force_ref=one["force_ref"],
            unit=one["unit"],
        )
        session.flush()
        judging.grade(session, made.id, "overall", one["overall"], allow_open=True)
        judging.write(session, made.id, "overall", rationale=one["rationale"])


@dataclass(frozen=True)
class Westshire:
    """The practice inspection before the force's workbook is read; copied for each test."""

    folder: Path
    inspection: str
    workbook: Path
    truth: Truth

    @contextmanager
    def visited(self, home: Path) -> Iterator[Vault]:
        """Its vault, unlocked, with the workbook in the person's ``Downloads``."""
        (home / "Downloads").mkdir()
        shutil.copy(self.workbook, home / "Downloads")
        shutil.copytree(self.folder, home / "westshire")
        with open_vault(home / "westshire", PASSPHRASE) as vault:
            yield vault

    def match(self, vault: Vault) -> None:
        """Take the workbook in and decide every row as it really is."""
        reading = read_force_workbook(self.workbook, "2018")
        vault.write_now(import_reading, self.inspection, reading, accept_exact=True)
        case_of = {one.row: one.case for one in self.truth.rows}
        for item in vault.read_now(queue_lines, self.inspection):
            ours = [one.case_id for one in item.candidates if one.reference == case_of[item.row]]
            if ours:
                vault.write_now(link_row, item.row_id, ours[0])
            else:
                vault.write_now(set_no_case, item.row_id)


_MADE: list[Westshire] = []


def westshire(temporary: pytest.TempPathFactory) -> Westshire:
    """The practice inspection, made once in a run; grading its cases takes seconds."""
    if not _MADE:
        folder = temporary.mktemp("westshire")
        of = practice()
        vault, _ = create_vault(folder / "vault", PASSPHRASE, "A. Inspector", params=CHEAP)
        with vault:
            inspection = vault.write_now(inspections.create, force=of.force, methodology="2018").id
            vault.write_now(add_cases, inspection, of)
        workbook = folder / "force.xlsx"
        truth = write_workbook(workbook, of)
        _MADE.append(Westshire(folder / "vault", inspection, workbook, truth))
    return _MADE[0]


HEADINGS = ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Why")


def book(path: Path, rows: list[tuple[str, ...]], headings: tuple[str, ...] = HEADINGS) -> Path:
    """A small workbook with a title, headings in row 3 and those rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Cases"
    sheet.cell(1, 1, "Child protection cases")
    for column, heading in enumerate(headings, 1):
        sheet.cell(3, column, heading)
    for number, row in enumerate(rows, 4):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column, value)
    made.save(path)
    return path
