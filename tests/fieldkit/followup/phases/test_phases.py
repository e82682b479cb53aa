"""A follow-up of a follow-up, other criteria then, what is ticked, and two laptops at once."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from fieldkit.casework import judging
from fieldkit.casework.cases import add_case
from fieldkit.evidence.entries import add_document, add_interview
from fieldkit.evidence.points import add_point
from fieldkit.feedback.debriefs.debrief import freeze_wording, include_point, open_debrief
from fieldkit.feedback.document.markdown_output import to_markdown
from fieldkit.feedback.leaving import still_open
from fieldkit.followup.phases.checklist import ask_for, documents_of, interviews_of, received
from fieldkit.followup.phases.feedback import feedback
from fieldkit.followup.phases.follow_up import FollowUp, follow_up
from fieldkit.followup.phases.then_and_now import BETTER, OPEN, SAME, WORSE, direction
from fieldkit.followup.recommendations import recommend
from fieldkit.inspections import inspections
from fieldkit.methodology import load
from fieldkit.service import RefusedError
from storage.records import Inspection
from storage.vault.vault import Vault


def begin(s: Session, /, **said: str) -> str:
    values = {"force": "Westshire", "methodology": "2018"} | said
    return inspections.create(s, joining=True, **values).id


@pytest.fixture
def chain(vault: Vault) -> tuple[Vault, dict[str, str]]:
    """An inspection by the criteria of 2014, a visit without audits, a review of 2018."""

    def work(s: Session) -> dict[str, str]:
        first = begin(s, methodology="2014", starts="2026-01-05", ends="2026-01-16")
        area = next(one for one in load("2014").areas if one.label == "Decision making")
        for number, grade in enumerate(("good", "adequate", "inadequate")):
            case = add_case(s, first, f"WST-00{number}")
            judging.grade(s, case.id, "Trusted adult", grade)
        recommend(s, first, "Ask the child.", criterion="Trusted adult")
        recommend(s, first, "Write why.", criterion=area.key)
        visit = begin(s, phase="visit", starts="2026-04-06")
        judging.assess(s, visit, "trusted_adult", "inadequate")
        review = begin(s, phase="review", follows=visit, starts="2026-07-06", ends="2026-07-09")
        judging.assess(s, review, "trusted_adult", "requires improvement")
        judging.assess(s, review, "overall_progress", "good")
        return {"first": first, "visit": visit, "review": review}

    return vault, vault.write_now(work)


def seen(vault: Vault, of: str) -> FollowUp:
    return vault.read_now(follow_up, of)


def test_then_is_the_latest_before_that_says_something(
    chain: tuple[Vault, dict[str, str]],
) -> None:
    vault, ids = chain
    shown = seen(vault, ids["review"])
    area = next(one for one in shown.areas if one.criterion == "trusted_adult")
    # The grade of the force is the visit's; cases were graded only in the inspection before it.
    assert (area.then, area.now, area.direction) == (
        "inadequate", "requires improvement", BETTER
    )  # fmt: skip
    assert area.sample_then.counts == {"good": 1, "adequate": 1, "inadequate": 1}
    assert (area.sample_then.when, area.sample_now.audits) == ("January 2026", 0)
    # Nothing stands beside the cases of then, and so nothing is said of two samples.
    told = repr(vault.read_now(feedback, ids["review"]))
    assert "January 2026, 3 audits" in told and "prove no change" not in told
    assert shown.balance == {BETTER: 1, SAME: 0, WORSE: 0, OPEN: 4}
    # “Decision making” of 2014 is “Decision-making” of 2018.
    assert [one.label for one in shown.areas if one.sort == "area"] == [
        "Decision-making", "Trusted adult"
    ]  # fmt: skip
    assert [one.what for one in vault.read_now(still_open, ids["review"])][:1] == ["areas"]


def test_better_is_said_on_one_scale_alone() -> None:
    scale = load("2018").scale_for("force")
    assert direction(scale, "good", "inadequate") == WORSE
    assert direction(scale, "good", "good") == SAME
    assert direction(scale, "adequate", "good") == direction(scale, "", "good") == ""


def test_what_it_consists_of_is_ticked(chain: tuple[Vault, dict[str, str]]) -> None:
    vault, ids = chain
    review, visit = ids["review"], ids["visit"]
    vault.write_now(add_interview, review, role="Assistant chief constable", held_on="2026-07-06")
    vault.write_now(add_interview, review, role="PC", source_group="frontline")
    vault.write_now(add_interview, review, role="Head of public protection")
    vault.write_now(add_document, review, title="Policies", received_on="2026-07-01")
    done = {one.key for one in vault.read_now(interviews_of, review) if one.done}
    assert done == {"chief officers", "frontline", "pvp lead"}
    ticks = {one.key: one for one in vault.read_now(documents_of, review)}
    assert ticks["policies and procedures"].done and len(ticks) == 7
    assert len(vault.read_now(documents_of, visit)) == 3
    vault.write_now(ask_for, review, ["minutes", "problem profiles"], "1/7/2026")
    vault.write_now(received, review, ["governance minutes"], "2/7/2026")
    ticks = {one.key: one for one in vault.read_now(documents_of, review)}
    assert ticks["minutes"].said == "received on 2 July 2026"
    assert ticks["problem profiles"].said == "asked for on 1 July 2026"
    with pytest.raises(RefusedError, match="no sort of document"):
        vault.write_now(ask_for, visit, ["problem profiles"])
    for service in (interviews_of, documents_of):
        assert vault.read_now(service, ids["first"]) == []
    with pytest.raises(RefusedError, match="This is an inspection"):
        vault.write_now(ask_for, ids["first"], ["minutes"])
    with pytest.raises(RefusedError, match="no follow-up"):
        seen(vault, ids["first"])


def test_what_it_follows_may_be_elsewhere(vault: Vault) -> None:
    absent = "99999999-2222-4333-8444-555555555555"
    review = vault.write_now(begin, phase="review", follows=absent, starts="2026-07-06")
    shown = seen(vault, review)
    assert (shown.follows, shown.kept) == (absent, False)
    assert [one.label for one in shown.areas if one.sort == "area"] == []
    # An earlier inspection that follows itself, as a colleague's bundle may say, has an end.
    vault.write_now(lambda s: s.get_one(Inspection, review).change(follows=review))
    assert seen(vault, review).kept is False


def test_the_feedback_leaves_out_no_finding_that_was_told(
    chain: tuple[Vault, dict[str, str]],
) -> None:
    vault, ids = chain

    def tell(s: Session) -> None:
        held = open_debrief(s, ids["review"], "hot", "2026-07-09")
        for wording, criterion in (
            ("They ask the child.", "trusted_adult"),
            ("Cells are full.", "police_detention"),
            ("Calls wait.", ""),
        ):
            point = add_point(s, ids["review"], wording, "concern", criterion)
            freeze_wording(s, include_point(s, held.id, point.id).id, wording)

    vault.write_now(tell)
    text = to_markdown(vault.read_now(feedback, ids["review"]).document)
    head, _, others = text.partition("What else we found")
    assert "They ask the child" in head and "Cells are full" not in head
    assert "Cells are full" in others and "Calls wait" in others


def test_an_inspection_by_criteria_of_a_later_fieldkit_breaks_no_page(
    chain: tuple[Vault, dict[str, str]],
) -> None:
    vault, ids = chain
    vault.write_now(
        lambda s: s.get_one(Inspection, ids["visit"]).change(methodology_corrected="2031")
    )
    shown = seen(vault, ids["review"])
    area = next(one for one in shown.areas if one.criterion == "trusted_adult")
    # The visit is passed over; what it followed is still known.
    assert (area.then, area.sample_then.audits) == ("", 3)
