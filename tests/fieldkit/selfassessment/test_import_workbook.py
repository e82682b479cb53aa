"""A force's workbook taken in: nothing linked but by a person, everything reversible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import Session

from fieldkit.casework import judging, reveals
from fieldkit.casework.cases import withdraw_case
from fieldkit.history.staged_records import Entry
from fieldkit.inspections import inspections
from fieldkit.selfassessment.decide import (
    accept_exact,
    find_row,
    link_row,
    match_plan,
    queue_lines,
    reopen_row,
    row_lines,
    set_no_case,
)
from fieldkit.selfassessment.import_plan import AlreadyImportedError, import_of, read_base, rows_of
from fieldkit.selfassessment.import_workbook import (
    import_reading,
    preview_import,
    read_force_workbook,
    remove_import,
)
from fieldkit.selfassessment.problems import problems_of
from fieldkit.selfassessment.rows import CandidateLine, QueueLine, RowLine
from fieldkit.service import NotThereError, RefusedError
from fieldkit.visibility import force_view
from fieldkit.workbook.overrides import Overrides
from fieldkit.workbook.readings import WorkbookReading
from storage.database.tables import ops
from storage.feed.replay import differences
from storage.history.history import history
from storage.history.undo import undo
from storage.ops.op import KEY
from storage.records import ForceRow, ForceRowKey, SelfAssessment
from storage.records.lookup import records_in
from storage.records.model.base import InvalidError
from storage.records.self_assessment import force_row_keys
from storage.vault.vault import Vault

HEADINGS = ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Rationale")
ROWS: tuple[tuple[str, ...], ...] = (
    ("Crime no. 42/10001/26", "Domestic abuse", "2026-02-01", "Good", "Child seen."),
    ("42/01002/26", "Missing children", "2026-02-02", "RI", "Not seen by Jo Bloggs."),
    ("no number yet", "Domestic abuse", "2026-05-30", "TBC", "To follow."),
)


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def workbook(folder: Path, rows: Sequence[Sequence[str]] = ROWS, name: str = "force.xlsx") -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Cases"
    sheet.append(HEADINGS)
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


@pytest.fixture
def reading(tmp_path: Path) -> WorkbookReading:
    return read_force_workbook(workbook(tmp_path), "2018")


@pytest.fixture
def imported(
    vault: Vault, inspection: str, cases: dict[str, str], reading: WorkbookReading
) -> dict[int, str]:
    """The rows of the workbook by number, imported and with nothing accepted."""
    vault.write_now(import_reading, inspection, reading, accept_exact=False)
    return {one.row: one.id for one in vault.read_now(records_in, ForceRow, inspection)}


def row(vault: Vault, which: str) -> ForceRow:
    found = vault.read_now(lambda s: s.get(ForceRow, which))
    assert found is not None
    return found


def test_the_preview_needs_no_vault_and_takes_what_a_person_chose(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    read = read_force_workbook(path, "2018")
    assert [one.grade for one in read.rows] == ["good", "requires improvement", None]
    chosen = Overrides(columns={"E": "ignore"}, grades={"TBC": "inadequate"})
    read = read_force_workbook(path, "2018", chosen)
    assert read.rows[2].grade == "inadequate"
    assert read.rows[0].rationale == ""


def test_an_import_links_nothing_by_itself(
    vault: Vault, inspection: str, imported: dict[int, str]
) -> None:
    assert {one.decision for one in vault.read_now(records_in, ForceRow, inspection)} == {"open"}
    plan = vault.read_now(match_plan, inspection)
    assert [one.row for one in plan.exact] == [2]
    assert [one.row for one in plan.queue] == [3, 4]


def test_the_exact_group_is_accepted_in_one_step(
    vault: Vault, inspection: str, cases: dict[str, str], reading: WorkbookReading
) -> None:
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    first = vault.read_now(records_in, ForceRow, inspection)[0]
    assert (first.decision, first.case_id) == ("exact", cases["WST-001"])
    assert first.decided_by == vault.person.id and first.decided_at
    assert vault.write_now(accept_exact, inspection) == 0
    vault.write_now(reopen_row, first.id)
    assert vault.write_now(accept_exact, inspection) == 1


def test_an_import_is_one_step_for_undo(
    vault: Vault, inspection: str, cases: dict[str, str], reading: WorkbookReading
) -> None:
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    vault.write_now(undo)
    assert vault.read_now(records_in, ForceRow, inspection) == []
    assert vault.read_now(force_row_keys, inspection) == {}
    assert vault.read_now(records_in, SelfAssessment, inspection) == []
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    assert len(vault.read_now(records_in, ForceRow, inspection)) == 3


def test_the_same_file_again_is_a_sentence_and_no_change(
    vault: Vault, inspection: str, imported: dict[int, str], reading: WorkbookReading
) -> None:
    before = vault.read_now(lambda s: len(s.connection().execute(ops.select()).all()))
    with pytest.raises(AlreadyImportedError, match=r"force\.xlsx was imported at .* already"):
        vault.write_now(import_reading, inspection, reading, accept_exact=True)
    assert vault.read_now(lambda s: len(s.connection().execute(ops.select()).all())) == before
    other = vault.write_now(inspections.create, force="Eastshire", methodology="2018").id
    with pytest.raises(
        AlreadyImportedError, match="the inspection of Westshire Constabulary kept here"
    ):
        vault.write_now(import_reading, other, reading, accept_exact=True)


def test_what_an_import_would_be_matched_to_is_foreseen(
    vault: Vault, inspection: str, cases: dict[str, str], reading: WorkbookReading
) -> None:
    found = vault.read_now(preview_import, inspection, reading)
    assert [(one.row, one.expected) for one in found.exact] == [(2, "WST-001")]
    assert (found.new, found.kept, found.skipped, found.ours) == (3, 0, 0, ["WST-002"])
    assert vault.read_now(records_in, ForceRow, inspection) == []
    vault.write_now(import_reading, inspection, reading, accept_exact=False)
    assert vault.read_now(queue_lines, inspection) == found.queue


def test_a_file_without_grades_or_rows_is_refused(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    blind = read_force_workbook(workbook(tmp_path), "2018", Overrides(columns={"D": "ignore"}))
    with pytest.raises(RefusedError, match="no column taken for grade"):
        vault.write_now(import_reading, inspection, blind, accept_exact=True)
    assert vault.read_now(records_in, ForceRow, inspection) == []


def test_the_queue_gives_reasons_and_never_the_forces_grade(
    vault: Vault, inspection: str, cases: dict[str, str], imported: dict[int, str]
) -> None:
    vault.write_now(accept_exact, inspection)
    swapped, strange = vault.read_now(queue_lines, inspection)
    assert (swapped.number, swapped.reference, swapped.row_id) == ("3", "42/01002/26", imported[3])
    likeliest = swapped.candidates[0]
    assert (likeliest.case_id, likeliest.reference) == (cases["WST-002"], "WST-002")
    assert "same date" in likeliest.reasons and likeliest.types == ("Missing children",)
    assert strange.candidates == () and "No case of ours is near it" in strange.note
    hidden = {"grade", "written", "rationale", "cells"}
    for shape in (QueueLine, RowLine, CandidateLine):
        assert not hidden & set(shape.__dataclass_fields__)
    told = vault.read_now(row_lines, inspection)
    assert [(one.decision, one.case_reference) for one in told] == [
        ("exact", "WST-001"),
        ("open", ""),
        ("open", ""),
    ]


def test_a_row_that_came_too_late_is_told_who_has_its_case(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    found = read_force_workbook(workbook(tmp_path, [*ROWS, ROWS[0]]), "2018")
    vault.write_now(import_reading, inspection, found, accept_exact=True)
    first = vault.read_now(find_row, inspection, "2")
    vault.write_now(link_row, first.id, cases["WST-001"])
    lines = vault.read_now(queue_lines, inspection)
    notes = {one.row: one.note for one in lines}
    assert notes[5].startswith(
        "WST-001 has this reference, but row 2 is matched to it: take that back, or leave this "
        "row out."
    )
    assert "WST-001" not in notes[4]


def test_a_decision_is_a_persons_and_can_be_taken_back(
    vault: Vault, inspection: str, cases: dict[str, str], imported: dict[int, str]
) -> None:
    one, two, three = imported[2], imported[3], imported[4]
    vault.write_now(link_row, one, cases["WST-001"])
    assert row(vault, one).decision == "chosen"
    with pytest.raises(RefusedError, match="WST-001 is row 2 of the force already"):
        vault.write_now(link_row, two, cases["WST-001"])
    vault.write_now(reopen_row, one)
    vault.write_now(link_row, two, cases["WST-001"])
    vault.write_now(link_row, two, cases["WST-002"])
    vault.write_now(set_no_case, three)
    assert [row(vault, each).decision for each in (one, two, three)] == ["open", "chosen", "none"]
    plan = vault.read_now(match_plan, inspection)
    assert ([each.row for each in plan.exact], plan.queue) == ([2], ())
    steps = vault.read_now(history, "force_row", one)
    assert [step.fields["case_id"][1] for step in steps[1:]] == [cases["WST-001"], ""]
    vault.write_now(withdraw_case, cases["WST-003"], "no child")
    with pytest.raises(RefusedError, match="WST-003 was withdrawn"):
        vault.write_now(link_row, three, cases["WST-003"])


def test_rows_are_named_by_number_also_of_a_second_import(
    vault: Vault, inspection: str, imported: dict[int, str], tmp_path: Path
) -> None:
    later = [("42/10002/26", "Missing children", "2026-02-02", "Good", "")]
    again = read_force_workbook(workbook(tmp_path, later, "later.xlsx"), "2018")
    vault.write_now(import_reading, inspection, again, accept_exact=False)
    lines = vault.read_now(row_lines, inspection)
    assert [one.number for one in lines] == ["2", "3", "4", "2:2"]
    assert [one.expected for one in lines] == ["WST-001", "", "", "WST-002"]

    def find(text: str) -> str:
        return vault.read_now(find_row, inspection, text).id

    assert find("3") == find("1:3") == imported[3]
    assert find("2:2") not in imported.values()
    for wrong in ("5", "2:3", "three", ""):
        with pytest.raises(NotThereError, match="no row"):
            find(wrong)


def test_an_import_is_taken_out_with_a_reason(
    vault: Vault, inspection: str, imported: dict[int, str], reading: WorkbookReading
) -> None:
    (kept,) = vault.read_now(records_in, SelfAssessment, inspection)
    with pytest.raises(RefusedError, match="reason is missing"):
        vault.write_now(remove_import, kept.id, "")
    vault.write_now(remove_import, kept.id, "the force sent a better one")
    assert vault.read_now(records_in, ForceRow, inspection) == []
    assert vault.read_now(force_row_keys, inspection) == {}
    last = vault.read_now(history, "force_row", imported[2])[-1]
    assert (last.verb, last.reason) == ("delete", "the force sent a better one")
    vault.write_now(import_reading, inspection, reading, accept_exact=True)
    assert len(vault.read_now(records_in, ForceRow, inspection)) == 3


def test_references_and_free_text_of_the_force_stay_in_the_key_feed(
    vault: Vault, inspection: str, imported: dict[int, str]
) -> None:
    (kept,) = vault.read_now(records_in, SelfAssessment, inspection)
    said = {one["cell"]: one for one in kept.problems}
    assert said["D4"]["value"] == "TBC"
    assert said["A4"]["value"] == "" and "no number yet" not in said["A4"]["reason"]
    told = {one.cell: one for one in vault.read_now(problems_of, kept)}
    assert told["A4"].value == "no number yet" and "no number yet" in told["A4"].reason

    def written(s: Session) -> dict[str, bytes]:
        rows = s.connection().execute(ops.select()).all()
        return {
            feed: b"".join(one.bytes for one in rows if (one.kind == KEY) == (feed == KEY))
            for feed in (KEY, "main")
        }

    feeds = vault.read_now(written)
    for canary in (b"42/01002/26", b"Jo Bloggs", b"no number yet"):
        assert canary in feeds[KEY] and canary not in feeds["main"]
    key = vault.read_now(lambda s: force_row_keys(s, inspection)[imported[3]])
    assert isinstance(key, ForceRowKey)
    assert key.cells == [
        "A3\t42/01002/26",
        "B3\tMissing children",
        "C3\t2026-02-02",
        "D3\tRI",
        "E3\tNot seen by Jo Bloggs.",
    ]


def test_the_forces_grade_is_seen_only_after_ours(
    vault: Vault, inspection: str, cases: dict[str, str], imported: dict[int, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(accept_exact, inspection)
    assert vault.read_now(force_view, case) is None
    with pytest.raises(RefusedError):
        vault.write_now(reveals.reveal, case)
    vault.write_now(judging.grade, case, "overall", "inadequate", allow_open=True)
    vault.write_now(reveals.reveal, case)
    view = vault.read_now(force_view, case)
    assert view is not None and (view.grade, view.rationale) == ("good", "Child seen.")


def test_words_outside_ascii_and_odd_characters_are_kept(
    vault: Vault, inspection: str, tmp_path: Path
) -> None:
    rows = [("42/1/26", "Trais domestig", "2026-02-01", "Angen gwella – ŷ", "Cafe\u0301 ŵyr")]
    read = read_force_workbook(workbook(tmp_path, rows), "2018")
    made = vault.write_now(import_reading, inspection, read, accept_exact=True)
    assert made.grades["words"] == [{"written": "", "means": "requires improvement", "count": 1}]
    keys = [one for one in vault.read_now(force_row_keys, inspection).values() if one.row]
    assert [(one.written, one.rationale) for one in keys] == [("Angen gwella – ŷ", "Café ŵyr")]


def test_what_is_planned_is_what_a_record_would_hold(
    vault: Vault, inspection: str, reading: WorkbookReading
) -> None:
    base = vault.read_now(read_base, inspection, reading)
    planned = list(
        chain.from_iterable(rows_of(base, import_of(inspection, reading, [], []), reading, None))
    )
    assert [one.KIND for one in planned] == [ForceRow, ForceRowKey] * len(ROWS)
    for one in planned:
        record = one.KIND.make(**vars(one))
        entry = one.adding("because")
        assert entry == Entry.adding(record, "because") and record.id == one.id
        assert {name: type(value) for name, value in entry.values.items()} == {
            name: type(value) for name, value in record.field_values().items()
        }
    with pytest.raises(InvalidError):
        planned[0].change(decision="perhaps")
    planned[0].change(decision="exact", case_id="a case")
    assert (planned[0].decision, planned[0].case_id) == ("exact", "a case")
