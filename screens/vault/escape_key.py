"""The escape key before another key: each is a key of its own, however quickly they follow.

A terminal sends escape as the byte with which longer sequences begin. Textual (8.2.8, pinned) takes
what comes within a tenth of a second for one key with alt, or for the sign that a Mac writes with
option, so that escape and 2 would write “™” into the text. Here only what begins a sequence of a
terminal is one, and the three with which people move and delete by words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual import events
from textual._xterm_parser import XTermParser

ESCAPE = "\x1b"
INTRODUCERS = frozenset("[O]P_^X" + ESCAPE)
"""What follows the escape byte in sequences of terminals (ECMA-48, 5.3; O of the VT100's keys)."""
BY_WORDS = frozenset("bf\x7f")
"""What option with an arrow or with backspace sends: a word back, a word on, a word deleted."""


def mend_escape() -> None:
    """Have Textual's reader of a terminal take escape and the key after it for two keys."""
    reader: Any = XTermParser
    if reader._sequence_to_key_events is _two_keys:
        return
    reader._sequence_to_key_events = _two_keys


_ONE_KEY = XTermParser._sequence_to_key_events


def _two_keys(self: XTermParser, sequence: str, alt: bool = False) -> Iterable[events.Key]:
    if alt:
        yield events.Key("escape", ESCAPE)
    elif _is_escape_before_a_key(sequence):
        yield events.Key("escape", ESCAPE)
        sequence = sequence[1:]
    yield from _ONE_KEY(self, sequence)


def _is_escape_before_a_key(sequence: str) -> bool:
    return (
        len(sequence) == 2
        and sequence[0] == ESCAPE
        and sequence[1] not in INTRODUCERS
        and sequence[1] not in BY_WORDS
    )
