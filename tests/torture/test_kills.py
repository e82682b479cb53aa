"""Killed at random moments of a typing session in a real terminal: nothing older than a second.

A machine that others share may keep fieldkit waiting for longer than that; what it waited for a
processor is measured (:mod:`tests.torture.waiting`) and told, and only the rest is fieldkit's.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.vault.vault import Vault

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
ROUNDS = int(os.environ.get("FIELDKIT_KILLS", "1000" if TORTURE else "4"))
TYPISTS = int(os.environ.get("FIELDKIT_TYPISTS", "1"))
"""Sessions at once; the unlocking of another is load that no inspector's laptop has."""
SEED = int(os.environ.get("FIELDKIT_SEED", "2026"))
"""Another for each part of the rounds, where they are run in parts."""
PROMISE = 1.0
"""Seconds after which nothing typed may be lost (promise 1)."""
REPO = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals of this kind")
def test_killed_while_typing(
    vault: Vault, inspection: str, cases: dict[str, str], tmp_path: Path
) -> None:
    key = bytes(vault._key).hex()
    vault.lock()
    typists = []
    for number in range(TYPISTS):
        folder = tmp_path / str(number)
        shutil.copytree(vault.folder, folder / "vault")
        environment = {
            "FIELDKIT_HOME": str(folder / "home"),
            "HOME": str(folder),
            "PYTHONPATH": str(REPO),
            "TERM": "xterm-256color",
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
        }
        rounds = len(range(number, ROUNDS, TYPISTS))
        arguments = [str(folder / "vault"), key, str(rounds), str(SEED + number)]
        typists.append(
            subprocess.Popen(
                [sys.executable, "-m", "tests.torture.typist", *arguments],
                env=environment,
                cwd=REPO,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    told = []
    for typist in typists:
        said, _ = typist.communicate()
        assert typist.returncode == 0
        told += [json.loads(line) for line in said.splitlines()]
    damaged = [one["damaged"] for one in told if one["damaged"]]
    lost = [one["seconds"] for one in told]
    own = [one["seconds"] - one["waited"] for one in told]
    print(
        f"{len(told)} kills, {sum(one['commits'] for one in told)} commits acknowledged, "
        f"{sum(one.get('letters', 0) for one in told)} letters typed; {len(damaged)} vaults "
        f"damaged, {sum(one['records'] for one in told)} committed records and "
        f"{sum(one['drafts'] for one in told)} acknowledged drafts lost, the oldest text "
        f"lost was {max(lost):.2f} s old, {max(own):.2f} s without what fieldkit waited for a "
        f"processor, {sum(one > PROMISE for one in lost)} over {PROMISE} s"
    )
    assert len(told) == ROUNDS
    assert damaged == []
    assert [one for one in told if one["records"] or one["drafts"]] == []
    if TORTURE:  # in make test others share the machine, and seconds say nothing
        assert max(own) <= PROMISE
