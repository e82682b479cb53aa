"""Our grades beside those of an earlier inspection: two samples, so distributions and no kappa."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldkit.comparison.figures.three_tables import check_sum
from fieldkit.comparison.inputs import PreviousInspection
from fieldkit.comparison.rules import Rules, standard_rules
from storage.ops.text import many


@dataclass(frozen=True, slots=True)
class PreviousRow:
    """Holds one grade then and now.

    Attributes:
        grade: the grade's word.
        before: cases then; None when that scale did not have the grade.
        now: cases now; None when this scale does not have the grade.
        before_share: share of the cases then; None when too few to speak of shares.
        now_share: share of the cases now, likewise.
    """

    grade: str
    before: int | None
    now: int | None
    before_share: float | None
    now_share: float | None

    @property
    def change(self) -> float | None:
        """Change of the share, in percentage points."""
        if self.before_share is None or self.now_share is None:
            return None
        return 100 * (self.now_share - self.before_share)


@dataclass(frozen=True, slots=True)
class PreviousComparison:
    """Holds the distribution of grades then and now."""

    label: str
    rows: tuple[PreviousRow, ...]
    before_total: int
    now_total: int
    notes: tuple[str, ...]
    checks: tuple[str, ...]


def against_previous(
    now: Mapping[str, int],
    scale: Sequence[str],
    previous: PreviousInspection,
    rules: Rules | None = None,
) -> PreviousComparison:
    """Set this inspection's grades beside an earlier one's.

    A grade that only one of the two scales has is shown with nothing on the other side. A word of
    the earlier figures that its own scale lacks is named in ``checks`` and counted nowhere.
    """
    rules = rules or standard_rules()
    before = previous.counts
    before_total = sum(before.get(grade, 0) for grade in previous.scale)
    now_total = sum(now.get(grade, 0) for grade in scale)
    share = min(before_total, now_total) >= rules.counts_only_below
    rows = []
    for grade in merged_scale(scale, previous.scale):
        then = before.get(grade, 0) if grade in previous.scale else None
        count = now.get(grade, 0) if grade in scale else None
        rows.append(
            PreviousRow(
                grade,
                then,
                count,
                then / before_total if share and then is not None else None,
                count / now_total if share and count is not None else None,
            )
        )
    notes = [
        "Different cases then and now: the two distributions stand side by side, and no agreement"
        " is calculated between them.",
    ]
    if not share:
        notes.append(
            f"Counts only: {many(before_total, 'case')} then and {now_total} now; shares are"
            f" given from {rules.counts_only_below} on each side."
        )
    if tuple(scale) != tuple(previous.scale):
        notes.append(
            f"The scales differ. Then: {', '.join(previous.scale)}. Now: {', '.join(scale)}. Grades"
            " of the same name need not mean the same."
        )
    checks = [
        f"{previous.label}: “{grade}” is not on its scale and is left out."
        for grade in sorted(set(before) - set(previous.scale))
    ]
    if previous.stated_total is not None:
        checks += check_sum(previous.label, sum(before.values()), previous.stated_total)
    return PreviousComparison(
        previous.label, tuple(rows), before_total, now_total, tuple(notes), tuple(checks)
    )


def merged_scale(now: Sequence[str], before: Sequence[str]) -> list[str]:
    """Merge two scales; a grade of the earlier one only comes after the one it followed."""
    merged = list(now)
    for place, grade in enumerate(before):
        if grade not in merged:
            earlier = [other for other in before[:place] if other in merged]
            merged.insert(merged.index(earlier[-1]) + 1 if earlier else 0, grade)
    return merged
