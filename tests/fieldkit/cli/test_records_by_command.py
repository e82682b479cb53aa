"""What pages do with cases, fieldwork, notes, points and assessments is done by command too."""

from __future__ import annotations

import pytest

from fieldkit.wording.dates import short_moment
from tests.fieldkit.cli.conftest import Runner

STORY = "She hid behind the door. " * 20


def test_a_case_is_audited_and_shown_whole(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--type", "missing", "--child-label", "child 1")
    fieldkit.done(
        *("cases", "audit", "WST-001", "--voice-seen-alone", "no", "--risk-right", "yes"),
        *("--child-seen-at", "12 March 2026 14:30", "--supervision-note", "Late."),
        *("--context", "Two posts vacant.", "--notable-practice", "The officer drew with her."),
    )
    said = fieldkit.refused("cases", "audit", "WST-001", "--voice-seen", "perhaps")
    assert "does not answer “Was the child seen?”" in said
    said = fieldkit.refused("cases", "audit", "WST-001", "--arrest-at", "soon")
    assert "“Arrest” needs a date" in said
    assert "WST-001" in fieldkit.done("cases", "audit", "WST-001").out
    audit = fieldkit.done("cases", "audit", "WST-001", "--json").data
    assert (audit["voice_seen_alone"], audit["voice_seen"]) == ("no", "")
    fieldkit.done("cases", "audit", "WST-001", "--risk-right", "")
    assert fieldkit.done("cases", "audit", "WST-001", "--json").data["risk_right"] == ""

    fieldkit.done("cases", "edit", "WST-001", "--second-reader", "B. Reader", "--child", "AB")
    fieldkit.done("judge", "WST-001", "investigation", "--rationale", STORY)
    fieldkit.done("judge", "WST-001", "investigation", "RI", "--concern", "Nobody asked her.")
    fieldkit.done("note", "add", "WST-001/investigation", "No log.", "--polarity", "concern")
    fieldkit.done("refer", "WST-001", "--reason", "risk too low", "--asked-for", "See her today.")
    fieldkit.done("query", "WST-001", "investigation", "Is that all?")
    fieldkit.done("point", "add", "Children wait", "--rests-on", "WST-001")
    fieldkit.done("point", "support", "1", "WST-001/investigation", "--why", "The log is empty.")
    text = " ".join(fieldkit.done("cases", "show", "WST-001").out.split())
    for words in (
        "child child 1",
        "key to the child AB",
        "second reader B. Reader",
        "Investigation: requires improvement – A. Inspector",
        f"Rationale: {STORY.strip()}",
        "Concern: Nobody asked her.",
        "Voice of the child Was the child seen alone? no",
        f"Timeliness child seen: {short_moment('2026-03-12 14:30')}",
        "Supervision Supervision, remarks: Late.",
        "Context: resources, partners: Two posts vacant.",
        "Notable practice: The officer drew with her.",
        "The force's grade: not revealed",
        "Referred back to the force: raised",
        "the risk was graded too low",
        "Asked for: See her today.",
        "Query on Investigation (open), A. Inspector to A. Inspector",
        "Is that all?",
        "Note on Investigation (concern), A. Inspector",
        "No log.",
        "Point 1, concern (open): Children wait",
        "supports: case audit",
        "supports: Investigation (The log is empty.)",
        "“fieldkit history WST-001” says who changed what",
    ):
        assert words in text
    data = fieldkit.done("cases", "show", "WST-001", "--json").data
    assert data["audit"]["context"] == "Two posts vacant."
    assert [one["wording"] for one in data["points"]] == ["Children wait"]
    assert len(data["points"][0]["links"]) == 2 and data["referrals"][0]["state"] == "raised"
    assert data["force"] is None and data["revealed"] is False

    links = fieldkit.done("trace", "1", "--json").data["links"]
    assert {link["evidence"]["kind"] for link in links} == {"case_audit", "judgment"}
    assert "WST-001" in fieldkit.done("cases", "list", "--holding", "missing 001").out
    assert fieldkit.done("cases", "list", "--holding", "burglary", "--json").data == []
    assert fieldkit.done("cases", "list", "--withdrawn", "--json").data == []


def test_a_case_shows_the_forces_grade_once_it_is_revealed(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--type", "missing", "--force-ref", "42/1/26")
    fieldkit.force_book("42/1/26,Missing children,2026-02-01,Inadequate,She ran away twice.")
    fieldkit.done("judge", "WST-001", "overall", "good", "--allow-open")
    show = ("cases", "show", "WST-001")
    for shown in (fieldkit.done(*show).out, fieldkit.done(*show, "--json").out):
        assert "nadequate" not in shown and "ran away" not in shown
    fieldkit.done("reveal", "WST-001")
    assert "The force's grade: inadequate\n  She ran away twice." in fieldkit.done(*show).out


def test_fieldwork_notes_points_and_assessments_are_corrected(fieldkit: Runner) -> None:
    fieldkit.begun()
    held = fieldkit.done("fieldwork", "interview", "--role", "Sergeant", "--json").data["id"]
    fieldkit.done(
        *("fieldwork", "edit", "Sergeant", "--role", "Inspector", "--agreed", "agreed"),
        *("--meeting", "focus group", "--held-on", "6 July 2026"),
    )
    shown = fieldkit.done("fieldwork", "show", held, "--json").data
    assert (shown["label"], shown["agreed"]) == ("Focus group: Inspector", "agreed")
    assert "title of the interview cannot" in fieldkit.refused(
        "fieldwork", "edit", held, "--title", "Minutes"
    )

    note = fieldkit.done("note", "add", "inspection", "Heard in the corridor.").out.strip()
    marks = ("--criterion", "investigation", "--polarity", "concern")
    fieldkit.done("note", "edit", note, "--text", "Heard at the desk.", *marks)
    moved = fieldkit.done("note", "move", note, "Inspector", "--json").data
    assert (moved["text"], moved["polarity"]) == ("Heard at the desk.", "concern")
    assert fieldkit.done("note", "list", "inspection", "--json").data == []
    (there,) = fieldkit.done("note", "list", held, "--json").data
    assert there["id"] == moved["id"]
    fieldkit.done("note", "edit", moved["id"], "--criterion", "", "--polarity", "")
    (there,) = fieldkit.done("note", "list", held, "--json").data
    assert (there["criteria"], there["polarity"]) == ([], "")
    fieldkit.done("note", "finalise", moved["id"])
    assert "finalised" in fieldkit.refused("note", "edit", moved["id"], "--text", "x")

    fieldkit.done("point", "add", "Logs are kept", "--rests-on", moved["id"][:8])
    fieldkit.done("point", "edit", "1", "--wording", "Logs are kept well.", "--sort", "strength")
    (point,) = fieldkit.done("point", "list", "--json").data
    assert (point["wording"], point["sort"]) == ("Logs are kept well.", "strength")
    assert point["supports"] == 1

    why = fieldkit.home / "why.txt"
    why.write_text("Nobody reads the log.\n", "utf-8")
    fieldkit.done("assess", "leadership", "--file", str(why))
    fieldkit.done("assess", "leadership", "requires improvement")
    judged = fieldkit.done("assess", "show", "leadership", "--json").data
    assert judged["said"] == "requires improvement"
    assert (judged["rationale"], judged["by"]) == ("Nobody reads the log.", "A. Inspector")
    listed = fieldkit.done("assess", "list", "--json").data["assessments"]
    assert [one["said"] for one in listed if one["criterion"] == "leadership"] == [judged["said"]]
    assert "requires improvement" in fieldkit.done("assess", "list").out
    assert "judged" in fieldkit.done("assess", "show", "leadership").out
    assert "not a criterion" in fieldkit.refused("assess", "show", "weather")


@pytest.mark.parametrize(
    "words",
    [
        ("point", "edit", "1"),
        ("note", "edit", "x"),
        ("fieldwork", "edit", "x"),
        ("cases", "edit", "WST-001"),
        ("judge", "WST-001", "investigation"),
        ("assess", "leadership"),
    ],
)
def test_a_command_without_anything_to_change_is_misused(
    fieldkit: Runner, words: tuple[str, ...]
) -> None:
    ran = fieldkit(*words)
    assert (ran.code, ran.out) == (2, "") and "Nothing was done." in ran.err
