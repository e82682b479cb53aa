"""A sync that fails, at every single one of a day: SQLite's own among them, which no VFS shows.

The n-th sync of the process (:mod:`tests.torture.syncs`) fails, once or it and all after it.
Whatever it is: a sentence, nothing acknowledged lost, and the vault works once the cause is gone.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.errors import FieldkitError
from tests.torture import syncs
from tests.torture.daily import Day
from tests.torture.syncs import Syncs
from tests.torture.test_power_cut import Tally, judge

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
STEPS = 3
SAMPLE = 6
"""Syncs of the day that the bounded form lets fail."""
AT_ONCE = 2 if TORTURE else 1
LAST_LOCK = 3
"""Syncs of the lock at the end; what they did not bring to the disk waits in the log."""
FAULTS = {"EIO": False, "ENOSPC": True}
"""Errors, and whether they last: a sync that failed once may go well the next time."""

Fault = tuple[int, str]
Said = dict[str, Any]
pytestmark = [
    pytest.mark.skipif(bool(syncs.why_not()), reason=syncs.why_not() or "-"),
    pytest.mark.posix,
]


def apart(told: Path, job: Callable[[], Said]) -> int:
    """Begin a job in a process of its own, which tells what came of it; its id."""
    child = os.fork()
    if not child:
        try:
            said = job()
        except BaseException as error:
            said = {"ended": f"{type(error).__name__}: {error}"}
        told.write_text(json.dumps(said))
        os._exit(0)
    return child


def a_day(folder: Path, fault: Fault | None) -> Said:
    """Live a day with the fault: what ended it, and the syncs that were asked for and failed."""
    (folder / "disk").mkdir(parents=True)

    def live() -> Said:
        for name, value in (("TMPDIR", ""), ("HOME", ""), ("FIELDKIT_HOME", "home")):
            os.environ[name] = str(folder / value)
        at, error = fault or (0, "EIO")
        counted = Syncs(at, getattr(errno, error), lasts=FAULTS[error])
        ended = refused = ""
        try:
            Day(folder).live(STEPS)
        except FieldkitError as refusal:
            refused = str(refusal)
        except BaseException as other:
            ended = f"{type(other).__name__}: {other}"
        return {
            "ended": ended,
            "refused": refused,
            "syncs": counted.count,
            "of SQLite": counted.of_sqlite,
            "struck": counted.struck,
        }

    os.waitpid(apart(folder / "told", live), 0)
    said: Said = json.loads((folder / "told").read_text())
    return said


def wrong_with(folder: Path, fault: Fault) -> Said:
    """Let one sync fail; what was not as it should be."""
    said = a_day(folder, fault)
    found = [f"ended with {said['ended']}"] if said["ended"] else []
    if said.get("refused") and not said["refused"].endswith("."):
        found.append(f"no sentence: {said['refused']}")
    lines = (folder / "acknowledged").read_text().splitlines()
    try:
        found += judge(folder / "disk", [json.loads(one) for one in lines], Tally(), deep=True)
    except Exception as other:  # whatever it is, the vault is not as it should be
        found.append(f"afterwards {type(other).__name__}: {other}")
    shutil.rmtree(folder)
    what = f"sync {fault[0]} {fault[1]}{' for good' if FAULTS[fault[1]] else ''}"
    return said | {"wrong": [f"{what}: {one}" for one in found]}


def test_every_sync_of_a_day(tmp_path: Path) -> None:
    whole = a_day(tmp_path / "whole", None)
    assert not whole["ended"] and not whole["refused"], whole
    count = whole["syncs"]
    assert 100 < whole["of SQLite"] < count
    places = range(1, count + 1)
    tries = (
        [(at, error) for at in places for error in FAULTS]
        if TORTURE
        else [(at, list(FAULTS)[at % 2]) for at in sorted(random.Random(8).sample(places, SAMPLE))]
    )
    going: list[int] = []
    for number, fault in enumerate(tries):
        if len(going) == AT_ONCE:
            os.waitpid(going.pop(0), 0)
        folder = tmp_path / f"{fault[0]}-{fault[1]}"
        going.append(
            apart(tmp_path / f"{number}.said", lambda at=folder, one=fault: wrong_with(at, one))  # type: ignore[misc]
        )
    for one in going:
        os.waitpid(one, 0)
    told = [json.loads((tmp_path / f"{number}.said").read_text()) for number in range(len(tries))]
    wrong = [one for said in told for one in said.get("wrong", [str(said)])]
    struck = [said for said in told if said.get("struck")]
    print("\n".join(wrong))
    print(
        f"{count} syncs in a day, {whole['of SQLite']} of them SQLite's; {len(tries)} faults, "
        f"{len(struck)} of them met, {sum(bool(one.get('refused')) for one in struck)} days refused"
    )
    assert wrong == []
    # What is written from two threads may be synced once for both, and the day be one shorter.
    assert len(tries) - len(struck) <= len(tries) // 50
    # A disk that refuses every sync from here on is told of, unless but the last lock was left.
    assert all(one["struck"] <= LAST_LOCK for one in struck if not one["refused"])
