"""A sync that fails, at every single one of a day: SQLite's own among them, which no VFS shows.

strace makes the n-th ``fsync`` or ``fdatasync`` of the process fail, once or for good. Whatever it
is: a sentence, nothing acknowledged lost, and the vault works on once the cause is gone.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.journeys.tracing import needs_strace
from tests.torture.daily import REFUSED
from tests.torture.test_power_cut import Tally, judge

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
STEPS = 3
SAMPLE = 2
"""Syncs of the day that the bounded form lets fail."""
CALLS = "fsync,fdatasync"
REPO = Path(__file__).parents[2]


def a_day(folder: Path, inject: str) -> tuple[int, str, int]:
    """Live a day with the fault; its exit code, what it said, and how many syncs it asked for."""
    (folder / "disk").mkdir(parents=True)
    trace = folder / "trace"
    traced = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}", "-o", str(trace)]
    done = subprocess.run(
        [*traced, *([] if not inject else ["-e", f"inject={CALLS}:{inject}"]), sys.executable,
         "-m", "tests.torture.daily", str(folder), str(STEPS)],
        env=os.environ | {
            "PYTHONPATH": str(REPO),
            "TMPDIR": str(folder),
            "HOME": str(folder),
            "FIELDKIT_HOME": str(folder / "home"),
        },
        cwd=REPO, capture_output=True, text=True, check=False,
    )  # fmt: skip
    asked = trace.read_text(errors="replace").count("sync(")
    return done.returncode, (done.stdout + done.stderr).strip(), asked


def wrong_with(folder: Path, at: int, error: str, lasts: bool) -> list[str]:
    """Let one sync fail; what was not as it should be."""
    code, said, _ = a_day(folder, f"error={error}:when={at}{'+' if lasts else ''}")
    what = f"sync {at} {error}{' for good' if lasts else ''}"
    found = []
    if code == REFUSED:
        if "Traceback" in said or not said.endswith("."):
            found.append(f"no sentence: {said[-300:]}")
    elif code != 0:
        found.append(f"ended with {code}: {said[-500:]}")
    lines = (folder / "acknowledged").read_text().splitlines()
    try:
        found += judge(folder / "disk", [json.loads(one) for one in lines], Tally(), deep=True)
    except Exception as other:  # whatever it is, the vault is not as it should be
        found.append(f"afterwards {type(other).__name__}: {other}")
    shutil.rmtree(folder)
    return [f"{what}: {one}" for one in found]


@needs_strace
def test_every_sync_of_a_day(tmp_path: Path) -> None:
    code, said, syncs = a_day(tmp_path / "whole", "")
    assert code == 0, said
    assert syncs > 100
    places = range(1, syncs + 1)
    tries = [
        (at, error, lasts)
        for at in (places if TORTURE else sorted(random.Random(8).sample(places, SAMPLE)))
        for error, lasts in (
            [("EIO", False), ("ENOSPC", True)]
            if TORTURE
            else [(("EIO", False), ("ENOSPC", True))[at % 2]]
        )
    ]
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda one: wrong_with(tmp_path / f"{one[0]}-{one[1]}", *one), tries))
    wrong = [one for each in told for one in each]
    print("\n".join(wrong))
    print(f"{syncs} syncs in a day, {len(tries)} faults")
    assert wrong == []
