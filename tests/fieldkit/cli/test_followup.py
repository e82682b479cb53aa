"""Recommendations, publication and dates by command."""

from __future__ import annotations

import csv

import pytest

from tests.fieldkit.cli.conftest import Runner
from tests.fieldkit.followup.wall import Wall, wall_on


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return wall_on(monkeypatch, "2040-09-03")


@pytest.fixture
def begun(wall: Wall, fieldkit: Runner) -> Runner:
    """An inspection with a point, a note and a recommendation."""
    fieldkit.begun()
    fieldkit.done("point", "add", "Logs wait.", "--criterion", "investigation")
    fieldkit.done("fieldwork", "interview", "--role", "superintendent")
    fieldkit.done("note", "add", "superintendent", "Forty posts were lost.")
    fieldkit.done(
        *("recommendations", "add", "Check the logs at night.", "--point", "1"),
        *("--deadline", "immediately", "--owner", "head of the control room"),
    )
    return fieldkit


def test_one_is_made_weighed_published_and_followed(begun: Runner, wall: Wall) -> None:
    def rec(*argv: str) -> object:
        return begun.done("recommendations", *argv, "--json").data

    assert "proportionality" in begun.done("recommendations", "look-again").out
    for question in ("resources", "partners", "feasibility", "proportionality"):
        rec("weigh", "draft 1", question, f"{question} are enough")
    assert rec("look-again") == []
    (note,) = begun.done("note", "list", "superintendent", "--json").data
    rec("context", "1", note["id"], "--why", "later for it")
    begun.done("point", "add", "A sergeant reads each.", "--sort", "notable practice")
    rec("practice", "1", "A sergeant")
    begun.done("point", "add", "Nobody reads them.")
    rec("rest", "1", "3")
    rec("edit", "1", "--finding", "Logs wait for a day.")
    rec("add", "Drop me.", "--force-context", "It is small.")
    begun.done("recommendations", "drop", "Drop me", "--reason", "said twice")
    said = begun.refused("recommendations", "number")
    assert "not published yet" in said

    begun.done("inspection", "leave", "--reason", "the fieldwork is over")
    published = begun.done("inspection", "publish", "--on", "31/8/2040", "--json")
    assert [one["number"] for one in published.data["numbered"]] == [1]
    assert "update" in [one["key"] for one in published.data["due"]]
    assert "published on 31 August 2040. Recommendations numbered: 1." in published.err
    assert "is corrected is missing" in begun.refused("inspection", "publish", "--on", "30/8/2040")
    begun.done("inspection", "publish", "--on", "30/8/2040", "--reason", "a day before")

    rec("add", "Read them too.")
    assert [one["number"] for one in rec("number")] == [2]  # type: ignore[attr-defined]
    rec("number", "2", "--as", "5", "--reason", "a colleague gave 2")
    assert begun("recommendations", "number", "5").code == 2
    rec("status", "1", "being progressed", "--on", "1/9/2040")
    rec("comment", "1", "A new log is bought.", "--force", "--on", "2/9/2040")
    rec("comment", "1", "Seen.")
    rec("correct", "1", "Seen.", "--text", "Seen at night.")
    begun.done("fieldwork", "document", "--title", "Minutes", "--reason", "it came late")
    rec("progress", "1", "Minutes", "--relation", "contradicts", "--why", "nobody was asked")
    rec("status", "5", "superseded", "--by", "1", "--reason", "it is part of it")

    shown = begun.done("recommendations", "show", "1").out
    for words in (
        "1 of Westshire", "immediately, by 30 August 2040, 4 days late", "being progressed since",
        "point 1", "resources are enough", "superintendent", "later for it",
        "[contradicts] Document: Minutes", "the force, 2 September 2040: A new log is bought.",
        "inspectors, 3 September 2040: Seen at night.",
    ):  # fmt: skip
        assert words in " ".join(shown.split()), words
    data = rec("show", "1")
    links = data["links"]  # type: ignore[index]
    assert [one["role"] for one in links] == ["context", "practice", "progress"]
    rec("untie", "1", links[1]["id"])
    rec("unrest", "1", "3")
    assert len(rec("show", "1")["points"]) == 1  # type: ignore[index]

    for wrong in (("status", "1", "done"), ("weigh", "1", "weather", "mild"), ("show", "9")):
        assert "Nothing was changed" in begun.refused("recommendations", *wrong)
    assert begun("recommendations", "edit", "1").code == 2
    assert begun("recommendations", "correct", "1", "Seen").code == 2
    reason = begun.refused("recommendations", "edit", "1", "--wording", "Check them.")
    assert "reason why a published recommendation" in reason
    rec("edit", "1", "--wording", "Check them.", "--reason", "a slip of the pen")
    assert "Check them." in begun.done("recommendations").out


def test_an_action_plan_is_received_and_reviewed(begun: Runner) -> None:
    assert "No action plan has been received" in begun.done("actionplan").err
    assert "No action plan" in begun.refused("actionplan", "intends", "1", "x")
    begun.done("inspection", "publish", "--on", "31/8/2040", "--reason", "of before")
    begun.done("fieldwork", "document", "--title", "The plan", "--reason", "it came")
    begun.done("actionplan", "receive", "--on", "2/9/2040", "--document", "The plan")
    said = begun.done(
        *("actionplan", "intends", "1", "A sergeant reads them.", "--when", "1/10/2040"),
        *("--owner", "head of crime"),
    ).err
    assert "something of every recommendation" in said
    said = begun.done("actionplan", "review", "some concerns", "It is thin.").err
    assert "proposes a post-inspection review" in said
    shown = " ".join(begun.done("actionplan").out.split())
    for words in (
        "Action plan of Westshire, received 2 September 2040", "Document: The plan",
        "A sergeant reads them, by 1 October 2040 (after its deadline, 31 August 2040); head of",
        "some concerns. It is thin.",
    ):  # fmt: skip
        assert words in shown, words
    (plan,) = begun.done("actionplan", "--json").data
    edited = begun.done("actionplan", "edit", "--document", "", "--plan", plan["id"], "--json")
    assert edited.data["document_id"] == ""
    assert begun("actionplan", "edit").code == 2
    due = begun.done("calendar", "--json").data["due"]
    assert [one["done_on"] for one in due if one["key"] == "action plan"] == ["2040-09-02"]


def test_the_register_as_text_json_csv_and_ics(begun: Runner) -> None:
    said = begun.done("inspection", "state", "--to", "published", "--reason", "of before").err
    assert "On which day is not recorded yet" in said
    begun.done("inspection", "publish")
    for words in ((), ("--all",), ("--of", "west"), ("--status", "open"), ("--then", "1/9/2040")):
        ran = begun.done("recommendations", *words)
        assert "Westshire 1. Check the logs at night." in ran.out
        assert "OFFICIAL-SENSITIVE" in ran.out
    (line,) = begun.done("recommendations", "--due-until", "3/9/2040", "--json").data
    assert (line["called"], line["due"], line["late"]) == ("1", "2040-09-03", 0)
    assert "no recommendation yet" in begun.done("recommendations", "--status", "complete").err
    rows = list(csv.reader(begun.done("recommendations", "--csv").out.splitlines()))
    assert rows[2][:3] == ["Westshire", "1", "Check the logs at night."]
    ics = begun.done("recommendations", "--all", "--ics").out
    assert "SUMMARY:Westshire: recommendation 1\\, immediately" in ics
    assert "Check the logs" not in ics and ics.count("BEGIN:VEVENT") == 1
    for words in (("--of", "north"), ("--criterion", "weather"), ("--due-until", "soon")):
        assert "Nothing was changed" in begun.refused("recommendations", *words)


def test_the_calendar_its_limits_and_dates_by_hand(begun: Runner, wall: Wall) -> None:
    begun.done("inspection", "publish", "--on", "31/8/2040", "--reason", "of before")
    assert "what was to be acted on immediately" in begun.done("calendar", "late").out
    shown = " ".join(begun.done("inspection", "show").out.split())
    assert "late the force says what it has done on what was to be acted on immediately" in shown
    done = begun.done("calendar", "done", "update", "--on", "1/9/2040", "--remark", "a letter")
    assert "done on 1 September 2040, 1 day late" in done.err
    assert "by 31 August 2040, 3 days ago" in begun.done("calendar", "reopen", "update").err
    planned = begun.done("calendar", "plan", "revisit", "14 January 2041", "--json")
    assert planned.data["planned_on"] == "2041-01-14"
    added = begun.done("calendar", "add", "PEEL", "--starts", "14/1/2041", "--ends", "18/1/2041")
    assert "The visit to Westshire (14 January 2041) and PEEL (14 to 18 January 2041)" in added.err
    edited = begun.done("calendar", "edit", "PEEL", "--starts", "15/1/2041", "--json")
    assert edited.data["starts"] == "2041-01-15"
    assert begun("calendar", "edit", "PEEL").code == 2
    shown = begun.done("calendar").out
    assert "Westshire: PEEL" in shown and "by 12 October 2040" in shown
    year = begun.done("calendar", "--year", "2041", "--no-holidays", "--json").data
    sorts = {one["sort"] for one in year["events"]["events"]}
    assert sorts == {"due", "planned", "entered"} and year["due"] == []
    ics = begun.done("calendar", "--year", "2041", "--ics").out
    assert ics.startswith("BEGIN:VCALENDAR\r\n") and ics.endswith("END:VCALENDAR\r\n")
    assert "SUMMARY:Westshire: PEEL" in ics and "bank holiday\\, Christmas Day" in ics
    begun.done("calendar", "remove", "PEEL")
    assert "PEEL" not in begun.done("calendar").out
    begun.done("recommendations", "status", "1", "complete")
    begun.done("calendar", "done", "update")
    assert "late" in begun.done("calendar", "late").err
    assert "there are" in begun.refused("calendar", "done", "annual")


def test_outcomes_are_marked_counted_and_shown(fieldkit: Runner) -> None:
    fieldkit.begun()
    run = fieldkit.done
    run("fieldwork", "focus-group", "--role", "custody officers")
    note = run("note", "add", "custody officers", "Trained in May.", "--outcome", "training").out
    run("note", "edit", note.strip(), "--outcome", "training", "--outcome", "confidence")
    assert "training, confidence" in run("note", "list", "custody officers").out
    run("point", "add", "They are trained.", "--sort", "strength", "--outcome", "Training")
    run("point", "edit", "1", "--outcome", "knowledge")
    made = run("recommendations", "add", "Train the rest.", "--point", "1", "--json").data
    assert made["outcomes"] == ["knowledge"]
    run("recommendations", "edit", "1", "--outcome", "training")
    pulse = ("outcomes", "pulse", "custody officers", "custody", "confident")
    assert run(*pulse, "--agree", "4", "--disagree", "1", "--json").data["agree"] == 4
    table = run("outcomes", "--json").data["outcomes"]
    assert [len(table), table[0]["now"]["words"]] == [
        19,
        "1 note (+0 −0); 1 recommendation, 1 open",
    ]
    shown = " ".join(run("outcomes").out.split())
    for words in (
        "Staff get more and better training (training): 1 note (+0 −0); 1 recommendation, 1 open",
        "named in focus groups: 1 of 1 focus group",
        "I am confident when I decide what is best for a child: custody: 4 of 5 agree, 1 does not",
        "Nothing bears on 16 outcomes.",
    ):
        assert words in shown
    assert "not an outcome" in fieldkit.refused("point", "edit", "1", "--outcome", "weather")
    assert fieldkit(*pulse, "--agree", "many").code == 2


def test_a_force_is_shown_over_time(fieldkit: Runner) -> None:
    fieldkit.begun()
    run = fieldkit.done
    run("point", "add", "A mentor in each unit.", "--sort", "notable practice")
    run("recommendations", "add", "Train the rest.", "--point", "1")
    shown = " ".join(run("force").out.split())
    for words in ("over time", "1 of notable practice, 1 recommended", "draft 1. Train the rest."):
        assert words in shown
    (one,) = run("force", "westsh", "--json").data["inspections"]
    assert (one["practice"], one["recommended"]) == (1, 1)
    assert "No single force" in fieldkit.refused("force", "Nowhere")
