"""How far an inspection has come: fieldwork, left site, published, followed up; each on record.

A step to the next state tells what happened in the world. Any other step corrects what was
recorded, back too, and says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlmodel import Session

from fieldkit.history.record_history import inspection_of
from fieldkit.service import RefusedError, existing, filled
from fieldkit.wording.dates import moment_words
from fieldkit.wording.labels import Names, label
from storage.feed.journal import because
from storage.history.history import history
from storage.history.trail import traces, traces_of
from storage.ops.text import many
from storage.records import Inspection
from storage.records.inspection import STATES
from storage.records.registry import KINDS

FIELDWORK, LEFT = STATES[:2]


@dataclass(frozen=True, slots=True)
class Step:
    """Holds one step of an inspection from a state to another.

    Attributes:
        op: the entry that says so.
        before, after: the states.
        who: the name of who recorded it.
        when: when, ISO 8601 in UTC.
        reason: why, where one was given.
    """

    op: str
    before: str
    after: str
    who: str
    when: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedAfterwards:
    """Holds a record that was written after the team had left the site.

    Attributes:
        kind, id: which record.
        label: what a person calls it.
        who: the name of who wrote it last.
        when: when, by that laptop's clock, ISO 8601 in UTC.
        reason: why; empty where the laptop had not heard that the site was left.
    """

    kind: str
    id: str
    label: str
    who: str
    when: str
    reason: str

    @property
    def words(self) -> str:
        """Say what was changed, by whom and when, and why."""
        why = self.reason or "without a reason: that laptop had not heard of it"
        return f"{self.label}, by {self.who}, {moment_words(self.when)} ({why})"


def changed_text(changed: Sequence[ChangedAfterwards]) -> str:
    """Say how much was changed after the site was left; empty for nothing."""
    if not changed:
        return ""
    bare = sum(not one.reason for one in changed)
    text = f"Changed after leaving the site: {many(len(changed), 'record')}"
    return f"{text}, {bare} of them without a reason" if bare else text


def steps(s: Session, inspection_id: str) -> list[Step]:
    """Return how an inspection came to its state, the earliest step first."""
    names = Names(s)
    return [
        Step(str(one.op), before, after, names.person(one.who), one.wall, one.reason or "")
        for one in history(s, Inspection.KIND, inspection_id)
        if "state" in one.fields
        for before, after in [(one.fields["state"][0] or FIELDWORK, one.fields["state"][1])]
        if before != after
    ]


def change_state(s: Session, inspection_id: str, state: str, reason: str = "") -> Inspection:
    """Record that an inspection is in another state.

    Args:
        s: a writing session.
        inspection_id: which inspection.
        state: the state, in full.
        reason: why; needed for every step but that to the next state.

    Raises:
        RefusedError: it is in that state, there is no such state, or the reason is missing.
        NotThereError: there is no such inspection.
    """
    inspection = existing(s, Inspection, inspection_id)
    wanted = " ".join(state.split()).casefold()
    if wanted not in STATES:
        raise RefusedError(
            f"“{state}” is not a state of an inspection. Nothing was changed; the states are "
            f"{', '.join(STATES)}."
        )
    if wanted == inspection.state:
        raise RefusedError(
            f"The state of the inspection of {inspection.force} is “{wanted}” already. Nothing "
            "was changed."
        )
    if STATES.index(wanted) != STATES.index(inspection.state) + 1:
        reason = filled(reason, f"The reason why “{inspection.state}” is corrected to “{wanted}”")
    with because(s, reason):
        inspection.change(state=wanted)
    return inspection


def changed_afterwards(s: Session, inspection_id: str) -> list[ChangedAfterwards]:
    """Return what was written after the team had left, each record once, the latest first.

    A colleague may have gone on writing without having heard of it: that is taken in like
    anything else, and named here.
    """
    existing(s, Inspection, inspection_id)
    taken = steps(s, inspection_id)
    left = [one for one in taken if one.before == FIELDWORK]
    back = [one for one in taken if one.after == FIELDWORK]
    if not left or (back and back[-1].when > left[-1].when):
        return []
    since = {str(one.id): one.hlc for one in traces_of(s, Inspection.KIND, inspection_id)}
    after = since[left[-1].op]
    names, seen = Names(s), dict[tuple[str, str], ChangedAfterwards]()
    for trace in list(takewhile(lambda one: one.hlc > after, traces(s))):
        kind, record = trace.record
        known = KINDS.get(kind)
        if known is None or not known.EXPLAINED or trace.record in seen:
            continue
        if inspection_of(s, kind, record) == inspection_id:
            seen[trace.record] = ChangedAfterwards(
                kind=kind,
                id=record,
                label=label(s, kind, record),
                who=names.person(trace.who),
                when=trace.wall,
                reason=(trace.op.reason or "") if trace.op is not None else "",
            )
    return list(seen.values())
