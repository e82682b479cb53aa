"""The collection of notable practice over all inspections kept here, and what each still lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.points import WITHDRAWN
from fieldkit.feedback.debriefs.chain import Chain, chains
from fieldkit.feedback.handover.evidence import EvidenceRows
from fieldkit.feedback.handover.findings import finding
from fieldkit.followup.force import readable
from fieldkit.followup.links import NOTABLE
from fieldkit.followup.practice.consent import Consented, consents, words
from fieldkit.methodology import Methodology, canonical, load
from fieldkit.service import RefusedError, criterion_label
from storage.ops.text import many
from storage.records import (
    Case,
    DebriefPoint,
    Inspection,
    Point,
    Practice,
    PracticeRequest,
    Support,
)
from storage.records.lookup import records_in
from storage.records.point import practice_id
from storage.records.registry import KINDS

ORDERS = ("criterion", "asked", "latest")


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """Holds one practice of the collection.

    Attributes:
        point_id, inspection_id: which point, of which inspection.
        force: the name of the force; empty unless it consented that it is shown.
        wording: the words that were agreed last; where none were, our own.
        wording_of: the kind, id and field of the record that these stand in.
        criterion, criterion_label: the key of its criterion, and what that is called.
        types: the types of case that it is for: those written down, and of the cases it rests on.
        problem, how, works, ask_whom: what others need to learn from it.
        evidence: what it was seen by, such as “2 case audits, 1 focus group”.
        consent: what the force says of passing it on.
        lacks: why it may not leave, as sentences without a stop; empty where it may.
        asked: how often it was asked for.
        asked_by: by whom, each once, the latest first.
        made_at: when the point was made.
    """

    point_id: str
    inspection_id: str
    force: str
    wording: str
    wording_of: tuple[str, str, str]
    criterion: str
    criterion_label: str
    types: tuple[str, ...]
    problem: str
    how: str
    works: str
    ask_whom: str
    evidence: str
    consent: Consented
    lacks: tuple[str, ...]
    asked: int
    asked_by: tuple[str, ...]
    made_at: str

    @property
    def id(self) -> str:
        """Return by which id a list knows it."""
        return self.point_id

    @property
    def force_words(self) -> str:
        """Return the name of the force, or that it is not named."""
        return self.force or str(words()["document"]["unnamed"])


@dataclass(frozen=True, slots=True)
class WantedPractice:
    """Says which practice is wanted; what is empty narrows nothing down.

    Attributes:
        criterion: the key or label of a criterion, of any version.
        type: a type of case, by key, label or another word for it.
        text: words that stand in it.
        order: one of :data:`ORDERS`.
        every: also what may not leave.
    """

    criterion: str = ""
    type: str = ""
    text: str = ""
    order: str = "criterion"
    every: bool = False


def collection(s: Session, wanted: WantedPractice | None = None) -> list[PracticeLine]:
    """Return the practice that is wanted, of all inspections kept here.

    Raises `RefusedError` for a criterion, type of case or order that none of them knows.
    """
    wanted = wanted or WantedPractice()
    if wanted.order not in ORDERS:
        raise RefusedError(
            f"Practice is not sorted by “{wanted.order}”. Nothing was changed; it is sorted by "
            f"{', '.join(ORDERS)}."
        )
    lines: list[PracticeLine] = []
    criteria, types = set[tuple[str, str]](), set[tuple[str, str]]()
    for inspection in readable(s):
        methodology = load(inspection.judged_by)
        area = methodology.criterion(wanted.criterion) if wanted.criterion else None
        kind = methodology.case_type(wanted.type) if wanted.type else None
        criteria |= {(inspection.id, area.key)} if area else set()
        types |= {(inspection.id, kind.label)} if kind else set()
        lines += _of_inspection(s, inspection, methodology)
    if wanted.criterion and not criteria:
        raise _unknown(wanted.criterion, "criterion")
    if wanted.type and not types:
        raise _unknown(wanted.type, "type of case")
    return _sorted(
        [
            one
            for one in lines
            if (wanted.every or not one.lacks)
            and (not wanted.criterion or (one.inspection_id, one.criterion) in criteria)
            and (not wanted.type or any((one.inspection_id, each) in types for each in one.types))
            and _has(one, wanted.text)
        ],
        wanted.order,
    )


def _unknown(written: str, what: str) -> RefusedError:
    return RefusedError(
        f"“{written}” is not a {what} of an inspection kept here. Nothing was changed; name one "
        "that is."
    )


def _of_inspection(
    s: Session, inspection: Inspection, methodology: Methodology
) -> list[PracticeLine]:
    points = [
        one
        for one in records_in(s, Point, inspection.id)
        if one.sort == NOTABLE and one.state != WITHDRAWN
    ]
    if not points:
        return []
    told, rows = chains(s, inspection.id), EvidenceRows(s, inspection.id, methodology)
    consent = consents(s, (one.id for one in points))
    requests: dict[str, list[PracticeRequest]] = defaultdict(list)
    for request in records_in(s, PracticeRequest, inspection.id):
        requests[request.point_id].append(request)
    cases = _types_behind(s, inspection.id, {one.id for one in points})
    lines = []
    for point in points:
        chain, sheet = told[point.id], s.get(Practice, practice_id(point.id))
        kinds = Counter(kind.lower() for kind, _ in rows.of(finding(methodology, 1, chain)))
        wording, wording_of = _words_of(chain)
        asked = sorted(
            requests[point.id], key=lambda one: (one.asked_on, one.made_at), reverse=True
        )
        types = [*(sheet.types if sheet else ()), *cases[point.id]]
        lines.append(
            PracticeLine(
                point_id=point.id,
                inspection_id=inspection.id,
                force=inspection.force if consent[point.id].is_named else "",
                wording=wording,
                wording_of=wording_of,
                criterion=point.criterion,
                criterion_label=criterion_label(methodology, point.criterion),
                types=methodology.type_labels(dict.fromkeys(types)),
                problem=sheet.problem if sheet else "",
                how=sheet.how if sheet else "",
                works=sheet.works if sheet else "",
                ask_whom=sheet.ask_whom if sheet else "",
                evidence=", ".join(many(count, kind) for kind, count in kinds.items()),
                consent=consent[point.id],
                lacks=tuple(_lacks(chain, consent[point.id])),
                asked=len(asked),
                asked_by=tuple(dict.fromkeys(one.asked_by for one in asked)),
                made_at=point.made_at,
            )
        )
    return lines


def _words_of(chain: Chain) -> tuple[str, tuple[str, str, str]]:
    """Return the words of a practice, and the record and field that they stand in."""
    telling = next(
        (one for one in reversed(chain.tellings) if one.frozen and one.wording == chain.wording),
        None,
    )
    if telling is None:
        return chain.wording, (Point.KIND, chain.point.id, "wording")
    return chain.wording, (DebriefPoint.KIND, telling.id, "agreed_wording")


def _lacks(chain: Chain, consent: Consented) -> Iterable[str]:
    say = words()["lacks"]
    if chain.withdrawn:
        yield say["gone"]
    elif not (chain.told and chain.agreed) or chain.unsettled:
        yield say["told"]
    if consent.undecided:
        yield say["undecided"]
    elif not consent.leaves:
        yield say.get(consent.consent, say["consent"])


def _types_behind(s: Session, inspection_id: str, points: set[str]) -> dict[str, list[str]]:
    """Return the types of the cases that practice rests on, by the point's id."""
    cases = {one.id: one for one in records_in(s, Case, inspection_id)}
    types: dict[str, list[str]] = defaultdict(list)
    for support in records_in(s, Support, inspection_id):
        if support.point_id in points and support.relation == "supports":
            record = cases.get(_case_of(s, support))
            types[support.point_id] += record.types if record is not None else ()
    return types


def _case_of(s: Session, support: Support) -> str:
    known = KINDS.get(support.evidence_kind)
    record = s.get(known, support.evidence_id) if known else None
    return str(getattr(record, "case_id", "")) if record is not None else ""


def _has(one: PracticeLine, text: str) -> bool:
    wanted = canonical(text)
    every = (one.wording, one.problem, one.how, one.works, one.ask_whom)
    return not wanted or any(wanted in canonical(each) for each in every)


def _sorted(lines: list[PracticeLine], order: str) -> list[PracticeLine]:
    lines = sorted(lines, key=lambda one: one.made_at, reverse=True)
    if order == "criterion":
        lines.sort(key=lambda one: one.criterion_label)
    elif order == "asked":
        lines.sort(key=lambda one: one.asked, reverse=True)
    return lines
