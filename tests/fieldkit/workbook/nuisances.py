"""Workbooks with one nuisance each, and what must be read from them in spite of it.

Every builder starts from the same five cases (`CASES`); a nuisance changes the file and says which
rows, problems or refusal it expects.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

SCALE = ("good", "requires improvement", "inadequate")
TYPES: Mapping[str, tuple[str, ...]] = {
    "Domestic abuse": ("DA", "domestic violence"),
    "Missing children": ("missing", "misper"),
    "Online child sexual abuse": ("OCSA",),
    "Police protection": ("section 46", "s46"),
}
HEADINGS = ["Crime ref", "Type of case", "Date of incident", "Grade", "Rationale"]
Row = tuple[str, str | None, str | None, str | None]
CASES: list[list[Any]] = [
    ["42/42099/26", "Domestic abuse", dt.date(2026, 1, 29), "Good", "Child seen and spoken to."],
    ["42/41899/26", "Missing children", dt.date(2026, 1, 27), "RI", "Siblings not considered."],
    ["42/41138/26", "Police protection", dt.date(2026, 2, 24), "Inadequate", "Child was not seen."],
    ["42/41299/26", "Domestic abuse", dt.date(2026, 4, 23), "good", "Referred the same night."],
    [
        "42/42227/26",
        "Online child sexual abuse",
        dt.date(2026, 4, 12),
        "RI",
        "Device not examined.",
    ],
]
ROWS: list[Row] = [
    ("42/42099/26", "Domestic abuse", "2026-01-29", "good"),
    ("42/41899/26", "Missing children", "2026-01-27", "requires improvement"),
    ("42/41138/26", "Police protection", "2026-02-24", "inadequate"),
    ("42/41299/26", "Domestic abuse", "2026-04-23", "good"),
    ("42/42227/26", "Online child sexual abuse", "2026-04-12", "requires improvement"),
]


@dataclass(frozen=True)
class Nuisance:
    """One workbook: how it is made and what is expected of its reading.

    ``said`` are (cell, part of the reason) that must be among the problems; ``refused`` is a part
    of the sentence of a refusal; ``header_row`` is checked when given.
    """

    name: str
    build: Callable[[Path], Path]
    rows: list[Row] = field(default_factory=lambda: list(ROWS))
    said: list[tuple[str, str]] = field(default_factory=list)
    refused: str = ""
    header_row: int | None = None
    sheet: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


NUISANCES: list[Nuisance] = []


def _cases(ws: Worksheet, at: int = 1, cases: list[list[Any]] | None = None) -> None:
    for c, heading in enumerate(HEADINGS, 1):
        ws.cell(at, c, heading)
    for r, case in enumerate(cases if cases is not None else CASES, at + 1):
        for c, value in enumerate(case, 1):
            ws.cell(r, c, value)


def nuisance(**expected: Any) -> Callable[[Callable[[Any, Worksheet], None]], None]:
    """Register a workbook: the decorated function fills it; without ``bare`` it has the cases."""
    bare = expected.pop("bare", False)

    def register(fill: Callable[[Any, Worksheet], None]) -> None:
        def build(folder: Path) -> Path:
            book = openpyxl.Workbook()
            ws = book.active
            ws.title = "Cases"
            if not bare:
                _cases(ws)
            fill(book, ws)
            path = folder / f"{fill.__name__}.xlsx"
            book.save(path)
            return path

        NUISANCES.append(Nuisance(fill.__name__, build, **expected))

    return register


def file_nuisance(
    suffix: str = ".xlsx", **expected: Any
) -> Callable[[Callable[[Path], None]], None]:
    """Register a file that the decorated function writes itself."""

    def register(write: Callable[[Path], None]) -> None:
        def build(folder: Path) -> Path:
            path = folder / f"{write.__name__}{suffix}"
            write(path)
            return path

        NUISANCES.append(Nuisance(write.__name__, build, **expected))

    return register


def _with(row: int, **changes: str | None) -> list[Row]:
    rows = list(ROWS)
    ref, kind, date, grade = rows[row]
    new = {"ref": ref, "type": kind, "date": date, "grade": grade, **changes}
    rows[row] = (str(new["ref"]), new["type"], new["date"], new["grade"])
    return rows


# --- sheets ---


@nuisance(sheet="Cases", said=[])
def guidance_first(book: Any, ws: Worksheet) -> None:
    guide = book.create_sheet("Guidance", 0)
    guide["A1"] = "How to complete this return"
    guide["A3"] = "Grade each case good, requires improvement or inadequate and say why."


@nuisance(sheet="Cases")
def guidance_with_example_table(book: Any, ws: Worksheet) -> None:
    guide = book.create_sheet("Read me", 0)
    _cases(guide, 4, [["42/00001/26", "Domestic abuse", dt.date(2026, 1, 1), "Good", "Example"]])


@nuisance(sheet="Cases", said=[("", "It is hidden; it looks like a table of 5 rows.")])
def hidden_second_sheet(book: Any, ws: Worksheet) -> None:
    old = book.create_sheet("Old version", 0)
    _cases(old)
    old["D2"] = "Inadequate"
    old.sheet_state = "hidden"


@nuisance(sheet="Cases", said=[("", "hidden sheet")])
def only_table_is_on_a_very_hidden_sheet(book: Any, ws: Worksheet) -> None:
    ws.sheet_state = "veryHidden"
    book.create_sheet("Cover")["A1"] = "OFFICIAL-SENSITIVE"


@nuisance(sheet="More", arguments={"sheet": "More"})
def sheet_named_by_a_person(book: Any, ws: Worksheet) -> None:
    ws["D2"] = "Inadequate"
    _cases(book.create_sheet("More"))


@nuisance(said=[("", "looks like a table of 2 rows too")], sheet="Cases")
def two_tables_on_two_sheets(book: Any, ws: Worksheet) -> None:
    _cases(book.create_sheet("Custody"), cases=[["42/1234/26", "Missing children", None, "G", "x"],
           ["42/1235/26", "Missing children", None, "RI", "y"]])  # fmt: skip


@nuisance(refused="no sheet “Casess”", arguments={"sheet": "Casess"})
def a_sheet_that_is_not_there(book: Any, ws: Worksheet) -> None:
    pass


# --- title rows and headings ---


@nuisance(bare=True, header_row=5)
def merged_titles_above(book: Any, ws: Worksheet) -> None:
    ws["A1"] = "OFFICIAL-SENSITIVE"
    ws["A2"] = "Westshire Constabulary - child protection case self-assessment"
    ws.merge_cells("A2:E2")
    _cases(ws, 5)


@nuisance(bare=True, header_row=5)
def headings_grouped_under_merged_cells(book: Any, ws: Worksheet) -> None:
    ws["A4"], ws["D4"] = "The case", "The force's view"
    ws.merge_cells("A4:C4")
    ws.merge_cells("D4:E4")
    _cases(ws, 5)


@nuisance(bare=True, header_row=3)
def headings_broken_over_two_lines(book: Any, ws: Worksheet) -> None:
    _cases(ws, 3)
    for c, (upper, lower) in enumerate(
        [("Crime", "reference"), ("Type of", "case"), ("Date of", "incident"),
         ("Overall", "judgement"), ("Reason for", "grade")], 1
    ):  # fmt: skip
        ws.cell(2, c, upper)
        ws.cell(3, c, lower)


@nuisance(bare=True, header_row=3)
def headings_merged_down_two_rows(book: Any, ws: Worksheet) -> None:
    _cases(ws, 3)
    for c, heading in enumerate(HEADINGS[:3], 1):
        ws.cell(3, c).value = None
        ws.cell(2, c, heading)
        ws.merge_cells(start_row=2, end_row=3, start_column=c, end_column=c)
    ws["D2"] = "Self-assessment"
    ws.merge_cells("D2:E2")


@nuisance()
def headings_spelt_otherwise(book: Any, ws: Worksheet) -> None:
    for c, heading in enumerate(
        [
            "CRIME  REFERENCE No.",
            "case-type",
            "Incident date:",
            "Force’s Judgment",
            "Comments/Why?",
        ],
        1,
    ):
        ws.cell(1, c, heading)


@nuisance()
def headings_misspelt(book: Any, ws: Worksheet) -> None:
    for c, heading in enumerate(
        ["Crime refrence", "Type of caes", "Date of incidnet", "Overal grade", "Rationalle"], 1
    ):
        ws.cell(1, c, heading)


@nuisance(bare=True, header_row=0, said=[("", "no row of headings")])
def no_headings_at_all(book: Any, ws: Worksheet) -> None:
    for case in CASES:
        ws.append(case)


@nuisance(bare=True, header_row=7, arguments={"header_row": 7})
def header_row_named_by_a_person(book: Any, ws: Worksheet) -> None:
    _cases(ws, 7)


@nuisance(
    refused="There is no row 99 to hold the headings: “Cases” ends at row ",
    arguments={"header_row": 99},
)
def header_row_that_is_not_there(book: Any, ws: Worksheet) -> None:
    pass


@nuisance(bare=True)
def columns_in_another_order_with_others_between(book: Any, ws: Worksheet) -> None:
    ws.append(["No.", "Grade", "OIC", "Rationale", "Date of birth", "Type", "Ref", "Date"])
    for n, (ref, kind, date, grade, why) in enumerate(CASES, 1):
        ws.append([n, grade, f"PC {n}", why, dt.date(2015, 1, n), kind, ref, date])


@nuisance(arguments={"columns": {"F": "grade", "Grade": "ignore"}},
          rows=[(*row[:3], "inadequate") for row in ROWS])  # fmt: skip
def column_chosen_by_a_person(book: Any, ws: Worksheet) -> None:
    ws["F1"] = "Second opinion"
    for row in range(2, 7):
        ws.cell(row, 6, "Inadequate")


@nuisance(refused="is not a field", arguments={"columns": {"A": "reference"}})
def a_field_that_is_not_there(book: Any, ws: Worksheet) -> None:
    pass


@nuisance()
def inspectors_column_is_not_the_forces(book: Any, ws: Worksheet) -> None:
    ws["F1"] = "HMICFRS grade (leave blank)"
    ws["F2"] = "Inadequate"


@nuisance(said=[("D", "Column F could be the grade just as well")])
def two_columns_of_grades(book: Any, ws: Worksheet) -> None:
    ws["D1"], ws["F1"] = "Force grade", "Final grade"
    for row in range(2, 7):
        ws.cell(row, 6, "Good")


# --- lines that are not cases ---


@nuisance(said=[("A8", "it is a total")])
def trailing_total(book: Any, ws: Worksheet) -> None:
    ws["A8"], ws["B8"] = "Total", 5


@nuisance(said=[("B8", "5 rows were read")])
def trailing_total_that_is_wrong(book: Any, ws: Worksheet) -> None:
    ws["A8"], ws["B8"] = "Total", 6


@nuisance(said=[("A9", "a note or a section's title")])
def footnotes(book: Any, ws: Worksheet) -> None:
    ws["A9"] = "* Graded by the review team on 3 May 2026, pending moderation."
    ws["A10"] = "Note: 42/12345/26 was withdrawn."


@nuisance(bare=True, said=[("A4", "a note or a section's title")],
          rows=ROWS)  # fmt: skip
def section_titles_between_cases(book: Any, ws: Worksheet) -> None:
    ws.append(HEADINGS)
    for n, case in enumerate(CASES):
        if n == 2:
            ws.append(["Cases of the northern division"])
            ws.merge_cells("A4:E4")
        ws.append(case)


@nuisance(bare=True, said=[("A4", "repeats the headings")])
def headings_repeated_on_each_page(book: Any, ws: Worksheet) -> None:
    ws.append(HEADINGS)
    for n, case in enumerate(CASES):
        if n == 2:
            ws.append(HEADINGS)
        ws.append(case)


@nuisance(bare=True)
def blank_rows_between_cases(book: Any, ws: Worksheet) -> None:
    ws.append(HEADINGS)
    for n, case in enumerate(CASES):
        for c, value in enumerate(case, 1):
            ws.cell(2 + 3 * n, c, value)


@nuisance(bare=True)
def numbered_lines_left_empty(book: Any, ws: Worksheet) -> None:
    ws.append(["No.", *HEADINGS])
    for n in range(1, 31):
        ws.append([n, *(CASES[n - 1] if n <= 5 else [])])


@nuisance()
def key_of_grades_below(book: Any, ws: Worksheet) -> None:
    for n, grade in enumerate(["Good", "Requires improvement", "Inadequate"]):
        ws.cell(10 + n, 1, grade)
        ws.cell(10 + n, 2, n + 1)


@nuisance()
def formatting_down_to_the_last_row(book: Any, ws: Worksheet) -> None:
    ws.cell(1_048_576, 1).number_format = "@"
    ws.cell(2_000, 300).number_format = "0.00"


# --- hidden and merged ---


@nuisance(said=[("A4", "row is hidden")])
def hidden_row(book: Any, ws: Worksheet) -> None:
    ws.row_dimensions[4].hidden = True


@nuisance(said=[("D", "column is hidden")])
def hidden_column(book: Any, ws: Worksheet) -> None:
    ws.column_dimensions["D"].hidden = True


@nuisance(said=[("B5", "merged down to row 6")],
          rows=[*ROWS[:4], ("42/42227/26", "Domestic abuse", "2026-04-12",
                            "requires improvement")])  # fmt: skip
def type_merged_over_two_cases(book: Any, ws: Worksheet) -> None:
    ws.merge_cells("B5:B6")


@nuisance()
def merged_area_of_a_whole_sheet(book: Any, ws: Worksheet) -> None:
    ws.merged_cells.add("A20:XFD1048576")


# --- values ---


@nuisance(rows=_with(0, grade=None), said=[("D2", "#N/A")])
def error_cell_for_a_grade(book: Any, ws: Worksheet) -> None:
    ws["D2"] = "#N/A"
    ws["D2"].data_type = "e"


@nuisance(rows=_with(0, ref=""), said=[("A2", "#REF!")])
def error_cell_for_a_reference(book: Any, ws: Worksheet) -> None:
    ws["A2"] = "#REF!"
    ws["A2"].data_type = "e"


@nuisance(rows=_with(1, grade=None), said=[("D3", "never saved")])
def formula_never_calculated(book: Any, ws: Worksheet) -> None:
    ws["D3"] = '=IF(1=1,"Good","RI")'


@nuisance(rows=_with(1, grade=None), said=[("D3", "it is a word for having no grade")])
def grade_to_be_confirmed(book: Any, ws: Worksheet) -> None:
    ws["D3"] = "TBC"


@nuisance(rows=_with(1, grade=None), said=[("D3", "No grade is given")])
def grade_left_blank(book: Any, ws: Worksheet) -> None:
    ws["D3"] = "  "


@nuisance(rows=_with(1, grade=None), said=[("D3", "a number says nothing")])
def grade_as_a_number(book: Any, ws: Worksheet) -> None:
    ws["D3"] = 3


@nuisance(rows=_with(1, grade="inadequate"), arguments={"grades": {"3": "inadequate"}})
def grade_number_mapped_by_a_person(book: Any, ws: Worksheet) -> None:
    ws["D3"] = 3


@nuisance(rows=_with(1, grade=None), said=[("D3", "not on this inspection's scale")])
def grade_of_another_scale(book: Any, ws: Worksheet) -> None:
    ws["D3"] = "Adequate"


@nuisance(rows=_with(1, grade=None), said=[("D3", "more than one grade")])
def two_grades_in_one_cell(book: Any, ws: Worksheet) -> None:
    ws["D3"] = "Good / RI"


@nuisance(rows=_with(1, grade=None), said=[("D3", "“TRUE” is not taken")])
def boolean_for_a_grade(book: Any, ws: Worksheet) -> None:
    ws["D3"] = True


@nuisance(rows=_with(0, ref="4242099"))
def reference_as_a_number(book: Any, ws: Worksheet) -> None:
    ws["A2"] = 4242099.0


@nuisance(rows=_with(0, ref="000421"))
def reference_with_zeros_by_format(book: Any, ws: Worksheet) -> None:
    ws["A2"] = 421
    ws["A2"].number_format = "000000"


@nuisance(rows=_with(0, ref=""), said=[("A2", "turned this reference into a date")])
def reference_turned_into_a_date(book: Any, ws: Worksheet) -> None:
    ws["A2"] = dt.date(2026, 3, 12)


@nuisance(rows=_with(0, ref="1234567890123457024"), said=[("A2", "only 15 digits")])
def reference_of_too_many_digits(book: Any, ws: Worksheet) -> None:
    ws["A2"] = 1234567890123456789


@nuisance(rows=_with(3, ref="42/42099/26"), said=[("A5", "also stands in A2")])
def reference_twice(book: Any, ws: Worksheet) -> None:
    ws["A5"] = "42/42099/26"


@nuisance(rows=_with(3, ref=""), said=[("A5", "No reference is given")])
def reference_missing(book: Any, ws: Worksheet) -> None:
    ws["A5"] = None


@nuisance()
def dates_as_text_in_many_forms(book: Any, ws: Worksheet) -> None:
    for row, text in enumerate(
        ["29/01/2026", "27.1.26", "Tues 24th February 2026", "2026-04-23T14:30:00", "12-Apr-26"], 2
    ):
        ws.cell(row, 3, text)


@nuisance()
def dates_as_serial_numbers(book: Any, ws: Worksheet) -> None:
    for row, case in enumerate(CASES, 2):
        ws.cell(row, 3, (case[2] - dt.date(1899, 12, 30)).days).number_format = "General"


@nuisance()
def dates_counted_from_1904(book: Any, ws: Worksheet) -> None:
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row, case in enumerate(CASES, 2):
        ws.cell(row, 3, (case[2] - dt.date(1904, 1, 1)).days).number_format = "General"


@nuisance(rows=_with(0, date=None), said=[("C2", "month before the day")])
def american_date(book: Any, ws: Worksheet) -> None:
    ws["C2"] = "01/29/2026"


@nuisance(rows=_with(0, date=None), said=[("C2", "not a date that could be read")])
def vague_date(book: Any, ws: Worksheet) -> None:
    ws["C2"] = "late January"


@nuisance(rows=_with(0, type=None), said=[("B2", "not on the list of case types")])
def unknown_case_type(book: Any, ws: Worksheet) -> None:
    ws["B2"] = "Burglary"


@nuisance()
def case_types_by_other_names(book: Any, ws: Worksheet) -> None:
    for row, text in enumerate(["DA", "Misper", "Section 46", "domestic violence", "OCSA"], 2):
        ws.cell(row, 2, text)


@nuisance()
def odd_spaces_and_case(book: Any, ws: Worksheet) -> None:
    ws["A2"] = " 42/42099/26\u00a0"
    ws["D2"], ws["D3"] = " GOOD\u00a0", "requires\n improvement"
    ws["B2"] = "DOMESTIC   ABUSE "


@nuisance(said=[("D2", "reaches outside")], rows=_with(0, grade=None))
def formula_that_starts_a_program(book: Any, ws: Worksheet) -> None:
    ws["D2"] = "=cmd|'/C calc'!A0"


@nuisance(said=[("E2", "would be a formula")])
def dde_as_text(book: Any, ws: Worksheet) -> None:
    ws["E2"] = '=DDE("cmd","/C calc","x")'
    ws["E2"].data_type = "s"


# --- summary sheets ---


@nuisance(said=[("B2", "says 3; the rows that were read have 2")])
def summary_wrong_by_one(book: Any, ws: Worksheet) -> None:
    summary = book.create_sheet("Summary")
    for line in [["Grade", "Number"], ["Good", 3], ["Requires Improvement", 2], ["Inadequate", 1]]:
        summary.append(line)


@nuisance(said=[("C2", "says 1; the rows that were read have 2")])
def summary_across(book: Any, ws: Worksheet) -> None:
    summary = book.create_sheet("Totals")
    summary.append([None, "Good", "RI", "Inadequate", "Total"])
    summary.append(["All cases", 2, 1, 1, 5])


@nuisance(said=[("B3", "good, Domestic abuse says 1")])
def summary_by_type(book: Any, ws: Worksheet) -> None:
    summary = book.create_sheet("By type")
    summary.append(["Type", "Good", "Requires improvement", "Inadequate"])
    summary.append(["Missing children", 0, 1, 0])
    summary.append(["Domestic abuse", 1, 0, 0])
    summary.append(["Total", 2, 2, 1])


# --- files that are refused, limited or of another kind ---


@nuisance(refused="no table of cases", bare=True)
def no_table(book: Any, ws: Worksheet) -> None:
    ws["A1"] = "The return will follow next week."


@nuisance(refused="no filled cell", bare=True)
def nothing_at_all(book: Any, ws: Worksheet) -> None:
    pass


@nuisance(said=[("", "columns beyond 500")], sheet="Cases")
def another_sheet_with_a_million_columns(book: Any, ws: Worksheet) -> None:
    book.create_sheet("Wide")
    for column in range(16_300, 16_384):
        book["Wide"].cell(1, column, "x")


@nuisance(said=[("", "2 filled cells far from the others (XFD3, XFD1048576)")], header_row=1)
def a_cell_at_the_far_corner(book: Any, ws: Worksheet) -> None:
    ws.cell(3, 16_384, "x")
    ws.cell(1_048_576, 16_384, "x")


@nuisance(said=[("", "1 filled cell far from the others (A900000)")], header_row=1)
def a_note_far_below(book: Any, ws: Worksheet) -> None:
    ws.cell(900_000, 1, "=A1")


@nuisance(refused="sheet “Cases” was left out, because it has columns beyond 500")
def far_more_columns_than_are_read(book: Any, ws: Worksheet) -> None:
    for column in range(1_000, 1_030):
        ws.cell(1, column, "x")


@nuisance(arguments={"header_row": 3}, bare=True, header_row=3)
def a_header_row_that_only_one_sheet_has(book: Any, ws: Worksheet) -> None:
    book.create_sheet("Notes").append(["Guidance for this return"])
    _cases(ws, 3)


def _rewritten(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> None:
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = "Cases"
    _cases(ws)
    plain = path.with_suffix(".plain")
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", 8) as target:
        for name in source.namelist():
            body = change(name, source.read(name))
            if body is not None:
                target.writestr(name, body)
        for name, body in more.items():
            target.writestr(name, body)
    plain.unlink()


@file_nuisance(refused="more than 100 times its size")
def zip_bomb(path: Path) -> None:
    _rewritten(path, lambda name, body: body, bomb=b"0" * 60_000_000)


@file_nuisance(refused="times its size")
def zip_bomb_with_a_false_size(path: Path) -> None:
    _rewritten(path, lambda name, body: body, **{"xl/media/bomb.bin": bytes(270 << 20)})
    data = bytearray(path.read_bytes())
    size = (270 << 20).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(data))


@file_nuisance(refused="declares entities")
def billion_laughs(path: Path) -> None:
    laugh = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
    _rewritten(
        path,
        lambda name, body: (
            body.replace(b"<worksheet", laugh + b"<worksheet", 1) if "sheet1" in name else body
        ),
    )


@file_nuisance(".xlsm", said=[("", "The file carries macros")])
def macros(path: Path) -> None:
    _rewritten(path, lambda name, body: body, **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


@file_nuisance(said=[("", "links to other workbooks")])
def external_links(path: Path) -> None:
    _rewritten(path, lambda name, body: body, **{"xl/externalLinks/externalLink1.xml": b"<x/>"})


@file_nuisance()
def dimension_stated_as_one_cell(path: Path) -> None:
    _rewritten(path, lambda name, body: body.replace(b'ref="A1:E6"', b'ref="A1"'))


@file_nuisance(rows=_with(1, grade="good"))
def formula_with_cached_value(path: Path) -> None:
    cached = rb'<c r="D3" t="str"><f>D2</f><v>Good</v></c>'
    _rewritten(path, lambda name, body: re.sub(rb'<c r="D3".*?</c>', cached, body))


@file_nuisance(rows=_with(1, grade=None), said=[("D3", "No grade is given")])
def formula_with_an_empty_result(path: Path) -> None:
    cached = rb'<c r="D3" t="str"><f>IF(1,"","x")</f><v></v></c>'
    _rewritten(path, lambda name, body: re.sub(rb'<c r="D3".*?</c>', cached, body))


@file_nuisance(refused="damaged")
def cut_short(path: Path) -> None:
    _rewritten(path, lambda name, body: body)
    path.write_bytes(path.read_bytes()[:-900])


@file_nuisance(refused="damaged")
def a_part_missing(path: Path) -> None:
    _rewritten(path, lambda name, body: None if name.endswith("workbook.xml") else body)


@file_nuisance(refused="protected with a password")
def password(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
                     + "EncryptedPackage".encode("utf-16-le") + bytes(600))  # fmt: skip


@file_nuisance(".xls", refused="a web page under the name of a workbook")
def web_page(path: Path) -> None:
    path.write_text("<html><table><tr><td>Ref</td></tr></table></html>", "utf-8")


@file_nuisance(refused="is empty")
def empty_file(path: Path) -> None:
    path.write_bytes(b"")


@file_nuisance(refused="is a PDF")
def pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7 ...")


def _csv(sep: str = ",") -> str:
    lines = [HEADINGS, *CASES]
    return "\r\n".join(sep.join(f'"{value}"' for value in line) for line in lines) + "\r\n"


@file_nuisance(".csv")
def csv_utf8_with_mark(path: Path) -> None:
    path.write_bytes(_csv().encode("utf-8-sig"))


@file_nuisance(".csv")
def csv_utf16(path: Path) -> None:
    path.write_bytes(_csv("\t").encode("utf-16"))


@file_nuisance(".csv")
def csv_utf16_without_mark(path: Path) -> None:
    path.write_bytes(_csv(";").encode("utf-16-le"))


@file_nuisance(".csv", said=[("", "Windows-1252")])
def csv_windows_1252(path: Path) -> None:
    path.write_bytes(_csv().replace("Child seen", "Child’s view – seen").encode("cp1252"))


@file_nuisance(".csv", header_row=2)
def csv_with_a_separator_line(path: Path) -> None:
    path.write_bytes(("sep=;\r\n" + _csv(";")).encode())


@file_nuisance(".csv", said=[("E2", "would be a formula")])
def csv_with_a_command(path: Path) -> None:
    path.write_bytes(_csv().replace("Child seen and spoken to.", "=cmd|'/C calc'!A0").encode())


@file_nuisance(".xlsx")
def csv_under_the_name_of_a_workbook(path: Path) -> None:
    path.write_bytes(_csv().encode())


@file_nuisance(".csv", refused="neither a workbook nor text")
def bytes_that_are_nothing(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)
