"""A working day in one process: no error, no growing memory, no key that has to wait.

In ``make test`` keys are pressed at random for a while on a small vault, and a few tasks done;
``make torture`` lives 20,000 keys on a vault of 50,000 ops of a team's laptop and measures memory
and time (issue of the screens; budgets of the design). ``FIELDKIT_DAY=3000`` makes the whole day
one of so many keys; ``FIELDKIT_SITE=folder`` takes a copy of a site that was made before
(``python -m tests.torture.site folder 8``).
"""

from __future__ import annotations

import gc
import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.vaults import PASSPHRASE as OF_SITE
from storage.vault.unlock import open_vault
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import opened
from tests.torture.hands import Hands
from tests.torture.inspector import Inspector
from tests.torture.site import Site
from tests.torture.wandering import Wandering
from tests.torture.working_day import WorkingDay

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
KEYS = int(os.environ.get("FIELDKIT_DAY", "20000"))
"""Keys of the whole day."""
ROUNDS = 8
"""Rounds of the day for which there are files; 20,000 keys are fewer."""
MADE = os.environ.get("FIELDKIT_SITE", "")
PAGE = resource.getpagesize()
SEEDS = (3,) if not TORTURE else tuple(range(1, 13))
SHARES = (0.5, 0.95, 0.99)


@pytest.mark.parametrize("seed", SEEDS)
async def test_keys_at_random_end_in_no_error(
    vault: Vault, inspection: str, cases: dict[str, str], seed: int
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        chance = random.Random(seed)
        hands = Hands(app, pilot, PASSPHRASE, chance)
        await Wandering(hands, chance).live(2_000 if TORTURE else 120)
        assert len(hands.pages) >= 4


async def test_an_inspectors_tasks_come_to_their_end(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        hands = Hands(app, pilot, PASSPHRASE, random.Random(1))
        inspector = Inspector(hands, Site(tmp_path), 1)
        for task in ("remark", "query", "look", "cover"):
            await inspector.do(task)
        assert inspector.astray == [] and sum(inspector.done.values()) == 4
        assert hands.took and {"home", "cases", "case", "coverage"} <= hands.pages


@pytest.mark.skipif(not TORTURE, reason="20,000 keys on 50,000 ops: make torture")
async def test_a_whole_day_on_a_full_vault(tmp_path: Path) -> None:
    site = Site(tmp_path)
    if MADE:
        shutil.copytree(MADE, site.home, dirs_exist_ok=True)
    else:
        command = [sys.executable, "-m", "tests.torture.site", str(site.home), str(ROUNDS)]
        subprocess.run(command, check=True)
    with open_vault(site.vault, OF_SITE) as vault:
        async with opened(vault, (site.home / "inspection").read_text("utf-8")) as (app, pilot):
            day = WorkingDay(app, pilot, OF_SITE, site)
            held: list[int] = []
            for tenth in range(1, 11):
                await day.live(KEYS * tenth // 10)
                held.append(resident())
            took, inspector = day.hands.took, day.inspector
            print("\n".join([*told(day, held), *inspector.astray]))
            done = sum(inspector.done.values())
            assert done > 9 * len(inspector.astray), inspector.astray
            assert len(day.hands.pages) >= 35, day.hands.pages
            assert held[-1] < 1.2 * held[0], held
            assert share([one.seconds for one in took], 0.99) < 0.1


def told(day: WorkingDay, held: Sequence[int]) -> list[str]:
    """Say in lines what the keys took, by what they were for, and what the process held."""
    took = day.hands.took
    opening = [one for one in took if one.opens]
    sorts = {
        "all keys": took,
        "of tasks": [one for one in took if not one.at_random],
        "at random": [one for one in took if one.at_random],
        "that open a page": opening,
        "  of tasks": [one for one in opening if not one.at_random],
    }
    lines = [
        f"{day.hands.pressed} keys in {day.rounds} rounds, {len(day.hands.pages)} pages; "
        f"tasks done: {', '.join(f'{n} {task}' for task, n in sorted(day.inspector.done.items()))}",
        f"{'waited for':<18}{'keys':>7}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'longest':>9}",
        *(_row(name, [one.seconds for one in some]) for name, some in sorts.items()),
        _row("with what follows", [one.rested for one in took]),
        "memory at each tenth, MB: " + " ".join(f"{one * PAGE / 1e6:.0f}" for one in held),
        f"at the end {held[-1] / held[0]:.2f} times as much as after the first tenth",
        "the slowest, ms:",
    ]
    slowest = sorted(took, key=lambda one: -one.seconds)[:40]
    return lines + [f"  {one.seconds * 1000:6.0f}  {one.where} {one.key}" for one in slowest]


def _row(name: str, took: Sequence[float]) -> str:
    cells = "".join(f"{share(took, part) * 1000:>9.1f}" for part in (*SHARES, 1.0))
    return f"{name:<18}{len(took):>7}{cells}"


def share(took: Sequence[float], part: float) -> float:
    """Return the seconds within which a part of all keys was answered."""
    return sorted(took)[min(int(len(took) * part), len(took) - 1)] if took else 0.0


def resident() -> int:
    """Return the pages of memory that this process holds, or held at most where no more is told.

    The tests' own share is in it: what pytest imported, and 200 bytes for each key that was timed.
    The vault was made by another process. What nothing refers to any more is let go of first, for
    Python looks for it only now and then.
    """
    gc.collect()
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // PAGE
