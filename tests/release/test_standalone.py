"""The stand-alone program: what goes into it, and the processes that it starts of itself."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from fieldkit.vault.doctor import installation
from fieldkit.workbook.load import calamine
from release.lock import REPOSITORY
from release.standalone import not_in_it
from tests.conftest import HEAVY

WORKBOOK = REPOSITORY / "tests" / "fieldkit" / "workbook" / "data" / "old.xls"


def test_it_starts_itself_to_read_a_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    assert calamine.reader_command()[1] == "-I"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert calamine.reader_command() == [sys.executable, "read-workbook"]


def test_by_that_word_it_is_the_reader() -> None:
    read = subprocess.run(
        [sys.executable, REPOSITORY / "release" / "standalone_entry.py", "read-workbook"],
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY)},
        input=WORKBOOK.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert read.returncode == 0, read.stderr
    assert "Cases" in {sheet["name"] for sheet in json.loads(read.stdout)}


def test_doctor_takes_it_for_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    (finding,) = installation._distribution()
    assert (finding.state, "stand-alone" in finding.text) == ("ok", True)


def test_only_libraries_of_the_lock_go_in() -> None:
    left_out = not_in_it()
    assert {"pytest", "hypothesis", "psycopg", "alembic", "readline"} <= set(left_out)
    assert not {"fieldkit", "storage", "textual", "sqlcipher3", "docx", "rich"} & set(left_out)


@pytest.mark.skipif(not HEAVY, reason="make torture makes it, in minutes")
def test_it_is_made_and_works() -> None:
    subprocess.run(["make", "standalone"], cwd=REPOSITORY, check=True)
