"""The practice inspection put together: cases, fieldwork, points and the high-risk case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from functools import cache
from typing import Any

from fieldkit.demo.cases import moment, practice_cases, read
from fieldkit.demo.model import (
    Practice,
    PracticeCase,
    PracticeDocument,
    PracticeInterview,
    PracticeNote,
    PracticeObservation,
    PracticePoint,
    PracticeReferral,
    PracticeSupport,
)
from fieldkit.methodology import find, load

_BETWEEN_NOTES = timedelta(minutes=7)


@cache
def practice(first_day: date | None = None) -> Practice:
    """The practice inspection of the made-up Westshire Constabulary.

    Every date in it hangs on the first day on site; without one it is the day in
    ``fieldwork.toml``, so that the practice inspection is the same on every machine.
    """
    words = read("fieldwork.toml")
    start: date = first_day or words["first_day"]
    cases = practice_cases(words["methodology"], start)
    today = start + timedelta(days=words["today"])
    return Practice(
        force=words["force"],
        methodology=words["methodology"],
        starts=start.isoformat(),
        ends=(start + timedelta(days=words["last_day"])).isoformat(),
        today=today.isoformat(),
        present_at_debrief=words["present_at_debrief"],
        cases=cases,
        interviews=tuple(_interview(one, start) for one in words["interviews"]),
        observations=tuple(_observation(one, start) for one in words["observations"]),
        documents=tuple(_document(one, start) for one in words["documents"]),
        points=tuple(_point(one, cases, today) for one in words["points"]),
        referral=_referral(words["referral"], cases, start),
        search_words=tuple(words["search_words"]),
    )


def _notes(place: Mapping[str, Any], day: date, at: time) -> tuple[PracticeNote, ...]:
    first = timedelta(hours=at.hour, minutes=at.minute)
    notes = []
    for n, one in enumerate(place["notes"]):
        minutes = int((first + (n + 1) * _BETWEEN_NOTES).total_seconds()) // 60
        made = day + timedelta(days=minutes // 1440)
        notes.append(
            PracticeNote(
                key=f"note:{place['key']}-{n + 1}",
                text=one["text"],
                criteria=tuple(one["criteria"]),
                polarity=one["polarity"],
                at=moment(made, time(minutes // 60 % 24, minutes % 60)),
            )
        )
    return tuple(notes)


def _interview(one: Mapping[str, Any], start: date) -> PracticeInterview:
    day = start + timedelta(days=one["day"])
    return PracticeInterview(
        key=one["key"],
        meeting=one["meeting"],
        role=one["role"],
        source_group=one["source_group"],
        mode=one["mode"],
        held_on=day.isoformat(),
        unavailable=one.get("unavailable", ""),
        agreed=one["agreed"],
        notes=_notes(one, day, time.fromisoformat(one["at"])),
    )


def _observation(one: Mapping[str, Any], start: date) -> PracticeObservation:
    day = start + timedelta(days=one["day"])
    notes = _notes(one, day, time.fromisoformat(one["at"]))
    return PracticeObservation(one["key"], one["place"], one["what"], day.isoformat(), notes)


def _document(one: Mapping[str, Any], start: date) -> PracticeDocument:
    def day(name: str) -> str:
        return (start + timedelta(days=one[name])).isoformat() if name in one else ""

    notes = _notes(one, start, time(16, 0))
    return PracticeDocument(
        one["key"], one["title"], one["sort"], day("asked"), day("received"), day("dated"), notes
    )


def _pick(one: Mapping[str, Any], cases: Sequence[PracticeCase], version: str) -> str:
    """The reference of the nth case (from 0) of a type and grade."""
    label = next(t.label for t in load(version).case_types if t.key == one["type"])
    found = [c.reference for c in cases if c.types == (label,) and c.overall == one["grade"]]
    nth: int = one.get("nth", 0)
    return found[nth]


def _point(one: Mapping[str, Any], cases: Sequence[PracticeCase], today: date) -> PracticePoint:
    version = read("fieldwork.toml")["methodology"]
    support = tuple(
        PracticeSupport(
            evidence=f"note:{piece['note'].replace(' ', '-')}"
            if "note" in piece
            else _pick(piece, cases, version),
            relation=piece.get("relation", "supports"),
            why=piece.get("why", ""),
        )
        for piece in one["support"]
    )
    due = (today + timedelta(days=one["action_due"])).isoformat() if "action_due" in one else ""
    return PracticePoint(
        key=one["key"],
        sort=one["sort"],
        wording=one["wording"],
        criterion=one["criterion"],
        support=support,
        agreed_wording=one.get("agreed_wording", ""),
        response=one.get("response", ""),
        outcome=one.get("outcome", ""),
        action=one.get("action", ""),
        action_owner=one.get("action_owner", ""),
        action_due=due,
    )


def _referral(
    one: Mapping[str, Any], cases: Sequence[PracticeCase], start: date
) -> PracticeReferral:
    version = read("fieldwork.toml")["methodology"]
    day = start + timedelta(days=one["day"])
    reasons = [find(load(version).referral_reasons, reason) for reason in one["reasons"]]

    def at(name: str) -> str:
        return moment(day, time.fromisoformat(one[name]))

    return PracticeReferral(
        case=_pick(one["case"], cases, version),
        reasons=tuple(reason.key for reason in reasons if reason),
        known=one["known"],
        asked_for=one["asked_for"],
        told_whom=one["told_whom"],
        told_how=one["told_how"],
        raised_at=at("raised"),
        told_at=at("told"),
        acknowledged_by=one["acknowledged_by"],
        acknowledged_at=at("acknowledged"),
    )
