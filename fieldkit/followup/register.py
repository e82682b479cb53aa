"""The register: every recommendation of a force, or of all forces, by the day it is due."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from fieldkit.evidence.triangulation import CONTRADICTS, SUPPORTS
from fieldkit.followup.days import days_between, due_day, present_day
from fieldkit.followup.force import inspections_of_force
from fieldkit.followup.links import OF_PROGRESS, progress_words
from fieldkit.followup.numbers import called
from fieldkit.followup.status import BEGUN, is_running, status_of, status_on, statuses
from fieldkit.methodology import Methodology, canonical, find, load_known
from fieldkit.service import RefusedError, criterion_label
from fieldkit.wording.dates import day_words
from fieldkit.wording.labels import Names
from storage.ops.forces import comparable_force
from storage.ops.text import many
from storage.records import (
    Basis,
    Inspection,
    Recommendation,
    RecommendationComment,
    RecommendationLink,
)
from storage.records.inspection import inspections
from storage.records.lookup import records_naming, rows_naming

ORDERS = ("due", "number", "criterion", "status")
_LAST = "9999-99-99"


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """Holds a recommendation in the register.

    Attributes:
        id: which recommendation.
        inspection_id, force: of which inspection, and of which force.
        number: its number; of a draft its place.
        called: the number, or “draft” and its place.
        wording, finding: what is recommended, and what was found.
        criterion, criterion_label: the key of its criterion, and what that is called.
        outcomes: the keys of the programme's outcomes that it bears on.
        deadline: “immediately”, “within three months” or “within six months”.
        published: when its report was published, ``YYYY-MM-DD``; empty while it is not.
        due: by when, ``YYYY-MM-DD``; empty while it is not published.
        late: days overdue, where it is neither complete nor ended; otherwise 0.
        status: how far it has come, or what ended it.
        status_on, status_reason: since when it has that status, and why it ended.
        then: the status on an earlier day that was asked for; empty where none was.
        owner: who answers for it at the force, by role.
        points: on how many points it rests.
        supports, contradicts: pieces of evidence for and against its progress.
        comments: how many there are.
        last_comment: the latest: who, when and what, in a line; or empty.
    """

    id: str
    inspection_id: str
    force: str
    number: int
    called: str
    wording: str
    finding: str
    criterion: str
    criterion_label: str
    outcomes: tuple[str, ...]
    deadline: str
    published: str
    due: str
    late: int
    status: str
    status_on: str
    status_reason: str
    then: str
    owner: str
    points: int
    supports: int
    contradicts: int
    comments: int
    last_comment: str

    @property
    def due_words(self) -> str:
        """Return by when, in words, and how late it is."""
        if not self.due:
            return f"{self.deadline} once published"
        late = f", {many(self.late, 'day')} late" if self.late else ""
        return f"{self.deadline}, by {day_words(self.due)}{late}"

    @property
    def progress(self) -> str:
        """Return how much evidence there is for and against its progress, in words; or empty."""
        return progress_words(self.supports, self.contradicts)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Says which of the register is wanted; what is empty narrows nothing down.

    Attributes:
        force: the name of a force.
        criterion: the key or label of a criterion.
        status: a status, or what ended one; “open” for all that is neither complete nor ended.
        due_until: the last day by which it is due, ``YYYY-MM-DD``.
        then: a day, ``YYYY-MM-DD``, whose status is told beside that of now.
        order: one of :data:`ORDERS`.
        drafts: those that are not published are among them.
    """

    force: str = ""
    criterion: str = ""
    status: str = ""
    due_until: str = ""
    then: str = ""
    order: str = "due"
    drafts: bool = True


def register(
    s: Session, wanted: Wanted | None = None, among: Iterable[str] | None = None
) -> list[RegisterLine]:
    """Return the recommendations that are wanted; raises `RefusedError` for an unknown word.

    ``among`` are the ids of the only inspections whose recommendations are looked at.
    """
    wanted = wanted or Wanted()
    known = inspections_of_force(s, wanted.force) if wanted.force else inspections(s)
    if among is not None:
        only = frozenset(among)
        known = [one for one in known if one.id in only]
    by_id = {one.id: one for one in known}
    words = {one.id: load_known(one.judged_by) for one in known}
    recommended = [
        one
        for one in records_naming(s, Recommendation, "inspection_id", by_id)
        if (wanted.drafts or one.numbered_on) and _is_of(one, wanted.status)
    ]
    if wanted.criterion:
        recommended = _on_criterion(recommended, wanted.criterion, words)
    if wanted.order not in ORDERS:
        raise RefusedError(
            f"The register is not sorted by “{wanted.order}”. Nothing was changed; it is sorted by "
            f"{', '.join(ORDERS)}."
        )
    beside = _Beside(s, [one.id for one in recommended])
    present = present_day(s)
    lines = [
        _line(
            s,
            one,
            by_id[one.inspection_id],
            words[one.inspection_id],
            beside,
            present,
            wanted.then,
        )
        for one in recommended
    ]
    if wanted.due_until:
        lines = [one for one in lines if one.due and one.due <= wanted.due_until]
    return _sorted(lines, wanted.order)


def register_line(s: Session, recommendation: Recommendation, then: str = "") -> RegisterLine:
    """Return one recommendation as the register has it."""
    inspection = s.get_one(Inspection, recommendation.inspection_id)
    beside = _Beside(s, [recommendation.id])
    words = load_known(inspection.judged_by)
    return _line(s, recommendation, inspection, words, beside, present_day(s), then)


class _Beside:
    """Holds what stands beside several recommendations, read in few statements."""

    def __init__(self, s: Session, ids: Sequence[str]) -> None:
        name = "recommendation_id"
        s.flush()
        self.points = Counter(of for (of,) in rows_naming(s, Basis, [name], name, ids))
        links = rows_naming(s, RecommendationLink, [name, "relation", "role"], name, ids)
        self.evidence = Counter(
            (of, relation) for of, relation, role in links if role == OF_PROGRESS
        )
        said = ("said_on", "made_at", "id", "whose", "text")
        self.comments: dict[str, list[Said]] = defaultdict(list)
        for of, *rest in rows_naming(s, RecommendationComment, [name, *said], name, ids):
            self.comments[of].append(Said(*rest))
        self.names = Names(s)


class Said(NamedTuple):
    """Holds a comment on a recommendation, in the order in which comments are read."""

    said_on: str
    made_at: str
    id: str
    whose: str
    text: str


def comment_words(comment: RecommendationComment | Said) -> str:
    """Return a comment in a line, with who said it when."""
    who = "the force" if comment.whose == "force" else "inspectors"
    return f"{who}, {day_words(comment.said_on)}: {comment.text}"


def _line(
    s: Session,
    one: Recommendation,
    inspection: Inspection,
    words: Methodology | None,
    beside: _Beside,
    present: str,
    then: str,
) -> RegisterLine:
    limit = find(words.deadlines, one.deadline) if words else None
    due = due_day(limit, inspection.published) if limit else ""
    said = sorted(beside.comments[one.id])
    return RegisterLine(
        id=one.id,
        inspection_id=one.inspection_id,
        force=inspection.force,
        number=one.number,
        called=called(one),
        wording=one.wording,
        finding=one.finding,
        criterion=one.criterion,
        criterion_label=criterion_label(words, one.criterion) if words else one.criterion,
        outcomes=tuple(one.outcomes),
        deadline=one.deadline,
        published=inspection.published,
        due=due,
        late=max(days_between(due, present), 0) if due and is_running(one) else 0,
        status=status_of(one),
        status_on=one.status_on,
        status_reason=one.ended_reason,
        then=_then(s, one, then, beside.names) if then else "",
        owner=one.owner,
        points=beside.points[one.id],
        supports=beside.evidence[one.id, SUPPORTS],
        contradicts=beside.evidence[one.id, CONTRADICTS],
        comments=len(said),
        last_comment=comment_words(said[-1]) if said else "",
    )


def _then(s: Session, one: Recommendation, day: str, names: Names) -> str:
    """Return the status on a day; where what is recorded now says it, no history is read."""
    if one.status_on and one.status_on <= day:
        return status_of(one)
    never = not (one.status_on or one.ended) and one.status == BEGUN
    return BEGUN if never else status_on(statuses(s, one.id, names), day)


def _is_of(one: Recommendation, status: str) -> bool:
    if not status.strip():
        return True
    wanted = canonical(status)
    return is_running(one) if wanted == "open" else canonical(status_of(one)) == wanted


def _on_criterion(
    recommended: Iterable[Recommendation], written: str, words: Mapping[str, Methodology | None]
) -> list[Recommendation]:
    """Return those on a criterion, whose key may differ with the methodology.

    Raises `RefusedError` where no methodology of theirs knows it.
    """
    keys: dict[str, str] = {}
    for inspection_id, methodology in words.items():
        area = methodology.criterion(written) if methodology else None
        if area is not None:
            keys[inspection_id] = area.key
    if not keys:
        raise RefusedError(
            f"“{written}” is not a criterion of an inspection kept here. Nothing was changed; "
            f"choose "
            "one that the inspection is judged by."
        )
    return [one for one in recommended if keys.get(one.inspection_id) == one.criterion]


def _sorted(lines: list[RegisterLine], order: str) -> list[RegisterLine]:
    def place(one: RegisterLine) -> tuple[object, ...]:
        rest = (comparable_force(one.force), one.called.startswith("draft"), one.number, one.id)
        first = {
            "due": one.due or _LAST,
            "number": "",
            "criterion": one.criterion_label,
            "status": one.status,
        }[order]
        return (first, *rest)

    return sorted(lines, key=place)
