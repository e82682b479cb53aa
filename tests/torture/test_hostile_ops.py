"""A colleague's changed program signs whatever it likes: nothing fails, hangs or changes unsaid.

``make torture`` throws 100,000 ops at every page, every command, the comparison, the hand-over and
central's report, a fresh team for each five thousand; ``make test`` a few hundred.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from benchmarks.cluster import Cluster
from storage.bundle.errors import BundleError
from storage.central import Central
from storage.records.registry import KINDS
from tests.journeys.canary_day import Day
from tests.storage.conftest import postgres
from tests.storage.malicious import Malicious
from tests.storage.team.laptops import watch_keys
from tests.storage.travelling import PASSPHRASE, Team, make_team, sound
from tests.torture import looking
from tests.torture.accounts import accounted, in_place, rows
from tests.torture.hostile_ops import Inventor

__all__ = ["postgres"]

TORTURE = bool(os.environ.get("FIELDKIT_TORTURE"))
STEPS = 8 if TORTURE else 3
BURST, FIRST_BURST = (400, 4_000) if TORTURE else (40, 160)
SEEDS = st.integers(0, 2**32 - 1)
EXAMPLES = int(os.environ.get("FIELDKIT_MACHINES", "28" if TORTURE else "1"))


class Fieldwork:
    """A day that Ben has worked and Ada's laptop has taken in; copied for each trial."""

    def __init__(self, folder: Path) -> None:
        self.team = make_team(folder / "team", pq=False)
        with self.team.laptop("ben") as ben, self.team.laptop("ada") as ada:
            day = Day(ben, folder / "imported")
            day.live()
            self.inspection, self.named = day.inspection, day.cases
            stick = folder / "stick"
            stick.mkdir()
            with self.team.central() as central:
                roster = central.roster()[1]
            Malicious(ben, roster).send(ada, stick)


class HostileMachine(RuleBasedStateMachine):
    """What Ada's program signs, and what Ben, who is honest, does in between."""

    made: ClassVar[Fieldwork]
    url: ClassVar[str] = ""
    thrown: ClassVar[Counter[str]] = Counter()

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hostile-"))
        self.team: Team = self.made.team.copy(self.folder / "team")
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        self.ben, self.ada = self.team.laptop("ben"), self.team.laptop("ada")
        self.central = self._central()
        self.inventor = Inventor(Malicious(self.ada, self.central.roster()[1]))
        self.inventor.learn()
        self.before = rows(self.ben)
        self.alarms: list[str] = []
        self.merges = 0
        self.throw(seed, FIRST_BURST, "")

    def _central(self) -> Central:
        return self.team.central()

    @rule(seed=SEEDS, count=st.integers(1, BURST), kind=st.sampled_from(("", *KINDS)))
    def throw(self, seed: int, count: int, kind: str) -> None:
        """Sign ops of one kind, or of all."""
        self.inventor.throw(seed, count, (kind,) if kind else tuple(KINDS))

    @rule()
    def meet(self) -> None:
        """Ben takes in what Ada has; his tables are what a replay makes."""
        self.merges += 1
        with looking.bounded("merging"):
            try:
                self.alarms += self.inventor.ada.send(self.ben, self.stick).notes
            except BundleError as error:
                raise AssertionError(f"the whole bundle was refused: {error}") from error

    @invariant()
    def count(self) -> None:
        """Know how much was thrown by all machines together."""
        if hasattr(self, "inventor"):
            self.thrown.update(self.inventor.written)
            self.inventor.written.clear()

    def teardown(self) -> None:
        """Look at everything, go on working, and let central read it."""
        if not hasattr(self, "inventor"):
            return
        try:
            self._look()
        finally:
            for one in (self.ben, self.ada, self.central):
                one.lock()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _look(self) -> None:
        self.meet()
        accounted(self.ben, self.before, self.alarms)
        in_place(self.ben, self.before)
        inspection, named = self.made.inspection, self.made.named
        looking.reopen(self.ben, inspection)
        looking.every_history(self.ben)
        looking.every_command(self.ben, inspection, list(named.values()))
        looking.goes_on(self.ben, self.ada, inspection, self.stick, self.merges)
        looking.central_reads(self.central, self.inventor.ada, self.ben, inspection, self.stick)
        # The app locks the vault when it is left; what was written is there when it is unlocked.
        asyncio.run(looking.every_page(self.ben, inspection, arguments(named)))
        self.ben = self.team.laptop("ben")
        assert sound(self.ben)


def arguments(named: dict[str, str]) -> dict[str, dict[str, str]]:
    """What pages of one record are opened with."""
    return {
        "case": {"case_id": named["one"]},
        "entry": {"kind": "case", "record": named["one"]},
        "history": {"kind": "note", "record": named["note"], "title": "a note"},
    }


@pytest.fixture(scope="module")
def fieldwork(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fieldwork]:
    """The day, made once; keys are taken from where their making left them."""
    with pytest.MonkeyPatch.context() as patch:
        watch_keys(patch, threads=True)
        yield Fieldwork(tmp_path_factory.mktemp("fieldwork"))


def _run(machine: type[HostileMachine], examples: int) -> int:
    """Run machines; returns how many ops were thrown."""
    machine.thrown = Counter()
    phases = tuple(Phase) if TORTURE else (Phase.explicit, Phase.generate)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples, stateful_step_count=STEPS, phases=phases),
    )
    print(f"{machine.thrown.total()} ops thrown, of {len(machine.thrown)} kinds and verbs")
    return machine.thrown.total()


def test_ops_of_every_kind_make_nothing_fail_hang_or_change_unsaid(fieldwork: Fieldwork) -> None:
    class Machine(HostileMachine):
        made = fieldwork

    assert _run(Machine, EXAMPLES) > 100


def test_central_on_a_database_reads_them_too(fieldwork: Fieldwork, postgres: Cluster) -> None:
    class Machine(HostileMachine):
        made = fieldwork

        def _central(self) -> Central:
            folder, url = self.team.folder / "central", postgres.url()
            Central.upgrade(folder, PASSPHRASE, url)
            return Central.open(folder, PASSPHRASE, url=url)

        def _look(self) -> None:
            self.meet()
            inspection, ben = self.made.inspection, self.ben
            looking.reopen(ben, inspection)
            looking.central_reads(self.central, self.inventor.ada, ben, inspection, self.stick)

    assert _run(Machine, max(EXAMPLES // 10, 1)) > 0
