"""The few cases worth comparing with a row, found among all that are free.

One RapidFuzz pass over the references finds the near ones; equal digits under other signs,
look-alike characters and equal dates are looked up. Only the likeliest are compared in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from fieldkit.matching.evidence import Comparison, Side, compare, order

CANDIDATES = 3
TIE = 0.004  # scores this near are shown as a tie
_NEAREST = 8  # near references weighed for each row
_COMPARED = 5  # of these, how many are compared in words
_CUT_OFF = 0.5  # similarity below which a reference is not weighed


class Finder:
    """Finds candidates among the `free` ones of `cases` (places in the list)."""

    def __init__(self, cases: Sequence[Side], free: Sequence[int]) -> None:
        self._cases = cases
        self._with_ref = [i for i in free if cases[i].ref.canonical]
        self._texts = [cases[i].ref.canonical for i in self._with_ref]
        self._by_text: dict[str, list[int]] = defaultdict(list)
        self._by_day: dict[int, list[int]] = defaultdict(list)
        for i in free:
            ref, day = cases[i].ref, cases[i].day
            for text in {ref.canonical, ref.squeezed, ref.alike} - {""}:
                self._by_text[text].append(i)
            if day is not None:
                self._by_day[day].append(i)

    def near(self, row: Side) -> tuple[list[tuple[int, Comparison]], int]:
        """At most three cases with their places, likeliest first, and how many more tie with them.

        Cases that fit equally well stand in the order of the list; that they tie is for the
        caller to show.
        """
        like = self._likeness(row)
        cases = self._cases
        weighed = sorted(((order(s, row, cases[i]), -i) for i, s in like.items()), reverse=True)
        compared = [(-i, compare(row, cases[-i])) for _, i in weighed[:_COMPARED]]
        likely = [pair for pair in compared if pair[1].worth_showing]
        likely.sort(key=lambda pair: (-pair[1].score, pair[0]))
        shown = likely[:CANDIDATES]
        if len(likely) <= CANDIDATES:
            return shown, 0
        least = shown[-1][1].score - TIE
        more = sum(pair[1].score > least for pair in likely[CANDIDATES:])
        if more == _COMPARED - CANDIDATES:
            more += sum(score > least for score, _ in weighed[_COMPARED:])
        return shown, more

    def _likeness(self, row: Side) -> dict[int, float]:
        like: dict[int, float] = {}
        if row.day is not None:
            for i in self._by_day.get(row.day, ())[:_NEAREST]:
                like[i] = OSA.normalized_similarity(row.ref.canonical, self._cases[i].ref.canonical)
        if not row.ref.canonical:
            return dict.fromkeys(like, 0.0)  # two blanks would count as equal
        for _, similarity, place in process.extract(
            row.ref.canonical,
            self._texts,
            scorer=OSA.normalized_similarity,
            score_cutoff=_CUT_OFF,
            limit=_NEAREST,
        ):
            like[self._with_ref[place]] = similarity
        for text in (row.ref.squeezed, row.ref.alike, row.ref.canonical):
            for i in self._by_text.get(text, ()):
                like[i] = max(like.get(i, 0.0), 0.98)
        return like
