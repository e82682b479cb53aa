"""A workbook again: read as last time, answered by cell, and corrected by the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from fieldkit.casework import judging, reveals
from fieldkit.comparison import assemble
from fieldkit.comparison.output.text_output import to_text
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from fieldkit.selfassessment import import_plan
from fieldkit.selfassessment.carry_over import answers_to_carry_over, read_with_answers
from fieldkit.selfassessment.corrections import changes_of, corrected_import
from fieldkit.selfassessment.decide import link_row, queue_lines, reopen_row, set_no_case
from fieldkit.selfassessment.import_workbook import (
    ImportPreview,
    import_reading,
    preview_import,
    read_force_workbook,
    remove_import,
)
from fieldkit.selfassessment.masking import MASK as HIDDEN
from fieldkit.selfassessment.past_mappings import fitting_mapping, past_mappings
from fieldkit.selfassessment.problems import problems_of, split_problems
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.problems import Code
from fieldkit.workbook.readings import WorkbookReading
from storage.database.tables import ops
from storage.feed.replay import differences
from storage.history.undo import undo
from storage.ops.op import KEY, MAIN
from storage.records import ForceRow, SelfAssessment
from storage.records.lookup import records_in
from storage.records.self_assessment import force_row_keys
from storage.vault.vault import Vault

HEADINGS = ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Rationale")
ROWS: tuple[tuple[str, ...], ...] = (
    ("42/10001/26", "Domestic abuse", "2026-02-01", "Good", "Child seen."),
    ("42/01002/26", "Missing children", "2026-02-02", "RI", "Not seen by Jo Bloggs."),
    ("42/99999/26", "Domestic abuse", "2026-05-30", "TBC", "To follow."),
    ("42/88888/26", "Domestic abuse", "2026-05-31", "Good", "Fine."),
)


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def workbook(
    folder: Path,
    rows: Sequence[Sequence[str]] = ROWS,
    name: str = "force.xlsx",
    headings: Sequence[str] = HEADINGS,
) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Cases"
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def take_in(vault: Vault, inspection: str, reading: WorkbookReading) -> ImportPreview:
    """Take a reading in as the command does; gives what was foreseen of it."""
    before = vault.read_now(corrected_import, inspection, reading)
    found = vault.read_now(preview_import, inspection, reading, before)
    vault.write_now(import_reading, inspection, reading, accept_exact=True, corrects=before)
    return found


@pytest.fixture
def decided(vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path) -> None:
    """The workbook taken in, row 3 linked, row 4 no case of ours, row 5 open."""
    take_in(vault, inspection, read_force_workbook(workbook(tmp_path), "2018"))
    rows = {one.row: one.id for one in vault.read_now(records_in, ForceRow, inspection)}
    vault.write_now(link_row, rows[3], cases["WST-002"])
    vault.write_now(set_no_case, rows[4])


def decisions(vault: Vault, inspection: str) -> list[tuple[int, str]]:
    return [(one.row, one.decision) for one in vault.read_now(records_in, ForceRow, inspection)]


CORRECTED = (
    ("42/10001/26", "Domestic abuse", "2026-02-01", "RI", "Child seen late."),
    ("42/77777/26", "Domestic abuse", "2026-06-01", "Good", "New."),
    ("42/01002/26", "Missing children", "2026-02-03", "RI", "Not seen by Jo Bloggs."),
    ("42/99999/26", "Domestic abuse", "2026-05-30", "Good", "Here it is."),
)


def test_a_corrected_workbook_keeps_what_holds_and_asks_again_where_it_changed(
    vault: Vault, inspection: str, decided: None, tmp_path: Path
) -> None:
    reading = read_force_workbook(workbook(tmp_path, CORRECTED, "corrected.xlsx"), "2018")
    (before,) = vault.read_now(records_in, SelfAssessment, inspection)
    found = take_in(vault, inspection, reading)
    assert found.correction is not None and found.correction.before.id == before.id
    told = [(one.what, one.cell or one.row, one.old, one.new) for one in found.changes]
    assert told == [
        ("changed", "D2", HIDDEN, HIDDEN),
        ("changed", "E2", HIDDEN, HIDDEN),
        ("added", 3, "", "42/77777/26"),
        ("changed", "C4", "2026-02-02", "2026-02-03"),
        ("changed", "D5", HIDDEN, HIDDEN),
        ("changed", "E5", HIDDEN, HIDDEN),
        ("removed", 5, "42/88888/26", ""),
    ]
    # Row 2 keeps its link, row 5 that it is none of ours; row 4 has another date: asked again.
    assert decisions(vault, inspection) == [(2, "exact"), (3, "open"), (4, "open"), (5, "none")]
    assert (found.kept, found.correction.again, found.new) == (2, 1, 1)
    files = [one.file_name for one in vault.read_now(records_in, SelfAssessment, inspection)]
    assert files == ["corrected.xlsx"]
    vault.write_now(undo)
    assert decisions(vault, inspection) == [
        (2, "exact"), (3, "chosen"), (4, "none"), (5, "open"),
    ]  # fmt: skip
    files = [one.file_name for one in vault.read_now(records_in, SelfAssessment, inspection)]
    assert files == ["force.xlsx"]


def test_what_changed_is_kept_and_its_grades_are_seen_after_the_reveal(
    vault: Vault, inspection: str, cases: dict[str, str], decided: None, tmp_path: Path
) -> None:
    reading = read_force_workbook(workbook(tmp_path, CORRECTED, "corrected.xlsx"), "2018")
    take_in(vault, inspection, reading)
    (made,) = vault.read_now(records_in, SelfAssessment, inspection)

    def grade(cell: str) -> tuple[str, str]:
        changes = vault.read_now(changes_of, made)
        return next((one.old, one.new) for one in changes if one.cell == cell)

    assert grade("D2") == (HIDDEN, HIDDEN)
    vault.write_now(judging.grade, cases["WST-001"], "overall", "good", allow_open=True)
    vault.write_now(reveals.reveal, cases["WST-001"])
    assert grade("D2") == ("Good", "RI") and grade("D5") == (HIDDEN, HIDDEN)
    main = vault.read_now(
        lambda s: b"\n".join(
            row.bytes for row in s.connection().execute(ops.select()) if row.kind == MAIN
        )
    )
    assert (
        b"Jo Bloggs" not in main and b"Force judgement" not in main and b"42/88888/26" not in main
    )


def test_moved_rows_and_columns_are_no_change(
    vault: Vault, inspection: str, decided: None, tmp_path: Path
) -> None:
    turned = [tuple(reversed(row)) for row in reversed(ROWS)]
    path = workbook(tmp_path, turned, "turned.xlsx", tuple(reversed(HEADINGS)))
    found = take_in(vault, inspection, read_force_workbook(path, "2018"))
    assert found.changes == [] and found.kept == 3
    assert decisions(vault, inspection) == [(2, "open"), (3, "none"), (4, "chosen"), (5, "exact")]


def test_another_workbook_stands_beside_the_first(
    vault: Vault, inspection: str, decided: None, tmp_path: Path
) -> None:
    other = [("42/55555/26", "Missing children", "2026-03-01", "Good", "Seen.")]
    reading = read_force_workbook(workbook(tmp_path, other, "unit.xlsx"), "2018")
    assert vault.read_now(corrected_import, inspection, reading) is None
    assert take_in(vault, inspection, reading).changes == []
    assert len(vault.read_now(records_in, SelfAssessment, inspection)) == 2


def test_answers_by_cell_are_kept_with_the_import_and_undone_with_it(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    wishes = Overrides(fixes={"D4": "inadequate"}, skips={"A5": "sent twice, see 42/10001/26"})
    reading = read_force_workbook(workbook(tmp_path), "2018", wishes)
    found = take_in(vault, inspection, reading)
    assert (found.new, found.skipped) == (3, 1)
    rows = {one.row: one for one in vault.read_now(records_in, ForceRow, inspection)}
    assert (rows[4].grade, rows[5].decision) == ("inadequate", "skipped")
    assert rows[5].decided_by == vault.person.id
    keys = vault.read_now(force_row_keys, inspection)
    assert keys[rows[4].id].written == "TBC" and "A5\t42/88888/26" in keys[rows[5].id].cells
    (made,) = vault.read_now(records_in, SelfAssessment, inspection)
    told = {one.cell: one.reason for one in vault.read_now(problems_of, made)}
    assert told["A5"] == "A person skipped this row: “sent twice, see 42/10001/26”."
    assert told["D4"].startswith("A person said what this cell means; it is hidden")
    kinds = vault.read_now(
        lambda s: {
            (row.kind, b"sent twice" in row.bytes) for row in s.connection().execute(ops.select())
        }
    )
    assert (KEY, True) in kinds and (MAIN, True) not in kinds
    queue = vault.read_now(queue_lines, inspection)
    assert 5 not in [one.row for one in queue]
    compared = vault.read_now(assemble.comparison, inspection)
    assert 5 not in [one.row for one in compared.unmatched_rows]
    assert [(one.row, one.reference, one.skipped) for one in compared.skipped_rows] == [
        (5, "42/88888/26", told["A5"])
    ]
    assert f"Cases row 5: 42/88888/26. {told['A5']}" in " ".join(to_text(compared).split())
    vault.write_now(reopen_row, rows[5].id)
    opened = vault.read_now(lambda s: s.get(ForceRow, rows[5].id))
    assert opened is not None and opened.decision == "open"
    vault.write_now(undo)
    vault.write_now(undo)
    assert vault.read_now(records_in, ForceRow, inspection) == []


def test_answers_that_hold_are_carried_over_to_a_corrected_workbook(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    rows = [
        *ROWS,
        ("no number", "Domestic abuse", "2026-06-01", "see file", "Here."),
        ("42/77777/26", "Somewhere", "32 May", "n/a", "There."),
        ("42/66666/26", "Domestic abuse", "2026-06-02", "Good", "Sent twice."),
        ("Total", "9", "", "", ""),
    ]
    said = {"A6": "42/55555/26", "D4": "good", "B7": "Missing children", "C7": "2026-05-30"}
    said |= {"D6": "none", "D7": "inadequate"}
    why = {"E8": "sent twice", "A9": "they know"}
    first = workbook(tmp_path, rows)
    reading = read_force_workbook(first, "2018", Overrides(fixes=said, skips=why))
    take_in(vault, inspection, reading)
    told = vault.read_now(answers_to_carry_over, inspection, reading)
    assert not told.fixes, "what is answered is stumbled over no more"

    # A row on top, a column between, one grade and one date put right, the rest as it was.
    moved = [("42/00001/26", "Domestic abuse", "2026-06-03", "Good", "New."), *rows]
    moved[3] = (*ROWS[2][:3], "Inadequate", ROWS[2][4])
    moved[6] = (*rows[5][:2], "31 May 2026", *rows[5][3:])
    wide = [(one[0], "x", *one[1:]) for one in moved]
    second = workbook(tmp_path, wide, "mended.xlsx", (HEADINGS[0], "OIC", *HEADINGS[1:]))
    mended = read_force_workbook(second, "2018")
    found = vault.read_now(answers_to_carry_over, inspection, mended)
    assert found.fixes == {"C8": "Missing children", "E8": "inadequate"}
    assert found.skips == {}, "the column between makes every row another"
    assert found.words().startswith("As in force.xlsx of ") and "2 cells answered" in found.words()
    again = read_force_workbook(second, "2018", Overrides(fixes=found.fixes))
    assert {one.row: one.grade for one in again.rows}[8] == "inadequate"

    third = read_force_workbook(workbook(tmp_path, moved, "third.xlsx"), "2018")
    found = vault.read_now(answers_to_carry_over, inspection, third)
    assert found.skips == {"E9": "sent twice"}, "the line of the total stands elsewhere"
    assert (found.fixes["A7"], found.fixes["D7"]) == ("42/55555/26", "none")
    same = [*rows[:3], ("42/88888/26", *ROWS[3][1:4], "Put right."), *rows[4:]]
    fourth = read_force_workbook(workbook(tmp_path, same, "fourth.xlsx"), "2018")
    found = vault.read_now(answers_to_carry_over, inspection, fourth)
    assert (found.fixes, found.skips) == (said, why)
    right = workbook(tmp_path, same[:-1], "right.xlsx")
    fitting, held = read_with_answers(right, load("2018"), Overrides(), found)
    assert (held.fixes, held.skips) == (said, {"E8": "sent twice"})
    assert [one.row for one in fitting.skipped] == [8]
    fifth = workbook(tmp_path, ROWS[:1], "other.xlsx", ("Crime no", "Grade", "a", "b", "c"))
    other = read_force_workbook(fifth, "2018", Overrides(columns={"D": "grade"}))
    assert vault.read_now(answers_to_carry_over, inspection, other).count == 0


def test_an_import_from_before_problems_had_codes_is_read_as_it_was(
    vault: Vault, inspection: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def before_codes(reading: WorkbookReading) -> tuple[list[dict[str, Any]], list[str]]:
        problems, entries = split_problems(reading)
        for problem in problems:
            del problem["code"]
        return problems, [json.dumps(json.loads(one)[:3]) for one in entries]

    rows = [*ROWS, ("none yet", "Domestic abuse", "2026-06-01", "see file", "No."), ("Total", "9")]
    wishes = Overrides(
        fixes={"A6": "42/55555/26", "D6": "none"}, skips={"D5": "sent “twice”", "A7": "they know"}
    )
    path = workbook(tmp_path, rows)
    mended = read_force_workbook(workbook(tmp_path, [*rows], "mended.xlsx"), "2018")
    found = []
    for kept in (split_problems, before_codes):
        monkeypatch.setattr(import_plan, "split_problems", kept)
        take_in(vault, inspection, read_force_workbook(path, "2018", wishes))
        (made,) = vault.read_now(records_in, SelfAssessment, inspection)
        shown = vault.read_now(problems_of, made)
        held = vault.read_now(answers_to_carry_over, inspection, mended)
        found.append(([replace(one, answer="") for one in shown], held.fixes, held.skips))
        vault.write_now(remove_import, made.id, "again")
    assert found[0][1:] == (wishes.fixes, wishes.skips)
    assert [replace(one, code=Code.OTHER) for one in found[0][0]] == [
        replace(one, code=Code.OTHER) for one in found[1][0]
    ]
    assert found[1][1:] == found[0][1:]


def test_a_mapping_is_offered_again_to_the_next_workbook_of_the_force(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    methodology = load("2018")
    wishes = Overrides(columns={"E": "ignore"}, grades={"TBC": "inadequate"})
    take_in(vault, inspection, read_force_workbook(workbook(tmp_path), "2018", wishes))
    later = vault.write_now(
        inspections.create,
        force="westshire constabulary ",
        methodology="2018",
        phase="review",
        starts="2027-07-05",
        ends="2027-07-09",
    ).id
    known = vault.read_now(past_mappings, later)
    path = workbook(tmp_path, CORRECTED[:1] + ROWS[2:3], "review.xlsx")
    proposed = read_force_workbook(path, methodology)
    assert [one.field for one in proposed.columns][-1] == "rationale"
    found = fitting_mapping(path, methodology, proposed, known)
    assert found is not None and found.changes
    assert (
        found.words().startswith("As last time, ")
        and "the columns and 1 grade word" in found.words()
    )
    reading = read_force_workbook(path, methodology, found.overrides)
    assert [one.field for one in reading.columns][-1] == "ignore"
    assert reading.rows[1].grade == "inadequate"
    # Another force, and other headings, know nothing of it.
    other = vault.write_now(inspections.create, force="Eastshire", methodology="2018").id
    assert vault.read_now(past_mappings, other) == []
    others = workbook(tmp_path, ROWS, "other.xlsx", ("Ref", *HEADINGS[1:]))
    assert fitting_mapping(
        others, methodology, read_force_workbook(others, methodology), known
    ) is None  # fmt: skip


def test_sheet_and_headings_are_found_where_they_were_last_time(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    def two_sheets(name: str) -> Path:
        path = workbook(tmp_path, ROWS * 3, name)
        from openpyxl import load_workbook

        book = load_workbook(path)
        sheet = book.create_sheet("Audited")
        for row in (("Audit ref", *HEADINGS[1:]), *CORRECTED):
            sheet.append(list(row))
        book.save(path)
        return path

    first = two_sheets("two.xlsx")
    assert read_force_workbook(first, "2018").sheet == "Cases"
    wishes = Overrides(sheet="Audited", columns={"A": "ref"})
    take_in(vault, inspection, read_force_workbook(first, "2018", wishes))
    known = vault.read_now(past_mappings, inspection)
    again = two_sheets("again.xlsx")
    methodology = load("2018")
    proposed = read_force_workbook(again, methodology)
    found = fitting_mapping(again, methodology, proposed, known)
    assert found is not None and found.overrides.sheet == "Audited"
    assert read_force_workbook(again, methodology, found.overrides).sheet == "Audited"
