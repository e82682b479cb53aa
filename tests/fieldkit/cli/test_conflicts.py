"""Conflicts by command, and where else a case with two overall grades says so."""

from __future__ import annotations

from sqlmodel import select

from storage.records import Case, Judgment
from storage.records.judgment import judgment_id
from storage.vault.unlock import open_vault
from tests.fieldkit.cli.conftest import PASSPHRASE, Runner
from tests.storage.colleague import Colleague


def two_answers(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--type", "missing")
    fieldkit.done("judge", "WST-001", "overall", "good", "--allow-open")
    with open_vault(fieldkit.home / "vault", PASSPHRASE) as vault:
        case = vault.read_now(lambda s: s.exec(select(Case)).one().id)
        record = judgment_id(case, "overall")
        kept = vault.read_now(lambda s: s.get(Judgment, record))
        assert kept is not None
        colleague = Colleague("aaaa000000000000", "Ben")
        fields = {
            "inspection_id": kept.inspection_id,
            "case_id": case,
            "criterion": "overall",
            "state": "unable to judge",
            "state_reason": "no minutes",
            "by": "Ben",
        }
        ops = [colleague.write(("judgment", record), fields, verb="create", ms=2**42)]
        vault.write_now(colleague.hand_over, ops)


def test_a_case_says_that_its_overall_grade_has_two_answers(fieldkit: Runner) -> None:
    two_answers(fieldkit)
    shown = fieldkit.done("cases", "show", "WST-001")
    assert "unable to judge (≠ two answers: “fieldkit conflicts”)" in shown.out
    assert fieldkit.done("cases", "show", "WST-001", "--json").data["two_answers"] == ["overall"]
    listed = fieldkit.done("cases", "list")
    assert "unable to judge" in listed.out and "≠ two answers for the overall grade" in listed.out
    (line,) = fieldkit.done("cases", "list", "--json").data
    assert (line["two_answers"], line["overall_grade"]) == (True, "")
    assert "1 case has two answers" in " ".join(fieldkit.done("compare").out.split())


def test_an_answer_is_kept_whole_by_its_number(fieldkit: Runner) -> None:
    two_answers(fieldkit)
    told = fieldkit.done("conflicts").out
    assert "1. WST-001, Overall assessment: grade" in told
    assert "1) unable to judge, because no minutes" in told
    assert "2) good" in told
    (one,) = fieldkit.done("conflicts", "--json").data["conflicts"]
    assert one["answers"][1]["values"] == {
        "state": "graded",
        "grade": "good",
        "state_reason": "nothing",
    }
    fieldkit.done("conflicts", "resolve", "1", "--keep", "2")
    kept = fieldkit.done("cases", "show", "WST-001", "--json").data["judgments"]["overall"]
    assert (kept["state"], kept["grade"], kept["state_reason"]) == ("graded", "good", "")
    assert "Nothing is in conflict." in fieldkit.done("conflicts").out
