"""A day of writing by command: the same services as the screens, named as a person names things."""

from __future__ import annotations

import io

import pytest

from storage.feed import drafts
from storage.vault.unlock import open_vault
from tests.fieldkit.cli.conftest import PASSPHRASE, Runner

MARKING = "OFFICIAL-SENSITIVE"
CASE_CRITERIA = (
    "initial_contact",
    "assessment",
    "investigation",
    "decision_making",
    "trusted_adult",
    "managing_risk",
    "police_detention",
)


def test_a_case_from_the_list_to_its_overall_grade(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001", "--type", "missing", "--force-ref", "42/1/26")
    fieldkit.done("cases", "allocate", "WST-001")
    (line,) = fieldkit.done("cases", "list", "--mine", "--json").data
    assert line["reference"] == "WST-001" and line["type_labels"] == ["Missing children"]
    said = fieldkit.refused("judge", "WST-001", "overall", "good")
    assert "still open" in said
    for criterion in CASE_CRITERIA[:-1]:
        fieldkit.done("judge", "WST-001", criterion, "RI", "--rationale", "Thin.")
    assert "reason" in fieldkit.refused("judge", "WST-001", CASE_CRITERIA[-1], "unable to judge")
    fieldkit.done("judge", "WST-001", CASE_CRITERIA[-1], "not applicable")
    assert fieldkit.refused("judge", "WST-001", "overall", "splendid").count("good") == 1
    fieldkit.done("judge", "42/1", "overall", "requires improvement", "--concern", "Not seen.")
    shown = fieldkit.done("cases", "show", "WST-001", "--json").data
    assert shown["judgments"]["overall"]["grade"] == "requires improvement"
    assert shown["judgments"]["overall"]["concern"] == "Not seen."
    assert shown["force"] is None
    text = fieldkit.done("cases", "show", "WST-001").out
    assert "Investigation: requires improvement – A. Inspector\n  Rationale: Thin." in text
    assert fieldkit.done("cases", "list", "--open", "--json").data == []

    told = fieldkit.done("history", "WST-001/investigation", "--json").data
    assert told["label"] == "WST-001, Investigation"
    assert told["history"][0]["who"] == "A. Inspector"
    by_id = fieldkit.done("history", shown["case"]["id"][:8]).out
    assert by_id.count("A. Inspector") >= 1
    assert {line.strip() for line in (by_id.splitlines()[0], by_id.splitlines()[-1])} == {MARKING}
    by_id_data = fieldkit.done("history", shown["case"]["id"][:8], "--json").data
    assert by_id_data["marking"] == MARKING

    fieldkit.force_book("42/1/26,Missing children,2026-02-01,Good,Seen.")
    fieldkit.done("reveal", "WST-001")
    assert "reason" in fieldkit.refused("judge", "WST-001", "overall", "good")
    assert "reason" in fieldkit("cases", "withdraw", "WST-001").err
    fieldkit.done("cases", "withdraw", "WST-001", "--reason", "a twin of another")
    assert "withdrawn" in fieldkit.done("cases", "list").out
    fieldkit.done("cases", "reinstate", "WST-001", "--reason", "it is not")
    assert "There is no case" in fieldkit.refused("cases", "show", "WST-999")

    fieldkit.done("cases", "add", "WST-002", "--type", "missing", "--another")
    said = fieldkit.done("cases", "allocate", "WST-001", "WST-002", "--to", "Bea").err
    assert "WST-001, WST-002 are allocated to Bea." in said
    assert "There is no case" in fieldkit.refused("cases", "allocate", "WST-001", "WST-999")
    turned = fieldkit.done("cases", "list", "--by", "overall", "--reversed", "--json").data
    assert [one["reference"] for one in turned] == ["WST-002", "WST-001"]
    assert {one["auditor"] for one in turned} == {"Bea"}
    assert fieldkit.done("cases", "list", "--referred", "--json").data == []


def test_a_deleted_note_is_listed_and_brought_back(fieldkit: Runner) -> None:
    fieldkit.done("vault", "create", "--memory", "64")
    fieldkit.done("inspection", "new", "--force", "Westshire", "--methodology", "2018")
    fieldkit.done("cases", "add", "WST-001", "--type", "missing")
    assert "Nothing is deleted." in fieldkit.done("deleted").err
    fieldkit.done("note", "add", "WST-001", "Not seen alone.")
    (note,) = fieldkit.done("note", "list", "--json").data
    fieldkit.done("note", "delete", note["id"][:8])
    (line,) = fieldkit.done("deleted", "--json").data
    assert (line["label"], line["text"]) == ("note in WST-001", "Not seen alone.")
    assert "Not seen alone." in fieldkit.done("deleted").out
    back = ("deleted", "bring-back", line["id"][:8], "--reason", "it matters")
    assert "Brought back: note in WST-001" in fieldkit.done(*back).out
    assert "it matters" in fieldkit.done("history", note["id"][:8]).out
    assert "No single deleted record" in fieldkit.refused(*back)


def test_the_force_is_assessed_on_what_is_judged_on_it(fieldkit: Runner) -> None:
    fieldkit.done("vault", "create", "--memory", "64")
    fieldkit.done("inspection", "new", "--force", "Westshire", "--methodology", "2024")
    made = fieldkit.done("assess", "leadership", "adequate", "--rationale", "Known.", "--json").data
    assert (made["grade"], made["rationale"]) == ("adequate", "Known.")
    assert fieldkit("assess", "leadership", "splendid").code == 1


def test_from_a_note_to_the_debrief(fieldkit: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001")
    fieldkit.done("fieldwork", "interview", "--role", "custody sergeant")
    fieldkit.done("fieldwork", "observation", "--place", "south base", "--what", "late handover")
    fieldkit.done(
        "fieldwork", "document", "--title", "Missing persons policy", "--asked-on", "2026-06-01"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("Risk set once.\n"))
    note = fieldkit.done(
        "note", "add", "custody", "-", "--criterion", "Investigation", "--polarity", "concern"
    ).out.strip()
    other = fieldkit.done("note", "add", "WST-001", "Reviewed at each handover.").out.strip()
    listed = fieldkit.done("fieldwork", "list", "--json").data
    assert {(one["sort"], one["notes"]) for one in listed} == {
        ("interview", 1),
        ("observation", 0),
        ("document", 0),
    }
    assert "Risk set once." in fieldkit.done("fieldwork", "show", "sergeant").out

    fieldkit.done("note", "finalise", note[:8])
    assert "finalised" in fieldkit.refused("note", "delete", note[:8])
    fieldkit.done(
        "note",
        "amend",
        note[:8],
        "Risk set once, at the first report.",
        "--reason",
        "said so when read back",
    )
    (first, *_) = fieldkit.done("note", "list", "custody", "--json").data
    assert first["text"] == "Risk set once, at the first report."

    fieldkit.done("point", "add", "Risk is not looked at again.", "--criterion", "investigation")
    fieldkit.done("point", "support", "1", note[:8])
    fieldkit.done("point", "support", "1", other, "--relation", "contradicts", "--why", "once")
    assert "There is no point" in fieldkit.refused("point", "support", "7", note)
    evidence = fieldkit.done("point", "evidence", "first report", "--json").data
    assert [one["id"] for one in evidence] == [note]
    traced = fieldkit.done("trace", "not looked", "--json").data
    assert {(one["relation"], one["as_linked"]) for one in traced["links"]} == {
        ("supports", "Risk set once, at the first report."),
        ("contradicts", "Reviewed at each handover."),
    }
    assert {one["who"] for one in traced["links"]} == {"A. Inspector"}
    assert "Risk set once" in fieldkit.done("trace", "1").out

    since = fieldkit.done("debrief", "--json").data["since_last"]
    assert [one["wording"] for one in since["new_points"]] == ["Risk is not looked at again."]
    assert since["awaited"] == ["Missing persons policy"]
    fieldkit.done("debrief", "include", "1")
    fieldkit.done("debrief", "freeze", "1", "We saw risk set once.")
    assert "agreed already" in fieldkit.refused("debrief", "freeze", "1", "Other words.")
    fieldkit.done(
        "debrief",
        "respond",
        "1",
        "--response",
        "Accepted.",
        "--outcome",
        "agreed",
        "--action",
        "Review tonight.",
        "--action-owner",
        "head of response",
    )
    fieldkit.done("debrief", "close", "--present", "assistant chief constable")
    sheet = fieldkit.done("debrief", "--json").data
    assert sheet["points"][0]["wording"] == "We saw risk set once."
    assert sheet["points"][0]["frozen"] and sheet["held_at"]
    text = fieldkit.done("debrief").out
    assert text.count("OFFICIAL-SENSITIVE") == 2 and "Accepted." in text
    assert fieldkit.done("debrief", "--date", "2026-01-01").err.startswith("There was no daily")
    day = ("--date", sheet["held_on"])
    for options in (("--response", "Done."), ("--action-done", "2026-07-20"), ("--outcome", "")):
        # Where it was told last, and that debrief when it is named, closed as it is.
        fieldkit.done("debrief", "respond", "1", *options)
        told = fieldkit.done("debrief", "respond", "1", *options, *day, "--json").data
        assert told["id"] == sheet["id"] and told["held_at"] == sheet["held_at"]
    (told,) = told["points"]
    assert (told["response"], told["action_done"], told["outcome"]) == ("Done.", "2026-07-20", "")
    fieldkit.done("point", "add", "Another finding.", "--sort", "strength")
    assert "closed" in fieldkit.refused("debrief", "respond", "2", "--response", "x")
    assert fieldkit.done("point", "list", "--json").data[0]["state"] == "agreed"

    found = fieldkit.done("search", "once", "--json").data
    assert {one["kind"] for one in found} >= {"note", "debrief_point", "support"}
    assert "Nothing holds" in fieldkit.done("search", "zebra").err


def test_a_referral_step_by_step(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-001")
    fieldkit.done("refer", "WST-001", "--reason", "no referral", "--known", "A family of two.")
    assert "the force not told" in fieldkit.done("referrals").out
    assert "after which comes" in fieldkit.refused("referrals", "step", "WST-001", "acted")
    fieldkit.done("referrals", "step", "WST-001", "told", "--whom", "duty superintendent")
    (line,) = fieldkit.done("referrals", "--json").data
    assert line["state"] == "told" and "not acknowledged" in line["clock"]
    assert line["reference"] in fieldkit.done("inspection", "show").out


def test_drafts_are_listed_shown_and_put_aside(fieldkit: Runner) -> None:
    fieldkit.begun()
    with open_vault(fieldkit.home / "vault", PASSPHRASE) as vault:
        vault.write_now(drafts.save, "new-note/x", "text", "a note", "Half a sentence\nand more")
    (line,) = fieldkit.done("drafts", "--json").data
    assert line["label"] == "a note"
    assert "Half a sentence" in fieldkit.done("drafts").out
    assert fieldkit.done("drafts", "show", line["id"][:6]).out == "Half a sentence\nand more\n"
    fieldkit.done("drafts", "discard", "a note")
    assert "No text waits." in fieldkit.done("drafts").err
    assert len(fieldkit.done("drafts", "--discarded", "--json").data) == 1


def test_which_inspection_is_meant(fieldkit: Runner) -> None:
    fieldkit.begun()
    twice = ("inspection", "new", "--force", "Westshire", "--methodology", "2018")
    assert "already" in fieldkit.refused(*twice)
    other = fieldkit.done("inspection", "new", "--force", "Eastshire", "--methodology", "2014").out
    assert "More than one inspection" in fieldkit.refused("cases", "list")
    assert fieldkit.done("--inspection", "Eastshire", "cases", "list", "--json").data == []
    fieldkit.done("inspection", "leave", other[:8], "--reason", "a trial")
    assert "Westshire" in fieldkit.done("inspection", "show").out
    states = {
        one["force"]: one["state"] for one in fieldkit.done("inspection", "list", "--json").data
    }
    assert states == {"Eastshire": "left site", "Westshire": "fieldwork"}
    wrong = fieldkit.refused("inspection", "new", "--force", "Northshire", "--methodology", "1999")
    assert "2014" in wrong
