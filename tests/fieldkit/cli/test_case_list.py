"""A list of cases by command: read, looked at, taken in, answered; and a case changed by hand."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner

HEADING = "case,type,when,origin,overall grade,rationale,audited by\n"
FIRST = (
    "WST-001,Domestic abuse,3/2/2026,self-assessed,good,Seen.,Inspector Q\n"
    "WST-002,Missing children,4 Feb 2026,inspectors,Needs work,,\n"
)
SECOND = (
    "WST\u2013001,Missing children,3/2/2026,inspectors,inadequate,Other.,\n"
    "WST-2,Domestic abuse,,,,,\n"
    "WST-003,cse,soon,inspectors,n/a,,\n"
)


def test_a_list_is_read_looked_at_and_taken_in_with_answers(
    fieldkit: Runner, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(HEADING + FIRST, "utf-8")
    second.write_text(HEADING + SECOND, "utf-8")
    choices = ("--column", "C=date_of_incident", "--grade", "Needs work=requires improvement")
    read = fieldkit.bare("cases", "read", str(first), *choices, "--json").data
    assert [one["overall_grade"] for one in read["cases"]] == ["good", "requires improvement"]
    assert [one["date_of_incident"] for one in read["cases"]] == ["2026-02-03", "2026-02-04"]
    assert "“Needs work”" in fieldkit.bare("cases", "read", str(first)).out

    fieldkit.begun()
    done = fieldkit.done("cases", "import", str(first), *choices, "--json").data
    assert (len(done["new"]), done["graded"]) == (2, 2)
    assert "good – Inspector Q (imported)" in fieldkit.done("cases", "show", "wst-001").out
    assert "imported, auditor not given" in fieldkit.done("cases", "show", "WST-002").out

    looked = fieldkit.done("cases", "import", str(second), *choices[:2], "--look")
    assert "Nothing was written." in looked.out
    assert "B2  WST-001: case type is “Domestic abuse” here" in looked.out
    assert "“WST-2” may be WST-002" in looked.out
    assert "--theirs" not in looked.err
    more = (*choices[:2], "--fix", "A3=WST-002", "--skip", "A4", "--reason", "not ours")
    refused = fieldkit.refused("cases", "import", str(second), *more, "--theirs", "Z9")
    assert "“Z9”" in refused
    done_ = fieldkit.done("cases", "import", str(second), *more, "--theirs", "E2")
    assert "0 new, 1 changed, 1 unchanged, 1 skipped" in done_.out
    assert "“--theirs CELL”" in done_.err
    cases = {one["reference"]: one for one in fieldkit.done("cases", "list", "--json").data}
    assert sorted(cases) == ["WST-001", "WST-002"]
    assert cases["WST-001"]["overall_grade"] == "inadequate"
    assert cases["WST-001"]["type_labels"] == ["Domestic abuse"]
    assert cases["WST-002"]["type_labels"] == ["Missing children"]


def test_a_case_is_changed_by_command(fieldkit: Runner) -> None:
    fieldkit.begun()
    fieldkit.done("cases", "add", "WST-004", "--type", "DA / CSE", "--incident-on", "12 March 2026")
    assert "--another" in fieldkit.refused("cases", "add", "WST-4")
    fieldkit.done("cases", "add", "WST-4", "--another")
    fieldkit.done("cases", "edit", "WST \u2013 004", "--origin", "self assessed", "--unit", "north")
    shown = fieldkit.done("cases", "show", "WST-004", "--json").data["case"]
    assert (shown["origin"], shown["unit"], shown["incident_on"]) == (
        "self-assessed",
        "north",
        "2026-03-12",
    )
    assert "Child sexual exploitation" in fieldkit.done("cases", "show", "WST-004").out
    assert "not a type of case" in fieldkit.refused(
        "cases", "edit", "WST-004", "--type", "burglary"
    )
    fieldkit.done("cases", "edit", "WST-004", "--reference", "WST-104")
    assert "--another" in fieldkit.refused("cases", "edit", "WST-104", "--reference", "WST-04")
    fieldkit.done("cases", "edit", "WST-104", "--reference", "WST-04", "--another")
    assert "WST-04" in fieldkit.done("cases", "show", "WST-04").out
