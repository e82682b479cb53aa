"""Lints: what is worth a second look before the force hears it; prompts, never for the force."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from fieldkit.evidence.entries import entries_in, entry_label
from fieldkit.evidence.evidence import OWN_REMARK
from fieldkit.evidence.origins import Resting, resting
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.evidence.triangulation import meter
from fieldkit.methodology import OVERALL, Methodology
from fieldkit.service import methodology_of
from storage.database.remembered import following, unchanged
from storage.ops.text import many
from storage.records import (
    Case,
    Document,
    Inspection,
    Interview,
    Judgment,
    Point,
    Referral,
)
from storage.records.judgment import CaseAnswers, assessments, marks_by_case, went_well_on
from storage.records.lookup import fields_of, rows_kept
from storage.records.note import NotesOfPlace, noted_criteria, notes_by_place

CRITERION = "criterion"
"""The kind of a lint on a criterion, whose id is the criterion's key."""
STRENGTHS = frozenset(("strength", "notable practice"))
MARKED = frozenset(("strength", "concern"))
"""The signs of notes that say how something is done; context only helps to understand."""
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lint:
    """Says what is worth a second look, and what settles it.

    Attributes:
        rule: which rule, by its name in ``lints.toml``.
        kind: the kind of record, or :data:`CRITERION`.
        id: which record, or the criterion's key.
        words: a sentence.
        settle: what settles it, on the page.
        page, key: the page where that is done, and the key that leads there from home.
        command: the command that does the same.
    """

    rule: str
    kind: str
    id: str
    words: str
    settle: str
    page: str
    key: str
    command: str


@cache
def rules() -> Mapping[str, Any]:
    """Return limits and rules, from ``lints.toml``."""
    return tomllib.loads((files(__package__) / "lints.toml").read_text("utf-8"))


def lints(s: Session, inspection_id: str) -> list[Lint]:
    """Return what is worth a second look, rule by rule; raises `NotThereError`."""
    s.flush()
    found = partial(_found, s, inspection_id)
    return list(unchanged(s.connection(), f"lints of {inspection_id}", "", found))


def _found(s: Session, inspection_id: str) -> tuple[Lint, ...]:
    seen = _read(s, inspection_id)
    by_rule: dict[str, list[Lint]] = {rule: [] for rule in rules()["rules"]}
    for lint in (
        *seen.standing.lints,
        *_worst_cases(s, seen),
        *_unused(s, seen),
        *_criteria(s, seen),
        *_not_asked(seen),
    ):
        by_rule[lint.rule].append(lint)
    return tuple(lint for of_rule in by_rule.values() for lint in of_rule)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Holds the points that stand, and what follows from them and what they rest on.

    Attributes:
        points: by their numbers.
        roots: the cases, interviews, observations and documents that their support comes from.
        in_points: how many of the notes some point names, by kind and id of their record and
            their sign.
        lints: what is worth a look of the points themselves.
    """

    points: Mapping[int, SimpleNamespace]
    roots: frozenset[Place]
    in_points: Counter[tuple[str, str, str]]
    lints: tuple[Lint, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Holds what is read once: points with what they rest on, notes, entries and judgments.

    Attributes:
        called: the references of the cases that are not withdrawn, by id.
        notes: how many notes of each sign each record has.
        criteria: each sign with each criterion that some note of it bears on.
    """

    inspection_id: str
    methodology: Methodology
    standing: _Standing
    called: Mapping[str, str]
    notes: Sequence[NotesOfPlace]
    criteria: frozenset[tuple[str, str]]
    entries: Sequence[SimpleNamespace]
    judged: Mapping[str, CaseAnswers]


def _read(s: Session, inspection_id: str) -> _Seen:
    connection, name = s.connection(), f"lints of {inspection_id}"
    points, cases = (rows_kept(s, kind, inspection_id) for kind in (Point, Case))
    by_point = resting(s, inspection_id, changes=False)
    return _Seen(
        inspection_id=inspection_id,
        methodology=methodology_of(s, inspection_id),
        standing=following(
            connection, name, (points, by_point), lambda: _standing(points, by_point)
        ),
        called=following(
            connection,
            f"references of {inspection_id}",
            (cases,),
            lambda: {case.id: case.reference for case in cases if not case.withdrawn},
        ),
        notes=notes_by_place(s, inspection_id),
        criteria=frozenset(noted_criteria(s, inspection_id)),
        entries=entries_in(s, inspection_id),
        judged=marks_by_case(s, inspection_id),
    )


def _standing(
    rows: Sequence[SimpleNamespace], by_point: Mapping[str, Sequence[Resting]]
) -> _Standing:
    points = {
        number: point for number, point in enumerate(rows, start=1) if point.state != WITHDRAWN
    }
    standing = {point.id for point in points.values()}
    statuses = {point: links for point, links in by_point.items() if point in standing}
    known = {
        (one.evidence.kind, one.evidence.id): one.evidence
        for links in statuses.values()
        for one in links
        if one.evidence is not None
    }
    in_points = Counter(
        (*one.inside, one.polarity) for one in known.values() if one.inside is not None
    )
    roots = frozenset(one.root for one in known.values())
    return _Standing(points, roots, in_points, tuple(_of_points(points, statuses)))


def _lint(
    rule: str, kind: str, record: str, what: str, *, count: str = "", name: object = ""
) -> Lint:
    said = rules()["rules"][rule]
    return Lint(
        rule=rule,
        kind=kind,
        id=record,
        words=said["words"].format(what=what, count=count),
        settle=said["settle"],
        page=said["page"],
        key=said["key"],
        command=said["command"].format(name=name),
    )


def _of_points(
    points: Mapping[int, SimpleNamespace], statuses: Mapping[str, Sequence[Resting]]
) -> Iterator[Lint]:
    for number, point in points.items():
        whole, what = meter(statuses.get(point.id, ())), f"Point {number}"
        place = (Point.KIND, point.id, what)
        if whole.strength == "none":
            yield _lint("no_support", *place, name=number)
        elif whole.strength == "thin" and not point.kept_thin:
            if not whole.methods:
                few = f"thing alone, an {OWN_REMARK}"
            elif len(whole.sources) == 1:
                few = "source alone"
            elif len(whole.methods) == 1:
                few = "method alone"
            else:
                few = "or few sources: " + many(len(whole.sources), "source group")
            yield _lint("one_source", *place, count=few, name=number)
        if waiting := whole.contradictions - whole.answered:
            yield _lint("contradiction", *place, count=many(waiting, "time"), name=number)


def _worst_cases(s: Session, seen: _Seen) -> Iterator[Lint]:
    worst = seen.methodology.scale_for("case").labels[-rules()["limits"]["worst_grades"] :]
    graded = {
        case: answers[OVERALL].grade
        for case, answers in seen.judged.items()
        if OVERALL in answers.graded and answers[OVERALL].grade in worst
    }
    referred = {one.case_id for one in rows_kept(s, Referral, seen.inspection_id)}
    called = ((seen.called[case], case) for case in graded if case in seen.called)
    for reference, case in sorted(called):
        if (Case.KIND, case) not in seen.standing.roots and case not in referred:
            grade = graded[case]
            yield _lint("worst_case", Case.KIND, case, reference, count=grade, name=reference)


def _unused(s: Session, seen: _Seen) -> Iterator[Lint]:
    noted: set[Place] = set()
    inside: Counter[Place] = Counter()
    for kind, parent, polarity, notes in seen.notes:
        noted.add((kind, parent))
        if polarity in MARKED:
            inside[(kind, parent)] += notes - seen.standing.in_points[(kind, parent, polarity)]
    for entry in seen.entries:
        place = (entry.KIND, entry.id)
        waiting = inside.pop(place, 0)
        awaited = entry.KIND == Document.KIND and not entry.received_on and bool(entry.asked_on)
        if awaited and place not in noted:
            continue
        if place not in seen.standing.roots:
            count = "nothing of it is in a point"
        elif not (count := _count(waiting)):
            continue
        yield _lint("unused", entry.KIND, entry.id, entry_label(entry), count=count)
    unused = {place: text for place, notes in inside.items() if (text := _count(notes))}
    judged = {record for kind, record in unused if kind == Judgment.KIND}
    of_judgment = {
        record: str(fields["case_id"])
        for record, fields in fields_of(s, Judgment, ("case_id",), judged).items()
    }
    for (kind, record), count in unused.items():
        if kind in (Case.KIND, Judgment.KIND):
            case = of_judgment.get(record, record)
            if case in seen.called:
                yield _lint("unused", Case.KIND, case, seen.called[case], count=count)
        else:
            what = "Remarks" if kind == Inspection.KIND else kind.capitalize()
            yield _lint("unused", kind, record, what, count=count)


def _count(unused: int) -> str:
    """Say how many notes with a sign are in no point; empty where all are."""
    if not unused:
        return ""
    return f"{many(unused, 'marked note')} {'is' if unused == 1 else 'are'} in no point"


def _criteria(s: Session, seen: _Seen) -> Iterator[Lint]:
    """Name the criteria that something was found on, and no strength was looked for."""
    found = set[str]().union(*(answers.found for answers in seen.judged.values()))
    found |= {
        criterion for criterion, one in assessments(s, seen.inspection_id).items() if one.graded
    }
    found |= {criterion for _, criterion in seen.criteria}
    found |= {point.criterion for point in seen.standing.points.values()}
    strong = set(went_well_on(s, seen.inspection_id))
    strong |= {criterion for polarity, criterion in seen.criteria if polarity == "strength"}
    strong |= {
        point.criterion for point in seen.standing.points.values() if point.sort in STRENGTHS
    }
    for area in seen.methodology.areas:
        if area.key in found - strong:
            yield _lint("no_strength", CRITERION, area.key, area.label, name=area.key)


def _not_asked(seen: _Seen) -> Iterator[Lint]:
    """Name the meetings in which nobody is known to have asked what works well."""
    told = {one.parent_id for one in seen.notes if one.polarity == "strength"}
    for entry in seen.entries:
        if entry.KIND == Interview.KIND and entry.works_well != "asked" and entry.id not in told:
            yield _lint("not_asked", entry.KIND, entry.id, entry_label(entry), name=entry.id[:8])
