"""What a comparison is made from: plain records, filled by whoever holds the inspection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SELF_ASSESSED = "self-assessed"
INSPECTORS_ONLY = "inspectors only"

NOT_JUDGED = "not judged"
NOT_APPLICABLE = "not applicable"
UNABLE = "unable to judge"
UNMATCHED = "unmatched"
NOT_REVEALED = "not revealed"
STATES = (NOT_JUDGED, NOT_APPLICABLE, UNABLE)
"""States that stand where a grade might and are never counted as one."""


@dataclass(frozen=True, slots=True)
class ComparedCase:
    """Holds one case of the inspection, with both sides' overall grade where there is one.

    Attributes:
        case_id: the case's record id; no two cases share one.
        reference: the inspection's own reference, as people call the case.
        types: case types by the label of the inspection's own list; may be several, or none.
        origin: SELF_ASSESSED, or INSPECTORS_ONLY (also written “inspectors”).
        ours: our current grade; feeds the tables.
        initial: our grade as it stood when the force's was revealed; feeds the agreement.
        theirs: the force's grade, None without one.
        our_rationale: our reasons.
        their_rationale: the force's reasons.
        our_state: why we have no grade: one of STATES, or empty for not judged.
        their_state: why the force has none: one of STATES, or NOT_REVEALED, when a row of its
            workbook is matched to the case; UNMATCHED, or empty, when none is.
        without_row: the force's grade counts as it was revealed, and no row is the case now.
        their_word: what the force wrote where its grade would stand, as far as it may be shown.
        withdrawn: taken out of the sample; in no table, counted and named apart.
        auditor: who graded the case for us.
        two_answers: our grade has two answers that nobody has decided; the first is ``ours``.
        why_changed: the reason of our latest change of grade, where there is one.
        open_referral: the case was referred back to the force and that is not closed.
    """

    case_id: str
    reference: str
    types: tuple[str, ...] = ()
    origin: str = SELF_ASSESSED
    ours: str | None = None
    initial: str | None = None
    theirs: str | None = None
    our_rationale: str = ""
    their_rationale: str = ""
    our_state: str = ""
    their_state: str = ""
    their_word: str = ""
    without_row: bool = False
    withdrawn: bool = False
    auditor: str = ""
    open_referral: bool = False
    two_answers: bool = False
    why_changed: str = ""


@dataclass(frozen=True, slots=True)
class CriterionPair:
    """Holds both sides' grade of a criterion of a case; ours as first given, before the reveal."""

    criterion: str
    case_id: str
    reference: str
    ours: str | None
    theirs: str | None
    our_rationale: str = ""
    their_rationale: str = ""
    weight: float = 0.0
    open_referral: bool = False


@dataclass(frozen=True, slots=True)
class CriterionJudged:
    """Holds our present grade, or the state in its place, of one criterion of one case."""

    case_id: str
    criterion: str
    grade: str | None
    state: str = ""


@dataclass(frozen=True, slots=True)
class ForceChange:
    """Says that what the force says of a case is otherwise now than when it was revealed.

    Attributes:
        case_id: the case's record id.
        reference: the case as people call it.
        what: what became of it, such as “changed by the force”.
        before: the grade that was revealed; None for none.
        now: the grade that stands now; None for none.
        as_revealed: the tables count the grade as it was revealed, not as it stands now.
        sentence: all of it.
        told: the same without a word of the force's own.
    """

    case_id: str
    reference: str
    what: str
    before: str | None
    now: str | None
    as_revealed: bool
    sentence: str
    told: str


@dataclass(frozen=True, slots=True)
class ForceRowView:
    """Holds a row of the force's workbook that is matched to no case of ours.

    ``hidden``: its grade may not be shown. ``skipped`` says why a person left it out, of a row
    that was. ``waits_for``: the case whose grade was revealed from this row, while it waits for a
    decision in a later workbook.
    """

    row: int
    sheet: str
    reference: str
    grade: str | None = None
    case_type: str = ""
    date: str = ""
    skipped: str = ""
    hidden: bool = False
    waits_for: str = ""

    @property
    def said(self) -> str:
        """Return the grade, or what is said in its place."""
        if self.waits_for:
            return f"waits for a decision; {self.waits_for} counts as revealed"
        return "grade hidden" if self.hidden else self.grade or "no grade"


@dataclass(frozen=True, slots=True)
class ProblemView:
    """Holds something in the force's workbook that could not be read as it stands."""

    sheet: str
    cell: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class PreviousInspection:
    """Holds the grades published for an earlier inspection of the same force.

    Attributes:
        label: how to call it, such as “2018 inspection”.
        scale: its own grades from best to worst.
        counts: cases by grade.
        stated_total: the number of cases it said it audited, to hold its sums against.
    """

    label: str
    scale: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    stated_total: int | None = None
