"""Publication: the day on which the report was, and the numbers that recommendations get by it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.followup.days import past_day
from fieldkit.followup.force import recommendations_of_force
from fieldkit.followup.numbers import last_given, number_drafts
from fieldkit.inspections.states import LEFT, change_state
from fieldkit.service import RefusedError, existing, filled
from fieldkit.wording.dates import day_words
from storage.feed.journal import because
from storage.records import Inspection, Recommendation
from storage.records.inspection import STATES

PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Published:
    """Holds an inspection whose report is published, and the recommendations numbered by it."""

    inspection: Inspection
    numbered: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """Says what a publication would do.

    Attributes:
        force: of which force.
        published: the day that is recorded already, ``YYYY-MM-DD``; empty where none is.
        left: the team has left the site; else a reason is asked for.
        first: the number that the first draft gets.
        drafts: how many recommendations get a number.
        earlier: the greatest number given to the force before; 0 for none.
    """

    force: str
    published: str
    left: bool
    first: int
    drafts: int
    earlier: int

    @property
    def words(self) -> str:
        """Return in a sentence which numbers are given."""
        if not self.drafts:
            return "No recommendation is without a number."
        last = self.first + self.drafts - 1
        if self.drafts == 1:
            return f"One recommendation gets the number {self.first}."
        return f"{self.drafts} recommendations get the numbers {self.first} to {last}."


def coming(s: Session, inspection_id: str) -> Coming:
    """Return what a publication would do now; raises `NotThereError`."""
    inspection = existing(s, Inspection, inspection_id)
    known = recommendations_of_force(s, inspection_id)
    drafts = [one for one in known if one.inspection_id == inspection_id and not one.numbered_on]
    earlier = last_given(known)
    return Coming(
        force=inspection.force,
        published=inspection.published,
        left=STATES.index(inspection.state) >= STATES.index(LEFT),
        first=earlier + 1,
        drafts=len(drafts),
        earlier=earlier,
    )


def publish(
    s: Session, inspection_id: str, on: str = "", reason: str = "", first_number: int = 0
) -> Published:
    """Record the day on which the report was published, and number its recommendations.

    Doing it again corrects the day, with a reason, and numbers what was made since; numbers that
    were given stay.

    Args:
        s: a writing session.
        inspection_id: which inspection.
        on: the day; where it is empty today, or the day recorded before.
        reason: why the day is corrected, or why an inspection is published whose state is not that
            the site was left.
        first_number: as ``first`` of :func:`fieldkit.followup.numbers.number_drafts`.

    Raises:
        FieldkitError: the day is to come or before the inspection began, a reason is missing, or
            a number is given already.
    """
    inspection = existing(s, Inspection, inspection_id)
    before = inspection.published
    day = before if before and not on.strip() else past_day(s, on, "A publication")
    if inspection.starts and day < inspection.starts:
        raise RefusedError(
            f"The inspection of {inspection.force} began on {day_words(inspection.starts)}, so its "
            f"report cannot have been published on {day_words(day)}. Nothing was changed; correct "
            "the day."
        )
    if before and before != day:
        why = f"The reason why the publication on {day_words(before)} is corrected"
        reason = filled(reason, why, "reason")
    with because(s, reason):
        inspection.change(published=day)
    if STATES.index(inspection.state) < STATES.index(PUBLISHED):
        if inspection.state != LEFT and not reason.strip():
            raise RefusedError(
                f"The site of {inspection.force} has not been left yet. Nothing was changed. "
                "Record first that the team has left, or say why the report is published all the "
                "same."
            )
        change_state(s, inspection_id, PUBLISHED, reason)
    numbered = number_drafts(s, inspection, day, first_number)
    return Published(inspection, tuple(numbered))
