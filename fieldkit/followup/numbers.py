"""Numbers of recommendations: given at publication, counted on over the inspections of a force.

Before that a number is a place in the list of whoever made it, so two laptops may give the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from fieldkit.followup.force import recommendations_of_force
from fieldkit.service import RefusedError, existing, filled
from storage.feed.journal import because
from storage.records import Inspection, Recommendation

MOST = 9999
"""The greatest number that a person may give."""


def called(recommendation: Recommendation) -> str:
    """Return what a recommendation is called: “3”, or “draft 3” before it is published."""
    number = str(recommendation.number)
    return number if recommendation.numbered_on else f"draft {number}"


def next_place(s: Session, inspection_id: str) -> int:
    """Return the place of one more recommendation, after all of the force that are known here."""
    return _last(one.number for one in recommendations_of_force(s, inspection_id)) + 1


def number_drafts(
    s: Session, inspection: Inspection, on: str, first: int = 0
) -> list[Recommendation]:
    """Give the drafts of an inspection their numbers, in the order of their places.

    They go on from the greatest number given to the force before; what has a number keeps it.

    Args:
        s: a writing session.
        inspection: which inspection.
        on: the day on which the numbers are given, ``YYYY-MM-DD``.
        first: the number that the first of them gets, where earlier inspections of the force are
            not kept here; 0 to count on from those that are.

    Raises:
        RefusedError: a number would be given twice, or ``first`` is no number for one.
    """
    known = recommendations_of_force(s, inspection.id)
    taken = {one.number for one in known if one.numbered_on}
    drafts = [one for one in known if one.inspection_id == inspection.id and not one.numbered_on]
    number = first or last_given(known) + 1
    last = number + max(len(drafts) - 1, 0)
    if not 1 <= number <= last <= MOST or taken & set(range(number, number + len(drafts))):
        raise RefusedError(
            f"Recommendations of {inspection.force} cannot be numbered from {number}: "
            f"{_in_words(sorted(taken))}. Nothing was changed; give a number that is free."
        )
    for at, draft in enumerate(sorted(drafts, key=lambda one: (one.number, one.made_at, one.id))):
        draft.change(number=number + at, numbered_on=on)
    s.flush()
    return sorted(drafts, key=lambda one: one.number)


def last_given(recommended: Iterable[Recommendation]) -> int:
    """Return the greatest number that recommendations of a force were given; 0 for none."""
    return _last(one.number for one in recommended if one.numbered_on)


def renumber(s: Session, recommendation_id: str, number: int, reason: str) -> Recommendation:
    """Give a published recommendation another number, as where two laptops gave the same one.

    Raises `RefusedError` where the number is another's, or the recommendation is a draft.
    """
    one = existing(s, Recommendation, recommendation_id)
    if not one.numbered_on:
        raise RefusedError(
            "This recommendation is a draft: it gets its number when the report is published. "
            "Nothing was changed."
        )
    others = recommendations_of_force(s, one.inspection_id)
    if not 1 <= number <= MOST or any(
        other.numbered_on and other.number == number and other.id != one.id for other in others
    ):
        raise RefusedError(
            f"The number {number} is not free. Nothing was changed; give another one."
        )
    with because(s, filled(reason, "The reason", "reason")):
        one.change(number=number)
    return one


def doubles(recommended: Sequence[Recommendation]) -> list[list[Recommendation]]:
    """Return the published recommendations of one force that have the same number, together."""
    by_number: dict[int, list[Recommendation]] = defaultdict(list)
    for one in recommended:
        if one.numbered_on:
            by_number[one.number].append(one)
    return [several for several in by_number.values() if len(several) > 1]


def _last(numbers: Iterable[int]) -> int:
    """Return the greatest number that a person may give; a colleague's may be beyond it."""
    return max((number for number in numbers if number < MOST), default=0)


def _in_words(taken: Sequence[int]) -> str:
    if not taken:
        return f"a number is between 1 and {MOST}"
    return f"{', '.join(map(str, taken))} {'is' if len(taken) == 1 else 'are'} given already"
