"""Recommendations on two laptops at once: numbers, statuses, links and limits after merging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview
from fieldkit.evidence.notes import add_note
from fieldkit.feedback.debriefs.debrief import freeze_wording, include_point, open_debrief
from fieldkit.followup.context import weigh, weighed
from fieldkit.followup.dates.milestones import mark_done, plan_for
from fieldkit.followup.days import present_day
from fieldkit.followup.links import link_progress
from fieldkit.followup.lints import looks
from fieldkit.followup.numbers import number_drafts, renumber
from fieldkit.followup.outcomes.counted import counts
from fieldkit.followup.outcomes.pulse import take_pulse
from fieldkit.followup.outcomes.table import bearings
from fieldkit.followup.practice.collection import PracticeLine, WantedPractice, collection
from fieldkit.followup.practice.consent import record_consent
from fieldkit.followup.practice.sheets import record_request, write_sheet
from fieldkit.followup.publication import publish
from fieldkit.followup.recommendations import edit_recommendation, recommend
from fieldkit.followup.register import RegisterLine, register
from fieldkit.followup.show import show_recommendation
from fieldkit.followup.status import comment, set_status
from fieldkit.history.redact import redact
from storage.conflicts.find import conflicted_fields
from storage.conflicts.resolve import resolve
from storage.database.connection import driver
from storage.feed.replay import differences
from storage.ops.op import Op, decode
from storage.ops.redactions import REDACTED_TEXT
from storage.records import Inspection, Milestone, RecommendationLink
from storage.records.lookup import records_in
from storage.records.point import practice_consent_id, practice_id
from storage.vault.unlock import create_vault
from storage.vault.vault import Vault
from tests.conftest import CHEAP, PASSPHRASE
from tests.storage.colleague import Colleague
from tests.storage.travelling import INSPECTION


@dataclass
class Two:
    """Ada's and Ben's vaults, with what each has handed to the other."""

    ada: Vault
    ben: Vault
    given: dict[str, int] = field(default_factory=dict)

    def hand_over(self, giver: Vault, taker: Vault) -> None:
        """Give what was not given before; how bundles carry it has tests of its own."""

        def read(s: Session) -> list[Op]:
            rows = driver(s.connection()).execute(
                "SELECT bytes FROM op WHERE device = ? AND kind = 'main' AND seq > ? ORDER BY seq",
                (giver.author.device, self.given.get(giver.author.device, 0)),
            )
            return [decode(data) for (data,) in rows]

        made = giver.read_now(read)
        if made:
            self.given[giver.author.device] = made[-1].id.seq
            taker.write_now(lambda s: Colleague(giver.author.device).hand_over(s, made))

    def together(self) -> list[RegisterLine]:
        """Hand everything over both ways; the register that both show then."""
        self.hand_over(self.ada, self.ben)
        self.hand_over(self.ben, self.ada)
        shown = [one.read_now(register) for one in (self.ada, self.ben)]
        assert shown[0] == shown[1]
        for one in (self.ada, self.ben):
            assert one.read_now(lambda s: differences(s.connection())) == []
        return shown[0]


@pytest.fixture
def two(vault: Vault, tmp_path: Path) -> Iterator[Two]:
    other, _ = create_vault(tmp_path / "other", PASSPHRASE, "B. Reader", params=CHEAP)
    with other:
        vault.write_now(begin)
        begun = Two(vault, other)
        begun.together()
        yield begun


def begin(s: Session) -> None:
    s.add(Inspection.make(id=INSPECTION, force="Westshire", methodology="2018"))


def conflicts(vault: Vault, kind: str, record: str) -> set[str]:
    known = vault.read_now(lambda s: conflicted_fields(s.connection()))
    return set(known.get((kind, record), ()))


def test_two_make_recommendations_at_once_and_each_gets_a_number(two: Two) -> None:
    """Each laptop takes the first place; publication gives each a number of its own."""
    ada = two.ada.write_now(recommend, INSPECTION, "Ada's.")
    ben = two.ben.write_now(recommend, INSPECTION, "Ben's.")
    assert ada.number == ben.number == 1
    assert {one.called for one in two.together()} == {"draft 1"}
    two.ada.write_now(publish, INSPECTION, "", "the report is out")
    # Ben had not heard of it and makes one more; it is numbered once both are together.
    late = two.ben.write_now(recommend, INSPECTION, "Late.")
    shown = {one.wording: one.called for one in two.together()}
    assert shown == {"Ada's.": "1", "Ben's.": "2", "Late.": "draft 2"}
    (look,) = [one for one in two.ada.read_now(looks, INSPECTION) if one.rule == "not_numbered"]
    assert look.id == late.id
    two.ada.write_now(publish, INSPECTION)
    assert {one.wording: one.called for one in two.together()} == shown | {"Late.": "3"}


def test_two_publish_at_once(two: Two) -> None:
    """Both number what they have: what both had agrees, and a double number is named and mended."""
    first = two.ada.write_now(recommend, INSPECTION, "First.")
    two.together()
    of_ada = two.ada.write_now(recommend, INSPECTION, "Ada's.")
    of_ben = two.ben.write_now(recommend, INSPECTION, "Ben's.")
    for one in (two.ada, two.ben):
        one.write_now(publish, INSPECTION, "", "the report is out")
    assert {one.wording: one.called for one in two.together()} == {
        "First.": "1", "Ada's.": "2", "Ben's.": "2"
    }  # fmt: skip
    assert conflicts(two.ben, "recommendation", first.id) == set()
    assert conflicts(two.ben, "inspection", INSPECTION) == set()
    doubled = two.ben.read_now(looks, INSPECTION)
    assert {one.id for one in doubled if one.rule == "double_number"} == {of_ada.id, of_ben.id}
    two.ben.write_now(renumber, of_ben.id, 3, "both were 2")
    assert {one.called for one in two.together()} == {"1", "2", "3"}


def test_one_number_given_differently_is_decided_whole(two: Two) -> None:
    made = two.ada.write_now(recommend, INSPECTION, "First.")
    two.together()
    two.ada.write_now(publish, INSPECTION, "", "it is out")

    def elsewhere(s: Session) -> None:
        number_drafts(s, s.get_one(Inspection, INSPECTION), present_day(s), 8)

    two.ben.write_now(elsewhere)
    two.together()
    found = conflicts(two.ben, "recommendation", made.id)
    assert found == {"number"}, "the day is the same, so only the number is in doubt"


def test_different_fields_merge_and_statuses_are_decided_whole(two: Two) -> None:
    point = two.ada.write_now(points.add_point, INSPECTION, "Logs wait.", "concern").id
    made = two.ada.write_now(recommend, INSPECTION, "Check.", [point]).id
    two.together()
    two.ada.write_now(edit_recommendation, made, wording="Check the logs.")
    two.ben.write_now(edit_recommendation, made, owner="head of crime", deadline="3 months")
    two.ben.write_now(weigh, made, "resources", "two sergeants")
    two.ada.write_now(weigh, made, "partners", "none")
    two.ada.write_now(comment, made, "It is bought.", of_force=True)
    two.ben.write_now(comment, made, "We saw it.")
    (line,) = two.together()
    assert (line.wording, line.owner, line.deadline) == (
        "Check the logs.", "head of crime", "within three months"
    )  # fmt: skip
    answers = {one.key: one.answer for one in two.ben.read_now(weighed, made)}
    assert (answers["resources"], answers["partners"]) == ("two sergeants", "none")
    assert line.comments == 2
    assert conflicts(two.ben, "recommendation", made) == set()

    two.ada.write_now(set_status, made, "complete")
    two.ben.write_now(set_status, made, "not accepted", "", "they do otherwise")
    (line,) = two.together()
    # Neither stands beside the other's reason.
    assert (line.status, bool(line.status_reason)) in (("complete", False), ("not accepted", True))
    found = conflicts(two.ben, "recommendation", made)
    assert found == {"status", "ended"}, "the reason and the day follow on them"


def test_the_same_evidence_and_limit_by_two_are_one_record(two: Two) -> None:
    made = two.ada.write_now(recommend, INSPECTION, "Check.", deadline="immediately").id
    paper = two.ada.write_now(add_document, INSPECTION, title="Minutes").id
    two.together()
    two.ada.write_now(link_progress, made, "document", paper, "supports", "they met")
    two.ben.write_now(link_progress, made, "document", paper, "contradicts", "nobody came")
    two.ada.write_now(mark_done, INSPECTION, "update", "", "by letter")
    two.ben.write_now(plan_for, INSPECTION, "update", "2040-01-01")
    (line,) = two.together()
    assert line.supports + line.contradicts == 1
    (link,) = two.ben.read_now(records_in, RecommendationLink, INSPECTION)
    assert (link.relation, link.why) in (("supports", "they met"), ("contradicts", "nobody came"))
    assert {"relation", "why"} <= conflicts(two.ben, "recommendation_link", link.id)
    (limit,) = two.ben.read_now(records_in, Milestone, INSPECTION)
    assert limit.done_on and limit.planned_on == "2040-01-01"
    assert conflicts(two.ben, "milestone", limit.id) == set()


def test_what_an_earlier_fieldkit_wrote_is_numbered_at_publication(two: Two) -> None:
    """It gave a number to each, and knew none of the fields that have come since."""
    before = Colleague("ee" * 8)
    op = before.write(
        ("recommendation", "11111111-2222-4333-8444-666666666666"),
        {
            "inspection_id": INSPECTION,
            "number": 4,
            "wording": "Check.",
            "status": "being progressed",
            "comment": "It is begun.",
        },
        verb="create",
    )
    two.ada.write_now(lambda s: before.hand_over(s, [op]))
    (line,) = two.ada.read_now(register)
    assert (line.called, line.status, line.due) == ("draft 4", "being progressed", "")
    assert two.ada.write_now(recommend, INSPECTION, "More.").number == 5
    two.ada.write_now(publish, INSPECTION, "", "the report is out")
    assert [(one.called, one.wording) for one in two.ada.read_now(register)] == [
        ("1", "Check."), ("2", "More.")
    ]  # fmt: skip
    assert two.ada.read_now(show_recommendation, line.id).remark == "It is begun."


def test_marks_with_outcomes_travel_and_merge_field_by_field(two: Two) -> None:
    """One marks what the other words anew: both stay; two marks that differ are for a person."""
    point = two.ada.write_now(points.add_point, INSPECTION, "Officers are trained.", "strength").id
    made = two.ada.write_now(recommend, INSPECTION, "Train the rest.", [point]).id
    two.together()
    two.ada.write_now(points.edit_point, point, outcomes=["training"])
    two.ada.write_now(edit_recommendation, made, outcomes=["training"])
    two.ben.write_now(points.edit_point, point, wording="All officers are trained.")
    two.ben.write_now(edit_recommendation, made, wording="Train the others.")
    (line,) = two.together()
    assert (line.wording, line.outcomes) == ("Train the others.", ("training",))
    for vault in (two.ada, two.ben):
        (of_point,) = vault.read_now(points.point_lines, INSPECTION)
        assert (of_point.wording, of_point.outcomes) == ("All officers are trained.", ("training",))
        assert conflicts(vault, "point", point) == set()
        assert conflicts(vault, "recommendation", made) == set()
    two.ada.write_now(points.edit_point, point, outcomes=["training", "knowledge"])
    two.ben.write_now(points.edit_point, point, outcomes=["confidence"])
    two.together()
    assert conflicts(two.ada, "point", point) == {"outcomes"}


def test_a_pulse_counted_twice_at_once_is_one_and_is_decided_together(two: Two) -> None:
    group = two.ada.write_now(add_interview, INSPECTION, role="officers", meeting="focus group").id
    two.together()
    pulse = two.ada.write_now(take_pulse, group, "custody", "confident", 4, 1, 2).id
    same = two.ben.write_now(take_pulse, group, "custody", "confident", 4, 1, 2).id
    two.ben.write_now(take_pulse, group, "response", "confident", 9)
    two.together()
    assert same == pulse
    assert conflicts(two.ada, "pulse", pulse) == set()
    two.ada.write_now(take_pulse, group, "custody", "confident", 5, 1, 1)
    two.ben.write_now(take_pulse, group, "custody", "confident", 4, 2, 1)
    two.together()
    # Three counts are one answer: no sum is made of the one's yes and the other's no.
    assert conflicts(two.ada, "pulse", pulse) == {"agree", "neither"}
    for vault in (two.ada, two.ben):
        counted = vault.read_now(counts, INSPECTION)["confident"]
        assert sum(one.asked for one in counted.units) == 16


def test_words_that_are_redacted_leave_their_outcome(two: Two) -> None:
    """What a note and a recommendation say is taken out; what they bear on still counts."""
    group = two.ada.write_now(add_interview, INSPECTION, role="officers", meeting="focus group").id
    note = two.ada.write_now(
        add_note, "interview", group, "Kim was trained.", outcomes=["training"]
    ).id
    made = two.ada.write_now(recommend, INSPECTION, "Train Kim.", outcomes=["training"]).id
    two.together()
    two.ada.write_now(redact, "note", note, "text", "a name")
    two.ada.write_now(redact, "recommendation", made, "wording", "a name")
    (line,) = two.together()
    assert line.wording == REDACTED_TEXT
    for vault in (two.ada, two.ben):
        training = vault.read_now(bearings, INSPECTION)["training"]
        assert (training.notes, training.recommended) == (1, 1)
        assert vault.read_now(counts, INSPECTION)["training named"].words == "1 of 1 focus group"


def test_sheet_consent_and_requests_of_a_practice_by_two(two: Two) -> None:
    def tell(s: Session) -> str:
        point = points.add_point(s, INSPECTION, "They ring back.", "notable practice").id
        held = open_debrief(s, INSPECTION, "daily", "2026-07-06")
        freeze_wording(s, include_point(s, held.id, point).id, "They ring back.")
        return point

    def line(vault: Vault) -> PracticeLine:
        (line,) = vault.read_now(collection, WantedPractice(every=True))
        return line

    point = two.ada.write_now(tell)
    two.together()
    two.ada.write_now(lambda s: write_sheet(s, point, problem="Nobody rang."))
    two.ben.write_now(lambda s: write_sheet(s, point, how="By a list.", ask_whom="head of hub"))
    two.ada.write_now(record_request, point, "Eastshire")
    two.ben.write_now(record_request, point, "Northshire")
    two.together()
    merged = line(two.ben)
    assert (merged.problem, merged.how, merged.ask_whom, merged.asked) == (
        "Nobody rang.", "By a list.", "head of hub", 2,
    )  # fmt: skip
    assert conflicts(two.ben, "practice", practice_id(point)) == set()
    two.ada.write_now(record_consent, point, "name shown", "chief constable")
    two.ben.write_now(record_consent, point, "name hidden", "head of PVP")
    two.together()
    for vault in (two.ada, two.ben):
        # Decided together; until somebody has, nothing leaves and nobody is named.
        assert "consent" in conflicts(vault, "practice_consent", practice_consent_id(point))
        assert line(vault).consent.undecided and line(vault).force == ""
        assert line(vault).lacks != () and vault.read_now(collection) == []
    decided = {"consent": "name hidden", "given_by": "head of PVP"}
    two.ben.write_now(resolve, "practice_consent", practice_consent_id(point), decided)
    two.together()
    assert conflicts(two.ben, "practice_consent", practice_consent_id(point)) == set()
    assert [one.force for one in two.ada.read_now(collection)] == [""]
    two.ada.write_now(redact, "practice", practice_id(point), "how", "it named a child")
    two.together()
    assert line(two.ben).how == REDACTED_TEXT
