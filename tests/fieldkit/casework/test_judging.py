from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, reveals
from fieldkit.casework.cases import withdraw_case
from fieldkit.service import NotThereError, RefusedError
from fieldkit.visibility import is_revealed
from storage.feed.projection import project
from storage.feed.replay import differences
from storage.history.history import Change, history
from storage.history.undo import NothingToUndoError, undo
from storage.ops.op import op_id
from storage.records import Assessment, Judgment, Reveal
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.storage.colleague import Colleague

OVERALL = "overall"


@pytest.fixture
def case(vault: Vault, inspection: str, cases: dict[str, str]) -> str:
    """A case that the force assessed too, its row matched."""
    vault.write_now(add_row, inspection, 1, case=cases["WST-001"])
    return cases["WST-001"]


def changes(vault: Vault, case: str, criterion: str = OVERALL) -> list[Change]:
    return vault.read_now(history, "judgment", judgment_id(case, criterion))


def ops(vault: Vault) -> int:
    count = "SELECT COUNT(*) FROM op"
    return vault.read_now(lambda s: int(s.connection().exec_driver_sql(count).scalar_one()))


def judge_all(vault: Vault, case: str, grade: str = "good") -> None:
    for key in vault.read_now(judging.open_criteria, case):
        vault.write_now(judging.grade, case, key, grade)


@pytest.mark.parametrize(
    ("criterion", "written", "key", "word"),
    [
        ("investigation", "good", "investigation", "good"),
        ("Decision-making", "RI", "decision_making", "requires improvement"),
        ("Trusted adult", "inad", "trusted_adult", "inadequate"),
    ],
)
def test_a_grade_is_kept_in_the_words_of_the_scale(
    vault: Vault, case: str, criterion: str, written: str, key: str, word: str
) -> None:
    made = vault.write_now(judging.grade, case, criterion, written)
    assert (made.criterion, made.state, made.grade) == (key, "graded", word)
    assert made.by == vault.person.id


@pytest.mark.parametrize(
    ("criterion", "grade", "said"),
    [
        ("investigation", "adequate", "not a grade of this inspection's scale"),
        ("investigation", "not applicable", "not a grade"),
        ("investigation", "", "not a grade"),
        ("leadership", "good", "not judged on a case"),
        ("piracy", "good", "not a criterion"),
        ("", "good", "criterion is missing"),
    ],
)
def test_what_is_not_on_the_scale_or_the_list_is_refused(
    vault: Vault, case: str, criterion: str, grade: str, said: str
) -> None:
    before = ops(vault)
    with pytest.raises(RefusedError, match=said) as refusal:
        vault.write_now(judging.grade, case, criterion, grade)
    assert "othing was changed" in str(refusal.value)
    assert ops(vault) == before


def test_the_same_grade_again_makes_no_op(vault: Vault, case: str) -> None:
    vault.write_now(judging.grade, case, "investigation", "good")
    before = ops(vault)
    vault.write_now(judging.grade, case, "investigation", "Good")
    assert ops(vault) == before


def test_the_overall_grade_is_entered_last(vault: Vault, case: str) -> None:
    vault.write_now(judging.grade, case, "investigation", "good")
    with pytest.raises(RefusedError, match="Initial contact") as refusal:
        vault.write_now(judging.grade, case, OVERALL, "good")
    assert "Investigation" not in str(refusal.value)
    for key in vault.read_now(judging.open_criteria, case):
        vault.write_now(judging.set_state, case, key, "not applicable")
    assert vault.write_now(judging.grade, case, OVERALL, "inadequate").grade == "inadequate"


def test_an_overall_grade_with_open_criteria_says_so_on_record(vault: Vault, case: str) -> None:
    vault.write_now(
        judging.grade, case, OVERALL, "good", "the file came late", allow_open=True, rationale="x"
    )
    (made,) = changes(vault, case)
    assert made.reason == "the file came late (entered with 7 criteria open)"
    assert made.fields["rationale"] == ("", "x")


def test_states_are_never_grades(vault: Vault, case: str) -> None:
    vault.write_now(judging.grade, case, "investigation", "good")
    made = vault.write_now(judging.set_state, case, "investigation", "n/a")
    assert (made.state, made.grade) == ("not applicable", "")
    with pytest.raises(RefusedError, match="needs a reason"):
        vault.write_now(judging.set_state, case, "investigation", "unable to judge", " ")
    made = vault.write_now(judging.set_state, case, "investigation", "cannot judge", "no file")
    assert (made.state, made.state_reason) == ("unable to judge", "no file")
    for word in ("good", "not judged"):
        with pytest.raises(RefusedError, match="not a state"):
            vault.write_now(judging.set_state, case, "investigation", word, "why")
    made = vault.write_now(judging.grade, case, "investigation", "good")
    assert (made.state, made.state_reason) == ("graded", "")


def test_clearing_keeps_what_was_written(vault: Vault, case: str) -> None:
    assert vault.write_now(judging.clear, case, "investigation") is None
    vault.write_now(judging.grade, case, "investigation", "good", rationale="seen at once")
    made = vault.write_now(judging.clear, case, "investigation")
    assert made is not None
    assert (made.state, made.grade, made.rationale) == ("not judged", "", "seen at once")


def test_writing_sets_only_the_texts_given(vault: Vault, case: str) -> None:
    before = ops(vault)
    assert vault.write_now(judging.write, case, "investigation", rationale="") is None
    assert ops(vault) == before
    vault.write_now(judging.write, case, "investigation", rationale="late", concern="no visit\n")
    made = vault.write_now(judging.write, case, "investigation", rationale="late again")
    assert made is not None
    assert (made.state, made.rationale, made.concern) == ("not judged", "late again", "no visit")


def test_a_withdrawn_case_is_not_judged(vault: Vault, case: str) -> None:
    vault.write_now(withdraw_case, case, "a duplicate")
    with pytest.raises(RefusedError, match="a duplicate"):
        vault.write_now(judging.grade, case, "investigation", "good")
    with pytest.raises(NotThereError, match="no case"):
        vault.write_now(judging.grade, "nowhere", "investigation", "good")


def test_the_force_is_assessed_on_what_is_judged_on_it(vault: Vault, inspection: str) -> None:
    made = vault.write_now(judging.assess, inspection, "leadership", "good", rationale="clear")
    assert (made.state, made.grade, made.rationale) == ("graded", "good", "clear")
    made = vault.write_now(
        judging.assess, inspection, "leadership", state="unable to judge", reason="nobody free"
    )
    assert (made.state, made.grade, made.rationale) == ("unable to judge", "", "clear")
    made = vault.write_now(judging.assess, inspection, "leadership", state="not judged")
    assert (made.state, made.state_reason) == ("not judged", "")
    for said in (
        {"grade": "good", "state": "not applicable"},
        {"grade": "splendid"},
        {"state": "unable to judge"},
    ):
        with pytest.raises(RefusedError, match="othing was changed"):
            vault.write_now(judging.assess, inspection, "leadership", **said)
    with pytest.raises(RefusedError, match="not judged on the force"):
        vault.write_now(judging.assess, inspection, "investigation", "good")
    assert vault.read_now(lambda s: s.get(Assessment, made.id)) is not None


def test_nothing_is_revealed_before_our_overall_grade(vault: Vault, case: str) -> None:
    with pytest.raises(RefusedError, match="stays hidden"):
        vault.write_now(reveals.reveal, case)
    vault.write_now(judging.set_state, case, OVERALL, "unable to judge", "no file")
    with pytest.raises(RefusedError, match="stays hidden"):
        vault.write_now(reveals.reveal, case)
    assert not vault.read_now(is_revealed, case)


def test_a_reveal_keeps_our_grade_and_happens_once(
    vault: Vault, inspection: str, case: str
) -> None:
    judge_all(vault, case)
    vault.write_now(judging.grade, case, OVERALL, "good")
    vault.write_now(judging.grade, case, OVERALL, "inadequate")
    first = vault.write_now(reveals.reveal, case)
    assert vault.write_now(reveals.reveal, case).id == first.id
    assert (first.grade, first.judgment_op) == ("inadequate", str(changes(vault, case)[-1].op))
    assert vault.read_now(is_revealed, case)
    vault.write_now(judging.grade, case, OVERALL, "good", "the team agreed on it")
    assert vault.read_now(reveals.initial_grades, inspection) == {case: "inadequate"}


def test_after_a_reveal_the_overall_changes_only_with_a_reason(vault: Vault, case: str) -> None:
    judge_all(vault, case)
    vault.write_now(judging.grade, case, OVERALL, "good")
    vault.write_now(reveals.reveal, case)
    before = ops(vault)
    refused: list[Callable[[Session], object]] = [
        lambda s: judging.grade(s, case, OVERALL, "inadequate"),
        lambda s: judging.grade(s, case, OVERALL, "inadequate", "  "),
        lambda s: judging.set_state(s, case, OVERALL, "not applicable"),
        lambda s: judging.clear(s, case, OVERALL),
    ]
    for job in refused:
        with pytest.raises(RefusedError, match="moderation"):
            vault.write_now(job)
    assert ops(vault) == before
    vault.write_now(judging.grade, case, OVERALL, "good")
    vault.write_now(judging.write, case, OVERALL, rationale="still what we think")
    vault.write_now(judging.grade, case, "investigation", "inadequate")
    vault.write_now(judging.grade, case, OVERALL, "inadequate", "moderated")
    assert changes(vault, case)[-1].reason == "moderated"


@pytest.mark.parametrize("changed", ["inadequate", "requires improvement", "RI"])
def test_open_criteria_are_no_reason_for_a_change_after_the_reveal(
    vault: Vault, case: str, changed: str
) -> None:
    """That criteria are open goes on record, and does not stand for why the grade changed."""
    vault.write_now(judging.grade, case, OVERALL, "good", allow_open=True)
    vault.write_now(reveals.reveal, case)
    with pytest.raises(RefusedError):
        vault.write_now(judging.grade, case, OVERALL, changed, allow_open=True)
    assert [one.reason for one in changes(vault, case)] == ["entered with 7 criteria open"]


def test_a_reveal_is_never_undone(vault: Vault, case: str) -> None:
    judge_all(vault, case)
    vault.write_now(judging.grade, case, OVERALL, "good")
    vault.write_now(reveals.reveal, case)
    with pytest.raises(NothingToUndoError, match="stays on record"):
        vault.write_now(undo)
    assert vault.read_now(is_revealed, case)


def test_the_initial_grade_is_the_earliest_by_what_was_built_on_not_by_the_clock(
    vault: Vault, inspection: str, case: str
) -> None:
    """A colleague whose clock is slow changed our grade and revealed it: ours came first."""
    judge_all(vault, case)
    vault.write_now(judging.grade, case, OVERALL, "good")
    ours = vault.write_now(reveals.reveal, case)
    judgment = judgment_id(case, OVERALL)
    colleague = Colleague("aaaa000000000000")
    regrade = colleague.write(
        ("judgment", judgment),
        {"grade": "inadequate"},
        base=[op_id(ours.judgment_op)],
        ms=1000,
    )
    seen = colleague.write(
        ("reveal", "theirs"),
        {
            "inspection_id": inspection,
            "case_id": case,
            "grade": "inadequate",
            "judgment_op": str(regrade.id),
        },
        verb="reveal",
        ms=2000,
    )
    vault.write_now(colleague.hand_over, [regrade, seen])
    assert vault.read_now(reveals.initial_grades, inspection) == {case: "good"}
    assert vault.write_now(reveals.reveal, case).id == ours.id


@pytest.mark.parametrize(("ms", "grade"), [(1000, "inadequate"), (2**44, "good")])
def test_between_reveals_in_parallel_the_clock_decides(
    vault: Vault, inspection: str, case: str, ms: int, grade: str
) -> None:
    judge_all(vault, case)
    vault.write_now(judging.grade, case, OVERALL, "good")
    vault.write_now(reveals.reveal, case)
    colleague = Colleague("aaaa000000000000")
    theirs = colleague.write(
        ("judgment", judgment_id(case, OVERALL)), {"grade": "inadequate"}, ms=ms
    )
    seen = colleague.write(
        ("reveal", "theirs"),
        {
            "inspection_id": inspection,
            "case_id": case,
            "grade": "inadequate",
            "judgment_op": str(theirs.id),
        },
        verb="reveal",
        ms=ms + 1,
    )
    vault.write_now(colleague.hand_over, [theirs, seen])
    assert vault.read_now(reveals.initial_grades, inspection) == {case: grade}


def test_reveals_that_name_no_op_take_nothing_down(
    vault: Vault, inspection: str, case: str
) -> None:
    """Two of them, as a malicious laptop's bundle brought them before they were refused."""
    judge_all(vault, case)
    vault.write_now(judging.grade, case, OVERALL, "good")
    ours = vault.write_now(reveals.reveal, case)
    colleague = Colleague("aaaa000000000000")
    said = {"inspection_id": inspection, "case_id": case, "grade": "inadequate"}
    seen = [
        colleague.write(
            ("reveal", record), said | {"judgment_op": "garbage"}, verb="reveal", ms=2**44
        )
        for record in ("theirs", "another")
    ]
    vault.write_now(colleague.hand_over, seen)
    assert vault.read_now(reveals.initial_grades, inspection) == {case: "good"}
    assert vault.write_now(reveals.reveal, case).id == ours.id


def test_tables_stay_what_the_ops_say(vault: Vault, case: str) -> None:
    judge_all(vault, case)
    vault.write_now(judging.grade, case, OVERALL, "good")
    vault.write_now(reveals.reveal, case)

    def check(s: Session) -> list[str]:
        project(s.connection(), Judgment.KIND, judgment_id(case, OVERALL))
        assert s.get(Reveal, "nowhere") is None
        return differences(s.connection())

    assert vault.write_now(check) == []
