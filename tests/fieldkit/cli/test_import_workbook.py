"""A workbook by command: answers by cell, as last time, corrections; and their refusals."""

from __future__ import annotations

from pathlib import Path

from tests.fieldkit.cli.conftest import Runner
from tests.screens.force import book

ROWS: list[tuple[str, ...]] = [
    ("42/10001/26", "Domestic abuse", "2026-02-01", "Good", "Seen."),
    ("42/10002/26", "Missing children", "2026-02-02", "RI", "Late."),
    ("no number", "Domestic abuse", "2026-05-05", "see file", "Not ours"),
]


def test_answers_by_cell_and_a_corrected_workbook(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    first = str(book(tmp_path / "force.xlsx", ROWS))
    assert "--reason" in fieldkit.refused("self-assessment", "read", first, "--skip", "A6")
    answers = ("--fix", "D6=inadequate", "--skip", "A5", "--reason", "sent twice")
    read = fieldkit.done("self-assessment", "read", first, *answers, "--json").data
    assert (read["rows"], read["skipped"]) == (2, [5])
    assert "cannot be given a meaning" in fieldkit.refused(
        "self-assessment", "import", first, "--fix", "D1=good"
    )
    looked = fieldkit.done("self-assessment", "import", first, *answers, "--look", "--json").data
    assert (looked["new"], looked["matched"], looked["skipped"]) == (2, 0, 1)
    assert fieldkit.done("self-assessment", "match", "--json").data["rows"] == []

    more = (*answers, "--grade", "RI=inadequate", "--json")
    taken = fieldkit.done("self-assessment", "import", first, *more).data
    assert (taken["rows"], taken["skipped"], taken["new"]) == (2, 1, 2)
    assert taken["columns"]["D"] == {"heading": "Force judgement", "field": "grade"}
    told = {one["cell"]: one["reason"] for one in taken["problems"]}
    assert told["A5"].endswith("“sent twice”.") and "inadequate" not in told["D6"]
    codes = {one["cell"]: one["code"] for one in taken["problems"]}
    assert (codes["A5"], codes["D6"]) == ("row skipped", "meaning said")
    rows = fieldkit.done("self-assessment", "match", "--json").data["rows"]
    assert {one["row"]: one["decision"] for one in rows}[5] == "skipped"

    mended = [(*ROWS[0][:3], "RI", "Seen."), ROWS[1], ("42/10003/26", *ROWS[2][1:])]
    second = str(book(tmp_path / "mended.xlsx", mended))
    done = fieldkit.done("self-assessment", "import", second, "--look")
    assert "As last time" in done.err and "--as-last-time" in done.err
    assert "It corrects force.xlsx" in done.out and "D4 (42/10001/26)" in done.out
    assert "A6 (42/10003/26): “no number” → “42/10003/26”" in done.out
    afresh = fieldkit.done("self-assessment", "import", second, "--look", "--afresh", "--json")
    assert afresh.data["skipped"] == 0 and "answered and" not in afresh.err
    done = fieldkit.done("self-assessment", "import", second, "--as-last-time", "--json")
    # The row of no reference has one now, so what was said of its grade is asked again.
    assert "0 cells answered and 1 skipped again. “--afresh”" in done.err
    assert (done.data["corrects"], done.data["new"], done.data["rows"]) == ("force.xlsx", 0, 2)
    assert [one["cell"] for one in done.data["changes"]] == ["D4", "A6"]
    assert fieldkit.done("self-assessment", "changes", "--json").data["file"] == "mended.xlsx"
    assert "D4 (42/10001/26): ··· → ···" in fieldkit.done("self-assessment", "changes").out

    other = str(book(tmp_path / "other.xlsx", mended[1:]))
    kept = fieldkit.done("self-assessment", "import", other, "--beside", "--json").data
    assert kept["corrects"] is None and kept["new"] == 2


def test_nothing_to_read_as_last_time_is_a_refusal(fieldkit: Runner, tmp_path: Path) -> None:
    fieldkit.begun()
    path = str(book(tmp_path / "force.xlsx", ROWS))
    said = fieldkit.refused("self-assessment", "import", path, "--as-last-time")
    assert "No workbook of this force with these headings" in said
    assert "no workbook was taken in" in fieldkit.done("self-assessment", "changes").out.lower()
