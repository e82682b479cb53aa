"""The measure of the longest step of each page: which steps it sees, and what it leaves out."""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path

import pytest

from benchmarks import pauses
from benchmarks.pauses import Pause, measure_pauses, steps_alone, table
from benchmarks.vaults import Size, make
from screens.pages import PAGES
from storage.crypto.keyslots.kdf import FLOOR


def test_a_step_counts_without_the_search_for_garbage_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "thread_time", lambda: now[0])

    def search(phase: str, _: dict[str, int]) -> None:
        now[0] += 5.0 if phase == "stop" else 0.0

    def work() -> None:
        now[0] += 0.25
        gc.collect()
        now[0] += 0.5

    async def one_step() -> None:
        asyncio.get_running_loop().call_soon(work)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    gc.disable()
    # It comes before the measure's own, and so takes its time while the search goes on.
    gc.callbacks.append(search)
    try:
        with steps_alone() as taken:
            asyncio.run(one_step())
    finally:
        gc.callbacks.remove(search)
        gc.enable()
    assert max(taken) == 0.75


def test_the_table_begins_with_the_longest_and_says_which_are_over() -> None:
    rows = table([Pause("home", 0.01, 0.02, 0.0), Pause("report", 0.03, 0.01, 0.051)]).splitlines()
    assert [row.split()[0] for row in rows[1:]] == ["report", "home"]
    assert rows[1].endswith("NO") and rows[2].endswith("yes")


def test_pages_are_opened_twice_and_gone_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("cases", "points", "debrief")
    monkeypatch.setattr(pauses, "PAGES", {name: PAGES[name] for name in names})
    made = make(tmp_path / "vault", Size(ops=200, notes=30, cases=3), FLOOR)
    found = measure_pauses(made)
    assert [one.page for one in found] == list(names)
    assert all(min(one.first, one.opening, one.moving) > 0 for one in found)


def test_every_page_whose_lists_are_narrowed_is_a_page() -> None:
    assert set(pauses.NARROWED) <= set(PAGES)
