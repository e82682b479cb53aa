"""What is counted for an outcome: answers of case audits, times, focus groups, the pulse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sqlmodel import Session

from fieldkit.followup.outcomes.pulse import (
    FOCUS_GROUP,
    PULSE,
    UnitAnswers,
    answers_by_question,
    of_words,
)
from fieldkit.methodology import Indicator, find
from fieldkit.service import methodology_of
from fieldkit.wording.dates import seconds_between, span
from storage.ops.text import many
from storage.records import Case, CaseAudit, Interview
from storage.records.case import case_audit_id
from storage.records.lookup import fields_of, records_in
from storage.records.note import NotesOfOutcome, notes_by_outcome

ANSWER, SPAN, NAMED = "answer", "span", "named"
YES, NO, SILENT = "yes", "no", "not recorded"


@dataclass(frozen=True, slots=True)
class Count:
    """Holds one indicator of an outcome, counted in one inspection.

    Attributes:
        key, label: which indicator, and what it is called.
        how: “answer”, “span”, “named” or “pulse”.
        part: cases with yes; cases whose two moments are known; focus groups that named it;
            persons who agree.
        whole: cases that were answered yes or no or of which the file says nothing; all cases;
            all focus groups; all persons asked.
        silent: of answers, those of which the file says nothing.
        middle: of a span the median, in seconds; None where it is not known of any case.
        units: of the pulse, each unit's answers.
    """

    key: str
    label: str
    how: str
    part: int
    whole: int
    silent: int = 0
    middle: float | None = None
    units: tuple[UnitAnswers, ...] = ()

    @property
    def words(self) -> str:
        """Return the count in words: “31 of 97 cases (32 %), 4 not recorded”; or empty."""
        if not self.whole:
            return ""
        if self.how == SPAN:
            if self.middle is None:
                return ""
            cases = many(self.whole, "case")
            return f"{span(self.middle)} in the middle, known of {self.part} of {cases}"
        if self.how == PULSE:
            return "; ".join(one.words for one in self.units)
        what = "case" if self.how == ANSWER else "focus group"
        part, share = of_words(self.part, self.whole).partition(" (")[::2]
        words = f"{part} {what}{'s' * (self.whole != 1)}" + (f" ({share}" if share else "")
        return f"{words}, {self.silent} not recorded" if self.silent else words


def counts(
    s: Session, inspection_id: str, notes: Sequence[NotesOfOutcome] | None = None
) -> dict[str, Count]:
    """Return every indicator of the programme counted in one inspection, by its key.

    Withdrawn cases count for nothing, and neither do answers that do not apply. ``notes`` are those
    marked with outcomes, where they were read before. Raises `NotThereError`.
    """
    methodology = methodology_of(s, inspection_id)
    if notes is None:
        notes = notes_by_outcome(s, inspection_id)
    counting = _Counting(s, inspection_id, methodology.indicators, notes)
    naming = {key: outcome.key for outcome in methodology.outcomes for key in outcome.indicators}
    return {one.key: counting.count(one, naming.get(one.key, "")) for one in methodology.indicators}


class _Counting:
    """Holds what the indicators of one inspection are counted from, each read once."""

    def __init__(
        self,
        s: Session,
        inspection_id: str,
        indicators: Iterable[Indicator],
        notes: Sequence[NotesOfOutcome],
    ) -> None:
        names = {name for one in indicators for name in (one.field, one.until) if name}
        live = [one.id for one in records_in(s, Case, inspection_id) if not one.withdrawn]
        self.cases = len(live)
        self.audits = _audits(s, live, sorted(names))
        self.answers = methodology_of(s, inspection_id).answers
        meetings = records_in(s, Interview, inspection_id)
        self.groups = [one.id for one in meetings if one.meeting == FOCUS_GROUP]
        self.notes = notes
        self.pulse = answers_by_question(s, inspection_id, self.groups)

    def count(self, one: Indicator, outcome: str) -> Count:
        """Count an indicator; ``outcome`` is the key of the one that it is named by."""
        if one.how == ANSWER:
            said = Counter(self._answer(audit.get(one.field)) for audit in self.audits)
            whole = said[YES] + said[NO] + said[SILENT]
            return Count(one.key, one.label, one.how, said[YES], whole, said[SILENT])
        if one.how == SPAN:
            taken = [
                seconds
                for audit in self.audits
                if (seconds := _taken(audit.get(one.field), audit.get(one.until))) is not None
            ]
            middle = median(taken) if taken else None
            return Count(one.key, one.label, one.how, len(taken), self.cases, middle=middle)
        if one.how == NAMED:
            of_groups = frozenset(self.groups)
            named = {note.parent_id for note in self.notes if note.outcome == outcome} & of_groups
            return Count(one.key, one.label, one.how, len(named), len(self.groups))
        units = self.pulse.get(one.key, ())
        agree, asked = sum(unit.agree for unit in units), sum(unit.asked for unit in units)
        return Count(one.key, one.label, one.how, agree, asked, units=units)

    def _answer(self, written: object) -> str:
        term = find(self.answers, str(written or ""))
        return term.key if term else ""


def _audits(s: Session, cases: Sequence[str], names: Sequence[str]) -> list[dict[str, object]]:
    """Return the fields of the case audits of these cases that indicators look at."""
    found = fields_of(s, CaseAudit, names, [case_audit_id(one) for one in cases])
    return list(found.values())


def _taken(first: object, last: object) -> float | None:
    """Return the seconds between two moments; None where one is missing or they are reversed."""
    seconds = seconds_between(str(first or ""), str(last or ""))
    return seconds if seconds is not None and seconds >= 0 else None
