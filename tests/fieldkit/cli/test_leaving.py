"""Leaving the site, changing something afterwards, and what is checked before it leaves."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner


def test_the_site_is_left_and_every_later_change_says_why(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001")
    fieldkit.done("point", "add", "Logs wait")
    listed = fieldkit.done("inspection", "leave", "--list", "--json").data
    assert [one["what"] for one in listed] == ["cases", "points", "unsent", "backup"]
    assert "WST-001" in fieldkit.done("inspection", "leave", "--list").out
    assert "Still open: 1 case without" in fieldkit.refused("inspection", "leave")
    left = fieldkit.done("inspection", "leave", "--reason", "the rest tomorrow", "--json").data
    assert left["inspection"]["state"] == "left site"
    # It is still the inspection that is meant, and asks why.
    for argv in (
        ("judge", "WST-001", "investigation", "good"),
        ("cases", "allocate", "WST-001", "--to", "Bea"),
        ("point", "add", "Another"),
        ("note", "add", "WST-001", "more"),
        ("fieldwork", "interview", "--role", "sergeant"),
    ):
        assert "--reason" in fieldkit.refused(*argv)
        fieldkit.done(*argv, "--reason", "typed from paper")
    # Why a case is referred is a reason already.
    fieldkit.done("refer", "WST-001", "--reason", "no supervision")
    assert "typed from paper" in fieldkit.done("history", "WST-001/investigation").out
    assert fieldkit.done("point", "list").out.count("Look again") == 2
    (again, *_) = fieldkit.done("look-again", "--json").data
    assert (again["rule"], again["words"]) == ("no_support", "Point 1 rests on nothing.")
    shown = fieldkit.done("inspection", "state", "--json").data
    assert len(shown["changed_after_leaving"]) == 6
    assert "reason" in fieldkit.refused("inspection", "state", "--to", "fieldwork")
    fieldkit.done("inspection", "state", "--to", "fieldwork", "--reason", "a day was added")
    fieldkit.done("point", "add", "A third")
    text = fieldkit.done("inspection", "state").out
    assert "fieldwork → left site, by A. Inspector: the rest tomorrow" in text
    assert "left site → fieldwork, by A. Inspector: a day was added" in text


def test_the_command_ends_with_one_where_something_stops_it(
    fieldkit: Runner, tmp_path: Path
) -> None:
    fieldkit.begun()
    assert "Nothing keeps it back" in fieldkit.done("handover", "--check").err
    fieldkit.done("point", "add", "Logs wait.")
    fieldkit.done("debrief", "include", "1")
    fieldkit.done("debrief", "freeze", "1", "Logs wait.")
    fieldkit.done("debrief", "respond", "1", "--outcome", "disputed")
    ran = fieldkit("handover", "--check", "--json")
    assert ran.code == 1
    assert [one["what"] for one in ran.data if one["stops"] and one["count"]] == ["disputed"]
    assert "! 1 finding disputed by the force" in fieldkit("handover", "--check").out
    written = tmp_path / "feedback.docx"
    to = ("handover", "--recipient", "chief constable", "--to", str(written))
    assert "is kept back by 1 finding" in fieldkit.refused(*to)
    assert not written.exists()
    # It can be read all the same, and our own copy is no door to the force.
    assert "Logs wait." in fieldkit.done(*to[:3]).out
    fieldkit.done(*to[:3], "--to", str(tmp_path / "internal.md"), "--internal")
    fieldkit.done("debrief", "respond", "1", "--outcome", "agreed")
    fieldkit.done(*to)
    assert written.exists()
    assert fieldkit("handover").code == 2
