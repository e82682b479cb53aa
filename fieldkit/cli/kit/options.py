"""Numbers among the options, refused in a few words where they are out of bounds."""

from __future__ import annotations

import argparse
from collections.abc import Callable

USUAL_MIB = 256


def between(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number; argparse's own ``choices`` would print every one of them."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"«{text}» is no number from {least} to {most}")
        return number

    return read


def add_memory(parser: argparse.ArgumentParser) -> None:
    """Add the option how much memory one unlocking takes."""
    parser.add_argument(
        "--memory",
        type=between(64, 1024),
        default=USUAL_MIB,
        metavar="MIB",
        help=f"memory that one unlocking takes, 64 to 1024 MiB (default {USUAL_MIB})",
    )
