"""What is offered for a recommendation: notes marked as context, practice, and the next numbers."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.entries import add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.followup.context import context_notes, weigh, weighed_by
from fieldkit.followup.dates.milestones import reported
from fieldkit.followup.links import practices
from fieldkit.followup.publication import coming, publish
from fieldkit.followup.recommendations import recommend
from fieldkit.inspections import inspections
from fieldkit.inspections.states import change_state
from fieldkit.service import NotThereError
from storage.vault.vault import Vault


def _begin(s: Session, force: str, year: int = 2019) -> str:
    first, last = f"{year}-07-06", f"{year}-07-17"
    made = inspections.create(s, force=force, methodology="2018", starts=first, ends=last).id
    s.flush()
    held = add_interview(s, made, role="Sergeant", source_group="frontline", held_on="2026-07-08")
    s.flush()
    add_note(s, "interview", held.id, f"{force}: two stations.", polarity="context")
    add_note(s, "interview", held.id, f"{force}: no review.", polarity="concern")
    points.add_point(s, made, f"{force}: schools hear daily.", "notable practice")
    return made


def test_notes_and_practice_are_offered_of_those_whom_they_concern(vault: Vault) -> None:
    first, again, other = vault.write_now(
        lambda s: [
            _begin(s, "Westshire"),
            _begin(s, "westshire", 2021),
            _begin(s, "Eastshire"),
        ]
    )
    offered = vault.read_now(context_notes, again)
    assert sorted(one.text for one in offered) == [
        "Westshire: two stations.",
        "westshire: two stations.",
    ]
    assert {one.where for one in offered} == {"Interview: Sergeant"}
    assert [one.text for one in vault.read_now(context_notes, other)] == [
        "Eastshire: two stations."
    ]
    withdrawn = next(
        one for one in vault.read_now(points.point_lines, first) if one.sort == "notable practice"
    )
    vault.write_now(points.withdraw_point, withdrawn.id, "Not seen again.")
    known = vault.read_now(practices)
    assert sorted(force for _, force in known) == ["Eastshire", "westshire"]
    with pytest.raises(NotThereError):
        vault.read_now(context_notes, "none")


def test_a_publication_says_before_which_numbers_it_gives(vault: Vault) -> None:
    first = vault.write_now(_begin, "Westshire")
    assert vault.read_now(coming, first).words == "No recommendation is without a number."
    made = vault.write_now(recommend, first, "Ask each child.")
    before = vault.read_now(coming, first)
    assert (before.left, before.words) == (False, "One recommendation gets the number 1.")
    vault.write_now(weigh, made.id, "resources", "None.")
    assert vault.read_now(weighed_by, first) == {made.id: {"resources"}}
    vault.write_now(change_state, first, "left site")
    vault.write_now(publish, first)
    again = vault.write_now(_begin, "Westshire", 2021)
    for wording in ("Listen.", "Write it down."):
        vault.write_now(recommend, again, wording)
    after = vault.read_now(coming, again)
    assert after.words == "2 recommendations get the numbers 2 to 3."
    given = vault.write_now(publish, again, "", "Practice.").numbered
    assert [one.number for one in given] == [2, 3]
    assert vault.read_now(coming, first).published and vault.read_now(coming, first).drafts == 0


def test_the_dates_of_a_review_are_those_of_the_report_that_it_follows(vault: Vault) -> None:
    first = vault.write_now(_begin, "Westshire")

    def follow(s: Session, phase: str, follows: str, year: int) -> str:
        return inspections.create(
            s,
            force="Westshire",
            methodology="2018",
            phase=phase,
            follows=follows,
            starts=f"{year}-03-09",
            ends=f"{year}-03-12",
        ).id

    visit = vault.write_now(follow, "visit", first, 2020)
    review = vault.write_now(follow, "review", visit, 2021)
    whole = vault.write_now(follow, "re-inspection", review, 2022)
    of = {one: vault.read_now(reported, one).id for one in (first, visit, review, whole)}
    assert of == {first: first, visit: first, review: first, whole: whole}
