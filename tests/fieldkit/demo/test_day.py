"""The practice day lived through without a screen, on real parts."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from fieldkit.casework.case_lines import case_lines
from fieldkit.cli import main
from fieldkit.demo import day, fieldwork
from fieldkit.demo.practice_vault import NotAsItMustBeError, PracticeVault, insist
from fieldkit.inspections import home as overview
from fieldkit.selfassessment.decide import queue_lines
from screens.kit.folder_picker import remembered, to_begin_with
from storage.feed.replay import differences


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every folder goes, the temporary one too."""
    folder = tmp_path / "practice-home"
    folder.mkdir()
    monkeypatch.setenv("FIELDKIT_HOME", str(folder))
    return folder


async def test_pages_offer_the_practice_days_own_folders(home: Path) -> None:
    with PracticeVault.make() as demo:
        day.offer_own_folders(demo)
        for purpose, folder in (("exchange", "stick"), ("export", "stick"), ("join", "stick")):
            assert (await to_begin_with(demo.vault, purpose)).folder == demo.folder / folder
        assert await remembered(demo.vault, "self_assessment") == demo.folder


EVERY = 1 if os.environ.get("FIELDKIT_TORTURE") else 5
"""After how many steps of the day the tables are compared; what went wrong before stays wrong."""


def test_after_the_steps_the_tables_equal_the_ops(home: Path) -> None:
    said: dict[str, str] = {}
    with PracticeVault.make() as demo:
        for number, (name, step) in enumerate(day.STEPS, 1):
            said[name] = step(demo)
            if number % EVERY == 0:
                assert demo.vault.read_now(lambda s: differences(s.connection())) == [], name
        assert demo.proved().ops > 1_000
        assert demo.folder.parent == home
    assert list(home.iterdir()) == []

    assert said["cases"].startswith("97 cases taken in, 33 of them also graded by the force")
    assert "97 cases judged" in said["judgments"]
    assert "none of them wrong" in said["self-assessment"]
    assert "31 of 33 self-assessed cases graded by both" in said["comparison"]
    assert "1 of the day before done" in said["debrief"]
    assert said["hot debrief"].startswith("2 points gathered by itself, strengths first")
    assert "3 findings in their last agreed words" in said["written feedback"]
    assert "refused (" in said["central ingest"] and "nothing changed" in said["central ingest"]
    assert re.fullmatch(r".*records now \d+ keys kept here, \d+ received", said["receipt"])
    wanted = (
        "cases judgments notes self-assessment comparison debrief export receipt verification"
    ).split()
    assert [name for name, _ in day.STEPS if name in wanted] == sorted(
        wanted, key=[name for name, _ in day.STEPS].index
    )
    assert set(wanted) | {"central ingest"} <= set(said)


def test_without_a_terminal_each_step_is_a_line(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "STEPS", day.STEPS[:1])
    assert main(["demo"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out] == ["vault", "inspection", "end"]
    assert out[1].endswith("[1 ops, tables equal to a replay]")
    assert list(home.iterdir()) == []


def test_a_step_that_comes_out_wrong_is_told_and_all_is_removed(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def tampering(demo: PracticeVault) -> str:
        said = fieldwork.begin(demo)
        statement = "UPDATE inspection SET force = 'Another'"
        demo.vault._clerk.wait(lambda: demo.vault._store.connection.execute(statement))
        return said

    monkeypatch.setattr(day, "STEPS", (("inspection", tampering),))
    assert main(["demo", "--headless"]) == 1
    told = capsys.readouterr()
    assert "inspection" not in told.out
    assert "found “inspection " in told.err
    assert list(home.iterdir()) == []


def test_in_the_afternoon_something_of_everything_is_left(home: Path) -> None:
    told: list[str] = []
    with PracticeVault.make() as demo:
        day.prepare(demo, lambda name, said: told.append(name))
        demo.proved()
        found = demo.vault.read_now(overview.home, demo.inspection)
        assert found.mine == found.open == day.OPEN_CASES
        assert len(found.referrals) == 1 and "not acknowledged" in found.referrals[0].clock
        waiting = demo.vault.read_now(queue_lines, demo.inspection)
        assert waiting
        lines = demo.vault.read_now(case_lines, demo.inspection)
        mine = [one for one in lines if not one.done]
        assert {one.allocated_to for one in mine} == {demo.vault.person.id}
        assert "roster" in demo.vault.facts_now()
    assert told[0] == "inspection" and list(home.iterdir()) == []


def test_insisting_is_not_an_assertion_that_python_may_leave_out() -> None:
    insist(True, "nothing")
    with pytest.raises(NotAsItMustBeError, match="the sums differ"):
        insist(False, "the sums differ")
