"""Resident memory at home; the peak, while the key is derived, is told apart."""

from __future__ import annotations

from benchmarks.home import AT_HOME
from benchmarks.row import Bench, Measured, Row
from benchmarks.terminal import Terminal, bare, environment, fieldkit
from benchmarks.vaults import PASSPHRASE


def measure(bench: Bench) -> Measured:
    """Read it of both programs once they rest."""
    made = bench.made
    variables = environment(bench.place("memory"))
    ours: list[float] = []
    against: list[float] = []
    peak = 0.0
    for _ in range(bench.turns(3)):
        with Terminal(fieldkit("--vault", str(made.folder)), variables) as terminal:
            terminal.until("Passphrase")
            terminal.rest()
            terminal.type(PASSPHRASE + "\r")
            terminal.until(AT_HOME)
            terminal.rest(1.0)
            now, peak = terminal.memory()
            ours.append(now)
        with Terminal(bare("hello"), variables) as terminal:
            terminal.until("Hello, world")
            terminal.rest(1.0)
            against.append(terminal.memory()[0])
    return Measured(ours, against, "MiB", f"peak {peak:.0f} MiB while the key is derived")


ROW = Row("memory", "resident memory at home, 50,000 ops", "bare Textual", 2.7, measure)
