"""A follow-up area by area: recommendation, summary, detail; then and now; what is still to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.concern.areas import APART, ConcernArea, areas_of
from fieldkit.feedback.debriefs.order import in_order
from fieldkit.followup.context import weighed
from fieldkit.followup.dates.milestones import due_lines
from fieldkit.followup.days import present_day
from fieldkit.followup.phases.checklist import Tick, documents_of, interviews_of
from fieldkit.followup.phases.detail import Detail, Progress
from fieldkit.followup.phases.then_and_now import (
    BETTER,
    OPEN,
    SAME,
    WORSE,
    Graded,
    Sample,
    direction,
)
from fieldkit.followup.register import RegisterLine, register_line
from fieldkit.methodology import load
from fieldkit.methodology.follow_up import NO_AUDITS, OF_CONCERN, activity, aims
from fieldkit.service import RefusedError, existing
from fieldkit.wording.dates import short_day, span_words
from storage.records import Case, Inspection
from storage.records.judgment import NOT_JUDGED, OVERALL, marks
from storage.records.lookup import records_in

AIM = "aim"


@dataclass(frozen=True, slots=True)
class AreaShown:
    """Holds an area as it is reported.

    Attributes:
        criterion, number, label: which; the number is 0 for none of the criteria and for aims.
        sort: “area”, or :data:`AIM` of the four aims of follow-up.
        recommendations: the earlier recommendations on it, as the register has them.
        then, now: the grade of the force before and now; empty where nobody gave one.
        judged: it has a grade or a state now.
        direction: “better”, “the same”, “worse”, or empty where that cannot be said.
        done, audits: how many of the cases audited for it are judged overall, and how many there
            are.
        summary: what is found, in the words in which it will be reported.
        detail: what that rests on.
        sample_then, sample_now: how cases were graded on it.
        context: what was weighed of the force's context, in words.
    """

    criterion: str
    number: int
    label: str
    sort: str
    recommendations: tuple[RegisterLine, ...]
    then: str
    now: str
    judged: bool
    direction: str
    done: int
    audits: int
    summary: str
    detail: Detail
    sample_then: Sample
    sample_now: Sample
    context: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return by what a list knows it."""
        return self.criterion

    @property
    def looked_at(self) -> bool:
        """Say whether anything of it has been judged, written or found."""
        return bool(self.judged or self.summary.strip() or self.detail.pieces)


@dataclass(frozen=True, slots=True)
class Step:
    """Holds a day: “done”, “now”, “late” or “to come”, what it is, and when in words."""

    state: str
    label: str
    when: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Holds a visit, a review or a re-inspection.

    Attributes:
        inspection_id, force, phase: which.
        phase_label: what its phase is called in full.
        follows: the id of the inspection that it follows; or empty.
        kept: that inspection is kept here.
        has_audits: cases are audited without a reason for each.
        limited: audits are limited to areas of concern.
        areas: the areas, then the four aims.
        done, audits: cases judged overall, and all that are not withdrawn.
        types: how many cases there are of each type, by label, the most frequent first.
        steps: its days.
        interviews, documents: what it consists of, as a list to tick.
    """

    inspection_id: str
    force: str
    phase: str
    phase_label: str
    follows: str
    kept: bool
    has_audits: bool
    limited: bool
    areas: tuple[AreaShown, ...]
    done: int
    audits: int
    types: Mapping[str, int]
    steps: tuple[Step, ...]
    interviews: tuple[Tick, ...]
    documents: tuple[Tick, ...]

    @property
    def balance(self) -> dict[str, int]:
        """Return how many areas are better, the same, worse and not judged yet."""
        counts = Counter(one.direction for one in self.areas if one.direction)
        unjudged = sum(not one.judged for one in self.areas if one.criterion)
        return {name: counts[name] for name in (BETTER, SAME, WORSE)} | {OPEN: unjudged}


def follow_up(s: Session, inspection_id: str) -> FollowUp:
    """Return a visit, a review or a re-inspection as it stands.

    Raises:
        RefusedError: it is an inspection.
        NotThereError: there is no such inspection.
    """
    inspection = existing(s, Inspection, inspection_id)
    said = activity(inspection.phase)
    if said is None:
        raise RefusedError(
            f"This is the inspection of {inspection.force}, and no follow-up. Nothing was changed. "
            "“fieldkit inspection new --phase review --follows ID” begins one."
        )
    methodology = load(inspection.judged_by)
    live = [one for one in records_in(s, Case, inspection_id) if not one.withdrawn]
    judged = {
        one.case_id
        for one in marks(s, inspection_id)
        if one.criterion == OVERALL and one.state != NOT_JUDGED
    }
    areas = areas_of(s, inspection_id)
    own_aims = [
        ConcernArea(one.key, 0, one.label, False, (), ())
        for one in methodology.areas
        if one in aims()
    ]
    graded = Graded(s, inspection)
    progress = Progress(s, inspection, [one.id for area in areas for one in area.recommendations])
    limited = said.audits == OF_CONCERN
    shown = []
    for area in (*areas, *own_aims):
        of_area = [one for one in live if not limited or area.criterion in one.areas]
        of_area = of_area if area.on_cases else []
        sort = AIM if area in own_aims else "area"
        shown.append(_area(s, area, graded, progress, of_area, judged, sort))
    types = Counter(label for one in live for label in methodology.type_labels(one.types))
    labels = {one.key: one.label for one in methodology.phases}
    return FollowUp(
        inspection_id=inspection.id,
        force=inspection.force,
        phase=inspection.phase,
        phase_label=labels.get(inspection.phase, inspection.phase),
        follows=inspection.follows,
        kept=bool(graded.before),
        has_audits=said.audits != NO_AUDITS,
        limited=limited,
        areas=tuple(shown),
        done=sum(one.id in judged for one in live),
        audits=len(live),
        types=dict(types.most_common()),
        steps=tuple(_steps(s, inspection, graded)),
        interviews=tuple(interviews_of(s, inspection_id)),
        documents=tuple(documents_of(s, inspection_id)),
    )


def _area(
    s: Session,
    area: ConcernArea,
    graded: Graded,
    progress: Progress,
    cases: list[Case],
    judged: set[str],
    sort: str,
) -> AreaShown:
    on_force = graded.judged_now(area.criterion)
    then, now = graded.grade_then(area.criterion), on_force.graded if on_force else ""
    return AreaShown(
        criterion=area.criterion,
        number=area.number,
        label=area.label,
        sort=sort,
        recommendations=tuple(register_line(s, one) for one in area.recommendations),
        then=then,
        now=now,
        judged=on_force is not None and on_force.state != NOT_JUDGED,
        direction=direction(graded.scale(), then, now),
        done=sum(one.id in judged for one in cases),
        audits=len(cases),
        summary=on_force.rationale if on_force else "",
        detail=progress.detail(area.criterion, [one.id for one in area.recommendations]),
        sample_then=graded.sample_then(area.criterion) if area.on_cases else Sample(),
        sample_now=graded.sample_now(area.criterion) if area.on_cases else Sample(),
        context=tuple(_context(s, area)),
    )


def _context(s: Session, area: ConcernArea) -> list[str]:
    said = []
    for one in area.recommendations:
        said += [one.force_context] if one.force_context.strip() else []
        said += [f"{each.label}: {each.answer}" for each in weighed(s, one.id) if each.answer]
    return said


def _steps(s: Session, inspection: Inspection, graded: Graded) -> list[Step]:
    """Return the days of a follow-up: plan, notice, on site, debrief, feedback."""
    present = present_day(s)
    lines = {one.key: one for one in due_lines(s, inspection.id, days_off=False)}
    steps = []
    if graded.before:
        plan = {one.key: one for one in due_lines(s, graded.before[0].id, days_off=False)}
        if (line := plan.get("action plan")) is not None and line.due:
            steps.append(_step("Action plan", line.done_on, line.due, present))
    notice = lines.get("visit notice")
    if notice is not None and (notice.due or notice.done_on):
        steps.append(_step("Notice", notice.done_on, notice.due, present))
    if inspection.starts:
        ends = inspection.ends or inspection.starts
        state = "to come" if present < inspection.starts else "done" if present > ends else "now"
        steps.append(Step(state, "On site", span_words(inspection.starts, ends)))
    told = [one for one in in_order(s, inspection.id) if one.covers]
    if told:
        steps.append(Step("done", "Debrief", short_day(told[-1].held_on)))
    feedback = lines.get("written feedback")
    if feedback is not None and (feedback.due or feedback.done_on):
        steps.append(_step("Feedback by", feedback.done_on, feedback.due, present))
    return steps


def _step(label: str, done_on: str, due: str, present: str) -> Step:
    state = "done" if done_on else "late" if due < present else "to come"
    return Step(state, label, short_day(done_on or due))


def judge_area(area: AreaShown) -> str:
    """Return the key by which the force is judged on an area; raises `RefusedError` for none."""
    if not area.criterion:
        raise RefusedError(
            f"“{APART}” holds recommendations that are on no criterion, so there is no grade and "
            "no summary of it. Nothing was changed. Give them a criterion first."
        )
    return area.criterion
