"""OpenDocument: struck-out rows, cells and words, comments, shown numbers and odd packages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fieldkit.workbook.problems import Code
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.values.number_format import shown_as
from tests.fieldkit.workbook import packages
from tests.fieldkit.workbook.nuisances import SCALE, TYPES

SPACES = "office table text style number dc manifest".split()
NAMES = " ".join(f'xmlns:{one}="urn:{one}"' for one in SPACES)
MIME = "application/vnd.oasis.opendocument.spreadsheet"
STYLES = (
    '<style:style style:name="T1" style:family="text"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Gone"/>'
    '<style:style style:name="ce2" style:family="table-cell" style:parent-style-name="Gone">'
    '<style:text-properties style:text-line-through-type="none"/></style:style>'
)
COMMON = (
    f"<office:document-styles {NAMES}><office:styles>"
    '<style:style style:name="Gone" style:family="table-cell"><style:text-properties '
    'style:text-line-through-type="single"/></style:style></office:styles></office:document-styles>'
)


def cell(inside: str, style: str = "", kind: str = 'office:value-type="string"') -> str:
    named = f' table:style-name="{style}"' if style else ""
    return f"<table:table-cell{named} {kind}>{inside}</table:table-cell>"


def content(
    cells: Mapping[str, str], columns: str = "", rows: Mapping[int, str] | None = None
) -> str:
    written = []
    for number, values in enumerate((packages.HEADINGS, *packages.CASES), 1):
        inside = "".join(
            cells.get(f"{letter}{number}", cell(f"<text:p>{value}</text:p>"))
            for letter, value in zip("ABCDE", values, strict=True)
        )
        written.append(f"<table:table-row{(rows or {}).get(number, '')}>{inside}</table:table-row>")
    return (
        f"<office:document-content {NAMES}><office:automatic-styles>{STYLES}"
        '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="S">'
        f"{columns}{''.join(written)}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def read(folder: Path, body: str, **arguments: Any) -> WorkbookReading:
    made = {
        "mimetype": MIME,
        "content.xml": body,
        "styles.xml": COMMON,
        "META-INF/manifest.xml": f"<manifest:manifest {NAMES}>{MIME}</manifest:manifest>",
    }
    arguments.setdefault("rename", str)
    rename, leave = arguments.pop("rename"), arguments.pop("leave", "")
    parts = {rename(name): text.encode() for name, text in made.items() if name != leave}
    path = packages.write(folder, parts, "a.ods")
    return read_workbook(path, scale=SCALE, types=TYPES, **arguments)


def said(reading: WorkbookReading) -> set[tuple[str, Code]]:
    return {(one.cell, one.code) for one in reading.problems}


def text(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def rows(reading: WorkbookReading) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(row.ref, row.type, row.date, row.grade) for row in reading.rows]


def test_cells_and_words(tmp_path: Path) -> None:
    span = '<text:span text:style-name="T1">{}</text:span>'
    cells = {
        "D2": cell(text("Good"), "ce1"),
        "D3": cell(text(span.format("Not<text:s/>") + "Good")),
        "E4": cell(text("Child " + span.format("not ") + "seen<text:tab/>alone")),
        "D5": cell(text("Good"), "ce2"),
        "E6": cell(text(span.format("All of it"))),
    }
    reading = read(tmp_path, content(cells))
    assert said(reading) == {
        ("D2", Code.STRUCK_CELL),
        ("D3", Code.STRUCK_WORDS),
        ("E4", Code.STRUCK_WORDS),
        ("E6", Code.STRUCK_CELL),
    }
    assert [row.grade for row in reading.rows][:4] == [None, "good", "inadequate", "good"]
    assert reading.rows[2].rationale == "Child [struck out: not] seen\talone"
    assert reading.rows[4].rationale == "[struck out: All of it]"


@pytest.mark.parametrize("by", ["cell", "row"])
def test_a_row(by: str, tmp_path: Path) -> None:
    cells = {}
    if by == "cell":
        for letter, value in zip("ABCDE", packages.CASES[2], strict=True):
            cells[f"{letter}4"] = cell(text(value), "ce1")
    style = {4: ' table:default-cell-style-name="ce1"'} if by == "row" else {}
    reading = read(tmp_path, content(cells, rows=style))
    assert said(reading) == {("A4", Code.STRUCK_ROW)} and len(reading.rows) == 5


def test_the_style_of_a_column(tmp_path: Path) -> None:
    columns = (
        '<table:table-column table:number-columns-repeated="3"/>'
        '<table:table-column table:default-cell-style-name="ce1"/>'
    )
    reading = read(tmp_path, content({"D2": cell(text("Good"), "ce2")}, columns))
    assert {cell for cell, code in said(reading) if code is Code.STRUCK_CELL} == {
        f"D{number}" for number in range(3, 8)
    }
    assert [row.grade for row in reading.rows] == ["good", None, None, None, None, None]


def test_comments(tmp_path: Path) -> None:
    note = (
        "<office:annotation><dc:creator>QA</dc:creator><dc:date>2026-01-01</dc:date>"
        "<text:p>Moderated: should be <text:span>Inadequate</text:span></text:p>"
        "</office:annotation>"
    )
    cells = {"D3": cell(note + text("Requires improvement"))}
    reading = read(tmp_path, content(cells))
    assert rows(reading) == packages.ROWS
    assert [one.value for one in reading.problems if one.code is Code.COMMENT] == [
        "Moderated: should be Inadequate"
    ]
    assert "1 comment: D3." in [one.reason for one in reading.problems]


def test_numbers_as_they_are_shown(tmp_path: Path) -> None:
    number = 'office:value-type="float" office:value="424010026"'
    cells = {
        "A2": cell(text("42/40100/26"), kind=number),
        "A3": cell(text("424,010,026"), kind=number),
    }
    reading = read(tmp_path, content(cells))
    assert [row.ref for row in reading.rows][:2] == ["42/40100/26", "424010026"]


@pytest.mark.parametrize(
    ("number", "shown", "read_so"),
    [
        (7, "WST-007", "WST-007"),
        (421, "000421", "000421"),
        (420012326, "420 012 326", "420012326"),
        (420012326, "4.20E+08", "420012326"),
        (420012326, "£420012326", "420012326"),
        (420012326, "420012326.00", "420012326"),
        (42, "### ", "42"),
    ],
)
def test_shown_numbers(number: int, shown: str, read_so: str) -> None:
    assert shown_as(number, shown) == read_so


@pytest.mark.parametrize(
    "odd",
    [
        {"rename": lambda name: name.replace("/", "\\").upper()},
        {"rename": str.upper},
        {"leave": "mimetype"},
        {"leave": "styles.xml"},
    ],
)
def test_odd_packages_are_read(odd: dict[str, Any], tmp_path: Path) -> None:
    assert rows(read(tmp_path, content({}), **odd)) == packages.ROWS
