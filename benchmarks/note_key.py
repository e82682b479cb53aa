"""A key in a note: from the key to its letter on the screen."""

from __future__ import annotations

import time

from benchmarks.home import AT_HOME
from benchmarks.row import Bench, Measured, Row
from benchmarks.terminal import Terminal, bare, environment, fieldkit
from benchmarks.vaults import PASSPHRASE

LETTERS = "".join(map(chr, (*range(0x0430, 0x0450), *range(0x03B1, 0x03C9))))
"""Cyrillic and Greek, each once: no other part of a screen has them, so none is seen too early."""
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
        # The notes, the first of the list, a new note in it.
        for key in ("n", "\r", "n"):
            note.type(key)
            note.rest()
        area.rest()
        for _ in range(bench.turns(4)):
            for letter in LETTERS[: 10 if bench.quick else None]:
                for terminal, taken in ((note, ours), (area, against)):
                    time.sleep(PAUSE / 2)
                    pressed = terminal.type(letter)
                    taken.append(terminal.until(letter) - pressed)
            for terminal in (note, area):
                # Take the line away again, so that each letter is new once more.
                terminal.type("\x7f" * len(LETTERS))
                terminal.rest()
    return Measured(ours, against)


ROW = Row("note-key", "key to screen in a note, 50,000 ops", "bare TextArea", 1.17, measure)
