"""What the page of points reads of the one under the cursor, and the list of what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.evidence.gaps.lints import Lint, lints
from fieldkit.evidence.points import PointLine, point_lines
from fieldkit.evidence.trace import Trace, trace_point
from fieldkit.feedback.debriefs.chain import Chain, chain_of
from fieldkit.followup.numbers import called
from fieldkit.methodology import Methodology
from fieldkit.service import author, existing, methodology_of
from screens.evidence.marks import numbered_criteria
from screens.kit.drawing.panel_list import PanelList
from storage.records import Basis, Point, Recommendation
from storage.records.lookup import records_by_id, records_in


@dataclass(frozen=True)
class PointSeen:
    """Holds what the page shows of the point under the cursor.

    Attributes:
        trace: what it rests on.
        chain: where it was told, and what the force answered and promised.
        methodology: gives grades their letters.
        recommendations: what those are called that rest on it.
        me: the id of the acting person.
    """

    trace: Trace
    chain: Chain
    methodology: Methodology
    recommendations: tuple[str, ...]
    me: str


class EvidenceTree(PanelList):
    """Lists what a point rests on; its lower edge counts the lines that are still below."""

    def on_focus(self) -> None:
        """Stand on the first piece of evidence."""
        if self.highlighted is None:
            self.action_first()

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Count anew what is below."""
        super().watch_scroll_y(old, new)
        self.count_below()

    def count_below(self) -> None:
        """Tell in the lower edge how many lines are below those in view."""
        below = len(self._lines) - round(self.scroll_y) - self.scrollable_content_region.height
        self.edges(legend=f"{below} more ↓" if below > 0 else "")


def read_points(
    s: Session, inspection_id: str
) -> tuple[list[PointLine], list[Lint], dict[str, str]]:
    """Return the points of an inspection, what in it is worth a second look, and the criteria."""
    criteria = numbered_criteria(methodology_of(s, inspection_id))
    return point_lines(s, inspection_id), lints(s, inspection_id), criteria


def read_point(s: Session, point_id: str) -> PointSeen:
    """Return what the page shows of one point."""
    trace, point = trace_point(s, point_id), existing(s, Point, point_id)
    resting = {
        one.recommendation_id
        for one in records_in(s, Basis, point.inspection_id)
        if one.point_id == point_id
    }
    known = records_by_id(s, Recommendation, resting)
    numbers = map(called, sorted(known, key=lambda one: one.number))
    methodology = methodology_of(s, point.inspection_id)
    return PointSeen(trace, chain_of(s, point), methodology, tuple(numbers), author(s).person)
