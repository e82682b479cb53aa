"""Parts of a workbook whose letters are coded so that a search for declarations finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.workbook.errors import WorkbookDamaged, WorkbookRefused
from fieldkit.workbook.load.load import load_workbook
from fieldkit.workbook.load.parts import MAX_DECLARATION_BYTES, declares_entities, hides_its_signs
from tests.fieldkit.workbook import packages

SHEET = "xl/worksheets/sheet1.xml"
LAUGH = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'


def declared(encoding: str, rest: str = "<x/>", *, quote: str = '"') -> str:
    return f"<?xml version={quote}1.0{quote} encoding={quote}{encoding}{quote}?>{rest}"


@pytest.mark.parametrize(
    "start",
    [
        declared("UTF-7").encode(),
        declared("utf-7", quote="'").encode(),
        declared("unicode-1-1-utf-7").encode(),
        b"\xef\xbb\xbf" + declared("UTF-7").encode(),
        b" \r\n" + declared("UTF-7").encode(),
        declared("UTF-7").encode("utf-16"),
        declared("UTF-7").encode("utf-16-le"),
        declared("UTF-7").replace("encoding=", "encoding \n= ").encode(),
        b'<?xml version="1.0" encoding="UTF-8" encoding="UTF-7"?><x/>',
        declared("UTF-7").encode("utf-7"),
        declared("UTF-7", LAUGH).encode("utf-7").replace(b"<", b"+ADw-"),
        b"+/v8-" + declared("UTF-7").encode(),
        declared("IBM037").encode("cp037"),
        declared("IBM037").encode(),
        declared("HZ").encode(),
        declared("ISO-2022-KR").encode(),
        declared("UTF-32").encode("utf-32-le"),
        declared("").encode(),
        b'<?xml version="1.0"' + b" " * MAX_DECLARATION_BYTES + b'encoding="UTF-7"?><x/>',
    ],
)
def test_letters_that_hide_a_declaration_are_known(start: bytes) -> None:
    assert hides_its_signs(start)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"<x/>",
        b'<?xml version="1.0"?><x/>',
        b"<?xml version='1.0' encoding='utf-8' standalone='yes'?><x/>",
        declared("UTF-8").encode("utf-8-sig"),
        declared("UTF-16").encode("utf-16"),
        declared("utf-16LE").encode("utf-16-le"),
        declared("US-ASCII").encode(),
        declared("ISO-8859-15").encode(),
        declared("windows-1252").encode("cp1252"),
        declared("UTF-8", "<x>encoding='UTF-7' +ADw-</x>").encode(),
        b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X",
    ],
)
def test_letters_that_spreadsheet_programs_write_are_read(start: bytes) -> None:
    assert not hides_its_signs(start)


def test_nothing_of_a_document_type_is_seen_in_utf_7() -> None:
    coded = LAUGH.encode("utf-7").replace(b"<", b"+ADw-").replace(b"!", b"+ACE-")
    assert declares_entities(LAUGH.encode())
    assert not declares_entities(coded)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "_rels/.rels", "docProps/other.xml"])
def test_a_workbook_with_a_part_in_utf_7_is_refused(tmp_path: Path, part: str) -> None:
    made = packages.parts()
    inside = made.get(part, b"<x/>").decode()
    coded = declared("UTF-7", "").encode() + inside.encode("utf-7")
    with pytest.raises(WorkbookDamaged, match=r"UTF-7.*nothing was changed"):
        load_workbook(packages.write(tmp_path, {**made, part: coded}))


def test_a_part_under_another_ending_is_refused_too(tmp_path: Path) -> None:
    made = {
        name: data.replace(b"sheet1.xml", b"sheet1.dat") if name.endswith(".rels") else data
        for name, data in packages.parts().items()
    }
    coded = declared("UTF-7", "").encode() + made.pop(SHEET)
    made["xl/worksheets/sheet1.dat"] = coded
    with pytest.raises(WorkbookRefused):
        load_workbook(packages.write(tmp_path, made))
