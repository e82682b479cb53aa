"""What several commands take: numbers within bounds, and how records are named."""

from __future__ import annotations

import argparse
from collections.abc import Callable

CASE = "a case: its reference, the force's own, or the beginning of its id"
POINT = "its number, its id or a part of its wording"
CRITERION = "its key or label, or “overall”"
OUTCOME = "an outcome of the programme that it bears on, as “fieldkit outcomes” lists them"
NOTE = "its id or the beginning of it, or a part of its text"
QUERY = "its id, its case, or words of it"
LANGUAGE = "the language it is written in, such as cy or en-GB"
DAY = "a day, such as 12 March 2026"
TIME = "a day, or a day and a time, such as “12 March 2026 14:30”"

MEMORY_MIB = (64, 1024)
"""Memory that one unlocking takes: what a key file may ask for."""
DEFAULT_MEMORY_MIB = 256


def between(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number; argparse's own ``choices`` would print every one."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"“{text}” is not a number from {least} to {most}")
        return number

    return read


def add_memory(parser: argparse.ArgumentParser) -> None:
    """Add the option how much memory one unlocking takes."""
    least, most = MEMORY_MIB
    parser.add_argument(
        "--memory",
        type=between(least, most),
        default=DEFAULT_MEMORY_MIB,
        metavar="MIB",
        help=f"memory that unlocking takes, {least} to {most} MiB (default {DEFAULT_MEMORY_MIB})",
    )
