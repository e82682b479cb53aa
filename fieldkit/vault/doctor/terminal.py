"""The terminal: how large it is, which colours and signs it shows, and in which encoding."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import TextIO

from fieldkit.vault.doctor.finding import Finding

COLUMNS, LINES = 80, 24
"""Of the smallest terminal that pages are made for."""
SIGNS = "é “” … – · × │ ─ ┌ ▏ █ ▁ ✓ ●"
"""What pages draw with, besides letters."""
_NO_COLOURS = ("dumb", "vt52", "vt100", "vt102", "vt220", "unknown")


def look_at_terminal(
    stream: TextIO | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """Look at the terminal that the program's output goes to; shows nothing on it.

    Args:
        stream: the output; the process's own where it is not given.
        environment: the variables; the process's own where they are not given.
    """
    out = sys.stdout if stream is None else stream
    variables = os.environ if environment is None else environment
    if not out.isatty():
        yield Finding("terminal", "ok", "not looked at: what is printed goes into a file or pipe")
        return
    yield _size(out)
    yield _colours(variables)
    yield _signs(out)


def _size(out: TextIO) -> Finding:
    try:
        columns, lines = os.get_terminal_size(out.fileno())
    except OSError:
        way = "Start fieldkit in another terminal if its pages look cut off."
        return Finding("terminal", "beware", "it does not say how large it is", way)
    text = f"{columns} columns, {lines} lines"
    if columns < COLUMNS or lines < LINES:
        way = f"Make its window at least {COLUMNS} columns wide and {LINES} lines high."
        return Finding("terminal", "mend", text, way)
    return Finding("terminal", "ok", text)


def _colours(variables: Mapping[str, str]) -> Finding:
    kind = variables.get("TERM", "")
    if kind in _NO_COLOURS or (not kind and os.name == "posix"):
        text = f"the terminal says that it is “{kind}”, which cannot draw pages"
        way = "Use another terminal, or set TERM to what it is, such as xterm-256color."
        return Finding("colours", "mend", text, way)
    if variables.get("NO_COLOR"):
        way = "Unset NO_COLOR if you want them; nothing is told by colour alone."
        return Finding("colours", "beware", "switched off by NO_COLOR", way)
    many = variables.get("COLORTERM", "") in ("truecolor", "24bit") or "WT_SESSION" in variables
    count = "16 million" if many else "256" if "256" in kind else "16"
    return Finding("colours", "ok", f"{count} ({kind or 'console'})")


def _signs(out: TextIO) -> Finding:
    encoding = out.encoding or "ascii"
    try:
        SIGNS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = f"the terminal's encoding is {encoding}, which lacks signs that pages draw with"
        way = "Set it to UTF-8: LC_ALL=C.UTF-8, or under Windows use Windows Terminal."
        return Finding("encoding", "mend", text, way)
    return Finding("encoding", "ok", f"{encoding}; these are to be read as single signs: {SIGNS}")
