"""What the case page works on: the case's file, its queries, unsaved texts, and how rows read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session
from textual.content import Content

from fieldkit.casework import queries
from fieldkit.casework.allocation import colleague_of
from fieldkit.casework.case_file import CaseFile, open_case
from fieldkit.casework.overview.preview import CasePreview, case_preview
from fieldkit.casework.queries import QueryLine
from fieldkit.methodology import Methodology
from fieldkit.methodology.audit_lines import ANSWER
from fieldkit.service import methodology_of
from fieldkit.visibility import is_revealed
from fieldkit.wording.labels import person_name
from screens.casework import case_rows
from screens.casework.case_rows import CRITERION, WRITTEN, Row
from screens.kit.drawing.chips import late
from screens.kit.drawing.rows import muted, strong
from screens.kit.drawing.signs import sign
from storage.feed import drafts
from storage.records import Judgment
from storage.records.case import case_audit_id
from storage.records.judgment import OVERALL, imported_auditor, judgment_id
from storage.records.self_assessment import force_rows_of

STATES = ("not applicable", "unable to judge")
"""The states that a criterion is given by their keys."""


@dataclass
class CaseState:
    """Holds what the page of a case shows and works on.

    Attributes:
        file: the case and what belongs to it.
        methodology: of its inspection.
        queries: those asked of its judgments.
        drafts: what was typed and not committed, by place and field.
        revealed: whether the force's own grade has been shown.
        short: what a list would tell of the case: timeline, referral, points.
        colleague: who else audits the case, by name; empty where it is ours or nobody's.
        matched: a row of the force is matched to the case.
    """

    file: CaseFile
    methodology: Methodology
    queries: list[QueryLine]
    drafts: dict[tuple[str, str], str]
    revealed: bool
    short: CasePreview
    colleague: str = ""
    matched: bool = False

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades of a case, in the order of their digits."""
        return self.methodology.scale_for("case").labels

    @property
    def answers(self) -> tuple[str, ...]:
        """Return the answers to a line that takes one, in the order of their digits."""
        return tuple(one.label for one in self.methodology.answers)

    def place(self, row: Row) -> str:
        """Return the record behind a row, "kind/id", where its texts are kept while typed."""
        case_id = self.file.case.id
        if row.kind == CRITERION:
            return f"judgment/{judgment_id(case_id, row.key)}"
        return f"case_audit/{case_audit_id(case_id)}"

    def judged(self, row: Row) -> Judgment | None:
        """Return what was judged of a row; ``None`` where nothing was, and of other rows."""
        return self.file.judgments.get(row.key) if row.kind == CRITERION else None

    def asked(self, row: Row) -> list[QueryLine]:
        """Return the queries on a row, those withdrawn apart."""
        if row.kind != CRITERION:
            return []
        return [
            one for one in self.queries if one.criterion == row.key and one.state != "withdrawn"
        ]

    def idle(self, row: Row) -> frozenset[str]:
        """Return the actions that have nothing to do on a row: their keys are not offered there."""
        judged, overall = self.judged(row), self.file.judgments.get(OVERALL)
        said = row.kind == CRITERION and bool(case_rows.value(row, self.file))
        audit = self.file.audit
        told = judged is not None if row.kind == CRITERION else audit is not None
        graded = overall is not None and overall.state == "graded"
        can = {
            "write": row.kind != ANSWER,
            "clear": bool(case_rows.value(row, self.file)),
            "query": said,
            "point": said or (row.kind != CRITERION and audit is not None and audit.filled_in),
            "answer": any(one.for_me for one in self.asked(row)),
            "reveal": self.revealed or (graded and self.matched),
            "history": told,
            "redact": told,
        }
        can |= {f"state('{one}')": row.kind == CRITERION for one in STATES}
        return frozenset(action for action, possible in can.items() if not possible)

    def called(self, row: Row, field: str = "") -> str:
        """Return what a person calls a row, or a text of it: "WST-014, Investigation, concern"."""
        words = dict(WRITTEN).get(field, "")
        return ", ".join(filter(None, (self.file.case.reference, row.label, words.lower())))

    def about(self) -> str:
        """Return what the case is, in few words: its types and the child."""
        case = self.file.case
        types = ", ".join(self.methodology.type_labels(case.types))
        child = ", ".join(filter(None, (case.child_label, case.child_age)))
        return " · ".join(filter(None, (types, child)))

    def alerts(self) -> list[Content]:
        """Return what must not be missed of the case: a referral, two grades, that it is out."""
        parts: list[Content] = []
        referral = self.file.referral
        if referral is not None:
            words = f"referral {referral.state}"
            parts.append(muted(words) if referral.state == "closed" else late(words))
        if OVERALL in self.file.two_answers:
            parts.append(sign("two answers", "two overall grades"))
        if self.file.case.withdrawn:
            parts.append(strong("withdrawn"))
        overall = self.file.judgments.get(OVERALL)
        if overall is not None and imported_auditor(overall.by) is not None:
            parts.append(muted(person_name({}, overall.by)))
        return parts

    def count(self, rows: Iterable[Row]) -> tuple[int, int]:
        """Return how many criteria are judged, and of how many, the overall apart."""
        known = [row for row in rows if row.kind == CRITERION and row.key != OVERALL]
        return sum(bool(case_rows.value(row, self.file)) for row in known), len(known)


def read(session: Session, case_id: str) -> CaseState:
    """Open a case, which goes on record."""
    file = open_case(session, case_id, notes=False)
    return CaseState(
        file=file,
        methodology=methodology_of(session, file.case.inspection_id),
        queries=queries.lines_of(session, case_id),
        drafts={(one.place, one.field): one.text for one in drafts.listed(session)},
        revealed=is_revealed(session, case_id),
        short=case_preview(session, case_id),
        colleague=colleague_of(session, file.case),
        matched=bool(force_rows_of(session, case_id)),
    )


def numbered(words: Iterable[str]) -> str:
    """Return words with the digits that stand for them: "1 good, 2 inadequate"."""
    return ", ".join(f"{number} {word}" for number, word in enumerate(words, 1))
