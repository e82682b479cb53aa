"""The few cases worth comparing with a row, found among all that are free.

References one slip away, equal digits under other signs, look-alike characters and equal dates
are looked up; when none of these fits on every count, one RapidFuzz pass over all references finds
the nearest. Only the likeliest are compared in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from fieldkit.selfassessment.matching.reasons import Comparison, Side, agrees, compare, order
from fieldkit.selfassessment.matching.references import WEIGHED_FROM

CANDIDATES = 3
TIE = 0.004  # scores this near are shown as a tie
_NEAREST = 8  # near references weighed for each row
_COMPARED = 4  # of these, how many are compared in words
_LONGEST = 40  # characters of a reference up to which slips are looked up


class Slips:
    """Holds places of cases by their reference, to be found by a reference one slip away.

    A slip is a character lost, added, wrong, or swapped with its neighbour. Two texts one slip
    apart share a form with at most one character out of each.
    """

    def __init__(self) -> None:
        self._by_form: dict[str, list[int]] = defaultdict(list)

    def add(self, place: int, text: str) -> None:
        """Add the case at a place by its comparable reference."""
        for form in _with_one_out(text):
            self._by_form[form].append(place)

    def near(self, text: str) -> set[int]:
        """Return the places whose reference is this text or (nearly always) one slip away."""
        return {i for form in _with_one_out(text) for i in self._by_form.get(form, ())}


class Finder:
    """Finds candidates among the `free` ones of `cases` (places in the list).

    `slips` holds the references of the free ones.
    """

    def __init__(self, cases: Sequence[Side], free: Sequence[int], slips: Slips) -> None:
        self._cases = cases
        self._slips = slips
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
        """Return at most three cases with their places, likeliest first, and how many more tie.

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
        text = row.ref.canonical
        if not text:
            return dict.fromkeys(like, 0.0)  # two blanks would count as equal
        slips = self._slips.near(text)
        for i in slips:
            like[i] = OSA.normalized_similarity(text, self._cases[i].ref.canonical)
        for same in (row.ref.squeezed, row.ref.alike, text):
            for i in self._by_text.get(same, ()):
                like[i] = max(like.get(i, 0.0), 0.98)
                slips.add(i)
        for i in slips:
            if agrees(row, self._cases[i]):
                return like  # nothing further away can fit better
        for _, similarity, place in process.extract(
            text,
            self._texts,
            scorer=OSA.normalized_similarity,
            score_cutoff=WEIGHED_FROM,
            limit=_NEAREST,
        ):
            like.setdefault(self._with_ref[place], similarity)
        return like


def _with_one_out(text: str) -> set[str]:
    """Return the text, and the text without each of its characters; none for long ones."""
    if len(text) > _LONGEST:
        return set()
    return {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}
