"""Queries: a second reader's question on a judgment, and the auditor's answer, both on record.

A query asks; it never carries a grade of the force. What its words may say of one is shown only
where the force's grade of the case may be (``fieldkit.visibility``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.allocation import me
from fieldkit.service import (
    RefusedError,
    criterion_key,
    criterion_label,
    existing,
    filled,
    methodology_of,
    now,
    person,
)
from fieldkit.visibility import hidden_fields, is_revealed
from fieldkit.wording.labels import LookedUp, auditor_of, label, person_name
from storage.feed.journal import because
from storage.records import Case, Inspection, Judgment, Query
from storage.records.judgment import imported_auditor, judgment_id
from storage.records.lookup import records_by_id, records_in, records_under, rows_kept
from storage.records.query import ANSWERED, OPEN, SETTLED, WITHDRAWN
from storage.trust.current import people

OWN = (
    "You judged this line yourself, so the question waits for you. That is no moderation, which "
    "takes a second reader."
)
"""Told to an auditor who puts a question to their own judgment."""

HIDDEN_WORDS = "(written after the force's grade was shown; reveal the case to read it)"
"""Stands for words that may speak of a grade that is not shown yet."""


@dataclass(frozen=True, slots=True)
class QueryLine:
    """Holds a query as a list shows it.

    Attributes:
        criterion: the key; ``label`` is what people call it.
        question: as asked, or :data:`HIDDEN_WORDS`.
        answer: as answered, likewise; empty while open.
        standing: our grade or state of the line as it is now.
        state: open, answered, settled or withdrawn.
        asked_at: when, ISO 8601 in UTC.
        asked_by: the name of who asked.
        asked_of: the name of who is to answer.
        answered_by: the name of who answered; empty while open.
        for_me: it is for the acting person to answer.
        to_settle: the acting person asked it, and it is answered.
    """

    id: str
    case_id: str
    reference: str
    criterion: str
    label: str
    question: str
    answer: str
    standing: str
    state: str
    asked_at: str
    asked_by: str
    asked_of: str
    answered_by: str
    answered_at: str
    for_me: bool
    to_settle: bool


@dataclass(frozen=True, slots=True)
class QueryCounts:
    """Holds how many queries wait for the acting person: to be answered, and to be settled."""

    for_me: int
    to_settle: int


def ask(s: Session, case_id: str, criterion: str, question: str) -> Query:
    """Put a question to the auditor of a judgment.

    Args:
        s: a writing session.
        case_id: the case.
        criterion: its key or label; "overall" is the overall grade.
        question: what the second reader asks.

    Raises:
        RefusedError: nothing is judged there, there is no question, the same question is open
            already, or the case was withdrawn.
        NotThereError: there is no such case.
    """
    case = existing(s, Case, case_id)
    if case.withdrawn:
        raise RefusedError(
            f"{case.reference} was withdrawn, so its judgments are not queried. Nothing was "
            "changed; reinstate it first if it counts after all."
        )
    methodology = methodology_of(s, case.inspection_id)
    key = criterion_key(methodology, filled(criterion, "The criterion"))
    words = filled(question, "The question")
    judged = s.get(Judgment, judgment_id(case_id, key))
    if judged is None or judged.state == judging.NOT_JUDGED:
        raise RefusedError(
            f"{case.reference}, {criterion_label(methodology, key)} is not judged yet, so there is "
            "nothing to query. Nothing was changed; write a remark (f2) instead."
        )
    for before in records_under(s, Query, case_id):
        same = before.criterion == key and before.question == words
        if same and before.state == OPEN and before.by == person(s):
            return before
    query = Query.make(
        inspection_id=case.inspection_id,
        case_id=case_id,
        criterion=key,
        question=words,
        asked_at=now(),
        asked_of=_auditor(s, judged),
        after_reveal=is_revealed(s, case_id),
        by=person(s),
    )
    s.add(query)
    s.flush()
    return query


def of_own(s: Session, query_id: str) -> bool:
    """Say whether it waits for the person who asked it, who is then told :data:`OWN`."""
    query = existing(s, Query, query_id)
    case = existing(s, Case, query.case_id)
    mine = not case.allocated_to or case.allocated_to.casefold() in me(s)
    return mine and query.by == query.asked_of == person(s)


def answer(
    s: Session, query_id: str, text: str, *, grade: str = "", allow_open: bool = False
) -> Query:
    """Answer a query; with ``grade`` our grade of the line changes too, the answer as its reason.

    The auditor answers: who gave the judgment, or who audits the case now. Both changes are one
    step. ``allow_open`` is as for :func:`fieldkit.casework.judging.grade`. Raises `RefusedError`
    for a query that is not open, another person, or a grade that the judging refuses.
    """
    query = existing(s, Query, query_id)
    _must_be(query, (OPEN,), "answered")
    case = existing(s, Case, query.case_id)
    if not _may_answer(s, query, case):
        asked = person_name(people(s.connection()), query.asked_of)
        raise RefusedError(
            f"This question was put to {asked}, who judged the line, so only they answer it. "
            "Nothing was changed; settle or withdraw it if you asked it, or allocate the case."
        )
    words = filled(text, "The answer")
    if grade.strip():
        judging.grade(s, case.id, query.criterion, grade, reason=words, allow_open=allow_open)
    query.change(
        answer=words,
        answered_at=now(),
        answered_by=person(s),
        state=ANSWERED,
        after_reveal=query.after_reveal or is_revealed(s, case.id),
    )
    s.flush()
    return query


def settle(s: Session, query_id: str) -> Query:
    """Take an answer as enough, as its asker does; raises `RefusedError` before there is one."""
    query = existing(s, Query, query_id)
    _must_be(query, (ANSWERED,), "settled")
    _must_be_askers(s, query, "settles")
    query.change(state=SETTLED)
    s.flush()
    return query


def withdraw(s: Session, query_id: str, reason: str) -> Query:
    """Take a question back, with the reason; it stays on record. Raises `RefusedError`."""
    query = existing(s, Query, query_id)
    _must_be(query, (OPEN, ANSWERED), "withdrawn")
    _must_be_askers(s, query, "withdraws")
    with because(s, filled(reason, "The reason")):
        query.change(state=WITHDRAWN)
        s.flush()
    return query


def counts(s: Session, inspection_id: str) -> QueryCounts:
    """Return what waits for the acting person."""
    mine = me(s)
    s.flush()
    rows: list[Any] = rows_kept(s, Query, inspection_id)
    waiting = [one for one in rows if one.state in (OPEN, ANSWERED)]
    cases = {one.id: one for one in records_by_id(s, Case, {one.case_id for one in waiting})}
    return QueryCounts(
        for_me=sum(_for_me(s, one, cases.get(one.case_id), mine) for one in waiting),
        to_settle=sum(one.state == ANSWERED and one.by == person(s) for one in waiting),
    )


def lines(s: Session, inspection_id: str) -> list[QueryLine]:
    """Return an inspection's queries: for me to answer, for me to settle, open, the others."""
    existing(s, Inspection, inspection_id)
    known = _lines(s, records_in(s, Query, inspection_id), inspection_id)
    return sorted(known, key=lambda one: (_rank(one), one.asked_at, one.id))


def lines_of(s: Session, case_id: str) -> list[QueryLine]:
    """Return the queries of one case in the order they were asked."""
    case = existing(s, Case, case_id)
    return _lines(s, records_under(s, Query, case_id), case.inspection_id)


def _lines(s: Session, known: list[Query], inspection_id: str) -> list[QueryLine]:
    methodology = methodology_of(s, inspection_id)
    names: Mapping[str, str] = people(s.connection())
    cases = {one.id: one for one in records_by_id(s, Case, {one.case_id for one in known})}
    looked = LookedUp(s, ((Case.KIND, one.case_id) for one in known))
    ids = {judgment_id(one.case_id, one.criterion) for one in known}
    judged = {one.id: one for one in records_by_id(s, Judgment, ids)}
    mine = me(s)
    shown = []
    for query in known:
        hidden = hidden_fields(s, Query.KIND, query.id)
        judgment = judged.get(judgment_id(query.case_id, query.criterion))
        shown.append(
            QueryLine(
                id=query.id,
                case_id=query.case_id,
                reference=label(looked, Case.KIND, query.case_id),
                criterion=query.criterion,
                label=criterion_label(methodology, query.criterion),
                question=HIDDEN_WORDS if "question" in hidden else query.question,
                answer=HIDDEN_WORDS if query.answer and "answer" in hidden else query.answer,
                standing=judgment.said if judgment else judging.NOT_JUDGED,
                state=query.state,
                asked_at=query.asked_at,
                asked_by=person_name(names, query.by),
                asked_of=person_name(names, query.asked_of),
                answered_by=person_name(names, query.answered_by) if query.answered_by else "",
                answered_at=query.answered_at,
                for_me=_for_me(s, query, cases.get(query.case_id), mine),
                to_settle=query.state == ANSWERED and query.by == person(s),
            )
        )
    return shown


def _rank(query: QueryLine) -> int:
    if query.for_me:
        return 0
    if query.to_settle:
        return 1
    return {OPEN: 2, ANSWERED: 3, SETTLED: 4, WITHDRAWN: 5}[query.state]


def _for_me(s: Session, query: Query, case: Case | None, me: frozenset[str]) -> bool:
    """Say whether the acting person is the auditor it waits for."""
    if query.state != OPEN or (case is not None and case.withdrawn):
        return False
    if query.asked_of == person(s):
        return True
    # Who asked does not answer, unless they were asked themselves; else the case's auditor does.
    return case is not None and query.by != person(s) and case.allocated_to.casefold() in me


def _may_answer(s: Session, query: Query, case: Case) -> bool:
    judged = s.get(Judgment, judgment_id(query.case_id, query.criterion))
    return (
        not query.asked_of
        or query.asked_of == person(s)
        or (judged is not None and _auditor(s, judged) == person(s))
        or case.allocated_to.casefold() in me(s)
    )


def _auditor(s: Session, judged: Judgment) -> str:
    """Return the id of who judged; empty where a list of cases names nobody known here."""
    auditor = auditor_of(people(s.connection()), judged.by)
    return auditor if imported_auditor(auditor) is None else ""


def _must_be(query: Query, states: tuple[str, ...], done: str) -> None:
    if query.state not in states:
        raise RefusedError(
            f"This query is “{query.state}”, so it cannot be {done} now. Nothing was changed; ask "
            "anew if something is left to ask."
        )


def _must_be_askers(s: Session, query: Query, does: str) -> None:
    if query.by and query.by != person(s):
        asked = person_name(people(s.connection()), query.by)
        raise RefusedError(f"{asked} asked this, so {asked} {does} it. Nothing was changed.")
