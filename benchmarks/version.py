"""``fieldkit --version``: what every command pays before it does anything."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.row import Bench, Measured, Row, alternate
from benchmarks.terminal import environment, fieldkit


def measure(bench: Bench) -> Measured:
    """Start both and wait for their end."""
    variables = environment(bench.place("version"))

    def start(command: list[str]) -> None:
        subprocess.run(
            command, env=variables, cwd=variables["HOME"], check=True, stdout=subprocess.DEVNULL
        )

    return alternate(
        bench.turns(31),
        lambda: start(fieldkit("--version")),
        lambda: start([sys.executable, "-c", "pass"]),
    )


ROW = Row("version", "fieldkit --version", "python -c pass", 2.5, measure)
