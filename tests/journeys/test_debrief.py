"""The daily debrief of ``debrief.keys``, in a Pilot and in a real terminal at 80×24."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlmodel import Session

from fieldkit.evidence import points
from fieldkit.feedback.debriefs.chain import chains
from fieldkit.feedback.debriefs.debrief import (
    close_debrief,
    freeze_wording,
    include_point,
    open_debrief,
    record_response,
)
from fieldkit.inspections import inspections
from fieldkit.service import today
from storage.records.debrief import debriefs
from storage.vault.unlock import open_vault
from tests.conftest import PASSPHRASE
from tests.journeys.keys import Step, pressed, read
from tests.journeys.play import play_by_pilot, play_by_tmux
from tests.journeys.terminal import needs_tmux

KEYS = Path(__file__).with_name("debrief.keys")
POINTS = (
    ("strength", "Call-takers ask where the child is.", "initial_contact"),
    ("concern", "Nobody looks at the risk again at handover.", "assessment"),
    ("concern", "Devices wait too long.", "investigation"),
    ("concern", "Supervisors leave no reason.", "decision_making"),
    ("to clarify", "How many children are kept overnight?", "police_detention"),
    ("notable practice", "Schools hear of it by half past eight.", "trusted_adult"),
)


@pytest.fixture
def folder(vault_made_once: Path, tmp_path: Path) -> Path:
    """A vault with a debrief held before, in which something was promised, and six points since."""
    shutil.copytree(vault_made_once, tmp_path / "vault")
    with open_vault(tmp_path / "vault", PASSPHRASE) as vault:
        inspection = vault.write_now(_held_before)
        for sort, wording, criterion in POINTS:
            vault.write_now(points.add_point, inspection, wording, sort, criterion)
    return tmp_path / "vault"


def _held_before(s: Session) -> str:
    inspection = inspections.create(s, force="Westshire", methodology="2018").id
    s.flush()
    before = open_debrief(s, inspection, "daily", "2026-07-08").id
    told = points.add_point(s, inspection, "Reviews are late.", "concern").id
    listed = include_point(s, before, told).id
    freeze_wording(s, listed, "Reviews are late.")
    record_response(s, listed, action="Review the oldest", action_owner="superintendent")
    close_debrief(s, before, "deputy chief constable")
    return inspection


def steps() -> list[Step]:
    return read(KEYS, passphrase=PASSPHRASE)


def check(folder: Path) -> None:
    """What the debrief left in the vault."""
    with open_vault(folder, PASSPHRASE) as vault:
        inspection = vault.read_now(inspections.listing)[0].id
        known = list(vault.read_now(chains, inspection).values())
        (debrief, _) = vault.read_now(debriefs, inspection)
        assert debrief.held_at and debrief.present == "deputy chief constable"
        assert [one.done for one in known[0].actions] == [today()]
        assert [(one.status, one.response) for one in known[1:]] == [
            ("agreed", "Glad."),
            ("agreed", "Yes."),
            ("disputed", "No longer."),
            ("agreed", "Known."),
            ("carried over", "Later."),
            ("agreed", "Thanks."),
        ]
        assert known[2].wording == ("Nobody looks at the risk again at handover. On both shifts.")
        promised = [(action.owner, action.due) for one in known[1:] for action in one.actions]
        assert promised == [
            ("hub", "2026-07-20"),
            ("custody", "2026-07-21"),
        ]


async def test_by_pilot(folder: Path) -> None:
    await play_by_pilot(folder, steps())
    check(folder)


@needs_tmux
def test_in_a_real_terminal(folder: Path, tmp_path: Path) -> None:
    play_by_tmux(tmp_path, folder, steps())
    check(folder)


def test_at_most_sixty_keys_beside_prose() -> None:
    assert pressed(steps(), "› Today") <= 60
