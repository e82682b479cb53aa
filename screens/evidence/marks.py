"""Quick marks: a note's polarity and criteria, typed with its text so that no key leaves it.

``+`` or ``-`` before the text makes a strength or a concern, ``=`` context. ``#4`` or ``#inv``
at the end of the text or of any of its lines, or before the text (``+ #inv …``), names a criterion
by its number or by the beginning of a word of its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fieldkit.methodology import Methodology
from fieldkit.wording.format import line
from storage.errors import FieldkitError

SIGNS = {"strength": "+", "concern": "−", "context": "="}
"""How a polarity is shown before a note."""
_TYPED = {"+": "strength", "-": "concern", "−": "concern", "–": "concern", "=": "context"}
_SIGN = re.compile(r"([+=−–-])(?=\s|[^\W\d_])\s*")
_MARK = re.compile(r"(?:^|\s)#(\w+)\s*$")
_FRONT = re.compile(r"#(\w+)\s+(?=\S)")
_BEGUN = re.compile(r"(?:^|(?<=\s))#$")
LOOKED_AT = 120
"""Characters at each end of a line in which marks are looked for while it is typed."""


class MarkError(FieldkitError):
    """Says that a mark names no criterion, or more than one; nothing was changed."""


@dataclass(frozen=True)
class Marked:
    """Holds a note's text without its marks, and what they say.

    Attributes:
        text: the remark itself.
        criteria: the keys of the criteria named, in the order typed.
        polarity: "strength", "concern", "context", or empty where no sign stood before the text.
    """

    text: str
    criteria: tuple[str, ...] = ()
    polarity: str = ""


def read(text: str, methodology: Methodology) -> Marked:
    """Take the marks off a note.

    A number after a line that is no criterion's, such as ``#123``, is part of the text. Raises
    :class:`MarkError` for a word that names none or several.
    """
    return _read(text, lambda written: _criterion(written, methodology))


def _read(text: str, key_of: Callable[[str], str | None]) -> Marked:
    """Take the marks off.

    ``key_of`` returns the criterion of a mark, empty where it is text, None where it may become a
    mark.
    """
    first, polarity = _sign_off(text.strip())
    front: list[str] = []
    while (mark := _FRONT.match(first)) and (key := key_of(mark[1])):
        front.append(key)
        first = first[mark.end() :]
    if front and not polarity:
        first, polarity = _sign_off(first)
    kept: list[str] = []
    named = front
    for row in first.split("\n"):
        left, keys = _ends_off(row, key_of)
        named += keys
        if left or not keys:  # a line of nothing but marks is gone with them
            kept.append(left)
    return Marked("\n".join(kept).strip(), tuple(dict.fromkeys(named)), polarity)


def _ends_off(row: str, key_of: Callable[[str], str | None]) -> tuple[str, list[str]]:
    """Return a line without the marks after it, and the criteria that they name."""
    named: list[str] = []
    while "#" in row and (mark := _MARK.search(row)) and (key := key_of(mark[1])) != "":
        if key:
            named.insert(0, key)
        row = row[: mark.start()].rstrip()
    return row, named


def _sign_off(text: str) -> tuple[str, str]:
    """Return a text without the sign before it, and what the sign says."""
    sign = _SIGN.match(text)
    return (text[sign.end() :], _TYPED[sign[1]]) if sign else (text, "")


def while_typing(text: str, methodology: Methodology) -> Marked:
    """Return what the marks of a text mean so far; quick, as only the ends of its lines are read.

    Of a mark that is not whole yet, or names nothing, nothing is said: it may still become one.
    """

    def key_of(written: str) -> str | None:
        try:
            return _criterion(written, methodology)
        except MarkError:
            return None

    return _read("\n".join(map(_ends, text.split("\n"))), key_of)


def _ends(row: str) -> str:
    """Return the two ends of a line, where its marks are; without one that is just begun."""
    row = _BEGUN.sub("", row)
    return row if len(row) <= 2 * LOOKED_AT else f"{row[:LOOKED_AT]} … {row[-LOOKED_AT:]}"


def _criterion(written: str, methodology: Methodology) -> str:
    areas = methodology.areas
    if written.isdecimal():
        return areas[int(written) - 1].key if 1 <= int(written) <= len(areas) else ""
    wanted = written.replace("_", " ").casefold()
    exact = methodology.criterion(wanted)
    if exact is not None:
        return exact.key
    for starts in (
        [one for one in areas if one.label.casefold().startswith(wanted)],
        [one for one in areas if any(w.startswith(wanted) for w in _words(one.label))],
    ):
        if len(starts) == 1:
            return starts[0].key
        if starts:
            labels = " and ".join(one.label for one in starts)
            raise MarkError(
                f"“#{line(written, 30)}” may mean {labels}. The note is not saved yet and is "
                f"still in its field; write one letter more, or the number."
            )
    raise MarkError(
        f"“#{line(written, 30)}” names no criterion. The note is not saved yet and is still in "
        f"its field; write #1 to #{len(areas)} or the beginning of a criterion's name, or a full "
        f"stop after it where it is no mark."
    )


def _words(label: str) -> list[str]:
    return re.split(r"\W+", label.casefold())


def numbered_criteria(methodology: Methodology) -> dict[str, str]:
    """Return each criterion with its number, “5 Decision-making”, by its key."""
    return {one.key: f"{number} {one.label}" for number, one in enumerate(methodology.areas, 1)}


def shown(sign: str) -> str:
    """Return the sign of a polarity; a space where there is none."""
    return SIGNS.get(sign, " ")
