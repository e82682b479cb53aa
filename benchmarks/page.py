"""Writes ``docs/performance.md`` from what one run measured."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.country import MOST, Reported
from benchmarks.growth import A_DAY, MOST_MORE, MOST_TIMES, Grown, figure_text
from benchmarks.held import Held
from benchmarks.latency import LIMIT, JobMeasured
from benchmarks.row import Measured, Row
from benchmarks.vaults import Size

_HEAD = """# How fast it is

Written by `make bench`, which measures all of it in one run and ends with 1 where a budget is
exceeded. A budget is a ratio wherever there is something to measure against on the same computer in
the same run, because seconds of one computer say little about another.

All of it is measured in the vault of a laptop that belongs to a team, with {ops:,} entries of its
own, {notes:,} notes among them, and the feeds of two colleagues, unless a line says otherwise.
"""
_RATIOS = """
## Against a yardstick

Medians; in brackets the middle half of all turns (of three turns or fewer, the lowest and the
highest).

| what | ours | against | ratio | budget | within |
|---|---|---|---|---|---|
"""
_HELD = """
## Held to a figure

Of the clerk, of a step and of a search for garbage: processor time of the thread. Of the rest: the
time that passes. Medians, but where the longest counts. A letter takes from its key until the list
that it leaves is drawn, the wait for the next of 60 pictures a second among it, and no wait of the
measuring's own.

| what | takes | at most | within |
|---|---|---|---|
"""
_WAITS = """
## While somebody types

A key is sent every few hundredths of a second while the job goes on. No key may wait longer than
{limit:.0f} ms until what was typed is safe, and the jobs with a figure may take that long.

| job | takes | at most | median key | worst key | within |
|---|---|---|---|---|---|
"""
_GROWTH = """
## As the store grows

Processor time of the same steps with more and more entries in the vault, medians: what else the
computer does hardly changes it. The inspection always has {cases:,} cases; its history and its
notes, other inspections and colleagues' feeds grow, by {a_day} entries a day. What an inspector
waits for is not to grow with the store: to at most {times} times what it was and {more:.0f} ms.
Each reading comes after a grade and a note. A check, a backup and an export of everything go
through all of it.

"""
_INSPECTIONS = """
## As the inspection grows

What pages read shows an inspection, and grows with what is in it: processor time as above, in
stores of {ops:,} entries, with people met and points in proportion to the cases.

"""
_COUNTRY = """
## Central and the whole country

Ten years of inspections of 43 forces, each with 12 recommendations and 20 notable practices, among
so many entries: processor time of the register of all forces and of the wordings of `fieldkit
central report`. Neither is to take more than {most:g} s, nor more where central holds more.

| what | entries | takes | within |
|---|---|---|---|
"""


@dataclass
class Run:
    """Holds what one run measured; a part that was not asked for is empty.

    Attributes:
        machine: on what, in words.
        load: how many programs were at work before and after, where that is known.
        rows: the rows with what came out, or with the reason why nothing did.
    """

    size: Size
    machine: str
    load: tuple[float | None, float | None] = (None, None)
    rows: list[tuple[Row, Measured | str]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    jobs: list[JobMeasured] = field(default_factory=list)
    sizes: Sequence[Size] = ()
    grown: list[Grown] = field(default_factory=list)
    inspections: Sequence[Size] = ()
    grown_inspections: list[Grown] = field(default_factory=list)
    reported: list[Reported] = field(default_factory=list)

    @property
    def over(self) -> list[str]:
        """Return the names of what is over its budget or was not measured."""
        rows = [
            row.what
            for row, measured in self.rows
            if isinstance(measured, str) or measured.ratio > row.budget
        ]
        held = (one.name for one in self.held if not one.is_within)
        jobs = (job.name for job in self.jobs if not job.is_within)
        more = (f"{one.what}, as the store grows" for one in self.grown if not one.is_within)
        slow = (one.what for one in self.reported if not one.is_within)
        return [*rows, *held, *jobs, *more, *slow]


def page(run: Run) -> str:
    """Return the page."""
    parts = [_HEAD.format(ops=run.size.ops, notes=run.size.notes), f"\n**On:** {run.machine}.\n"]
    before, after = run.load
    if before is not None and after is not None:
        parts.append(
            f"At the beginning {before:.1f} programs were at work on it, at the end {after:.1f}. "
            "Where these are\nmore than the processors, times are longer than on a computer of "
            "one's own, and ratios rougher.\n"
        )
    over = "; ".join(run.over)
    parts.append(f"\nOver its budget: {over}.\n" if over else "\nAll is within its budget.\n")
    if run.rows:
        parts += [_RATIOS, *(_ratio_line(*one) for one in run.rows)]
    if run.held:
        parts += [_HELD, *map(_held_line, run.held)]
    if run.jobs:
        parts += [_WAITS.format(limit=LIMIT * 1000), *map(_job_line, run.jobs)]
    if run.grown:
        known = {"times": MOST_TIMES, "more": MOST_MORE * 1000, "a_day": A_DAY}
        parts.append(_GROWTH.format(cases=run.sizes[-1].cases, **known))
        parts.append(_growth_head([f"{one.ops:,} entries" for one in run.sizes], judged=True))
        parts += [_growth_line(one, judged=True) for one in run.grown]
    if run.grown_inspections:
        parts.append(_INSPECTIONS.format(ops=run.inspections[-1].ops))
        parts.append(_growth_head([f"{one.cases:,} cases" for one in run.inspections]))
        parts += map(_growth_line, run.grown_inspections)
    if run.reported:
        parts += [_COUNTRY.format(most=MOST), *map(_country_line, run.reported)]
    return "".join(parts)


def spread(figures: Sequence[float]) -> tuple[float, float]:
    """Return between which two the middle half lies; of three or fewer, the lowest and highest."""
    if len(figures) <= 3:
        return min(figures), max(figures)
    low, _, high = statistics.quantiles(figures, n=4, method="inclusive")
    return low, high


def _ratio_line(row: Row, measured: Measured | str) -> str:
    if isinstance(measured, str):
        return f"| {row.what} | not measured: {measured} | {row.against} | | {row.budget:g}× | |\n"
    ours, against = (_with_spread(one, measured.unit) for one in (measured.ours, measured.against))
    note = f"; {measured.note}" if measured.note else ""
    within = "yes" if measured.ratio <= row.budget else "**no**"
    return (
        f"| {row.what} | {ours} | {row.against}: {against}{note} "
        f"| {measured.ratio:.2f}× | {row.budget:g}× | {within} |\n"
    )


def _with_spread(figures: Sequence[float], unit: str) -> str:
    scale, unit = (1000, "ms") if unit == "s" else (1, unit)
    middle, low, high = (one * scale for one in (statistics.median(figures), *spread(figures)))
    digits = 2 if middle < 10 else 1 if middle < 100 else 0
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f} to {high:.{digits}f})"


def _job_line(job: JobMeasured) -> str:
    most = "" if job.most is None else f"{job.most:g} s"
    return (
        f"| {job.name} | {job.waits.took:.1f} s | {most} "
        f"| {statistics.median(job.waits.keys) * 1000:.1f} ms | {job.worst * 1000:.0f} ms "
        f"| {'yes' if job.is_within else '**no**'} |\n"
    )


def _held_line(one: Held) -> str:
    figure, most = (figure_text(each, "s") for each in (one.figure, one.most))
    counts = "the longest " if one.worst else ""
    within = "yes" if one.is_within else "**no**"
    return f"| {one.name} | {counts}{figure} | {most} | {within} |\n"


def _growth_head(columns: Sequence[str], *, judged: bool = False) -> str:
    names = ("what", *columns, *(("within",) if judged else ()))
    return f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"


def _growth_line(line: Grown, *, judged: bool = False) -> str:
    figures = " | ".join(figure_text(one, line.unit) for one in line.figures)
    within = "may grow" if line.may_grow else "yes" if line.is_within else "**no**"
    return f"| {line.what} | {figures} |{f' {within} |' if judged else ''}\n"


def _country_line(line: Reported) -> str:
    within = "yes" if line.is_within else "**no**"
    return f"| {line.what} | {line.ops:,} | {line.taken:.2f} s | {within} |\n"
