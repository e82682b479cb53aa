"""Dates of birth: a date counts as one only where the words beside it or its age say so.

Where nothing is said, a date is taken for a birth when a person stands before it, it lies so far
back that it is hardly that of an incident under inspection, and no word ties it to a document, a
meeting or an event. Inspections look at the last year or two of a force's work; a child in a case
is under 18. So an unlabelled date of birth is at least :data:`OLD_YEARS` years back, or one where
it stands right behind a person; from :data:`ADULT_YEARS` on no person need be named.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from fieldkit.wording.identifiers.dates import (
    FoundDate,
    find_dates,
    find_months,
    find_unseparated,
)
from fieldkit.wording.identifiers.identifier import BIRTH, Identifier

OLD_YEARS = 4
"""Years from which a date with nothing beside it may be a birth."""
ADULT_YEARS = 26
"""Years from which a date with nothing beside it is a birth, wherever it stands."""
_BETWEEN = 34
"""Characters between a label and its date, at most."""
_LIST = re.compile(r"\s*(?:,|and|&|/|;|\+|or|a|ac|,\s*and)\s*", re.IGNORECASE)


class _Patterns(NamedTuple):
    labels: re.Pattern[str]
    births: re.Pattern[str]
    people: re.Pattern[str]
    people_after: re.Pattern[str]
    events: re.Pattern[str]
    elsewhere: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    text = files("fieldkit.wording.identifiers").joinpath("births.toml").read_text("utf-8")
    data = tomllib.loads(text)
    flags = re.IGNORECASE

    def whole(name: str) -> str:
        return str(data[name]).replace("\n", "")

    return _Patterns(
        labels=re.compile("|".join(data["labels"]), flags),
        births=re.compile("|".join(data["births"]), flags),
        people=re.compile(whole("people"), flags),
        people_after=re.compile(whole("people_after"), flags),
        events=re.compile(rf"{whole('events')}(?:the\s+|y\s+|first\s+|\S*day,?\s+)?$", flags),
        elsewhere=re.compile(whole("elsewhere"), flags),
    )


def find_births(text: str, today: date, names: Collection[int] = ()) -> list[Identifier]:
    """Return the dates of birth in a text.

    Args:
        text: what was written.
        today: the day by which the age of a date is told.
        names: where names end in the text.
    """
    if not any(character.isdigit() for character in text):
        return []
    dates = find_dates(text, today)
    found = [one for one in dates if _is_labelled(text, one)]
    found += [one for one in find_unseparated(text, today) if _is_labelled(text, one)]
    found += [one for one in find_months(text, today) if _is_labelled(text, one)]
    found += [one for one in _unlabelled(text, dates, today, names) if one not in found]
    return [Identifier(BIRTH, one.start, one.end, text[one.start : one.end]) for one in found]


def _is_labelled(text: str, one: FoundDate) -> bool:
    patterns = _patterns()
    before = text[max(0, one.start - 2 * _BETWEEN) : one.start]
    for pattern, excuses in ((patterns.births, r"\bon\b|\bar\b"), (patterns.labels, None)):
        for match in pattern.finditer(before):
            between = before[match.end() :]
            if excuses:
                between = re.sub(excuses, " ", between, flags=re.IGNORECASE)
            if len(between) <= _BETWEEN and _is_plain(between):
                return True
    after = text[one.end : one.end + _BETWEEN]
    label = patterns.labels.search(after)
    return bool(label and one.year and _is_plain(after[: label.start()]))


def _is_plain(between: str) -> bool:
    """Say whether nothing between a label and a date speaks of another thing."""
    sentence_ends = re.search(r"[.!?;]\s+[A-Z]", between)
    return not (sentence_ends or _patterns().elsewhere.search(between))


def _unlabelled(
    text: str, dates: Sequence[FoundDate], today: date, names: Collection[int]
) -> Iterator[FoundDate]:
    patterns = _patterns()
    event, least, end = False, ADULT_YEARS, -1
    for one in dates:
        if end < 0 or not _LIST.fullmatch(text[end : one.start]):
            # A date in a list is what the first one is.
            event = bool(patterns.events.search(text[max(0, one.start - 40) : one.start]))
            least = _least_years(text, one, names)
        end = one.end
        years = today.year - one.year - ((today.month, today.day) < (one.month, one.day))
        if one.year > 1900 and not event and years >= least and not _may_be_count(text, one):
            yield one


def _least_years(text: str, one: FoundDate, names: Collection[int]) -> int:
    """Return how far back a date must lie to be a birth, by what stands beside it."""
    patterns = _patterns()
    before = re.split(r"[.!?;]\s|\n", text[: one.start])[-1]
    people = [match.end() for match in patterns.people.finditer(before)]
    people += [end - (one.start - len(before)) for end in names if end <= one.start]
    gap = before[max(people) :] if people and max(people) >= 0 else None
    if patterns.people_after.search(text[one.end :]) or (gap is not None and len(gap.strip()) < 3):
        return 1
    return OLD_YEARS if gap is not None and len(gap) <= _BETWEEN else ADULT_YEARS


def _may_be_count(text: str, one: FoundDate) -> bool:
    """Say whether the last digits may begin the next words: “12 June 10 officers”."""
    written = text[one.start : one.end]
    short = re.search(r"[^\W\d_]\W*\s\d\d$", written)
    return bool(short) and not re.match(r"\s*(?:$|[)\],;.])", text[one.end :])
