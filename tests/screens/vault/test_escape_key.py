"""Escape and the key right after it are two keys, as a terminal sends them in one piece."""

from __future__ import annotations

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from screens.vault.escape_key import mend_escape


def keys(*pieces: str) -> list[str]:
    """The keys that Textual makes of what a terminal sends, piece by piece; the end is the end."""
    mend_escape()
    parser = XTermParser()
    made = [one for piece in pieces for one in parser.feed(piece)]
    made += list(parser.feed(""))
    return [one.key for one in made if isinstance(one, events.Key)]


@pytest.mark.parametrize(
    ("pieces", "pressed"),
    [
        (["\x1b2"], ["escape", "2"]),
        (["\x1b", "2"], ["escape", "2"]),
        (["\x1b1\x1b-\x1b="], ["escape", "1", "escape", "minus", "escape", "equals_sign"]),
        (["\x1b28/2/26"], ["escape", *"28", "slash", "2", "slash", *"26"]),
        (["\x1bn"], ["escape", "n"]),
        (["\x1b\r"], ["escape", "enter"]),
        (["\x1b\x13"], ["escape", "ctrl+s"]),
        (["\x1b\x1b[A"], ["escape", "up"]),
        (["\x1b/é"], ["escape", "slash", "é"]),
        (["\x1b["], ["escape", "left_square_bracket"]),
    ],
)
def test_escape_is_a_key_of_its_own(pieces: list[str], pressed: list[str]) -> None:
    assert keys(*pieces) == pressed


@pytest.mark.parametrize(
    ("sent", "pressed"),
    [
        ("\x1b[A", "up"),
        ("\x1bOP", "f1"),
        ("\x1b[Z", "shift+tab"),
        ("\x1b[1;5D", "ctrl+left"),
        ("\x1bb", "ctrl+left"),
        ("\x1b\x7f", "ctrl+w"),
        ("\x1b[27u", "escape"),
    ],
)
def test_a_sequence_is_still_one_key(sent: str, pressed: str) -> None:
    assert keys(sent) == [pressed]
