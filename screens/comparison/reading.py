"""What the page of a comparison reads, and what it says of the grades that are not shown yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from fieldkit.comparison import assemble
from fieldkit.comparison.compare import Comparison
from fieldkit.methodology.terms import Scale
from fieldkit.service import methodology_of
from screens.comparison import panes
from storage.feed.session import Steps
from storage.ops.text import many
from storage.records import ForceRow, Query
from storage.records.lookup import rows_kept


@dataclass(frozen=True)
class Seen:
    """Holds what the page shows.

    Attributes:
        comparison: as far as the force's grades may be shown.
        rows: how many rows of the force there are.
        scale: the grades of a case, best first.
        queried: case and criterion of the judgments with a query that is not settled.
    """

    comparison: Comparison
    rows: int
    scale: Scale
    queried: frozenset[tuple[str, str]] = frozenset()

    @property
    def ready(self) -> int:
        """Return matched cases with our overall grade committed that are not revealed."""
        return len(self.comparison.to_reveal)

    @property
    def early(self) -> int:
        """Return matched cases whose overall grade of ours is not committed."""
        return len(self.comparison.to_grade)

    @property
    def said(self) -> str:
        """Return what is not shown yet, and the next key; empty where all is shown."""
        if not self.rows:
            return (
                "The force's workbook has not been read yet, so only our own grades are shown. "
                "On home, s reads it."
            )
        sentences = [panes.ready_words(self.ready)]
        if self.early:
            verb, them = ("has", "it") if self.early == 1 else ("have", "them")
            sentences.append(
                f"{many(self.early, 'matched case')} {verb} no overall grade of ours yet: "
                f"grade {them} first."
            )
        return " ".join(filter(None, sentences))

    @property
    def nothing_to_reveal(self) -> str:
        """Return why no grade of the force can be revealed."""
        if not self.rows:
            return "The force's workbook has not been read yet; on home, s reads it."
        if self.early:
            return "Commit our overall grade of the matched cases first; then theirs can be shown."
        return "The force's grade of every matched case is shown already."


@dataclass(frozen=True)
class Read:
    """Holds what the page read; comparing it is not the work of the vault's thread."""

    material: assemble.Material
    rows: int
    scale: Scale
    queried: frozenset[tuple[str, str]]

    def seen(self) -> Seen:
        """Compare; takes long for thousands of cases."""
        return Seen(self.material.compared(), self.rows, self.scale, self.queried)


def read(session: Session, inspection_id: str, previous: str = "") -> Steps[Read]:
    """Read what is compared, and which judgments are queried."""
    material = yield from assemble.reading(session, inspection_id, previous=previous)
    return Read(
        material=material,
        rows=len(rows_kept(session, ForceRow, inspection_id)),
        scale=methodology_of(session, inspection_id).scale_for("case"),
        queried=frozenset(
            (one.case_id, one.criterion)
            for one in rows_kept(session, Query, inspection_id)
            if one.state in ("open", "answered")
        ),
    )
