"""The timeline of a case: what happened when, how long lay between, and what cannot be right."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.methodology import Methodology
from fieldkit.wording.dates import here, local_day, seconds_between, span
from storage.records.case import CaseAudit

REPORTED, SEEN = "reported_at", "child_seen_at"
_TIMED = len("2026-07-28T")


@dataclass(frozen=True, slots=True)
class TimelineMoment:
    """Holds one moment of a case.

    Attributes:
        field: of the case audit.
        label: what happened.
        at: ISO 8601; a day where no time is known, empty where nothing is recorded.
        seconds: since the moment before it; None for the first, and where either has no time.
        too_early: it is before the case was reported, which needs a look.
    """

    field: str
    label: str
    at: str
    seconds: float | None = None
    too_early: bool = False

    @property
    def day(self) -> str:
        """Return its day by the clock here, ``YYYY-MM-DD``."""
        return local_day(self.at)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Holds the moments of a case in their order, and those that nobody recorded.

    Attributes:
        moments: the recorded ones, earliest first.
        missing: the others, in the order of the case audit.
        seen_after: seconds from the report until the child was seen; None where not known.
    """

    moments: tuple[TimelineMoment, ...]
    missing: tuple[TimelineMoment, ...]
    seen_after: float | None

    @property
    def too_early(self) -> tuple[TimelineMoment, ...]:
        """Return the moments that are before the report."""
        return tuple(one for one in self.moments if one.too_early)

    @property
    def summary(self) -> str:
        """Return in few words how soon the child was seen; empty where that is not known."""
        after = self.seen_after
        return f"seen {span(after)}" if after is not None and after >= 0 else ""


def timeline(methodology: Methodology, audit: CaseAudit | None) -> Timeline:
    """Return the timeline of a case; nothing is recorded where there is no audit of it."""
    written = [
        (term.key, term.label, str(getattr(audit, term.key, "") if audit is not None else ""))
        for term in methodology.timeliness
    ]
    order = {field: number for number, (field, _, _) in enumerate(written)}
    known = sorted(
        (one for one in written if one[2]), key=lambda one: (_place(one[2]), order[one[0]])
    )
    reported = next((at for field, _, at in known if field == REPORTED), "")
    seen = next((at for field, _, at in known if field == SEEN), "")
    moments, before = [], ""
    for field, label, at in known:
        seconds = seconds_between(before, at) if before else None
        early = bool(reported) and field != REPORTED and is_before(at, reported)
        moments.append(TimelineMoment(field, label, at, seconds, early))
        before = at
    missing = tuple(TimelineMoment(field, label, "") for field, label, at in written if not at)
    return Timeline(
        tuple(moments), missing, seconds_between(reported, seen) if reported and seen else None
    )


def is_before(first: str, last: str) -> bool:
    """Say whether one moment is surely before another; a day alone is compared by its day."""
    seconds = seconds_between(first, last)
    if seconds is not None:
        return seconds > 0
    return local_day(first) < local_day(last)


def _place(at: str) -> tuple[str, str]:
    """Return what orders moments: the day here, then the time; a day alone comes first of it."""
    try:
        return local_day(at), f"{here(at):%H:%M:%S}" if len(at) > _TIMED else ""
    except ValueError:
        return at, ""
