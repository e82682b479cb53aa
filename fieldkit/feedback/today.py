"""The day on site: what is met today, what the force promised, what is new for the debrief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from types import SimpleNamespace

from sqlmodel import Session

from fieldkit.evidence.entries import entries_in
from fieldkit.evidence.points import WITHDRAWN, point_lines
from fieldkit.feedback.debriefs.actions import ActionLine, actions
from fieldkit.feedback.debriefs.news import SinceLast, since_last
from fieldkit.service import today
from storage.records import Document, Observation
from storage.records.note import note_counts


@dataclass(frozen=True, slots=True)
class Meeting:
    """Holds an interview, focus group, observation or document of today.

    Attributes:
        kind: what it is, in a word or two.
        what: the role met, the place seen, or the title.
        noted: whether there is a note in it.
    """

    kind: str
    what: str
    noted: bool


@dataclass(frozen=True, slots=True)
class Today:
    """Holds what the day brings.

    Attributes:
        meetings: the interviews, observations and documents of today.
        promises: what the force promised and has not been seen done, the earliest due first.
        news: what is new since the last debrief.
        strengths: how many points that stand are thin, adequate and strong.
    """

    meetings: tuple[Meeting, ...]
    promises: tuple[ActionLine, ...]
    news: SinceLast
    strengths: dict[str, int]


def today_on_site(s: Session, inspection_id: str) -> Today:
    """Return what today brings in an inspection."""
    points = point_lines(s, inspection_id, changes=False)
    promised = actions(s, inspection_id, None)
    return Today(
        meetings=tuple(_meetings(s, inspection_id, today())),
        promises=tuple(sorted(promised, key=lambda one: one.due or "9999")),
        news=since_last(s, inspection_id, points),
        strengths=dict(Counter(one.strength for one in points if one.state != WITHDRAWN)),
    )


def _meetings(s: Session, inspection_id: str, day: str) -> list[Meeting]:
    notes = note_counts(s, inspection_id)
    met = [meeting for one in entries_in(s, inspection_id) if (meeting := _met(one, notes, day))]
    return sorted(met, key=lambda one: not one.noted)


def _met(entry: SimpleNamespace, notes: Container[str], day: str) -> Meeting | None:
    """Return an entry as a meeting of a day; nothing where it is of another."""
    noted = entry.id in notes
    if entry.KIND == Document.KIND:
        on = day in (entry.asked_on, entry.received_on)
        return Meeting("Document", entry.title, noted) if on else None
    if entry.held_on != day:
        return None
    if entry.KIND == Observation.KIND:
        return Meeting("Observation", entry.place, noted)
    return Meeting(entry.meeting.capitalize(), entry.role, noted)
