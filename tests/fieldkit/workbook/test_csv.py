"""Separated text: what is wrong in one cell costs that cell, and is named by it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.workbook.case_list import read_case_list
from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.load.separated.load_csv import load_csv
from fieldkit.workbook.load.separated.records import read_records
from fieldkit.workbook.problems import Code, Problem
from fieldkit.workbook.read_workbook import read_workbook
from tests.fieldkit.workbook.nuisances import SCALE, TYPES

HEADINGS = ["Force ref", "Case type", "Date of incident", "Grade", "Rationale"]
TYPE_WORDS = ("Domestic abuse", "Missing children", "Police protection")
GRADES = ("Good", "Requires improvement", "Inadequate")


def cases(count: int = 10) -> list[list[str]]:
    return [
        [
            f"42/{40100 + 37 * one}/26",
            TYPE_WORDS[one % 3],
            f"{one % 28 + 1:02}/03/2026",
            GRADES[one % 3],
            f"Supervisor review {one} recorded and clear",
        ]
        for one in range(count)
    ]


def lines(rows: Sequence[Sequence[str]], separator: str = ",") -> list[str]:
    return [separator.join(row) for row in [HEADINGS, *rows]]


def loaded(text: str | bytes) -> tuple[list[list[str]], list[Problem]]:
    """Return the cells of a text by row, and what was named."""
    data = text.encode() if isinstance(text, str) else text
    sheet, _, problems = load_csv(data, "a.csv")
    rows = [
        [sheet.at(row, column).text() for column in range(1, sheet.last_column() + 1)]
        for row in sheet.rows()
    ]
    return rows, problems


def named(problems: Sequence[Problem]) -> set[tuple[str, Code]]:
    return {(one.cell, one.code) for one in problems}


STRAY = {
    "opens and never closes": ('"Child said she was unsafe', "Child said she was unsafe"),
    "closes and never opened": ('Child said she was unsafe"', 'Child said she was unsafe"'),
    "stands inside": ('Child said "no to him', 'Child said "no to him'),
    "alone": ('"', ""),
    "opens behind blanks": ('  "Child said', "Child said"),
    "opens before others": ('"Child said "no" to him', '"Child said "no" to him'),
}


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("at", [0, 4, 9])
@pytest.mark.parametrize("quoted", ["none", "all", "some"])
def test_a_stray_mark_costs_its_own_cell_and_no_other_row(stray: str, at: int, quoted: str) -> None:
    written, read = STRAY[stray]
    rows = cases()
    for number, row in enumerate(rows):
        if quoted == "all" or (quoted == "some" and number % 3 == 1):
            row[4] = f"{row[4]}, and filed"
    texts = lines([[*row[:4], f'"{row[4]}"' if "," in row[4] else row[4]] for row in rows])
    texts[at + 1] = ",".join([*rows[at][:4], written])
    got, problems = loaded("\r\n".join(texts) + "\r\n")
    rows[at][4] = read
    assert got == [HEADINGS, *rows]
    assert named(problems) == {(f"E{at + 2}", Code.QUOTE_STRAY)}


@pytest.mark.parametrize("column", range(4))
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_stray_mark_in_any_column(column: int, separator: str) -> None:
    rows = cases()
    texts = lines([[*row[:4], f'"{row[4]}{separator} filed"'] for row in rows], separator)
    broken = [*rows[4][:4], f'"{rows[4][4]}{separator} filed"']
    broken[column] = f'"{broken[column]}'
    texts[5] = separator.join(broken)
    got, problems = loaded("\n".join(texts))
    for row in rows:
        row[4] += f"{separator} filed"
    assert got == [HEADINGS, *rows]
    assert (f"{'ABCD'[column]}6", Code.QUOTE_STRAY) in named(problems)


def test_a_stray_mark_in_the_headings() -> None:
    texts = lines(cases())
    texts[0] = f'"{texts[0]}'
    assert loaded("\n".join(texts))[0] == [HEADINGS, *cases()]


def test_words_behind_the_closing_mark_are_kept() -> None:
    rows = cases()
    rows[3][4] = '"No further action" was the decision, no review'
    got, problems = loaded("\n".join(lines(rows)))
    assert got == [HEADINGS, *rows]
    assert named(problems) == {("E5", Code.QUOTE_ODD), ("E5", Code.CELLS_JOINED)}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"First line\nsecond, with more\nthird"', "First line\nsecond, with more\nthird"),
        ('"She said ""no"" twice"', 'She said "no" twice'),
        ('"She said "no" twice"', 'She said "no" twice'),
        ('"One, two"', "One, two"),
        ('""', ""),
        (' "One, two" ', "One, two"),
        ('"Ends with ""a word"""', 'Ends with "a word"'),
        ('"\n\nafter two lines"', "\n\nafter two lines"),
    ],
)
def test_cells_in_marks_are_read_whole(written: str, read: str) -> None:
    texts = lines(cases())
    texts[5] = ",".join([*cases()[4][:4], written])
    rows = cases()
    rows[4][4] = read
    assert loaded("\n".join(texts))[0] == [HEADINGS, *rows]


WORDS = st.text(st.sampled_from("ab ,;\"'\n4-é"), max_size=14)


@settings(max_examples=100, derandomize=True)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=4, max_size=12), st.booleans())
def test_what_a_program_wrote_is_read_as_by_the_standard_library(
    texts: list[tuple[str, str]], quote_all: bool
) -> None:
    rows = [["Force ref", "x", "y"]]
    rows += [[f"42/{number}/26", *text] for number, text in enumerate(texts)]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL).writerows(rows)
    assert [record.fields for record in read_records(out.getvalue(), ",")] == rows


@settings(max_examples=100, derandomize=True)
@given(st.data())
def test_one_stray_mark_anywhere_costs_one_row(data: st.DataObject) -> None:
    rows = cases(8)
    for row in rows:
        if data.draw(st.booleans()):
            row[4] += ", and more"
    texts = lines([[*row[:4], f'"{row[4]}"' if "," in row[4] else row[4]] for row in rows])
    at = data.draw(st.integers(1, 8))
    place = data.draw(st.integers(0, len(texts[at])))
    texts[at] = f'{texts[at][:place]}"{texts[at][place:]}'
    got, problems = loaded("\n".join(texts))
    assert len(got) == 9
    assert [row[:5] for number, row in enumerate(got) if number != at] == [
        row for number, row in enumerate([HEADINGS, *rows]) if number != at
    ]
    assert any(one.cell.endswith(str(at + 1)) for one in problems)


def test_further_cells_are_kept_with_the_text_they_were_cut_from() -> None:
    rows = cases()
    rows[2][4] += ", no strategy discussion, child not seen"
    got, problems = loaded("\n".join(lines(rows)))
    assert got == [HEADINGS, *rows] and named(problems) == {("E4", Code.CELLS_JOINED)}


@pytest.mark.parametrize("order", [(4, 0, 1, 2, 3), (0, 1, 4, 2, 3)])
def test_further_cells_of_a_text_in_another_place(order: tuple[int, ...]) -> None:
    rows = [[row[one] for one in order] for row in cases()]
    headings = [HEADINGS[one] for one in order]
    at = order.index(4)
    rows[2][at] += ", child not seen"
    got, problems = loaded("\n".join(",".join(row) for row in [headings, *rows]))
    assert got == [headings, *rows]
    assert named(problems) == {(f"{'ABCDE'[at]}4", Code.CELLS_JOINED)}


@pytest.mark.parametrize("last", ["Ann Price", "AP", "Inspector 4"])
def test_further_cells_stay_in_their_text_before_a_column_of_names(last: str) -> None:
    rows = [[*row, last] for row in cases()]
    rows[2][4], rows[2][1] = "Not seen, not heard", "Online child sexual abuse"
    rows[5][1] = "Child sexual exploitation"
    headings = [*HEADINGS, "Auditor"]
    got, problems = loaded("\n".join(",".join(row) for row in [headings, *rows]))
    assert got == [headings, *rows] and named(problems) == {("E4", Code.CELLS_JOINED)}


def test_further_cells_stay_in_their_text_before_types_of_several_words() -> None:
    words = ("Online child sexual abuse", "Child sexual exploitation", "Sex offender management")
    rows = [[row[0], row[3], row[4], words[n % 3], row[2]] for n, row in enumerate(cases())]
    rows[3][2] += ", not seen, alone"
    headings = ["Force ref", "Grade", "Rationale", "Case type", "Date of incident"]
    got, problems = loaded("\n".join(",".join(row) for row in [headings, *rows]))
    assert got == [headings, *rows] and named(problems) == {("C5", Code.CELLS_JOINED)}


def test_further_cells_of_most_rows() -> None:
    rows = cases()
    for row in rows[:6]:
        row[4] += ", and " * (1 + int(row[0][-4]) % 2) + "more"
    got, problems = loaded("\n".join(lines(rows)))
    assert got == [HEADINGS, *rows] and len(problems) == 6


def test_further_cells_that_fit_nowhere_are_named() -> None:
    rows = cases()
    rows[2].insert(1, "Burglary")
    got, problems = loaded("\n".join(lines(rows)))
    assert got[3] == rows[2] and named(problems) == {("F4", Code.CELLS_TOO_MANY)}


def test_rows_that_all_are_wider_than_their_headings_are_left_as_they_are() -> None:
    texts = [",".join(HEADINGS[:4]), *(",".join(row) for row in cases())]
    got, problems = loaded("\n".join(texts))
    assert got[1:] == cases() and not problems


WRONG = {
    "one byte": (b"Jos\xe9", "José", 1),
    "two bytes": (b"Jos\xe9 \x96 \xa35", "José – £5", 3),
    "a byte that is nothing": (b"x\x81y", "x\ufffdy", 1),
    "a sequence cut short": (b"Jos" + "€".encode()[:2] + b" x", "Jos\u00e2\u201a x", 2),
    "a zero": (b"Jos\0e", "Jose", 1),
    "a bell": (b"Jos\x07e", "Jose", 1),
    "a lost sign": ("Jos\ufffd".encode(), "Jos\ufffd", 1),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_wrong_byte_is_read_round_and_named(wrong: str, mark: bytes) -> None:
    written, read, count = WRONG[wrong]
    texts = [one.encode() for one in lines(cases())]
    texts[4] = texts[4].replace(b"Supervisor", written)
    texts[6] = texts[6].replace(b"Supervisor", "Llŷn ŵ – “voice”".encode())
    got, problems = loaded(mark + b"\n".join(texts))
    assert got[4][4].startswith(read) and got[6][4].startswith("Llŷn ŵ – “voice”")
    assert named(problems) == {("E5", Code.WRONG_BYTES)}
    assert problems[0].reason.startswith(f"{count} sign")


def test_wrong_bytes_of_windows_and_wide_texts() -> None:
    rows = cases()
    rows[1][4] = "Child’s view – José"
    text = "\n".join(lines(rows))
    data = text.encode("cp1252").replace(b"review 4", b"review\x814")
    got, problems = loaded(data)
    assert got[2][4] == rows[1][4] and named(problems) == {("E6", Code.WRONG_BYTES)}
    wide = text.encode("utf-16") + b"\n"
    got, problems = loaded(wide)
    assert got[:10] == [HEADINGS, *rows][:10] and named(problems) == {("E11", Code.WRONG_BYTES)}


def test_what_is_no_text_is_refused_still() -> None:
    for data in (bytes(range(256)) * 40, b"\x01\x02\x03" * 50, b"\x80\x81\x8d" * 300):
        with pytest.raises(WorkbookRefused, match="neither a workbook nor text"):
            load_csv(data, "a.csv")


def test_the_whole_way(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    texts = lines(cases())
    texts[4] += ', "quoted'
    texts[5] = texts[5].replace("Supervisor", '"Supervisor')
    path.write_text("\n".join(texts), "utf-8")
    reading = read_workbook(path, scale=SCALE, types=TYPES)
    assert [row.ref for row in reading.rows] == [row[0] for row in cases()]
    assert [row.grade for row in reading.rows] == [row[3].lower() for row in cases()]
    ours = ["case,force_ref,type,overall_grade,rationale"]
    ours += [f"WST-{one:03},42/{one}/26,DA,good,Reason {one} for it" for one in range(1, 9)]
    ours[3] = ours[3].replace("Reason", '"Reason')
    path.write_text("\n".join(ours), "utf-8")
    assert len(read_case_list(path, scale=SCALE, types=TYPES).rows) == 8
