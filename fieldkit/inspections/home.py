"""Home: how far an inspection has come, what waits, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.casework.case_lines import CaseLine, case_lines
from fieldkit.casework.queries import QueryCounts
from fieldkit.casework.queries import counts as query_counts
from fieldkit.casework.referrals import ReferralLine, lines
from fieldkit.evidence.gaps.lints import lints
from fieldkit.history.conflicts import waiting
from fieldkit.history.deleted import deleted_of_yours
from fieldkit.history.open_copies import open_copies_text
from fieldkit.inspections.reminders import warnings
from fieldkit.inspections.work import Work, work
from fieldkit.methodology.follow_up import NO_AUDITS, activity
from fieldkit.methodology.terms import Scale
from fieldkit.service import author, existing, methodology_of, now
from fieldkit.vault.backups import backup_reminder
from storage.feed.drafts import listed
from storage.history.delivery import unsent
from storage.ops.text import many
from storage.records import Inspection
from storage.trust.current import people
from storage.vault.backup.make import LAST as LAST_BACKUP


@dataclass(frozen=True, slots=True)
class Overview:
    """An inspection at a glance; withdrawn cases are counted only in ``withdrawn``.

    Attributes:
        done: cases whose overall is entered, as a grade or a state.
        part: those of them in which a criterion is still empty.
        open: the others.
        mine: open cases allocated to the acting person.
        unsent: records with something in them that has not left this laptop, keys apart.
        unsent_of: the same by kind of record.
        changed_today: cases in whose file something was written since midnight.
        drafts: texts that wait to be finished or discarded.
        referrals: those in which somebody still has to do something.
        queries: those for the acting person to answer, and answered ones for them to settle.
        conflicts: what has more than one answer in this inspection, as its page lists it.
        conflicts_elsewhere: in which other inspections more wait, in words.
        deleted: what colleagues deleted of the acting person's, until it was looked at; or empty.
        copies: what to say of readable files that left and of which nobody said where they went.
        next: what to do next, in a sentence.
        next_page: the name of the page that it is done on.
        backup: what to say of backups, where none was made today; empty otherwise.
        look_again: how many things are worth a second look before the force hears them.
        work: how far the case audits are, by criterion and by inspector.
        scale: the scale of grades of cases.
        backed_up: when the last backup was made, ISO 8601; empty where there is none.
        warnings: what to say of clocks, of the roster, and of what central has not confirmed.
    """

    inspection_id: str
    force: str
    phase: str
    state: str
    starts: str
    ends: str
    marking: str
    cases: int
    withdrawn: int
    done: int
    part: int
    open: int
    mine: int
    unsent: int
    unsent_of: dict[str, int]
    changed_today: int
    drafts: int
    referrals: tuple[ReferralLine, ...]
    queries: QueryCounts
    conflicts: int
    conflicts_elsewhere: str
    next: str
    next_page: str
    work: Work
    scale: Scale
    backed_up: str = ""
    deleted: str = ""
    copies: str = ""
    backup: str = ""
    look_again: int = 0
    warnings: tuple[str, ...] = ()


def home(s: Session, inspection_id: str, *, full: bool = True) -> Overview:
    """Return the overview of an inspection; raises `NotThereError` where there is none.

    Without ``full`` nobody counts what takes longest: ``look_again`` and ``changed_today`` are 0.
    """
    inspection = existing(s, Inspection, inspection_id)
    connection = s.connection()
    listed_cases = case_lines(s, inspection_id, written=full)
    live = [one for one in listed_cases if not one.withdrawn]
    still = [one for one in live if not one.done]
    person = author(s).person
    me = {person.casefold(), people(connection).get(person, "").casefold()} - {""}
    mine = [one for one in still if one.allocated_to.casefold() in me]
    running = tuple(one for one in lines(s, inspection_id, now()) if one.running)
    kinds = unsent(connection, device=author(s).device)
    drafts = len(listed(s))
    doubtful = waiting(s, inspection_id)
    asked = query_counts(s, inspection_id)
    backup = LAST_BACKUP.within(connection)
    sentence, page = _next(
        live,
        still,
        mine,
        running,
        asked,
        drafts,
        doubtful.here,
        sum(kinds.values()),
        inspection.phase,
    )
    return Overview(
        inspection_id=inspection.id,
        force=inspection.force,
        phase=inspection.phase,
        state=inspection.state,
        starts=inspection.starts,
        ends=inspection.ends,
        marking=inspection.marking,
        cases=len(live),
        withdrawn=len(listed_cases) - len(live),
        done=len(live) - len(still),
        part=sum(one.done and one.graded < one.total for one in live),
        open=len(still),
        mine=len(mine),
        unsent=sum(kinds.values()),
        unsent_of=kinds,
        changed_today=sum(one.changed_today for one in listed_cases),
        drafts=drafts,
        referrals=running,
        queries=asked,
        conflicts=doubtful.here,
        conflicts_elsewhere=doubtful.others,
        next=sentence,
        next_page=page,
        deleted=deleted_of_yours(s),
        copies=open_copies_text(s),
        backup=backup_reminder(backup),
        backed_up=backup.at if backup else "",
        look_again=len(lints(s, inspection_id)) if full else 0,
        warnings=tuple(warnings(s)),
        work=work(s, inspection_id, listed_cases),
        scale=methodology_of(s, inspection_id).scale_for("case"),
    )


def _next(
    live: list[CaseLine],
    still: list[CaseLine],
    mine: list[CaseLine],
    running: tuple[ReferralLine, ...],
    asked: QueryCounts,
    drafts: int,
    conflicts: int,
    unsent_now: int,
    phase: str,
) -> tuple[str, str]:
    """Return the most pressing step and its page: children first, then what could be lost."""
    for referral in running:
        if referral.state == "raised":
            return f"Tell the force about {referral.reference}: {referral.clock}.", "referrals"
    for referral in running:
        if referral.state in ("told", "not satisfied", "escalated"):
            return f"Ask the force about {referral.reference}: {referral.clock}.", "referrals"
    if drafts:
        return f"{many(drafts, 'text')} typed before wait{_s(drafts)} to be finished.", "drafts"
    if conflicts:
        verb = "waits" if conflicts == 1 else "wait"
        return f"{many(conflicts, 'conflict')} {verb} for a decision.", "conflicts"
    if asked.for_me:
        verb = "waits" if asked.for_me == 1 else "wait"
        return f"{many(asked.for_me, 'query', 'queries')} {verb} for your answer.", "queries"
    if not live and (asked_of := activity(phase)) and asked_of.audits == NO_AUDITS:
        return f"See the areas that this {phase} looks at; it audits no case.", "follow_up"
    if not live:
        return "Add the first case, or import the list of cases.", "cases"
    if mine:
        # What is begun is finished first.
        chosen = next((one for one in mine if one.graded), mine[0])
        so_far = f"{chosen.graded} of {chosen.total} criteria done"
        return f"Judge {chosen.reference} ({so_far}).", "cases"
    nobody = [one for one in still if not one.allocated_to]
    if nobody:
        return f"{many(len(nobody), 'open case')} {_is(len(nobody))} allocated to nobody.", "cases"
    if still:
        return f"{many(len(still), 'case')} of colleagues {_is(len(still))} open.", "cases"
    if unsent_now:
        unsent_text = f"{many(unsent_now, 'record')} {_is(unsent_now)} not sent yet."
        return f"Every case is judged. {unsent_text}", "export"
    return "Every case is judged and everything is sent.", "export"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _s(n: int) -> str:
    return "s" if n == 1 else ""
