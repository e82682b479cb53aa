"""A disk that is full while people work: a sentence, and nothing typed is let go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from screens.app import FieldkitApp
from screens.kit import unsaved
from screens.kit.draft_fields import DraftArea
from storage.vault.vault import Vault
from tests.screens.driving import opened, ops, settled, until, waiting_texts
from tests.torture import faults
from tests.torture.faults import FULL, Faults

pytestmark = pytest.mark.skipif(bool(faults.why_not()), reason=faults.why_not() or "-")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    monkeypatch.setattr(unsaved, "RETRY_AFTER", 0.05)
    with faults.watched() as watched:
        yield watched


def told(app: FieldkitApp, words: str) -> int:
    return sum(words in one.message for one in app._notifications)


def kept(vault: Vault) -> list[str]:
    """The rationales that are committed."""
    rows = vault.read_now(
        lambda s: s.connection().exec_driver_sql("SELECT rationale FROM judgment").fetchall()
    )
    return [one for (one,) in rows if one]


async def test_what_is_typed_on_a_full_disk_waits_and_is_kept_once_there_is_room(
    vault: Vault, inspection: str, cases: dict[str, str], disk: Faults
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("enter")
        disk.arm(1, FULL, lasts=True)
        await pilot.press(*"gap")
        await until(pilot, lambda: disk.struck > 2)
        await until(pilot, lambda: told(app, "no space left") > 0)
        assert told(app, "no space left") == 1, "once is enough while it is tried again"
        assert waiting_texts(vault) == []
        disk.disarm()
        await until(pilot, lambda: waiting_texts(vault) == ["gap"])
        await pilot.press("escape")
        await settled(pilot)
        assert kept(vault) == ["gap"]


@pytest.mark.parametrize("keys", [("1",), ("n",), ("enter", "g", "escape"), ("ctrl+z",)])
async def test_a_step_that_the_disk_refuses_is_told_and_can_be_done_again(
    keys: tuple[str, ...], vault: Vault, inspection: str, cases: dict[str, str], disk: Faults
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        await app.go("case", case_id=cases["WST-001"])
        await settled(pilot)
        await pilot.press("2", "up")
        await settled(pilot)
        disk.arm(1, FULL, lasts=True)
        await pilot.press(*keys)
        await until(pilot, lambda: told(app, "no space left") > 0)
        assert app.is_running and app.unlocked
        disk.disarm()
        before = len(ops(vault))
        if isinstance(app.focused, DraftArea):
            await pilot.press("escape")
        else:
            await pilot.press(*keys)
        await settled(pilot)
        if keys != ("n",):  # which asks for a reason first
            assert len(ops(vault)) > before
