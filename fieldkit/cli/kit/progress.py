"""How far a long step has come, on stderr: one line that moves, or a line for each part."""

from __future__ import annotations

import sys

from fieldkit.cli.kit.terminal import Terminal
from fieldkit.wording.format import flat
from storage.progress import Progress, silent


class ProgressLine:
    """Shows a progress in one line that moves; a context manager."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._moves = sys.stderr.isatty()
        self._said = ("", -1)

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show it; what would look the same is not printed again."""
        percent = 100 * done // max(total, 1)
        if not self._moves:
            if what != self._said[0]:
                self._terminal.say(f"{what} …")
            self._said = (what, percent)
        elif (what, percent) != self._said:
            self._said = (what, percent)
            print(f"\r\x1b[K{what} … {percent} %", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._moves and self._said[0]:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def bar(label: str) -> Progress:
    """Return a progress bar on stderr, silent where nobody is looking."""
    if not sys.stderr.isatty():
        return silent
    width = 30
    shown = flat(label)

    def show(_: str, done: int, total: int) -> None:
        filled = width if not total else done * width // total
        line = f"\r{shown} {'#' * filled}{'.' * (width - filled)} {done:,} of {total:,}"
        print(line, end="\n" if done >= total else "", file=sys.stderr, flush=True)

    return show
