"""Killed at any statement of a long job in slices: all of it or nothing, and no key lost.

Whoever adds a kind of job adds a line to ``JOBS``.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fieldkit.inspections.unfinished import finish
from storage.bundle.errors import NotForUsError
from storage.bundle.write import SUFFIX
from storage.database.keyed_connection import CipherConnection, CipherCursor
from storage.exchange.merge import merge
from storage.feed import drafts
from storage.vault.check import check_vault
from storage.vault.vault import STAGED, Vault
from tests.storage.travelling import notes
from tests.torture.forking import fork
from tests.torture.test_locks import Laptop, with_a_stick

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
KILLS = int(os.environ.get("FIELDKIT_KILLS", "200" if TORTURE else "6"))
SLICE = 400 if TORTURE else 20
"""Ops of a slice."""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process there at once"),
    pytest.mark.posix,
]


@dataclass(frozen=True)
class Job:
    """A long job, and what of it is there: it may be one of two things, before it and after."""

    do: Callable[[Vault, Laptop], None]
    there: Callable[[Vault], object]


def merging(vault: Vault, laptop: Laptop) -> None:
    for path in sorted((laptop.folder / "stick").glob(f"*{SUFFIX}")):
        with suppress(NotForUsError):
            merge(vault, path, most=SLICE)


JOBS = {"merge": Job(merging, notes)}


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    return with_a_stick(tmp_path_factory.mktemp("kills"))


class Deadly:
    """Counts the statements and commits of a vault, and ends the process at one of them."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int = 0) -> None:
        self.count, self.at = 0, at
        for kind, name in (
            (CipherCursor, "execute"), (CipherCursor, "executemany"), (CipherConnection, "commit")
        ):  # fmt: skip
            patch.setattr(kind, name, self._counted(getattr(kind, name)))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            self.count += 1
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments)

        return run


def killed(laptop: Laptop, job: Job, at: int) -> str:
    """Do the job in a process that dies at a statement; the last text that was acknowledged."""
    reading, writing = os.pipe()
    process = fork()
    if not process:
        os.close(reading)
        with suppress(BaseException), pytest.MonkeyPatch.context() as patch:
            vault = laptop.open()
            Deadly(patch, at)
            threading.Thread(target=type_on, args=(vault, writing), daemon=True).start()
            job.do(vault, laptop)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        texts = told.read().split("\n")
    os.waitpid(process, 0)
    return texts[-2] if len(texts) > 1 else ""


def type_on(vault: Vault, told: int) -> None:
    """Type without an end, and tell what is written for certain."""
    text = ""
    while True:
        text += "a"
        vault.write_now(drafts.save, "new-note/x", "text", "a remark", text)
        os.write(told, f"{text}\n".encode())


@pytest.mark.parametrize("name", JOBS)
def test_killed_in_the_middle(name: str, evening: Laptop, tmp_path: Path) -> None:
    job = JOBS[name]
    laptop = evening.copy(tmp_path / "whole")
    with laptop.open() as vault, pytest.MonkeyPatch.context() as patch:
        before = job.there(vault)
        counted = Deadly(patch)
        job.do(vault, laptop)
        after, statements = job.there(vault), counted.count
    assert before != after
    chance = random.Random(None if TORTURE else name)
    cut_short = finished = 0
    for number in range(KILLS):
        laptop = evening.copy(tmp_path / str(number))
        at = chance.randrange(1, statements + 1)
        text = killed(laptop, job, at)
        with laptop.open() as vault:
            cut_short += bool(vault.staged)
            finish(vault)
            assert vault.fact_now(STAGED) is None, at
            there = job.there(vault)
            assert there in (before, after), at
            finished += there == after
            kept = [one.text for one in vault.read_now(drafts.listed)]
            assert not text or (len(kept) == 1 and len(kept[0]) >= len(text)), at
            assert check_vault(vault).sound, at
            job.do(vault, laptop)
            assert job.there(vault) == after, at
        shutil.rmtree(laptop.folder)
    print(f"{name}: {KILLS} kills, {cut_short} of them while it was staged, {finished} done after")
    if TORTURE:  # of a few, all may fall before the stage, or after it
        assert cut_short and 0 < finished < KILLS
