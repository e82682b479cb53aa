from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework import judging, referrals, reveals
from fieldkit.casework.cases import allocate_case, withdraw_case
from fieldkit.history import record_history
from fieldkit.service import NotThereError
from fieldkit.wording.labels import case_of, label
from storage.history.undo import undo
from storage.records import Document, Interview, Note, Point
from storage.records.judgment import judgment_id
from storage.records.registry import KINDS
from storage.vault.vault import Vault
from tests.fieldkit.selfassessment.force_rows import add_row
from tests.storage.colleague import Colleague


def told(vault: Vault, kind: str, record: str) -> list[record_history.HistoryLine]:
    return vault.read_now(record_history.record_history, kind, record)


def test_a_history_tells_who_did_what_on_which_laptop_and_why(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(add_row, inspection, 1, case=case)
    vault.write_now(judging.grade, case, "overall", "good", allow_open=True)
    vault.write_now(reveals.reveal, case)
    vault.write_now(
        judging.grade, case, "overall", "ri", "two of us read it again", allow_open=True
    )
    first, second = told(vault, "judgment", judgment_id(case, "overall"))
    assert (first.who, first.laptop, first.did) == ("A. Inspector", "this laptop", "made")
    assert [(one.field, one.before, one.after) for one in first.changes] == [
        ("grade", "", "good"),
        ("state", "", "graded"),
    ]
    assert second.did == "changed"
    assert [(one.field, one.before, one.after) for one in second.changes] == [
        ("grade", "good", "requires improvement")
    ]
    assert second.reason == "two of us read it again (entered with 7 criteria open)"
    assert second.text.startswith(f"{second.at}  A. Inspector, this laptop: changed grade")
    assert not second.parallel


def test_terms_people_and_cases_are_told_by_name(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(allocate_case, case, vault.person.id)
    vault.write_now(withdraw_case, case, "a duplicate", "WST-002")
    made, given, gone = told(vault, "case", case)
    assert ("types", "", "Domestic abuse") in [
        (one.field, one.before, one.after) for one in made.changes
    ]
    assert [(one.field, one.after) for one in given.changes] == [("who audits it", "A. Inspector")]
    assert ("replaced by", "nothing", "WST-002") in [
        (one.field, one.before, one.after) for one in gone.changes
    ]
    assert gone.reason == "a duplicate"
    referral = vault.write_now(referrals.refer, case, ["risk too low"], "x")
    assert "the risk was graded too low" in told(vault, "referral", referral.id)[0].text


def test_deleting_and_restoring_are_told(vault: Vault, inspection: str) -> None:
    note = Note.make(inspection_id=inspection, parent_kind="case", parent_id="x", text="a word")
    vault.write_now(lambda s: s.add(note))
    vault.write_now(lambda s: s.delete(s.get(Note, note.id)))
    vault.write_now(undo)
    assert [one.did for one in told(vault, "note", note.id)] == ["made", "deleted", "restored"]


def test_a_colleagues_parallel_write_is_marked(vault: Vault, cases: dict[str, str]) -> None:
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "investigation", "good")
    colleague = Colleague("aaaa000000000000", person="p2")
    record = ("judgment", judgment_id(case, "investigation"))
    theirs = colleague.write(record, {"grade": "inadequate"}, ms=2**44)
    vault.write_now(colleague.hand_over, [theirs])
    ours, last = told(vault, *record)
    assert (last.who, last.laptop, last.parallel) == ("p2", "laptop aaaa", True)
    assert last.text.endswith(f"(in parallel with {vault.person.name}, {ours.at})")
    assert last.beside == (f"{vault.person.name}, {ours.at}",)


def test_edits_of_other_fields_are_merged_and_labelled(vault: Vault, cases: dict[str, str]) -> None:
    """A colleague writes reasons while we grade; whoever had seen the other's is not labelled."""
    case = cases["WST-001"]
    record = ("judgment", judgment_id(case, "investigation"))
    colleague = Colleague("aaaa000000000000", person="p2")
    theirs = colleague.write(record, {"rationale": "nobody asked the child"})
    vault.write_now(judging.grade, case, "investigation", "good")
    vault.write_now(colleague.hand_over, [theirs])
    first, ours = told(vault, *record)
    assert (first.merged, ours.parallel) == ((), False)
    assert ours.merged == (f"p2, {first.at}: rationale",)
    assert ours.text.endswith(f"(merged with p2, {first.at}: rationale)")
    # From now on it has been seen, in whatever field we write.
    vault.write_now(judging.grade, case, "investigation", "inadequate")
    vault.write_now(judging.write, case, "investigation", went_well="a good plan")
    assert [one.merged for one in told(vault, *record)][-2:] == [(), ()]
    later = colleague.write(record, {"concern": "no plan"}, base=[theirs.id], ms=2**45)
    vault.write_now(colleague.hand_over, [later])
    (said,) = told(vault, *record)[-1].merged
    assert said.startswith(f"{vault.person.name}, ")
    assert said.endswith(": grade, what went well")


def test_a_long_text_is_cut_in_the_line_and_whole_in_the_change(
    vault: Vault, cases: dict[str, str]
) -> None:
    text = "the file does not say who went\n" * 9
    vault.write_now(judging.write, cases["WST-001"], "investigation", rationale=text)
    (line,) = told(vault, "judgment", judgment_id(cases["WST-001"], "investigation"))
    assert line.changes[0].after == text.rstrip()
    assert len(line.text) < 150
    assert "\n" not in line.text


def test_a_history_is_a_consultation(vault: Vault, cases: dict[str, str]) -> None:
    told(vault, "case", cases["WST-001"])
    assert ("case", cases["WST-001"]) in vault.author.pending


def test_nothing_known_is_a_sentence(vault: Vault) -> None:
    with pytest.raises(NotThereError, match="Nothing is known of this judgment"):
        told(vault, "judgment", "nowhere")


def test_records_are_called_by_what_a_person_knows(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    vault.write_now(judging.grade, case, "investigation", "good")
    vault.write_now(judging.assess, inspection, "leadership", "good")

    def add(s: Session) -> dict[str, str]:
        interview = Interview.make(
            inspection_id=inspection, role="detective sergeant", held_on="2026-07-07"
        )
        note = Note.make(
            inspection_id=inspection,
            parent_kind="interview",
            parent_id=interview.id,
            text="short of staff",
        )
        document = Document.make(inspection_id=inspection, title="missing children policy")
        point = Point.make(inspection_id=inspection, sort="concern", wording="Late  visits. " * 9)
        s.add_all([interview, note, document, point])
        row = add_row(s, inspection, 7)
        return {"note": note.id, "document": document.id, "point": point.id, "force_row": row}

    made = vault.write_now(add)
    expected = {
        ("case", case): "WST-001",
        ("judgment", judgment_id(case, "investigation")): "WST-001, Investigation",
        ("note", made["note"]): "note in interview: detective sergeant, 7 July 2026",
        ("document", made["document"]): "document: missing children policy",
        ("force_row", made["force_row"]): "the force's row 7",
        ("inspection", inspection): "Westshire Constabulary, inspection",
        ("case", "nowhere"): "a case not kept here",
        ("some_later_kind", "x"): "a some later kind not kept here",
    }
    for (kind, record), words in expected.items():
        assert vault.read_now(label, kind, record) == words
    point = vault.read_now(label, "point", made["point"])
    assert point.startswith("concern: Late visits. Late")
    assert len(point) < 70


def test_every_kind_of_record_has_a_name(vault: Vault) -> None:
    for kind in KINDS.values():
        assert vault.read_now(label, kind.KIND, "nowhere").endswith("not kept here")


def test_what_a_later_fieldkit_wrote_is_told_as_it_stands(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    case = cases["WST-001"]
    colleague = Colleague("aaaa000000000000")
    record = ("case", case)
    later = colleague.write(record, {"colour": "red", "size": {"a": 1}}, ms=2**42)
    odd = colleague.write(record, {"replaced_by": ["x"]}, verb="annotate", ms=2**42 + 1)
    vault.write_now(colleague.hand_over, [later, odd])
    *_, last, strange = told(vault, "case", case)
    assert [one.field for one in last.changes] == ["colour", "size"]
    assert last.changes[0].after == "red"
    assert "replaced" in strange.changes[0].field


def test_notes_in_one_another_have_names(vault: Vault, inspection: str) -> None:
    colleague = Colleague("aaaa000000000000")
    fields = {"inspection_id": inspection, "parent_kind": "note", "text": "t"}
    made = [
        colleague.write(("note", one), fields | {"parent_id": other}, verb="create")
        for one, other in (("a", "b"), ("b", "a"))
    ]
    vault.write_now(colleague.hand_over, made)
    assert vault.read_now(label, "note", "a") == "note in a note"
    assert vault.read_now(case_of, "note", "a") == ""
