"""The journey of two files: in by command, and the tables equal the truth."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fieldkit.cli.conftest import Runner
from tests.fieldkit.two_files import SCALE, TwoFiles, make_two_files


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> TwoFiles:
    return make_two_files(tmp_path_factory.mktemp("two"))


def answers(queue: list[dict[str, Any]], case_of: dict[int, str | None]) -> list[str]:
    said: list[str] = []
    for line in queue:
        case = case_of[line["row"]]
        said += ["--link", f"{line['number']}={case}"] if case else ["--none", line["number"]]
    return said


def test_the_tables_equal_the_truth(fieldkit: Runner, files: TwoFiles) -> None:
    book = str(files.force)
    blank, tbc = files.truth.problems
    fieldkit.begun()

    cases = fieldkit.done("cases", "import", str(files.cases), "--json").data
    assert (len(cases["new"]), cases["graded"]) == (97, 97)

    taken = fieldkit.done("self-assessment", "import", book, "--accept", "exact", "--json").data
    assert (taken["rows"], taken["linked"] + taken["open"]) == (35, 35)
    named = {one["cell"]: one for one in taken["problems"]}
    assert named[tbc]["value"] == "TBC" and taken["grades"] == {"words": []}
    assert "imported" in fieldkit.refused("self-assessment", "import", book)

    matched = fieldkit.done("self-assessment", "match", "--json").data
    true = files.case_of
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

    fieldkit.done("self-assessment", "match", *answers(matched["queue"], true))
    assert fieldkit.done("self-assessment", "match", "--json").data["queue"] == []

    ready = fieldkit.done("compare", "--json").data["not_revealed"]["ready"]
    revealed = fieldkit.done("reveal", "--all", "--json").data["cases"]
    assert [one["case"] for one in revealed] == ready
    found = fieldkit.done("compare", "--json").data
    scale = list(SCALE)
    tables = found["tables"]
    crosstab = tables["self_assessed"]["crosstab"]
    assert found["grades"] == scale
    assert [[crosstab[ours][force] for force in scale] for ours in scale] == files.crosstab
    assert tables["self_assessed"]["not_judged"] == {"by_us": 0, "by_force": 2}
    assert sum(tables["self_assessed"]["inspectors"].values()) == 33
    assert tables["inspectors_only"] == files.inspectors_only
    assert tables["type_by_grade"] == files.type_by_grade
    assert [one["row"] for one in found["unmatched"]["force_rows"]] == files.strangers
    assert found["unmatched"]["our_cases"] == []
    named = {one["cell"]: one for one in found["problems"]}
    assert named[tbc]["value"] == "TBC" and blank in named
    assert any(one["sheet"] == "Summary" for one in found["problems"])
    assert {"n", "exact", "within_one", "kappa", "kappa_linear", "sign_p", "note"} <= set(
        found["agreement"]
    )
    assert found["disparities"][0].keys() >= {"case", "ours", "force", "steps"}
    assert found["disparities"] == sorted(found["disparities"], key=lambda one: -one["steps"])
    assert found["marking"] == "OFFICIAL-SENSITIVE"

    # They are revealed: now the text tells as well, and a change of ours needs a reason.
    assert "marking,,,OFFICIAL-SENSITIVE," in fieldkit.done("compare", "--csv").out
    after = fieldkit.done("compare").out
    assert "31 cases graded by both" in after
    assert after.splitlines()[0].strip() == after.splitlines()[-1].strip() == "OFFICIAL-SENSITIVE"
    case = next(one["case"] for one in found["disparities"] if one["ours"] != "inadequate")
    judged = ("judge", case, "overall", "inadequate", "--allow-open")
    assert fieldkit("vault", "check").code == 0
    assert fieldkit.done(*judged, "--reason", "second reading").code == 0
    assert fieldkit.done("compare", "--json").data["changed"][0]["case"] == case


def test_reading_needs_no_vault(fieldkit: Runner, files: TwoFiles) -> None:
    read = fieldkit.bare("self-assessment", "read", str(files.force), "--json")
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
    assert means["TBC"] is None and means["Req. Improvement"] == "requires improvement"
    # By word and count, never by case.
    assert not {"grade", "written_grade", "rationale", "cells"} & found["force_rows"][0].keys()
    assert [one["samples"] for one in found["columns"] if one["field"] == "grade"] == [[]]
    text = fieldkit.bare("self-assessment", "read", str(files.force)).out
    assert "headings in row 5, 35 rows" in text
    assert not (fieldkit.home / "vault").exists()


def test_what_a_person_chooses_of_a_workbook(fieldkit: Runner, files: TwoFiles) -> None:
    book = str(files.force)
    read = ("self-assessment", "read", book, "--json")
    chosen = fieldkit.bare(*read, "--grade", "TBC=good", "--column", "E=grade").data
    assert {one["written"]: one["means"] for one in chosen["grades"]}["TBC"] == "good"
    assert fieldkit.bare(*read, "--column", "E").code == 2
    assert fieldkit.bare(*read, "--grade", "TBC").code == 2
    wrong = fieldkit.bare(*read, "--sheet", "No such sheet")
    assert wrong.code == 1 and "No such sheet" in wrong.data["error"]["message"]
    assert wrong.data["error"]["message"] in wrong.err
    missing = fieldkit.bare("self-assessment", "read", str(files.force.with_name("none.xlsx")))
    assert missing.code == 1 and "none.xlsx" in missing.err
