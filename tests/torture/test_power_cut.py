"""The power goes at any moment of the day: the vault opens, and nothing acknowledged is lost.

Everything the app's services write in a day (database, log, key file, bundles, backups) is recorded
by strace and replayed up to a random moment, what was not synced then being lost in any part.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from storage.crypto.keyslots.errors import WrongPassphrase
from storage.database.cipher import findings
from storage.errors import FieldkitError
from storage.feed import drafts
from storage.feed.replay import differences
from storage.vault.folder import exists
from storage.vault.unlock import create_vault, open_vault, open_with
from tests.conftest import CHEAP
from tests.journeys.tracing import needs_strace
from tests.torture.daily import BACKUPS, VAULT, standing
from tests.torture.disk import Disk
from tests.torture.recording import Call, calls, command

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
CUTS = 6000 if TORTURE else 40
STEPS = 24 if TORTURE else 3
PROCESSES = 2 if TORTURE else 1
REPO = Path(__file__).parents[2]

Said = dict[str, Any]


@dataclass
class Tally:
    """What came of the cuts of one process."""

    cuts: int = 0
    before: int = 0
    unfinished: int = 0
    deep: int = 0
    ways: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def record(folder: Path, steps: int) -> None:
    """Live a day and write down all that it writes."""
    (folder / "disk").mkdir(parents=True)
    environment = os.environ | {
        "PYTHONPATH": str(REPO),
        "TMPDIR": str(folder),
        "HOME": str(folder),
        "FIELDKIT_HOME": str(folder / "home"),
    }
    subprocess.run(
        [*command(folder / "trace"), sys.executable, "-m", "tests.torture.daily",
         str(folder), str(steps)],
        env=environment, cwd=REPO, check=True,
    )  # fmt: skip


@lru_cache(1)
def recorded(folder: Path) -> list[Call]:
    """The calls of a short day, read once; those of a long one are too many to keep."""
    return list(calls(folder / "trace"))


class Replay:
    """The recorded day once more, call by call, with what is acknowledged at each moment."""

    def __init__(self, folder: Path, *, deaf: bool = False) -> None:
        """With ``deaf`` the disk does not hear any sync: a program that never asked for one."""
        self._deaf = deaf
        self._calls = iter(recorded(folder) if not TORTURE else calls(folder / "trace"))
        self.disk = Disk(folder / "disk")
        self.said: list[Said] = []
        self._acknowledged: int | None = None
        self._name = bytes(folder / "acknowledged")

    def step(self) -> bool:
        """Do the next call; whether there was one."""
        call = next(self._calls, None)
        if call is None:
            return False
        if call.name == "openat" and call.arguments[1] == self._name:
            self._acknowledged = call.result
        elif call.name == "write" and call.arguments[0] == str(self._acknowledged):
            assert isinstance(call.arguments[1], bytes)
            self.said.append(json.loads(call.arguments[1]))
        elif not (self._deaf and self.said and call.name in ("fsync", "fdatasync")):
            self.disk.apply(call)
        return True


def cut(folder: Path, cuts: list[int], work: Path, deep: int, *, deaf: bool = False) -> Tally:
    """Cut the power after each of these writes and look at what is left; one in ``deep`` wholly."""
    replay, tally = Replay(folder, deaf=deaf), Tally()
    for number, at in enumerate(cuts):
        while replay.disk.writes < at and replay.step():
            pass
        chance = random.Random(f"{at} {number}")
        # Between this write and the next there may be syncs and names: stop among them too.
        for _ in range(chance.choice((0, 0, 1, 2, 4))):
            replay.step()
        left = work / "left"
        way = replay.disk.after_a_cut(left, chance)
        tally.cuts += 1
        tally.ways[way] = tally.ways.get(way, 0) + 1
        try:
            wrong = list(judge(left, replay.said, tally, deep=number % deep == 0))
        except Exception as error:  # whatever it is, the vault is not as it should be
            wrong = [f"{type(error).__name__}: {error}"]
        tally.wrong += [f"after write {at} ({way}, number {number}): {one}" for one in wrong]
        if wrong and len(tally.wrong) < 20 and os.environ.get("FIELDKIT_KEEP"):
            shutil.copytree(left, Path(os.environ["FIELDKIT_KEEP"]) / f"cut-{at}-{number}")
        shutil.rmtree(left)
    return tally


def judge(left: Path, said: list[Said], tally: Tally, *, deep: bool) -> Iterator[str]:
    """What is not as a person was told."""
    folder = left / VAULT
    if not said:
        tally.before += 1
        yield from before_the_vault(folder, tally)
        return
    last = said[-1]
    for name, digest in last["files"].items():
        found = left / name
        if not found.exists():
            # The first that comes after the newest backup is another backup, which takes its place.
            yield f"{name} is gone"
        elif hashlib.sha256(found.read_bytes()).hexdigest() != digest:
            yield f"{name} is not whole"
    for bundle in left.glob("stick/*.fkb.age"):
        if bundle.read_bytes()[:21] != b"age-encryption.org/v1":
            yield f"{bundle.name} is no bundle"
    key = bytes.fromhex(last["key"])
    if deep:
        tally.deep += 1
        yield from opens_with(folder, last)
        yield from backups_open(left / BACKUPS, last)
    with open_with(folder, lambda keys: keys._verified(bytearray(key))) as vault:
        wrong = vault._clerk.wait(lambda: findings(vault._store.connection))
        yield from (f"integrity: {one}" for one in wrong)
        if vault.epoch_change is not None:
            yield f"taken for a restored vault: {vault.epoch_change}"
        now = vault.read_now(standing)
        yield from vault.read_now(lambda s: list(lost(s, now, last)))
        if deep:
            yield from vault.read_now(lambda s: differences(s.connection()))
            vault.write_now(drafts.save, "new-note/after", "text", "after", "work goes on")
    if deep:
        with open_with(folder, lambda keys: keys._verified(bytearray(key))) as vault:
            after = vault.read_now(standing)
        if after["drafts"].get("new-note/after text") != "work goes on":
            yield "what was written after the cut is not there"


def lost(session: Any, now: Said, last: Said) -> Iterator[str]:
    """What was acknowledged and is not there."""
    run = session.connection().exec_driver_sql
    for feed, (seq, head) in last["feeds"].items():
        device, epoch, kind = feed.split("/")
        row = run(
            "SELECT head FROM op WHERE device = ? AND epoch = ? AND kind = ? AND seq = ?",
            (device, int(epoch), kind, seq),
        ).fetchone()
        if row is None:
            yield f"op {seq} of {feed} is lost; the feed reaches {now['feeds'].get(feed)}"
        elif row[0].hex() != head:
            yield f"op {seq} of {feed} is another"
    # A draft may only have grown, or have become the op that came after.
    further = now["feeds"] != last["feeds"]
    for place, text in last["drafts"].items():
        kept = now["drafts"].get(place)
        whole = kept is not None and (kept.startswith(text) or place.startswith("new-point"))
        if not whole and not (kept is None and further):
            yield f"the draft at {place} is lost or shorter"


def opens_with(folder: Path, last: Said) -> Iterator[str]:
    """The words that a person was told open the vault do so."""
    later = last["passphrase"].rpartition(" ")
    following = f"{later[0]} {int(later[2]) + 1}"
    for words in (last["passphrase"], following):
        try:
            open_vault(folder, words).lock()
        except WrongPassphrase:
            continue
        break
    else:
        yield "neither the passphrase nor the one it was just being changed to opens the vault"
    if words == following and not last["passphrase"]:
        yield "opened by a passphrase that nobody was told of"


def backups_open(place: Path, last: Said) -> Iterator[str]:
    """Whatever lies there under a backup's name is a whole vault."""
    key = bytes.fromhex(last["key"])
    for one in place.glob("fieldkit-*") if place.exists() else ():
        copy = one.with_name("opened")
        shutil.copytree(one, copy)
        with open_with(copy, lambda keys: keys._verified(bytearray(key))) as vault:
            if vault._clerk.wait(lambda: findings(vault._store.connection)):
                yield f"the backup {one.name} is not sound"
        shutil.rmtree(copy)


def before_the_vault(folder: Path, tally: Tally) -> Iterator[str]:
    """Nobody was told yet that there is a vault: none, or a refusal in a sentence."""
    try:
        open_vault(folder, "gravel otter tundra window 0").lock()
    except FieldkitError as refusal:
        if not str(refusal).endswith("."):
            yield f"no sentence: {refusal}"
        tally.unfinished += folder.exists() and any(folder.iterdir())
    # What the cut left of making it is no vault, and is taken away by making it again.
    again = folder.with_name("another") if exists(folder) else folder
    vault, _ = create_vault(again, "four words of tests", "Ada", params=CHEAP)
    vault.lock()
    open_vault(again, "four words of tests").lock()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recording of a day."""
    folder = tmp_path_factory.mktemp("power")
    record(folder, STEPS)
    return folder


@needs_strace
def test_the_record_is_complete(day: Path, tmp_path: Path) -> None:
    """Replayed to its end, the disk in memory holds the very files that the real one holds."""
    replay = Replay(day)
    while replay.step():
        pass
    assert len(replay.said) > 10
    replay.disk.written_out(tmp_path / "left")
    ours, real = (
        {str(one.relative_to(at)): one.read_bytes() for one in at.rglob("*") if one.is_file()}
        for at in (tmp_path / "left", day / "disk")
    )
    assert ours.keys() == real.keys()
    assert [name for name in ours if ours[name] != real[name]] == []


@needs_strace
def test_what_nobody_synced_is_missed(day: Path, tmp_path: Path) -> None:
    """The cuts would show it if the vault did not sync what it acknowledges."""
    replay = Replay(day)
    while replay.step():
        pass
    cuts = [replay.disk.writes * part // 7 for part in range(3, 7)]
    assert cut(day, cuts, tmp_path, 100, deaf=True).wrong


@needs_strace
def test_power_cuts(day: Path, tmp_path: Path, record_property: Any) -> None:
    replay = Replay(day)
    while replay.step():
        pass
    writes = replay.disk.writes
    chance = random.Random(20260706)
    cuts = sorted(chance.randrange(1, writes + 1) for _ in range(CUTS))
    works = [tmp_path / str(number) for number in range(PROCESSES)]
    for one in works:
        one.mkdir()
    if TORTURE:
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            doing = [
                pool.submit(cut, day, cuts[number::PROCESSES], work, 20)
                for number, work in enumerate(works)
            ]
            tallies = [one.result() for one in doing]
    else:  # a process of its own takes longer to start than forty cuts
        tallies = [cut(day, cuts, works[0], 8)]
    wrong = [one for tally in tallies for one in tally.wrong]
    told = ", ".join(
        f"{sum(getattr(one, name) for one in tallies)} {words}"
        for name, words in (
            ("cuts", "power cuts"),
            ("before", "before the vault was acknowledged"),
            ("unfinished", "of them refused in a sentence"),
            ("deep", "looked at wholly"),
        )
    )
    print("\n".join(wrong))
    print(f"{told}; {writes} writes recorded, {len(replay.said)} acknowledgements")
    assert wrong == []
    assert sum(one.cuts for one in tallies) == CUTS
