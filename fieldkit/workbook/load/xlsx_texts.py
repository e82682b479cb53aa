"""The texts of an .xlsx that stand beside the sheets: shared strings, comments and threads."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from fieldkit.workbook.load.parts import Parts, local
from fieldkit.workbook.load.walk_xml import walk_xml
from fieldkit.workbook.values.cells import column_number
from fieldkit.workbook.values.struck import Run
from fieldkit.workbook.values.words import limit

Text = str | tuple[Run, ...]
"""A plain text, or one of which some words are struck out."""
_HEX = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_OFF = ("0", "false", "off")


def decoded(text: str) -> str:
    """Return a text with the characters for ``_xHHHH_`` (ECMA-376 part 1, section 22.9.2.19)."""
    if "_x" not in text:
        return text
    return _HEX.sub(lambda match: _character(int(match[1], 16)), text)


def _character(code: int) -> str:
    if code in (0x0A, 0x0D):
        return "\n"
    return "" if (code < 0x20 and code != 0x09) or 0xD800 <= code < 0xE000 else chr(code)


class TextRuns:
    """Gathers one text from the tags inside of it: its runs, without how they are pronounced."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._struck = self._open = False
        self._said = 0
        self._left = limit("sheet", "text_characters")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take in an opening tag."""
        if name == "t":
            self._open = self._said == 0
        elif name == "r":
            self._struck = False
        elif name == "strike":
            self._struck = attributes.get("val", "1") not in _OFF
        elif name in ("rPh", "phoneticPr"):
            self._said += 1

    def end(self, name: str) -> None:
        """Take in a closing tag."""
        if name == "t":
            self._open = False
        elif name == "r":
            self._struck = False
        elif name in ("rPh", "phoneticPr"):
            self._said -= 1

    def text(self, data: str) -> None:
        """Take in characters, up to the limit of a cell."""
        if self._open and self._left > 0:
            self._runs.append((data[: self._left], self._struck))
            self._left -= len(data)

    def result(self) -> Text:
        """Return the text."""
        if any(is_struck for _, is_struck in self._runs):
            return tuple((decoded(text), is_struck) for text, is_struck in self._runs)
        return decoded("".join(text for text, _ in self._runs))


def read_strings(data: bytes) -> list[Text]:
    """Return the shared strings in order; raises `expat.ExpatError` for damage."""
    strings: list[Text] = []
    runs: TextRuns | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal runs
        name = tag.rpartition(":")[2]
        if name == "si":
            runs = TextRuns()
        elif runs is not None:
            runs.start(name, attributes)

    def end(tag: str) -> None:
        nonlocal runs
        name = tag.rpartition(":")[2]
        if runs is None:
            return
        if name == "si":
            strings.append(runs.result())
            runs = None
        else:
            runs.end(name)

    def text(data: str) -> None:
        if runs is not None:
            runs.text(data)

    walk_xml(data, start, end, text)
    return strings


def read_comments(parts: Parts, sheet: str) -> dict[tuple[int, int], str]:
    """Return the comments of a sheet's part by row and column, threads in their order.

    A thread takes the place of the note that stands in for it in older programs. What is damaged
    of them costs no cell, and is left out. Raises nothing.
    """
    comments: dict[tuple[int, int], str] = {}
    try:
        for part in parts.related(sheet, "comments"):
            for element in parts.parsed(part).iter():
                if local(element.tag) == "comment":
                    _add(comments, element.get("ref", ""), _said(element))
        threads: dict[tuple[int, int], str] = {}
        for part in parts.related(sheet, "threadedComment"):
            for element in parts.parsed(part).iter():
                if local(element.tag) == "threadedComment":
                    _add(threads, element.get("ref", ""), _said(element))
    except (KeyError, ET.ParseError, ValueError):
        return comments
    return comments | threads


def _said(comment: ET.Element) -> str:
    """Return the words of a comment or of an entry of a thread."""
    texts: list[str] = []

    def walk(element: ET.Element) -> None:
        name = local(element.tag)
        if name in ("rPh", "phoneticPr", "mentions"):
            return
        if name in ("t", "text") and element.text and element.text.strip():
            texts.append(element.text)
        for child in element:
            walk(child)

    walk(comment)
    return decoded("".join(texts)).strip()


def _add(comments: dict[tuple[int, int], str], reference: str, words: str) -> None:
    match = _ADDRESS.fullmatch(reference)
    column = column_number(match[1]) if match else None
    if match is None or column is None or not words or len(comments) >= limit("sheet", "comments"):
        return
    place = (int(match[2]), column)
    before = comments.get(place)
    words = words[: limit("sheet", "comment_characters")]
    comments[place] = f"{before} | {words}" if before else words
