"""A key in a note: from the key to its letter on the screen."""

from __future__ import annotations

import string
import time

from benchmarks.home import AT_HOME
from benchmarks.row import Bench, Measured, Row
from benchmarks.terminal import Terminal, bare, environment, fieldkit
from benchmarks.vaults import PASSPHRASE

LETTERS = string.ascii_letters + string.digits
"""Typed in this order, each once a line, so that what appears is told from what stood there."""
PAUSE = 0.07
"""Seconds between two keys: a quick typist's."""


def measure(bench: Bench) -> Measured:
    """Type the same letters into both, in turns."""
    made = bench.made
    variables = environment(bench.place("note_key"))
    ours: list[float] = []
    against: list[float] = []
    with (
        Terminal(fieldkit("--vault", str(made.folder)), variables) as note,
        Terminal(bare("area"), variables) as area,
    ):
        note.until("Passphrase")
        note.rest()
        note.type(PASSPHRASE + "\r")
        note.until(AT_HOME)
        note.rest()
        note.type("n")
        note.until("control room")
        note.rest()
        note.type("\r")
        note.until("a digit marks a criterion")
        note.rest()
        note.type("n")
        note.until("then the next")
        note.rest()
        area.rest()
        for _ in range(bench.turns(4)):
            for letter in LETTERS[: 10 if bench.quick else None]:
                for terminal, taken in ((note, ours), (area, against)):
                    time.sleep(PAUSE / 2)
                    pressed = terminal.type(letter)
                    taken.append(terminal.until(letter) - pressed)
            for terminal in (note, area):
                terminal.type("\r")
                terminal.rest(0.2)
    return Measured(ours, against)


ROW = Row("note-key", "key to screen in a note, 50,000 ops", "bare TextArea", 1.2, measure)
