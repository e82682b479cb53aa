"""Turns the terminal's echo off before anything is imported, and on again when fieldkit is left.

Until the first page stands, a terminal shows by itself what is typed, on its normal screen and in
what it keeps to be scrolled back to: the passphrase of somebody quick. So nothing is imported here
that Python has not imported already. What is typed meanwhile waits for the page, as keys. Windows
shows nothing that nobody reads, and has no such modes.
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

    for number, before in _handled.items():
        signal.signal(number, before)
    _handled.clear()
    modes, _before[:] = [*_before], []
    try:
        termios.tcflush(0, termios.TCIFLUSH)
        termios.tcsetattr(0, termios.TCSANOW, modes)
    except (OSError, termios.error):
        return  # the terminal is gone


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
