"""The list of cases: one line each, from a handful of queries however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlmodel import Session

from fieldkit.casework.case_file import present_referral
from fieldkit.casework.find_case import looks_of
from fieldkit.history.conflicts import judgments_answered_twice
from fieldkit.methodology import OVERALL, Methodology
from fieldkit.service import author, methodology_of
from fieldkit.wording.labels import person_name
from storage.database.remembered import unchanged, worked_out
from storage.feed.drafts import listed
from storage.history.delivery import State, delivery_status
from storage.history.recent import changed_since
from storage.ops.clock import wall_ms
from storage.records import Case, CaseKey, Query, Referral
from storage.records.case import case_audit_id, force_refs
from storage.records.case_file import Parts, records_of_cases
from storage.records.judgment import NO_ANSWERS, NOT_JUDGED, Answer, judgment_id, marks_by_case
from storage.records.lookup import rows_kept
from storage.records.query import ANSWERED, OPEN
from storage.trust.current import people


@dataclass(frozen=True, slots=True)
class CaseLine:
    """Holds a case as a list shows it.

    Attributes:
        auditor: the name of the person it is allocated to; empty where it is nobody's.
        types: the keys of its types; ``type_labels`` what they are called.
        graded: criteria judged on cases that have a grade or a state, the overall apart.
        total: criteria judged on cases.
        answers: the grade or the state on each of these criteria, in their order.
        queried: a query on one of its judgments is not settled.
        overall_state: "not judged", "graded", "not applicable" or "unable to judge".
        overall_grade: our overall grade; empty unless graded.
        two_answers: the overall grade has two answers, and nobody has decided yet.
        drafts: text typed in the case waits to be finished.
        referral: the state of its referral; empty where there is none.
        sent: how far the least advanced of its records has come, keys apart.
        changed_today: something of it was written since midnight where the laptop is.
        areas: the keys of the areas of concern that it is audited for, in a review.
        audited_because: why it is audited although this follow-up would not.
        same_as: the ids of other cases on the list whose reference looks the same; one of them is
            to be withdrawn.
    """

    id: str
    reference: str
    origin: str
    types: tuple[str, ...]
    type_labels: tuple[str, ...]
    incident_on: str
    child_label: str
    child_age: str
    unit: str
    allocated_to: str
    auditor: str
    second_reader: str
    withdrawn: bool
    withdrawn_reason: str
    replaced_by: str
    force_ref: str
    graded: int
    total: int
    answers: tuple[str, ...]
    queried: bool
    overall_state: str
    overall_grade: str
    two_answers: bool
    drafts: bool
    referral: str
    sent: State
    changed_today: bool
    areas: tuple[str, ...] = ()
    audited_because: str = ""
    same_as: tuple[str, ...] = ()

    @property
    def overall(self) -> str:
        """Return our overall grade, or the state where there is none."""
        return self.overall_grade or self.overall_state

    @property
    def done(self) -> bool:
        """Say whether the overall is entered, as a grade or a state."""
        return self.overall_state != "not judged"


def case_lines(s: Session, inspection_id: str, *, written: bool = True) -> list[CaseLine]:
    """Return the cases of an inspection by reference, withdrawn ones among them.

    A line is made anew where something of it is otherwise than when it was made last. Raises
    `NotThereError` where there is no such inspection.

    Without ``written`` nobody looks which records of a case's file were sent, or were written
    today: every case is told as one that is here alone and was not touched today.
    """
    methodology = methodology_of(s, inspection_id)
    s.flush()
    known = rows_kept(s, Case, inspection_id)
    judged = [area.key for area in methodology.criteria_on("case")]
    by_case = marks_by_case(s, inspection_id)
    refs = force_refs(s, inspection_id)
    running: dict[str, list[Any]] = defaultdict(list)
    for each in rows_kept(s, Referral, inspection_id):
        running[each.case_id].append(each)
    queried = {
        each.case_id
        for each in rows_kept(s, Query, inspection_id)
        if each.state in (OPEN, ANSWERED)
    }
    drafts = frozenset(one.place.partition("/")[2] for one in listed(s))
    cases = [one.id for one in known]
    found = None
    if written:
        found = unchanged(
            s.connection(),
            f"what was written in cases of {inspection_id}",
            (midnight_ms(), author(s).device, drafts),
            lambda: _written(s, inspection_id, methodology, cases, drafts),
        )
    doubtful = judgments_answered_twice(s)
    same: dict[str, list[str]] = defaultdict(list)
    looked = looks_of(s, (case.reference for case in known))
    looks = {case.id: looked[case.reference] for case in known if not case.withdrawn}
    for case_id, look in looks.items():
        same[look].append(case_id)
    names = people(s.connection())
    called = {whose: person_name(names, whose) for whose in {one.allocated_to for one in known}}
    made: dict[str, tuple[tuple[object, ...], CaseLine]] = worked_out(
        s.connection(), f"lines of cases of {inspection_id}, {written}"
    )
    lines = []
    for case in known:
        referral = present_referral(running[case.id])
        parts = (
            case,
            by_case.get(case.id, NO_ANSWERS),
            referral.state if referral else "",
            case.id in queried,
            bool(doubtful) and judgment_id(case.id, OVERALL) in doubtful,
            found is not None and case.id in found.typing,
            found.sent[case.id] if found is not None else "local",
            found is not None and case.id in found.today,
            refs.get(case.id, ""),
            called[case.allocated_to] if case.allocated_to else "",
            () if case.withdrawn or len(same[looks[case.id]]) == 1 else tuple(same[looks[case.id]]),
            methodology,
        )
        before = made.get(case.id)
        if before is None or before[0] != parts:
            before = made[case.id] = parts, _line(judged, *parts)
        lines.append(before[1])
    return lines


def _line(
    judged: Sequence[str],
    case: SimpleNamespace,
    of_case: Mapping[str, Answer],
    referral: str,
    queried: bool,
    two_answers: bool,
    drafts: bool,
    sent: State,
    changed_today: bool,
    force_ref: str,
    auditor: str,
    alike: tuple[str, ...],
    methodology: Methodology,
) -> CaseLine:
    """Return a case as the list shows it; it follows from nothing else."""
    overall = of_case.get(OVERALL, _NOTHING)
    answers = tuple(
        [one.graded or one.state for key in judged for one in [of_case.get(key, _NOTHING)]]
    )
    return CaseLine(
        id=case.id,
        reference=case.reference,
        origin=case.origin,
        types=tuple(case.types),
        type_labels=methodology.type_labels(case.types),
        incident_on=case.incident_on,
        child_label=case.child_label,
        child_age=case.child_age,
        unit=case.unit,
        allocated_to=case.allocated_to,
        auditor=auditor,
        second_reader=case.second_reader,
        withdrawn=case.withdrawn,
        withdrawn_reason=case.withdrawn_reason,
        replaced_by=case.replaced_by,
        force_ref=force_ref,
        graded=len(judged) - answers.count(NOT_JUDGED),
        total=len(judged),
        answers=answers,
        queried=queried,
        overall_state=overall.state,
        overall_grade=overall.graded,
        two_answers=two_answers,
        drafts=drafts,
        referral=referral,
        sent=sent,
        changed_today=changed_today,
        areas=tuple(case.areas),
        audited_because=case.audited_because,
        same_as=tuple(each for each in alike if each != case.id),
    )


class _Written(NamedTuple):
    """Holds what the ops and the drafts say of an inspection's cases.

    Attributes:
        sent: how far each case has come.
        today: what was written since midnight, by the case in which it lies, or itself.
        typing: the cases in which a draft stands.
    """

    sent: dict[str, State]
    today: set[str]
    typing: set[str]


def _written(
    s: Session,
    inspection_id: str,
    methodology: Methodology,
    cases: list[str],
    drafts: frozenset[str],
) -> _Written:
    stand = delivery_status(s.connection(), author(s).device)
    recent = changed_since(s.connection(), midnight_ms())
    inside = records_of_cases(s, inspection_id, recent | stand.local | stand.exported | drafts)
    records: dict[str, list[str]] = defaultdict(list)
    for record, (kind, owner) in inside.items():
        if kind != CaseKey.KIND:
            records[owner].append(record)
    return _Written(
        sent={case: stand.of((case, *records.get(case, ()))) for case in cases},
        today={inside[record][1] if record in inside else record for record in recent},
        typing=_cases_typed_in(drafts, methodology, cases, inside),
    )


_NOTHING = Answer(NOT_JUDGED, "", 0)
"""What is judged on a criterion for which nothing was entered."""


def midnight_ms() -> int:
    """Say when the day began where the laptop is, in milliseconds since 1970."""
    now_here = datetime.fromtimestamp(wall_ms() / 1000).astimezone()
    return int(now_here.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)


def _cases_typed_in(
    places: Set[str], methodology: Methodology, known: list[str], inside: Parts
) -> set[str]:
    """The cases a draft stands in: by the case itself, or a record of it that may not exist yet."""
    typed = {inside[place][1] if place in inside else place for place in places}
    unknown = places - inside.keys() - set(known)
    if unknown:
        criteria = [area.key for area in methodology.criteria_on("case", overall=True)]
        for case in known:
            to_be = {judgment_id(case, key) for key in criteria} | {case_audit_id(case)}
            if to_be & unknown:
                typed.add(case)
    return typed
