"""Coverage: how often each criterion was looked at by each method, and where nothing was."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.entries import entries_in, entry_label
from fieldkit.evidence.origins import resting
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.methodology import Area, Methodology, find, load
from fieldkit.service import existing, today
from fieldkit.wording.dates import working_days
from storage.database.remembered import unchanged
from storage.records import Document, Inspection, Interview, Point, SelfAssessment
from storage.records.judgment import GRADED, CriterionCount, counts_by_criterion
from storage.records.lookup import records_in, rows_kept
from storage.records.note import criteria_by_entry, notes_by_mark, notes_by_place

CASE_AUDIT, OWN, STRENGTH, CONCERN = "case-audit", "own", "strength", "concern"
ON_CASES = (CASE_AUDIT, OWN)
"""The methods that look at cases; they apply to criteria that are judged on cases."""
BESIDE_CASES = frozenset(("interview", "focus-group", "observation", "document"))
"""The methods that look at anything but cases."""
STRENGTHS = frozenset(("strength", "notable practice"))
"""The sorts of points that say what works well."""
OTHERS = "others"
"""Who was heard and belongs to no source group of the methodology."""
LONGEST_FIELDWORK = 366
"""Days after which the end of an inspection is taken for a slip of typing."""


@dataclass(frozen=True, slots=True)
class Method:
    """Holds a way of looking at a criterion; its words stand in ``coverage.toml``."""

    name: str
    heading: tuple[str, str]
    kind: str
    gap: str
    alone: str
    key: str
    fill: str
    short: str
    command: str


@cache
def methods() -> Mapping[str, Method]:
    """Return the methods by their names, in the order of the columns; the strengths come last."""
    known = tomllib.loads((files(__package__) / "coverage.toml").read_text("utf-8"))
    return {
        name: Method(name=name, heading=tuple(words.pop("heading")), **words)
        for name, words in known.items()
    }


@dataclass(frozen=True, slots=True)
class Cell:
    """Says how often one criterion was looked at by one method.

    Attributes:
        method: the name of the method.
        count: cases, interviews, observations or documents.
        applies: whether the method can look at the criterion here.
        heard: whom, where or what, for everything but case files.
        ids: of the entries that count, for everything but case files.
    """

    method: str
    count: int
    applies: bool = True
    heard: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    @property
    def gap(self) -> bool:
        """Say whether nothing was looked at, and something could be."""
        return self.applies and not self.count


@dataclass(frozen=True, slots=True)
class Row:
    """Holds one criterion with what it rests on.

    Attributes:
        criterion: its key.
        number: its place in the methodology's list, from 1.
        label: what it is called.
        cells: one for each method, the strengths apart.
        strengths: notes marked so, and cases in which something is written that went well.
        concerns: the same of concerns.
        sought: whether a strength was looked for; a point on one counts as well.
        grades: how many cases have each grade.
        unable: how many cases could not be judged on it.
        meetings: interviews and focus groups with notes on it.
        asked: how many of them were asked what works well.
        missing: the names of the methods by which nothing was looked at; the strength last.
    """

    criterion: str
    number: int
    label: str
    cells: tuple[Cell, ...]
    strengths: int
    concerns: int
    sought: bool
    grades: Mapping[str, int]
    unable: int
    meetings: int
    asked: int
    missing: tuple[str, ...]

    @property
    def pieces(self) -> int:
        """Return how many cases, interviews, observations and documents it rests on."""
        return sum(one.count for one in self.cells if one.method != OWN)

    def cell(self, method: str) -> Cell:
        """Return the cell of a method; raises ``KeyError`` for one that is none."""
        return {one.method: one for one in self.cells}[method]


@dataclass(frozen=True, slots=True)
class Heard:
    """Says how many interviews and focus groups were held with a source group."""

    group: str
    label: str
    meetings: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Holds what each criterion rests on, and where nothing was looked at.

    Attributes:
        rows: the criteria in their order.
        heard: the source groups in the methodology's order, those of none last.
        days_left: working days of the fieldwork after today; ``None`` where its end is not known.
        free: of these the days, ``YYYY-MM-DD``, on which nothing is entered yet.
    """

    rows: tuple[Row, ...]
    heard: tuple[Heard, ...]
    days_left: int | None
    free: tuple[str, ...]

    @property
    def gaps(self) -> int:
        """Return how many gaps there are in all."""
        return sum(len(one.missing) for one in self.rows)

    @property
    def lacking(self) -> tuple[Row, ...]:
        """Return the criteria with a gap, those with the most first."""
        return tuple(
            sorted(
                (one for one in self.rows if one.missing),
                key=lambda one: (-len(one.missing), one.number),
            )
        )

    @property
    def missing(self) -> tuple[Method, ...]:
        """Return the methods by which some criterion was not looked at."""
        names = {name for one in self.rows for name in one.missing}
        return tuple(one for name, one in methods().items() if name in names)


def coverage(s: Session, inspection_id: str) -> Coverage:
    """Return what each criterion rests on; raises `NotThereError` where there is no inspection.

    Seven queries, whose answers grow with the entries of the fieldwork and not with the cases.
    """
    s.flush()
    read = partial(_read, s, inspection_id)
    return unchanged(s.connection(), f"coverage of {inspection_id}", today(), read)


def _read(s: Session, inspection_id: str) -> Coverage:
    inspection = existing(s, Inspection, inspection_id)
    methodology = load(inspection.judged_by)
    entries = {one.id: one for one in entries_in(s, inspection_id)}
    looked_at = _Looked(s, inspection_id, entries)
    applicable = _on_cases(s, inspection, methodology)
    rows = tuple(
        _row(area, number, looked_at, applicable if "case" in area.judged_on else frozenset())
        for number, area in enumerate(methodology.areas, 1)
    )
    days = days_left(inspection)
    held = {one.held_on for one in entries.values() if one.KIND != Document.KIND}
    return Coverage(
        rows=rows,
        heard=_heard(methodology, entries.values(), looked_at.noted),
        days_left=None if days is None else len(days),
        free=tuple(str(day) for day in days or () if str(day) not in held),
    )


def gap_words(row: Row) -> str:
    """Say what was not looked at: “no focus group, observation or document”."""
    known = methods()
    looked = [known[name] for name in row.missing if name != STRENGTH]
    words = []
    if not row.pieces:
        words = ["nothing yet"]
    elif {one.name for one in looked} == BESIDE_CASES:
        words = ["nothing beside case files"]
    elif looked:
        words = [looked[0].alone] if len(looked) == 1 else [none_of(looked)]
    if STRENGTH in row.missing and row.pieces:
        words.append(known[STRENGTH].alone)
    return "; ".join(words)


def none_of(missing: Sequence[Method]) -> str:
    """Say that none of these was done: “no interview, observation or document”."""
    names = [one.gap for one in missing]
    return f"no {', '.join(names[:-1])} or {names[-1]}" if names[1:] else f"no {names[0]}"


class _Looked:
    """Holds what was read: how cases are judged, and which entries bear on which criterion."""

    def __init__(
        self, s: Session, inspection_id: str, entries: Mapping[str, SimpleNamespace]
    ) -> None:
        self.entries = entries
        self.heard = {one.id: entry_label(one).partition(": ")[2] for one in entries.values()}
        self.methods = {one.id: method_of(one) for one in entries.values()}
        self.judged: dict[str, list[CriterionCount]] = defaultdict(list)
        for count in counts_by_criterion(s, inspection_id):
            self.judged[count.criterion].append(count)
        self.marks = notes_by_mark(s, inspection_id)
        self.bearing: dict[str, set[str]] = defaultdict(set)
        """The ids of the entries that bear on a criterion, by its key."""
        self.noted: set[str] = set()
        self.asked = {
            one.id
            for one in entries.values()
            if one.KIND == Interview.KIND and one.works_well == "asked"
        }
        for entry, criteria in criteria_by_entry(s, inspection_id).items():
            self.noted.add(entry)
            for criterion in criteria:
                self.bearing[criterion].add(entry)
        self.asked |= {
            one.parent_id
            for one in notes_by_place(s, inspection_id)
            if one.polarity == "strength" and one.parent_id in entries
        }
        points = {
            one.id: one for one in rows_kept(s, Point, inspection_id) if one.state != WITHDRAWN
        }
        for point_id, links in resting(s, inspection_id, changes=False).items():
            criterion = points[point_id].criterion if point_id in points else ""
            for link in links if criterion else ():
                inside = link.evidence.inside if link.evidence else None
                _, entry = inside or (link.support.evidence_kind, link.support.evidence_id)
                if entry in entries:
                    self.bearing[criterion].add(entry)
        self.well_said = {one.criterion for one in points.values() if one.sort in STRENGTHS}


def _row(area: Area, number: int, looked: _Looked, on_cases: frozenset[str]) -> Row:
    judged = looked.judged[area.key]
    graded = [one for one in judged if one.state == GRADED]
    on_it = looked.bearing[area.key]
    bearing = [entry for record, entry in looked.entries.items() if record in on_it]
    counts = {CASE_AUDIT: sum(one.cases for one in graded), OWN: sum(one.own for one in graded)}
    cells = [Cell(name, counts[name], name in on_cases or counts[name] > 0) for name in ON_CASES]
    cells += [
        _cell(name, [one.id for one in bearing if looked.methods[one.id] == name], looked.heard)
        for name in methods()
        if name not in (*ON_CASES, STRENGTH)
    ]
    meetings = [one for one in bearing if one.KIND == Interview.KIND]
    strengths = looked.marks[("strength", area.key)] + sum(one.went_well for one in judged)
    sought = bool(strengths) or area.key in looked.well_said
    return Row(
        criterion=area.key,
        number=number,
        label=area.label,
        cells=tuple(cells),
        strengths=strengths,
        concerns=looked.marks[("concern", area.key)] + sum(one.concerns for one in judged),
        sought=sought,
        grades=dict(sum((Counter({one.grade: one.cases}) for one in graded), Counter())),
        unable=sum(one.cases for one in judged if one.state == "unable to judge"),
        meetings=len(meetings),
        asked=sum(one.id in looked.asked for one in meetings),
        missing=(*(one.method for one in cells if one.gap), *(() if sought else (STRENGTH,))),
    )


def _cell(method: str, entries: Sequence[str], heard: Mapping[str, str]) -> Cell:
    whom = tuple(dict.fromkeys(heard[one] for one in entries))
    return Cell(method, len(entries), heard=whom, ids=tuple(entries))


def method_of(entry: Any) -> str:
    """Return the name of the method by which an entry looks at something."""
    return str(entry.meeting.replace(" ", "-") if entry.KIND == Interview.KIND else entry.KIND)


def _on_cases(s: Session, inspection: Inspection, methodology: Methodology) -> frozenset[str]:
    """Return the methods that look at cases here: none where the phase audits no case."""
    phase = find(methodology.phases, inspection.phase)
    if phase is not None and phase.audits == "none":
        return frozenset()
    assessed = bool(records_in(s, SelfAssessment, inspection.id))
    return frozenset(ON_CASES if assessed else (CASE_AUDIT,))


def _heard(
    methodology: Methodology, entries: Iterable[SimpleNamespace], noted: Iterable[str]
) -> tuple[Heard, ...]:
    """Return whom the meetings that were held were with; one without notes counts from its day."""
    now, written = today(), set(noted)
    known = {one.key: one.short or one.label for one in methodology.source_groups}
    counts: Counter[str] = Counter()
    for one in entries:
        if one.KIND == Interview.KIND and (one.id in written or "" < one.held_on <= now):
            counts[one.source_group if one.source_group in known else OTHERS] += 1
    groups = [Heard(key, label, counts[key]) for key, label in known.items()]
    others = [Heard(OTHERS, OTHERS, counts[OTHERS])] if counts[OTHERS] else []
    return (*groups, *others)


def days_left(inspection: Inspection) -> list[date] | None:
    """Return the working days of the fieldwork that come after today; None for no known end."""
    try:
        last = date.fromisoformat(inspection.ends)
        first = date.fromisoformat(inspection.starts) if inspection.starts else last
    except ValueError:
        return None
    begin = max(first, date.fromisoformat(today()) + timedelta(days=1))
    if (last - begin).days > LONGEST_FIELDWORK:
        return None
    return working_days(begin, last)
