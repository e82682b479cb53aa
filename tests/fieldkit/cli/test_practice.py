"""Notable practice by command: its sheet, consent, requests, and the sheets that leave."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner


def test_practice_is_written_down_consented_asked_for_and_exported(
    fieldkit: Runner, tmp_path: Path
) -> None:
    fieldkit.begun()
    day = ("debrief", "--date", "6/7/2026")
    point = ("point", "add", "They ring back.", "--sort", "notable practice")
    fieldkit.done(*point, "--criterion", "trusted_adult")
    fieldkit.done(*day, "include", "1")
    assert "has not agreed" in fieldkit.refused(
        "practice", "consent", "They ring", "name shown", "--by", "chief"
    )
    fieldkit.done(*day, "freeze", "1")
    assert "No practice may be passed on yet" in fieldkit.done("practice", "list").err
    listed = fieldkit.done("practice", "list", "--all").out
    assert "may not be passed on: the force has not consented" in listed
    assert "A force that is not named: They ring back." in listed and "Westshire" not in listed
    assert fieldkit("practice", "write", "They ring").code == 2
    fieldkit.done(
        *("practice", "write", "They ring", "--problem", "Nobody rang.", "--how", "By a list."),
        *("--works", "Calls are counted.", "--ask-whom", "head of the hub", "--type", "missing"),
        "--json",
    )
    consent = fieldkit.done(
        "practice", "consent", "They ring", "name shown", "--by", "chief constable", "--json"
    )
    assert consent.data["given_by"] == "chief constable"
    fieldkit.done("practice", "asked", "They ring", "--by", "Eastshire", "--json")
    for filters in (("--criterion", "trusted adult"), ("--case-type", "mfh"), ("--words", "LIST")):
        (line,) = fieldkit.done("practice", "list", *filters, "--json").data
        assert (line["force"], line["asked"]) == ("Westshire", 1)
    zebra = ("practice", "list", "--order", "asked", "--words", "zebra", "--json")
    assert fieldkit.done(*zebra).data == []
    shown = " ".join(fieldkit.done("practice", "show", "They ring").out.split())
    assert "head of the hub" in shown and "asked for 1 time: Eastshire" in shown
    fieldkit.done("practice", "show", "They ring", "--json")
    path = tmp_path / "sheets.md"
    assert "Nothing was written" in fieldkit.done("practice", "export").err
    export = ("practice", "export", "--to", str(path), "--practice", "They ring", "--json")
    given = fieldkit.done(*export)
    assert given.data["practices"] == 1 and "Nobody rang." in path.read_text("utf-8")
    fieldkit.done("practice", "export", "--json")
    fieldkit.done("practice", "consent", "They ring", "withdrawn", "--by", "chief constable")
    assert "the force withdrew its consent" in fieldkit.refused(
        "practice", "export", "--practice", "They ring"
    )
