"""The limits of the follow-up: by when each is due, for when it is planned, when it was done.

They hang on the publication of the report, or on the first and last day of the visit to the force:
of a visit or a review that is the inspection's own, of a full inspection the day for which the
force's next visit is planned, and on which it took place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.followup.dates.working_days import day_off, working_day_before
from fieldkit.followup.days import days_between, due_day, past_day, present_day, read_day_of
from fieldkit.followup.force import readable
from fieldkit.followup.lints import due_of
from fieldkit.followup.numbers import called
from fieldkit.followup.status import is_running
from fieldkit.methodology.terms import Timing, canonical
from fieldkit.service import RefusedError, existing, methodology_of, person
from fieldkit.wording.dates import day_words
from storage.ops.meant import choices
from storage.ops.text import many
from storage.records import Inspection, Milestone, Recommendation
from storage.records.inspection import STATES, milestone_id
from storage.records.lookup import records_in

UPDATE, REVISIT = "update", "revisit"
IMMEDIATELY = "immediately"
FOLLOWED_UP = STATES[-1]
WHOLE = frozenset(("inspection", "re-inspection"))
"""The phases whose report is followed by an action plan and a visit."""
_FROM = {
    "publication": "the publication",
    "visit start": "the first day of the visit",
    "visit end": "the last day of the visit",
}
_UNTIL = {
    _FROM["publication"]: "once published",
    _FROM["visit start"]: "once planned",
    _FROM["visit end"]: "after the visit",
}


@dataclass(frozen=True, slots=True)
class DueLine:
    """Holds one limit of an inspection's follow-up.

    Attributes:
        inspection_id, force: whose it is.
        key: which limit.
        label: what is due.
        hangs_on: the day it is counted from, in words.
        due: the last day, ``YYYY-MM-DD``; empty while the day that it hangs on is not known.
        planned_on: the day for which it is planned; empty where none is.
        done_on: the day on which it was done; empty while it is not.
        remark: what was noted with that.
        late: how many days it is past the last day and not done; of what was done, by how many
            days it was late. 0 where it is in time.
        off: why nobody is at work on the last day; empty where somebody is.
        working: the last working day before, where nobody works on that day.
    """

    inspection_id: str
    force: str
    key: str
    label: str
    hangs_on: str
    due: str
    planned_on: str
    done_on: str
    remark: str
    late: int
    off: str
    working: str

    @property
    def is_late(self) -> bool:
        """Say whether its last day is past and it is not done."""
        return self.late > 0 and not self.done_on

    @property
    def known_when(self) -> str:
        """Return in two or three words when its last day will be known."""
        return _UNTIL[self.hangs_on]

    @property
    def words(self) -> str:
        """Return the limit in a sentence."""
        label = self.label[:1].upper() + self.label[1:]
        if self.done_on:
            after = f", {many(self.late, 'day')} late" if self.late else ""
            return f"{label}: done on {day_words(self.done_on)}{after}."
        planned = f"; planned for {day_words(self.planned_on)}" if self.planned_on else ""
        if not self.due:
            return f"{label}: counted from {self.hangs_on}, which is not known yet{planned}."
        late = f", {many(self.late, 'day')} ago" if self.late else ""
        off = (
            f" (that is {self.off}; the working day before is {day_words(self.working)})"
            if self.off
            else ""
        )
        return f"{label}: by {day_words(self.due)}{late}{off}{planned}."


@dataclass(frozen=True, slots=True)
class Late:
    """Says what of the follow-up is late, and where it is settled."""

    inspection_id: str
    force: str
    words: str
    due: str
    days: int
    command: str


def due_lines(s: Session, inspection_id: str, *, days_off: bool = True) -> list[DueLine]:
    """Return every limit of an inspection's follow-up; raises `NotThereError`.

    Without ``days_off`` no last day is held beside bank holidays, which take a moment to come in.
    """
    inspection = existing(s, Inspection, inspection_id)
    kept = {one.timing: one for one in records_in(s, Milestone, inspection_id)}
    days, present = _days(inspection, kept), present_day(s)
    return [
        _line(inspection, limit, days[limit.day], kept.get(limit.key), present, days_off)
        for limit in _limits(s, inspection)
    ]


def mark_done(
    s: Session, inspection_id: str, written: str, on: str = "", remark: str = ""
) -> Milestone:
    """Record that something that was due has been done, on a day; again to correct it.

    Args:
        s: a writing session.
        inspection_id: of which inspection.
        written: what, by its key or label.
        on: the day; today where it is empty.
        remark: what is to be noted with it.

    Raises:
        RefusedError: there is no such limit, or the day is to come.
    """
    key = limit_named(s, inspection_id, written).key
    milestone = _kept(s, inspection_id, key)
    milestone.change(
        done_on=past_day(s, on, "What is done"), remark=remark.strip(), by=person(s)
    ).confirm("done_on")
    s.flush()
    return milestone


def mark_open(s: Session, inspection_id: str, written: str) -> Milestone:
    """Take back that something was done; raises `RefusedError` where it was not."""
    milestone = _kept(s, inspection_id, limit_named(s, inspection_id, written).key)
    if not milestone.done_on:
        raise RefusedError("That is not recorded as done. Nothing was changed.")
    milestone.change(done_on="", by=person(s))
    s.flush()
    return milestone


def plan_for(s: Session, inspection_id: str, written: str, on: str) -> Milestone:
    """Record for which day something is planned; an empty day takes it away.

    Raises `RefusedError` for what is no limit or no day.
    """
    key = limit_named(s, inspection_id, written).key
    milestone = _kept(s, inspection_id, key)
    milestone.change(planned_on=read_day_of(on, "A plan") if on.strip() else "")
    s.flush()
    return milestone


def limit_named(s: Session, inspection_id: str, written: str) -> Timing:
    """Return the limit of an inspection that is meant, by key or label; raises `RefusedError`."""
    limits = _limits(s, existing(s, Inspection, inspection_id))
    wanted = canonical(written)
    for limit in limits:
        if wanted in limit.spellings:
            return limit
    known = choices(written, (one.key for one in limits))
    raise RefusedError(
        f"Nothing of this inspection's follow-up is called “{written}”. Nothing was changed; there "
        f"are {known}"
    )


def late(s: Session, inspection_id: str = "") -> list[Late]:
    """Return what of the follow-up is late, the latest last, of one inspection or of all here.

    What home tells: limits past their last day, and recommendations past their deadline. Of an
    inspection that is followed up nothing is late any more.
    """
    known = [existing(s, Inspection, inspection_id)] if inspection_id else readable(s)
    running = [one for one in known if one.state != FOLLOWED_UP]
    found = [one for inspection in running for one in _late_of(s, inspection)]
    return sorted(found, key=lambda one: (one.due, one.force, one.words))


def reported(s: Session, inspection_id: str) -> Inspection:
    """Return the inspection whose report is followed up: of a visit or review the one it follows.

    It is the inspection itself where that is not known or not kept here. Raises `NotThereError`.
    """
    inspection = existing(s, Inspection, inspection_id)
    seen = {inspection.id}
    while inspection.phase not in WHOLE and inspection.follows not in ("", *seen):
        before = s.get(Inspection, inspection.follows)
        if before is None:
            break
        inspection = before
        seen.add(inspection.id)
    return inspection


def _late_of(s: Session, inspection: Inspection) -> list[Late]:
    found = [
        Late(
            inspection_id=inspection.id,
            force=inspection.force,
            words=f"{one.label}, due {day_words(one.due)}",
            due=one.due,
            days=one.late,
            command=_command(inspection, f"calendar done {one.key.replace(' ', '-')}"),
        )
        for one in due_lines(s, inspection.id, days_off=False)
        if one.is_late
    ]
    if not inspection.published:
        return found
    present = present_day(s)
    for one in records_in(s, Recommendation, inspection.id):
        due = due_of(s, one, inspection.published)
        if due and due < present and is_running(one):
            found.append(
                Late(
                    inspection_id=inspection.id,
                    force=inspection.force,
                    words=f"recommendation {called(one)}, due {day_words(due)}",
                    due=due,
                    days=days_between(due, present),
                    command=_command(inspection, f"recommendations show {one.id[:8]}"),
                )
            )
    return found


def _command(inspection: Inspection, words: str) -> str:
    """Return a command with the inspection that it is about: late is told of several."""
    return f"fieldkit --inspection {inspection.id[:8]} {words}"


def _limits(s: Session, inspection: Inspection) -> Sequence[Timing]:
    """Return the limits that an inspection of that phase has, in order."""
    every = methodology_of(s, inspection.id).timings
    if inspection.phase not in WHOLE:
        return [one for one in every if one.day != "publication"]
    immediate = any(
        one.deadline == IMMEDIATELY for one in records_in(s, Recommendation, inspection.id)
    )
    return [one for one in every if one.key != UPDATE or immediate]


def _days(inspection: Inspection, kept: Mapping[str, Milestone]) -> dict[str, str]:
    """Return the days on which limits hang, ``YYYY-MM-DD``; empty where one is not known."""
    if inspection.phase not in WHOLE:
        return {
            "publication": "",
            "visit start": inspection.starts,
            "visit end": inspection.ends or inspection.starts,
        }
    visit = kept.get(REVISIT)
    done, planned = (visit.done_on, visit.planned_on) if visit else ("", "")
    return {
        "publication": inspection.published,
        "visit start": planned or done,
        "visit end": done or planned,
    }


def _line(
    inspection: Inspection,
    limit: Timing,
    from_day: str,
    kept: Milestone | None,
    present: str,
    days_off: bool,
) -> DueLine:
    due = due_day(limit, from_day)
    done = kept.done_on if kept else ""
    until = done or present
    return DueLine(
        inspection_id=inspection.id,
        force=inspection.force,
        key=limit.key,
        label=limit.label,
        hangs_on=_FROM[limit.day],
        due=due,
        planned_on=kept.planned_on if kept else "",
        done_on=done,
        remark=kept.remark if kept else "",
        late=max(days_between(due, until), 0) if due else 0,
        # What is due on the very day that it hangs on waits for no working day.
        off=(off := day_off(due) if days_off and due != from_day else ""),
        working=working_day_before(due) if off else "",
    )


def _kept(s: Session, inspection_id: str, key: str) -> Milestone:
    milestone = s.get(Milestone, milestone_id(inspection_id, key))
    if milestone is None:
        milestone = Milestone.make(inspection_id=inspection_id, timing=key)
        s.add(milestone)
    return milestone
