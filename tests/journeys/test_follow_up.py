"""What follows an inspection, by the keys of ``follow_up.keys``, from the practice inspection."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldkit.demo import fieldwork
from fieldkit.demo.practice_vault import PracticeVault
from fieldkit.followup.action_plans import latest_plan, show_plan
from fieldkit.followup.links import linked
from fieldkit.followup.register import register
from fieldkit.inspections import inspections
from fieldkit.service import today
from storage.feed.replay import differences
from storage.vault.unlock import open_vault
from tests.journeys.keys import Step, read
from tests.journeys.play import play_by_pilot

KEYS = Path(__file__).with_name("follow_up.keys")
STEPS = (
    fieldwork.begin,
    fieldwork.take_cases,
    fieldwork.judge,
    fieldwork.visit,
    fieldwork.conclude,
)


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """The practice inspection with its points, in a locked vault; and what opens it."""
    monkeypatch.setenv("FIELDKIT_HOME", str(tmp_path))
    with PracticeVault.make() as demo:
        for step in STEPS:
            step(demo)
        demo.vault.lock()
        shutil.copytree(demo.vault.folder, tmp_path / "vault")
        return tmp_path / "vault", demo.passphrase


def steps(passphrase: str) -> list[Step]:
    return read(KEYS, passphrase=passphrase)


async def test_by_pilot(practice: tuple[Path, str]) -> None:
    folder, passphrase = practice
    await play_by_pilot(folder, steps(passphrase))
    with open_vault(folder, passphrase) as vault:
        (inspection,) = vault.read_now(inspections.listing)
        assert (inspection.state, inspection.phase) == ("published", "inspection")
        (line,) = vault.read_now(register)
        assert (line.called, line.published, line.status) == ("1", today(), "being progressed")
        assert line.last_comment.endswith("In use on both shifts.")
        ties = {one.role: one.relation for one in vault.read_now(linked, line.id)}
        assert ties == {"context": "context", "progress": "supports"}
        plan = vault.read_now(lambda s: show_plan(s, latest_plan(s, inspection.id).id))
        assert plan.view == "some concerns" and not plan.silent
        assert vault.read_now(lambda s: differences(s.connection())) == []
