"""How far the matching of an inspection has come."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session

from fieldkit.selfassessment.corrections import changes_of, changes_sentence
from fieldkit.selfassessment.decide import lines_of
from fieldkit.selfassessment.known_rows import KnownRows, known_rows
from fieldkit.selfassessment.pairs import CaseFacts, case_facts, references
from fieldkit.selfassessment.problems import problems_of
from fieldkit.selfassessment.rows import CHOSEN, NONE, OPEN, QueueLine, RowLine
from fieldkit.wording.dates import at_words
from storage.records import SelfAssessment
from storage.records.lookup import records_in
from storage.records.self_assessment import LINKED
from storage.vault.vault import Vault


@dataclass(frozen=True)
class Status:
    """Says how far the matching has come.

    Attributes:
        rows: every row of the force, with what was decided.
        queue: the rows that wait for a person, the exact group apart.
        ours: references of our self-assessed cases without a row.
        problems: how many were found in the workbooks.
        files: the workbooks imported, and when.
        corrected: what the last of them changed of the one before, in a sentence; or empty.
        refs: the force's references of our cases, by ours.
        facts: what the cases that the queue offers are besides, by their ids.
    """

    rows: Sequence[RowLine]
    queue: Sequence[QueueLine]
    ours: Sequence[str]
    problems: int
    files: Sequence[str]
    corrected: str = ""
    refs: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, CaseFacts] = field(default_factory=dict)

    @property
    def by_hand(self) -> list[RowLine]:
        """Return the rows that a person decides one by one, decided or open, as in the file."""
        waiting = {one.row_id for one in self.queue}
        return [one for one in self.rows if one.decision in (CHOSEN, NONE) or one.row_id in waiting]

    @property
    def one_by_one(self) -> int:
        """Return how many rows a person decides one by one."""
        return len(self.by_hand)

    @property
    def exact(self) -> list[RowLine]:
        """Return the open rows of the exact group."""
        return [one for one in self.rows if one.decision == OPEN and one.expected]

    def of(self, decision: str) -> list[RowLine]:
        """Return the rows of one decision."""
        return [one for one in self.rows if one.decision == decision]

    @property
    def linked(self) -> list[RowLine]:
        """Return the rows that are a case of ours."""
        return [one for one in self.rows if one.decision in LINKED]

    @property
    def last_decided(self) -> RowLine | None:
        """Return the row that a person decided last, the exact group apart."""
        decided = [*self.of(CHOSEN), *self.of(NONE)]
        return max(decided, key=lambda one: one.decided_at, default=None)


@dataclass(frozen=True)
class _Base:
    """Holds what the clerk reads of it: rows and cases, and what is said of the workbooks."""

    known: KnownRows
    problems: int
    files: Sequence[str]
    corrected: str
    refs: Mapping[str, str]


def _read(session: Session, inspection_id: str) -> _Base:
    imports = records_in(session, SelfAssessment, inspection_id)
    changes = changes_of(session, imports[-1]) if imports else []
    return _Base(
        known_rows(session, inspection_id),
        sum(len(problems_of(session, one)) for one in imports),
        [f"{one.file_name}, taken in {at_words(one.read_at)}" for one in imports],
        changes_sentence(changes),
        references(session, inspection_id),
    )


def _status(base: _Base) -> Status:
    """Return how far it has come, but for what its cases are besides; needs no vault."""
    rows, waiting = lines_of(base.known)
    linked = {one.case_id for one in rows if one.decision in LINKED}
    ours = [
        one.reference
        for one in base.known.cases
        if one.origin == "self-assessed" and not one.withdrawn and one.id not in linked
    ]
    queue = waiting if rows else []
    return Status(rows, queue, ours, base.problems, base.files, base.corrected, base.refs)


async def read_status(vault: Vault, inspection_id: str) -> Status:
    """Read it; the rows are matched on a thread that holds nobody up."""
    status = await asyncio.to_thread(_status, await vault.read(_read, inspection_id))
    return replace(status, facts=await vault.read(case_facts, status.queue))


class Cursor:
    """Holds which row of the queue a person looks at, and which were left open just now."""

    def __init__(self) -> None:
        self.skipped: frozenset[str] = frozenset()
        self._visited: list[str] = []
        self._row = ""

    def waiting(self, of: Status) -> list[QueueLine]:
        """Return the rows of the queue that were not left open just now."""
        return [one for one in of.queue if one.row_id not in self.skipped]

    def item(self, of: Status) -> QueueLine | None:
        """Return the row that is shown: the one gone to, else the first that waits."""
        waiting = self.waiting(of)
        chosen = [one for one in waiting if one.row_id == self._row]
        return next(iter([*chosen, *waiting]), None)

    def exact_waits(self, of: Status) -> bool:
        """Say whether the exact group waits and was not left open just now."""
        return any(one.row_id not in self.skipped for one in of.exact)

    def go_to(self, row: str) -> None:
        """Show that row next, also one that was left open."""
        self.skipped -= {row}
        self._row = row

    def answered(self, row: str) -> None:
        """Note that a row was answered."""
        self._visited.append(row)

    def skip(self, *rows: str) -> None:
        """Leave rows open for now."""
        self.skipped |= set(rows)
        self._visited += rows[-1:]

    def can_go_back(self, of: Status) -> bool:
        """Say whether a row was answered or left open that can be shown again."""
        return bool(self._visited) or of.last_decided is not None

    def back(self) -> str:
        """Return the row answered or left open last in this session; empty where none was."""
        return self._visited.pop() if self._visited else ""
