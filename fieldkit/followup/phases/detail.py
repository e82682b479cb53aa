"""What shows, or does not show, that a recommendation is acted upon: by method, in a line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.evidence import CASE_AUDIT, OWN_REMARK, Evidence, evidence, fetch_evidence
from fieldkit.evidence.points import WITHDRAWN
from fieldkit.evidence.triangulation import CONTEXT, CONTRADICTS, SUPPORTS
from fieldkit.followup.links import OF_PROGRESS
from fieldkit.methodology import load_known
from fieldkit.service import inspection_of
from fieldkit.wording.format import without_stop
from storage.ops.text import many
from storage.records import Case, Inspection, Point, RecommendationLink
from storage.records.lookup import records_by_id, records_in, records_naming
from storage.records.registry import KINDS

POINT = "point"
SIGNS = {SUPPORTS: "+", CONTRADICTS: "✗", CONTEXT: "="}


@dataclass(frozen=True, slots=True)
class Piece:
    """Holds what one method shows of an area.

    Attributes:
        relation: it “supports” that the force has acted, “contradicts” it, or gives “context”.
        method: how it was gathered; :data:`POINT` for a point of this follow-up.
        count: how many pieces of evidence there are.
        label: the method with the count.
        text: what they show.
        cases: the references of the cases, where these contradict.
        record: kind and id of the first of them.
        links: the ids of what ties them to the recommendations.
    """

    relation: str
    method: str
    count: int
    label: str
    text: str
    cases: tuple[str, ...]
    record: tuple[str, str]
    links: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """Return +, ✗ or =."""
        return SIGNS[self.relation]


@dataclass(frozen=True, slots=True)
class Detail:
    """Holds what an area rests on: its lines, and by how many methods and sources."""

    pieces: tuple[Piece, ...] = ()
    methods: int = 0
    sources: int = 0


class Progress:
    """Reads the evidence of progress of several recommendations, in few statements."""

    def __init__(self, s: Session, inspection: Inspection, recommended: Sequence[str]) -> None:
        self._s = s
        self._points: dict[str, list[Point]] = defaultdict(list)
        for point in records_in(s, Point, inspection.id):
            if point.state != WITHDRAWN:
                self._points[point.criterion].append(point)
        links = [
            one
            for one in records_naming(s, RecommendationLink, "recommendation_id", recommended)
            if one.role == OF_PROGRESS and one.evidence_kind in KINDS
        ]
        # Held while they are looked at, so that each record is fetched once.
        self._held = fetch_evidence(s, ((one.evidence_kind, one.evidence_id) for one in links))
        self._links: dict[str, list[tuple[RecommendationLink, Evidence]]] = defaultdict(list)
        for one in links:
            piece = self._evidence(one)
            if piece is not None:
                self._links[one.recommendation_id].append((one, piece))

    def _evidence(self, link: RecommendationLink) -> Evidence | None:
        record = self._s.get(KINDS[link.evidence_kind], link.evidence_id)
        of = self._s.get(Inspection, inspection_of(record)) if record is not None else None
        methodology = load_known(of.judged_by) if of is not None else None
        if methodology is None:
            return None
        return evidence(self._s, methodology, link.evidence_kind, link.evidence_id)

    def detail(self, criterion: str, recommended: Sequence[str]) -> Detail:
        """Return what an area rests on: for its recommendations, then the points made on it."""
        tied = [pair for one in recommended for pair in self._links[one]]
        groups: dict[tuple[str, str], list[tuple[RecommendationLink, Evidence]]] = defaultdict(list)
        for link, piece in tied:
            groups[link.relation, piece.method].append((link, piece))
        order = list(SIGNS)
        pieces = [
            self._piece(relation, method, several)
            for (relation, method), several in sorted(
                groups.items(), key=lambda one: (order.index(one[0][0]), one[0][1])
            )
        ]
        pieces += [_of_point(one) for one in self._points[criterion]]
        methods = {one.method for _, one in tied} - {OWN_REMARK}
        sources = {one.source for _, one in tied if one.method != OWN_REMARK}
        return Detail(tuple(pieces), len(methods), len(sources))

    def _piece(
        self, relation: str, method: str, several: Sequence[tuple[RecommendationLink, Evidence]]
    ) -> Piece:
        said = dict.fromkeys(without_stop(link.why or one.text) for link, one in several)
        cases: tuple[str, ...] = ()
        if relation == CONTRADICTS and method == CASE_AUDIT:
            ids = {one.root[1] for _, one in several if one.root[0] == Case.KIND}
            cases = tuple(sorted(one.reference for one in records_by_id(self._s, Case, ids)))
        first = several[0][1]
        return Piece(
            relation=relation,
            method=method,
            count=len(several),
            label=many(len(several), method) if method else many(len(several), "piece"),
            text="; ".join(filter(None, said)),
            cases=cases,
            record=(first.kind, first.id),
            links=tuple(link.id for link, _ in several),
        )


def _of_point(point: Point) -> Piece:
    relation = {"strength": SUPPORTS, "notable practice": SUPPORTS, "concern": CONTRADICTS}
    return Piece(
        relation=relation.get(point.sort, CONTEXT),
        method=POINT,
        count=1,
        label=point.sort,
        text=without_stop(point.wording),
        cases=(),
        record=(Point.KIND, point.id),
    )
