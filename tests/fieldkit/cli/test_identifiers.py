"""Commands say what a text looks like, refuse at the doors, and settle what stopped there."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner


def test_identifiers_are_said_stopped_and_settled(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    names = tmp_path / "names.txt"
    names.write_text("Dafydd Llewelyn = child 2\nGwen Pritchard\n", "utf-8")
    assert "2 added" in fieldkit.done("names", "add", "--file", str(names)).err
    listed = fieldkit.done("names", "list", "--json").data
    assert [one["label"] for one in listed] == ["child 2", ""]
    fieldkit.done("names", "edit", "gwen pritchard", "--name", "Gwen Prichard", "--instead", "aunt")
    refused = fieldkit.refused("names", "edit", "Gwen Prichard", "--name", "dafydd LLEWELYN")
    assert "on the list already" in refused
    refused = fieldkit.refused("names", "edit", "Gwen Prichard", "--name", "Born 2011")
    assert "is not a name" in refused
    listed = fieldkit.done("names", "list", "--json").data
    assert [(one["name"], one["label"]) for one in listed][1:] == [("Gwen Prichard", "aunt")]
    fieldkit.done("names", "remove", "gwen prichard")
    assert "not on the list" in fieldkit.refused("names", "remove", "Gwen Pritchard")

    fieldkit.done("cases", "add", "WST-001")
    said = fieldkit.done("note", "add", "WST-001", "Dafydd, dob 3/4/11, was seen.")
    note = said.out.strip()
    assert "Looks like a name and a date of birth." in said.err
    assert f"take-out note/{note[:8]}" in said.err
    assert "Looks" not in fieldkit.done("note", "add", "WST-001", "Seen on 3 April 2026.").err
    everywhere = fieldkit.done("identifiers", "list", "--everywhere", "--json").data["stops"]
    assert [one["instead"] for one in everywhere] == ["child 2", "[date of birth]"]
    assert "redact" in fieldkit.done("identifiers", "take-out", f"note/{note[:8]}").err
    text = fieldkit.done("note", "list", "WST-001").out
    assert "child 2, dob [date of birth], was seen." in text

    fieldkit.done("point", "add", "Logs are not checked by DC Beynon.")
    day = ("debrief", "--date", "6/7/2026")
    fieldkit.done(*day, "include", "1")
    refused = fieldkit.refused(*day, "freeze", "1")
    assert "a name “Beynon”" in refused and "Nothing left the vault" in refused
    key = refused.split("is to leave: ")[1].split(":")[0]
    assert "take-out KEY" in refused
    fieldkit.done("identifiers", "take-out", key, "--instead", "an officer")
    fieldkit.done(*day, "freeze", "1")
    fieldkit.done(*day, "respond", "1", "--response", "We rang 0161 496 0123.")
    assert "a phone number" in fieldkit.refused(*day)
    assert "a phone number" in fieldkit.refused(*day, "--json")
    closed = fieldkit.refused(*day, "close", "--present", "deputy")
    done, stopped = "The daily debrief of 6 July 2026 is closed.", "its sheet was not printed"
    assert closed.index(done) < closed.index(stopped) < closed.index("a phone number")
    assert "was held and closed" in fieldkit.refused(*day, "close", "--present", "deputy")
    given = tmp_path / "given.md"
    handover = ("handover", "--recipient", "chief constable", "--to", str(given))
    assert "a phone number" in fieldkit.refused(*handover) and not given.exists()
    (stop,) = fieldkit.done("identifiers", "list", "--json").data["stops"]
    reason = ("--reason", "The number of the duty desk.")
    passed = fieldkit.done("identifiers", "let-pass", stop["key"], *reason, "--json").data
    assert "Nothing that stops" in fieldkit.refused("identifiers", "let-pass", stop["key"], *reason)
    assert "0161 496 0123" in fieldkit.done(*day).out
    fieldkit.done(*handover)
    assert "0161 496 0123" in given.read_text("utf-8")
    fieldkit.done("identifiers", "ask-again", passed["id"][:8], "--json")
    assert "a phone number" in fieldkit.refused(*day)
    assert "no single one" in fieldkit.refused("identifiers", "ask-again", "zzzz")
