"""Where the force and we differ, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fieldkit.comparison.figures.three_tables import direction_mark
from fieldkit.comparison.inputs import NOT_JUDGED, CriterionPair
from fieldkit.comparison.read_grades import ReadCase, position, reference_key
from storage.ops.text import many


@dataclass(frozen=True, slots=True)
class Disparity:
    """Holds one difference between the force's grade and ours.

    Attributes:
        case_id: the case's record id.
        reference: the case as people call it.
        ours: our current grade.
        theirs: the force's grade.
        steps: steps of the scale the force is higher; negative when it is lower.
        ours_is_worst: our grade is the worst of the scale.
        initial: our grade when the force's was revealed; None when there was none.
        our_rationale: our reasons.
        their_rationale: the force's reasons.
        criterion: the criterion, empty for the overall grade.
        weight: weight of the criterion.
        open_referral: the case was referred back and that is not closed.
        types: the case's types, as the inspection's own list writes them.
    """

    case_id: str
    reference: str
    ours: str
    theirs: str
    steps: int
    ours_is_worst: bool
    initial: str | None = None
    our_rationale: str = ""
    their_rationale: str = ""
    criterion: str = ""
    weight: float = 0.0
    open_referral: bool = False
    types: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Say whether our grade was changed after the force's was seen."""
        return self.initial is not None and self.initial != self.ours

    @property
    def concern(self) -> int:
        """Rank its concern: the force two higher, one with ours the worst, one, lower."""
        if self.steps >= 2:
            return 0
        if self.steps == 1:
            return 1 if self.ours_is_worst else 2
        return 3

    @property
    def mark(self) -> str:
        """Mark the direction: ``+`` for each step the force is higher, ``-`` lower."""
        return direction_mark(self.steps)


@dataclass(frozen=True, slots=True)
class Changed:
    """Holds a case whose grade of ours was changed after the force's was seen; ``reason`` says why.

    ``ours`` is the state in its place, such as “not judged”, where the grade was taken away.
    ``their_word`` is what the force wrote where it gave no grade of the scale.
    """

    case_id: str
    reference: str
    initial: str
    ours: str
    theirs: str | None
    reason: str = ""
    their_word: str = ""


def case_disparities(read: Iterable[ReadCase], scale: Sequence[str]) -> tuple[Disparity, ...]:
    """Return the self-assessed cases that both graded differently, worst first."""
    disparities = []
    for row in read:
        if not row.self_assessed or row.ours is None or row.theirs is None:
            continue
        if row.ours != row.theirs:
            case = row.case
            disparities.append(
                Disparity(
                    case.case_id,
                    case.reference,
                    scale[row.ours],
                    scale[row.theirs],
                    row.ours - row.theirs,
                    row.ours == len(scale) - 1,
                    None if row.initial is None else scale[row.initial],
                    case.our_rationale,
                    case.their_rationale,
                    open_referral=case.open_referral,
                    types=case.types,
                )
            )
    return worst_first(disparities)


def criterion_disparities(
    pairs: Iterable[CriterionPair], scale: Sequence[str]
) -> tuple[Disparity, ...]:
    """Return the criteria on which both have a grade and the grades differ, worst first."""
    disparities = []
    for pair in pairs:
        ours, theirs = position(pair.ours, scale), position(pair.theirs, scale)
        if ours is None or theirs is None or ours == theirs:
            continue
        disparities.append(
            Disparity(
                pair.case_id,
                pair.reference,
                scale[ours],
                scale[theirs],
                ours - theirs,
                ours == len(scale) - 1,
                scale[ours],
                pair.our_rationale,
                pair.their_rationale,
                pair.criterion,
                pair.weight,
                pair.open_referral,
            )
        )
    return worst_first(disparities)


def worst_first(disparities: Iterable[Disparity]) -> tuple[Disparity, ...]:
    """Order by concern.

    The force higher by two steps or more, most steps first; higher by one where we gave the worst
    grade; higher by one elsewhere; then the force lower, most steps first. Within each: an open
    referral, the heavier criterion, our worst grade, and the reference.
    """
    return tuple(
        sorted(
            disparities,
            key=lambda disparity: (
                disparity.concern,
                -abs(disparity.steps),
                not disparity.open_referral,
                -disparity.weight,
                not disparity.ours_is_worst,
                reference_key(disparity.reference),
                disparity.criterion,
                disparity.case_id,
            ),
        )
    )


def changed_after_reveal(read: Iterable[ReadCase], scale: Sequence[str]) -> tuple[Changed, ...]:
    """Return the cases whose grade of ours has changed since the force's was revealed."""
    return tuple(
        Changed(
            row.case.case_id,
            row.case.reference,
            scale[row.initial],
            row.case.our_state or NOT_JUDGED if row.ours is None else scale[row.ours],
            None if row.theirs is None else scale[row.theirs],
            row.case.why_changed,
            row.case.their_word,
        )
        for row in read
        if row.initial is not None and row.initial != row.ours
    )


def taken_away_words(read: Iterable[ReadCase], pairs: int, crossed: int) -> str:
    """Say why the agreement has pairs that the cross-tab has not; empty where it has none such.

    Args:
        read: the cases.
        pairs: how many pairs of grades the agreement rests on.
        crossed: how many cases the cross-tab counts.
    """
    taken = [
        row.case.reference
        for row in read
        if row.self_assessed
        and row.initial is not None
        and row.theirs is not None
        and row.ours is None
    ]
    if not taken:
        return ""
    return (
        f"{many(pairs, 'pair')} here, {crossed} in the cross-tab: our grade of "
        f"{', '.join(taken)} was taken away after the force's was seen, and our first one still "
        "counts here."
    )


def moderated_words(read: Iterable[ReadCase], agreed: int, pairs: int, crossed: int) -> str:
    """Say that the agreement is of first grades, where the cross-tab counts others since.

    Args:
        read: the cases.
        agreed: on how many cases our first grade is the force's.
        pairs: how many pairs of grades the agreement rests on.
        crossed: how many cases the cross-tab counts.

    Returns:
        a sentence that names the cases and tells both counts; empty where no grade was changed.
    """
    both = [row for row in read if row.self_assessed and row.theirs is not None]
    changed = [
        row.case.reference
        for row in both
        if row.ours is not None and row.initial not in (None, row.ours)
    ]
    if not changed:
        return ""
    alike = sum(row.ours is not None and row.ours == row.theirs for row in both)
    return (
        f"Agreement is of our first grades. {', '.join(changed)}: our grade was changed after the "
        "force's was seen, and the cross-tab counts the grade as it is now. Same grade: "
        f"{agreed} of {pairs} here, {alike} of {crossed} in the cross-tab."
    )
