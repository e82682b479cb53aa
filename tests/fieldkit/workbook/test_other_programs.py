"""Files that other programs open are read; what is refused is refused for its true reason."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fieldkit.workbook.errors import WorkbookRefused
from fieldkit.workbook.read_workbook import read_workbook
from fieldkit.workbook.readings import WorkbookReading
from tests.fieldkit.workbook import packages
from tests.fieldkit.workbook.nuisances import SCALE, TYPES

Parts = Mapping[str, bytes]


def read(path: Path) -> WorkbookReading:
    return read_workbook(path, scale=SCALE, types=TYPES)


def rows(path: Path) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(row.ref, row.type, row.date, row.grade) for row in read(path).rows]


def strict(made: Parts) -> Parts:
    swaps = (
        (packages.MAIN, packages.STRICT_MAIN),
        (packages.OFFICE, packages.STRICT_OFFICE),
    )
    changed = {}
    for name, body in made.items():
        for old, new in swaps:
            body = body.replace(old.encode(), new.encode())
        changed[name] = body
    return changed


def renamed(change: Callable[[str], str]) -> Callable[[Parts], Parts]:
    return lambda made: {change(name): body for name, body in made.items()}


def replaced(part: str, old: str, new: str) -> Callable[[Parts], Parts]:
    def change(made: Parts) -> Parts:
        assert old.encode() in made[part], part
        return {**made, part: made[part].replace(old.encode(), new.encode())}

    return change


def without(*names: str) -> Callable[[Parts], Parts]:
    return lambda made: {name: body for name, body in made.items() if name not in names}


def also(name: str, body: str) -> Callable[[Parts], Parts]:
    return lambda made: {**made, name: body.encode()}


SHEET = "xl/worksheets/sheet1.xml"
RELS = "xl/_rels/workbook.xml.rels"
ODD: dict[str, Callable[[Parts], Parts]] = {
    "strict Open XML": strict,
    "backslashes in part names": renamed(lambda name: name.replace("/", "\\")),
    "part names in capitals": renamed(str.upper),
    "part names in small letters": renamed(str.lower),
    "a slash before every name": renamed(lambda name: f"/{name}"),
    "targets from the root": replaced(RELS, 'Target="', 'Target="/xl/'),
    "targets with backslashes": replaced(RELS, "worksheets/sheet1", "worksheets\\sheet1"),
    "targets with a step back": replaced(RELS, 'Target="', 'Target="../xl/'),
    "no relationships of the workbook": without(RELS),
    "no list of content types": without("[Content_Types].xml"),
    "nothing but its parts": without("[Content_Types].xml", "_rels/.rels"),
    "no formats": without("xl/styles.xml"),
    "an empty style": replaced(SHEET, '<c r="D2"', '<c r="D2" s=""'),
    "a style that is no number": replaced(SHEET, '<c r="D2"', '<c r="D2" s="x"'),
    "a style beyond the last": replaced(SHEET, '<c r="D2"', '<c r="D2" s="900"'),
    "fills and borders of no known kind": replaced(
        "xl/styles.xml", "<cellXfs", '<fills count="x"><fill><y q="1"/></fill></fills><cellXfs'
    ),
    "properties that are no dates": also(
        "docProps/core.xml", '<cp xmlns:d="x"><d:created>yesterday</d:created></cp>'
    ),
    "properties that are no XML": also("docProps/app.xml", "<Properties"),
    "a theme that is no theme": also("xl/theme/theme1.xml", "<x/>"),
    "names that refer to nothing": replaced(
        "xl/workbook.xml", "</sheets>", "</sheets><definedNames><a>#REF!</a></definedNames>"
    ),
    "widths that are no numbers": replaced(
        SHEET, "<sheetData>", '<cols><col min="1" max="2" width="x"/></cols><sheetData>'
    ),
    "a dimension of nothing": replaced(SHEET, "<sheetData>", '<dimension ref=""/><sheetData>'),
    "cells without an address": replaced(SHEET, ' r="A2"', ""),
    "an extension nobody knows": replaced(
        SHEET, "</sheetData>", '</sheetData><extLst><ext uri="x"><y:z xmlns:y="q"/></ext></extLst>'
    ),
    "a prefix for every tag": lambda made: {
        **made,
        SHEET: made[SHEET]
        .replace(b"<", b"<x:")
        .replace(b"<x:/", b"</x:")
        .replace(b"xmlns=", b"xmlns:x="),
    },
}


@pytest.mark.parametrize("odd", ODD)
def test_what_other_programs_open_is_read(odd: str, tmp_path: Path) -> None:
    path = packages.write(tmp_path, ODD[odd](packages.parts()))
    assert rows(path) == packages.ROWS
    assert not [one for one in read(path).problems if one.severity == "error"]


@pytest.mark.parametrize(
    "order", [lambda rows: rows[::-1], lambda rows: rows[3:] + rows[:3], sorted]
)
def test_rows_out_of_order_stand_where_they_say(
    order: Callable[[list[str]], list[str]], tmp_path: Path
) -> None:
    sheet = packages.sheet_xml(order=order)
    assert rows(packages.write(tmp_path, packages.parts(sheet))) == packages.ROWS


def test_a_cell_that_stands_twice_with_two_values_is_refused(tmp_path: Path) -> None:
    sheet = packages.sheet_xml(order=lambda rows: [*rows, rows[2]])
    assert rows(packages.write(tmp_path, packages.parts(sheet))) == packages.ROWS
    other = packages.sheet_xml(order=lambda rows: [*rows, rows[2].replace("42/", "43/")])
    with pytest.raises(WorkbookRefused, match="damaged"):
        read(packages.write(tmp_path, packages.parts(other)))


def test_damaged_formats_are_said_and_the_rest_is_read(tmp_path: Path) -> None:
    path = packages.write(tmp_path, packages.parts(styles="<styleSheet><fonts>"))
    assert rows(path) == packages.ROWS
    assert any("formats of this workbook are damaged" in one.reason for one in read(path).problems)


def test_a_part_twice_under_names_that_are_the_same_is_refused(tmp_path: Path) -> None:
    made = packages.parts()
    path = packages.write(tmp_path, {**made, "XL\\workbook.xml": made["xl/workbook.xml"]})
    with pytest.raises(WorkbookRefused, match="the same part twice"):
        read(path)


def test_entities_under_another_ending_are_refused(tmp_path: Path) -> None:
    made = dict(replaced(RELS, "sheet1.xml", "sheet1.dat")(packages.parts()))
    laugh = b'<!DOCTYPE x [<!ENTITY a "lol">]>' + made.pop(SHEET)
    made["xl/worksheets/sheet1.dat"] = laugh
    with pytest.raises(WorkbookRefused, match="damaged"):
        read(packages.write(tmp_path, made))


PAGE = "<table><tr><td>Ref</td></tr></table>"
STRICT_PAGE = f'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html>{PAGE}'.encode()
ARCHIVE = b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\nContent-Type: text/html\r\n"
OF_2003 = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
MESSAGE = OLE + bytes(600) + "__properties_version1.0".encode("utf-16-le")
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "page": ("a.xls", f"<html>{PAGE}</html>".encode(), "a web page"),
    "page with a comment": ("a.xls", f"<!-- saved -->\n<HTML>{PAGE}".encode(), "a web page"),
    "page in UTF-16": ("a.xls", f"<html>{PAGE}</html>".encode("utf-16"), "a web page"),
    "page of strict form": ("a.xls", STRICT_PAGE, "a web page"),
    "page begins with its style": ("a.xls", f"<style>td{{}}</style>{PAGE}".encode(), "a web page"),
    "page as an archive": ("a.xls", ARCHIVE, "a web page"),
    "workbook of 2003": ("a.xls", OF_2003, "a workbook of 2003 in XML"),
    "shortcut of Windows": ("a.xlsx", b"L\0\0\0\x01\x14\x02\0" + bytes(90), "a shortcut"),
    "shortcut to a page": (
        "a.xlsx",
        b"[InternetShortcut]\r\nURL=https://example.org/\r\n",
        "a shortcut",
    ),
    "shortcut of a drive": (
        "a.xlsx",
        b'{"url": "https://docs.example.org/x", "doc_id": "1"}',
        "a shortcut",
    ),
    "alias": ("a.xlsx", b"book\0\0\0\0mark" + bytes(90), "an alias"),
    "shortcut of a desktop": ("a.xlsx", b"[Desktop Entry]\nType=Link\n", "a shortcut"),
    "empty": ("a.xlsx", b"", "is empty"),
    "empty but for a mark": ("a.csv", b"\xef\xbb\xbf\r\n", "is empty"),
    "blanks only": ("a.csv", b"  \r\n\t\r\n", "is empty"),
    "zeros only": ("a.xlsx", bytes(5000), "never copied whole"),
    "lock of a program": ("~$a.xlsx", b"\x05Inspe" + b" " * 150, "has a workbook open"),
    "picture": ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "a picture"),
    "message": ("a.xls", MESSAGE, "an e-mail message"),
    "very old": ("a.xls", bytes.fromhex("0904060000001000"), "a very old program"),
    "rich text": ("a.xls", b"{\\rtf1 ...}", "a text document"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_workbook_is_called_what_it_is(kind: str, tmp_path: Path) -> None:
    name, data, reason = REFUSED[kind]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(WorkbookRefused) as refusal:
        read(tmp_path / name)
    assert reason in str(refusal.value) and str(refusal.value).endswith(".")


def test_a_protected_open_document_is_called_protected(tmp_path: Path) -> None:
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest><manifest:encryption-data manifest:checksum="x"/>'
    made = {"mimetype": mime, "content.xml": "\x03\x7f", "META-INF/manifest.xml": manifest}
    path = packages.write(tmp_path, {name: body.encode() for name, body in made.items()}, "a.ods")
    with pytest.raises(WorkbookRefused, match="protected with a password"):
        read(path)


def test_a_zip_with_a_workbook_in_it_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("Return.xlsx", b"PK")
    with pytest.raises(WorkbookRefused, match=r"a zip file with 1 workbook in it. Unpack it"):
        read(tmp_path / "a.xlsx")
