"""A PostgreSQL of one's own, and central on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.cluster import Cluster
from storage.central import Central
from tests.storage.central.offices import Office, office_on
from tests.storage.travelling import PASSPHRASE, Team


@pytest.fixture
def office(team: Team, postgres: Cluster, tmp_path: Path) -> Iterator[Office]:
    """Central with its feeds on PostgreSQL, and Ada's laptop, open."""
    with office_on(team, postgres.url(), tmp_path) as made:
        yield made


@pytest.fixture(params=("file", "postgres"))
def central(request: pytest.FixtureRequest, team: Team) -> Iterator[Central]:
    """Central on each kind of store."""
    url = ""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").url()
        Central.upgrade(team.folder / "central", PASSPHRASE, url)
    with Central.open(team.folder / "central", PASSPHRASE, url=url) as made:
        yield made
