"""Killed in the midst of taking a large workbook in: nothing of it is kept, all else is."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fieldkit.selfassessment.import_workbook import preview_import, read_force_workbook
from storage.feed import drafts
from storage.records import ForceRow, SelfAssessment
from storage.records.lookup import records_in
from storage.records.self_assessment import force_row_keys
from storage.vault.check import check_vault
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE

ROWS = 2_000 if os.environ.get("FIELDKIT_TORTURE") else 400
REPO = Path(__file__).parents[2]
HEADINGS = ("Force case ref", "Type of case", "Date of incident", "Force judgement", "Why")
GRADES = ("Good", "Requires improvement", "Inadequate")

CHILD = f"""
import os, signal, sys
from pathlib import Path
from fieldkit.selfassessment.import_workbook import import_reading, read_force_workbook
from storage.feed import drafts
from storage.vault.unlock import open_vault

def die(done):
    if done >= {ROWS // 2}:
        os.kill(os.getpid(), signal.SIGKILL)

folder, inspection, workbook = sys.argv[1:]
vault = open_vault(Path(folder), {PASSPHRASE!r})
reading = read_force_workbook(Path(workbook), "2018")
assert len(reading.rows) == {ROWS}
vault.write_now(drafts.save, f"new-answer/{{inspection}}", "fix C7", "row 7", "12 March 2018")
vault.write_now(import_reading, inspection, reading, accept_exact=True, progress=die)
"""
"""Reads the workbook, keeps the draft of an answer, and dies halfway through the rows."""


def large(path: Path) -> Path:
    """A workbook of many rows, the first ones with the references of our cases."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADINGS)
        for number in range(1, ROWS + 1):
            day, grade = f"2026-02-{number % 28 + 1:02}", GRADES[number % len(GRADES)]
            rows.writerow((f"42/1{number:04}/26", "Missing", day, grade, f"Reason {number}"))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process there at once")
def test_killed_while_taking_in(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    workbook = large(tmp_path / "force.csv")
    vault.lock()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(vault.folder), inspection, str(workbook)],
        cwd=REPO,
        env=os.environ | {"PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    with open_vault(vault.folder, PASSPHRASE) as again:
        assert again.read_now(records_in, SelfAssessment, inspection) == []
        assert again.read_now(records_in, ForceRow, inspection) == []
        assert again.read_now(force_row_keys, inspection) == {}
        assert [one.text for one in again.read_now(drafts.listed)] == ["12 March 2018"]
        assert check_vault(again).sound
        reading = read_force_workbook(workbook, "2018")
        foreseen = again.read_now(preview_import, inspection, reading)
        assert foreseen.new == ROWS
