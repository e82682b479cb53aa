"""Police references: crimes, incidents, custody records, the Police National Computer's numbers.

A reference tells by its shape, or by what it is called and a number behind that. The shapes and
words, with where they are from, stand in ``police_references.toml``. References of the
inspection's own cases, such as WST-101, are of no such shape.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import chain

from fieldkit.wording.identifiers.dates import find_dates
from fieldkit.wording.identifiers.identifier import POLICE, Identifier

_OURS = re.compile(r"[A-Z]{2,4}[-/]?(?:20\d\d[-/])?\d{1,4}", re.IGNORECASE)
"""How inspections number their own cases: WST-101, DBY-2026-014."""
_SPACED_URN = re.compile(
    r"\bURN\W{1,3}(?P<number>\d\d ?[A-Z]{2} ?\d{4,7} ?\d\d)(?!\w)", re.IGNORECASE
)
_NUMBER = r"(?P<number>[A-Z]{0,4}[/\-]?\d[\dA-Z/*\-]{2,24}|\d{3,})"
_OF_DAY = re.compile(
    r"\b(?P<ref>(?:log|incident|cad|event|inc|digwyddiad)(?:\s+(?:no|number|log|rhif))?\W{0,2}\s*"
    r"\d{1,5})\s+(?:of|on|o|ar|dated|/)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_TIME_OR_COUNT = re.compile(
    r"(?:19|20)\d\d|\d{1,3}|\d{4}-(?:\d\d|\d{4})|(?:19|20)\d\d/\d\d(?:\d\d)?"
)

_LETTERS = r"(?-i:[A-Z]{1,4})"
_SPACED = (
    rf"(?P<number>{_LETTERS}? ?[/\-]? ?\d{{2,8}} ?/ ?\d{{2,5}}(?: ?/ ?\d{{2,5}})?"
    rf"|{_LETTERS} \d{{3,8}}[/\-]\d{{2,4}})"
)
"""With blanks in it, behind what it is called: “WC 1234 /24”, “42 / 36917 / 26”."""
_SPACED_SHAPE = re.compile(r"(?<![\w/£\-*])[A-Z]{2,4} ?/? ?\d{4,7} ?/ ?\d\d(?![\w*]|[/\-]\w)")
_COMPOUND = re.compile(r"(?<![\w/£.,*\-])[A-Z\d]{1,10}(?:[/\-*][A-Z\d]{1,10}){1,6}(?![\w/*]|-\w)")
_PERIOD = re.compile(r"\d{4}[/\-]\d{2,4}|(?:19|20)\d\d-\d\d-\d\d|\d{4}-\d{4}")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    text = (
        files("fieldkit.wording.identifiers").joinpath("police_references.toml").read_text("utf-8")
    )
    data = tomllib.loads(text)
    shapes = "|".join(f"(?:{shape})" for shape in data["shapes"].values())
    words, joins = (str(data["named"][name]).replace("\n", "") for name in ("words", "joins"))
    return (
        re.compile(rf"(?<![\w/£\-*])(?:{shapes})(?![\w*]|[/\-]\w)", re.IGNORECASE),
        re.compile(rf"\b(?:{words})\b{joins}{_NUMBER}(?![\w*]|[:.%]\d|%)", re.IGNORECASE),
        re.compile(rf"\b(?:{words})\b{joins}{_SPACED}(?![\w*]|[:.%]\d|%)", re.IGNORECASE),
    )


def find_police_references(text: str, today: date) -> Iterator[Identifier]:
    """Return the police references in a text."""
    if not any(character.isdigit() for character in text):
        return
    shapes, named, spaced = _patterns()
    days = find_dates(text, today)
    dates = [(one.start, one.end) for one in days if one.year]
    # The longest forms first: of what overlaps the first counts.
    spans = [
        match.span(match.lastgroup or 0)
        for match in chain(spaced.finditer(text), _SPACED_SHAPE.finditer(text))
        if _is_serial(match[match.lastgroup or 0])
    ]
    spans += [match.span() for match in shapes.finditer(text)]
    for match in named.finditer(text):
        span = match.span("number")
        number = match["number"]
        if _TIME_OR_COUNT.fullmatch(number) or _OURS.fullmatch(number):
            continue
        if sum(map(str.isdigit, number)) > 3:
            spans.append(span)
    spans += [match.span("number") for match in _SPACED_URN.finditer(text)]
    spans += [match.span() for match in _COMPOUND.finditer(text) if _is_compound(match[0])]
    for match in _OF_DAY.finditer(text):
        if any(match.end() == one.start for one in days):
            spans.append(match.span("ref"))
    for start, end in dict.fromkeys(spans):
        if not any(start < until and since < end for since, until in dates):
            yield Identifier(POLICE, start, end, text[start:end])


def _is_serial(written: str) -> bool:
    """Say whether a number with blanks in it is no year and no count: it has a part of four digits.

    “2025 / 26” is a year.
    """
    parts = re.findall(r"\d+", written)
    bare = "".join(written.split())
    return (
        any(len(part) > 3 and not _is_year(part) for part in parts)
        and not _OURS.fullmatch(bare)
        and not _TIME_OR_COUNT.fullmatch(bare)
    )


def _is_compound(written: str) -> bool:
    """Say whether letters and digits between slashes or dashes look like a system's reference.

    Forces and their systems build references as they like. Common to them is a number of four
    digits or more, with letters or a second number beside it, six digits or more in all.
    """
    if _OURS.fullmatch(written) or _PERIOD.fullmatch(written):
        return False
    parts = re.split(r"[/\-*]", written)
    letters = any(character.isalpha() for character in written)
    serial = [part for part in parts if len(re.findall(r"\d", part)) > 3 and not _is_year(part)]
    return bool(serial) and sum(map(str.isdigit, written)) >= 6 and (letters or len(parts) > 2)


def _is_year(part: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", part))
