"""A working day in one process: no error, no growing memory, no key that has to wait.

In ``make test`` the day is short, on a small vault; ``make torture`` lives 20,000 keys on a vault
of 50,000 ops and measures memory and time (issue of the screens; budgets of the design).
``FIELDKIT_DAY=3000`` makes the whole day one of so many keys.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest

from storage.crypto.keyslots.kdf import Argon2Params
from storage.vault.vault import Vault
from tests.conftest import PASSPHRASE
from tests.screens.driving import opened
from tests.torture.working_day import WorkingDay

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
KEYS = int(os.environ.get("FIELDKIT_DAY", "20000"))
"""Keys of the whole day."""
PAGE = resource.getpagesize()
SEEDS = (3,) if not TORTURE else tuple(range(1, 13))


@pytest.mark.parametrize("seed", SEEDS)
async def test_keys_at_random_end_in_no_error(
    vault: Vault, inspection: str, cases: dict[str, str], seed: int
) -> None:
    async with opened(vault, inspection) as (app, pilot):
        day = WorkingDay(app, pilot, PASSPHRASE, seed)
        await day.live(2_000 if TORTURE else 120)
        assert len(day.pages) >= 4


@pytest.mark.skipif(not TORTURE, reason="20,000 keys on 50,000 ops: make torture")
async def test_a_whole_day_on_a_full_vault(tmp_path: Path) -> None:
    from benchmarks.vaults import FULL, make
    from benchmarks.vaults import PASSPHRASE as OTHER

    made = make(tmp_path / "vault", FULL, Argon2Params(64 * 1024, 1, 1))
    with made.open() as vault:
        async with opened(vault, made.inspection) as (app, pilot):
            day = WorkingDay(app, pilot, OTHER)
            await day.live(KEYS // 10)
            level = resident()
            await day.live(KEYS)
            grown = resident() / level
            told = (
                f"{day.pressed} keys: {shares(day.took)}; with what comes later "
                f"{shares(day.rested)}; memory {level * PAGE / 1e6:.0f} MB, then {grown:.2f} times"
            )
            print(told)
            assert grown < 1.2, told
            assert share(day.took, 0.99) < 0.1, told


def share(took: list[float], part: float) -> float:
    """Return the seconds within which a part of all keys was answered."""
    return sorted(took)[int(len(took) * part)]


def shares(took: list[float]) -> str:
    """Say within which times half of all keys were answered, and nearly all."""
    return ", ".join(
        f"{part:.0%} within {share(took, part) * 1000:.1f} ms" for part in (0.5, 0.95, 0.99)
    )


def resident() -> int:
    """Return the pages of memory that this process holds, or held at most where no more is told."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // PAGE
