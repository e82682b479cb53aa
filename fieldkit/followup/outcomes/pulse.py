"""The pulse: five questions to focus groups, whose answers are counted by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.comparison.numbers import percent
from fieldkit.comparison.rules import standard_rules
from fieldkit.methodology import Indicator, Methodology, find
from fieldkit.service import RefusedError, existing, methodology_of, person
from storage.ops.meant import choices
from storage.records import Interview, Pulse
from storage.records.fieldwork import MOST_ANSWERS, pulse_id
from storage.records.lookup import records_in, records_under

PULSE = "pulse"
FOCUS_GROUP = "focus group"


@dataclass(frozen=True, slots=True)
class UnitAnswers:
    """Holds how the people of one unit answered one question, over all focus groups.

    Attributes:
        unit: the key of the unit; ``unit_label`` what it is called.
        groups: in how many focus groups it was asked.
        agree, neither, disagree: how many persons answered so.
    """

    unit: str
    unit_label: str
    groups: int
    agree: int
    neither: int
    disagree: int

    @property
    def asked(self) -> int:
        """Return how many persons answered."""
        return self.agree + self.neither + self.disagree

    @property
    def words(self) -> str:
        """Return the counts in words: “custody: 7 of 9 agree, 1 does not”."""
        parts = [f"{self.unit_label}: {of_words(self.agree, self.asked)} agree"]
        if self.disagree:
            parts.append(f"{self.disagree} {'does' if self.disagree == 1 else 'do'} not")
        return ", ".join(parts)


def questions(methodology: Methodology) -> tuple[Indicator, ...]:
    """Return the questions of the pulse, in their order."""
    return tuple(one for one in methodology.indicators if one.how == PULSE)


def of_words(part: int, whole: int) -> str:
    """Return a count of a whole, with the share only where there are enough to speak of one.

    From ten on, as everywhere (``counts_only_below`` of ``fieldkit/comparison/rules.toml``).
    """
    share = ""
    if whole and whole >= standard_rules().counts_only_below:
        share = f" ({percent(part / whole)})"
    return f"{part} of {whole}{share}"


def take_pulse(
    s: Session,
    interview_id: str,
    unit: str,
    question: str,
    agree: int,
    neither: int = 0,
    disagree: int = 0,
) -> Pulse:
    """Keep how the people of a unit in a focus group answered a question; again to correct it.

    Args:
        s: a writing session.
        interview_id: the focus group.
        unit: the key or label of the unit that they work in.
        question: the key or wording of the question.
        agree: how many agreed.
        neither: how many neither agreed nor disagreed.
        disagree: how many disagreed.

    Raises:
        RefusedError: it is no focus group, there is no such unit or question, or a count is none.
    """
    group = existing(s, Interview, interview_id)
    if group.meeting != FOCUS_GROUP:
        raise RefusedError(
            "The pulse is taken in focus groups, where nobody's answer stands alone, and this is "
            "an interview. Nothing was changed."
        )
    methodology = methodology_of(s, group.inspection_id)
    asked = find(questions(methodology), question)
    if asked is None:
        known = choices(question, (one.key for one in questions(methodology)))
        raise RefusedError(
            f"“{question}” is not a question of the pulse. Nothing was changed; the questions are "
            f"{known}"
        )
    of_unit = find(methodology.pulse_units, unit)
    if of_unit is None:
        known = choices(unit, (one.key for one in methodology.pulse_units))
        raise RefusedError(
            f"“{unit}” is not a unit of the pulse. Nothing was changed; the units are {known}"
        )
    counts = {"agree": agree, "neither": neither, "disagree": disagree}
    if any(not 0 <= count <= MOST_ANSWERS for count in counts.values()):
        raise RefusedError(
            f"A count of answers is between 0 and {MOST_ANSWERS}. Nothing was changed; write the "
            "counts again."
        )
    values = {**counts, "by": person(s)}
    pulse = s.get(Pulse, pulse_id(group.id, of_unit.key, asked.key))
    if pulse is None:
        pulse = Pulse.make(
            inspection_id=group.inspection_id,
            interview_id=group.id,
            unit=of_unit.key,
            question=asked.key,
            **values,
        )
        s.add(pulse)
    else:
        pulse.change(**values)
    s.flush()
    return pulse


def pulse_of_group(s: Session, interview_id: str) -> list[Pulse]:
    """Return what was answered in one focus group."""
    return records_under(s, Pulse, interview_id)


def answers_by_question(
    s: Session, inspection_id: str, groups: Iterable[str]
) -> dict[str, tuple[UnitAnswers, ...]]:
    """Return by question what each unit's people answered in the focus groups of these ids."""
    methodology, known = methodology_of(s, inspection_id), frozenset(groups)
    sums: dict[str, dict[str, list[Pulse]]] = defaultdict(lambda: defaultdict(list))
    for pulse in records_in(s, Pulse, inspection_id):
        if pulse.interview_id in known:
            sums[pulse.question][pulse.unit].append(pulse)
    return {
        question: tuple(
            UnitAnswers(
                unit=unit,
                unit_label=_label(methodology, unit),
                groups=len({one.interview_id for one in several}),
                agree=sum(one.agree for one in several),
                neither=sum(one.neither for one in several),
                disagree=sum(one.disagree for one in several),
            )
            for unit, several in sorted(units.items())
        )
        for question, units in sums.items()
    }


def _label(methodology: Methodology, unit: str) -> str:
    term = find(methodology.pulse_units, unit)
    return term.label if term else unit
