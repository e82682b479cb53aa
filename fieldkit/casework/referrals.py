"""Referrals: a case of high risk given back to the force, and whether the force has answered.

An inspector makes sure that a concern reached the force and that the force acknowledged it. The
record does not replace the telephone call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from fieldkit.casework.step_time import moment_of
from fieldkit.methodology import find
from fieldkit.service import (
    RefusedError,
    existing,
    filled,
    latest_moment,
    methodology_of,
    now,
    person,
)
from fieldkit.wording.dates import moment_words, span
from storage.feed.journal import because
from storage.records import Case, Inspection, Referral
from storage.records.lookup import brief, records_under, rows_kept

NEXT: dict[str, tuple[str, ...]] = {
    "raised": ("told", "closed"),
    "told": ("acknowledged", "escalated", "closed"),
    "acknowledged": ("acted", "escalated", "closed"),
    "acted": ("satisfied", "not satisfied", "escalated", "closed"),
    "satisfied": ("closed",),
    "not satisfied": ("acted", "satisfied", "escalated", "closed"),
    "escalated": ("acknowledged", "acted", "satisfied", "not satisfied", "closed"),
    "closed": (),
}
"""Which states a referral may pass to from each."""

_WAITING = {
    "raised": "the force not told",
    "told": "not acknowledged",
    "acknowledged": "no action reported",
    "acted": "nobody has said whether that is enough",
    "not satisfied": "not escalated",
    "escalated": "not acknowledged since",
    "satisfied": "not closed",
}

_SET_BACK = "; at least that long, as this laptop's clock was set back"


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """Holds a referral as a list shows it.

    Attributes:
        reasons: in words.
        clock: how long ago its last known moment was, and what is awaited.
        dated: the same with the time itself, for paper.
        running: it is not closed, so that somebody still has to do something.
        minutes: since the force was told, or before that since it was raised; 0 once closed.
    """

    id: str
    case_id: str
    reference: str
    state: str
    reasons: tuple[str, ...]
    known: str
    asked_for: str
    clock: str
    dated: str
    running: bool
    minutes: int

    @property
    def pressing(self) -> tuple[bool, int]:
        """Return what orders the running ones: what the force still owes, then the longest."""
        return self.state != "satisfied", self.minutes


def refer(
    s: Session,
    case_id: str,
    reasons: Iterable[str],
    known: str,
    asked_for: str = "",
    *,
    at: str = "",
) -> Referral:
    """Raise a referral of a case.

    Args:
        s: a writing session.
        case_id: the case; a withdrawn one may be referred, because the risk is to a child.
        reasons: keys or labels of the methodology's reasons, or a reason in a person's own words.
        known: what is known and not known.
        asked_for: what the force is asked to do.
        at: when it was raised, as a person writes a time; this moment where it is not given.

    Raises:
        RefusedError: there is no reason, "other" is not explained, the time is none or lies
            ahead, or the case has a referral that is not closed.
        NotThereError: there is no such case.
    """
    case = existing(s, Case, case_id)
    terms = methodology_of(s, case.inspection_id).referral_reasons
    keys: dict[str, None] = {}
    for written in filter(None, map(str.strip, reasons)):
        term = find(terms, written)
        keys[term.key if term else written] = None
        if term is not None and term.needs_reason and not known.strip():
            raise RefusedError(
                f"The reason “{term.label}” needs to be written out. Nothing was changed; say what "
                "is known, and refer the case again."
            )
    if not keys:
        raise RefusedError(
            f"A referral of {case.reference} needs a reason. Nothing was changed; choose or write "
            "one, and refer the case again."
        )
    for before in records_under(s, Referral, case_id):
        if before.state != "closed":
            raise RefusedError(
                f"{case.reference} was referred before and that referral is not closed (it is "
                f"“{before.state}”). Nothing was added; record the next step there."
            )
    referral = Referral.make(
        inspection_id=case.inspection_id,
        case_id=case_id,
        reasons=list(keys),
        known=known.rstrip(),
        asked_for=asked_for.rstrip(),
        raised_at=moment_of(at, latest_moment(s, now())) if at.strip() else now(),
        by=person(s),
    )
    s.add(referral)
    s.flush()
    return referral


def step(
    s: Session,
    referral_id: str,
    state: str,
    *,
    whom: str = "",
    how: str = "",
    action: str = "",
    outcome: str = "",
    reason: str = "",
    at: str = "",
) -> Referral:
    """Record the next step of a referral; the moments of the first telling stay as they are.

    Args:
        s: a writing session.
        referral_id: the referral.
        state: told, acknowledged, acted, satisfied, not satisfied, escalated or closed.
        whom: the role told, or who acknowledged, or to whom it was escalated.
        how: in person, by telephone, by secure mail.
        action: what the force did; needed for "acted".
        outcome: what came of it.
        reason: why; needed for "not satisfied", "escalated" and "closed".
        at: when it happened, as a person writes a time, which starts the clock from there; this
            moment where it is not given. A step that keeps no time of its own has it in its reason.

    Raises:
        RefusedError: the step does not follow from the referral's state, lacks what it needs, or
            its time is none, lies ahead or is before the referral was raised.
        NotThereError: there is no such referral.
    """
    referral = existing(s, Referral, referral_id)
    reference = existing(s, Case, referral.case_id).reference
    wanted = state.strip().casefold()
    allowed = NEXT[referral.state]
    if wanted not in allowed:
        after = " or ".join(f"“{one}”" for one in allowed) or "nothing"
        raise RefusedError(
            f"The referral of {reference} is “{referral.state}”, after which comes {after}, not "
            f"“{state.strip()}”. Nothing was changed."
        )
    # By a clock that was set back no step comes before the one before it.
    moment = max(now(), *_moments(referral), key=_moment)
    if at.strip():
        moment = moment_of(at, latest_moment(s, now()))
        if _moment(moment) < _moment(referral.raised_at).replace(second=0, microsecond=0):
            raise RefusedError(
                f"The referral of {reference} was raised on {moment_words(referral.raised_at)}, "
                f"and “{at.strip()}” is before that. Nothing was changed; give a time from then "
                "on. Describe a call made before that in the referral's own words."
            )
        # Who types the minute in which it was raised means no moment before it.
        moment = max(moment, referral.raised_at, key=_moment)
    values: dict[str, str] = {"state": wanted}
    if wanted == "told":
        values |= {
            "told_at": moment,
            "told_whom": filled(whom, "Who was told, by role,"),
            "told_how": how.strip(),
        }
    elif wanted == "acknowledged":
        values["acknowledged_by"] = filled(whom, "Who acknowledged it, by role,")
        values["acknowledged_at"] = referral.acknowledged_at or moment
    elif wanted == "acted":
        values |= {"action": filled(action, "What the force did"), "acted_at": moment}
    elif wanted in ("not satisfied", "escalated"):
        filled(reason, f"The reason for “{wanted}”")
        if wanted == "escalated":
            reason = f"to {filled(whom, 'To whom it was escalated, by role,')}: {reason}"
    elif wanted == "closed":
        values |= {"closed_reason": filled(reason, "The reason why it is closed")}
        values["closed_at"] = moment
    if outcome.strip():
        values["outcome"] = outcome.strip()
    stated = ""
    if at.strip() and wanted in ("satisfied", "not satisfied", "escalated"):
        when = f"at {moment_words(moment)}"
        reason, stated = (f"{when}: {reason.strip()}", "") if reason.strip() else ("", when)
    with because(s, reason, stated=stated):
        referral.change(**values)
    return referral


def lines(s: Session, inspection_id: str, moment: str) -> list[ReferralLine]:
    """Return the referrals of an inspection, those still running first, the oldest foremost.

    ``moment`` is when the clocks are read, ISO 8601 in UTC. Where this laptop's own clock was
    set back, they are read at the latest moment it is known to have shown, and say so.
    """
    existing(s, Inspection, inspection_id)
    s.flush()
    latest = latest_moment(s, moment)
    raised: list[Any] = rows_kept(s, Referral, inspection_id)
    known = lines_of(s, inspection_id, raised, latest)
    if latest == moment:
        return known
    return [replace(one, clock=one.clock + _SET_BACK) if one.running else one for one in known]


def lines_of(
    s: Session, inspection_id: str, raised: Sequence[Referral], moment: str
) -> list[ReferralLine]:
    """Return some referrals as :func:`lines` does, their clocks read at a moment."""
    terms = methodology_of(s, inspection_id).referral_reasons
    labels = {one.key: one.label for one in terms}
    known = brief(s, Case, {one.case_id for one in raised})
    references = {one.id: one.reference for one in known.values()}
    shown = [
        ReferralLine(
            id=referral.id,
            case_id=referral.case_id,
            reference=references.get(referral.case_id, "a case not kept here"),
            state=referral.state,
            reasons=tuple(labels.get(each, each) for each in referral.reasons),
            known=referral.known,
            asked_for=referral.asked_for,
            clock=clock(referral, moment),
            dated=dated(referral),
            running=referral.state != "closed",
            minutes=0
            if referral.state == "closed"
            else _minutes(referral.told_at or referral.raised_at, moment),
        )
        for referral in raised
    ]
    return sorted(shown, key=lambda one: (not one.running, -one.pressing[0], -one.minutes))


def clock(referral: Referral, moment: str) -> str:
    """Return what a referral waits for, and how long ago the force last did something, in words."""
    if referral.state == "closed":
        return f"closed: {referral.closed_reason}"
    step, since = _last_step(referral)
    return f"{step} {ago(since, moment)} ago, {_WAITING[referral.state]}"


def dated(referral: Referral) -> str:
    """Return the same with the time itself, as it still holds on paper when it is read."""
    if referral.state == "closed":
        return f"closed: {referral.closed_reason}"
    step, since = _last_step(referral)
    return f"{step} {moment_words(since)}; {_WAITING[referral.state]}"


def _last_step(referral: Referral) -> tuple[str, str]:
    """Return the step that the clock runs from, in words, and its time."""
    match referral.state:
        case "raised":
            return "raised", referral.raised_at
        case "acknowledged":
            return "acknowledged", referral.acknowledged_at
        case "acted":
            return "action reported", referral.acted_at
        case "told":
            return "told", referral.told_at
        case state:
            return f"{state}, told", referral.told_at


def ago(since: str, moment: str) -> str:
    """Say how long a stretch of time is, in words: "3 h 12", "2 days 4 h"."""
    return span(_minutes(since, moment) * 60)


def _moments(referral: Referral) -> Iterator[str]:
    """Yield the moments of a referral's steps."""
    times = (referral.raised_at, referral.told_at, referral.acknowledged_at, referral.acted_at)
    return filter(None, times)


def _minutes(since: str, moment: str) -> int:
    """Whole minutes between two moments, none where a clock went back or a moment is missing."""
    if not since:
        return 0
    passed = _moment(moment) - _moment(since)
    return max(0, int(passed.total_seconds() // 60))


def _moment(text: str) -> datetime:
    """Return a moment with its offset; a day, or a time without one, is taken for UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
