"""What steps cost as the store grows: the same laptop with 1,000 to 200,000 entries of its own.

What an inspector waits for is not to grow with the store; a check, a backup and an export of
everything do, as they go through all of it. So the inspection that is measured keeps its cases,
entries and points, while its history, its notes, other inspections and colleagues' feeds grow; a
day's work stays as it is, and there are more days. What a page shows of an inspection does grow
with that inspection: another table says how. The figures are processor time of all threads, which
other work on the computer hardly changes; what the disk takes is not in them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import vaults
from benchmarks.row import Bench
from benchmarks.team import Team
from benchmarks.vaults import Made, Size
from fieldkit.casework.case_file import open_case
from fieldkit.casework.case_lines import case_lines
from fieldkit.casework.judging import grade
from fieldkit.comparison.assemble import comparison
from fieldkit.evidence.entries import entry_lines
from fieldkit.evidence.gaps.coverage import coverage
from fieldkit.evidence.gaps.lints import lints
from fieldkit.evidence.notes import add_note, edit_note
from fieldkit.evidence.points import point_lines
from fieldkit.history.search import SCREEN, search
from fieldkit.inspections.frame import frame
from fieldkit.inspections.home import home
from storage.crypto.keyslots.kdf import FLOOR
from storage.exchange.export import export
from storage.feed import drafts
from storage.vault.backup.make import back_up
from storage.vault.check import check_vault
from storage.vault.vault import Vault

A_DAY = 500
"""Entries that are written on a day."""


def _size(ops: int, others: int = 0) -> Size:
    """Return a store of so many entries, round an inspection that is always the same."""
    own = {"cases": 40, "entries": 20, "points": 20}
    return Size(ops, ops * 2 // 5, days=max(ops // A_DAY, 2), others=others, **own)


SIZES = (_size(1_000), _size(10_000, 1), _size(50_000, 5), _size(200_000, 20))
INSPECTIONS = tuple(
    Size(10_000, 3_000, cases, days=20, entries=cases // 2, points=cases // 2)
    for cases in (8, 80, 400)
)
"""Inspections that grow, in stores of one size."""
WARM = Size(ops=300, notes=60, cases=4)
"""The vault before the first: what is imported late and read for the first time is not measured."""
SMALL_SIZES = (Size(ops=600, notes=100, cases=6), Size(ops=1_000, notes=400, cases=6, others=1))
SMALL_INSPECTIONS = (Size(ops=600, notes=100, cases=6), Size(ops=800, notes=100, cases=12))
MOST_TIMES, MOST_MORE = 2, 0.005
"""How many times what it took in the smallest store a step may take in the largest, and so many
seconds more: a tree of pages is a little deeper where it holds more."""
TURNS, FIRST_TURNS = 9, 3
"""How often what is quick is measured, and how often a vault is unlocked for the first home."""
HEAD_WIDTH, COLUMN = 37, 12


@dataclass(frozen=True)
class Grown:
    """Holds a line of the table: what, the medians by size, and whether it may grow.

    Attributes:
        unit: "s" or "MB".
    """

    what: str
    unit: str
    figures: list[float]
    may_grow: bool = False

    @property
    def is_within(self) -> bool:
        """Say whether it grows no more than it may from the smallest store to the largest."""
        return self.may_grow or self.figures[-1] <= self.figures[0] * MOST_TIMES + MOST_MORE


class _Steps:
    """Measures each step once in a vault of one size, in the order in which they are listed."""

    def __init__(self, made: Made, place: Path, turns: int) -> None:
        self.made, self.place, self.turns = made, place, turns
        self.taken: dict[str, tuple[str, float, bool]] = {}
        self._number = 0

    def measure(self) -> None:
        """Measure all of it."""
        kept = sum(path.stat().st_size for path in self.made.folder.iterdir())
        self._first_home()
        with self.made.open() as vault:
            self._pages(vault)
            self._write_steps(vault)
            self._jobs(vault)
        # Unlocked anew, as what such a job leaves to the system is not the lock's.
        vault = self.made.open()
        vault.read_now(home, self.made.inspection)
        self._written(vault)
        self._timed("lock", vault.lock)
        self.taken["files of the vault"] = ("MB", kept / 1e6, True)

    def measure_pages(self) -> None:
        """Measure only what pages read."""
        self._first_home()
        with self.made.open() as vault:
            self._pages(vault)

    def _pages(self, vault: Vault) -> None:
        made, read = self.made, partial(self._read, vault)
        read("home", home, made.inspection)
        read("the frame of a page", frame, made.inspection)
        read("list of cases", case_lines, made.inspection)
        read("points", point_lines, made.inspection)
        read("a case with its notes", open_case, made.case)
        read("what is worth a second look", lints, made.inspection)
        read("coverage", coverage, made.inspection)
        read("fieldwork", entry_lines, made.inspection)
        read("comparison", comparison, made.inspection)
        read("search of a rare word", search, made.inspection, "alder7", SCREEN)
        read("search of a common word", search, made.inspection, "supervisor", SCREEN)

    def _write_steps(self, vault: Vault) -> None:
        made = self.made
        note = vault.write_now(add_note, "case", made.case, "A remark.").id

        def next_text() -> str:
            self._number += 1
            return f"What was said, {self._number}."

        place = ("new-note/growth", "text", "a remark")
        steps: dict[str, Callable[[], object]] = {
            "a grade": partial(self._grade, vault),
            "a new note": lambda: vault.write_now(add_note, "case", made.case, next_text()),
            "a changed note": lambda: vault.write_now(edit_note, note, text=next_text()),
            "what was typed is kept": lambda: vault.write_now(drafts.save, *place, next_text()),
        }
        for what, job in steps.items():
            self._timed(what, job, turns=self.turns)

    def _grade(self, vault: Vault) -> None:
        self._number += 1
        answer = ("good", "inadequate")[self._number % 2]
        vault.write_now(grade, self.made.case, "investigation", answer)

    def _jobs(self, vault: Vault) -> None:
        stick = self.place / "stick"
        stick.mkdir(parents=True)

        def whole() -> None:
            export(vault, stick, full=True)

        def checked() -> None:
            assert check_vault(vault).sound

        self._timed("export of everything", whole, may_grow=True)
        self._timed("backup", lambda: back_up(vault, self.place), may_grow=True)
        self._timed("check of everything", checked, may_grow=True)

    def _first_home(self) -> None:
        """Measure home in a vault that was just unlocked, where nothing is kept of a reading."""
        spent = []
        for _ in range(min(self.turns, FIRST_TURNS)):
            with self.made.open() as vault:
                began = time.process_time()
                vault.read_now(home, self.made.inspection)
                spent.append(time.process_time() - began)
        self.taken["home, the first after unlocking"] = ("s", statistics.median(spent), False)

    def _read(self, vault: Vault, what: str, job: Callable[..., Any], *args: Any) -> None:
        between = partial(self._written, vault)
        self._timed(what, lambda: vault.read_now(job, *args), turns=self.turns, between=between)

    def _written(self, vault: Vault) -> None:
        """Write what an inspector does between two pages: what was read may be kept."""
        self._grade(vault)
        vault.write_now(add_note, "case", self.made.case, f"A remark, {self._number}.")

    def _timed(
        self,
        what: str,
        job: Callable[[], object],
        *,
        turns: int = 1,
        may_grow: bool = False,
        between: Callable[[], object] | None = None,
    ) -> None:
        spent = []
        for _ in range(turns):
            if between:
                between()
            began = time.process_time()
            job()
            spent.append(time.process_time() - began)
        self.taken[what] = ("s", statistics.median(spent), may_grow)


def measure_growth(bench: Bench) -> list[Grown]:
    """Make a laptop of a team for each size, measure every step in it, and print the table."""
    sizes = sizes_of(bench)
    _print_head("as the store grows", [f"{one.ops:,}" for one in sizes])
    return _measured(bench, "growth", (WARM, *sizes), _Steps.measure)


def measure_inspections(bench: Bench) -> list[Grown]:
    """Measure what pages read of inspections of several sizes, and print the table."""
    sizes = inspections_of(bench)
    _print_head("as the inspection grows", [f"{one.cases:,} cases" for one in sizes])
    return _measured(bench, "inspections", (WARM, *sizes), _Steps.measure_pages)


def _print_head(what: str, columns: Sequence[str]) -> None:
    print(what.ljust(HEAD_WIDTH) + "".join(f"{one:>{COLUMN}}" for one in columns))


def _measured(
    bench: Bench, name: str, sizes: Sequence[Size], measure: Callable[[_Steps], None]
) -> list[Grown]:
    """Measure in a vault of each size; of the first no figure counts."""
    every: list[dict[str, tuple[str, float, bool]]] = []
    for number, size in enumerate(sizes):
        place = bench.place(f"{name}/{number}")
        made = vaults.make(place / "vault", size, FLOOR)
        Team(place / "team", made, size.ops, size.days)
        steps = _Steps(made, place / "written", bench.turns(TURNS))
        measure(steps)
        every.append(steps.taken)
    grown = [
        Grown(what, unit, [taken[what][1] for taken in every[1:]], may_grow)
        for what, (unit, _, may_grow) in every[0].items()
    ]
    for line in grown:
        print(growth_line(line), flush=True)
    return grown


def sizes_of(bench: Bench) -> Sequence[Size]:
    """Return how large the vaults are that are measured."""
    return SMALL_SIZES if bench.quick else SIZES


def inspections_of(bench: Bench) -> Sequence[Size]:
    """Return how large the inspections are that are measured."""
    return SMALL_INSPECTIONS if bench.quick else INSPECTIONS


def growth_line(line: Grown) -> str:
    """Return a line of the table as it is printed."""
    figures = "".join(f"{figure_text(one, line.unit):>{COLUMN}}" for one in line.figures)
    return f"{line.what:<{HEAD_WIDTH}}{figures}"


def figure_text(figure: float, unit: str) -> str:
    """Return a figure with its unit, with as many digits as say something."""
    if unit == "s" and figure < 1:
        figure, unit = figure * 1000, "ms"
    return f"{figure:.{1 if figure < 10 else 0}f} {unit}"
