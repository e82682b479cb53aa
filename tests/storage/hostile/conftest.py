"""An honest laptop, a malicious one, and central on both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.cluster import Cluster
from storage.central import Central
from tests.storage.hostile.readers import Stand
from tests.storage.travelling import PASSPHRASE, Team, make_team, work


@pytest.fixture(scope="session")
def made_worked(tmp_path_factory: pytest.TempPathFactory) -> Team:
    """A team, of which Ben has worked."""
    team = make_team(tmp_path_factory.mktemp("worked") / "team", pq=False)
    with team.laptop("ben") as ben:
        ben.write_now(work)
    return team


@pytest.fixture
def stand(made_worked: Team, tmp_path: Path) -> Iterator[Stand]:
    """Ben's laptop, honest, and Ada's, whose program was changed; central on its own folder."""
    team = made_worked.copy(tmp_path / "team")
    with team.central() as central, team.laptop("ben") as ben, team.laptop("ada") as ada:
        yield Stand(ben, ada, {"file": central}, tmp_path / "stick")


@pytest.fixture
def stands(made_worked: Team, postgres: Cluster, tmp_path: Path) -> Iterator[Stand]:
    """The same with both kinds of central, of one key."""
    team, other = (made_worked.copy(tmp_path / name) for name in ("team", "other"))
    url = postgres.url()
    Central.upgrade(other.folder / "central", PASSPHRASE, url)
    with ExitStack() as stack:
        central = stack.enter_context(team.central())
        on_database = Central.open(other.folder / "central", PASSPHRASE, url=url)
        stack.enter_context(on_database)
        ben, ada = (stack.enter_context(team.laptop(name)) for name in ("ben", "ada"))
        centrals = {"file": central, "postgres": on_database}
        yield Stand(ben, ada, centrals, tmp_path / "stick")
