"""Whole numbers as a sheet shows them: references kept as numbers under a format of their own.

Only what adds to the digits is read: zeros in front and the signs or words that a format puts in
between ("WST-"000, 00"/"00000"/"00). What takes digits away or groups them for the eye (thousands,
exponents, fractions, percentages) leaves the number as it is stored.
Format codes: ECMA-376 part 1, section 18.8.31.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)'
    r"|\[\$(?P<currency>[^\]\-]*)(?:-[^\]]*)?\]|(?P<bracket>\[[^\]]*\])"
    r"|(?P<digit>[0#?])|(?P<other>.)",
    re.DOTALL,
)
_LONGEST = 255
"""Characters of a format code in a spreadsheet program."""
_MOST_DIGITS = 40
_FOR_THE_EYE = re.compile(
    r"^-|\d[.,]\d|%|[£$€]|\dE[+-]?\d|^\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+$", re.IGNORECASE
)
"""A number that is grouped, rounded or counted as money."""
_LITERAL = frozenset(" -+()/:!^&'~{}<>=$£€#")


@lru_cache(maxsize=4096)
def shown_number(number: int, number_format: str) -> str:
    """Return a whole number as its format shows it, or its plain digits where that is no more."""
    plain = str(number)
    if number < 0 or not number_format or len(number_format) > _LONGEST:
        return plain
    tokens = _tokens(number_format)
    if tokens is None:
        return plain
    places = [at for at, (is_digit, _) in enumerate(tokens) if is_digit]
    if not places or len(places) > _MOST_DIGITS:
        return plain
    pieces = [text for _, text in tokens]
    left = plain
    for at in reversed(places):
        if at == places[0]:
            digit, left = left, ""
        else:
            digit, left = left[-1:], left[:-1]
        pieces[at] = digit or ("0" if tokens[at][1] == "0" else "")
    shown = " ".join("".join(pieces).split())
    return shown if sum(map(str.isdigit, shown)) >= len(plain) else plain


def shown_as(number: int, shown: str) -> str:
    """Return what a file says that a whole number is shown as, as `shown_number` reads a format."""
    plain, shown = str(number), " ".join(shown.split())
    digits = "".join(filter(str.isdigit, shown))
    if plain not in digits or len(shown) > _LONGEST or _FOR_THE_EYE.search(shown):
        return plain
    return shown


def _tokens(number_format: str) -> list[tuple[bool, str]] | None:
    """Return digit places and literal texts in order; None for a format that is not to be read."""
    section = _first_section(number_format)
    tokens: list[tuple[bool, str]] = []
    slashes = 0
    for match in _TOKEN.finditer(section):
        kind, text = match.lastgroup or "", match[match.lastgroup or 0]
        if kind == "digit":
            tokens.append((True, text))
        elif kind in ("quoted", "escaped", "currency"):
            tokens.append((False, text))
        elif kind == "space":
            tokens.append((False, " "))
        elif kind == "other":
            slashes += text == "/"
            if text.isdigit() or text in _LITERAL:
                tokens.append((False, text))
            else:  # a point, a comma, a percentage, an exponent, a date, General, text
                return None
    literals = [text for is_digit, text in tokens if not is_digit]
    # One bare slash between digits is a fraction; a reference under a format has two.
    return tokens if (any(literals) and slashes != 1) or _pads(tokens) else None


def _pads(tokens: list[tuple[bool, str]]) -> bool:
    """Say whether a format only puts zeros before the number."""
    return all(is_digit and text == "0" for is_digit, text in tokens) and len(tokens) > 1


def _first_section(number_format: str) -> str:
    """Return the part of a format code for positive numbers."""
    quoted = False
    for at, sign in enumerate(number_format):
        if sign == '"' and number_format[at - 1 : at] != "\\":
            quoted = not quoted
        elif sign == ";" and not quoted and number_format[at - 1 : at] != "\\":
            return number_format[:at]
    return number_format
