"""What takes few keys: the list of ``few.keys``, in a Pilot and in a real terminal at 80×24."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlmodel import Session, select

from fieldkit.casework.cases import add_case
from fieldkit.inspections import inspections
from storage.records import Judgment, Note, Support
from storage.vault.unlock import open_vault
from tests.conftest import PASSPHRASE
from tests.journeys.keys import Step, read
from tests.journeys.play import play_by_pilot, play_by_tmux
from tests.journeys.terminal import needs_tmux

KEYS = Path(__file__).with_name("few.keys")


@pytest.fixture
def folder(vault_made_once: Path, tmp_path: Path) -> Path:
    """A vault with an inspection and two cases of which nothing is judged."""
    shutil.copytree(vault_made_once, tmp_path / "vault")
    with open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        vault.write_now(_begin)
    return tmp_path / "vault"


def _begin(s: Session) -> None:
    inspection = inspections.create(s, force="Westshire", methodology="2018").id
    s.flush()
    for reference in ("WST-001", "WST-002"):
        add_case(s, inspection, reference)


def steps() -> list[Step]:
    return read(KEYS, passphrase=PASSPHRASE)


def check(folder: Path) -> None:
    """What the keys left in the vault."""
    with open_vault(folder, PASSPHRASE) as vault:
        judged = vault.read_now(lambda s: s.exec(select(Judgment)).all())
        assert [one.state for one in judged] == ["graded"] * 16
        assert sum(bool(one.rationale) for one in judged) == 8
        notes = vault.read_now(lambda s: s.exec(select(Note)).all())
        assert sorted(one.polarity for one in notes) == [
            "", "concern", "concern", "context", "strength",
        ]  # fmt: skip
        assert len(vault.read_now(lambda s: s.exec(select(Support)).all())) == 2


async def test_by_pilot(folder: Path) -> None:
    await play_by_pilot(folder, steps())
    check(folder)


@needs_tmux
def test_in_a_real_terminal(folder: Path, tmp_path: Path) -> None:
    play_by_tmux(tmp_path, folder, steps())
    check(folder)


@pytest.mark.parametrize(
    ("after", "until", "most"),
    [
        ("› Today", "No interviews, observations or documents yet", 2),
        ("0 of 7", "7 of 7", 8),
        ("No point yet", "WST-002", 2),
        ("Make point", "2 for", 8),
        ("Whom, by role", "Make point", 9),
    ],
)
def test_keys_beside_the_words(after: str, until: str, most: int) -> None:
    lines = steps()
    start = next(n for n, one in enumerate(lines) if one.text == after)
    end = next(n for n, one in enumerate(lines) if one.text == until and n > start)
    assert sum(len(one.keys) for one in lines[start:end]) <= most


def test_a_rationale_each_takes_three_keys_a_criterion() -> None:
    lines = steps()
    start = [n for n, one in enumerate(lines) if one.text == "0 of 7"][1]
    end = [n for n, one in enumerate(lines) if one.text == "7 of 7"][-1]
    assert sum(len(one.keys) for one in lines[start:end]) <= 24
