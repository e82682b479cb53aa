"""A team ready to work, made once and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.cluster import Cluster, NoPostgresError, cluster
from storage.central import Central
from storage.trust.roster import Roster
from storage.vault.vault import Vault
from tests.storage.travelling import Team, make_team, work


@dataclass
class Desk:
    """Central and Ada's laptop, open, and a folder that carries files between them."""

    team: Team
    central: Central
    ada: Vault
    stick: Path

    @property
    def roster(self) -> Roster:
        return self.central.roster()[1]

    def ops(self) -> int:
        return self.central.report().ops


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Team:
    return make_team(tmp_path_factory.mktemp("made") / "team")


@pytest.fixture
def team(made_once: Team, tmp_path: Path) -> Team:
    return made_once.copy(tmp_path / "team")


@pytest.fixture
def desk(team: Team, tmp_path: Path) -> Iterator[Desk]:
    stick = tmp_path / "stick"
    stick.mkdir()
    with team.central() as central, team.laptop("ada") as ada:
        yield Desk(team, central, ada, stick)


@pytest.fixture(scope="module")
def shared(made_once: Team, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with a day's work on the laptop, for tests that only verify: nothing is taken in."""
    folder = tmp_path_factory.mktemp("shared")
    team = made_once.copy(folder / "team")
    (folder / "stick").mkdir()
    with team.central() as central, team.laptop("ada") as ada:
        ada.write_now(work)
        yield Desk(team, central, ada, folder / "stick")
        assert central.report().ops == 0


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A server that lasts as long as the tests of this process."""
    try:
        with cluster() as made:
            yield made
    except NoPostgresError as error:
        pytest.skip(str(error))
