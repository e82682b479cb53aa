"""The first frame: from starting the program to the question for the passphrase on the screen.

The question stands before Textual is imported; when the page is drawn over it is told apart.
"""

from __future__ import annotations

import statistics

from benchmarks import vaults
from benchmarks.row import Bench, Measured, Row
from benchmarks.terminal import Terminal, bare, environment, fieldkit
from benchmarks.vaults import Size
from storage.crypto.keyslots.kdf import FLOOR

ONLY_THE_PAGE = "Forgotten?"
"""A word of the unlock page that the question before it has not (tests/journeys/test_start.py)."""


def measure(bench: Bench) -> Measured:
    """Start both in a terminal, in turns."""
    place = bench.place("first_frame")
    made = vaults.make(place / "vault", Size(ops=60, notes=10, cases=2), FLOOR)
    variables = environment(place)

    def seconds(command: list[str], *words: str) -> list[float]:
        with Terminal(command, variables) as terminal:
            return [terminal.until(one) - terminal.began for one in words]

    ours: list[list[float]] = []
    against: list[float] = []
    for _ in range(bench.turns(21) + 1):
        ours.append(seconds(fieldkit("--vault", str(made.folder)), "Passphrase", ONLY_THE_PAGE))
        against.extend(seconds(bare("hello"), "Hello, world"))
    asked, drawn = zip(*ours[1:], strict=True)
    page = statistics.median(drawn)
    bare_app = statistics.median(against[1:])
    note = f"the page of Textual over it after {page * 1000:.0f} ms, {page / bare_app:.2f}×"
    return Measured([*asked], against[1:], note=note)


ROW = Row(
    "first-frame", "first frame: the unlock prompt", "bare Textual hello world", 1.15, measure
)
