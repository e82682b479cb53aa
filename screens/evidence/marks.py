"""Quick marks: a note's polarity and criteria, typed with its text so that no key leaves it.

``+`` or ``-`` before the text makes a strength or a concern, ``=`` context. ``#4`` or ``#inv``
after the text names a criterion by its number or by the beginning of a word of its name.
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
    text_left, polarity = text.strip(), ""
    if sign := _SIGN.match(text_left):
        polarity, text_left = _TYPED[sign[1]], text_left[sign.end() :]
    named: list[str] = []
    while mark := _MARK.search(text_left):
        key = _criterion(mark[1], methodology)
        if not key:
            break
        named.insert(0, key)
        text_left = text_left[: mark.start()].rstrip()
    return Marked(text_left, tuple(dict.fromkeys(named)), polarity)


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
                f"“#{line(written, 30)}” may mean {labels}. The note was not kept yet and stands "
                "in its field; write one letter more, or the number."
            )
    raise MarkError(
        f"“#{line(written, 30)}” names no criterion. The note was not kept yet and stands in its "
        f"field; end it with #1 to #{len(areas)}, or with the beginning of a criterion's name."
    )


def _words(label: str) -> list[str]:
    return re.split(r"\W+", label.casefold())


def numbered(methodology: Methodology, width: int) -> str:
    """Return the criteria with their numbers, in columns over as few lines as that width allows."""
    areas = methodology.areas
    columns = next((n for n in range(len(areas), 0, -1) if width // n >= 19), 1)
    columns = -(-len(areas) // -(-len(areas) // columns))
    room = width // columns
    cells = [
        f"{number} {line(one.label, room - 4)}".ljust(room) for number, one in enumerate(areas, 1)
    ]
    rows = ["".join(cells[at : at + columns]).rstrip() for at in range(0, len(cells), columns)]
    return "\n".join(rows)


def numbered_criteria(methodology: Methodology) -> dict[str, str]:
    """Return each criterion with its number, “5 Decision-making”, by its key."""
    return {one.key: f"{number} {one.label}" for number, one in enumerate(methodology.areas, 1)}


def shown(sign: str) -> str:
    """Return the sign of a polarity; a space where there is none."""
    return SIGNS.get(sign, " ")
