"""The terms of a methodology: words a person may choose from, grades, scales, areas and timings.

All are frozen: a methodology is pinned to an inspection when the inspection is made.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache
from typing import Literal

Subject = Literal["case", "force"]
"""What is judged: one case, or the force as a whole."""

_SECTION = re.compile(r"\bs(?:ec|ect|ection)?\s*(\d+)\b")
_NOT_A_LETTER = re.compile(r"[^\w+]+")


def canonical(written: str) -> str:
    """Spell a text for comparing: no capitals, punctuation, doubled spaces; “s.46” is “section 46”.

    A lone sign ("+", "-") is kept, because people mark notes with it.
    """
    folded = unicodedata.normalize("NFKC", written).casefold().strip()
    if folded in {"+", "-", "−", "–"}:
        return "+" if folded == "+" else "-"
    folded = folded.replace("&", " and ").replace("’", "'").replace("'", "")
    spaced = _NOT_A_LETTER.sub(" ", folded).replace("_", " ")
    return " ".join(_SECTION.sub(r"section \1", spaced).split())


@dataclass(frozen=True, slots=True)
class Term:
    """Holds a word that is kept, what is shown for it, and how else people write it.

    ``short`` is its label in a narrow column; empty where there is none.
    """

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    verified: bool = True
    needs_reason: bool = False
    short: str = ""

    @property
    def spellings(self) -> frozenset[str]:
        """Return every canonical spelling that means this term."""
        return _spellings(self)


@cache
def _spellings(term: Term) -> frozenset[str]:
    """Worked out once for each term: a workbook asks for them on every row."""
    return frozenset(canonical(one) for one in (term.key, term.label, *term.aliases))


@dataclass(frozen=True, slots=True)
class CaseType(Term):
    """Holds a type of case; tables print the label."""


@dataclass(frozen=True, slots=True)
class Phase(Term):
    """Holds a kind of inspection activity and how many cases it audits."""

    audits: str = "all"


@dataclass(frozen=True, slots=True)
class Timing(Term):
    """Holds a limit of the follow-up: so long before or after a day.

    ``day`` is “publication”, “visit start” or “visit end”.
    """

    weeks: int = 0
    months: int = 0
    when: str = "after"
    day: str = "publication"

    def due(self, from_day: date) -> date:
        """Return the last day allowed, counted from the day it hangs on.

        Months end on the month's last day where it is shorter. Raises ``OverflowError`` where the
        calendar ends before that.
        """
        sign = -1 if self.when == "before" else 1
        return months_after(from_day, sign * self.months) + timedelta(weeks=sign * self.weeks)

    def due_day(self, from_day: str) -> str:
        """Return the last day allowed, ``YYYY-MM-DD``, counted from a day written so.

        Empty where that is no day, or the calendar ends before the limit.
        """
        try:
            return self.due(date.fromisoformat(from_day)).isoformat()
        except (ValueError, OverflowError):
            return ""


@dataclass(frozen=True, slots=True)
class Deadline(Timing):
    """Says by when a recommendation is to be acted upon, counted from publication."""


@dataclass(frozen=True, slots=True)
class Outcome(Term):
    """Holds what the programme means to bring about.

    ``pathways`` are “force”, “team” or both, ``indicators`` the keys of what is counted for it.
    """

    pathways: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator(Term):
    """Holds what is counted for an outcome, and how.

    ``how`` is “answer” (of the question ``field`` of the case audits), “span” (the time from
    ``field`` to ``until`` of the case audits), “named” (focus groups with a note on the outcome) or
    “pulse” (answers to this question of the pulse).
    """

    how: str = ""
    field: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Grade(Term):
    """Holds one grade; ``label`` is what a judgment keeps and a report prints.

    ``published`` holds the verb of the report's sentence for one case and for several, ``letter``
    the one that stands for it where there is no room, ``short`` its label in a narrow column.
    """

    published: tuple[str, str] = ("", "")
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Holds the grades of one subject, best first."""

    subject: Subject
    grades: tuple[Grade, ...]
    verified: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the printed labels, best first."""
        return tuple(one.label for one in self.grades)

    def grade(self, written: str) -> str | None:
        """Return the printed label of what a person wrote; None when it is no grade here."""
        spelling = canonical(written)
        return next((one.label for one in self.grades if spelling in one.spellings), None)

    def steps(self, ours: str, theirs: str) -> int:
        """Say how many steps better (+) or worse (−) the other grade is than ours.

        Raises ``ValueError`` when either is no label of this scale.
        """
        return self.labels.index(ours) - self.labels.index(theirs)


@dataclass(frozen=True, slots=True)
class Area:
    """Holds an area of the criteria, or the overall assessment, and what it is judged on."""

    key: str
    label: str
    judged_on: tuple[Subject, ...]
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """Holds names that differ by country and year."""

    safeguarding_body: str
    children_director: str


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on; the month's last day when it is shorter.

    Raises ``OverflowError`` where the calendar has no such year.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(year)
    for back in range(4):
        try:
            return date(year, month + 1, day.day - back)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")
