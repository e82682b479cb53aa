"""Leaving the site: what is still open then, and going all the same, with a reason on record."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlmodel import Session

from fieldkit.casework.case_lines import case_lines
from fieldkit.evidence.concern.areas import areas_of
from fieldkit.evidence.entries import entry_label
from fieldkit.evidence.points import WITHDRAWN, point_lines
from fieldkit.feedback.debriefs.actions import actions
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.telling import DISPUTED
from fieldkit.history.conflicts import waiting
from fieldkit.inspections.states import FIELDWORK, LEFT, change_state
from fieldkit.methodology.follow_up import activity
from fieldkit.service import RefusedError, author, existing
from fieldkit.vault.backups import backup_reminder
from fieldkit.wording.format import line
from fieldkit.wording.labels import Names
from storage.exchange.missing import missing, unheard
from storage.feed.drafts import listed
from storage.history.delivery import unconfirmed_since, unsent
from storage.ops.text import many
from storage.records import Case, Document, Inspection, Referral, Support
from storage.records.judgment import NOT_JUDGED, assessments
from storage.records.lookup import records_by_id, records_in
from storage.records.note import note_marks
from storage.trust.current import roster_in
from storage.vault.backup.make import LAST as LAST_BACKUP

CLOSED = "closed"
LONGEST = 60
"""Characters of a name in the list of what is open."""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Says what is still open, and where it is settled.

    Attributes:
        what: which matter, by its name in ``leaving.toml``.
        count: how many there are; 1 for what is not counted.
        words: the same in words, without a full stop.
        names: what a person calls each, where it has a name.
        page: the page where it is settled.
        key: the keys that lead there from home.
        command: the command that shows or settles it.
    """

    what: str
    count: int
    words: str
    names: tuple[str, ...]
    page: str
    key: str
    command: str


@cache
def _matters() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files(__package__) / "leaving.toml").read_text("utf-8"))


def still_open(s: Session, inspection_id: str) -> list[StillOpen]:
    """Return what is open, in the order of ``leaving.toml``; raises `NotThereError`."""
    existing(s, Inspection, inspection_id)
    matters = (*_of_the_work(s, inspection_id), *_of_the_laptop(s, inspection_id))
    order = list(_matters())
    return sorted(matters, key=lambda one: order.index(one.what))


def leave(s: Session, inspection_id: str, reason: str = "") -> Inspection:
    """Record that the team has left the site.

    Args:
        s: a writing session.
        inspection_id: which inspection.
        reason: why, although something is still open; may be empty where nothing is.

    Raises:
        RefusedError: it is not in fieldwork, or something is open and no reason was given.
        NotThereError: there is no such inspection.
    """
    inspection = existing(s, Inspection, inspection_id)
    if inspection.state != FIELDWORK:
        raise RefusedError(
            f"The inspection of {inspection.force} is not in fieldwork: its state is "
            f"“{inspection.state}”. Nothing was changed."
        )
    if not reason.strip() and (matters := still_open(s, inspection_id)):
        raise RefusedError(
            f"Still open: {'; '.join(one.words for one in matters)}. Nothing was changed. Settle "
            "it, or say why the team leaves all the same."
        )
    return change_state(s, inspection_id, LEFT, reason)


def _matter(what: str, count: str, number: int = 1, names: Iterable[str] = ()) -> StillOpen:
    said = _matters()[what]
    return StillOpen(
        what=what,
        count=number,
        words=said["words"].format(count=count),
        names=tuple(line(one, LONGEST) for one in names),
        page=said["page"],
        key=said["key"],
        command=said["command"],
    )


def _counted(what: str, noun: str, names: Iterable[str]) -> Iterator[StillOpen]:
    known = list(names)
    if known:
        yield _matter(what, many(len(known), noun), len(known), known)


def _of_the_work(s: Session, inspection_id: str) -> Iterator[StillOpen]:
    yield from _counted("drafts", "text", (one.label for one in listed(s)))
    cited = {one.evidence_id for one in records_in(s, Support, inspection_id)}
    unsorted = sum(
        note.parent_kind == Inspection.KIND
        and not (note.polarity or note.criteria or note.id in cited)
        for note in note_marks(s, inspection_id)
    )
    if unsorted:
        yield _matter("remarks", many(unsorted, "remark"), unsorted)
    cases = case_lines(s, inspection_id)
    open_cases = [one.reference for one in cases if not (one.withdrawn or one.done)]
    yield from _counted("cases", "case", open_cases)
    yield from _counted("areas", "area", _unjudged_areas(s, inspection_id))
    bare = [
        f"{one.number} {one.wording}"
        for one in point_lines(s, inspection_id)
        if one.strength == "none" and one.state != WITHDRAWN
    ]
    yield from _counted("points", "point", bare)
    if conflicts := waiting(s, inspection_id).here:
        yield _matter("conflicts", many(conflicts, "conflict"), conflicts)
    waited = [
        one
        for one in records_in(s, Referral, inspection_id)
        if not one.acknowledged_at and one.state != CLOSED
    ]
    references = records_by_id(s, Case, (one.case_id for one in waited))
    called = {one.id: one.reference for one in references}
    names = sorted(called.get(one.case_id, "a case not kept here") for one in waited)
    yield from _counted("referrals", "referral", names)
    disputed = [
        chain.wording for chain in chains(s, inspection_id).values() if chain.status == DISPUTED
    ]
    yield from _counted("disputed", "point", disputed)
    promised = [one.words for one in actions(s, inspection_id, None)]
    yield from _counted("actions", "action", promised)
    awaited = [
        entry_label(one)
        for one in records_in(s, Document, inspection_id)
        if one.asked_on and not one.received_on
    ]
    yield from _counted("documents", "document", awaited)


def _unjudged_areas(s: Session, inspection_id: str) -> list[str]:
    """Return the areas of a follow-up on which nobody has judged the force now.

    Those of concern; of a re-inspection all criteria.
    """
    if activity(existing(s, Inspection, inspection_id).phase) is None:
        return []
    judged = assessments(s, inspection_id)
    areas = [one for one in areas_of(s, inspection_id) if one.criterion]
    found = [
        one.label
        for one in areas
        if one.criterion not in judged or judged[one.criterion].state == NOT_JUDGED
    ]
    return found


def _of_the_laptop(s: Session, inspection_id: str) -> Iterator[StillOpen]:
    connection, own = s.connection(), author(s).device
    names = Names(s)
    lacking = [
        f"{names.laptop(one.feed.device)}: {many(one.number, 'entry', 'entries')}"
        for one in missing(connection, own)
        if one.believed
    ]
    roster = roster_in(connection)
    if roster is not None:
        lacking += [
            f"{names.laptop(one)}: nothing has come yet" for one in unheard(connection, roster, own)
        ]
    yield from _counted("feeds", "feed", lacking)
    if waits := sum(unsent(connection, device=own).values()):
        yield _matter("unsent", many(waits, "record"), waits)
    if roster is not None:
        entries, _ = unconfirmed_since(connection, own)
        if entries:
            yield _matter("unreceived", many(entries, "entry", "entries"), entries)
    if late := backup_reminder(LAST_BACKUP.within(connection)):
        yield _matter("backup", late)
