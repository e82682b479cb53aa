"""A methodology: what an inspection judges, on which scales, and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from fieldkit.methodology.terms import (
    Area,
    CaseType,
    Deadline,
    Indicator,
    Labels,
    Outcome,
    Phase,
    Scale,
    Subject,
    Term,
    Timing,
    canonical,
)

_BRACKETS = re.compile(r"\([^()]*\)")

AnyTerm = TypeVar("AnyTerm", bound=Term)


def find(terms: Iterable[AnyTerm], written: str) -> AnyTerm | None:
    """Find the term that a person's word means, by key, label or alias."""
    spelling = canonical(written)
    return next((one for one in terms if spelling in one.spellings), None) if spelling else None


@dataclass(frozen=True, slots=True)
class Country:
    """Holds the labels of England, which changed in one year, and of Wales, with its forces."""

    board: str
    partnership: str
    partnership_from: date
    children_director: str
    welsh_forces: tuple[str, ...]
    welsh_safeguarding_body: str
    welsh_children_director: str


@dataclass(frozen=True, slots=True)
class Methodology:
    """Holds one version of the criteria with everything that an inspection by it needs.

    Terms are tuples in the order in which they are shown.
    """

    version: str
    id: str
    title: str
    marking: str
    areas: tuple[Area, ...]
    overall: Area
    overall_shown: str
    """Where the overall assessment stands in the list, "first" or "last"; it is entered last."""
    scales: Mapping[Subject, Scale]
    states: tuple[Term, ...]
    origins: tuple[Term, ...]
    case_types: tuple[CaseType, ...]
    referral_reasons: tuple[Term, ...]
    meetings: tuple[Term, ...]
    modes: tuple[Term, ...]
    source_groups: tuple[Term, ...]
    always_ask: str
    polarities: tuple[Term, ...]
    point_sorts: tuple[Term, ...]
    answers: tuple[Term, ...]
    voice: tuple[Term, ...]
    timeliness: tuple[Term, ...]
    supervision: tuple[Term, ...]
    risk: tuple[Term, ...]
    deadlines: tuple[Deadline, ...]
    recommendation_statuses: tuple[Term, ...]
    recommendation_endings: tuple[Term, ...]
    timings: tuple[Timing, ...]
    phases: tuple[Phase, ...]
    outcomes: tuple[Outcome, ...]
    indicators: tuple[Indicator, ...]
    pulse_units: tuple[Term, ...]
    safeguarding_body: str
    country: Country

    def criteria_on(self, subject: Subject, *, overall: bool = False) -> tuple[Area, ...]:
        """Return the areas judged on a case or on the force, in their order.

        With ``overall`` the overall assessment follows them: last, as it is entered.
        """
        areas = tuple(one for one in self.areas if subject in one.judged_on)
        return (*areas, self.overall) if overall and subject in self.overall.judged_on else areas

    def number_of(self, key: str) -> int:
        """Return the place of an area in the criteria, from 1; 0 for the overall and others."""
        return next((number for number, one in enumerate(self.areas, 1) if one.key == key), 0)

    def criterion(self, written: str) -> Area | None:
        """Return the area, or the overall assessment, of that key or label."""
        every = (*self.areas, self.overall)
        for area in every:
            if written == area.key:
                return area
        spelling = canonical(written)
        for area in every:
            if spelling in (canonical(area.key), canonical(area.label)):
                return area
        return None

    def numbered(self, written: str) -> Area | None:
        """Return the area of that number in the list, from 1: “4”, or “#4” as in a note."""
        number = written.strip().removeprefix("#")
        numbers = {str(at): area for at, area in enumerate(self.areas, 1)}
        return numbers.get(number)

    def scale_for(self, subject: Subject) -> Scale:
        """Return the grades that a case, or the force, may be given; best first."""
        return self.scales[subject]

    def grade(self, written: str, subject: Subject = "case") -> str | None:
        """Return the printed label of a grade however it was written; None when it is none here."""
        return self.scales[subject].grade(written)

    def state(self, written: str) -> str | None:
        """Return the state that a word means; a state is never a grade."""
        term = find(self.states, written)
        return term.key if term else None

    def case_type(self, written: str) -> CaseType | None:
        """Return the type of case that a person's words mean, by key, label or alias.

        A remark in brackets, as in "Child sexual exploitation (CSE)", may stand beside them.
        """
        term = find(self.case_types, written)
        return term or find(self.case_types, _BRACKETS.sub(" ", written))

    def type_label(self, kept: str) -> str:
        """Return what a type of case is called that is kept as a key, or as a list had it.

        Words of a list stay as they are, as tables print them; a lone word may be a code (“cse”)
        and gives way to the label. What is not known here stays.
        """
        term = self.case_type(kept)
        return kept if term is None or len(kept.split()) > 1 else term.label

    def type_labels(self, kept: Iterable[str]) -> tuple[str, ...]:
        """Return what the types of a case are called, each once."""
        return tuple(dict.fromkeys(map(self.type_label, kept)))

    def origin(self, written: str) -> str | None:
        """Return the origin of a case ("self-assessed", "inspectors") however it was written."""
        term = find(self.origins, written)
        return term.key if term else None

    def timing(self, key: str) -> Timing:
        """Return the follow-up limit of that key; raises ``KeyError`` for another."""
        return {one.key: one for one in self.timings}[key]

    def is_welsh(self, force: str) -> bool:
        """Say whether the force is Welsh, whatever stands beside its name (“Gwent Police”)."""
        name = f" {canonical(force)} "
        return any(f" {canonical(welsh)} " in name for welsh in self.country.welsh_forces)

    def labels(self, force: str, on: date) -> Labels:
        """Return the names used for that force on that day."""
        country = self.country
        if self.is_welsh(force):
            return Labels(country.welsh_safeguarding_body, country.welsh_children_director)
        board = self.safeguarding_body == "board" or (
            self.safeguarding_body == "by date" and on < country.partnership_from
        )
        return Labels(country.board if board else country.partnership, country.children_director)

    def source_group_label(self, group: Term, force: str, on: date) -> str:
        """Return a source group's label with the names used for that force on that day."""
        names = self.labels(force, on)
        return group.label.format(
            safeguarding_body=names.safeguarding_body, children_director=names.children_director
        )

    @property
    def published_verbs(self) -> dict[str, tuple[str, str]]:
        """Return each case grade's verb in the published sentence, for one case and for several."""
        return {one.label: one.published for one in self.scales["case"].grades}

    def published_sentence(self, counts: Mapping[str, int]) -> str:
        """Return the sentence that a report prints: how many cases were audited and what they were.

        Counts are by printed label; a label missing counts as none. Raises ``ValueError`` for a
        label that is no grade of cases, so that a state can never be counted as one.
        """
        verbs = self.published_verbs
        strangers = set(counts) - set(verbs)
        if strangers:
            raise ValueError(f"no grade of cases: {', '.join(sorted(strangers))}")
        total = sum(counts.values())
        parts = []
        for place, (label, verb) in enumerate(verbs.items()):
            n = counts.get(label, 0)
            noun = " case" * (place == 0) + "s" * (place == 0 and n != 1)
            parts.append(f"{n}{noun} {verb[0] if n == 1 else verb[1]}")
        listed = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
        cases = "case" if total == 1 else "cases"
        return f"audited {total} child protection {cases} ({listed})"
