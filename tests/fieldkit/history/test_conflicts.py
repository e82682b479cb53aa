"""Two people answer the same line differently: each answer is shown and decided whole."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, queries
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.cases import edit_case, withdraw_case
from fieldkit.comparison.assemble import comparison
from fieldkit.comparison.output.json_output import to_json
from fieldkit.comparison.output.text_output import to_text
from fieldkit.evidence.evidence import evidence
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.handover.gather import gather
from fieldkit.history import conflicts
from fieldkit.methodology import load
from storage.conflicts.find import conflicted_fields
from storage.feed.read import ops_of
from storage.feed.replay import differences
from storage.ops.op import OpId
from storage.records import Case, Judgment, Query
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.storage.colleague import Colleague

EARLY, LATE = 1000, 2**42
BEN = "person-ben"


def line(cases: dict[str, str]) -> tuple[str, str]:
    return ("judgment", judgment_id(cases["WST-003"], "investigation"))


def made_of(cases: dict[str, str], inspection: str) -> dict[str, str]:
    return {
        "inspection_id": inspection,
        "case_id": cases["WST-003"],
        "criterion": "investigation",
        "by": BEN,
    }


def graded(fields: dict[str, str]) -> dict[str, str]:
    return fields | {"state": "graded", "grade": "inadequate"}


def unable(fields: dict[str, str]) -> dict[str, str]:
    return fields | {"state": "unable to judge", "state_reason": "no minutes"}


def kept(vault: Vault, record: tuple[str, str]) -> dict[str, Any]:
    found = vault.read_now(lambda s: s.get(Judgment, record[1]))
    assert found is not None
    return {name: getattr(found, name) for name in ("state", "grade", "state_reason", "by")}


def ours(vault: Vault, cases: dict[str, str], answer: str) -> None:
    case = cases["WST-003"]
    if answer == "unable":
        vault.write_now(
            judging.set_state, case, "investigation", "unable to judge", "files missing"
        )
    else:
        vault.write_now(judging.grade, case, "investigation", answer)


def theirs(
    vault: Vault, record: tuple[str, str], fields: dict[str, Any], ms: int, verb: str = "create"
) -> OpId:
    colleague = Colleague("aaaa000000000000", BEN)
    one = colleague.write(record, fields, verb=verb, ms=ms)
    vault.write_now(colleague.hand_over, [one])
    return one.id


def shown_everywhere(vault: Vault, record: tuple[str, str]) -> str:
    found = vault.read_now(lambda s: s.get(Judgment, record[1]))
    return found.said if found is not None else ""


def ops_then(s: Session, record: tuple[str, str]) -> list[OpId]:
    return [one.id for one in ops_of(s.connection(), *record)]


def agrees(vault: Vault) -> None:
    assert vault.read_now(lambda s: differences(s.connection())) == []


@pytest.mark.parametrize("ms", [EARLY, LATE])
def test_a_grade_and_a_state_are_each_shown_and_kept_whole(
    vault: Vault, inspection: str, cases: dict[str, str], ms: int
) -> None:
    record = line(cases)
    ours(vault, cases, "good")
    op = theirs(vault, record, unable(made_of(cases, inspection)), ms)
    (one,) = vault.read_now(conflicts.listing)
    assert (one.label, one.word) == ("WST-003, Investigation", "grade")
    assert {side.text for side in one.sides} == {"good", "unable to judge, because no minutes"}
    mine = next(side for side in one.sides if side.op != str(op))
    vault.write_now(conflicts.decide, one.id, keep=mine.op)
    me = vault.person.id
    assert kept(vault, record) == {
        "state": "graded", "grade": "good", "state_reason": "", "by": me,
    }  # fmt: skip
    assert vault.read_now(conflicts.listing) == []
    agrees(vault)


@pytest.mark.parametrize("ms", [EARLY, LATE])
def test_a_state_that_is_kept_leaves_no_grade_behind(
    vault: Vault, inspection: str, cases: dict[str, str], ms: int
) -> None:
    record = line(cases)
    ours(vault, cases, "unable")
    op = theirs(vault, record, graded(made_of(cases, inspection)), ms)
    (one,) = vault.read_now(conflicts.listing)
    assert [side.text for side in one.sides if side.op == str(op)] == ["inadequate"]
    mine = next(side for side in one.sides if side.op != str(op))
    vault.write_now(conflicts.decide, one.id, keep=mine.op)
    found = kept(vault, record)
    assert (found["state"], found["grade"]) == ("unable to judge", "")
    assert (found["state_reason"], found["by"]) == ("files missing", vault.person.id)


def test_a_change_on_a_common_ground_is_read_as_its_writer_left_it(
    vault: Vault, cases: dict[str, str]
) -> None:
    record = line(cases)
    ours(vault, cases, "good")
    ground = vault.read_now(lambda s: ops_then(s, record))
    ours(vault, cases, "unable")
    colleague = Colleague("aaaa000000000000", BEN)
    only = {"grade": "requires improvement", "by": BEN}
    vault.write_now(colleague.hand_over, [colleague.write(record, only, base=ground, ms=LATE)])
    (one,) = vault.read_now(conflicts.listing)
    assert [side.text for side in one.sides] == [
        "unable to judge, because files missing",
        "requires improvement",
    ]
    # What is shown everywhere goes by the state, so that answer is listed first.
    assert shown_everywhere(vault, record) == "unable to judge"
    vault.write_now(conflicts.decide, one.id, keep=one.sides[1].op)
    assert kept(vault, record) == {
        "state": "graded", "grade": "requires improvement", "state_reason": "", "by": BEN,
    }  # fmt: skip


def test_a_writers_two_steps_are_one_answer(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    record = line(cases)
    ours(vault, cases, "good")
    colleague = Colleague("aaaa000000000000", BEN)
    first = colleague.write(record, unable(made_of(cases, inspection)), verb="create", ms=LATE)
    second = colleague.write(record, {"state_reason": "no log"}, base=[first.id], ms=LATE + 1)
    vault.write_now(colleague.hand_over, [first, second])
    (one,) = vault.read_now(conflicts.listing)
    assert [side.text for side in one.sides] == ["unable to judge, because no log", "good"]


def test_the_same_grade_by_two_is_nothing_to_decide(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    ours(vault, cases, "inadequate")
    theirs(vault, line(cases), graded(made_of(cases, inspection)), LATE)
    assert vault.read_now(conflicts.listing) == []
    assert vault.read_now(conflicts.waiting, inspection) == conflicts.Waiting(0, {})
    assert vault.read_now(lambda s: conflicted_fields(s.connection())) == {}


def test_a_withdrawal_is_decided_with_its_reason(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-004"]
    vault.write_now(withdraw_case, case, "a duplicate")
    fields = {"withdrawn": True, "withdrawn_reason": "the wrong force", "replaced_by": ""}
    fields["replaced_by"] = cases["WST-003"]
    theirs(vault, ("case", case), fields, LATE, "set")
    (one,) = vault.read_now(conflicts.listing)
    assert one.word == "withdrawal"
    assert one.sides[0].text == (
        "withdrawn yes; reason of withdrawal the wrong force; replaced by WST-003"
    )
    vault.write_now(conflicts.decide, one.id, keep=one.sides[1].op)
    found = vault.read_now(lambda s: s.get(Case, case))
    assert found is not None
    assert (found.withdrawn_reason, found.replaced_by) == ("a duplicate", "")


def test_values_are_told_by_their_labels(vault: Vault, cases: dict[str, str]) -> None:
    case = cases["WST-003"]
    vault.write_now(edit_case, case, types=["missing"])
    theirs(vault, ("case", case), {"types": ["sexual-exploitation"]}, LATE, "set")
    (one,) = vault.read_now(conflicts.listing)
    assert one.word == "types"
    assert [side.text for side in one.sides] == ["Child sexual exploitation", "Missing children"]


def test_the_answer_to_a_query_is_one_answer(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    ours(vault, cases, "good")
    asked = vault.write_now(queries.ask, cases["WST-003"], "investigation", "Which log?")
    vault.write_now(queries.answer, asked.id, "the custody log")
    fields = {"state": "answered", "answer": "the control room's", "answered_by": BEN}
    fields["answered_at"] = "2026-07-06T10:00:00.000Z"
    theirs(vault, ("query", asked.id), fields, LATE, "set")
    (one,) = vault.read_now(conflicts.listing)
    assert (one.word, one.can_combine) == ("answer", True)
    vault.write_now(conflicts.decide, one.id, keep=one.sides[0].op)
    found = vault.read_now(lambda s: s.get(Query, asked.id))
    assert found is not None
    assert (found.answer, found.answered_by) == ("the control room's", BEN)


def test_two_overall_grades_are_told_wherever_the_grade_is_used(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-003"]
    record = ("judgment", judgment_id(case, "overall"))
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    before = vault.read_now(comparison, inspection)
    assert not any("two answers" in one for one in before.checks)
    theirs(vault, record, graded(made_of(cases, inspection)) | {"criterion": "overall"}, LATE)
    marked = [one.reference for one in vault.read_now(case_lines, inspection)
              if one.two_answers]  # fmt: skip
    assert marked == ["WST-003"]
    assert vault.read_now(open_case, case).two_answers == {"overall"}
    assert vault.read_now(open_case, cases["WST-001"]).two_answers == frozenset()
    told = "1 case has two answers for the overall grade; the one shown first is counted: WST-003."
    found = vault.read_now(comparison, inspection)
    assert told in found.checks
    assert told in to_json(found)["checks"]
    assert told in " ".join(to_text(found, 80).split())
    given = vault.read_now(gather, inspection, "the chief constable")
    assert told in given.left_out
    assert "two answers" not in to_markdown(given.document)
    (one,) = vault.read_now(conflicts.listing)
    vault.write_now(conflicts.decide, one.id, keep=one.sides[0].op)
    assert told not in vault.read_now(comparison, inspection).checks


def test_while_two_answers_stand_what_is_told_goes_by_the_state(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-003"]
    record = ("judgment", judgment_id(case, "overall"))
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    theirs(vault, record, unable(made_of(cases, inspection)) | {"criterion": "overall"}, LATE)
    # Each of the two wrote a field that the other did not, so the record itself is half and half.
    assert kept(vault, record)["grade"] == "good"
    found = vault.read_now(lambda s: s.get(Judgment, record[1]))
    assert found is not None
    assert (found.said, found.graded, found.why) == ("unable to judge", "", "no minutes")
    (one,) = [one for one in vault.read_now(case_lines, inspection) if one.id == case]
    assert (one.overall, one.overall_grade) == ("unable to judge", "")
    told = vault.read_now(lambda s: evidence(s, load("2018"), *record))
    assert told is not None
    assert (told.text, told.grade) == ("unable to judge\nWhy: no minutes", "")
