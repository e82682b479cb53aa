"""A row of the table: what is measured, against what, and how a measurement is made."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks import vaults
from benchmarks.copies import copied
from benchmarks.team import Team
from benchmarks.vaults import FULL, SMALL, Made, Size
from storage.crypto.keyslots.kdf import DEFAULT, FLOOR, Argon2Params


class NotMeasuredError(Exception):
    """The row cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Measured:
    """Holds what came out: each turn of ours and of the yardstick, in one unit.

    Attributes:
        unit: "s" or "MiB".
        note: what else is worth knowing.
    """

    ours: list[float]
    against: list[float]
    unit: str = "s"
    note: str = ""

    @property
    def ratio(self) -> float:
        """Return the ratio of the medians."""
        return statistics.median(self.ours) / statistics.median(self.against)


class Bench:
    """Holds what the rows share in one run.

    Args:
        folder: a temporary one, emptied by the caller.
        quick: small vaults and few turns, to see that everything runs.
    """

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder = folder
        self.quick = quick

    @property
    def size(self) -> Size:
        """Return how much the large vault holds."""
        return SMALL if self.quick else FULL

    @cached_property
    def lone(self) -> Made:
        """Return the large vault of a laptop that belongs to no team, made once a run."""
        return vaults.make(self.folder / "lone", self.size, self.params)

    @cached_property
    def team(self) -> Team:
        """Return the team whose laptop has a copy of the large vault, with colleagues' feeds."""
        laptop = copied(self.lone, self.folder / "laptop")
        return Team(self.folder / "team", laptop, self.size.ops)

    @property
    def made(self) -> Made:
        """Return the large vault of a team's laptop."""
        return self.team.laptop

    @property
    def params(self) -> Argon2Params:
        """Return the cost of the vault's passphrase: the default of new vaults."""
        return FLOOR if self.quick else DEFAULT

    def turns(self, full: int) -> int:
        """Return how often each side is measured."""
        return min(full, 3) if self.quick else full

    def place(self, name: str) -> Path:
        """Make a new folder."""
        made = self.folder / name
        made.mkdir(parents=True)
        return made


@dataclass(frozen=True)
class Row:
    """Is a row of the table of budgets; ``budget`` is the largest ratio allowed.

    What is measured in a large vault is measured in a team's, unless the row says otherwise.
    """

    name: str
    what: str
    against: str
    budget: float
    measure: Callable[[Bench], Measured]


def alternate(
    turns: int, ours: Callable[[], object], against: Callable[[], object], *, warm: int = 1
) -> Measured:
    """Return the seconds of both, in turns; the first ``warm`` turns are not counted."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns + warm):
        order = (0, 1) if turn % 2 else (1, 0)
        for side in order:
            began = time.perf_counter()
            (ours, against)[side]()
            spent = time.perf_counter() - began
            if turn >= warm:
                taken[side].append(spent)
    return Measured(*taken)
