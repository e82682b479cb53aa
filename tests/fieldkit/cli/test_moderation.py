"""Queries and the hand-over by command."""

from __future__ import annotations

import stat
from pathlib import Path

from tests.fieldkit.cli.conftest import Runner


def test_a_query_is_asked_listed_answered_and_settled(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--type", "missing")
    assert "not judged yet" in fieldkit.refused("query", "WST-001", "investigation", "why?")
    fieldkit.done("judge", "WST-001", "investigation", "good")
    asked = fieldkit.done("query", "WST-001", "Investigation", "Seen alone?")
    query = asked.out.strip()
    assert "judged this line yourself" in asked.err and "second reader" in asked.err
    [line] = fieldkit.done("queries", "--json").data
    assert (line["id"], line["question"], line["standing"]) == (query, "Seen alone?", "good")
    shown = fieldkit.done("queries").out
    assert "WST-001, Investigation" in shown and "for you" in shown
    assert shown.startswith(" ") and "OFFICIAL-SENSITIVE" in shown.splitlines()[0]
    assert "1 for you to answer" in fieldkit.done("inspection", "show").out
    assert "reason" in fieldkit.refused("judge", "WST-001", "investigation", "inadequate")
    answered = fieldkit.done(
        "answer", query[:8], "She was not.", "--grade", "inadequate", "--json"
    ).data
    assert (answered["state"], answered["answer"]) == ("answered", "She was not.")
    shown = fieldkit.done("cases", "show", "WST-001").out
    assert "Investigation: inadequate" in shown and "Seen alone?" in shown
    fieldkit.done("queries", "settle", "WST-001")
    assert fieldkit.done("queries", "--json").data == []
    assert len(fieldkit.done("queries", "--all", "--json").data) == 1


def test_an_answer_changes_an_overall_grade_only_as_judging_does(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--type", "missing")
    fieldkit.done("judge", "WST-001", "overall", "good", "--allow-open")
    fieldkit.done("query", "WST-001", "overall", "Why good?")
    answer = ("answer", "WST-001", "Lower.", "--grade", "inadequate")
    assert "still open are" in fieldkit.refused(*answer)
    assert fieldkit.done(*answer, "--allow-open", "--json").data["state"] == "answered"


def test_the_hand_over_is_shown_and_then_written_once(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    shown = fieldkit.done("handover", "--recipient", "chief constable")
    assert "# Written feedback" in shown.out and "Nothing was written" in shown.err
    path = tmp_path / "given.md"
    done = fieldkit.done("handover", "--to", str(path), "--recipient", "chief constable", "--json")
    assert done.data["path"] == str(path) and done.data["recipient"] == "chief constable"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text("utf-8") == shown.out
    said = fieldkit.refused("handover", "--to", str(path), "--recipient", "chief constable")
    assert "never written over" in said


def test_a_point_and_a_referral_have_a_page_of_their_own(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--force-ref", "42/10001/26")
    fieldkit.done("point", "add", "Children are seen at once.", "--sort", "strength")
    assert "not told in a debrief" in fieldkit.refused(
        "point", "sheet", "1", "--recipient", "chief"
    )
    fieldkit.done("debrief", "freeze", "1", "Children are seen.")
    path = tmp_path / "point.docx"
    given = fieldkit.done(
        "point", "sheet", "1", "--to", str(path), "--recipient", "chief", "--recipient", "head of",
        "--json",
    ).data  # fmt: skip
    assert given["recipients"] == ["chief", "head of"] and path.stat().st_size > 5000
    sheet = tmp_path / "sheet.md"
    for_chief = ("--to", str(sheet), "--recipient", "chief")
    fieldkit.done("debrief", *for_chief)
    assert "Children are seen." in sheet.read_text("utf-8")
    said = fieldkit.refused("debrief", "--date", "2020-01-01", *for_chief)
    assert "no daily debrief on 1 January 2020" in said
    fieldkit.done("refer", "WST-001", "--reason", "child not seen")
    shown = fieldkit.done("referrals", "slip", "WST-001", "--recipient", "duty inspector")
    assert "Nothing shows that the child was seen" in shown.out and "42/" not in shown.out
    slip = ("referrals", "slip", "WST-001", "--recipient", "duty inspector", "--json")
    data = fieldkit.done(*slip, "--with-force-reference").data
    assert data["with_key"] is True and "42/10001/26" in str(data["document"])
    other = fieldkit.refused(*slip, "--with-force-reference", "--sender", "42/10002/26")
    assert "“42/10002/26”" in other and "42/10001/26" not in other
    fieldkit.done("cases", "edit", "WST-001", "--force-ref", "Prosser 26/10001")
    fieldkit.done("names", "add", "Jane Prosser = child 1")
    named = fieldkit.refused(*slip, "--with-force-reference")
    assert "a name “Prosser” in “Prosser 26/10001”" in named
    page = fieldkit.done("handover", "--recipient", "chief; commissioner", "--json").data
    assert page["recipients"] == ["chief", "commissioner"]
    assert [one["wording"] for one in page["findings"]] == ["Children are seen."]
    bad = tmp_path / "bad.docx"
    bad.write_text("no template")
    refused = fieldkit.refused(
        "handover", "--to", str(tmp_path / "x.docx"), "--recipient", "chief", "--template", str(bad)
    )
    assert "no Word document" in refused and not (tmp_path / "x.docx").exists()
