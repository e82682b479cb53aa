"""What is known beside notes: questions for whom is met, what others said, points on the notes."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.beside import (
    noted_in_points,
    points_on,
    questions_of,
    said_by_others,
)
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.methodology import load, versions
from storage.records import Interview, Note
from storage.vault.vault import Vault


@pytest.mark.parametrize("version", versions())
def test_every_source_group_has_questions_and_the_first_is_always_asked(version: str) -> None:
    words = load(version)
    for group in words.source_groups:
        held = Interview.make(inspection_id="i", role="x", source_group=group.key)
        questions = questions_of(words, held, [])
        assert questions[0].text == words.always_ask and len(questions) > 1
        assert not any(one.asked for one in questions)


def test_a_question_is_asked_once_a_note_bears_on_its_criterion() -> None:
    words = load("2018")
    held = Interview.make(inspection_id="i", role="x", source_group="supervisor")
    note = Note.make(inspection_id="i", parent_kind="interview", parent_id="x", text="t")
    note.criteria, note.polarity = ["decision_making"], "strength"
    asked = {one.text for one in questions_of(words, held, [note]) if one.asked}
    assert asked == {words.always_ask, "How are decisions reviewed?"}
    held.works_well = "asked"
    assert questions_of(words, held, [])[0].asked


def test_what_others_said_leaves_out_the_record_itself(vault: Vault, inspection: str) -> None:
    def work(s: Session) -> tuple[str, str]:
        first = add_interview(s, inspection, role="sergeant", source_group="supervisor").id
        other = add_interview(s, inspection, role="hub manager", source_group="supervisor").id
        for number in range(3):
            add_note(s, "interview", other, f"said {number}", criteria=["investigation"])
        add_note(s, "interview", other, "apart", criteria=["assessment"])
        own = add_note(s, "interview", first, "own", criteria=["investigation"])
        s.flush()
        point = points.add_point(s, inspection, "They talk.", "strength")
        points.support(s, point.id, "note", own.id)
        return first, own.id

    entry, own = vault.write_now(work)
    said = vault.read_now(lambda s: said_by_others(s, inspection, "investigation", entry, 2))
    assert {one.where for one in said} == {"hub manager"} and len(said) == 2
    assert all(one.text.startswith("said ") for one in said)
    assert vault.read_now(lambda s: noted_in_points(s, inspection, [own, "none"])) == {own}
    resting = vault.read_now(lambda s: points_on(s, inspection, [own]))
    assert [(one.number, one.supports) for one in resting] == [(1, 1)]
    assert vault.read_now(lambda s: points_on(s, inspection, [])) == ()
