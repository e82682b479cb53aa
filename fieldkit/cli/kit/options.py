"""Numbers among the options, refused in a few words where they are out of bounds."""

from __future__ import annotations

import argparse
from collections.abc import Callable

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
            raise argparse.ArgumentTypeError(f"“{text}” is no number from {least} to {most}")
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
        help=f"memory that one unlocking takes, {least} to {most} MiB (default "
        f"{DEFAULT_MEMORY_MIB})",
    )
