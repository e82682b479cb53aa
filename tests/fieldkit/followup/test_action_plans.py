"""Action plans: received, what they intend, how they were found, and what that proposes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fieldkit.evidence.entries import add_document
from fieldkit.followup.action_plans import (
    edit_plan,
    intend,
    latest_plan,
    plan_words,
    receive_plan,
    review_plan,
    show_plan,
    views,
)
from fieldkit.followup.dates.milestones import due_lines, mark_done
from fieldkit.followup.publication import publish
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.status import set_status
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from fieldkit.service import NotThereError, RefusedError
from storage.feed.replay import differences
from storage.records import Document
from storage.records.lookup import records_in
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on


@pytest.fixture
def of(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A published inspection with three recommendations, one of them complete."""
    wall_on(monkeypatch, "2040-10-01")
    made = vault.write_now(
        inspections.create, force="Westshire", methodology="2018", ends="2040-07-13"
    )
    for wording, deadline in (("One.", "3 months"), ("Two.", "at once"), ("Three.", "6 months")):
        last = vault.write_now(recommend, made.id, wording, deadline=deadline)
    vault.write_now(add_document, made.id, title="Action plan")
    vault.write_now(publish, made.id, "2040-08-31", "of before")
    vault.write_now(set_status, last.id, "complete")
    yield made.id
    assert vault.read_now(lambda s: differences(s.connection())) == []


def number(vault: Vault, of: str, which: str) -> str:
    plan = vault.read_now(latest_plan, of)
    lines = vault.read_now(show_plan, plan.id).lines
    return next(one.recommendation_id for one in lines if one.called == which)


def test_one_is_received_and_says_something_of_each(vault: Vault, of: str) -> None:
    with pytest.raises(NotThereError, match="No action plan has been received"):
        vault.read_now(latest_plan, of)
    (paper,) = vault.read_now(records_in, Document, of)
    plan = vault.write_now(receive_plan, of, "30/9/2040", paper.id)
    due = {one.key: one for one in vault.read_now(due_lines, of)}["action plan"]
    assert (due.done_on, due.late) == ("2040-09-30", 0)
    shown = vault.read_now(show_plan, plan.id)
    assert shown.document == "Action plan" and shown.silent == ("1", "2")
    first, second = number(vault, of, "1"), number(vault, of, "2")
    vault.write_now(intend, plan.id, first, "A sergeant reads them.", by_when="1/12/2040")
    vault.write_now(intend, plan.id, second, "Done at once.", owner="head of crime")
    vault.write_now(intend, plan.id, first, "Two sergeants read them.")
    shown = vault.read_now(show_plan, plan.id)
    assert [(one.called, one.by_when, one.owner, one.after_due) for one in shown.lines] == [
        ("1", "2040-12-01", "", True), ("2", "", "head of crime", False)
    ]  # fmt: skip
    assert shown.silent == ()
    text = plan_words(shown)
    assert "Two sergeants read them, by 1 December 2040 (after its deadline, 30 November" in text
    assert text.endswith("Not reviewed yet.")
    # A later plan is another one; what was done stays done on its day.
    later = vault.write_now(receive_plan, of, "1/10/2040")
    assert vault.read_now(latest_plan, of).id == later.id
    assert {one.key: one for one in vault.read_now(due_lines, of)}["action plan"].done_on == (
        "2040-09-30"
    )
    vault.write_now(edit_plan, later.id, on="29/9/2040", document_id=paper.id)
    assert vault.read_now(latest_plan, of).id == plan.id


@pytest.mark.parametrize(
    ("view", "proposes"),
    [
        ("broadly positive", "post-inspection visit"),
        ("Some concerns", "post-inspection review"),
        ("significant concerns", "full re-inspection"),
    ],
)
def test_how_it_was_found_proposes_and_never_decides(
    vault: Vault, of: str, view: str, proposes: str
) -> None:
    plan = vault.write_now(receive_plan, of)
    assert vault.read_now(show_plan, plan.id).proposes == ""
    vault.write_now(review_plan, plan.id, view, "It is thin on training.", "1/10/2040")
    shown = vault.read_now(show_plan, plan.id)
    assert f"proposes a {proposes}." in shown.proposes
    assert "for a person to decide" in shown.proposes and shown.reviewed_on == "2040-10-01"
    assert [one.phase for one in vault.read_now(inspections.listing)] == ["inspection"]
    known = {phase.key for version in ("2014", "2018", "2024") for phase in load(version).phases}
    assert {one.phase for one in views()} <= known


def test_what_is_no_plan_is_refused(vault: Vault, of: str) -> None:
    plan = vault.write_now(receive_plan, of)
    other = vault.write_now(
        inspections.create,
        force="Eastshire",
        methodology="2018",
        phase="visit",
        starts="2040-09-01",
    )
    theirs = vault.write_now(recommend, other.id, "Listen.")
    paper = vault.write_now(add_document, other.id, title="Minutes")
    for service, args, said in (
        (receive_plan, (of, "2/10/2040"), "still to come"),
        (receive_plan, (of, "", paper.id), "another inspection"),
        (receive_plan, (other.id,), "called “action plan”"),
        (edit_plan, (plan.id,), "no document of that id"),
        (intend, (plan.id, theirs.id, "x"), "made to another force"),
        (intend, (plan.id, number(vault, of, "1"), " "), "What the force intends is missing"),
        (review_plan, (plan.id, "fine", "x"), "not found “fine”"),
        (review_plan, (plan.id, "some concerns", " "), "in your words, is missing"),
    ):
        more = {"document_id": "nowhere"} if service is edit_plan else {}
        with pytest.raises(RefusedError, match=said):
            vault.write_now(service, *args, **more)  # type: ignore[arg-type]
    vault.write_now(mark_done, of, "action plan", "2040-09-20", "by post")
    vault.write_now(receive_plan, of)
    done = {one.key: one for one in vault.read_now(due_lines, of)}["action plan"]
    assert (done.done_on, done.remark) == ("2040-09-20", "by post"), "what a person entered stays"
