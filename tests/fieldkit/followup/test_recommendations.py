"""Recommendations: made from points, the force's context weighed, numbered at publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from fieldkit.evidence import points
from fieldkit.evidence.entries import add_document, add_interview
from fieldkit.evidence.notes import add_note, edit_note
from fieldkit.followup.context import questions, weigh, weighed
from fieldkit.followup.links import link_context, link_practice, link_progress, linked, untie
from fieldkit.followup.lints import looks
from fieldkit.followup.numbers import called, renumber
from fieldkit.followup.publication import publish
from fieldkit.followup.recommendations import (
    drop_recommendation,
    edit_recommendation,
    recommend,
    rest_no_more,
    rest_on,
)
from fieldkit.followup.show import show_recommendation, shown_rows
from fieldkit.inspections import inspections
from fieldkit.inspections.states import change_state
from fieldkit.service import RefusedError
from storage.feed.replay import differences
from storage.history.history import history
from storage.records import Inspection, Recommendation
from storage.records.lookup import records_in
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import wall_on


@dataclass
class Site:
    """An inspection of Westshire with a concern, and one of Eastshire with notable practice."""

    vault: Vault
    inspection: str
    point: str
    other_point: str
    practice: str
    note: str
    foreign_note: str

    def make(self, wording: str = "Check the logs at night.", **more: object) -> Recommendation:
        made: Recommendation = self.vault.write_now(
            recommend,
            self.inspection,
            wording,
            [self.point],
            **more,  # type: ignore[arg-type]
        )
        return made

    def rules(self, *apart: str) -> list[str]:
        found = self.vault.read_now(looks, self.inspection)
        return [one.rule for one in found if one.rule not in apart]


@pytest.fixture
def site(vault: Vault, inspection: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    wall_on(monkeypatch, "2041-06-01")
    write = vault.write_now
    east = write(inspections.create, force="Eastshire", methodology="2018", starts="2025-03-03")
    made = [
        write(points.add_point, inspection, "Logs wait.", "concern", "investigation"),
        write(points.add_point, inspection, "Nobody reads them.", "concern", "leadership"),
        write(points.add_point, east.id, "A sergeant reads each log by six.", "notable practice"),
    ]
    said = write(add_interview, inspection, role="superintendent")
    there = write(add_interview, east.id, role="superintendent")
    note = write(add_note, "interview", said.id, "Forty posts were lost.", polarity="context")
    foreign = write(add_note, "interview", there.id, "None was lost.")
    point, other, practice = (one.id for one in made)
    yield Site(vault, inspection, point, other, practice, note.id, foreign.id)
    assert vault.read_now(lambda s: differences(s.connection())) == []


def test_one_is_made_from_points_and_changed(site: Site) -> None:
    made = site.vault.write_now(
        recommend,
        site.inspection,
        " Check the logs at night. ",
        [site.point, site.other_point, site.point],
        deadline="3 months",
        owner="head of the control room",
    )
    assert (made.number, called(made)) == (1, "draft 1")
    assert (made.wording, made.deadline) == ("Check the logs at night.", "within three months")
    assert made.criterion == "investigation", "that of the first point"
    second = site.make("Read them.", criterion="Leadership, management and governance")
    assert (second.number, second.criterion) == (2, "leadership")
    shown = site.vault.read_now(show_recommendation, made.id)
    assert [one.wording for one in shown.points] == ["Logs wait.", "Nobody reads them."]
    site.vault.write_now(rest_no_more, made.id, site.other_point)
    site.vault.write_now(rest_on, second.id, site.other_point)
    site.vault.write_now(rest_on, second.id, site.other_point)
    assert site.vault.read_now(show_recommendation, second.id).line.points == 2
    changed = site.vault.write_now(
        edit_recommendation, made.id, finding="Logs wait for a day.", deadline="at once", owner=None
    )
    assert (changed.finding, changed.deadline) == ("Logs wait for a day.", "immediately")
    assert changed.owner == "head of the control room"
    site.vault.write_now(drop_recommendation, second.id, "said twice")
    assert [
        one.id
        for one in site.vault.read_now(lambda s: records_in(s, Recommendation, site.inspection))
    ] == [made.id]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"wording": " "}, "wording of the recommendation is missing"),
        ({"deadline": "within a year"}, "“within a year” is not a deadline"),
        ({"criterion": "the weather"}, "“the weather” is not a criterion"),
    ],
)
def test_one_that_is_none_is_refused(site: Site, fields: dict[str, str], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        site.make(**{"wording": "Check.", **fields})
    made = site.make()
    with pytest.raises(RefusedError, match=said):
        site.vault.write_now(edit_recommendation, made.id, **fields)


def test_points_that_do_not_stand_carry_none(site: Site) -> None:
    for point, said in ((site.practice, "another inspection"), ("nowhere", "no point of that id")):
        with pytest.raises(RefusedError, match=said):
            site.vault.write_now(recommend, site.inspection, "Check.", [point])
    site.vault.write_now(points.withdraw_point, site.point, "the log was found")
    with pytest.raises(RefusedError, match="was withdrawn"):
        site.make()
    assert site.vault.read_now(lambda s: records_in(s, Recommendation, site.inspection)) == []


def test_the_context_is_asked_one_by_one_and_said_to_be_lacking(site: Site) -> None:
    made = site.make(owner="head of the control room")
    (lacking,) = site.vault.read_now(looks, site.inspection)
    assert lacking.words == (
        "Recommendation draft 1: the force's context was not weighed (resources, partners, "
        "feasibility, proportionality)."
    )
    keys = [one.key for one in questions()]
    assert keys == ["resources", "partners", "feasibility", "proportionality"]
    for key in keys[:3]:
        site.vault.write_now(weigh, made.id, key, f"{key} are enough")
    assert "(proportionality)" in site.vault.read_now(looks, site.inspection)[0].words
    site.vault.write_now(weigh, made.id, "Proportionality", "a smaller step would not do")
    site.vault.write_now(weigh, made.id, "resources", "two sergeants")
    assert site.rules() == []
    answers = {one.key: one.answer for one in site.vault.read_now(weighed, made.id)}
    assert answers["resources"] == "two sergeants" and len(answers) == 4
    for question, answer, said in (
        ("the weather", "mild", "not a question on a force's context"),
        ("partners", " ", "How it was weighed is missing"),
    ):
        with pytest.raises(RefusedError, match=said):
            site.vault.write_now(weigh, made.id, question, answer)


def test_context_practice_and_progress_are_tied(site: Site) -> None:
    made = site.make()
    write = site.vault.write_now
    write(link_context, made.id, "note", site.note, "the date is later for it")
    write(link_practice, made.id, site.practice, "one sergeant a shift")
    paper = write(add_document, site.inspection, title="Minutes", received_on="2026-07-09")
    write(link_progress, made.id, "document", paper.id, "supports")
    write(link_progress, made.id, "note", site.note, "contradicts", "posts, not logs")
    tied = site.vault.read_now(linked, made.id)
    assert [(one.role, one.relation, one.force, one.changed) for one in tied] == [
        ("context", "context", "Westshire Constabulary", False),
        ("practice", "supports", "Eastshire", False),
        *sorted(
            [
                ("progress", "supports", "Westshire Constabulary", False),
                ("progress", "contradicts", "Westshire Constabulary", False),
            ],
            key=lambda row: [one.relation for one in tied[2:]].index(row[1]),
        ),
    ]
    rows = dict(shown_rows(site.vault.read_now(show_recommendation, made.id)))
    assert "Eastshire: notable practice: A sergeant reads each log" in rows["practice"]
    write(edit_note, site.note, text="Fifty posts were lost.")
    assert [one.changed for one in site.vault.read_now(linked, made.id)].count(True) == 2
    # Tied again it is taken as it stands, with the same relation or another.
    write(link_progress, made.id, "note", site.note, "context", "posts")
    assert [one.changed for one in site.vault.read_now(linked, made.id)].count(True) == 1
    write(untie, tied[0].id)
    assert [one.role for one in site.vault.read_now(linked, made.id)] == [
        "practice", "progress", "progress"
    ]  # fmt: skip
    for service, args, said in (
        (link_context, ("note", site.foreign_note), "from another force"),
        (link_progress, ("case", "x", "supports"), "cannot be evidence"),
        (link_progress, ("note", "gone", "supports"), "no note of that id"),
        (link_practice, (site.point,), "no notable practice"),
    ):
        with pytest.raises(RefusedError, match=said):
            write(service, made.id, *args)
    with pytest.raises(InvalidError, match="rhymes"):
        write(link_progress, made.id, "note", site.note, "rhymes")


def left(site: Site, on: str = "2040-08-31") -> list[Recommendation]:
    site.vault.write_now(change_state, site.inspection, "left site")
    return list(site.vault.write_now(publish, site.inspection, on).numbered)


def test_numbers_are_given_at_publication_and_go_on_over_inspections(site: Site) -> None:
    first, second = site.make("One."), site.make("Two.")
    assert [(one.id, called(one)) for one in left(site)] == [(first.id, "1"), (second.id, "2")]
    later = site.vault.write_now(
        inspections.create,
        force="WESTSHIRE  constabulary",
        methodology="2018",
        phase="review",
        starts="2041-02-01",
    )
    third = site.vault.write_now(recommend, later.id, "Three.")
    assert called(third) == "draft 3"
    late = site.make("Late.")
    assert "not_numbered" in site.rules()
    again = site.vault.write_now(publish, site.inspection).numbered
    assert [(one.id, called(one)) for one in again] == [(late.id, "3")]
    site.vault.write_now(change_state, later.id, "left site")
    published = site.vault.write_now(publish, later.id, "2041-03-01", "", 7)
    assert [called(one) for one in published.numbered] == ["7"]
    # Eastshire has numbers of its own.
    with pytest.raises(RefusedError, match="1, 2, 3, 7 are given already"):
        site.make("Four.")
        site.vault.write_now(publish, site.inspection, "", "", 2)


def test_what_is_published_changes_with_a_reason_and_is_never_dropped(site: Site) -> None:
    made = site.make()
    left(site)
    with pytest.raises(RefusedError, match="reason why a published recommendation"):
        site.vault.write_now(edit_recommendation, made.id, wording="Check them.")
    site.vault.write_now(edit_recommendation, made.id, owner="the head of crime")
    site.vault.write_now(edit_recommendation, made.id, "a slip of the pen", wording="Check them.")
    assert site.vault.read_now(history, "recommendation", made.id)[-1].reason == "a slip of the pen"
    with pytest.raises(RefusedError, match="stays on record"):
        site.vault.write_now(drop_recommendation, made.id, "no")


def test_two_with_the_same_number_are_named_and_one_gets_another(site: Site) -> None:
    """As where two laptops publish without having heard of each other."""
    first, second = site.make("One."), site.make("Two.")
    left(site)
    site.vault.write_now(lambda s: s.get_one(Recommendation, second.id).change(number=1))
    doubled = [
        one for one in site.vault.read_now(looks, site.inspection) if one.rule == "double_number"
    ]
    assert {one.id for one in doubled} == {first.id, second.id}
    named = {first.id: second.id, second.id: first.id}
    assert all(named[one.id][:8] in one.words for one in doubled)
    with pytest.raises(RefusedError, match="number 1 is not free"):
        site.vault.write_now(renumber, second.id, 1, "twice")
    assert site.vault.write_now(renumber, second.id, 2, "twice").number == 2
    assert "double_number" not in site.rules()


def test_rules_of_what_is_worth_a_second_look(site: Site) -> None:
    made = site.vault.write_now(recommend, site.inspection, "Check.", deadline="immediately")
    for key in (one.key for one in questions()):
        site.vault.write_now(weigh, made.id, key, "weighed")
    assert site.rules() == ["no_point", "no_owner"]
    site.vault.write_now(rest_on, made.id, site.point)
    site.vault.write_now(points.withdraw_point, site.point, "found")
    assert site.rules() == ["withdrawn_point", "no_owner"]
    left(site, "2040-08-31")
    assert site.rules() == ["withdrawn_point", "no_owner", "deadline_passed"]
    assert (
        site.vault.read_now(lambda s: s.get_one(Inspection, site.inspection)).state == "published"
    )
