"""Quick marks: a note's polarity and criteria, typed with its text so that no key leaves it.

``+`` or ``-`` before the text makes a strength or a concern, ``=`` context. ``#4`` or ``#inv``
after the text, or before it (``+ #inv …``), names a criterion by its number or by the beginning of
a word of its name.
"""

from __future__ import annotations

import re
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
_TYPING = re.compile(r"#\w*$")
LOOKED_AT = 120
"""Characters at each end of a text in which marks are looked for while it is typed."""


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

    A number after the text that is no criterion's, such as ``#123``, is part of the text. Raises
    :class:`MarkError` for a word that names none or several.
    """
    text_left, polarity = _sign_off(text.strip())
    front: list[str] = []
    while (mark := _FRONT.match(text_left)) and (key := _criterion(mark[1], methodology)):
        front.append(key)
        text_left = text_left[mark.end() :]
    if front and not polarity:
        text_left, polarity = _sign_off(text_left)
    named: list[str] = []
    while mark := _MARK.search(text_left):
        key = _criterion(mark[1], methodology)
        if not key:
            break
        named.insert(0, key)
        text_left = text_left[: mark.start()].rstrip()
    return Marked(text_left, tuple(dict.fromkeys((*front, *named))), polarity)


def _sign_off(text: str) -> tuple[str, str]:
    """Return a text without the sign before it, and what the sign says."""
    sign = _SIGN.match(text)
    return (text[sign.end() :], _TYPED[sign[1]]) if sign else (text, "")


def while_typing(text: str, methodology: Methodology) -> Marked:
    """Return what the marks of a text mean so far; quick, as only its two ends are read.

    Of a mark that is not whole yet, or names nothing, nothing is said: it may still become one.
    """
    ends = text if len(text) <= 2 * LOOKED_AT else f"{text[:LOOKED_AT]} … {text[-LOOKED_AT:]}"
    for _ in range(len(ends)):
        try:
            return read(ends, methodology)
        except MarkError:
            if not (mark := _TYPING.search(ends.rstrip())):
                break
            ends = ends[: mark.start()]
    sign = _sign_off(ends.strip())[1]
    return Marked("", (), sign)


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
        f"its field; end it with #1 to #{len(areas)}, or with the beginning of a criterion's name."
    )


def _words(label: str) -> list[str]:
    return re.split(r"\W+", label.casefold())


def numbered_criteria(methodology: Methodology) -> dict[str, str]:
    """Return each criterion with its number, “5 Decision-making”, by its key."""
    return {one.key: f"{number} {one.label}" for number, one in enumerate(methodology.areas, 1)}


def shown(sign: str) -> str:
    """Return the sign of a polarity; a space where there is none."""
    return SIGNS.get(sign, " ")
