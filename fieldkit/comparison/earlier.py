"""The inspection of the same force before this one, and its grades."""

from __future__ import annotations

from collections import Counter

from sqlmodel import Session

from fieldkit.comparison.inputs import PreviousInspection
from fieldkit.methodology import OVERALL
from fieldkit.service import NotThereError, existing, methodology_of
from fieldkit.wording.dates import day_words
from storage.ops.forces import is_same_force
from storage.records import Case, Inspection, Judgment
from storage.records.inspection import inspections
from storage.records.lookup import records_in

NONE = "none"
"""Asked for where no earlier inspection is to be set beside this one."""


def earlier(s: Session, inspection_id: str) -> list[Inspection]:
    """Return the earlier inspections of the same force kept here, the latest first.

    Which names are one force's says :mod:`storage.ops.forces`. Without dates on both
    sides there is no telling which was earlier, so such an inspection is only taken when chosen.
    """
    this = existing(s, Inspection, inspection_id)
    known = [
        inspection
        for inspection in inspections(s)
        if inspection.id != this.id
        and is_same_force(inspection.force, this.force)
        and inspection.starts
        and this.starts
        and inspection.starts < this.starts
    ]
    return sorted(known, key=lambda one: (one.starts, one.id), reverse=True)


def others(s: Session, inspection_id: str) -> list[Inspection]:
    """Return every other inspection kept here, those of the same force first."""
    first = earlier(s, inspection_id)
    ids = {inspection_id, *(one.id for one in first)}
    others_kept = [one for one in inspections(s) if one.id not in ids]
    return first + sorted(others_kept, key=lambda one: (one.force, one.starts, one.id))


def previous(s: Session, inspection_id: str, chosen: str = "") -> PreviousInspection | None:
    """Return our grades in the inspection before this one, or in one that was chosen.

    Args:
        s: a session.
        inspection_id: this one.
        chosen: the id of another inspection kept here, :data:`NONE`, or empty for the one found.

    Raises:
        NotThereError: the one chosen is not kept here, or is this one.
    """
    if chosen == NONE:
        return None
    if chosen == inspection_id:
        raise NotThereError(
            "An inspection is not compared with itself. Nothing was changed; choose another."
        )
    if chosen:
        before = existing(s, Inspection, chosen)
    else:
        known = earlier(s, inspection_id)
        if not known:
            return None
        before = known[0]
    live = {one.id for one in records_in(s, Case, before.id) if not one.withdrawn}
    graded = [
        judgment.grade
        for judgment in records_in(s, Judgment, before.id)
        if judgment.criterion == OVERALL and judgment.state == "graded" and judgment.case_id in live
    ]
    return PreviousInspection(
        label=called(before, s.get(Inspection, inspection_id)),
        scale=methodology_of(s, before.id).scale_for("case").labels,
        counts=Counter(graded),
        stated_total=len(graded),
    )


def called(inspection: Inspection, beside: Inspection | None = None) -> str:
    """Name an inspection beside another: its kind and days, and its force if another."""
    ended = f" ended {day_words(inspection.ends)}" if inspection.ends else " without dates"
    when = f" begun {day_words(inspection.starts)}" if inspection.starts else ended
    same = beside is None or is_same_force(beside.force, inspection.force)
    return f"{inspection.phase}{when}" + ("" if same else f", {inspection.force}")
