"""What was found in an area then and now: counts of other samples side by side, never a test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlmodel import Session

from fieldkit.methodology import Scale, load, load_known
from fieldkit.wording.dates import day_words
from storage.records import Assessment, Inspection
from storage.records.judgment import GRADED, assessments, counts_by_criterion

BETTER, SAME, WORSE, OPEN = "better", "the same", "worse", "not judged yet"
DIFFERENT = "Other cases, chosen otherwise: counts only, no test, no shares."


@dataclass(frozen=True, slots=True)
class Sample:
    """Holds how the cases of one inspection were graded on one criterion.

    Attributes:
        inspection_id: of which inspection; empty where none is kept here.
        when: its month and year in words.
        audits: how many cases were graded.
        counts: how many by grade, best first, those of none left out.
        scale: the grades, best first.
    """

    inspection_id: str = ""
    when: str = ""
    audits: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    scale: tuple[str, ...] = ()


class Graded:
    """Reads the grades of an inspection and of those that it follows, each once."""

    def __init__(self, s: Session, inspection: Inspection) -> None:
        self._s = s
        self.now = inspection
        self.before = list(_chain(s, inspection))
        """Those that it follows, the latest first."""
        self._counts: dict[str, dict[str, Counter[str]]] = {}
        self._judged: dict[str, dict[str, Assessment]] = {}

    def sample_now(self, criterion: str) -> Sample:
        """Return how cases of this inspection are graded on a criterion."""
        return self._sample(self.now, criterion)

    def sample_then(self, criterion: str) -> Sample:
        """Return how those of the latest before it are, of which any is graded."""
        for one in self.before:
            sample = self._sample(one, self._key(one, criterion))
            if sample.audits:
                return sample
        return Sample()

    def judged_now(self, criterion: str) -> Assessment | None:
        """Return what is judged of the force in this inspection."""
        return self._on_force(self.now).get(criterion)

    def grade_then(self, criterion: str) -> str:
        """Return the grade that the force had before, in the latest in which it has one."""
        for one in self.before:
            judged = self._on_force(one).get(self._key(one, criterion))
            if judged is not None and judged.graded:
                return judged.graded
        return ""

    def scale(self) -> Scale:
        """Return the scale of what is judged of the force now."""
        return load(self.now.judged_by).scale_for("force")

    def _key(self, other: Inspection, criterion: str) -> str:
        """Return the criterion of the same name by another version of the methodology."""
        if other.version == self.now.version:
            return criterion
        area = load(self.now.judged_by).criterion(criterion)
        same = load(other.judged_by).criterion(area.label) if area is not None else None
        return same.key if same is not None else criterion

    def _on_force(self, inspection: Inspection) -> dict[str, Assessment]:
        if inspection.id not in self._judged:
            self._judged[inspection.id] = assessments(self._s, inspection.id)
        return self._judged[inspection.id]

    def _sample(self, inspection: Inspection, criterion: str) -> Sample:
        if inspection.id not in self._counts:
            counted: dict[str, Counter[str]] = {}
            for one in counts_by_criterion(self._s, inspection.id):
                if one.state == GRADED:
                    counted.setdefault(one.criterion, Counter())[one.grade] += one.cases
            self._counts[inspection.id] = counted
        counts = self._counts[inspection.id].get(criterion, Counter())
        scale = load(inspection.judged_by).scale_for("case").labels
        return Sample(
            inspection_id=inspection.id,
            when=month_of(inspection),
            audits=counts.total(),
            counts={grade: counts[grade] for grade in scale if counts[grade]},
            scale=scale,
        )


def direction(scale: Scale, then: str, now: str) -> str:
    """Say whether a grade of the force is better than before; empty where one is not known.

    Only where both are grades of the scale of now.
    """
    if then not in scale.labels or now not in scale.labels:
        return ""
    steps = scale.steps(then, now)
    return SAME if steps == 0 else BETTER if steps > 0 else WORSE


def month_of(inspection: Inspection) -> str:
    """Return the month of an inspection in words, or what it is where its days are not set."""
    words = day_words(inspection.starts)
    return words.partition(" ")[2] if words else inspection.phase


def sample_words(sample: Sample) -> str:
    """Return the counts of a sample in words."""
    if not sample.audits:
        return "no case graded"
    return ", ".join(f"{count} {grade}" for grade, count in sample.counts.items())


def _chain(s: Session, inspection: Inspection) -> list[Inspection]:
    """Return the inspections that are followed, as far as they are kept here.

    One of a later fieldkit, whose criteria are not known here, is passed over.
    """
    found: list[Inspection] = []
    seen = {inspection.id}
    one = inspection
    while one.follows and one.follows not in seen:
        before = s.get(Inspection, one.follows)
        if before is None:
            break
        seen.add(before.id)
        if load_known(before.judged_by) is not None:
            found.append(before)
        one = before
    return found
