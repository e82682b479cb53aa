"""Which row of the force's workbook may be which case of ours: an exact group and a queue.

No score links anything. Rows in ``exact`` are pre-ticked and still wait for a person's word; the
rest is a queue of at most three candidates with reasons in words, ties shown and not broken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from fieldkit.selfassessment.matching.finder import TIE, Finder, Slips
from fieldkit.selfassessment.matching.near_misses import doubt
from fieldkit.selfassessment.matching.reasons import Comparison, Side, compare, confirmed, side
from fieldkit.selfassessment.matching.references import canonical, reference
from storage.errors import FieldkitError

OWN_REFERENCE = "the row has our own reference of the case"
_MIN_DIGITS = 5
"""Digits of a reference of ours from which it is told from the number of a row."""


class MatchRefused(FieldkitError):
    """A decision names a row or a case that is not there, or one case twice."""


class MatchRow(Protocol):
    """Names what is needed of a force's row; `workbook.ForceRowReading` has it."""

    @property
    def row(self) -> int:
        """Return its number in the sheet, unique."""

    @property
    def ref(self) -> str:
        """Return the reference as read."""

    @property
    def types(self) -> tuple[str, ...]:
        """Return labels of the case types named; empty when not known."""

    @property
    def date(self) -> str | None:
        """Return the ISO date of the incident, or None."""


@dataclass(frozen=True, slots=True)
class RowToMatch:
    """Holds the least of a row of the force that can be matched."""

    row: int
    ref: str
    types: tuple[str, ...] = ()
    date: str | None = None


@dataclass(frozen=True, slots=True)
class OurCase:
    """Holds one case of ours: ``id`` as decisions name it, ``ref`` the force's reference of it.

    ``own`` is our own reference, which a force repeats where we gave it our list.
    """

    id: str
    ref: str
    types: tuple[str, ...] = ()
    date: str | None = None
    origin: str | None = None
    own: str = ""


@dataclass(frozen=True, slots=True)
class ExactPair:
    """Holds a row and a case of equal references, unique on both sides: pre-ticked."""

    row: int
    case_id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Holds a case that a row may be.

    ``score`` orders candidates and decides nothing; ``tied`` when the one above or below fits as
    well; ``wanted_by`` names other rows whose best candidate it is.
    """

    case_id: str
    score: float
    reasons: tuple[str, ...]
    tied: bool = False
    wanted_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueItem:
    """Holds a row a person decides on. ``note`` says why it is not pre-ticked, or what is tied."""

    row: int
    ref: str
    candidates: tuple[Candidate, ...]
    note: str


@dataclass(frozen=True, slots=True)
class MatchPlan:
    """The whole of a matching: every row is in ``exact`` or in ``queue``.

    Rows of the queue without a candidate are also in ``unmatched_rows``; ``unmatched_cases`` are
    ours that no row has as exact or candidate.
    """

    exact: tuple[ExactPair, ...]
    queue: tuple[QueueItem, ...]
    unmatched_rows: tuple[int, ...]
    unmatched_cases: tuple[str, ...]


def own_form(text: str) -> str:
    """Return what a reference of ours is known by in a force's workbook; "" for a bare number.

    A force numbers its rows, so a short number alone says nothing of our cases.
    """
    form = canonical(text)
    telling = any(character.isalpha() for character in form) or len(form) >= _MIN_DIGITS
    return form if telling else ""


def match(
    rows: Sequence[MatchRow],
    cases: Sequence[OurCase],
    *,
    decided: Mapping[int, str | None] | None = None,
) -> MatchPlan:
    """Plan the matching of a force's rows with our cases.

    `decided` has what a person has already answered: row number to case id, or None for "no case
    of ours"; these rows and cases are out of the plan. Raises `MatchRefused` when it contradicts
    the rows and cases or gives one case to two rows, and for repeated row numbers or case ids.
    """
    decisions = dict(decided or {})
    _check(rows, cases, decisions)
    linked = {case_id for case_id in decisions.values() if case_id is not None}
    return _Planner(
        [row for row in rows if row.row not in decisions],
        [case for case in cases if case.id not in linked],
        # Origin says something only in a list that tells the two apart, also once those of one
        # kind are all decided.
        origins=any(case.origin == "self-assessed" for case in cases),
    ).plan()


def _check(
    rows: Sequence[MatchRow], cases: Sequence[OurCase], decisions: Mapping[int, str | None]
) -> None:
    numbers = Counter(row.row for row in rows)
    ids = Counter(case.id for case in cases)
    called = {case.id: case.own or case.ref for case in cases}
    for what, counts in (("row", numbers), ("case", ids)):
        twice = next((name for name, n in counts.items() if n > 1), None)
        if twice is not None:
            name = called.get(str(twice), twice)
            raise MatchRefused(f"The {what} {name} is listed twice; nothing was matched.")
    for row, case_id in decisions.items():
        if row not in numbers:
            raise MatchRefused(f"There is no row {row} in this reading; nothing was changed.")
        if case_id is not None and case_id not in ids:
            raise MatchRefused("There is no such case in this inspection; nothing was changed.")
    given = Counter(case_id for case_id in decisions.values() if case_id is not None)
    twice = next((case_id for case_id, n in given.items() if n > 1), None)
    if twice is not None:
        raise MatchRefused(
            f"The case {called[twice]} was given to two rows; a case has one row. Undo one of "
            "the two."
        )


class _Planner:
    def __init__(
        self, rows: Sequence[MatchRow], cases: Sequence[OurCase], *, origins: bool
    ) -> None:
        self.rows, self.cases = rows, cases
        self.row_sides = [side(row.ref, row.types, row.date) for row in rows]
        self.case_sides = [
            side(case.ref, case.types, case.date, case.origin if origins else None)
            for case in cases
        ]

    def plan(self) -> MatchPlan:
        """Return the exact group first, then candidates among the cases that are left."""
        by_canonical: dict[str, list[int]] = defaultdict(list)
        by_own: dict[str, list[int]] = defaultdict(list)
        for i, case in enumerate(self.case_sides):
            by_canonical[case.ref.canonical].append(i)
            if (own_ref := self.cases[i].own) and (form := own_form(own_ref)):
                by_own[form].append(i)
        row_counts = Counter(row.ref.canonical for row in self.row_sides)
        ticked: list[tuple[int, int, tuple[str, ...]]] = []
        waiting: dict[int, str] = {}
        taken: set[int] = set()
        for at, row in enumerate(self.row_sides):
            text = row.ref.canonical
            own = by_own.get(own_form(row.ref.raw), []) if by_own else []
            same = list(dict.fromkeys((*by_canonical.get(text, []), *own)))
            if not text:
                waiting[at] = "The row gives no reference."
            elif len(same) > 1:
                waiting[at] = f"{len(same)} cases of ours have this reference."
            elif same and row_counts[text] > 1:
                waiting[at] = f"{row_counts[text]} rows have this reference."
            elif same:
                comparison = compare(row, self._side_of(same[0], own=bool(own)))
                reasons = (*([OWN_REFERENCE] if own else []), *comparison.reasons)
                if comparison.against:
                    waiting[at] = f"The reference is the same, but {comparison.against}."
                else:
                    ticked.append((at, same[0], reasons))
            else:
                waiting[at] = ""
        slips = Slips()
        likely = {place for _, place, _ in ticked}
        for i, case in enumerate(self.case_sides):
            if i not in likely:
                slips.add(i, case.ref.canonical)
        exact = self._kept(ticked, waiting, taken, slips, row_counts)
        free = [i for i in range(len(self.cases)) if i not in taken]
        queue = self._queue(waiting, free, slips)
        offered = {c.case_id for item in queue for c in item.candidates}
        return MatchPlan(
            exact=tuple(exact),
            queue=queue,
            unmatched_rows=tuple(item.row for item in queue if not item.candidates),
            unmatched_cases=tuple(
                self.cases[i].id for i in free if self.cases[i].id not in offered
            ),
        )

    def _side_of(self, place: int, *, own: bool) -> Side:
        """Return a case to compare with, by the force's reference of it or by our own."""
        case = self.case_sides[place]
        return replace(case, ref=reference(self.cases[place].own)) if own else case

    def _kept(
        self,
        ticked: Sequence[tuple[int, int, tuple[str, ...]]],
        waiting: dict[int, str],
        taken: set[int],
        slips: Slips,
        claimed: Mapping[str, int],
    ) -> list[ExactPair]:
        """Return the pre-ticked pairs but those that a slip of the pen may have made; these wait.

        A date or case type on both sides would have spoken against another case. Without either,
        cases that no row has, a slip away from the row, may be the one that was meant.
        """
        kept: list[ExactPair] = []
        for at, place, reasons in ticked:
            row, case = self.row_sides[at], self.case_sides[place]
            doubt = "" if confirmed(row, case) else self._doubt(row, slips, claimed)
            if doubt:
                waiting[at] = f"The reference is the same, but {doubt}."
            else:
                kept.append(ExactPair(self.rows[at].row, self.cases[place].id, reasons))
                taken.add(place)
        for place in {place for _, place, _ in ticked} - taken:
            slips.add(place, self.case_sides[place].ref.canonical)
        return kept

    def _doubt(self, row: Side, slips: Slips, claimed: Mapping[str, int]) -> str:
        near = (self.case_sides[i].ref.canonical for i in slips.near(row.ref.canonical))
        return doubt(row.ref.canonical, [one for one in near if one not in claimed])

    def _queue(
        self, waiting: Mapping[int, str], free: Sequence[int], slips: Slips
    ) -> tuple[QueueItem, ...]:
        finder = Finder(self.case_sides, free, slips)
        near_cases = {at: finder.near(self.row_sides[at]) for at in waiting}
        first: dict[int, list[int]] = defaultdict(list)
        for at, (near, _) in near_cases.items():
            if near:
                first[near[0][0]].append(self.rows[at].row)
        return tuple(
            self._item(self.rows[at], near_cases[at][0], first, note, near_cases[at][1])
            for at, note in sorted(waiting.items())
        )

    def _item(
        self,
        row: MatchRow,
        near: Sequence[tuple[int, Comparison]],
        first: Mapping[int, Sequence[int]],
        note: str,
        more: int,
    ) -> QueueItem:
        scores = [comparison.score for _, comparison in near]
        ties = [a - b < TIE for a, b in pairwise(scores)]
        candidates = tuple(
            Candidate(
                case_id=self.cases[i].id,
                score=comparison.score,
                reasons=comparison.reasons,
                tied=any(ties[max(place - 1, 0) : place + 1]),
                wanted_by=tuple(r for r in first.get(i, ()) if r != row.row),
            )
            for place, (i, comparison) in enumerate(near)
        )
        sentences = [note] if note else []
        if not candidates:
            sentences.append("No case of ours is near it.")
        elif ties[:1] == [True]:
            sentences.append("More than one case fits it equally well.")
        if more:
            others = "One more case fits" if more == 1 else f"{more} more cases fit"
            sentences.append(f"{others} as well as the last one shown.")
        if candidates and candidates[0].wanted_by:
            rivals = ", ".join(str(r) for r in candidates[0].wanted_by)
            sentences.append(f"The first case is also the likeliest for row {rivals}.")
        return QueueItem(row.row, row.ref, candidates, " ".join(sentences))
