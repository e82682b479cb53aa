"""Interviews, observations, documents and the notes inside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session, select

from fieldkit.evidence import points
from fieldkit.evidence.entries import (
    add_document,
    add_interview,
    add_observation,
    edit_entry,
    entry_lines,
    open_entry,
)
from fieldkit.evidence.notes import (
    FinalisedError,
    add_note,
    amend_note,
    delete_note,
    edit_note,
    finalise_note,
    notes_of,
)
from fieldkit.service import NotThereError, RefusedError
from storage.feed.replay import differences
from storage.history.history import history
from storage.records import Consultation, Note
from storage.records.lookup import records_in
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault


@pytest.fixture(autouse=True)
def tables_equal_a_replay(vault: Vault) -> Iterator[None]:
    yield
    assert vault.read_now(lambda s: differences(s.connection())) == []


def interview(vault: Vault, inspection: str, **fields: str) -> str:
    given = {"role": "detective sergeant", "source_group": "supervisors"} | fields
    made = vault.write_now(add_interview, inspection, **given)
    return made.id


def note(vault: Vault, parent: str, text: str = "Nobody checks the log", **more: Any) -> Note:
    return vault.write_now(add_note, "interview", parent, text, **more)


def test_an_interview_takes_the_words_people_use(vault: Vault, inspection: str) -> None:
    made = vault.write_now(
        add_interview,
        inspection,
        role="detective sergeant",
        source_group="Detective Sergeant",
        mode="phone",
        meeting="Focus group",
    )
    assert (made.source_group, made.mode, made.meeting) == (
        "supervisor",
        "telephone",
        "focus group",
    )
    assert made.held_on and made.by == vault.person.id and made.language == "en"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"role": " "}, "The role of the person met is missing"),
        ({"role": "x", "source_group": "the canteen"}, "“the canteen” is not a source group"),
        ({"role": "x", "held_on": "31 June"}, "“Day” needs a date"),
        ({"role": "x", "shoe_size": "9"}, "shoe size"),
        ({"role": "x", "mode": "carrier pigeon"}, "not a way of meeting"),
    ],
)
def test_bad_input_is_refused_in_words_and_changes_nothing(
    vault: Vault, inspection: str, fields: dict[str, str], said: str
) -> None:
    with pytest.raises((RefusedError, InvalidError), match=said) as refusal:
        vault.write_now(add_interview, inspection, **fields)
    assert "othing was changed" in str(refusal.value)
    assert vault.read_now(entry_lines, inspection) == []


def test_editing_changes_only_what_is_given_and_only_what_may_be(
    vault: Vault, inspection: str
) -> None:
    made = interview(vault, inspection)
    vault.write_now(edit_entry, "interview", made, agreed="agreed", unavailable="the inspector")
    opened = vault.read_now(open_entry, "interview", made)
    assert opened.label == "Interview: detective sergeant"
    with pytest.raises(RefusedError, match="inspection id of the interview cannot be changed"):
        vault.write_now(edit_entry, "interview", made, inspection_id="other")
    with pytest.raises(RefusedError, match="role of the person met is missing"):
        vault.write_now(edit_entry, "interview", made, role="")
    line = vault.read_now(entry_lines, inspection)[0]
    assert (line.state, line.source_group) == ("agreed", "supervisor")


def test_the_latest_entry_comes_first_and_counts_its_notes(vault: Vault, inspection: str) -> None:
    old = interview(vault, inspection, held_on="2026-07-06")
    vault.write_now(add_observation, inspection, place="Custody", held_on="2026-07-07")
    first = interview(vault, inspection, role="constable", held_on="2026-07-07")
    vault.write_now(add_document, inspection, title="Missing policy", asked_on="2026-07-05")
    note(vault, old, polarity="-", criteria=["Investigation"])
    note(vault, old, polarity="strength")
    note(vault, old)
    lines = vault.read_now(entry_lines, inspection)
    assert [one.label for one in lines] == [
        "Interview: constable",
        "Observation: Custody",
        "Interview: detective sergeant",
        "Document: Missing policy",
    ]
    assert lines[0].id == first
    assert (lines[2].notes, lines[2].strengths, lines[2].concerns) == (3, 1, 1)
    assert lines[3].state == "awaited"
    vault.write_now(edit_entry, "document", lines[3].id, received_on="2026-07-08")
    assert vault.read_now(entry_lines, inspection)[0].state == "received"


def test_a_note_is_marked_with_criteria_and_takes_its_parents_language(
    vault: Vault, inspection: str, cases: dict[str, str]
) -> None:
    parent = interview(vault, inspection, language="cy")
    made = note(vault, parent, criteria=["Decision-making", "decision_making", "leadership"])
    assert (made.criteria, made.language) == (["decision_making", "leadership"], "cy")
    in_case = vault.write_now(add_note, "case", cases["WST-001"], " Seen alone.\n", polarity="+")
    assert (in_case.text, in_case.polarity, in_case.language) == ("Seen alone.", "strength", "en")
    assert in_case.inspection_id == inspection
    remark = vault.write_now(add_note, "inspection", inspection, "Ask about weekends")
    assert remark.inspection_id == inspection
    assert vault.read_now(notes_of, parent)[0].id == made.id


@pytest.mark.parametrize(
    ("kind", "parent", "text", "more", "said"),
    [
        ("interview", "nowhere", "x", {}, "no interview of that id"),
        ("referral", "nowhere", "x", {}, "cannot stand in a “referral”"),
        ("inspection", "", " \n", {}, "text of the note is missing"),
        ("inspection", "", "x", {"criteria": ["weather"]}, "“weather” is not a criterion"),
        ("inspection", "", "x", {"polarity": "purple"}, "“purple” is not a polarity"),
    ],
)
def test_a_note_without_a_place_or_words_is_refused(
    vault: Vault,
    inspection: str,
    kind: str,
    parent: str,
    text: str,
    more: dict[str, Any],
    said: str,
) -> None:
    with pytest.raises(RefusedError, match=said):
        vault.write_now(add_note, kind, parent or inspection, text, **more)
    assert vault.read_now(records_in, Note, inspection) == []


def test_a_finalised_note_changes_only_by_an_amendment_with_a_reason(
    vault: Vault, inspection: str
) -> None:
    made = note(vault, interview(vault, inspection)).id
    vault.write_now(edit_note, made, text="Nobody checks it", polarity="concern")
    vault.write_now(finalise_note, made)
    for refused in (
        lambda s: edit_note(s, made, text="Everybody checks it"),
        lambda s: edit_note(s, made, criteria=["leadership"]),
        lambda s: delete_note(s, made),
    ):
        with pytest.raises(FinalisedError):
            vault.write_now(refused)
    with pytest.raises(RefusedError, match="reason is missing"):
        vault.write_now(amend_note, made, "Nobody checks it at night", " ")
    vault.write_now(amend_note, made, "Nobody checks it at night", "left out")

    def told(s: Session) -> tuple[str, str | None, str]:
        kept = s.get(Note, made)
        last = history(s, "note", made)[-1]
        return (kept.text if kept else "", last.reason, last.fields["text"][0])

    assert vault.read_now(told) == ("Nobody checks it at night", "left out", "Nobody checks it")


def test_a_note_that_a_point_rests_on_is_not_deleted(vault: Vault, inspection: str) -> None:
    parent = interview(vault, inspection)
    made, free = note(vault, parent).id, note(vault, parent, "Another").id
    point = vault.write_now(points.add_point, inspection, "Logs are not checked", "concern")
    link = vault.write_now(points.support, point.id, "note", made)
    with pytest.raises(RefusedError, match="a point rests on it"):
        vault.write_now(delete_note, made)
    vault.write_now(delete_note, free)
    assert [one.id for one in vault.read_now(notes_of, parent)] == [made]
    vault.write_now(points.unsupport, link.id)
    vault.write_now(delete_note, made)
    with pytest.raises(NotThereError, match="no note of that id"):
        vault.write_now(edit_note, made, text="x")


def test_opening_an_entry_is_put_on_record_once(vault: Vault, inspection: str) -> None:
    made = interview(vault, inspection)
    vault.read_now(open_entry, "interview", made)
    vault.read_now(open_entry, "interview", made)
    note(vault, made)
    kept: list[Consultation] = vault.read_now(lambda s: list(s.exec(select(Consultation))))
    assert [(one.of_kind, one.of_id) for one in kept] == [("interview", made)]
    with pytest.raises(RefusedError, match="neither an interview"):
        vault.read_now(open_entry, "case", made)
