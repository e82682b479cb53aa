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
    country,
    export,
    first_frame,
    grade,
    growth,
    held,
    home,
    ingest,
    latency,
    matching,
    memory,
    note_key,
    search,
    version,
)
from benchmarks.machine import at_work, machine_words
from benchmarks.page import Run, page
from benchmarks.row import Bench, Measured, NotMeasuredError, Row

ROWS: tuple[Row, ...] = (
    version.ROW,
    first_frame.ROW,
    home.ROW,
    home.ROW_LONE,
    note_key.ROW,
    grade.ROW,
    search.ROW,
    matching.ROW,
    export.ROW,
    ingest.ROW,
    memory.ROW,
)
HELD, LATENCY, GROWTH, COUNTRY = "held", "latency", "growth", "country"
"""The names of what is no ratio: what is held to a figure, how long a key waits beside a long job,
how steps grow, and what central's report of the whole country takes."""
HEAD = f"{'what':<37} {'ours':>10} {'against':>10} {'ratio':>7} {'budget':>7}  within?"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and write the page; returns 0 where all is measured and within its budget."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small vaults, few turns: a trial run")
    names = [*(one.name for one in ROWS), HELD, LATENCY, GROWTH, COUNTRY]
    parser.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help=f"one of {', '.join(names)}"
    )
    parser.add_argument("--page", type=Path, help="write what was measured into this file")
    args = parser.parse_args(argv)
    wanted = set(args.only or names)
    folder = Path(tempfile.mkdtemp(prefix="fieldkit-bench-"))
    try:
        bench = Bench(folder, quick=args.quick)
        run = Run(bench.size, machine_words())
        before = at_work()
        if rows := [one for one in ROWS if one.name in wanted]:
            run.rows = _run(bench, rows)
        if HELD in wanted:
            run.held = held.measure_held(bench)
        if LATENCY in wanted:
            run.jobs = latency.measure_jobs(bench)
        if GROWTH in wanted:
            run.sizes = growth.sizes_of(bench)
            run.grown = growth.measure_growth(bench)
            run.inspections = growth.inspections_of(bench)
            run.grown_inspections = growth.measure_inspections(bench)
        if COUNTRY in wanted:
            run.reported = country.measure_reports(bench)
            for one in run.reported:
                print(f"{one.what}, {one.ops:,} entries: {one.taken:.2f} s", flush=True)
        run.load = before, at_work()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if args.page:
        args.page.write_text(page(run), "utf-8", newline="\n")
    return 1 if run.over and not args.quick else 0


def _run(bench: Bench, rows: Sequence[Row]) -> list[tuple[Row, Measured | str]]:
    every: list[tuple[Row, Measured | str]] = []
    print(HEAD)
    for row in rows:
        try:
            measured = row.measure(bench)
        except NotMeasuredError as why:
            every.append((row, str(why)))
            print(f"{row.what:<37} not measured: {why}", flush=True)
            continue
        every.append((row, measured))
        print(line(row, measured), flush=True)
    return every


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
