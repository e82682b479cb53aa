"""Filters typed among the words of a search: “handover kind:note by:jane since:monday #4 +”.

``kind:``, ``by:`` (``me`` is oneself), ``since:``, ``until:`` and ``on:`` (a day as it is typed
anywhere), ``is:`` (strength, concern, context, notable, clarify), ``#`` and the number or the
beginning of a criterion, the signs ``+`` ``-`` ``=`` alone before or after the words, and ``mon``
to ``fri`` for that day. Between two words a sign is text: people write “late shift - handover”.
Two of one sort widen the search, two sorts narrow it. What stands in quotation marks is no filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fieldkit.methodology import Methodology
from fieldkit.wording.dates import short_day
from storage.ops.meant import did_you_mean
from storage.ops.short_dates import read_typed_day
from storage.ops.text import comparable
from storage.records.registry import KINDS, plural

_PART = re.compile(r'(?P<name>[^\W\d_]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>\S*))|"[^"]*"?|\S+')
_SIGNS = {"+": "strength", "-": "concern", "−": "concern", "–": "concern", "=": "context"}
_SORTS = {
    "strength": ("strength",),
    "concern": ("concern",),
    "context": ("context",),
    "notable": ("notable practice",),
    "clarify": ("to clarify",),
}
_WEEKDAYS = frozenset(("mon", "tue", "wed", "thu", "fri"))
ME = frozenset(("me", "you"))


@dataclass(frozen=True, slots=True)
class Filters:
    """Holds what was typed: the words, and what else a record has to be.

    Attributes:
        words: those that are looked for, without the filters.
        kinds: only records of these kinds; all where it is empty, as of the others.
        criteria: the keys of the criteria.
        signs: polarities of notes and sorts of points.
        persons: the ids of those who wrote it; ``None`` for anybody.
        first, last: the days between which it was written, ``YYYY-MM-DD``; empty for no limit.
        shown: each filter in words, for a person.
        refused: a sentence for each filter that could not be read; it counts for nothing.
    """

    words: str = ""
    kinds: frozenset[str] = frozenset()
    criteria: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    persons: frozenset[str] | None = None
    first: str = ""
    last: str = ""
    shown: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        """Say whether any filter counts."""
        return (
            bool(self.kinds or self.criteria or self.signs or self.first or self.last)
            or self.persons is not None
        )


def read_filters(
    typed: str, methodology: Methodology, people: Mapping[str, str], me: str
) -> Filters:
    """Return what was typed in a search as words and filters.

    Args:
        typed: by a person.
        methodology: gives the criteria.
        people: the names of those known here, by id.
        me: the id of the acting person.
    """
    parts = list(_PART.finditer(typed))
    probe = _Reading(methodology, people, me)
    are_words = [part[0] not in _SIGNS and not probe.take(part) for part in parts]
    reading = _Reading(methodology, people, me)
    rest: list[str] = []
    end = 0
    for number, part in enumerate(parts):
        gap, end = typed[end : part.start()], part.end()
        between = any(are_words[:number]) and any(are_words[number + 1 :])
        if (between and part[0] in _SIGNS) or not reading.take(part):
            rest += [gap, part[0].replace('"', " ").strip() or " "]
    words = "".join(rest).strip()
    # A blank at the end says that the last word is whole.
    words += " " * bool(words and typed[end:])
    return reading.filters(words)


@dataclass
class _Reading:
    """Takes filters one by one."""

    methodology: Methodology
    people: Mapping[str, str]
    me: str
    kinds: set[str] = field(default_factory=set)
    criteria: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    persons: set[str] | None = None
    days: dict[str, str] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def take(self, part: re.Match[str]) -> bool:
        """Say whether a part of what was typed is a filter, and take it."""
        text, name = part[0], (part["name"] or "").casefold()
        named: Mapping[str, Callable[[str], None]] = {
            "kind": self._kind,
            "by": self._by,
            "is": self._is,
            "since": lambda value: self._day("since", value, "first"),
            "until": lambda value: self._day("until", value, "last"),
            "on": lambda value: self._day("on", value, "first", "last"),
        }
        if name in named:
            value = (part["quoted"] if part["quoted"] is not None else part["value"]).strip()
            if value:  # nothing yet: it is still being typed
                named[name](value)
        elif text in _SIGNS:
            self._is(_SIGNS[text])
        elif text.casefold() in _WEEKDAYS:
            self._day("on", text, "first", "last")
        elif text.startswith("#") and len(text) > 1:
            self._criterion(text[1:])
        else:
            return text == "#"
        return True

    def filters(self, words: str) -> Filters:
        """Return all that was taken."""
        return Filters(
            words=words,
            kinds=frozenset(self.kinds),
            criteria=frozenset(self.criteria),
            signs=frozenset(self.signs),
            persons=None if self.persons is None else frozenset(self.persons),
            first=self.days.get("first", ""),
            last=self.days.get("last", ""),
            shown=tuple(dict.fromkeys(self.shown)),
            refused=tuple(self.refused),
        )

    def _kind(self, value: str) -> None:
        wanted = comparable(value.replace("_", " "))
        known = {kind: (of.noun(), plural(kind)) for kind, of in KINDS.items() if of.SEARCH}
        exact = {kind for kind, names in known.items() if wanted in map(comparable, names)}
        begun = {
            kind
            for kind, names in known.items()
            if any(comparable(name).startswith(wanted) for name in names)
        }
        if found := exact or begun:
            self.kinds |= found
            self.shown += sorted(plural(kind) for kind in found)
        else:
            self._refuse(
                f"kind:{value}", "is not a kind of record", (one for one, _ in known.values())
            )

    def _by(self, value: str) -> None:
        wanted = comparable(value)
        if wanted in ME:
            found = {self.me}
        else:
            found = {one for one, name in self.people.items() if _begins(name, wanted)}
        if found:
            self.persons = (self.persons or set()) | found
            self.shown += [
                "by you" if one == self.me else f"by {self.people.get(one, one)}" for one in found
            ]
        else:
            self._refuse(f"by:{value}", "is nobody who is known here", self.people.values())

    def _is(self, value: str) -> None:
        wanted = value.casefold()
        found = [name for name in _SORTS if name.startswith(wanted)]
        if len(found) != 1:
            self._refuse(f"is:{value}", "is not a sign of a note or a point", _SORTS)
            return
        self.signs |= set(_SORTS[found[0]])
        self.shown += _SORTS[found[0]]

    def _day(self, name: str, value: str, *ends: str) -> None:
        day, _ = read_typed_day(value)
        if day is None:
            self._refuse(f"{name}:{value}", "is not a day; “monday”, “8/6” and “6 Sep” are", ())
            return
        self.days |= dict.fromkeys(ends, day)
        self.shown.append(f"{name} {short_day(day)}")

    def _criterion(self, value: str) -> None:
        areas = self.methodology.areas
        wanted = comparable(value.replace("_", " "))
        if value.isdecimal():
            found = [areas[int(value) - 1]] if 1 <= int(value) <= len(areas) else []
        else:
            found = [one for one in areas if wanted == one.key or _begins(one.label, wanted)]
        if found:
            self.criteria |= {one.key for one in found}
            self.shown += [one.label for one in found]
        else:
            self._refuse(f"#{value}", "is not a criterion", (one.label for one in areas))

    def _refuse(self, typed: str, what: str, known: Iterable[str]) -> None:
        meant = did_you_mean(typed.partition(":")[2] or typed.lstrip("#"), known)
        self.refused.append(f"“{typed}” {what}. {meant}".rstrip())


def _begins(name: str, wanted: str) -> bool:
    """Say whether a name, or a word of it, begins so."""
    whole = comparable(name)
    return whole.startswith(wanted) or any(one.startswith(wanted) for one in whole.split())


def day_begins(day: str) -> int:
    """Return when a day, ``YYYY-MM-DD``, begins here, in milliseconds since 1970."""
    return int(datetime.fromisoformat(day).astimezone().timestamp() * 1000)


def in_days(filters: Filters, day: str) -> bool:
    """Say whether a day, ``YYYY-MM-DD``, is within the limits; one that is not known is not."""
    if not (filters.first or filters.last):
        return True
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return (filters.first or day) <= day <= (filters.last or day)
