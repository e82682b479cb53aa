"""The day of ``day.keys``, in a Pilot and in a real terminal at 80×24."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session, select

from fieldkit.inspections import inspections
from storage.feed.replay import differences
from storage.records import Debrief, Disclosure, Interview, Judgment, Note, Point, Record, Support
from tests.journeys.keys import Step, read
from tests.journeys.play import play_by_pilot, play_by_tmux
from tests.journeys.terminal import needs_tmux
from tests.storage.travelling import PASSPHRASE, Team, make_team

KEYS = Path(__file__).with_name("day.keys")


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """A laptop enrolled with its central, and an inspection without a case."""
    made = make_team(tmp_path / "team", laptops=("ada",))
    with made.laptop("ada") as vault:
        vault.write_now(
            inspections.create,
            force="Westshire Constabulary",
            methodology="2018",
            starts="2026-07-06",
            ends="2026-07-17",
        )
    (tmp_path / "out").mkdir()
    return made


def steps(tmp_path: Path) -> list[Step]:
    return read(KEYS, passphrase=PASSPHRASE, folder=str(tmp_path / "out"))


def check(team: Team, tmp_path: Path) -> None:
    """What the day left in the vault and in the folder."""
    with team.laptop("ada") as vault:
        assert vault.read_now(left) == {
            "judgments": 8,
            "interviews": 1,
            "notes": 2,
            "points": 1,
            "supports": 2,
            "debriefs": 1,
            "disclosures": 1,
        }
        assert vault.read_now(lambda s: differences(s.connection())) == []
    bundles = list((tmp_path / "out").iterdir())
    assert len(bundles) == 1
    with team.central() as central:
        assert central.ingest(bundles).count("taken") == 1
        assert central.ingest(bundles).count("taken") == 0


def left(session: Session) -> dict[str, int]:
    kinds: dict[str, type[Record]] = {
        "judgments": Judgment,
        "interviews": Interview,
        "notes": Note,
        "points": Point,
        "supports": Support,
        "debriefs": Debrief,
        "disclosures": Disclosure,
    }
    return {name: len(session.exec(select(kind)).all()) for name, kind in kinds.items()}


async def test_by_pilot(team: Team, tmp_path: Path) -> None:
    await play_by_pilot(team.folder / "ada", steps(tmp_path))
    check(team, tmp_path)


@needs_tmux
def test_in_a_real_terminal(team: Team, tmp_path: Path) -> None:
    play_by_tmux(tmp_path, team.folder / "ada", steps(tmp_path))
    check(team, tmp_path)


def test_at_most_two_keys_a_grade(tmp_path: Path) -> None:
    lines = steps(tmp_path)
    start = next(n for n, one in enumerate(lines) if one.text == "Initial contact")
    end = next(n for n, one in enumerate(lines) if one.text == "7 of 7")
    grading = lines[start + 1 : end]
    keys = sum(len(one.text) if one.does == "type" else len(one.keys) for one in grading)
    assert keys <= 2 * 8
