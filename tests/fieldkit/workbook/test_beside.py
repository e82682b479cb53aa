"""What a sheet says beside its values is looked at: struck-out words, comments and formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fieldkit.selfassessment.masking import mask_reading
from fieldkit.workbook.problems import Code
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from fieldkit.workbook.values.number_format import shown_number
from fieldkit.workbook.values.struck import split_runs
from tests.fieldkit.workbook import packages
from tests.fieldkit.workbook.nuisances import SCALE, TYPES


def read(path: Path, **arguments: Any) -> WorkbookReading:
    return read_workbook(path, scale=SCALE, types=TYPES, **arguments)


def said(reading: WorkbookReading, *codes: Code) -> set[tuple[str, str]]:
    return {(one.cell, one.code.value) for one in mask_reading(reading) if one.code in codes}


def runs(address: str, *parts: tuple[str, bool], style: str = "") -> dict[str, str]:
    """Return a cell of runs, those struck out that are true."""
    strike = {True: "<rPr><strike/></rPr>", False: '<rPr><strike val="0"/><b/></rPr>'}
    inside = "".join(
        f'<r>{strike[is_struck]}<t xml:space="preserve">{words}</t></r>'
        for words, is_struck in parts
    )
    return {address: f'<c r="{address}" t="inlineStr"{style}><is>{inside}</is></c>'}


def workbook(
    folder: Path, cells: Mapping[str, str] | None = None, struck: str = "", **more: str
) -> Path:
    styles = dict.fromkeys(struck.split(), "1")
    made = packages.parts(packages.sheet_xml(cells, styles), **more)
    return packages.write(folder, made)


def test_a_row_that_is_struck_out_is_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path, struck="A4 B4 C4 D4 E4")
    reading = read(path)
    assert [row.row for row in reading.rows] == [2, 3, 5, 6, 7]
    assert said(reading, *Code) == {("A4", "struck row")}
    assert [(one.row, one.reason) for one in reading.left_out] == [(4, "it is struck out")]
    counted = read(path, fixes={"A4": "as it stands"})
    assert [(row.ref, row.type, row.date, row.grade) for row in counted.rows] == packages.ROWS
    skipped = read(path, skips={"A4": "sent by mistake"})
    assert [row.row for row in skipped.skipped] == [4] and len(skipped.rows) == 5


def test_the_row_that_takes_its_place_keeps_its_reference(tmp_path: Path) -> None:
    again = packages.CASES[2][0]
    cells = {"A5": f'<c r="A5" t="inlineStr">{packages.text(again)}</c>'}
    reading = read(workbook(tmp_path, cells, struck="A4 B4 C4 D4 E4"))
    assert not [one for one in reading.problems if one.severity == "error"]


@pytest.mark.parametrize(
    ("cell", "field", "meaning", "read_so"),
    [
        ("D5", "grade", "inadequate", "inadequate"),
        ("D5", "grade", "as it stands", "good"),
        ("C5", "date", "1 May 2026", "2026-05-01"),
        ("C5", "date", "as it stands", "2026-04-23"),
        ("B5", "type", "as it stands", "Domestic abuse"),
        ("A5", "ref", "42/9/26", "42/9/26"),
    ],
)
def test_a_cell_that_is_struck_out_does_not_count(
    cell: str, field: str, meaning: str, read_so: str, tmp_path: Path
) -> None:
    path = workbook(tmp_path, struck=cell)
    reading = read(path)
    assert not getattr(reading.rows[3], field)
    assert said(reading, Code.STRUCK_CELL, Code.NO_GRADE) == {(cell, "struck cell")}
    answered = read(path, fixes={cell: meaning})
    assert getattr(answered.rows[3], field) == read_so
    assert not said(answered, Code.STRUCK_CELL)


def test_reasons_that_are_struck_out_are_marked(tmp_path: Path) -> None:
    cells = runs("E4", ("Child ", False), ("not ", True), ("seen alone", False))
    reading = read(workbook(tmp_path, cells, struck="E5"))
    assert reading.rows[2].rationale == "Child [struck out: not] seen alone"
    assert reading.rows[3].rationale == "[struck out: Referred the same night.]"
    assert said(reading, Code.STRUCK_WORDS, Code.STRUCK_CELL) == {
        ("E4", "struck words"),
        ("E5", "struck cell"),
    }
    raw = {cell.cell: cell.read for row in reading.rows for cell in row.cells}
    assert raw["E4"] == "Child [struck out: not] seen alone"


def test_words_that_are_struck_out_beside_others_do_not_count(tmp_path: Path) -> None:
    cells = {
        **runs("D2", ("Not ", True), ("Good", False)),
        **runs("D3", ("Good", False), (" Inadequate", True)),
        **runs("A4", ("42/1/26 ", True), ("42/40174/26", False)),
        **runs("C5", ("23/04/2026", False), ("22/04/2026", True)),
        **runs("B6", ("Missing children", False), ("/ Domestic abuse", True)),
    }
    reading = read(workbook(tmp_path, cells))
    assert [row.grade for row in reading.rows][:2] == ["good", "good"]
    assert (reading.rows[2].ref, reading.rows[3].date) == ("42/40174/26", "2026-04-23")
    assert reading.rows[4].types == ("Missing children",)
    assert said(reading, Code.STRUCK_WORDS) == {(one, "struck words") for one in cells}


def test_shared_strings_are_looked_at_as_well(tmp_path: Path) -> None:
    shared = (
        f'<sst xmlns="{packages.MAIN}"><si><r><rPr><strike/></rPr><t>Good</t></r><r><t> Inadequate'
        "</t></r><rPh><t>x</t></rPh></si></sst>"
    )
    cells = {"D2": '<c r="D2" t="s"><v>0</v></c>'}
    reading = read(workbook(tmp_path, cells, **{"xl/sharedStrings.xml": shared}))
    assert reading.rows[0].grade == "inadequate"
    assert said(reading, Code.STRUCK_WORDS) == {("D2", "struck words")}


def test_what_is_struck_out_elsewhere_is_said(tmp_path: Path) -> None:
    assert ("D1", "struck beside") in said(read(workbook(tmp_path, struck="D1")), *Code)


def test_blanks_beside_struck_words_make_no_other_word(tmp_path: Path) -> None:
    cells = runs("D2", ("Good", True), (" Inadequate", False))
    cells |= runs("D3", ("Inadequate ", False), ("RI", True))
    cells |= {"D4": f'<c r="D4" t="inlineStr">{packages.text("Inadequate")}</c>'}
    (word,) = [one for one in read(workbook(tmp_path, cells)).grades if one.means == "inadequate"]
    assert word.written == "Inadequate" and word.count >= 3


@pytest.mark.parametrize(("strike", "count"), [("<strike/>", 1), ('<strike val="0"/>', 0)])
def test_a_rule_that_strikes_cells_out_is_said(tmp_path: Path, strike: str, count: int) -> None:
    rule = (
        '</sheetData><conditionalFormatting sqref="A2:E5 D7"><cfRule type="expression" dxfId="1">'
        '<formula>$D2="Good"</formula></cfRule></conditionalFormatting>'
    )
    dxfs = f"<dxfs><dxf/><dxf><font><b/>{strike}</font></dxf></dxfs></styleSheet>"
    made = packages.parts(
        packages.sheet_xml().replace("</sheetData>", rule),
        packages.PLAIN_STYLES.replace("</styleSheet>", dxfs),
    )
    reading = read(packages.write(tmp_path, made))
    ruled = [one.reason for one in reading.problems if one.code is Code.STRUCK_BY_RULE]
    assert len(ruled) == count and all("A2:E5, D7" in reason for reason in ruled)
    assert len(reading.rows) == len(packages.ROWS)


def test_a_column_that_is_struck_out_gives_way_to_one_that_stands(tmp_path: Path) -> None:
    texts = {"E1": "Grade"} | {f"E{row}": "Good" for row in range(2, len(packages.ROWS) + 2)}
    cells = {
        at: f'<c r="{at}" t="inlineStr">{packages.text(word)}</c>' for at, word in texts.items()
    }
    rows = len(packages.ROWS) + 1
    struck = " ".join(f"D{row}" for row in range(1, rows + 1))
    reading = read(workbook(tmp_path, cells, struck=struck))
    assert {one.field: one.column for one in reading.columns}["grade"] == "E"
    assert {row.grade for row in reading.rows} == {"good"}
    assert len(said(reading, Code.STRUCK_BESIDE)) == rows


RELS = (
    f'<Relationships xmlns="{packages.PACKAGE}"><Relationship Id="c" Type="{packages.OFFICE}/'
    'comments" Target="../comments1.xml"/><Relationship Id="t" Type="http://x/threadedComment" '
    'Target="../threadedComments/t1.xml"/></Relationships>'
)


def commented(folder: Path, comments: Mapping[str, str], threads: str = "") -> Path:
    listed = "".join(
        f'<comment ref="{at}"><text><r><t>{words}</t></r></text></comment>'
        for at, words in comments.items()
    )
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": RELS,
        "xl/comments1.xml": f"<comments><commentList>{listed}</commentList></comments>",
        "xl/threadedComments/t1.xml": f"<ThreadedComments>{threads}</ThreadedComments>",
    }
    return packages.write(folder, packages.parts(**more))


def test_comments_are_counted_and_named_and_shown_where_they_may_be(tmp_path: Path) -> None:
    comments = {"A2": "see log 4", "D3": "Moderated: should be Inadequate", "B4": "really good?"}
    reading = read(commented(tmp_path, comments))
    (summary,) = (one.reason for one in reading.problems if one.code is Code.COMMENTS)
    assert summary == "3 comments: A2, D3, B4."
    assert {one.cell: one.value for one in reading.problems if one.code is Code.COMMENT} == comments
    reasons = [row.rationale for row in reading.rows]
    assert reasons[0] == "Child seen and spoken to.\n[comment at A2: see log 4]"
    assert reasons[1].endswith("[comment at D3: Moderated: should be Inadequate]")
    shown = {one.cell: one.reason for one in mask_reading(reading) if "comment" in one.code}
    assert shown["A2"] == "A comment stands beside this cell: “see log 4”."
    for cell in ("D3", "B4"):
        assert "its words are shown once the force's grade of the case is revealed" in shown[cell]


def test_a_thread_takes_the_place_of_its_note(tmp_path: Path) -> None:
    threads = (
        '<threadedComment ref="A2"><text>Which log?</text></threadedComment>'
        '<threadedComment ref="A2" parentId="1"><text>Number 4</text></threadedComment>'
    )
    reading = read(commented(tmp_path, {"A2": "[Threaded comment] Your version …"}, threads))
    assert [one.value for one in reading.problems if one.code is Code.COMMENT] == [
        "Which log? | Number 4"
    ]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (420012326, '00"/"00000"/"00', "42/00123/26"),
        (420012326, r"00\/00000\/00", "42/00123/26"),
        (420012326, "00-00000-00", "42-00123-26"),
        (12326, '"42/"00000"/26"', "42/12326/26"),
        (7, '"WST-"000', "WST-007"),
        (7, r"\W\S\T\-000;;", "WST-007"),
        (421, "000000", "000421"),
        (26, '[$CR ]0', "CR 26"),
        (420012326, '[Blue]00"/"00000"/"00;[Red]-0', "42/00123/26"),
        (2600012345, "0000 000000", "2600 012345"),
        (420012326, "#,##0", "420012326"),
        (420012326, "0.00E+00", "420012326"),
        (420012326, "0.00", "420012326"),
        (420012326, "General", "420012326"),
        (420012326, "0%", "420012326"),
        (12, "# ?/?", "12"),
        (42, "@", "42"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_sheet_shows_them(number: int, code: str, shown: str) -> None:
    assert shown_number(number, code) == shown


def test_a_reference_under_a_format_is_what_the_sheet_shows(tmp_path: Path) -> None:
    code = "00&quot;/&quot;00000&quot;/&quot;00"
    formats = f'<numFmts><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
    styles = packages.PLAIN_STYLES.replace("<fonts", f"{formats}<fonts").replace(
        '<xf numFmtId="0" fontId="1"/>', '<xf numFmtId="170" fontId="0"/>'
    )
    cells = {"A2": '<c r="A2" s="1"><v>424010026</v></c>'}
    path = packages.write(tmp_path, packages.parts(packages.sheet_xml(cells), styles))
    assert read(path).rows[0].ref == "42/40100/26"


@pytest.mark.parametrize(
    ("written", "ref"),
    [
        ("42/40100/26_x000D_", "42/40100/26"),
        ("_x000a_42/40100/26", "42/40100/26"),
        ("42/40100/26_x0009__x000D_", "42/40100/26"),
        ("42/40100/26_x005F_x000D_", "42/40100/26"),
        ("42/40100/26&amp;#13;", "42/40100/26"),
        ("42/40100/26&amp;nbsp;", "42/40100/26"),
        ("42_x002F_40100/26", "42/40100/26"),
    ],
)
def test_signs_that_a_program_wrote_out_are_no_part_of_a_text(
    written: str, ref: str, tmp_path: Path
) -> None:
    cell = {"A2": f'<c r="A2" t="inlineStr"><is><t>{written}</t></is></c>'}
    assert read(workbook(tmp_path, cell)).rows[0].ref == ref


def test_runs() -> None:
    assert split_runs([("a", False), ("b", False)]) == ("ab", "ab")
    assert split_runs([(" ", True), ("b", False)]) == (" b", " b")
    assert split_runs([("a", True), ("b", True)]) == ("ab", "[struck out: ab]")
    assert split_runs([("a", True), (" ", False)]) == ("a ", "[struck out: a] ")
    assert split_runs([]) == ("", "")
