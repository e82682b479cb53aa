"""Unlocking: from the enter key after the passphrase to home on the screen."""

from __future__ import annotations

from benchmarks.row import Bench, Measured, Row
from benchmarks.terminal import Terminal, environment, fieldkit
from benchmarks.vaults import PASSPHRASE, Made
from storage.crypto.keyslots.kdf import measure as derivation

AT_HOME = "done of allocated"
"""Words that only home shows, once its figures are read (tests/test_benchmarks.py)."""


def measure(bench: Bench) -> Measured:
    """Unlock a team's laptop."""
    return _measured(bench, bench.made, "home")


def measure_lone(bench: Bench) -> Measured:
    """Unlock a laptop that belongs to no team."""
    return _measured(bench, bench.lone, "home-lone")


def _measured(bench: Bench, made: Made, place: str) -> Measured:
    """Unlock in a terminal, once what is imported during the typing is in."""
    variables = environment(bench.place(place))
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


DERIVATION = "the Argon2id derivation alone"
ROW = Row("home", "unlock to home, 50,000 ops", DERIVATION, 1.3, measure)
ROW_LONE = Row("home-lone", "unlock to home, of no team", DERIVATION, 1.3, measure_lone)
