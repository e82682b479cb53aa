"""A force over time: its inspections side by side, and what happened between them.

Each inspection looks at other cases. So distributions stand beside each other, and no agreement is
calculated between two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from fieldkit.comparison.earlier import called
from fieldkit.comparison.figures.previous import merged_scale
from fieldkit.followup.collected.wordings import Wording, wordings
from fieldkit.followup.force import force_named, inspections_of_force
from fieldkit.followup.outcomes.counted import Count, counts
from fieldkit.followup.outcomes.pulse import of_words
from fieldkit.followup.register import RegisterLine
from fieldkit.methodology import OVERALL, Methodology, load_known
from fieldkit.service import criterion_label
from fieldkit.wording.labels import label
from storage.records import Assessment, Case, Inspection, Judgment, RecommendationComment
from storage.records.lookup import records_in, rows_naming
from storage.records.note import notes_between

GRADED = "graded"
MOST_NOTES = 50
"""Notes told of one time between two inspections, the latest first."""
SELF_ASSESSED = "self-assessed"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Holds one distribution of grades, inspection beside inspection.

    Attributes:
        title: of which cases.
        totals: how many cases were graded, by inspection.
        rows: each grade with its count by inspection; None where its scale lacks the grade.
    """

    title: str
    totals: tuple[int, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]

    def words(self, count: int | None, place: int) -> str:
        """Return a count of it in words, with its share where there are enough cases."""
        return "–" if count is None else of_words(count, self.totals[place])


@dataclass(frozen=True, slots=True)
class Between:
    """Holds a note, or a comment on a recommendation, written between two inspections.

    Attributes:
        after: the id of the inspection that it follows.
        day: on which day, ``YYYY-MM-DD``.
        place: where it stands, as a person calls it.
        text: what it says.
    """

    after: str
    day: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class InForce:
    """Holds one inspection among those of its force.

    Attributes:
        id, called, phase, starts, published: which one it is, and when.
        agreed, practice, recommended: how many points were agreed, practices noted and
            recommendations made in it.
        judged: each criterion judged on the force with its grade or state.
    """

    id: str
    called: str
    phase: str
    starts: str
    published: str
    agreed: int
    practice: int
    recommended: int
    judged: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ForceOverTime:
    """Holds what is known here of one force, the earliest inspection first.

    Attributes:
        force: its name.
        inspections: one after another.
        tables: distributions of grades, side by side.
        indicators: what is counted for outcomes, each by inspection; those that nobody counted in
            any inspection are left out.
        recommendations: of all inspections, by their numbers.
        practice: notable practice of all inspections.
        between: what was written between them.
    """

    force: str
    inspections: tuple[InForce, ...]
    tables: tuple[SideBySide, ...]
    indicators: tuple[tuple[str, tuple[Count | None, ...]], ...]
    recommendations: tuple[RegisterLine, ...]
    practice: tuple[Wording, ...]
    between: tuple[Between, ...]


def force_over_time(s: Session, force: str) -> ForceOverTime:
    """Return what is known here of a force, by its name or a part of it.

    Raises `NotThereError` where no single force is meant.
    """
    known = inspections_of_force(s, force_named(s, force))
    said = {one.id: one for one in wordings(s, (each.id for each in known))}
    listed = [one for each in known for one in said[each.id].recommendations]
    return ForceOverTime(
        force=known[-1].force,
        inspections=tuple(
            InForce(
                id=one.id,
                called=called(one),
                phase=one.phase,
                starts=one.starts,
                published=one.published,
                agreed=len(said[one.id].agreed),
                practice=len(said[one.id].practice),
                recommended=len(said[one.id].recommendations),
                judged=_judged(s, one),
            )
            for one in known
        ),
        tables=_tables(s, known),
        indicators=_indicators(s, known),
        recommendations=tuple(
            sorted(listed, key=lambda one: (one.called.startswith("draft"), one.number))
        ),
        practice=tuple(each for one in known for each in said[one.id].practice),
        between=tuple(_between(s, known, listed)),
    )


def _judged(s: Session, inspection: Inspection) -> tuple[tuple[str, str], ...]:
    """Return the criteria judged on the force, in the methodology's order."""
    methodology = load_known(inspection.judged_by)
    by_key = {each.criterion: each for each in records_in(s, Assessment, inspection.id)}
    if methodology is None:
        return ()
    keys = (area.key for area in methodology.criteria_on("force", overall=True))
    judged = [by_key[key] for key in keys if key in by_key]
    return tuple(
        (
            criterion_label(methodology, one.criterion),
            one.grade if one.state == GRADED else one.state,
        )
        for one in judged
    )


def _tables(s: Session, known: Sequence[Inspection]) -> tuple[SideBySide, ...]:
    """Return the overall grades of all cases, by who assessed them too, and by type of case."""
    methodologies = [load_known(one.judged_by) for one in known]
    scale: list[str] = []
    scales = [_scale(one) for one in methodologies]
    for each in scales:
        scale = merged_scale(each, scale) if scale else list(each)
    graded = [_graded(s, *pair) for pair in zip(known, methodologies, strict=True)]
    kinds: list[tuple[str, Callable[[_GradedCase], bool]]] = [
        ("all cases", lambda case: True),
        ("cases that the force assessed too, our grades", _is_self_assessed),
        ("cases that only inspectors assessed", lambda case: not _is_self_assessed(case)),
    ]
    types = Counter(name for cases in graded for case in cases for name in case.types)
    kinds += [(name, partial(_is_of_type, name)) for name, _ in types.most_common()]
    tables = []
    for title, fits in kinds:
        grades = [Counter(case.grade for case in cases if fits(case)) for cases in graded]
        rows = tuple(
            (
                grade,
                tuple(
                    count[grade] if grade in own else None
                    for count, own in zip(grades, scales, strict=True)
                ),
            )
            for grade in scale
        )
        if any(grades):
            tables.append(SideBySide(title, tuple(one.total() for one in grades), rows))
    return tuple(tables)


@dataclass(frozen=True, slots=True)
class _GradedCase:
    """Holds what a distribution asks of a case that has a grade."""

    grade: str
    origin: str
    types: tuple[str, ...]


def _is_self_assessed(case: _GradedCase) -> bool:
    return case.origin == SELF_ASSESSED


def _is_of_type(name: str, case: _GradedCase) -> bool:
    return name in case.types


def _scale(methodology: Methodology | None) -> tuple[str, ...]:
    return methodology.scale_for("case").labels if methodology else ()


def _graded(s: Session, one: Inspection, methodology: Methodology | None) -> list[_GradedCase]:
    live = {case.id: case for case in records_in(s, Case, one.id) if not case.withdrawn}
    names = ("case_id", "criterion", "state", "grade")
    rows = rows_naming(s, Judgment, names, "inspection_id", [one.id])
    return [
        _GradedCase(
            grade,
            live[case].origin,
            methodology.type_labels(live[case].types) if methodology else tuple(live[case].types),
        )
        for case, criterion, state, grade in rows
        if criterion == OVERALL and state == GRADED and case in live
    ]


def _indicators(
    s: Session, known: Sequence[Inspection]
) -> tuple[tuple[str, tuple[Count | None, ...]], ...]:
    """Return each indicator that was counted in some inspection, by inspection."""
    counted = [counts(s, one.id) if load_known(one.judged_by) else {} for one in known]
    labels = {key: count.label for each in counted for key, count in each.items()}
    return tuple(
        (name, tuple(each.get(key) for each in counted))
        for key, name in labels.items()
        if any(key in each and each[key].words for each in counted)
    )


def _between(
    s: Session, known: Sequence[Inspection], listed: Sequence[RegisterLine]
) -> list[Between]:
    """Return what was written after each inspection's last day and before the next one's first."""
    lines = {line.id: line for line in listed}
    names = ("said_on", "text", "recommendation_id", "whose")
    said = sorted(rows_naming(s, RecommendationComment, names, "recommendation_id", lines))
    found: list[Between] = []
    for one, following in zip(known, [*known[1:], None], strict=True):
        if not one.ends:
            continue
        until = following.starts if following is not None and following.starts else "9999"
        mine = [
            Between(one.id, day, f"recommendation {lines[of].called}, {whose}", text)
            for day, text, of, whose in said
            if one.ends < day < until
        ]
        for note in notes_between(s, one.id, one.ends, until, MOST_NOTES):
            place = label(s, note.parent_kind, note.parent_id)
            mine.append(Between(one.id, note.at[:10], place, note.text))
        found += sorted(mine, key=lambda each: each.day)
    return found
