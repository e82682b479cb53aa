"""Killed anywhere in taking a file in: all of it is kept or nothing, and all else is."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from storage.vault.vault import Vault
from tests.conftest import HEAVY

ROWS, KILLS = (200, 100) if HEAVY else (60, 2)
REPO = Path(__file__).parents[2]
GRADES = ("Good", "Requires improvement", "Inadequate")
HEADINGS = {
    "workbook": ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Why"),
    "list": ("Case", "Type", "Date of incident", "Overall grade", "Rationale"),
}


def large(path: Path, what: str) -> Path:
    """A file of many rows; of a workbook the first have the references of our cases."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADINGS[what])
        for number in range(1, ROWS + 1):
            day, grade = f"2026-02-{number % 28 + 1:02}", GRADES[number % len(GRADES)]
            reference = f"42/1{number:04}/26" if what == "workbook" else f"NEW-{number:04}"
            rows.writerow((reference, "Missing", day, grade, f"Reason {number}"))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there")
@pytest.mark.parametrize("what", HEADINGS)
def test_killed_while_taking_in(
    what: str, vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    file = large(tmp_path / f"{what}.csv", what)
    vault.lock()
    arguments = [str(vault.folder), inspection, str(file), what, str(KILLS), "2026"]
    child = subprocess.run(
        [sys.executable, "-m", "tests.torture.importer", *arguments],
        cwd=REPO,
        env=os.environ | {"PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    told = [json.loads(line) for line in child.stdout.splitlines()]
    assert len(told) == KILLS
    assert [one for one in told if one["wrong"]] == []
    ends = Counter((one["state"], "kept" if one["kept"] else "dropped") for one in told)
    print(f"{what}: {len(told)} kills: {dict(ends)}")
    assert ("ready", "dropped") not in ends and ("filling", "kept") not in ends
