"""Turns the terminal's echo off before anything is imported, and on again when fieldkit is left.

Until the first page stands, a terminal shows by itself what is typed, on its normal screen and in
what it keeps to be scrolled back to: the passphrase of somebody quick. So nothing is imported here
that Python has not imported already. What is typed meanwhile waits for the page, as keys. Windows
shows nothing that nobody reads, and has no such modes.

As nothing is shown that is typed, the question for the passphrase can stand before Textual is
imported, which takes most of a start: :func:`ask` draws its words where the page draws them, and
the page is drawn over them.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # the one of typing takes as long to import as the rest of this file
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_before: list[Any] = []
"""The terminal's modes before, of ``termios``; empty where nothing was changed."""
_handled: dict[int, Any] = {}
"""What signals did before that end the program."""
_asked: list[bool] = []
"""Holds something while the question stands and no app has taken the screen over."""

OTHER_SCREEN = "\x1b[?1049h"
NORMAL_SCREEN = "\x1b[?1049l\x1b[?25h"
"""Back to the screen from before, with a cursor."""
WIDTH, SHARE = 70, 0.96
"""Columns of the unlock page's middle, and the most that it takes of a narrow terminal
(``screens/vault/begin/door.tcss``)."""
NAME_LINE, QUESTION_LINE, FIELD_LINE = 3, 5, 6
NARROWEST, LOWEST = 40, 10
"""Columns and lines of the smallest terminal that is asked in before the page stands."""


def turn_off() -> None:
    """Have the terminal show nothing that is typed, and hand it on key by key.

    Only where keys come from a terminal and the app can be shown. Ctrl+c still interrupts; a signal
    that ends the program gives the terminal back first.
    """
    if sys.platform == "win32" or _before or not all(os.isatty(stream) for stream in (0, 1, 2)):
        return
    try:
        import termios

        modes = termios.tcgetattr(0)
        if not modes[3] & termios.ECHO:
            return  # a lock has left it so, with the modes from before it in its own keeping
        _before[:] = modes
        # As Textual 8.2.8 sets them, so that enter is still enter when the page reads it, and
        # nothing that is typed is thrown away between here and there.
        modes[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
        modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        characters = [*modes[6]]
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
        # No key ends or halts the program past us and leaves the terminal as it is.
        none = bytes([os.fpathconf(0, "PC_VDISABLE")])
        characters[termios.VQUIT] = characters[termios.VSUSP] = none
        modes[6] = characters
        termios.tcsetattr(0, termios.TCSANOW, modes)
    except (ImportError, OSError, ValueError, termios.error):
        _before.clear()
        return
    _give_back_when_ended()


def turn_on() -> None:
    """Give the terminal the modes from before; what was typed and read by nobody is thrown away.

    Otherwise the shell would show it.
    """
    if not _before:
        return
    import signal
    import termios

    withdraw()
    for number, before in _handled.items():
        signal.signal(number, before)
    _handled.clear()
    modes, _before[:] = [*_before], []
    try:
        termios.tcflush(0, termios.TCIFLUSH)
        termios.tcsetattr(0, termios.TCSANOW, modes)
    except (OSError, termios.error):
        return  # the terminal is gone


def ask() -> None:
    """Show the question for the passphrase where the unlock page will; nowhere without silence.

    Only words that stand at the same places in every look and are plain letters.
    """
    if not _before or _asked:
        return
    try:
        columns, lines = os.get_terminal_size(2)
    except OSError:
        return
    if columns < NARROWEST or lines < LOWEST:
        return
    left = (columns - min(WIDTH, int(columns * SHARE))) // 2
    _asked.append(True)
    _write(
        f"{OTHER_SCREEN}\x1b[2J"
        f"\x1b[{NAME_LINE};{left + 3}H\x1b[1mfieldkit\x1b[0m"
        f"\x1b[{QUESTION_LINE};{left + 3}H\x1b[1;7m  Passphrase  \x1b[0m"
        f"\x1b[{FIELD_LINE};{left + 3}H"
    )


def take_over() -> bool:
    """Leave the screen to the app that begins; say whether the question stands on it."""
    stood = bool(_asked)
    _asked.clear()
    return stood


def withdraw() -> None:
    """Go back to the normal screen, where the question stands and no app has begun."""
    if take_over():
        _write(NORMAL_SCREEN)


def _write(text: str) -> None:
    """Write to the terminal that Textual draws on; one that is gone is noticed by others."""
    try:
        os.write(2, text.encode())
    except OSError:
        return


def modes_before() -> list[Any]:
    """Return the terminal's modes from before, of ``termios``; none where nothing was changed."""
    return [*_before]


def _give_back_when_ended() -> None:
    import signal

    for number in (signal.SIGTERM, signal.SIGHUP):
        # What is ignored, as under nohup, stays ignored.
        if signal.getsignal(number) is signal.SIG_DFL:
            _handled[number] = signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    """End by a signal as if nobody had asked for it, once the terminal is given back."""
    turn_on()
    os.kill(os.getpid(), number)
