"""Records with more cells than the headings: a comma in a text that nobody put in marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

_DATE = re.compile(r"[\d/.\-: ]{6,}")
_TEXT_WORDS = 2.5
"""Words that the values of a column of texts have at least, on average."""
_SHARE = 0.15
"""Of the values of a column, from which their class is one of the column."""
_WORDY = frozenset({"words", "text"})
_SAMPLES = 400
"""Records from which the columns are known."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Holds a record whose further cells were taken as part of the cell at `place`, from 0."""

    fields: list[str]
    place: int


def filled_width(fields: Sequence[str]) -> int:
    """Return how many cells a record has, without empty ones at its end."""
    width = len(fields)
    while width and not fields[width - 1].strip():
        width -= 1
    return width


class Widths:
    """Knows how many cells a record should have, and where further ones belong."""

    def __init__(self, records: Sequence[Sequence[str]]) -> None:
        self.width = _usual_width(records)
        usual = (one for one in records if len(one) >= self.width >= filled_width(one) > 1)
        samples = list(islice(usual, 1, _SAMPLES))
        self._columns = [_Column([one[at].strip() for one in samples]) for at in range(self.width)]

    def joined(self, fields: Sequence[str], separator: str) -> Joined | None:
        """Return a record with its further cells in the text they were cut from; None if unsure."""
        more = filled_width(fields) - self.width
        texts = [at for at, column in enumerate(self._columns) if column.is_text]
        fitting: list[tuple[int, Joined]] = []
        for at in texts:
            whole = separator.join(fields[at : at + more + 1])
            row = [*fields[:at], whole, *fields[at + more + 1 :]]
            others = [column for place, column in enumerate(self._columns) if place != at]
            values = [value.strip() for place, value in enumerate(row) if place != at]
            pairs = list(zip(others, values, strict=False))
            if all(column.fits(value) for column, value in pairs):
                known = sum(column.knows(value) for column, value in pairs)
                fitting.append((known, Joined(row, at)))
        # Where several fit, that which leaves most cells as they stand in other lines.
        return max(fitting, key=lambda one: (one[0], one[1].place))[1] if fitting else None


class _Column:
    def __init__(self, values: Sequence[str]) -> None:
        filled = [value for value in values if value]
        self._values = frozenset(filled)
        counted = Counter(map(_class, filled))
        self._classes = {each for each, count in counted.items() if count >= _SHARE * len(filled)}
        words = sum(len(value.split()) for value in filled)
        self.is_text = bool(filled) and words / len(filled) >= _TEXT_WORDS
        self.is_text = self.is_text and len(self._values) > len(filled) / 3
        self._longest = max((len(value) for value in filled), default=0)

    def knows(self, value: str) -> bool:
        """Say whether a value stands in the column elsewhere."""
        return value in self._values

    def fits(self, value: str) -> bool:
        """Say whether a value is like those of the column."""
        kind = _class(value)
        if not value or value in self._values or kind in self._classes:
            return True
        # A few words more or less are no other kind of value, if they are no longer.
        return (
            kind in _WORDY
            and not self._classes.isdisjoint(_WORDY)
            and (len(value) <= self._longest)
        )


def _class(value: str) -> str:
    if value.isdecimal():
        return "number"
    if _DATE.fullmatch(value) and any(map(str.isdigit, value)):
        return "date"
    if any(map(str.isdigit, value)) and len(value.split()) <= 2:
        return "code"
    return "words" if len(value.split()) <= 3 else "text"


def _usual_width(records: Sequence[Sequence[str]]) -> int:
    """Return the width of the headings, or of most records where these agree on another."""
    wide = [width for one in records if (width := filled_width(one)) > 1]
    if not wide:
        return 0
    first = wide[0]
    common, count = Counter(wide).most_common(1)[0]
    if common > first and count >= 0.6 * len(wide):
        return common
    return first
