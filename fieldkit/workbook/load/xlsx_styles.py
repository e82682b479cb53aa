"""What the formats of an .xlsx say of a cell: how its number is shown, whether it is struck out.

Nothing else of the styles is read, so that what a program wrote oddly there costs no workbook.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from fieldkit.workbook.load.parts import Parts, local

_OFF = ("0", "false", "off", "none", "noStrike")


@dataclass(frozen=True, slots=True)
class Style:
    """Holds what is read of one format."""

    number_format: str = "General"
    is_date: bool = False
    is_duration: bool = False
    struck: bool = False


GENERAL = Style()


def is_on(element: ET.Element) -> bool:
    """Say whether an element that switches something (``<strike/>``) switches it on."""
    return element.get("val", "1") not in _OFF


@dataclass(frozen=True, slots=True)
class Styles:
    """Holds the formats in order of their number, and which formats of rules strike cells out.

    ``whole``: whether they could be read.
    """

    formats: tuple[Style, ...] = ()
    striking: frozenset[str] = frozenset()
    whole: bool = True


def read_styles(parts: Parts, part: str | None) -> Styles:
    """Return what the part with the formats says, whether or not it is there and whole."""
    if part is None or part not in parts:
        return Styles()
    try:
        root = parts.parsed(part)
        return Styles(tuple(_styles(root)), _striking(root))
    except (ET.ParseError, KeyError, ValueError):
        return Styles(whole=False)


def _striking(root: ET.Element) -> frozenset[str]:
    """Return the numbers of those formats of rules that strike a cell out."""
    return frozenset(
        str(number)
        for number, each in enumerate(_under(root, "dxfs"))
        if any(local(one.tag) == "strike" and is_on(one) for one in _under(each, "font"))
    )


def _styles(root: ET.Element) -> list[Style]:
    formats = {
        element.get("numFmtId", ""): element.get("formatCode", "")
        for element in _under(root, "numFmts")
    }
    struck = [
        any(local(element.tag) == "strike" and is_on(element) for element in font)
        for font in _under(root, "fonts")
    ]
    styles: list[Style] = []
    for element in _under(root, "cellXfs"):
        code = _number_format(element.get("numFmtId", "0"), formats)
        font = element.get("fontId", "0")
        at = int(font) if font.isdecimal() else -1
        styles.append(
            Style(
                code,
                is_date_format(code),
                is_timedelta_format(code),
                0 <= at < len(struck) and struck[at],
            )
        )
    return styles


def _number_format(number: str, formats: dict[str, str]) -> str:
    if number in formats:
        return formats[number]
    return BUILTIN_FORMATS.get(int(number), "General") if number.isdecimal() else "General"


def _under(root: ET.Element, name: str) -> list[ET.Element]:
    return next((list(each) for each in root if local(each.tag) == name), [])
