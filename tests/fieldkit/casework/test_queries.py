from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, queries, reveals
from fieldkit.casework.case_file import open_case
from fieldkit.casework.cases import allocate_case
from fieldkit.history import record_history, search
from fieldkit.inspections import home as overview
from fieldkit.service import RefusedError
from storage.history.history import history
from storage.history.undo import undo
from storage.ops.op import OpId
from storage.records import Judgment, Query
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.storage.colleague import Colleague

PRIYA = "priya"


@pytest.fixture
def judged(vault: Vault, cases: dict[str, str]) -> str:
    """A case with two lines judged by the vault's own person."""
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "investigation", "good", rationale="Quick and thorough.")
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    return case


def from_priya(vault: Vault, case: str, inspection: str, **more: Any) -> str:
    """A question that a colleague put on her own laptop, as merging brings it."""
    fields = {
        "inspection_id": inspection,
        "case_id": case,
        "criterion": "investigation",
        "question": "Where does the file say she was seen alone?",
        "asked_at": "2026-07-08T16:30:00.000Z",
        "asked_of": vault.person.id,
        "by": PRIYA,
        **more,
    }
    record = "7d5ce9a4-5a0e-4f53-8a44-0d8f3f1a2b3c"
    far = Colleague("c" * 16, PRIYA)
    vault.write_now(
        lambda s: far.hand_over(s, [far.write(("query", record), fields, verb="create")])
    )
    return record


def seen(vault: Vault, inspection: str) -> list[queries.QueryLine]:
    return vault.read_now(queries.lines, inspection)


def test_a_second_readers_question_reaches_the_auditor_and_is_answered(
    vault: Vault, inspection: str, judged: str
) -> None:
    query = from_priya(vault, judged, inspection)
    home = vault.read_now(overview.home, inspection)
    assert (home.queries.for_me, home.queries.to_settle) == (1, 0)
    assert home.next == "1 query waits for your answer."
    [line] = seen(vault, inspection)
    assert line.for_me and line.label == "Investigation" and line.standing == "good"
    assert (line.asked_by, line.asked_of) == (PRIYA, "A. Inspector")

    vault.write_now(queries.answer, query, "Page 14; I had missed the date.")
    [line] = seen(vault, inspection)
    assert (line.state, line.answered_by, line.standing) == ("answered", "A. Inspector", "good")
    assert not line.for_me and not line.to_settle, "the question is Priya's to settle"
    with pytest.raises(RefusedError, match="priya settles it"):
        vault.write_now(queries.settle, query)
    with pytest.raises(RefusedError, match="“answered”"):
        vault.write_now(queries.answer, query, "again")


def test_an_answer_that_changes_the_grade_is_one_step_with_the_answer_as_its_reason(
    vault: Vault, inspection: str, judged: str
) -> None:
    query = from_priya(vault, judged, inspection)
    vault.write_now(queries.answer, query, "She was not seen alone.", grade="ri")
    place = judgment_id(judged, "investigation")

    def read(s: Session) -> tuple[str, str | None, OpId]:
        last = history(s, "judgment", place)[-1]
        found = s.get(Judgment, place)
        assert found is not None
        return found.grade, last.reason, last.op

    grade, reason, _ = vault.read_now(read)
    assert (grade, reason) == ("requires improvement", "She was not seen alone.")
    vault.write_now(undo)
    grade, _, _ = vault.read_now(read)
    [line] = seen(vault, inspection)
    assert (grade, line.state, line.answer) == ("good", "open", "")


def test_an_overall_grade_is_changed_by_an_answer_as_it_is_by_judging(
    vault: Vault, inspection: str, judged: str
) -> None:
    query = from_priya(vault, judged, inspection, criterion="overall")
    with pytest.raises(RefusedError, match="still open are") as asked:
        vault.write_now(queries.answer, query, "Lower.", grade="ri")
    with pytest.raises(RefusedError) as said:
        vault.write_now(judging.grade, judged, "overall", "ri", "Lower.")
    assert str(asked.value) == str(said.value)
    [line] = seen(vault, inspection)
    assert (line.state, line.standing, line.answer) == ("open", "good", "")
    vault.write_now(queries.answer, query, "Lower.", grade="ri", allow_open=True)
    [line] = seen(vault, inspection)
    assert (line.state, line.standing) == ("answered", "requires improvement")


def test_who_asks_of_their_own_judgment_is_told_so(
    vault: Vault, inspection: str, judged: str
) -> None:
    own = vault.write_now(queries.ask, judged, "overall", "why?").id
    theirs = from_priya(vault, judged, inspection)
    assert vault.read_now(queries.of_own, own) and not vault.read_now(queries.of_own, theirs)
    # Grades that one person imported are answered by whom the case is given to.
    vault.write_now(allocate_case, judged, "ben")
    assert not vault.read_now(queries.of_own, own)


def test_a_queried_line_changes_only_with_a_reason_until_it_is_settled(
    vault: Vault, inspection: str, judged: str
) -> None:
    query = vault.write_now(queries.ask, judged, "investigation", "Why not lower?").id
    for change in (judging.grade, judging.set_state):
        word = "inadequate" if change is judging.grade else "not applicable"
        with pytest.raises(RefusedError, match="queried this judgment of WST-001"):
            vault.write_now(change, judged, "investigation", word)
    with pytest.raises(RefusedError, match="queried"):
        vault.write_now(judging.clear, judged, "investigation")
    vault.write_now(judging.grade, judged, "initial contact", "good")
    vault.write_now(judging.grade, judged, "investigation", "inadequate", reason="read again")
    vault.write_now(queries.answer, query, "Lowered.")
    vault.write_now(queries.settle, query)
    vault.write_now(judging.grade, judged, "investigation", "good")


@pytest.mark.parametrize(
    ("criterion", "question", "said"),
    [
        ("investigation", "  ", "question is missing"),
        ("initial contact", "why?", "not judged yet"),
        ("fishing", "why?", "not a criterion"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_changes_nothing(
    vault: Vault, inspection: str, judged: str, criterion: str, question: str, said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        vault.write_now(queries.ask, judged, criterion, question)
    assert seen(vault, inspection) == []


def test_the_same_question_twice_is_one_and_another_person_does_not_answer(
    vault: Vault, inspection: str, judged: str
) -> None:
    first = vault.write_now(queries.ask, judged, "overall", "why?")
    assert vault.write_now(queries.ask, judged, "overall", "why?").id == first.id
    other = from_priya(vault, judged, inspection, asked_of="ben")
    vault.write_now(allocate_case, judged, "ben")
    vault.write_now(_judged_by, judged, "ben")
    with pytest.raises(RefusedError, match="put to ben"):
        vault.write_now(queries.answer, other, "not mine to say")
    # The case is given to the person at the keyboard: now they audit it.
    vault.write_now(allocate_case, judged, vault.person.id)
    vault.write_now(queries.answer, other, "mine now")


def _judged_by(s: Session, case: str, who: str) -> None:
    found = s.get(Judgment, judgment_id(case, "investigation"))
    assert found is not None
    found.change(by=who)


def test_a_question_taken_back_stays_on_record_with_its_reason(
    vault: Vault, inspection: str, judged: str
) -> None:
    query = vault.write_now(queries.ask, judged, "overall", "why?").id
    with pytest.raises(RefusedError, match="reason is missing"):
        vault.write_now(queries.withdraw, query, " ")
    vault.write_now(queries.withdraw, query, "found it on page 3")
    [line] = seen(vault, inspection)
    assert line.state == "withdrawn" and not line.for_me
    told = vault.read_now(record_history.record_history, "query", query)
    assert told[-1].reason == "found it on page 3"
    with pytest.raises(RefusedError, match="“withdrawn”"):
        vault.write_now(queries.withdraw, query, "again")


def test_a_query_is_found_by_its_words_and_leads_to_its_line(
    vault: Vault, inspection: str, judged: str
) -> None:
    query = from_priya(vault, judged, inspection)

    def read(s: Session) -> tuple[str, str, str]:
        [hit] = search.search(s, inspection, "seen alone")
        where = search.place_of(s, hit.kind, hit.id)
        key = search.criterion_of(s, hit.kind, hit.id, judged)
        return hit.label, where, key

    assert vault.read_now(read) == (
        "WST-001, query on Investigation",
        f"case/{judged}",
        "investigation",
    )
    file = vault.read_now(open_case, judged)
    assert [one.id for one in file.queries] == [query]


def test_words_written_after_a_reveal_stay_hidden_where_the_reveal_is_not_known(
    vault: Vault, inspection: str, judged: str
) -> None:
    """A laptop that holds the query and not the reveal learns nothing of the force's grade."""
    words = "The force says inadequate; do we not agree?"
    query = from_priya(vault, judged, inspection, question=words, after_reveal=True)
    vault.write_now(add_row, inspection, 1, case=judged, grade="inadequate")

    def shown(s: Session) -> list[str]:
        [line] = queries.lines(s, inspection)
        told = [one.text for one in record_history.record_history(s, "query", query)]
        hits = [one.excerpt for one in search.search(s, inspection, "inadequate")]
        return [line.question, *told, *hits]

    assert not any("force says" in one for one in vault.read_now(shown))
    vault.write_now(reveals.reveal, judged)
    assert sum("force says" in one for one in vault.read_now(shown)) == 3


def test_asking_before_a_reveal_and_answering_after_one_is_marked(
    vault: Vault, inspection: str, judged: str
) -> None:
    query = vault.write_now(queries.ask, judged, "overall", "why?")
    assert not query.after_reveal
    vault.write_now(add_row, inspection, 1, case=judged)
    vault.write_now(reveals.reveal, judged)
    assert vault.write_now(queries.answer, query.id, "They say the same.").after_reveal
    found = vault.read_now(lambda s: s.get(Query, query.id))
    assert found is not None and found.after_reveal
