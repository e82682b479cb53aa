"""Measure every row of the table of budgets and print it; ends with 1 where one is exceeded."""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import (
    export,
    first_frame,
    grade,
    home,
    ingest,
    latency,
    matching,
    memory,
    note_key,
    search,
    version,
)
from benchmarks.row import Bench, Measured, NotMeasuredError, Row

ROWS: tuple[Row, ...] = tuple(
    one.ROW
    for one in (
        version,
        first_frame,
        home,
        note_key,
        grade,
        search,
        matching,
        export,
        ingest,
        memory,
    )
)
LATENCY = "latency"
"""The name of what is no ratio: how long a key waits beside a long job."""
HEAD = f"{'what':<37} {'ours':>10} {'against':>10} {'ratio':>7} {'budget':>7}  within?"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns 0 where all that was measured is within its budget."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small vaults, few turns: a trial run")
    names = [*(one.name for one in ROWS), LATENCY]
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}"
    )
    args = parser.parse_args(argv)
    wanted = [one for one in ROWS if args.only is None or one.name in args.only]
    beside = args.only is None or LATENCY in args.only
    folder = Path(tempfile.mkdtemp(prefix="fieldkit-bench-"))
    try:
        bench = Bench(folder, quick=args.quick)
        within = _run(bench, wanted) if wanted else True
        if beside:
            within = latency.measure_jobs(bench) and within
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if within or args.quick else 1


def _run(bench: Bench, rows: Sequence[Row]) -> bool:
    within = True
    print(HEAD)
    for row in rows:
        try:
            measured = row.measure(bench)
        except NotMeasuredError as why:
            print(f"{row.what:<37} not measured: {why}", flush=True)
            continue
        fits = measured.ratio <= row.budget
        within = within and fits
        print(line(row, measured), flush=True)
    return within


def line(row: Row, measured: Measured) -> str:
    """Return a row as it is printed; below it, what it is measured against."""
    figures = (statistics.median(measured.ours), statistics.median(measured.against))
    ours, against = (_figure(one, measured.unit) for one in figures)
    fits = "yes" if measured.ratio <= row.budget else "NO"
    note = f"; {measured.note}" if measured.note else ""
    return (
        f"{row.what:<37} {ours:>10} {against:>10} {measured.ratio:>6.2f}× {row.budget:>6g}×  "
        f"{fits}\n    against {row.against}{note}"
    )


def _figure(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.0f} {unit}"
    return f"{value * 1000:.2f} ms" if value < 0.1 else f"{value * 1000:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
