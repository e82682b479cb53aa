"""The words of OpenDocument cells as they stand there: struck out, with a comment, as shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldkit.workbook.values.struck import Run
from fieldkit.workbook.values.words import limit

_NONE = ("none", "")


class OdsStyles:
    """Knows which styles strike out, also by the style they come from."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._struck: dict[str, bool] = {}
        self._now = ""

    def start(self, name: str, by_name: Mapping[str, str]) -> None:
        """Take in an opening tag of a part with styles."""
        if name in ("style", "default-style"):
            self._now = _key(by_name.get("family", ""), by_name.get("name", ""))
            parent = by_name.get("parent-style-name", "")
            self._parents[self._now] = _key(by_name.get("family", ""), parent)
        elif name == "text-properties":
            said = [
                by_name[each]
                for each in ("text-line-through-style", "text-line-through-type")
                if each in by_name
            ]
            if said:
                self._struck[self._now] = all(value not in _NONE for value in said)

    def is_struck(self, family: str, name: str) -> bool:
        """Say whether a style of a family strikes out what has it."""
        key = _key(family, name)
        for _ in range(20):
            if key in self._struck:
                return self._struck[key]
            if key not in self._parents:
                return False
            key = self._parents[key]
        return False

    def says(self, family: str, name: str) -> bool | None:
        """Say the same, or None where the style says nothing of it."""
        return self.is_struck(family, name) if _key(family, name) in self._struck else None


def _key(family: str, name: str) -> str:
    return f"{family}/{name}"


@dataclass(slots=True)
class CellWords:
    """Gathers the words of one cell, and those of its comment apart."""

    struck: bool
    runs: list[Run] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    _spans: list[bool] = field(default_factory=list)
    _in_comment: bool = False
    _in_paragraph: bool = False
    _paragraphs: int = 0
    _left: int = field(default_factory=lambda: limit("sheet", "text_characters"))

    def start(self, name: str, by_name: Mapping[str, str], styles: OdsStyles) -> None:
        """Take in an opening tag inside of the cell."""
        if name == "annotation":
            self._in_comment = True
        elif name == "p":
            self._in_paragraph = True
            if not self._in_comment:
                self._paragraphs += 1
                if self._paragraphs > 1:
                    self._add("\n")
            elif self.comment:
                self.comment.append(" | ")
        elif name == "span":
            said = styles.says("text", by_name.get("style-name", ""))
            self._spans.append(self._struck() if said is None else said)
        elif name == "s":
            count = by_name.get("c", "1")
            self._add(" " * (int(count) if count.isdecimal() and len(count) < 4 else 1))
        elif name == "tab":
            self._add("\t")
        elif name == "line-break":
            self._add("\n")

    def end(self, name: str) -> None:
        """Take in a closing tag inside of the cell."""
        if name == "annotation":
            self._in_comment = self._in_paragraph = False
        elif name == "p":
            self._in_paragraph = False
        elif name == "span" and self._spans:
            self._spans.pop()

    def text(self, data: str) -> None:
        """Take in characters; what is in no paragraph (who wrote a comment, and when) is none."""
        if self._in_paragraph:
            self._add(data)

    def _add(self, data: str) -> None:
        data = data[: max(self._left, 0)]
        self._left -= len(data)
        if self._in_comment:
            self.comment.append(data)
        elif data:
            self.runs.append((data, self._struck()))

    def _struck(self) -> bool:
        return self._spans[-1] if self._spans else self.struck
