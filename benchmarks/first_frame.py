"""The first frame: from starting the program to the question for the passphrase on the screen."""

from __future__ import annotations

from benchmarks import vaults
from benchmarks.row import Bench, Measured, Row
from benchmarks.terminal import Terminal, bare, environment, fieldkit
from benchmarks.vaults import Size
from storage.crypto.keyslots.kdf import FLOOR


def measure(bench: Bench) -> Measured:
    """Start both in a terminal, in turns."""
    place = bench.place("first_frame")
    made = vaults.make(place / "vault", Size(ops=60, notes=10, cases=2), FLOOR)
    variables = environment(place)

    def seconds(command: list[str], words: str) -> float:
        with Terminal(command, variables) as terminal:
            return terminal.until(words) - terminal.began

    ours: list[float] = []
    against: list[float] = []
    for _ in range(bench.turns(21) + 1):
        ours.append(seconds(fieldkit("--vault", str(made.folder)), "Passphrase"))
        against.append(seconds(bare("hello"), "Hello, world"))
    return Measured(ours[1:], against[1:])


ROW = Row(
    "first-frame", "first frame: the unlock prompt", "bare Textual hello world", 1.15, measure
)
