"""Publication and what is counted from it: limits, lateness, the calendar, clashes, .ics."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlmodel import Session

from fieldkit.feedback.guard.settle import let_pass, take_out
from fieldkit.feedback.guard.stops import Stop, stops
from fieldkit.followup.dates.calendar import Event, calendar, calendar_text
from fieldkit.followup.dates.diary import edit_entry, enter, leaving_texts, remove_entry
from fieldkit.followup.dates.icalendar import to_ics
from fieldkit.followup.dates.milestones import (
    DueLine,
    due_lines,
    late,
    mark_done,
    mark_open,
    plan_for,
)
from fieldkit.followup.publication import publish
from fieldkit.followup.recommendations import recommend
from fieldkit.followup.status import set_status
from fieldkit.inspections import inspections
from fieldkit.inspections.states import change_state
from fieldkit.service import RefusedError
from storage.feed.replay import differences
from storage.history.history import history
from storage.records.model.base import InvalidError
from storage.vault.vault import Vault
from tests.fieldkit.followup.wall import Wall, wall_on


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return wall_on(monkeypatch, "2040-09-03")


@pytest.fixture
def of(wall: Wall, vault: Vault) -> Iterator[str]:
    """An inspection whose site was left."""
    made = vault.write_now(
        inspections.create,
        force="Westshire",
        methodology="2018",
        starts="2040-07-02",
        ends="2040-07-13",
    )
    vault.write_now(change_state, made.id, "left site")
    yield made.id
    assert vault.read_now(lambda s: differences(s.connection())) == []


def due(vault: Vault, of: str) -> dict[str, DueLine]:
    return {one.key: one for one in vault.read_now(due_lines, of)}


def test_publication_is_a_step_with_a_day_that_is_corrected_with_a_reason(
    vault: Vault, of: str
) -> None:
    for day, said in (
        ("2040-09-04", "4 September 2040 is still to come"),
        ("1/7/2040", "began on 2 July 2040"),
        ("whenever", "“whenever” is none"),
    ):
        with pytest.raises(RefusedError, match=said):
            vault.write_now(publish, of, day)
    done = vault.write_now(publish, of, "31 August 2040")
    assert (done.inspection.state, done.inspection.published) == ("published", "2040-08-31")
    assert vault.write_now(publish, of).inspection.published == "2040-08-31", "it stays"
    with pytest.raises(RefusedError, match="reason why the publication on 31 August"):
        vault.write_now(publish, of, "2040-08-30")
    vault.write_now(publish, of, "2040-08-30", "it was on the site a day before")
    last = vault.read_now(history, "inspection", of)[-1]
    assert (last.fields["published"][1], last.reason) == (
        "2040-08-30", "it was on the site a day before"
    )  # fmt: skip


def test_a_site_that_was_not_left_is_published_with_a_reason(wall: Wall, vault: Vault) -> None:
    made = vault.write_now(inspections.create, force="Eastshire", methodology="2018")
    with pytest.raises(RefusedError, match="has not been left yet"):
        vault.write_now(publish, made.id)
    assert vault.read_now(due_lines, made.id)[0].due == ""
    vault.write_now(publish, made.id, "", "an inspection of before")
    assert vault.read_now(due_lines, made.id)[0].due == "2040-10-15"


def test_what_is_due_is_done_late_planned_and_taken_back(wall: Wall, vault: Vault, of: str) -> None:
    assert [one.due for one in due(vault, of).values()] == [""] * 4, "nothing is published"
    vault.write_now(recommend, of, "Check the logs.", deadline="immediately")
    vault.write_now(publish, of, "2040-08-31")
    lines = due(vault, of)
    assert {key: one.due for key, one in lines.items()} == {
        "update": "2040-08-31",
        "action plan": "2040-10-12",
        "revisit": "2041-02-28",
        "visit notice": "",
        "written feedback": "",
    }
    assert lines["update"].late == 3
    assert "counted from the first day of the visit, which is not known yet" in (
        lines["visit notice"].words
    )
    vault.write_now(mark_done, of, "update", "1/9/2040", "by letter")
    assert due(vault, of)["update"].words.endswith("done on 1 September 2040, 1 day late.")
    # The visit is planned: its notice and its feedback hang on that day, then on that of the visit.
    vault.write_now(plan_for, of, "revisit", "2041-01-14")
    lines = due(vault, of)
    assert lines["visit notice"].due == "2040-12-31"
    assert lines["written feedback"].due == "2041-02-04"
    wall.show("2041-01-20")
    vault.write_now(mark_done, of, "Revisit", "16/1/2041")
    lines = due(vault, of)
    assert (lines["visit notice"].due, lines["written feedback"].due) == (
        "2040-12-31",
        "2041-02-06",
    )
    assert (lines["revisit"].late, lines["revisit"].is_late) == (0, False)
    vault.write_now(mark_open, of, "revisit")
    with pytest.raises(RefusedError, match="not recorded as done"):
        vault.write_now(mark_open, of, "revisit")
    with pytest.raises(RefusedError, match="called “annual review”"):
        vault.write_now(mark_done, of, "annual review")
    with pytest.raises(RefusedError, match="still to come"):
        vault.write_now(mark_done, of, "action plan", "2041-01-21")
    vault.write_now(plan_for, of, "revisit", "")
    assert due(vault, of)["visit notice"].due == ""


def test_what_is_late_is_told_over_a_clock_set_back(
    wall: Wall, vault: Vault, of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Home asks for it, and bank holidays would take longer to come in than all else.
    monkeypatch.delattr("fieldkit.followup.dates.milestones.day_off")
    first = vault.write_now(recommend, of, "One.", deadline="within three months")
    vault.write_now(recommend, of, "Two.", deadline="within six months")
    vault.write_now(publish, of, "2040-08-31")
    assert vault.read_now(late) == []
    wall.show("2040-12-01")
    vault.write_now(mark_done, of, "revisit", "2040-11-30")
    told = [(one.words, one.days) for one in vault.read_now(late, of)]
    assert told == [
        ("the force sends its action plan, due 12 October 2040", 50),
        ("the force is told of the visit, due 16 November 2040", 15),
        ("recommendation 1, due 30 November 2040", 1),
    ]
    wall.show("2040-09-05")
    assert [(one.words, one.days) for one in vault.read_now(late)] == told, "the clock was set back"
    wall.show("2040-12-01")
    vault.write_now(set_status, first.id, "complete")
    vault.write_now(mark_done, of, "action-plan")
    vault.write_now(mark_done, of, "visit notice", "2040-11-16")
    assert vault.read_now(late) == []
    wall.show("2041-06-01")
    assert [one.words for one in vault.read_now(late)] == [
        "the chief constable and the police and crime commissioner get written feedback, due 21 "
        "December 2040",
        "recommendation 2, due 28 February 2041",
    ]
    vault.write_now(change_state, of, "followed up")
    assert vault.read_now(late) == []


def test_a_visit_and_a_review_have_their_notice_and_feedback(wall: Wall, vault: Vault) -> None:
    made = vault.write_now(
        inspections.create,
        force="Westshire",
        methodology="2018",
        phase="review",
        starts="2040-12-17",
        ends="2040-12-20",
    )
    lines = due(vault, made.id)
    assert {key: one.due for key, one in lines.items()} == {
        "visit notice": "2040-12-03", "written feedback": "2041-01-10"
    }  # fmt: skip
    wall.show("2040-12-04")
    assert [one.force for one in vault.read_now(late)] == ["Westshire"]


def test_a_last_day_on_which_nobody_is_at_work_is_named(wall: Wall, vault: Vault, of: str) -> None:
    wall.show("2041-01-02")
    vault.write_now(publish, of, "2040-11-14")
    line = due(vault, of)["action plan"]
    assert (line.due, line.off, line.working) == (
        "2040-12-26", "a bank holiday, Boxing Day", "2040-12-24"
    )  # fmt: skip
    assert line.words.endswith(
        "7 days ago (that is a bank holiday, Boxing Day; the working day before is 24 December "
        "2040)."
    )


def test_until_its_last_day_is_known_each_says_when_it_will_be(vault: Vault, of: str) -> None:
    waiting = {key: one.known_when for key, one in due(vault, of).items() if not one.due}
    assert waiting == {
        "action plan": "once published", "revisit": "once published",
        "visit notice": "once planned", "written feedback": "after the visit",
    }  # fmt: skip


def test_other_programmes_and_leave_clash_by_name(wall: Wall, vault: Vault, of: str) -> None:
    peel = vault.write_now(enter, of, "PEEL", "2040-07-09", "2040-07-20")
    away = vault.write_now(enter, of, "leave", "3/12/2040", sort="leave", person_away="B. Reader")
    vault.write_now(publish, of, "2040-08-31")
    vault.write_now(plan_for, of, "revisit", "2040-12-03")
    shown = vault.read_now(calendar, of)
    assert shown.clashes == (
        "The fieldwork of Westshire (2 to 13 July 2040) and PEEL (9 to 20 July 2040) fall "
        "together.",
        "The visit to Westshire (3 December 2040) and leave (B. Reader) (3 December 2040) fall "
        "together.",
    )
    vault.write_now(edit_entry, peel.id, starts="2040-07-14", ends="2040-07-14", title="JTAI")
    vault.write_now(remove_entry, away.id)
    vault.write_now(plan_for, of, "revisit", "2041-04-22")
    assert vault.read_now(calendar, of).clashes == (
        "The visit to Westshire (22 April 2041) has a bank holiday in it: Easter Monday, 22 April "
        "2041.",
        "The force is visited again: planned for 22 April 2041, after the last day, "
        "28 February 2041.",
    )
    for fields, said in (
        ({"starts": "2040-07-14", "ends": "2040-07-13"}, "last day, 13 July 2040, is before"),
        ({"starts": "soon"}, "“soon” is none"),
        ({"title": " "}, "What takes place is missing"),
    ):
        with pytest.raises(RefusedError, match=said):
            vault.write_now(enter, of, **({"title": "x", "starts": "2040-07-14"} | fields))
    with pytest.raises(InvalidError, match="holiday"):
        vault.write_now(enter, of, "x", "2040-07-14", sort="holiday")


def test_the_calendar_of_an_inspection_and_of_a_year(wall: Wall, vault: Vault, of: str) -> None:
    one = vault.write_now(recommend, of, "Check the logs.", deadline="within three months")
    vault.write_now(publish, of, "2040-08-31")
    vault.write_now(inspections.create, force="Eastshire", methodology="2018", starts="2041-03-04")
    text = calendar_text(vault.read_now(calendar, of, holidays=False))
    assert text.splitlines()[:7] == [
        "July 2040",
        "  Mon 2 to 13 July 2040  Westshire: inspection, fieldwork",
        "",
        "August 2040",
        "  Fri 31 August 2040  Westshire: the report is published",
        "",
        "October 2040",
    ]
    assert "  Fri 30 November 2040  Westshire: recommendation 1, within three months" in text
    assert "Check the logs" not in text
    year = vault.read_now(calendar, "", 2041)
    assert {event.force for event in year.events} == {"Westshire", "Eastshire", ""}
    assert all(event.starts.startswith("2041") for event in year.events)
    assert "bank holiday, Easter Monday" in [event.what for event in year.events]
    vault.write_now(set_status, one.id, "not accepted", "", "the force has another way")
    assert "within three months (not accepted)" in calendar_text(vault.read_now(calendar, of))


def test_holidays_of_every_year_in_which_fieldwork_is_are_listed(wall: Wall, vault: Vault) -> None:
    made = vault.write_now(
        inspections.create,
        force="Northshire",
        methodology="2018",
        starts="2040-12-28",
        ends="2042-01-03",
    )
    listed = [
        event.starts
        for event in vault.read_now(calendar, made.id).events
        if event.sort == "bank holiday"
    ]
    assert "2041-01-01" in listed and "2041-12-25" in listed and "2042-01-01" in listed
    assert "2042-12-25" not in listed and len(listed) == len(set(listed))


def test_a_long_title_stops_at_the_door_and_is_let_pass(wall: Wall, vault: Vault, of: str) -> None:
    title = "Leave of the inspector who is to be reached meanwhile by email at ann.lee@example.com"
    entry = vault.write_now(enter, of, title, "2041-01-14", person_away="NHS 943 476 5919")

    def unsettled(s: Session) -> list[Stop]:
        return stops(s, of, leaving_texts(s, [entry.id]))

    first, second = vault.read_now(unsettled)
    assert (first.field, first.text, second.field) == ("title", title, "person")
    vault.write_now(let_pass, first, "the address is public")
    vault.write_now(take_out, second, "Jo")
    assert vault.read_now(unsettled) == []
    vault.write_now(edit_entry, entry.id, title=f"{title} or 01632 960 123")
    assert len(vault.read_now(unsettled)) == 2


def unfolded(ics: str) -> list[str]:
    assert ics.endswith("\r\n") and "\n" not in ics.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))
    return re.sub("\r\n ", "", ics).split("\r\n")[:-1]


def test_an_ics_file_is_as_rfc_5545_has_it() -> None:
    events = [
        Event("2040-02-29", "2040-02-29", "due", "Naïve; “plan”, \\ " + "é" * 60, "Westshire",
              "i", "inspection", "i", "action plan due", "a Sunday"),
        Event("2040-12-31", "2041-01-02", "entered", "leave\nBEGIN:VEVENT\x1b", "Westshire",
              "i", "calendar_entry", "e", "starts"),
        Event("9999-12-31", "9999-12-31", "due", "never", "W", "i", "inspection", "i", "x"),
        Event("2040-12-25", "2040-12-25", "bank holiday", "bank holiday, Christmas Day"),
    ]  # fmt: skip
    lines = unfolded(to_ics(events, "Westshire", "OFFICIAL-SENSITIVE", "2040-09-03T12:00:00.000Z"))
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fieldkit//calendar//EN"]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3
    assert lines.count("CLASS:CONFIDENTIAL") == 3 and lines[-1] == "END:VCALENDAR"
    assert "DTSTART;VALUE=DATE:20400229" in lines and "DTEND;VALUE=DATE:20400301" in lines
    assert "DTSTART;VALUE=DATE:20401231" in lines and "DTEND;VALUE=DATE:20410103" in lines
    assert f"SUMMARY:Westshire: Naïve\\; “plan”\\, \\\\ {'é' * 60}" in lines
    assert "SUMMARY:Westshire: leave\\nBEGIN:VEVENT" in lines
    assert "DESCRIPTION:a Sunday\\nOFFICIAL-SENSITIVE" in lines
    assert "DTSTAMP:20400903T120000Z" in lines
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == 3
    moved = [Event(**{**_fields(events[0]), "starts": "2040-03-05", "ends": "2040-03-05"})]
    assert uids[0] in unfolded(to_ics(moved, "W", "", "2040-09-04T12:00:00.000Z"))


def _fields(event: Event) -> dict[str, str]:
    return {name: getattr(event, name) for name in Event.__dataclass_fields__}
