"""What the case page works on: the case's file, its queries, unsaved texts, and how rows read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session
from textual.content import Content

from fieldkit.casework import queries
from fieldkit.casework.allocation import colleague_of
from fieldkit.casework.case_file import CaseFile, open_case
from fieldkit.casework.queries import QueryLine
from fieldkit.methodology import Methodology
from fieldkit.methodology.audit_lines import ANSWER
from fieldkit.service import methodology_of
from fieldkit.visibility import is_revealed
from fieldkit.wording.labels import person_name
from screens.casework import case_rows
from screens.casework.case_rows import CRITERION, WRITTEN, Row
from storage.feed import drafts
from storage.records import Judgment
from storage.records.case import case_audit_id
from storage.records.judgment import OVERALL, imported_auditor, judgment_id


@dataclass
class CaseState:
    """Holds what the page of a case shows and works on.

    Attributes:
        file: the case and what belongs to it.
        methodology: of its inspection.
        queries: those asked of its judgments.
        drafts: what was typed and not committed, by place and field.
        revealed: whether the force's own grade has been shown.
        colleague: who else audits the case, by name; empty where it is ours or nobody's.
    """

    file: CaseFile
    methodology: Methodology
    queries: list[QueryLine]
    drafts: dict[tuple[str, str], str]
    revealed: bool
    colleague: str = ""

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

    def called(self, row: Row, field: str = "") -> str:
        """Return what a person calls a row, or a text of it: "WST-014, Investigation, concern"."""
        words = dict(WRITTEN).get(field, "")
        return ", ".join(filter(None, (self.file.case.reference, row.label, words.lower())))

    def title(self, rows: Iterable[Row]) -> str:
        """Return the case in one line: what it is, and what is still open."""
        case = self.file.case
        open_ = sum(row.kind == CRITERION and not case_rows.value(row, self.file) for row in rows)
        types = ", ".join(self.methodology.type_labels(case.types))
        parts = [case.reference, types, case.child_label, case.child_age]
        parts.append("withdrawn" if case.withdrawn else f"{open_} open" if open_ else "complete")
        if OVERALL in self.file.two_answers:
            parts.append("≠ two overall grades")
        overall = self.file.judgments.get(OVERALL)
        if overall is not None and imported_auditor(overall.by) is not None:
            parts.append(person_name({}, overall.by))
        if self.file.referral is not None:
            parts.append(f"referral {self.file.referral.state}")
        return " · ".join(filter(None, parts))

    def drawn(self, row: Row, width: int) -> Content:
        """Return a row of the list."""
        place = self.place(row)
        draft = any(where == place for where, _ in self.drafts)
        asked = any(one.state in ("open", "answered") for one in self.asked(row))
        return case_rows.drawn(row, self.file, width, draft, asked)

    def hint(self, row: Row) -> str:
        """Return what the keys do on a row."""
        words = {CRITERION: self.grades, ANSWER: self.answers}.get(row.kind, ())
        digits = "  ".join(f"{number} {word}" for number, word in enumerate(words, 1))
        more = "n not applicable  u unable" if row.kind == CRITERION else ""
        return "  ".join(filter(None, (digits, more))) or "enter  write     esc  back"


def read(session: Session, case_id: str) -> CaseState:
    """Open a case, which goes on record."""
    file = open_case(session, case_id)
    return CaseState(
        file=file,
        methodology=methodology_of(session, file.case.inspection_id),
        queries=queries.lines_of(session, case_id),
        drafts={(one.place, one.field): one.text for one in drafts.listed(session)},
        revealed=is_revealed(session, case_id),
        colleague=colleague_of(session, file.case),
    )


def numbered(words: Iterable[str]) -> str:
    """Return words with the digits that stand for them: "1 good, 2 inadequate"."""
    return ", ".join(f"{number} {word}" for number, word in enumerate(words, 1))
