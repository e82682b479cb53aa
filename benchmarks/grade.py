"""A grade key: from the key to the moment at which neither a crash nor a flat battery loses it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from textual import events

from benchmarks.copies import copied, raw
from benchmarks.row import Bench, Measured, Row
from fieldkit.methodology import load
from screens.app import FieldkitApp
from storage.feed.writer import (
    DELETE_LEAF,
    INSERT_LEAF,
    INSERT_OP,
    UPSERT_FEED,
    leaf_rows,
    op_row,
)
from storage.ops.clock import Clock, wall_text
from storage.ops.op import MAIN, Op, OpId, digest, next_head
from storage.records.judgment import judgment_id
from storage.vault.vault import Vault


def measure(bench: Bench) -> Measured:
    """Press grade keys in the case audit, and write the same rows by hand, in turns."""
    place = bench.place("grade")
    made = copied(bench.made, place / "ours")
    by_hand = _ByHand(raw(bench.made, place / "raw"), made.case)
    with made.open() as vault:
        ours, against = asyncio.run(_press(vault, made.inspection, made.case, by_hand, bench))
    by_hand.connection.close()
    return Measured(ours, against)


async def _press(
    vault: Vault, inspection: str, case: str, by_hand: _ByHand, bench: Bench
) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    against: list[float] = []
    app = FieldkitApp(vault.folder, inspection=inspection, vault=vault)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await app.go("case", case_id=case)
        await pilot.pause()
        durable = _Watched(vault)
        keys = load("2018").criteria_on("case")
        for turn in range(bench.turns(20) + 1):
            for number in range(len(keys)):
                durable.reset()
                key = str(turn % 2 + 1)
                pressed = time.perf_counter()
                app.post_message(events.Key(key, key))
                await durable.reached.wait()
                spent = durable.at - pressed
                await pilot.pause()
                by_hand_spent = by_hand.grade(keys[number].key, turn)
                if turn:
                    ours.append(spent)
                    against.append(by_hand_spent)
            for _ in keys:
                await pilot.press("up")
        vault_write = durable.original
        vault.write = vault_write  # type: ignore[method-assign]  # what was watched is let go
    return ours, against


class _Watched:
    """Tells when a writing of the vault has come back."""

    def __init__(self, vault: Vault) -> None:
        self.original = vault.write
        self.reached = asyncio.Event()
        self.at = 0.0

        async def write(*args: Any, **kwargs: Any) -> Any:
            done = await self.original(*args, **kwargs)
            self.at = time.perf_counter()
            self.reached.set()
            return done

        vault.write = write  # type: ignore[method-assign]  # watched from outside

    def reset(self) -> None:
        self.reached.clear()


class _ByHand:
    """Writes the rows of a grade by the driver alone, in one transaction with one sync."""

    def __init__(self, connection: Any, case: str) -> None:
        self.connection = connection
        self._case = case
        self._run = connection.execute
        row = self._run("SELECT device, epoch, seq, head FROM feed WHERE kind = ?", (MAIN,))
        self._device, self._epoch, self._seq, self._head = row.fetchone()
        (clock,) = self._run("SELECT value FROM meta WHERE key = 'clock'").fetchone()
        self._clock = Clock(clock.decode())

    def grade(self, criterion: str, turn: int) -> float:
        """Write one; seconds of the transaction alone."""
        word = ("good", "requires improvement")[turn % 2]
        record = ("judgment", judgment_id(self._case, criterion))
        (base,) = self._run(
            "SELECT op FROM leaf WHERE record_kind = ? AND record = ? AND field = 'grade'", record
        ).fetchone()
        stamp, wall = self._clock.tick()
        self._seq += 1
        device, epoch, kind, seq = base.split("/")
        made = Op(
            id=OpId(self._device, self._epoch, MAIN, self._seq),
            hlc=stamp,
            wall=wall_text(wall),
            who="benchmark",
            op="set",
            record=record,
            fields={"grade": word},
            base=(OpId(device, int(epoch), kind, int(seq)),),
        )
        data = made.encode()
        inner = digest(data)
        self._head = next_head(self._head, inner)
        op, leaves = op_row(made, data, inner, self._head), leaf_rows(made)
        feed = (self._device, self._epoch, MAIN, self._seq, self._head)
        run = self._run
        began = time.perf_counter()
        run("BEGIN IMMEDIATE")
        run("UPDATE judgment SET grade = ? WHERE id = ?", (word, record[1]))
        run(INSERT_OP, op)
        run(DELETE_LEAF, (*record, "grade", base))
        run(INSERT_LEAF, leaves[0])
        run(UPSERT_FEED, feed)
        run("UPDATE meta SET value = ? WHERE key = 'clock'", (self._clock.last.encode(),))
        run("COMMIT")
        return time.perf_counter() - began


ROW = Row(
    "grade", "grade key to durable", "the same rows by raw sqlcipher3, one sync", 2.5, measure
)
