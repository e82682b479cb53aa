"""A workbook with two tables in different order: imported whole, and nothing of it shown early."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from fieldkit.casework.cases import add_case
from fieldkit.cli.selfassessment.read_workbook import reading_data, reading_text
from fieldkit.methodology import load
from fieldkit.selfassessment.import_workbook import (
    import_reading,
    preview_import,
    read_force_workbook,
)
from fieldkit.selfassessment.past_mappings import fitting_mapping, past_mappings
from fieldkit.selfassessment.problems import problems_of
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.readings import WorkbookReading
from screens.selfassessment.steps.file_kind import FORCE_WORKBOOK
from screens.selfassessment.steps.preview_rows import read_preview
from storage.records import ForceRow
from storage.records.lookup import records_in
from storage.vault.vault import Vault

METHODOLOGY = load("2018")
FIRST = ["Force ref", "Case type", "Date of incident", "Grade", "Rationale"]
SECOND = ["Crime number", "Judgement", "Why", "Case type", "Date of incident", "Seen by"]
SECRET = "The sergeant never went back to the house."
LINES: list[list[Any]] = [
    FIRST,
    ["42/1/26", "Custody", "2026-02-01", "Good", "Seen."],
    ["42/2/26", "Missing children", "2026-02-02", "RI", "Late."],
    ["42/3/26", "Burglary", "yesterday", "Inadequate", "Never."],
    [],
    SECOND,
    ["42/4/26", "Inadequate", SECRET, "Custody", "2026-02-04", "DI"],
    ["42/5/26", "#N/A", SECRET, "Arson", "soon", "DS"],
    ["42/6/26", "as in E9, Inadequate?", "", "Custody", "2026-02-06", "DS"],
]


def _read(tmp_path: Path, overrides: Overrides | None = None) -> WorkbookReading:
    book = openpyxl.Workbook()
    for line in LINES:
        book.active.append(line)
    book.save(tmp_path / "two.xlsx")
    return read_force_workbook(tmp_path / "two.xlsx", METHODOLOGY, overrides)


def _tells(text: str) -> bool:
    return any(word in text for word in ("Good", "Inadequate,", SECRET, "Never.", "“Inadequate"))


def test_the_second_table_is_hidden_as_the_first(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    reading = _read(tmp_path)
    assert [row.grade for row in reading.rows] == [
        "good", "requires improvement", "inadequate", "inadequate", None, None,
    ]  # fmt: skip
    shown = [one for one in reading_text(reading).splitlines() if not one.startswith("“")]
    assert not any(SECRET in one for one in shown)
    rows = reading_data(reading)["force_rows"]
    assert not _tells(str(rows)) and SECRET not in str(reading_data(reading)["problems"])
    previewed = read_preview(tmp_path / "two.xlsx", "self_assessment").rows(
        reading.sheet, reading.header_rows, FORCE_WORKBOOK.open_columns(reading)
    )
    assert not any(_tells(text) for row, text in previewed if row not in (1, 6))

    vault.write_now(add_case, inspection, "A-1", origin="self-assessed", force_ref="42/4/26")
    assert vault.read_now(preview_import, inspection, reading).rows == 6
    imported = vault.write_now(import_reading, inspection, reading, accept_exact=True)
    assert imported.columns["B"] == {"field": "type", "below": ["grade"]}
    assert imported.columns["F"] == {"field": "ignore"}
    kept = vault.read_now(records_in, ForceRow, inspection)
    assert [(row.row, row.grade, row.decision) for row in kept][3] == (7, "inadequate", "exact")
    said = vault.read_now(problems_of, imported)
    assert not any(_tells(f"{one.value} {one.reason}") for one in said)
    assert any(one.cell == "" and "headings of its own" in one.reason for one in said)


def test_the_next_workbook_like_it_is_read_as_last_time(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    reading = _read(tmp_path, Overrides(columns={"E": "ignore"}))
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    again = _read(tmp_path)
    known = vault.read_now(past_mappings, inspection)
    mapping = fitting_mapping(tmp_path / "two.xlsx", METHODOLOGY, again, known)
    assert mapping is not None and mapping.changes
    as_last = _read(tmp_path, mapping.overrides)
    assert [row.rationale for row in as_last.rows][:3] == ["", "", ""]
    assert [row.grade for row in as_last.rows] == [row.grade for row in again.rows]
