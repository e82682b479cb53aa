"""The journey of two files: in by command, and the tables equal the truth."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fieldkit.cli.conftest import SHARED, Runner

pytestmark = pytest.mark.skipif(
    not (SHARED / "truth.json").exists(), reason="../shared/data is not beside this checkout"
)


def answers(queue: list[dict[str, Any]], truth: dict[str, Any]) -> list[str]:
    case_of = {one["row"]: one["case"] for one in truth["rows_by_ref"]}
    said: list[str] = []
    for line in queue:
        case = case_of[line["row"]]
        said += ["--link", f"{line['number']}={case}"] if case else ["--none", line["number"]]
    return said


def test_the_tables_equal_the_truth(fieldkit: Runner) -> None:
    truth = json.loads((SHARED / "truth.json").read_text("utf-8"))
    book = str(SHARED / "force.xlsx")
    fieldkit.begun()

    cases = fieldkit.done("cases", "import", str(SHARED / "cases.csv"), "--json").data
    assert (len(cases["new"]), cases["graded"]) == (97, 97)

    taken = fieldkit.done("self-assessment", "import", book, "--accept", "exact", "--json").data
    assert (taken["rows"], taken["linked"] + taken["open"]) == (35, 35)
    named = {one["cell"]: one for one in taken["problems"]}
    assert named["E12"]["value"] == "TBC" and taken["grades"] == {"words": []}
    assert "imported" in fieldkit.refused("self-assessment", "import", book)

    matched = fieldkit.done("self-assessment", "match", "--json").data
    true = {one["row"]: one["case"] for one in truth["rows_by_ref"]}
    linked = {one["row"]: one["case_reference"] for one in matched["rows"] if one["case_id"]}
    assert linked == {row: true[row] for row in linked}, "the exact group linked a wrong case"
    assert {one["decision"] for one in matched["rows"]} == {"exact", "open"}
    grades = {"good", "requires improvement", "inadequate"}
    told = [value.casefold() for one in taken["problems"] for value in one.values()]
    assert not [one for one in told if any(grade in one for grade in grades)]
    assert not grades & {str(value) for one in matched["rows"] for value in one.values()}

    # A text before the reveal tells nothing of the force's grades.
    before = fieldkit.done("compare").out
    assert "0 cases graded by both" in before and "not revealed yet" in before

    fieldkit.done("self-assessment", "match", *answers(matched["queue"], truth))
    assert fieldkit.done("self-assessment", "match", "--json").data["queue"] == []

    found = fieldkit.done("compare", "--json").data
    scale = truth["grades"]
    tables = found["tables"]
    crosstab = tables["self_assessed"]["crosstab"]
    assert found["grades"] == scale
    assert [[crosstab[ours][force] for force in scale] for ours in scale] == truth[
        "crosstab_inspectors_by_force"
    ]
    assert tables["self_assessed"]["not_judged"] == {"by_us": 0, "by_force": 2}
    assert sum(tables["self_assessed"]["inspectors"].values()) == 33
    assert tables["inspectors_only"] == truth["inspectors_only"]
    assert tables["type_by_grade"] == truth["type_by_grade"]
    assert [one["row"] for one in found["unmatched"]["force_rows"]] == [16, 37]
    assert found["unmatched"]["our_cases"] == []
    named = {one["cell"]: one for one in found["problems"]}
    assert named["E12"]["value"] == "TBC" and "E35" in named
    assert any(one["sheet"] == "Summary" for one in found["problems"])
    assert {"n", "exact", "within_one", "kappa", "kappa_linear", "sign_p", "note"} <= set(
        found["agreement"]
    )
    assert found["disparities"][0].keys() >= {"case", "ours", "force", "steps"}
    assert found["disparities"] == sorted(found["disparities"], key=lambda one: -one["steps"])
    assert found["marking"] == "OFFICIAL-SENSITIVE"

    # The use of --json was the reveal: now the text tells, and a change of ours needs a reason.
    assert "marking,,,OFFICIAL-SENSITIVE," in fieldkit.done("compare", "--csv").out
    after = fieldkit.done("compare").out
    assert "31 cases graded by both" in after
    assert after.splitlines()[0].strip() == after.splitlines()[-1].strip() == "OFFICIAL-SENSITIVE"
    judged = ("judge", "WST-014", "overall", "inadequate", "--allow-open")
    assert fieldkit("vault", "check").code == 0
    assert fieldkit.done(*judged, "--reason", "second reading").code == 0
    assert fieldkit.done("compare", "--json").data["changed"][0]["case"] == "WST-014"


def test_reading_needs_no_vault(fieldkit: Runner) -> None:
    read = fieldkit.bare("self-assessment", "read", str(SHARED / "force.xlsx"), "--json")
    assert read.code == 0
    found = read.data
    assert (found["header_row"], found["rows"]) == (5, 35)
    assert {one["field"] for one in found["columns"]} >= {
        "ref",
        "type",
        "date",
        "grade",
        "rationale",
        "ignore",
    }
    assert all(
        one.keys() >= {"column", "heading", "field", "confidence", "samples"}
        for one in found["columns"]
    )
    means = {one["written"]: one["means"] for one in found["grades"]}
    assert means["TBC"] is None and means["RI"] == "requires improvement"
    # By word and count, never by case.
    assert not {"grade", "written_grade", "rationale", "cells"} & found["force_rows"][0].keys()
    assert [one["samples"] for one in found["columns"] if one["field"] == "grade"] == [[]]
    text = fieldkit.bare("self-assessment", "read", str(SHARED / "force.xlsx")).out
    assert "headings in row 5, 35 rows" in text
    assert not (fieldkit.home / "vault").exists()


def test_what_a_person_chooses_of_a_workbook(fieldkit: Runner) -> None:
    book = str(SHARED / "force.xlsx")
    read = ("self-assessment", "read", book, "--json")
    chosen = fieldkit.bare(*read, "--grade", "TBC=good", "--column", "E=grade").data
    assert {one["written"]: one["means"] for one in chosen["grades"]}["TBC"] == "good"
    assert fieldkit.bare(*read, "--column", "E").code == 2
    assert fieldkit.bare(*read, "--grade", "TBC").code == 2
    wrong = fieldkit.bare(*read, "--sheet", "No such sheet")
    assert wrong.code == 1 and wrong.out == "" and "No such sheet" in wrong.err
    missing = fieldkit.bare("self-assessment", "read", str(SHARED / "none.xlsx"))
    assert missing.code == 1 and "none.xlsx" in missing.err
