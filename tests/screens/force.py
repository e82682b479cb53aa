"""The practice inspection with the force's workbook in the person's folder for downloads."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from sqlmodel import Session

from fieldkit import casework, judging
from fieldkit.demo import Practice, practice
from fieldkit.demo.workbook import Truth, write_workbook
from storage.vault import Vault


def add_cases(session: Session, inspection: str, of: Practice) -> None:
    """Every practice case with our overall grade and rationale."""
    for one in of.cases:
        made = casework.add_case(
            session,
            inspection,
            one.reference,
            types=one.types,
            origin=one.origin,
            incident_on=one.incident_on,
            force_ref=one.force_ref,
            unit=one.unit,
        )
        session.flush()
        judging.grade(session, made.id, "overall", one.overall, allow_open=True)
        judging.write(session, made.id, "overall", rationale=one.rationale)


def practise(vault: Vault, inspection: str, home: Path) -> Truth:
    """The practice cases in the vault, and the workbook in ``Downloads``; what is true of it."""
    of = practice()
    vault.write_now(add_cases, inspection, of)
    folder = home / "Downloads"
    folder.mkdir()
    return write_workbook(folder / "force.xlsx", of)


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
