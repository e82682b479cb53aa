"""A debrief with three points in fifteen keys: ``three.keys``, in a Pilot and in a terminal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.inspections import inspections
from storage.records.debrief import debriefs
from storage.vault.unlock import open_vault
from tests.conftest import PASSPHRASE
from tests.journeys.keys import Step, pressed, read
from tests.journeys.play import play_by_pilot, play_by_tmux
from tests.journeys.terminal import needs_tmux
from tests.journeys.test_debrief import POINTS as EVERY_POINT

KEYS = Path(__file__).with_name("three.keys")
POINTS = EVERY_POINT[:3]


@pytest.fixture
def folder(vault_made_once: Path, tmp_path: Path) -> Path:
    """A vault with three points that nobody was told."""
    shutil.copytree(vault_made_once, tmp_path / "vault")
    with open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        inspection = vault.write_now(_begin)
        for sort, wording, criterion in POINTS:
            vault.write_now(points.add_point, inspection, wording, sort, criterion)
    return tmp_path / "vault"


def _begin(s: Session) -> str:
    return inspections.create(s, force="Westshire", methodology="2018").id


def steps() -> list[Step]:
    return read(KEYS, passphrase=PASSPHRASE)


def check(folder: Path) -> None:
    """What the keys left in the vault."""
    with open_vault(folder, PASSPHRASE) as vault:
        inspection = vault.read_now(inspections.listing)[0].id
        (debrief,) = vault.read_now(debriefs, inspection)
        assert debrief.held_at and debrief.present == "deputy chief constable"
        known = vault.read_now(chains, inspection).values()
        agreed = {each.wording for one in known for each in one.tellings if each.agreed}
        assert agreed == {words for _, words, _ in POINTS}


async def test_by_pilot(folder: Path) -> None:
    await play_by_pilot(folder, steps())
    check(folder)


@needs_tmux
def test_in_a_real_terminal(folder: Path, tmp_path: Path) -> None:
    play_by_tmux(tmp_path, folder, steps())
    check(folder)


def test_it_takes_fifteen_keys_beside_the_words() -> None:
    assert pressed(steps(), "› Today") <= 15
