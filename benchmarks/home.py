"""Unlocking: from the enter key after the passphrase to home on the screen."""

from __future__ import annotations

from benchmarks.row import Bench, Measured, Row
from benchmarks.terminal import Terminal, environment, fieldkit
from benchmarks.vaults import PASSPHRASE
from storage.crypto.keyslots.kdf import measure as derivation

AT_HOME = "Changed today"
"""Words that only home shows, with its figures."""


def measure(bench: Bench) -> Measured:
    """Unlock in a terminal, once what is imported during the typing is in."""
    made = bench.made
    variables = environment(bench.place("home"))
    ours: list[float] = []
    against: list[float] = []
    for _ in range(bench.turns(9) + 1):
        with Terminal(fieldkit("--vault", str(made.folder)), variables) as terminal:
            terminal.until("Passphrase")
            terminal.rest()
            pressed = terminal.type(PASSPHRASE + "\r")
            ours.append(terminal.until(AT_HOME) - pressed)
            terminal.rest()
        against.append(derivation(bench.params))
    return Measured(ours[1:], against[1:])


ROW = Row("home", "unlock to home, 50,000 ops", "the Argon2id derivation alone", 1.5, measure)
