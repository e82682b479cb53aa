"""The modes of the terminal, kept while one process locks and the next begins.

Between the two the terminal stays as the app uses it, blank and without echo: what is typed then,
a passphrase perhaps, is seen by nobody and read by the next process. The modes from before fieldkit
are passed on, and set again when it is left.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from fieldkit.vault import echo
from fieldkit.vault.after_lock import AfterLock

PLAIN = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l"  # pasting, wrapping and resizing as they were
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # no mouse
    "\x1b[?1004l\x1b[<u"  # no word of the focus; keys as they were
)
"""Undoes what Textual asks a terminal for, the other screen and the hidden cursor apart (Textual
8.2.8: ``drivers/linux_driver.py``)."""
LEAVE = echo.NORMAL_SCREEN


def modes_before(driver: Any) -> tuple[Any, ...]:
    """Return the modes that the terminal had before the app, as JSON takes them."""
    return as_json(getattr(driver, "attrs_before", None) or [])


def as_json(modes: list[Any]) -> tuple[Any, ...]:
    """Return the modes of ``termios`` as JSON takes them; nothing of none."""
    if not modes:
        return ()
    *flags, characters = modes
    return (*flags, [one if isinstance(one, int) else one.hex() for one in characters])


def give_back_console(driver: Any) -> None:
    """Give a console of Windows the modes from before the app; no other has such a driver."""
    if (give_back := getattr(driver, "_restore_console", None)) is not None:
        give_back()


def modes_of(modes: tuple[Any, ...]) -> list[Any]:
    """Return what :func:`modes_before` gave as ``termios`` takes it."""
    *flags, characters = modes
    return [*flags, [one if isinstance(one, int) else bytes.fromhex(one) for one in characters]]


def restore(modes: tuple[Any, ...]) -> None:
    """Give the terminal back as it was before fieldkit, where no app will."""
    if sys.platform == "win32":
        return
    with suppress(ImportError, OSError, ValueError, TypeError):
        import termios

        if sys.__stderr__ is not None:
            sys.__stderr__.write(PLAIN + LEAVE)
            sys.__stderr__.flush()
        if modes:
            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, modes_of(modes))


@contextmanager
def handed_over(after: AfterLock | None) -> Iterator[None]:
    """Give the terminal back where what is done within fails; a lock before left it blank."""
    try:
        yield
    except BaseException:
        if after is not None:
            restore(after.terminal)
        raise
