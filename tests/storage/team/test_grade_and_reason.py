"""A grade and its reason are one answer: whoever gives the one says the other again."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, queries
from fieldkit.casework.cases import add_case
from fieldkit.evidence import points
from fieldkit.evidence.triangulation import CONTRADICTS
from fieldkit.history import conflicts, redact
from fieldkit.history.record_history import record_history
from fieldkit.history.search import search
from fieldkit.history.undo import undo_last
from storage.feed.read import ops_of
from storage.feed.replay import differences
from storage.records import Inspection, Judgment, Note, Query, Support
from storage.records.case import case_id
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.storage.team.laptops import WORLD
from tests.storage.team.test_exchange import HOUR
from tests.storage.team.three import Three
from tests.storage.travelling import INSPECTION

CASE = case_id(INSPECTION, "WST-001")
LINE = judgment_id(CASE, "investigation")


def begin(s: Session) -> None:
    s.add(Inspection.make(id=INSPECTION, force="Westshire", methodology="2018"))
    add_case(s, INSPECTION, "WST-001", types=["domestic abuse"])


def sides(vault: Vault) -> set[tuple[str, str, str]]:
    """What each answer of the one conflict says, why, and who gave it."""
    (conflict,) = vault.read_now(conflicts.listing)
    return {(side.text, side.reason, side.who) for side in conflict.sides}


def written(vault: Vault) -> int:
    return len(vault.read_now(lambda s: ops_of(s.connection(), "judgment", LINE)))


def judgment(vault: Vault) -> Judgment:
    found = vault.read_now(lambda s: s.get(Judgment, LINE))
    assert found is not None
    return found


@pytest.mark.parametrize("off", [-HOUR, HOUR])
@pytest.mark.parametrize("kept", ["good", "inadequate"])
def test_a_grade_confirmed_with_a_new_reason_and_another_grade_in_parallel(
    three: Three, off: int, kept: str
) -> None:
    three.ada.write_now(begin)
    three.ada.write_now(judging.grade, CASE, "investigation", "good", "as it reads")
    three.round()
    three.round()
    three.ada.write_now(judging.grade, CASE, "investigation", "good", "the log was found")
    WORLD.off = off
    three.ben.write_now(judging.grade, CASE, "investigation", "inadequate", "nobody went there")
    for _ in range(2):
        three.round()
    WORLD.off = 0
    both = {
        ("good", "the log was found", "Ada"),
        ("inadequate", "nobody went there", "Ben"),
    }
    assert [sides(one) for one in three.all] == [both] * 3
    (conflict,) = three.cas.read_now(conflicts.listing)
    side = next(side for side in conflict.sides if side.text == kept)
    three.cas.write_now(conflicts.decide, conflict.id, keep=side.op, reason="we talked")
    for _ in range(2):
        three.round()
    assert [judgment(one).graded for one in three.all] == [kept] * 3
    for one in three.all:
        assert one.read_now(conflicts.listing) == []
        assert one.read_now(lambda s: differences(s.connection())) == []


def test_a_state_with_a_new_reason_and_another_state_with_the_old_one(three: Three) -> None:
    three.ada.write_now(begin)
    state = "unable to judge"
    three.ada.write_now(judging.set_state, CASE, "investigation", state, "files missing")
    three.round()
    three.round()
    three.ada.write_now(judging.set_state, CASE, "investigation", state, "no log")
    three.ben.write_now(judging.set_state, CASE, "investigation", "not applicable", "files missing")
    for _ in range(2):
        three.round()
    both = {
        ("unable to judge, because no log", "no log", "Ada"),
        ("not applicable, because files missing", "files missing", "Ben"),
    }
    assert [sides(one) for one in three.all] == [both] * 3


def test_a_rationale_that_comes_with_a_grade_says_the_grade(three: Three) -> None:
    three.ada.write_now(begin)
    three.ada.write_now(judging.grade, CASE, "investigation", "good")
    three.round()
    three.round()
    three.ada.write_now(judging.grade, CASE, "investigation", "good", rationale="read twice")
    three.ben.write_now(judging.grade, CASE, "investigation", "inadequate")
    for _ in range(2):
        three.round()
    assert {text for text, _, _ in sides(three.cas)} == {"good", "inadequate"}


def test_words_alone_go_on_merging_with_a_grade(three: Three) -> None:
    three.ada.write_now(begin)
    three.ada.write_now(judging.grade, CASE, "investigation", "good")
    three.round()
    three.round()
    three.ada.write_now(judging.write, CASE, "investigation", rationale="read twice")
    three.ben.write_now(judging.grade, CASE, "investigation", "inadequate")
    for _ in range(2):
        three.round()
    assert three.cas.read_now(conflicts.listing) == []
    assert (judgment(three.cas).grade, judgment(three.cas).rationale) == (
        "inadequate",
        "read twice",
    )


def test_why_a_piece_bears_on_a_point_is_one_answer_with_how_it_does(three: Three) -> None:
    three.ada.write_now(begin)

    def linked(s: Session) -> str:
        point = points.add_point(s, INSPECTION, "Nobody asked the child", "concern")
        note = Note.make(
            inspection_id=INSPECTION, parent_kind="case", parent_id=CASE, text="asked at once"
        )
        s.add(note)
        s.flush()
        return points.support(s, point.id, "note", note.id).id

    link = three.ada.write_now(linked)
    three.round()
    three.round()

    def changed(s: Session, /, **values: str) -> None:
        found = s.get(Support, link)
        assert found is not None
        found.change(**values)

    three.ada.write_now(changed, why="it says so")
    three.ben.write_now(changed, relation=CONTRADICTS)
    for _ in range(2):
        three.round()
    (conflict,) = three.cas.read_now(conflicts.listing)
    assert {side.text for side in conflict.sides} == {
        "relation supports; why it says so",
        "relation contradicts",
    }


def test_a_confirmation_is_told_and_taken_back(three: Three) -> None:
    three.ada.write_now(begin)
    three.ada.write_now(judging.grade, CASE, "investigation", "good", "as it reads")
    three.ada.write_now(judging.grade, CASE, "investigation", "good", "the log was found")
    line = three.ada.read_now(record_history, "judgment", LINE)[-1]
    assert (line.did, line.reason) == ("confirmed", "the log was found")
    assert ("grade", "good") in [(one.field, one.after) for one in line.changes]
    before = written(three.ada)
    assert three.ada.write_now(undo_last) == "Undone: WST-001, Investigation, grade."
    assert (judgment(three.ada).grade, written(three.ada)) == ("good", before + 1)
    assert three.ada.read_now(record_history, "judgment", LINE)[-1].did == "confirmed"


def test_the_same_grade_without_a_reason_writes_nothing(three: Three) -> None:
    three.ada.write_now(begin)
    three.ada.write_now(judging.grade, CASE, "investigation", "good", "as it reads")
    three.ada.write_now(judging.set_state, CASE, "overall", "unable to judge", "no file")
    before = written(three.ada)
    count = three.ada.read_now(_count)
    three.ada.write_now(judging.grade, CASE, "investigation", "good")
    three.ada.write_now(judging.set_state, CASE, "overall", "unable to judge", "no file")
    assert (written(three.ada), three.ada.read_now(_count)) == (before, count)


def _count(s: Session) -> int:
    return int(s.connection().exec_driver_sql("SELECT COUNT(*) FROM op").scalar_one())


def test_who_had_seen_two_equal_confirmations_is_in_no_conflict(three: Three) -> None:
    three.ada.write_now(begin)
    three.ada.write_now(judging.grade, CASE, "investigation", "good", "as it reads")
    for _ in range(2):
        three.round()
    three.ada.write_now(judging.grade, CASE, "investigation", "good", "log found")
    three.ben.write_now(judging.grade, CASE, "investigation", "good", "asked the officer")
    for _ in range(2):
        three.round()
    three.cas.write_now(judging.grade, CASE, "investigation", "inadequate", "saw all")
    for _ in range(2):
        three.round()
    for vault in three.all:
        assert vault.read_now(conflicts.listing) == []
        assert judgment(vault).grade == "inadequate"


def test_a_group_does_not_bring_redacted_words_back(three: Three) -> None:
    three.ada.write_now(begin)
    three.ada.write_now(judging.grade, CASE, "investigation", "good")
    for _ in range(2):
        three.round()
    query = three.ben.write_now(lambda s: queries.ask(s, CASE, "investigation", "why good?").id)
    for _ in range(2):
        three.round()
    three.ada.write_now(queries.answer, query, "Marisol said so")
    for _ in range(2):
        three.round()
    # Ben settles the query before he hears of the redaction.
    three.ada.write_now(redact.redact, "query", query, "answer", "a child's name")
    three.ben.write_now(queries.settle, query)
    for _ in range(3):
        three.round()
    for vault in three.all:
        assert "Marisol" not in vault.read_now(lambda s: s.get_one(Query, query).answer)
        assert vault.read_now(search, INSPECTION, "Marisol") == []
        ops = vault.read_now(lambda s: ops_of(s.connection(), "query", query))
        assert not any("Marisol" in str(op.fields) for op in ops)
